#pragma once

#include "base/list.hpp"
#include "xmpp/element.hpp"

namespace jingle {

/// What an element held beside what its table knows, in document order: it goes out again behind what we
/// know. The elements belong to the arena of the stanza they were read from.
struct Extra {
    base::List<xmpp::Attribute> attributes;
    base::List<const xmpp::Element*> children;

    friend bool operator==(const Extra& a, const Extra& b);
};

}  // namespace jingle
