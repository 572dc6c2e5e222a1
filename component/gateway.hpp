#pragma once

#include <functional>
#include <string>

#include "base/arena.hpp"
#include "component/ad_hoc.hpp"
#include "component/answers.hpp"
#include "component/backlog.hpp"
#include "component/call_notes.hpp"
#include "component/confirmations.hpp"
#include "component/journal.hpp"
#include "component/link.hpp"
#include "component/net/asio.hpp"
#include "component/pages.hpp"
#include "component/parking.hpp"
#include "component/presence.hpp"
#include "component/relaying.hpp"
#include "component/stanza_counts.hpp"
#include "jingle/call/calls.hpp"
#include "xmpp/jid.hpp"

namespace component {

/// What the gateway works with.
struct GatewayParts {
    roster::Directory& directory;
    Presence& presence;
    const Answers& answers;
    Recorder& recorder;
    AdHoc& commands;
    Relaying& relaying;
    /// Whether a user is told of calls he missed; empty: nobody is.
    std::function<bool(const xmpp::Jid& user)> tells_missed_calls;
    std::string question_prefix;  ///< of our requests; differs from run to run, and from that of presence
    Store* journal = nullptr;  ///< where the calls are written down; null: nowhere
};

/// What Carillon does with the stanzas of its link: calls to the calls, questions to the answers, presence to
/// both. Decisions are taken there; here they are routed, carried out, timed and logged.
class Gateway final : public LinkHandler, public CallDesk {
public:
    /// `link` is where to write; it and the parts must outlive the gateway.
    Gateway(asio::io_context& io, Link& link, jingle::call::Settings settings, GatewayParts parts);

    /// Before the first call that has to do with a page.
    void connect(Pages& pages) { pages_ = &pages; }
    /// Takes the answers that come to our own address; may be left out.
    void connect(Confirmations& confirmations) { confirmations_ = &confirmations; }
    /// For calls that begin from now on.
    void configure(jingle::call::Settings settings) { calls_.configure(std::move(settings)); }
    /// Sends a stanza of our own, if the server is there.
    void say(const xmpp::Element& stanza);
    /// What a change beside the commands has to say to users. Nobody is asked while the server is away.
    void take_effect(const CommandEffect& effect);
    /// Takes up the calls of an earlier process; before anything else happens. What cannot be read is set
    /// aside.
    void restore(std::vector<JournalEntry> rows);
    /// What is held is sent without waiting for the disk; before the link is stopped.
    void finish();
    /// So long pages have to come back after a restart.
    static constexpr std::chrono::seconds page_return{ 60 };
    void with_calls(const std::function<void(jingle::call::Calls&, jingle::call::Turn&)>& what) override;
    /// Asks the server something; see Relaying::AskServer.
    void ask_server(const xmpp::Jid& server, const xmpp::Element& payload, IqTracker::Done done);

    [[nodiscard]] const StanzaCounts& counts() const noexcept { return counts_; }

    void on_online() override;
    void on_offline() override;
    void on_stanza(xmpp::Element& stanza) override;
    void on_skipped(const xmpp::Element& envelope, xmpp::SkipReason reason) override;
    void on_batch_end() override;

    /// Presence that is due after a reconnect goes out in portions of users, so that it does not drown the
    /// calls.
    static constexpr std::size_t presence_portion = 100;
    static constexpr std::chrono::milliseconds presence_pause{ 100 };

private:
    struct Incoming;

    void on_iq(const Incoming& in);
    void on_request(const Incoming& in);
    void on_jingle(const Incoming& in, const xmpp::Element& payload);
    [[nodiscard]] bool confirms(const Incoming& in);
    /// True when it was about a command.
    bool on_command(const Incoming& in);
    void carry_out(const CommandEffect& effect);
    void on_reply(const Incoming& in);
    void on_message(const Incoming& in);
    void on_jingle_message(const Incoming& in);
    void on_call_invite(const Incoming& in);
    jingle::Extra with_nick_of(const Incoming& in, const jingle::Extra& extra);
    void on_bounce(const Incoming& in);
    void on_presence(const Incoming& in);

    void refuse(const xmpp::Element& stanza, const xmpp::StanzaError& error);
    void send(const xmpp::Element* stanza);
    void send_presence_again();
    void send(const Presence::Turn& turn);
    Presence::Turn presence_turn() { return { arena_, Presence::Clock::now() }; }
    void arm_presence_timer();
    void perform(jingle::call::Turn& turn);
    [[nodiscard]] std::optional<std::string> row_of(const jingle::call::CallId& id) const;
    [[nodiscard]] bool restore(const JournalEntry& row, const jingle::call::Moment& now);
    void flush();
    void watch_backlog();
    [[nodiscard]] jingle::call::Server server() const
    {
        return link_.online() ? jingle::call::Server::there : jingle::call::Server::away;
    }
    void tell_missed(const jingle::call::Call& call, base::Arena& arena);
    bool on_services_question(const Incoming& in, const xmpp::Element& payload);
    jingle::call::Turn turn() { return { arena_, jingle::call::Clock::now() }; }
    void arm_timer();
    void on_timer();

    Link& link_;
    std::string domain_;
    const Answers& answers_;
    Presence& presence_;
    CallNotes notes_;
    Recorder& recorder_;
    std::function<bool(const xmpp::Jid& user)> tells_missed_calls_;
    AdHoc& commands_;
    Relaying& relaying_;
    IqTracker questions_;
    Pages* pages_ = nullptr;
    Confirmations* confirmations_ = nullptr;
    jingle::call::Calls calls_;
    base::Arena arena_;  ///< of one turn
    StanzaCounts counts_;
    Parking parking_;
    Backlog backlog_;
    std::uint64_t refused_before_ = 0;  ///< when the server began to lag
    Journal journal_;
    Store* store_;
    Timer call_timer_;
    jingle::call::Time armed_{ jingle::call::Time::max() };
    Timer again_timer_;
    Timer presence_timer_;
    Presence::Clock::time_point presence_armed_{ Presence::Clock::time_point::max() };
};

}  // namespace component
