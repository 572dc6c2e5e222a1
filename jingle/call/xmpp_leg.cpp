#include "jingle/call/xmpp_leg.hpp"

#include "jingle/call/nick.hpp"
#include "jingle/call_invite.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/writer.hpp"

namespace jingle::call {
namespace {

/// Opens a stanza as the stricter of both servers wants it: always from, to, id, type, and no xmlns.
void open(xmpp::Writer& writer, std::string_view name, const Leg& leg, std::string_view id,
          std::string_view type, std::string_view device = {})
{
    writer.open(name)
        .attribute("from", leg.own.full())
        .attribute("to", device.empty() ? std::string_view{ leg.peer.full() } : device)
        .attribute("id", id)
        .attribute("type", type);
}

/// The parties as this leg knows them (XEP-0166, 7.1: initiator and responder are full JIDs of the session).
std::string_view initiator_of(LegIndex index, const Leg& leg)
{
    return index == caller_leg ? leg.peer.full() : leg.own.full();
}

std::string_view responder_of(LegIndex index, const Leg& leg)
{
    return index == caller_leg ? leg.own.full() : leg.peer.full();
}

/// The same request in the words of this leg. An attribute that names a party is never passed on as it is: it
/// would name somebody this leg's peer does not know.
Jingle rewrite(const Jingle& jingle, LegIndex index, const Leg& leg)
{
    auto rewritten = jingle;
    rewritten.sid = leg.sid;
    if (jingle.initiator || jingle.action == Action::session_initiate)
        rewritten.initiator = initiator_of(index, leg);
    if (jingle.responder || jingle.action == Action::session_accept)
        rewritten.responder = responder_of(index, leg);
    return rewritten;
}

struct Appender {
    std::string& out;
    const Call& call;
    base::Arena& arena;

    void append_error(xmpp::Writer& writer, const xmpp::StanzaError& error) const
    {
        auto* holder = xmpp::Element::create(arena, "iq", xmpp::ns::component);
        error.append_to(*holder, arena);
        writer.element(*holder->first_child());
    }

    void operator()(const Answer& answer) const
    {
        const auto& leg = call.leg(answer.leg);
        xmpp::Writer writer{ out, xmpp::ns::component };
        open(writer, "iq", leg, answer.id, answer.error ? "error" : "result");
        if (answer.error)
            append_error(writer, *answer.error);
        writer.close();
    }

    void operator()(const Request& request) const
    {
        const auto& leg = call.leg(request.leg);
        auto jingle = rewrite(*request.jingle, request.leg, leg);
        if (jingle.action == Action::session_initiate)
            jingle.extra = with_nick(jingle.extra, nick_in(jingle.extra), arena);
        const ReturnPath path{ call.id(), request.leg, jingle.action, request.answered, request.original };
        xmpp::Writer writer{ out, xmpp::ns::component };
        open(writer, "iq", leg, path.to_id(arena), "set");
        jingle.write(writer);
        writer.close();
    }

    /// XEP-0482 has fewer words: that it rings is not said.
    void say_of_invite(const Invite& invite, const Message& message, const Leg& leg) const
    {
        const auto kind = invite_kind(message.kind);
        if (!kind)
            return;
        CallInvite said{ .kind = *kind, .id = invite.id, .audio = {}, .video = {}, .jingle = {} };
        if (*kind == InviteKind::accept) {
            said.jingle = JingleMethod{ leg.sid, {} };
            if (invite.names_jid)
                said.jingle->jid = leg.peer.full();
        }
        xmpp::Writer writer{ out, xmpp::ns::component };
        open(writer, "message", leg, arena.concat(base::find_token(invite_rows, *kind), ".", leg.sid), "chat",
             invite.from.full());
        said.write(writer);
        writer.open("store", xmpp::ns::hints).close();
        writer.close();
    }

    void operator()(const Say& say) const
    {
        const auto& leg = call.leg(say.leg);
        if (say.leg == caller_leg && call.invite() != nullptr)
            return say_of_invite(*call.invite(), say.message, leg);
        auto message = say.message;
        message.id = leg.sid;
        const auto nick = nick_in(message.extra);
        message.extra = with_nick(message.extra, {}, arena);
        xmpp::Writer writer{ out, xmpp::ns::component };
        const auto id = message.kind == MessageKind::propose
            ? arena.concat(propose_id_prefix, leg.sid)
            : arena.concat(base::find_token(message_rows, message.kind), ".", leg.sid);
        open(writer, "message", leg, id, "chat", say.device);
        message.write(writer);
        if (!nick.empty())
            writer.open("nick", xmpp::ns::nick).text(nick).close();
        // XEP-0353, 5: so that the archives of both sides show the call.
        writer.open("store", xmpp::ns::hints).close();
        writer.close();
    }

    void operator()(const Refuse& refuse) const
    {
        const auto& leg = call.leg(refuse.leg);
        xmpp::Writer writer{ out, xmpp::ns::component };
        open(writer, "message", leg, refuse.id, "error",
             call.invite() != nullptr ? call.invite()->from.full() : std::string_view{});
        append_error(writer, refuse.error);
        writer.close();
    }

    void operator()(const Bound&) const { }
    void operator()(const Noted&) const { }
};

}  // namespace

void append_stanza(std::string& out, const Call& call, const Output& output, base::Arena& arena)
{
    std::visit(Appender{ out, call, arena }, output);
}

}  // namespace jingle::call
