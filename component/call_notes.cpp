#include "component/call_notes.hpp"

#include "component/log.hpp"
#include "jingle/call/call.hpp"
#include "jingle/media_kinds.hpp"

namespace component {

using jingle::call::Call;
using jingle::call::caller_leg;
using jingle::call::LegIndex;
using jingle::call::Noted;
using jingle::call::Request;
using jingle::call::Say;
using jingle::call::Step;

namespace {

std::string_view token(jingle::Condition reason)
{
    return base::find_token(jingle::condition_rows, reason);
}

/// A call is three lines at info: who calls whom, connected, how it ended. The steps between are for who
/// looks closer.
void write_log(const Call& call, const Noted& noted)
{
    const bool is_milestone
        = noted.step == Step::started || noted.step == Step::accepted || noted.step == Step::ended;
    if (!log::enabled(is_milestone ? LogLevel::info : LogLevel::debug))
        return;
    const auto id = call.id().to_string();
    const log::Call where{ id };
    const auto& caller = call.leg(caller_leg).peer;
    const auto& callee = call.leg(noted.leg == caller_leg ? call.callee() : noted.leg).peer;
    switch (noted.step) {
    case Step::started: return log::info(where, "{} calls {} ({})", caller.full(), callee.full(), noted.rule);
    case Step::ringing: return log::debug(where, "{} rings", callee.bare());
    case Step::proceeded: return log::debug(where, "{} takes it up", callee.full());
    case Step::initiated: return log::debug(where, "offered to {}", callee.full());
    case Step::accepted: return log::info(where, "{} and {} are connected", caller.full(), callee.full());
    case Step::refused: return log::debug(where, "{} refuses: {}", callee.full(), token(noted.reason));
    case Step::gone:
        return log::debug(where, "{} {}", callee.full(),
                          noted.reason == jingle::Condition::timeout ? "does not answer" : "is gone");
    case Step::stopped: return log::debug(where, "{} stops ringing: {}", callee.full(), token(noted.reason));
    case Step::ended: return log::info(where, "ended: {}", token(noted.reason));
    }
}

RecordStep record_step(Step step)
{
    switch (step) {
    case Step::started: return RecordStep::started;
    case Step::ringing: return RecordStep::ringing;
    case Step::proceeded: return RecordStep::proceeded;
    case Step::initiated: return RecordStep::initiated;
    case Step::accepted: return RecordStep::accepted;
    case Step::refused: return RecordStep::refused;
    case Step::gone: return RecordStep::gone;
    case Step::stopped: return RecordStep::stopped;
    case Step::ended: return RecordStep::ended;
    }
    return RecordStep::ended;
}

CandidateKinds kinds_in(const jingle::Jingle& request)
{
    CandidateKinds kinds;
    for (const auto& content : request.contents) {
        const auto* transport = content.ice();
        if (transport == nullptr)
            continue;
        for (const auto& candidate : transport->candidates) {
            const auto type = candidate.type.value_or("host");  // XEP-0176: absent in the oldest clients
            kinds.host |= type == "host";
            kinds.relay |= type == "relay";
            kinds.srflx |= type == "srflx" || type == "prflx";
        }
    }
    return kinds;
}

}  // namespace

void CallNotes::take(const Call& call, const jingle::call::Output& output, WallTime now)
{
    if (const auto* noted = std::get_if<Noted>(&output)) {
        record(call, *noted, now);
        write_log(call, *noted);
    } else if (const auto* request = std::get_if<Request>(&output)) {
        record_offer(call, *request, now);
    } else if (const auto* say = std::get_if<Say>(&output);
               say != nullptr && say->message.kind == jingle::MessageKind::propose) {
        record_tried(call, say->leg, jingle::media_kinds(say->message), now);
    }
}

void CallNotes::take(const jingle::call::NotLetIn& refusal, WallTime now)
{
    if (recorder_.note(refusal, now))
        log::info(log::Call{ refusal.id.to_string() }, "{} may not call {} ({})", refusal.caller,
                  refusal.callee, refusal.rule);
}

void CallNotes::take_up(const Call& call, WallTime now)
{
    const auto& callee = call.leg(call.callee());
    if (!call.is_ended())
        recorder_.note({ .call = call.id().bytes, .at = now, .step = RecordStep::resumed });
    if (call.state() == jingle::call::State::active)
        recorder_.note({ .call = call.id().bytes,
                         .at = now,
                         .step = RecordStep::accepted,
                         .leg = call.callee(),
                         .address = callee.peer.full() });
    if (call.is_ended())
        recorder_.note({ .call = call.id().bytes,
                         .at = now,
                         .step = RecordStep::ended,
                         .reason = token(callee.outcome) });
}

void CallNotes::give_up(const CallKey& call, WallTime now)
{
    recorder_.note({ .call = call, .at = now, .step = RecordStep::ended, .reason = interrupted });
}

void CallNotes::record(const Call& call, const Noted& noted, WallTime now)
{
    const auto& leg = call.leg(noted.leg);
    recorder_.note({ .call = call.id().bytes,
                     .at = now,
                     .step = record_step(noted.step),
                     .leg = noted.leg,
                     .address = leg.peer.full(),
                     .callee = call.leg(caller_leg).own.full(),
                     .sid = leg.sid,
                     .reason = token(noted.reason),
                     .rule = noted.rule });
}

void CallNotes::record_tried(const Call& call, LegIndex leg, jingle::MediaKinds media, WallTime now)
{
    if (leg == caller_leg)
        return;
    recorder_.note({ .call = call.id().bytes,
                     .at = now,
                     .step = RecordStep::tried,
                     .leg = leg,
                     .address = call.leg(leg).peer.full(),
                     .audio = media.audio,
                     .video = media.video });
}

/// What goes to one side was offered by the other.
void CallNotes::record_offer(const Call& call, const Request& request, WallTime now)
{
    const auto& jingle = *request.jingle;
    if (jingle.action == jingle::Action::session_initiate)
        record_tried(call, request.leg, jingle::media_kinds(jingle), now);
    const auto kinds = kinds_in(jingle);
    if (kinds != CandidateKinds{})
        recorder_.note_candidates(
            call.id().bytes, request.leg == caller_leg ? unsigned{ call.callee() } : unsigned{ caller_leg },
            kinds);
}

}  // namespace component
