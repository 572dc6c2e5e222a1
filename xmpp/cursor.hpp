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
        need((std::string_view{ pieces }.size() + ...));
        (copy(std::string_view{ pieces }), ...);
    }

    void put_escaped(std::string_view text);
    void put_attribute(std::string_view name, std::string_view value);
    void put_number(std::string_view name, unsigned long long value);

private:
    /// Escaped at a time, so that little is reserved for what is rarely needed.
    static constexpr std::size_t piece = 256;
    static constexpr std::size_t longest_reference = 6;
    /// A new string of this length costs little, and a start tag seldom takes more.
    static constexpr std::size_t slack = 512;

    void escape(std::string_view text);
    void need(std::size_t count)
    {
        if (out_.size() - at_ < count)
            out_.resize(at_ + count + slack);
    }
    void copy(std::string_view text)
    {
        copy_short(out_.data() + at_, text.data(), text.size());
        at_ += text.size();
    }

    std::string& out_;
    std::size_t at_;
};

}  // namespace xmpp
