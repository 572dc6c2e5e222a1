#pragma once

#include <memory>
#include <type_traits>

#include <expat.h>

namespace xmpp {

struct FreeParser {
    void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
};
using ParserPtr = std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser>;

/// A parser for UTF-8, whatever the declaration says (RFC 6120, 11.6), that delivers each element when it is
/// complete: since 2.6, and in Debian's 2.5, expat holds back what it has until more bytes arrive.
[[nodiscard]] inline ParserPtr make_parser(void* user)
{
    ParserPtr parser{ XML_ParserCreate("UTF-8") };
    if (!parser)
        throw std::bad_alloc{};
    XML_SetUserData(parser.get(), user);
#ifdef EXPAT_DEFERS_REPARSING
    XML_SetReparseDeferralEnabled(parser.get(), XML_FALSE);
#endif
    return parser;
}

}  // namespace xmpp
