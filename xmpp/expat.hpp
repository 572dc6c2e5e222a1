#pragma once

#include <memory>
#include <type_traits>

#include <expat.h>

namespace xmpp {

struct FreeParser {
    void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
};
using ParserPtr = std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser>;

/// For UTF-8, whatever the declaration says (RFC 6120, 11.6).
[[nodiscard]] inline ParserPtr create_parser()
{
    ParserPtr parser{ XML_ParserCreate("UTF-8") };
    if (!parser)
        throw std::bad_alloc{};
    return parser;
}

/// After its creation and after each reset, which forgets all of it. Since 2.6, and in Debian's 2.5, expat
/// holds back what it has until more bytes arrive; here each element is delivered when it is complete.
inline void prepare_parser(XML_Parser parser, void* user)
{
    XML_SetUserData(parser, user);
    XML_SetEncoding(parser, "UTF-8");
#ifdef EXPAT_DEFERS_REPARSING
    XML_SetReparseDeferralEnabled(parser, XML_FALSE);
#endif
}

[[nodiscard]] inline ParserPtr make_parser(void* user)
{
    auto parser = create_parser();
    prepare_parser(parser.get(), user);
    return parser;
}

}  // namespace xmpp
