#include "fake_server/load.hpp"

#include <algorithm>
#include <cstdio>
#include <span>

namespace bench {
namespace {

enum class Waits : std::uint8_t { delivery, no };

/// One step of a call: who sends what, by which word the other user knows it, and whether the next step waits
/// until he has it. IQs wait for their result in any case.
struct Step {
    Side sender;
    Kind kind;
    std::string_view word;  ///< Jingle action or JMI element
    Waits waits;
};

constexpr Step trickle(Side sender)
{
    return { sender, Kind::transport_info, "transport-info", Waits::no };
}

constexpr std::array jmi_steps{
    Step{ Side::caller, Kind::propose, "propose", Waits::delivery },
    Step{ Side::callee, Kind::ringing, "ringing", Waits::delivery },
    Step{ Side::callee, Kind::proceed, "proceed", Waits::delivery },
    Step{ Side::caller, Kind::initiate, "session-initiate", Waits::delivery },
    Step{ Side::callee, Kind::info_ringing, "session-info", Waits::no },
    trickle(Side::caller),
    trickle(Side::caller),
    trickle(Side::caller),
    trickle(Side::callee),
    trickle(Side::callee),
    trickle(Side::callee),
    Step{ Side::callee, Kind::accept, "session-accept", Waits::delivery },
    trickle(Side::caller),
    trickle(Side::caller),
    trickle(Side::caller),
    trickle(Side::callee),
    trickle(Side::callee),
    Step{ Side::caller, Kind::terminate, "session-terminate", Waits::delivery },
    Step{ Side::caller, Kind::finish, "finish", Waits::no },
};
constexpr std::size_t direct_start
    = 3;  ///< without JMI the call begins with the initiate and needs no finish

constexpr bool is_message(Kind kind)
{
    return kind == Kind::propose || kind == Kind::ringing || kind == Kind::proceed || kind == Kind::finish;
}

std::size_t index_of(Kind kind)
{
    return static_cast<std::size_t>(kind);
}
std::size_t index_of(Side side)
{
    return static_cast<std::size_t>(side);
}

std::size_t last_step(Flow flow, Until until)
{
    if (until == Until::accepted)
        return static_cast<std::size_t>(std::ranges::find(jmi_steps, Kind::accept, &Step::kind)
                                        - jmi_steps.begin());
    return jmi_steps.size() - (flow == Flow::jmi ? 1 : 2);
}

/// Seven digits, so that all stanzas of a kind have one length.
std::string digits(std::size_t number)
{
    char text[24];
    return { text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%07zu", number)) };
}

std::string user(Side side, std::size_t number)
{
    return side == Side::caller ? "a" + digits(number) + "@a.test/Conversations.4tXe"
                                : "b" + digits(number) + "@b.test/Conversations.4tXe";
}

constexpr std::size_t local_size = 8;

constexpr std::string_view flooder = "mallory@a.test/Conversations.4tXe";

}  // namespace

Load::Load(Flow flow, std::string component, std::size_t pairs, Trickles trickles)
    : flow_(flow)
    , trickles_(trickles)
    , component_(std::move(component))
    , pairs_(pairs)
{
}

void Load::reset_tally()
{
    tally_ = {};
}

/// The users who have not called for longest, unless all are in calls.
std::size_t Load::free_pair()
{
    for (std::size_t tried = 0; calls_.size() >= pairs_ && tried < pairs_; ++tried)
        if (const auto number = next_pair_++ % pairs_; !calls_[number].running)
            return number;
    calls_.emplace_back();
    return calls_.size() - 1;
}

void Load::start_call(Until until, Clock::time_point now)
{
    const auto number = free_pair();
    auto& call = calls_[number];
    call.running = true;
    call.step = flow_ == Flow::jmi ? 0 : direct_start;
    call.last_step = static_cast<std::uint8_t>(last_step(flow_, until));
    // Decision of the address scheme: the bare contact address is any device, a resource is that device.
    call.peer[index_of(Side::caller)] = "b" + digits(number) + "\\40b.test@" + component_
        + (flow_ == Flow::jmi ? "" : "/Conversations.4tXe");
    call.sid[index_of(Side::caller)]
        = "b5f0c1a2-7d3e-49" + digits(number) + (call.round == 0 ? "" : "-" + std::to_string(call.round));
    ++call.round;
    ++running_;
    send_step(number, call, now);
}

void Load::flood(std::size_t proposes)
{
    for (; proposes > 0; --proposes) {
        const auto id = "Kx2Qw9aPzR7bLm" + digits(flooded_++) + "-99";
        send(Kind::propose,
             { .from = flooder,
               .to = "victim\\40b.test@" + component_,
               .self = flooder,
               .id = id,
               .sid = id,
               .step = "99" });
    }
}

void Load::send(Kind kind, const Blanks& blanks)
{
    const auto before = output_.size();
    templates_[index_of(kind)].append(output_, blanks);
    ++tally_.stanzas_in;
    tally_.bytes_in += output_.size() - before;
    tally_.sizes.push_back(static_cast<std::uint16_t>(output_.size() - before));
}

void Load::send_step(std::size_t number, Call& call, Clock::time_point now)
{
    const auto& step = jmi_steps[call.step];
    call.acknowledged = is_message(step.kind);
    call.delivered = step.waits == Waits::no;
    call.sent = now;
    if (step.kind != Kind::finish)
        ++tally_.owed;

    const auto self = user(step.sender, number);
    const auto id = "Kx2Qw9aPzR7bLm" + digits(number) + "-" + std::to_string(10 + call.step);
    send(step.kind,
         { .from = self,
           .to = call.peer[index_of(step.sender)],
           .self = self,
           .id = id,
           .sid = call.sid[index_of(step.sender)],
           .step = std::string_view{ id }.substr(id.size() - 2) });
}

void Load::advance(std::size_t number, Call& call, Clock::time_point now)
{
    if (!call.acknowledged || !call.delivered)
        return;
    const bool finishes = jmi_steps[call.step].kind == Kind::terminate && call.step < call.last_step;
    if (finishes) {  // A component may keep the finish to itself: nothing waits for it.
        ++call.step;
        send_step(number, call, now);
    }
    if (call.step < call.last_step) {
        do
            ++call.step;
        while (trickles_ == Trickles::no && jmi_steps[call.step].kind == Kind::transport_info);
        send_step(number, call, now);
        return;
    }
    call.acknowledged = false;
    call.running = false;
    --running_;
    ++tally_.calls_done;
}

Load::Target Load::find(std::string_view address)
{
    if (address.size() <= local_size || address[local_size] != '@'
        || (address[0] != 'a' && address[0] != 'b'))
        return {};
    std::size_t number = 0;
    for (const char c : address.substr(1, local_size - 1))
        number = number * 10 + static_cast<std::size_t>(c - '0');
    if (number >= calls_.size())
        return {};
    return { &calls_[number], number, address[0] == 'a' ? Side::caller : Side::callee };
}

void Load::record_error(const Envelope& stanza)
{
    ++tally_.errors;
    if (tally_.samples.size() < 3)
        tally_.samples.emplace_back(stanza.text.substr(0, 600));
}

/// Pings and disco of the component's own get what any server or client would say.
void Load::answer(const Envelope& stanza)
{
    ++tally_.extra;
    const bool disco = stanza.child_xmlns == "http://jabber.org/protocol/disco#info";
    if (stanza.type == "get")
        send(disco ? Kind::disco_result : Kind::result,
             { .from = stanza.to, .to = stanza.from, .id = stanza.id });
}

void Load::take(const Envelope& stanza, Clock::time_point now)
{
    ++tally_.stanzas_out;
    tally_.bytes_out += stanza.text.size();
    const auto target = find(stanza.to);
    if (stanza.type == "error" && stanza.to == flooder)
        ++tally_.refused;
    else if (stanza.type == "error" && is_turned_away(target, stanza))
        turn_away(*target.call);
    else if (stanza.type == "error")
        record_error(stanza);
    else if (stanza.name == "iq" && stanza.type == "set" && stanza.child == "jingle"
             && target.call != nullptr)
        take_request(target, stanza, now);
    else if (stanza.name == "iq" && stanza.type == "result" && target.call != nullptr)
        take_result(target, stanza, now);
    else if (stanza.name == "message" && stanza.child_xmlns == "urn:xmpp:jingle-message:0"
             && target.call != nullptr)
        deliver(target, stanza.child, stanza, now);
    else if (stanza.name == "presence" || stanza.name == "message" || stanza.type == "get")
        answer(stanza);
    else
        record_error(stanza);
}

/// A component may ask for patience while it is behind (RFC 6120, 8.3.3.18), but not in a call that it let
/// begin.
bool Load::is_turned_away(const Target& target, const Envelope& stanza) const
{
    const auto first = flow_ == Flow::jmi ? 0 : direct_start;
    return target.call != nullptr && target.side == Side::caller && target.call->running
        && target.call->step == first && !target.call->delivered
        && stanza.text.find("<resource-constraint") != std::string_view::npos;
}

void Load::turn_away(Call& call)
{
    call.acknowledged = false;
    call.running = false;
    --running_;
    --tally_.owed;
    ++tally_.turned_away;
    ++tally_.calls_done;
}

void Load::take_request(const Target& target, const Envelope& stanza, Clock::time_point now)
{
    send(Kind::result, { .from = stanza.to, .to = stanza.from, .id = stanza.id });
    // Asked by the component whether he is still there: that is no word of the other side's.
    if (stanza.action == "session-info" && stanza.text.find("<ringing") == std::string_view::npos)
        return;
    deliver(target, stanza.action, stanza, now);
}

void Load::deliver(const Target& target, std::string_view word, const Envelope& stanza, Clock::time_point now)
{
    auto& call = *target.call;
    call.peer[index_of(target.side)] = stanza.from;
    call.sid[index_of(target.side)] = stanza.name == "message" ? stanza.child_id : stanza.sid;
    if (word == "finish")
        return;
    ++tally_.relayed;
    const auto& step = jmi_steps[call.step];
    if (step.sender == target.side || step.word != word)
        return;  // The acknowledgement came first and the call has gone on.
    tally_.latency_us.push_back(std::chrono::duration<float, std::micro>(now - call.sent).count());
    call.delivered = true;
    if (step.waits == Waits::delivery)
        advance(target.number, call, now);
}

void Load::take_result(const Target& target, const Envelope& stanza, Clock::time_point now)
{
    auto& call = *target.call;
    if (!stanza.id.ends_with("-" + std::to_string(10 + call.step)) || call.acknowledged)
        return record_error(stanza);
    tally_.latency_us.push_back(std::chrono::duration<float, std::micro>(now - call.sent).count());
    call.acknowledged = true;
    advance(target.number, call, now);
}

}  // namespace bench
