#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "xmpp/copy.hpp"

namespace xmpp {

/// Appends to a string through plain copies. While it writes the string may be longer than its text: trim()
/// makes it fit, and sync() starts at its end anew when somebody else has written to it. Internal to the
/// writer.
class Cursor {
public:
    explicit Cursor(std::string& out)
        : out_{ out }
        , at_{ out.size() }
    {
    }

    void sync() noexcept { at_ = out_.size(); }
    void trim() { out_.resize(at_); }

    template <class... Pieces>
    void put(const Pieces&... pieces)
    {
        need((view(pieces).size() + ...));
        auto* to = end();
        ((copy_short(to, view(pieces).data(), view(pieces).size()), to += view(pieces).size()), ...);
        move_to(to);
    }

    void put_escaped(std::string_view text);
    void put_attribute(std::string_view name, std::string_view value);
    void put_number(std::string_view name, unsigned long long value);

private:
    /// Escaped at a time, so that little is reserved for what is rarely needed.
    static constexpr std::size_t piece = 256;
    static constexpr std::size_t longest_reference = 6;
    static constexpr std::size_t around_attribute = std::string_view{ " =''" }.size();

    static constexpr std::string_view view(std::string_view text) { return text; }
    /// A literal, whose length is known.
    template <std::size_t N>
    static constexpr std::string_view view(const char (&text)[N])
    {
        return { text, N - 1 };
    }

    [[gnu::always_inline]] void need(std::size_t count)
    {
        if (out_.size() - at_ < count) [[unlikely]]
            grow(count);
    }
    void grow(std::size_t count);
    // Who writes goes by a pointer of his own: characters might alias the members.
    [[nodiscard]] char* end() { return out_.data() + at_; }
    void move_to(const char* end) { at_ = static_cast<std::size_t>(end - out_.data()); }

    std::string& out_;
    std::size_t at_;
};

}  // namespace xmpp
