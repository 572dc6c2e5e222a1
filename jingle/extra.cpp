#include "jingle/extra.hpp"

#include <algorithm>

namespace jingle {

bool operator==(const Extra& a, const Extra& b)
{
    return a.attributes == b.attributes
        && std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(),
                      [](const xmpp::Element* x, const xmpp::Element* y) { return xmpp::equal(*x, *y); });
}

}  // namespace jingle
