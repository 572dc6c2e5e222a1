#include "jingle/session_info.hpp"

#include "jingle/codec.hpp"
#include "xmpp/ns.hpp"

namespace jingle {
namespace {

bool is_dtmf_code(std::string_view code)
{
    return code.size() == 1
        && std::string_view{ "0123456789ABCD#*" }.find(code.front()) != std::string_view::npos;
}

struct InfoWriter {
    xmpp::Writer& writer;

    void operator()(std::monostate) const { }
    void operator()(const RtpInfo& info) const
    {
        write_element(base::find_token(info_rows, info.kind), xmpp::ns::rtp_info, info, writer);
    }
    void operator()(const Dtmf& dtmf) const { write_element("dtmf", xmpp::ns::dtmf, dtmf, writer); }
    void operator()(const UnknownInfo& info) const { writer.element(*info.element); }
};

}  // namespace

base::Result<SessionInfo> read_info(const xmpp::Element& payload, Reading& reading)
{
    if (payload.ns == xmpp::ns::rtp_info) {
        if (const auto kind = base::find_value(info_rows, payload.name)) {
            RtpInfo info;
            info.kind = *kind;
            TRY_VOID(read(payload, info, reading));
            return SessionInfo{ info };
        }
    }
    if (payload.is("dtmf", xmpp::ns::dtmf)) {
        Dtmf dtmf;
        TRY_VOID(read(payload, dtmf, reading));
        if (!is_dtmf_code(dtmf.code))
            return base::fail(base::Errc::malformed, "code");
        return SessionInfo{ dtmf };
    }
    TRY_VOID(count(payload, reading));
    return SessionInfo{ UnknownInfo{ &payload } };
}

void write(const SessionInfo& info, xmpp::Writer& writer)
{
    std::visit(InfoWriter{ writer }, info);
}

}  // namespace jingle
