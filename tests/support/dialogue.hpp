#pragma once

#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "jingle/call/calls.hpp"
#include "roster/contact.hpp"
#include "support/simple_directory.hpp"
#include "xmpp/reader.hpp"

namespace test {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// A directory that says what it was given, whoever asks.
class StagedDirectory final : public roster::Directory {
public:
    explicit StagedDirectory(std::vector<roster::Stage> stages, std::string caller_profile = {})
        : stages_{ std::move(stages) }
        , profile_{ std::move(caller_profile) }
    {
    }
    [[nodiscard]] roster::Decision decide(const roster::Invitation& invitation,
                                          roster::SteadyClock::time_point) override
    {
        roster::Decision decision;
        decision.rule = "staged";
        decision.shown = roster::contact_address(invitation.caller, "call.a.test").value();
        decision.stages = stages_;
        decision.relay_only = relay_only;
        decision.silent = silent;
        decision.busy = busy;
        return decision;
    }
    void started(const roster::Invitation& invitation) override
    {
        ledger.push_back(line("started", invitation));
    }
    void ended(const roster::Invitation& invitation, roster::Answered answered,
               roster::SteadyClock::time_point) override
    {
        ledger.push_back(line(answered == roster::Answered::yes ? "answered" : "unanswered", invitation));
    }
    [[nodiscard]] std::string profile_of(const xmpp::Jid&) const override { return profile_; }

    [[nodiscard]] bool is_last_to_hear(const xmpp::Jid&) const override { return last_to_hear; }
    [[nodiscard]] std::vector<roster::Device> instead_of_propose(const xmpp::Jid&) const override
    {
        return instead;
    }

    bool relay_only = false;
    bool silent = false;
    bool last_to_hear = false;  ///< whoever goes away
    bool busy = false;
    std::vector<roster::Device> instead;  ///< rung when a propose to a bare address came back
    Lines ledger;  ///< what it was told of calls

private:
    static std::string line(std::string_view what, const roster::Invitation& invitation)
    {
        return std::string{ what } + " " + std::string{ invitation.caller.full() } + " "
            + std::string{ invitation.called.bare() } + (invitation.audio ? " audio" : "")
            + (invitation.video ? " video" : "");
    }

    std::vector<roster::Stage> stages_;
    std::string profile_;
};

/// A set of calls with alice and bob around it and a clock to step. What anybody says is one line in, what
/// Carillon makes of it is lines out: "bob <- session-initiate", "alice <- result i1", "alice <- error i2
/// out-of-order". Addresses and payloads are looked at by the tests of xmpp_leg; here it is about who hears
/// what, and when.
class Dialogue {
public:
    /// Without a directory: who is called by a bare address rings by a propose, devices by session-initiate.
    explicit Dialogue(jingle::call::Settings settings = default_settings(),
                      std::unique_ptr<roster::Directory> directory = {})
        : directory_{ directory != nullptr ? std::move(directory) : simple_directory() }
        , calls_{ std::make_unique<jingle::call::Calls>(std::move(settings), *directory_) }
    {
    }

    static std::unique_ptr<roster::Directory> simple_directory(roster::Default by_default
                                                               = roster::Default::local)
    {
        return std::make_unique<test::SimpleDirectory>(roster::Policy{ by_default, { "a.test" } },
                                                       "call.a.test");
    }

    static jingle::call::Settings default_settings()
    {
        jingle::call::Settings settings;
        settings.domain = "call.a.test";
        settings.key = "key";
        settings.served_domains = { "a.test" };
        settings.limits = { 1000, 1000, 1000, 1000, 16 };
        return settings;
    }

    // The people.
    static constexpr std::string_view alice = "alice@a.test/pc";
    static constexpr std::string_view bob = "bob@b.test/phone";
    static constexpr std::string_view bob_contact = "bob\\40b.test@call.a.test";
    static constexpr std::string_view bob_phone = "bob\\40b.test@call.a.test/phone";
    static constexpr std::string_view alice_contact = "alice\\40a.test@call.a.test/call";

    /// A Jingle request of `from` to `to` with the id "i1", "i2", ...
    Lines jingle(std::string_view from, std::string_view to, std::string_view action,
                 std::string_view sid = "s1", std::string_view inside = {})
    {
        ++requests_;
        return jingle_as("i" + std::to_string(requests_), from, to, action, sid, inside);
    }

    Lines jingle_as(std::string id, std::string_view from, std::string_view to, std::string_view action,
                    std::string_view sid = "s1", std::string_view inside = {})
    {
        const auto xml = "<jingle xmlns='urn:xmpp:jingle:1' action='" + std::string{ action } + "' sid='"
            + std::string{ sid } + "'>" + std::string{ inside.empty() ? body_of(action) : inside }
            + "</jingle>";
        const auto value = jingle::Jingle::from_element(parse(xml), arena_);
        if (!value)
            return { "malformed: " + value.error().what };
        id = arena_.copy(id);
        return turn([&](auto& turn) {
            const auto error = calls_->request(jid(to), jid(from), *value, id, turn);
            return error ? Lines{ name_of(from) + " <- error " + id + " " + describe(*error) } : Lines{};
        });
    }

    Lines message(std::string_view from, std::string_view to, std::string_view kind,
                  std::string_view sid = "s1", std::string_view inside = {})
    {
        const auto xml = "<message xmlns='jabber:component:accept'><" + std::string{ kind }
            + " xmlns='urn:xmpp:jingle-message:0' id='" + std::string{ sid } + "'>"
            + (kind == "propose" ? "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>" : "")
            + std::string{ inside } + "</" + std::string{ kind } + "></message>";
        const auto value = jingle::Message::from_stanza(parse(xml), arena_);
        if (!value)
            return { "malformed: " + value.error().what };
        return turn([&](auto& turn) {
            const auto error = calls_->message(jid(to), jid(from), *value, "m1", turn);
            return error ? Lines{ name_of(from) + " <- message error " + describe(*error) } : Lines{};
        });
    }

    /// A message about the call invite `id` (XEP-0482).
    Lines invite(std::string_view from, std::string_view to, std::string_view kind, std::string_view id,
                 std::string_view inside = {})
    {
        const auto xml = "<message xmlns='jabber:component:accept'><" + std::string{ kind }
            + " xmlns='urn:xmpp:call-invites:0' id='" + std::string{ id } + "'>" + std::string{ inside }
            + "</" + std::string{ kind } + "></message>";
        const auto value = jingle::CallInvite::from_stanza(parse(xml), arena_);
        if (!value)
            return { "malformed: " + value.error().what };
        return turn([&](auto& turn) {
            const auto error = calls_->invite(jid(to), jid(from), *value, {}, "m1", turn);
            return error ? Lines{ name_of(from) + " <- message error " + describe(*error) } : Lines{};
        });
    }

    /// The peer of the leg answers the last request that it got from us with this action.
    Lines reply(std::string_view from, jingle::Action action, std::optional<xmpp::StanzaError> error = {})
    {
        for (auto sent = sent_.rbegin(); sent != sent_.rend(); ++sent) {
            if (sent->to != from || sent->path.action != action)
                continue;
            auto path = sent->path;
            path.original = arena_.copy(sent->original);
            return turn([&](auto& turn) {
                calls_->reply(jid(from), path, error, turn);
                return Lines{};
            });
        }
        return { "no such request was sent to " + std::string{ from } };
    }

    Lines bounce(std::string_view from, std::string_view to, std::string_view sid = "s1")
    {
        return turn([&](auto& turn) {
            calls_->bounced(jid(to), jid(from), sid, turn);
            return Lines{};
        });
    }

    Lines gone(std::string_view who)
    {
        return turn([&](auto& turn) {
            calls_->device_gone(jid(who), turn);
            return Lines{};
        });
    }

    Lines pass(std::chrono::milliseconds time)
    {
        now_ += time;
        return turn([&](auto& turn) {
            calls_->pass_time(turn);
            return Lines{};
        });
    }

    /// An operator ends the call.
    Lines end(const jingle::call::CallId& id)
    {
        return turn([&](auto& turn) {
            (void)calls_->end(id, jingle::Condition::cancel, turn);
            return Lines{};
        });
    }

    /// What the record has been told so far.
    [[nodiscard]] const Lines& noted() const { return noted_; }
    /// The rule of each call that was not let in.
    [[nodiscard]] const Lines& not_let_in() const { return not_let_in_; }
    /// From now on devices of the callees are named: "bob/phone <- retract".
    void name_devices() { name_devices_ = true; }

    [[nodiscard]] std::size_t calls() const { return calls_->size(); }
    [[nodiscard]] std::optional<jingle::call::Time> deadline() const { return calls_->deadline(); }
    [[nodiscard]] jingle::call::Calls& set() { return *calls_; }

    /// Another process takes over with what the journal has.
    void restart_process()
    {
        auto next = std::make_unique<jingle::call::Calls>(calls_->settings(), *directory_);
        for (const auto& [id, bytes] : journal_) {
            const auto call = next->restore(bytes, { now_, epoch.to_wall(now_) });
            if (!call)
                throw std::logic_error{ "a call cannot be read back: " + call.error().what };
            if (next->write(**call, epoch) != bytes)
                throw std::logic_error{ "a call is another after it was read back" };
        }
        calls_ = std::move(next);
    }
    /// The stream is there again.
    Lines reconnected()
    {
        calls_->say_again(now_);
        return pass(0s);
    }
    /// The calls as the journal has them.
    [[nodiscard]] std::vector<std::string> journal() const
    {
        std::vector<std::string> rows;
        for (const auto& [id, bytes] : journal_)
            rows.push_back(bytes);
        return rows;
    }
    static xmpp::Jid jid(std::string_view text) { return xmpp::Jid::parse(text).value(); }

    static std::string_view body_of(std::string_view action)
    {
        if (action == "session-initiate" || action == "session-accept" || action == "content-add"
            || action == "content-accept" || action == "transport-replace" || action == "transport-accept")
            return "<content creator='initiator' name='audio'><description "
                   "xmlns='urn:xmpp:jingle:apps:rtp:1' "
                   "media='audio'><payload-type id='111' name='opus' clockrate='48000' "
                   "channels='2'/></description>"
                   "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' "
                   "pwd='0123456789012345678901'><fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' "
                   "hash='sha-256' "
                   "setup='actpass'>2B:D8:06:C9:7F:0E:00:AF:1A:1F:C3:32:8F:A7:63:A9:26:97:23:C8:DB:8F:AC:4F:"
                   "93:AF:71:"
                   "DB:18:6D:6E:90</fingerprint></transport></content>";
        if (action == "session-terminate")
            return "<reason><success/></reason>";
        if (action == "session-info" || action == "security-info")
            return "";
        if (action == "content-modify")
            return "<content creator='initiator' name='audio' senders='initiator'/>";
        if (action == "description-info")
            return "<content creator='initiator' name='audio'><description "
                   "xmlns='urn:xmpp:jingle:apps:rtp:1' "
                   "media='audio'/></content>";
        if (action == "transport-info" || action == "transport-reject")
            return "<content creator='initiator' name='audio'><transport "
                   "xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' pwd='0123456789012345678901'>"
                   "<candidate component='1' foundation='1' generation='0' id='c1' ip='192.0.2.1' "
                   "port='5000' "
                   "priority='1' protocol='udp' type='host'/></transport></content>";
        return "<content creator='initiator' name='audio'><transport "
               "xmlns='urn:xmpp:jingle:transports:ice-udp:1'/></content>";  // content-remove, -reject
    }

    static constexpr std::string_view restart
        = "<content creator='initiator' name='audio'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' "
          "ufrag='wxyz' pwd='9876543210987654321098'/></content>";

private:
    struct Sent {
        std::string to;
        jingle::call::ReturnPath path;
        std::string original;
    };

    template <class Act>
    Lines turn(Act act)
    {
        jingle::call::Turn turn{ arena_, now_, {} };
        auto lines = act(turn);
        keep_journal(turn);
        for (const auto& done : turn.outputs)
            std::visit([&](const auto& output) { describe(*done.call, output, lines); }, done.output);
        for (const auto& refusal : turn.refusals)
            not_let_in_.emplace_back(refusal.rule);
        if (std::getenv("CARILLON_RESTART_EACH_TURN") != nullptr)
            restart_process();
        return lines;
    }

    /// What write() gives may only change when the turn says so: else a journal would miss it.
    void keep_journal(const jingle::call::Turn& turn)
    {
        for (const auto* call : turn.changed)
            journal_[call->id()] = calls_->write(*call, epoch);
        calls_->for_each([&](const jingle::call::Call& call) {
            if (journal_[call.id()] != calls_->write(call, epoch))
                throw std::logic_error{ "a call in state " + std::string{ to_string(call.state()) }
                                        + " has changed without saying so" };
        });
        std::erase_if(journal_, [&](const auto& row) { return !calls_->contains(row.first); });
    }

    static std::string name_of(std::string_view jid) { return std::string{ jid.substr(0, jid.find('@')) }; }
    [[nodiscard]] std::string name_of(const jingle::call::Call& call, jingle::call::LegIndex leg) const
    {
        const auto& peer = call.leg(leg).peer;
        const std::string local{ peer.local() };
        if (leg == jingle::call::caller_leg)
            return local;
        if (!peer.is_full())
            return local + " (all)";
        return name_devices_ ? local + "/" + std::string{ peer.resource() } : local;
    }
    static std::string describe(const xmpp::StanzaError& error)
    {
        return std::string{ error.jingle ? to_string(*error.jingle) : to_string(error.condition) };
    }

    void describe(const jingle::call::Call& call, const jingle::call::Answer& answer, Lines& lines)
    {
        lines.push_back(name_of(call, answer.leg) + (answer.error ? " <- error " : " <- result ")
                        + std::string{ answer.id } + (answer.error ? " " + describe(*answer.error) : ""));
    }
    void describe(const jingle::call::Call& call, const jingle::call::Request& request, Lines& lines)
    {
        const auto& peer = call.leg(request.leg).peer;
        jingle::call::ReturnPath path{ call.id(), request.leg, request.jingle->action, request.answered, {} };
        sent_.push_back({ peer.full(), path, std::string{ request.original } });
        auto line = name_of(call, request.leg) + " <- "
            + std::string{ base::find_token(jingle::action_rows, request.jingle->action) };
        if (request.jingle->reason)
            line += " "
                + std::string{ base::find_token(jingle::condition_rows, request.jingle->reason->condition) };
        if (request.jingle->info)
            if (const auto* info = std::get_if<jingle::RtpInfo>(&*request.jingle->info))
                line += " " + std::string{ base::find_token(jingle::info_rows, info->kind) };
        lines.push_back(line
                        + (request.answered == jingle::call::Answered::end_to_end ? " (end to end)" : ""));
    }
    void describe(const jingle::call::Call& call, const jingle::call::Say& say, Lines& lines)
    {
        auto line = (say.device.empty() ? name_of(call, say.leg) : std::string{ say.device }) + " <- "
            + std::string{ base::find_token(jingle::message_rows, say.message.kind) };
        if (say.message.reason)
            line += " "
                + std::string{ base::find_token(jingle::condition_rows, say.message.reason->condition) };
        if (say.message.tie_break)
            line += " tie-break";
        if (say.message.migrated_to)
            line += " -> " + std::string{ *say.message.migrated_to };
        lines.push_back(line);
    }
    void describe(const jingle::call::Call& call, const jingle::call::Refuse& refuse, Lines& lines)
    {
        lines.push_back(name_of(call, refuse.leg) + " <- message error " + describe(refuse.error));
    }
    void describe(const jingle::call::Call&, const jingle::call::Bound&, Lines&) { }
    void describe(const jingle::call::Call& call, const jingle::call::Noted& noted, Lines&)
    {
        static constexpr std::array<std::string_view, 9> steps{ "started",   "ringing",  "proceeded",
                                                                "initiated", "accepted", "refused",
                                                                "gone",      "stopped",  "ended" };
        auto line = std::string{ steps[static_cast<std::size_t>(noted.step)] };
        if (noted.step == jingle::call::Step::started)
            line += " " + std::string{ noted.rule };
        else if (noted.step != jingle::call::Step::ended)
            line += " " + name_of(call, noted.leg);
        using enum jingle::call::Step;
        if (noted.step == refused || noted.step == gone || noted.step == stopped || noted.step == ended)
            line += " " + std::string{ base::find_token(jingle::condition_rows, noted.reason) };
        noted_.push_back(line);
    }

    const xmpp::Element& parse(std::string_view xml)
    {
        return **xmpp::parse_document(arena_.copy(xml), arena_);
    }

    base::Arena arena_;
    std::unique_ptr<roster::Directory> directory_;
    std::unique_ptr<jingle::call::Calls> calls_;  // a test may hand its dialogue on
    jingle::call::Time now_{ 1h };
    unsigned requests_ = 0;
    static constexpr jingle::call::Moment epoch{ jingle::call::Time{},
                                                 roster::WallTime{ std::chrono::hours{ 500'000 } } };
    std::map<jingle::call::CallId, std::string> journal_;
    bool name_devices_ = false;
    std::vector<Sent> sent_;
    Lines noted_;
    Lines not_let_in_;
};

}  // namespace test
