// Whole dialogues of five devices with a set of calls: the input says who says what, when, and what is lost.
// Whatever they say,
// - each request is answered once, whoever else has to answer before, when the time for it is over;
// - what Carillon says goes to a device of somebody in the call, and reads as what it is;
// - no device is left ringing, or in a session that nobody else is in;
// - when all devices have gone no call is left.
// With TRACE=1 in the environment it prints who says what.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

#include "jingle/call/calls.hpp"
#include "jingle/call/xmpp_leg.hpp"
#include "roster/contact.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"

namespace {

using namespace std::chrono_literals;
using jingle::call::Calls;
using jingle::call::Turn;

constexpr std::string_view domain = "call.a.test";
constexpr std::array<std::string_view, 5> devices{ "alice@a.test/pc", "alice@a.test/tab", "bob@b.test/phone",
                                                   "bob@b.test/kaidan", "carol@a.test/x" };
constexpr std::array<std::string_view, 3> users{ "alice@a.test", "bob@b.test", "carol@a.test" };
constexpr std::array<std::string_view, 3> sids{ "s1", "s2", "S3" };
constexpr std::array<std::string_view, 6> profiles{ "", "conversations", "dino", "monal", "gajim", "movim" };

[[noreturn]] void fail(const std::string& what)
{
    std::fprintf(stderr, "dialogue: %s\n", what.c_str());
    std::abort();
}

void trace(const std::string& line)
{
    static const bool wanted = std::getenv("TRACE") != nullptr;
    if (wanted)
        std::fprintf(stderr, "%s\n", line.c_str());
}

void require(bool holds, const std::string& what)
{
    if (!holds)
        fail(what);
}

xmpp::Jid jid(std::string_view text)
{
    return xmpp::Jid::parse(text).value();
}

/// Everybody may call; who rings how is the input's.
class Everybody final : public roster::Directory {
public:
    explicit Everybody(FuzzedDataProvider& input)
        : by_initiate_{ input.ConsumeIntegral<std::uint8_t>() }
        , by_message_{ input.ConsumeIntegral<std::uint8_t>() }
        , proposes_{ input.ConsumeIntegral<std::uint8_t>() }
        , how_{ input.ConsumeIntegral<std::uint8_t>() }
        , profile_{ input.PickValueInArray(profiles) }
    {
    }

    [[nodiscard]] roster::Decision decide(const roster::Invitation& invitation,
                                          roster::SteadyClock::time_point) override
    {
        roster::Decision decision;
        decision.rule = "everybody";
        const auto contact = roster::contact_of(invitation.called);
        if (!contact) {
            decision.refused = xmpp::errors::service_unavailable;
            return decision;
        }
        decision.shown = roster::contact_address(invitation.caller, domain).value();
        decision.stages.push_back({ { party(contact->user.bare(), contact->device) }, {} });
        if ((how_ & 1) != 0)
            decision.stages.push_back({ { party(users[2], {}) }, 10s });
        decision.relay_only = (how_ & 2) != 0;
        decision.silent = (how_ & 28) == 4;
        decision.busy = (how_ & 28) == 8;
        return decision;
    }
    [[nodiscard]] std::string profile_of(const xmpp::Jid&) const override { return std::string{ profile_ }; }
    [[nodiscard]] std::vector<roster::Device> instead_of_propose(const xmpp::Jid& user) const override
    {
        std::vector<roster::Device> all;
        for (const auto device : devices)
            if ((proposes_ & 8) != 0 && jid(device).bare() == user.bare())
                all.push_back({ jid(device), roster::Rings::by_initiate, std::string{ profile_ } });
        return all;
    }
    [[nodiscard]] bool is_last_to_hear(const xmpp::Jid&) const override { return (proposes_ & 2) != 0; }

private:
    [[nodiscard]] roster::Party party(std::string_view user, const std::optional<std::string>& device) const
    {
        roster::Party party{ .user = jid(user), .propose = false, .devices = {} };
        if (device) {
            party.devices.push_back({ *jid(user).with_resource(*device), roster::Rings::by_initiate, {} });
            return party;
        }
        for (std::size_t i = 0; i < devices.size(); ++i) {
            if (jid(devices[i]).bare() != user)
                continue;
            if ((by_initiate_ >> i & 1) != 0)
                party.devices.push_back(
                    { jid(devices[i]), roster::Rings::by_initiate, std::string{ profile_ } });
            else if ((by_message_ >> i & 1) != 0)
                party.devices.push_back(
                    { jid(devices[i]), roster::Rings::by_message, std::string{ profile_ } });
        }
        party.propose = party.devices.empty() || (proposes_ & 1) != 0;
        party.blind = (proposes_ & 4) != 0;
        return party;
    }

    std::uint8_t by_initiate_;
    std::uint8_t by_message_;
    std::uint8_t proposes_;
    std::uint8_t how_;
    std::string_view profile_;
};

std::string content(std::string_view name, std::string_view media, std::string_view inside_transport)
{
    return "<content creator='initiator' name='" + std::string{ name }
    + "'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='" + std::string{ media }
    + "'><payload-type id='111' name='x' clockrate='48000'/></description><transport "
      "xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' pwd='0123456789012345678901'>"
        + std::string{ inside_transport } + "</transport></content>";
}

constexpr std::string_view fingerprint = "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' "
                                         "setup='actpass'>2B:D8:06:C9:7F:0E:00:AF:1A:1F:C3:32:8F:A7:63:A9:26:"
                                         "97:23:C8:DB:8F:AC:4F:93:AF:71:DB:18:6D:"
                                         "6E:90</fingerprint>";
constexpr std::string_view candidate = "<candidate component='1' foundation='1' generation='0' id='c1' "
                                       "ip='192.0.2.1' port='5000' priority='1' "
                                       "protocol='udp' type='host'/>";

/// What may stand in a request, whether it fits the action or not.
std::string body(std::uint8_t which)
{
    const auto bare = [](std::string_view senders, std::string_view inside) {
        return "<content creator='initiator' name='0'" + std::string{ senders } + ">" + std::string{ inside }
        + "</content>";
    };
    const std::string ice = "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ";
    switch (which % 14) {
    case 0: return content("0", "audio", fingerprint);
    case 1: return content("0", "audio", fingerprint) + content("1", "video", fingerprint);
    case 2: return content("1", "video", fingerprint);
    case 3: return content("0", "audio", "");  // no DTLS
    case 4:
        return bare("",
                    ice + "ufrag='abcd' pwd='0123456789012345678901'>" + std::string{ candidate }
                        + "</transport>");
    case 5: return bare("", ice + "ufrag='wxyz' pwd='9876543210987654321098'/>");  // an ICE restart
    case 6: return bare(" senders='none'", "");
    case 7: return bare(" senders='initiator'", "");
    case 8: return "<reason><success/></reason>";
    case 9: return "<reason><busy/></reason>";
    case 10: return "<ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>";
    case 11: return "<hold xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>";
    case 12: return "<content creator='responder' name='7'/>";
    default: return {};
    }
}

class World final : public xmpp::StreamHandler {
public:
    explicit World(FuzzedDataProvider& input)
        : input_{ input }
        , directory_{ input }
        , calls_{ settings(), directory_ }
        , reader_{ *this }
    {
        require(reader_.feed("<s xmlns='jabber:component:accept'>"), "stream");
    }

    void play()
    {
        while (input_.remaining_bytes() > 0)
            step();
        pass(3h);
        require(owed_.empty(), "a request is not answered: " + (owed_.empty() ? "" : owed_.begin()->first));
        for (const auto& [session, state] : sessions_)
            require(state != Session::offered, "a device is left ringing: " + session);
        for (const auto device : devices)
            turn([&](Turn& turn) { calls_.device_gone(jid(device), turn); });
        pass(3h);
        require(calls_.size() == 0, "a call is left");
        require(owed_.empty(), "a request of the end is not answered");
    }

    void on_stream_open(const xmpp::Element&) override { }
    void on_stream_close() override { fail("closed"); }
    void on_skipped(const xmpp::Element&, xmpp::SkipReason) override { fail("over a limit of our own"); }
    void on_stanza(xmpp::Element& stanza) override
    {
        const std::string to{ stanza.attribute_or_empty("to") };
        const std::string from{ stanza.attribute_or_empty("from") };
        const auto target = xmpp::Jid::parse(to);
        require(target && knows(*target), "to a stranger: " + to);
        require(xmpp::Jid::parse(from).has_value(), "from nobody: " + from);
        if (stanza.name == "message")
            return on_message(stanza, *target, from);
        require(target->is_full(), "an IQ to a bare JID");
        const auto type = stanza.attribute_or_empty("type");
        const std::string id{ stanza.attribute_or_empty("id") };
        if (type == "set")
            return on_request(stanza, to, from, id);
        const auto owed = owed_.find(to + " " + from + " " + id);
        require(owed != owed_.end(), "answered twice, or in another's name: " + id);
        if (type == "result" && !owed->second.empty())
            sessions_.emplace(owed->second, Session::offered);
        owed_.erase(owed);
    }

private:
    enum class Session { offered, accepted, over };
    struct Known {
        std::string device;
        std::string own;
        std::string sid;
    };
    struct Asked {
        std::string device;
        std::string id;
        std::string session;
        bool initiates;
    };

    static jingle::call::Settings settings()
    {
        jingle::call::Settings settings;
        settings.domain = domain;
        settings.key = "key";
        settings.served_domains = { "a.test", "b.test" };
        settings.limits = { 100, 100'000, 100'000, 1000, 16 };
        return settings;
    }

    static bool knows(const xmpp::Jid& target)
    {
        return std::ranges::find(users, target.bare()) != users.end();
    }

    /// A device's sessions have the names it knows: ours by its bare address, and the sid.
    static std::string session_of(std::string_view device, std::string_view own, std::string_view sid)
    {
        return std::string{ device } + " " + std::string{ jid(own).bare() } + " " + std::string{ sid };
    }

    template <class Act>
    void turn(Act act)
    {
        base::Arena arena;
        Turn turn{ arena, now_, {} };
        act(turn);
        std::string out;
        for (const auto& done : turn.outputs)
            jingle::call::append_stanza(out, *done.call, done.output, arena);
        if (!out.empty())
            trace("  -> " + out);
        require(reader_.feed(out), "what goes out is no XML");
    }

    void pass(std::chrono::milliseconds time)
    {
        const auto end = now_ + time;
        trace(std::to_string(time.count()) + " ms");
        for (int steps = 0; calls_.deadline() && *calls_.deadline() <= end; ++steps) {
            require(steps < 20'000, "time stands still");
            now_ = std::max(now_, *calls_.deadline());
            turn([&](Turn& turn) { calls_.pass_time(turn); });
        }
        now_ = end;
    }

    void learn(std::string_view device, std::string_view own, std::string_view sid)
    {
        if (known_.size() < 64)
            known_.push_back({ std::string{ device }, std::string{ own }, std::string{ sid } });
    }

    void on_message(const xmpp::Element& stanza, const xmpp::Jid& target, const std::string& own)
    {
        if (stanza.attribute_or_empty("type") == "error")
            return;
        base::Arena arena;
        if (stanza.first_child()->ns == xmpp::ns::call_invites)
            return require(jingle::CallInvite::from_stanza(stanza, arena).has_value(),
                           "a call invite that does not read");
        const auto message = jingle::Message::from_stanza(stanza, arena);
        require(message.has_value(), "a message that does not read");
        for (const auto device : devices)
            if (device == target.full() || jid(device).bare() == target.full())
                learn(device, own, message->id);
    }

    void on_request(const xmpp::Element& stanza, const std::string& device, const std::string& own,
                    const std::string& id)
    {
        base::Arena arena;
        const auto value = jingle::Jingle::from_element(*stanza.first_child(), arena);
        require(value.has_value(), "a request that does not read");
        const auto session = session_of(device, own, value->sid);
        const bool initiates = value->action == jingle::Action::session_initiate;
        if (initiates) {
            sessions_[session] = Session::offered;
            learn(device, own, value->sid);
        } else if (value->action == jingle::Action::session_terminate) {
            sessions_[session] = Session::over;
        } else if (value->action == jingle::Action::session_accept) {
            sessions_[session] = Session::accepted;
        }
        if (asked_.size() < 256)
            asked_.push_back({ device, id, session, initiates });
    }

    Known pick()
    {
        if (!known_.empty() && input_.ConsumeProbability<float>() < 0.9F)
            return known_[input_.ConsumeIntegralInRange<std::size_t>(0, known_.size() - 1)];
        const auto user = input_.PickValueInArray(users);
        auto own = std::string{ roster::contact_address(jid(user), domain)->bare() };
        if (const auto resource = input_.ConsumeIntegralInRange(0, 3); resource < 3)
            own += resource == 0 ? "/call" : resource == 1 ? "/phone" : "/pc";
        return { std::string{ input_.PickValueInArray(devices) }, own,
                 std::string{ input_.PickValueInArray(sids) } };
    }

    void step()
    {
        switch (input_.ConsumeIntegralInRange(0, 15)) {
        case 0:
        case 1:
            return request(jingle::Action::session_initiate,
                           input_.ConsumeIntegralInRange<std::uint8_t>(0, 3));
        case 2:
        case 3: return say("propose");
        case 4: return say(input_.PickValueInArray(kinds));
        case 5:
            return request(jingle::Action::session_accept, input_.ConsumeIntegralInRange<std::uint8_t>(0, 3));
        case 6: return request(jingle::Action::session_terminate, 8);
        case 7:
        case 8:
            return request(input_.PickValueInArray(jingle::action_rows).value,
                           input_.ConsumeIntegral<std::uint8_t>());
        case 9:
        case 10: return reply({});
        case 11: return reply(input_.PickValueInArray(errors));
        case 12: return bounce();
        case 13: {
            const auto device = input_.PickValueInArray(devices);
            trace("gone: " + std::string{ device });
            return turn([&](Turn& turn) { calls_.device_gone(jid(device), turn); });
        }
        case 14: return pass(std::chrono::milliseconds{ input_.ConsumeIntegral<std::uint16_t>() * 10 });
        default: return invite(input_.PickValueInArray(jingle::invite_rows).value);
        }
    }

    void request(jingle::Action action, std::uint8_t with)
    {
        const auto [device, own, sid] = pick();
        const auto id = "i" + std::to_string(++requests_);
        const auto xml = "<jingle xmlns='urn:xmpp:jingle:1' action='"
            + std::string{ base::find_token(jingle::action_rows, action) } + "' sid='" + sid + "'>"
            + body(with) + "</jingle>";
        base::Arena arena;
        const auto element = xmpp::parse_document(xml, arena);
        require(element.has_value(), "our own XML");
        const auto value = jingle::Jingle::from_element(**element, arena);
        if (!value)
            return;
        trace(device + " to " + own + ": " + id + " " + xml);
        const auto request = device + " " + own + " " + id;
        const auto session = session_of(device, own, sid);
        owed_[request] = action == jingle::Action::session_initiate ? session : std::string{};
        turn([&](Turn& turn) {
            const auto refused = calls_.request(jid(own), jid(device), *value, id, turn);
            if (refused)
                require(owed_.erase(request) == 1, "answered twice, by a refusal: " + id);
            learn(device, own, sid);
        });
        if (owed_.contains(request))
            return;
        if (action == jingle::Action::session_terminate)
            sessions_[session] = Session::over;
        if (action == jingle::Action::session_accept && sessions_[session] == Session::offered)
            sessions_[session] = Session::accepted;
    }

    void say(std::string_view kind)
    {
        const auto [device, own, sid] = pick();
        const auto xml = "<message xmlns='jabber:component:accept'><" + std::string{ kind }
            + " xmlns='urn:xmpp:jingle-message:0' id='" + sid + "'>"
            + (kind == "propose" ? "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>" : "")
            + "</" + std::string{ kind } + "></message>";
        base::Arena arena;
        const auto element = xmpp::parse_document(xml, arena);
        const auto value = jingle::Message::from_stanza(**element, arena);
        require(value.has_value(), "our own message");
        trace(device + " to " + own + ": " + xml);
        turn([&](Turn& turn) { (void)calls_.message(jid(own), jid(device), *value, "m1", turn); });
        learn(device, own, sid);
        const auto session = sessions_.find(session_of(device, own, sid));
        if ((kind == "retract" || kind == "finish" || kind == "reject") && session != sessions_.end())
            session->second = Session::over;
    }

    void invite(jingle::InviteKind kind)
    {
        const auto [device, own, sid] = pick();
        const jingle::CallInvite invite{ .kind = kind,
                                         .id = input_.PickValueInArray(sids),
                                         .audio = {},
                                         .video = input_.ConsumeBool(),
                                         .jingle = jingle::JingleMethod{
                                             sid,
                                             input_.ConsumeBool()
                                                 ? std::optional{ input_.PickValueInArray(devices) }
                                                 : std::nullopt } };
        trace(device + " to " + own + ": " + std::string{ base::find_token(jingle::invite_rows, kind) } + " "
              + std::string{ invite.id } + " " + sid);
        turn([&](Turn& turn) { (void)calls_.invite(jid(own), jid(device), invite, {}, "m1", turn); });
        learn(device, own, sid);
        // Whose session it was is told by nothing but the sid.
        for (auto& [session, state] : sessions_)
            if ((kind == jingle::InviteKind::retract || kind == jingle::InviteKind::left)
                && session.starts_with(jid(device).bare()))
                state = Session::over;
    }

    void reply(std::optional<xmpp::StanzaError> error)
    {
        if (asked_.empty())
            return;
        const auto at = asked_.begin()
            + input_.ConsumeIntegralInRange<std::ptrdiff_t>(0,
                                                            static_cast<std::ptrdiff_t>(asked_.size()) - 1);
        const auto asked = *at;
        asked_.erase(at);
        const auto path = jingle::call::ReturnPath::parse(asked.id);
        require(path.has_value(), "an id that is none of ours");
        // Whoever refuses an offer, or knows nothing of the session, has none.
        if (error && (asked.initiates || error->jingle == xmpp::JingleCondition::unknown_session))
            sessions_[asked.session] = Session::over;
        trace(asked.device + " answers " + asked.session + (error ? " with an error" : ""));
        turn([&](Turn& turn) { calls_.reply(jid(asked.device), *path, error, turn); });
    }

    void bounce()
    {
        const auto [device, own, sid] = pick();
        const auto from = input_.ConsumeBool() ? jid(device) : jid(jid(device).bare());
        trace("bounced by " + from.full() + ": " + sid + " of " + own);
        turn([&](Turn& turn) { calls_.bounced(jid(own), from, sid, turn); });
    }

    static constexpr std::array<std::string_view, 7> kinds{ "ringing", "proceed", "reject", "retract",
                                                            "finish",  "accept",  "propose" };
    static inline const std::array<xmpp::StanzaError, 4> errors{ xmpp::errors::service_unavailable,
                                                                 xmpp::errors::unknown_session,
                                                                 xmpp::errors::bad_request,
                                                                 xmpp::errors::tie_break };

    FuzzedDataProvider& input_;
    Everybody directory_;
    Calls calls_;
    xmpp::Reader reader_;
    jingle::call::Time now_{ 1h };
    unsigned requests_ = 0;
    std::map<std::string, std::string> owed_;  ///< requests without an answer, and the session they begin
    std::map<std::string, Session> sessions_;
    std::vector<Known> known_;
    std::vector<Asked> asked_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size > 1024)
        return 0;
    FuzzedDataProvider input{ data, size };
    World{ input }.play();
    return 0;
}
