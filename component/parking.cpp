#include "component/parking.hpp"

#include "component/log.hpp"
#include "jingle/call/xmpp_leg.hpp"

namespace component {

using jingle::call::Request;
using jingle::call::Say;

void Parking::take(const jingle::call::Done& done, jingle::call::Calls& calls, jingle::call::Turn& turn)
{
    const auto& call = *done.call;
    const auto& leg = call.leg(leg_of(done.output));
    if (!begins_call(done.output)) {
        const auto size = stanzas_.size();
        jingle::call::append_stanza(stanzas_, call, done.output, turn.arena);
        if (stanzas_.size() <= max_bytes)
            return;
        stanzas_.resize(size);
        const auto id = call.id().to_string();
        log::warning(log::Call{ id }, "the server is away and too much waits for it: a stanza is lost");
    } else if (const auto* request = std::get_if<Request>(&done.output)) {
        calls.reply(
            leg.peer,
            { call.id(), request->leg, request->jingle->action, request->answered, request->original },
            xmpp::errors::service_unavailable, turn);
    } else {
        calls.bounced(leg.own, leg.peer, leg.sid, turn);
    }
}

void Parking::keep(std::string_view stanzas)
{
    if (stanzas_.size() + stanzas.size() <= max_bytes)
        stanzas_ += stanzas;
    else
        log::warning(log::no_call, "the server is away and too much waits for it: stanzas are lost");
}

bool begins_call(const jingle::call::Output& output)
{
    if (const auto* say = std::get_if<Say>(&output))
        return say->message.kind == jingle::MessageKind::propose;
    const auto* request = std::get_if<Request>(&output);
    return request != nullptr && request->jingle->action == jingle::Action::session_initiate;
}

jingle::call::LegIndex leg_of(const jingle::call::Output& output)
{
    return std::visit([](const auto& each) { return each.leg; }, output);
}

}  // namespace component
