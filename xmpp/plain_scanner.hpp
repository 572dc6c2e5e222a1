#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "xmpp/tree_builder.hpp"

namespace xmpp {

/// Reads a document in the plain XML that programs write to each other, several times faster than expat:
/// ASCII, the five entities, no declaration, comment, instruction, CDATA or character reference, one form of
/// each tag. It judges nothing: what is not plain, malformed or over a limit it leaves to expat, whose word
/// on errors and on everything unusual stands. tests/fuzz/document.cpp holds the two against each other.
class PlainScanner {
public:
    /// `builder` may take texts as lasting: the copy that is scanned lies in the arena.
    PlainScanner(TreeBuilder& builder, base::Arena& arena)
        : builder_{ builder }
        , arena_{ arena }
    {
    }

    /// The root of a plain document; null when expat has to read it. The builder is used up either way.
    [[nodiscard]] Element* read(std::string_view xml);

private:
    bool tag();
    bool start_tag();
    bool end_tag();
    bool attributes();
    bool attribute();
    bool text();
    bool entity(char*& out);
    std::string_view name();
    bool has_duplicate() const noexcept;

    TreeBuilder& builder_;
    base::Arena& arena_;
    char* at_ = nullptr;  ///< in a copy that is decoded in place and ends with a NUL
    Element* root_ = nullptr;
    std::vector<std::string_view> open_;  ///< names as they were written
    std::vector<const char*> attributes_;  ///< of the tag that is read: name, value, …, null
};

}  // namespace xmpp
