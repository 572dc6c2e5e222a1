#include "component/lone_stream.hpp"

#include "component/stream.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reply.hpp"
#include "xmpp/writer.hpp"

namespace component {
namespace {

constexpr std::string_view stream_end = "</stream:stream>";

}  // namespace

LoneStream::LoneStream(std::string secret, std::string stream_id)
    : secret_{ std::move(secret) }
    , id_{ std::move(stream_id) }
    , reader_{ *this }
{
}

bool LoneStream::feed(std::string_view bytes)
{
    if (!over_ && !reader_.feed(bytes)) {
        out_ += stream_end;
        over_ = true;
    }
    return !over_;
}

void LoneStream::on_stream_open(const xmpp::Element& header)
{
    out_ += "<?xml version='1.0'?><stream:stream xmlns='";
    out_.append(xmpp::ns::component).append("' xmlns:stream='").append(xmpp::ns::streams).append("' from='");
    xmpp::append_escaped(out_, header.attribute_or_empty("to"));
    out_.append("' id='").append(id_).append("'>");
}

void LoneStream::on_stanza(xmpp::Element& stanza)
{
    if (!authenticated_) {
        authenticated_ = stanza.name == "handshake" && stanza.text == handshake_digest(id_, secret_);
        over_ = !authenticated_;
        if (authenticated_)
            out_ += "<handshake/>";
        else
            out_.append("<stream:error><not-authorized xmlns='")
                .append(xmpp::ns::stream_errors)
                .append("'/></stream:error></stream:stream>");
        return;
    }
    const auto type = stanza.attribute_or_empty("type");
    const bool is_question = stanza.name == "iq" && (type == "get" || type == "set");
    const bool is_said = stanza.name == "message" && type != "error";
    xmpp::Writer writer{ out_, xmpp::ns::component };
    if (is_question && stanza.child("ping", xmpp::ns::ping) != nullptr)
        writer.element(*xmpp::make_result(stanza, arena_));
    else if (is_question || is_said)
        if (const auto* error = xmpp::make_error(stanza, xmpp::errors::service_unavailable, arena_))
            writer.element(*error);
    arena_.reset();
}

void LoneStream::on_skipped(const xmpp::Element&, xmpp::SkipReason) { }

void LoneStream::on_stream_close()
{
    out_ += stream_end;
    over_ = true;
}

}  // namespace component
