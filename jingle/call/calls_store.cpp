// A call of the set as bytes: version 1 is an 'E', the version, what the set knows of the call, the call.
#include "jingle/call/bytes.hpp"
#include "jingle/call/calls.hpp"
#include "roster/contact.hpp"

namespace jingle::call {
namespace {

constexpr std::string_view head{ "E\1", 2 };
constexpr std::size_t max_call = std::size_t{ 8 } * 1024 * 1024;

}  // namespace

std::string Calls::write(const Call& call, const Moment& moment) const
{
    const auto& entry = calls_.at(call.id());
    BytesOut out{ head };
    for (const bool flag : { entry.audio, entry.video, entry.answered })
        out.token(flag);
    out.text(call.write(moment));
    return std::move(out.bytes);
}

void Calls::reserve(std::size_t calls)
{
    calls_.reserve(calls);
    pairs_.reserve(calls);
    live_calls_.reserve(calls);
    legs_.reserve(2 * calls);
    sessions_.reserve(2 * calls);
    peers_.reserve(2 * calls);
}

base::Result<const Call*> Calls::restore(std::string_view bytes, const Moment& moment)
{
    BytesIn in{ bytes, head };
    const bool audio = in.flag();
    const bool video = in.flag();
    const bool answered = in.flag();
    const auto written = in.view(max_call);
    if (!in.is_at_end())
        return base::fail(base::Errc::malformed, "a call of the set");
    TRY(auto call, Call::read(written, settings_, moment));
    if (calls_.contains(call.id()))
        return base::fail(base::Errc::duplicate, "a call of the set");
    call.ask_at(moment.steady + settings_->timeouts.ping_interval);
    (void)call.take_changed();
    const auto& caller = call.leg(caller_leg);
    const auto contact = roster::contact_of(caller.own);
    const auto id = call.id();
    const auto pair = pair_of(contact ? contact->user : caller.own, caller.peer);
    auto& entry = calls_.try_emplace(id, Entry{ std::move(call), pair }).first->second;
    entry.audio = audio;
    entry.video = video;
    entry.answered = answered;
    entry.live = !entry.call.is_ended();
    index(entry);
    keep_deadline(entry);
    if (entry.live)
        directory_.started(invitation_of(entry));
    return &entry.call;
}

}  // namespace jingle::call
