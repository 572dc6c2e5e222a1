#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "xmpp/tree_builder.hpp"

namespace xmpp {

/// Reads an element in the plain XML that programs write to each other, several times faster than expat: the
/// five entities, no declaration, comment, instruction, CDATA or character reference, names in ASCII, one
/// form of each tag. It judges nothing: what is not plain, malformed or over a limit it leaves to expat,
/// whose word on errors and on everything unusual stands. tests/fuzz/document.cpp holds the two against each
/// other.
class PlainScanner {
public:
    /// `builder` may take texts as lasting as the bytes that are scanned.
    explicit PlainScanner(TreeBuilder& builder)
        : builder_{ builder }
    {
    }

    /// `cut_short`: plain as far as it goes, and expat would find no mistake in it either.
    enum class Outcome { whole, cut_short, not_plain };

    /// Reads the element at `at`, decoding in place, up to `end` at most, where a NUL has to stand. When it
    /// is whole `at` is behind it; otherwise the builder is left within it.
    [[nodiscard]] Outcome read(char*& at, const char* end);
    /// Where blanks end that `at` may be at; a carriage return is none, since expat turns it into a line
    /// feed.
    [[nodiscard]] static char* skip_blanks(char* at) noexcept;
    /// What was read last.
    [[nodiscard]] Element* root() const noexcept { return root_; }

private:
    bool tag();
    bool start_tag();
    bool end_tag();
    bool attributes();
    bool attribute();
    bool value_rest(char quote);
    bool text();
    bool entity(char*& out);
    bool text_beyond_ascii(const char* start);
    std::string_view name();
    bool has_duplicate() const noexcept;
    bool stop() noexcept;

    TreeBuilder& builder_;
    char* at_ = nullptr;
    const char* end_ = nullptr;
    Element* root_ = nullptr;
    bool is_cut_short_ = false;
    bool is_ascii_ = true;
    std::vector<std::string_view> open_;  ///< names as they were written
    std::vector<const char*> attributes_;  ///< of the tag that is read: name, value, …, null
};

}  // namespace xmpp
