#include "jingle/call/web_leg_sdp.hpp"

#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"

namespace jingle::call {

PageError sdp_error(const base::Error& error)
{
    const auto code
        = error.code == base::Errc::too_long ? PageError::Code::too_large : PageError::Code::bad_sdp;
    return { code, error.what, error.line };
}

base::Result<sdp::Description> read_sdp(const std::string& text, base::Arena& arena)
{
    if (text.size() > sdp::max_bytes)
        return base::fail(base::Errc::too_long, "SDP");
    return sdp::Description::parse(arena.copy(text), arena);
}

base::Result<Jingle> copy(const Jingle& request, base::Arena& arena)
{
    std::string xml;
    xmpp::Writer writer{ xml, xmpp::ns::component };
    request.write(writer);
    TRY(const auto* element, xmpp::parse_document(arena.copy(xml), arena));
    return Jingle::from_element(*element, arena);
}

}  // namespace jingle::call
