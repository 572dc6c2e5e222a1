#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "component/web/ports.hpp"
#include "jingle/call/calls.hpp"
#include "jingle/call/web_leg.hpp"

namespace component {

/// Where the calls are, as pages need them. Nothing of it calls back.
class CallDesk {
public:
    virtual ~CallDesk() = default;
    /// Runs `what` on the calls and carries out all that comes of it.
    virtual void with_calls(const std::function<void(jingle::call::Calls&, jingle::call::Turn&)>& what) = 0;
};

/// The legs of calls whose peer is a page: what a page says is told to the calls, and what they put out for
/// it becomes what the page hears. One web leg for each page and call.
class Pages final : public web::PagePort {
public:
    /// Hands something to a page; false when there is no such page any more.
    using Hear
        = std::function<bool(const xmpp::Jid&, const web::PageCallRef&, const jingle::call::PageHears&)>;

    Pages(std::string domain, CallDesk& desk, std::function<std::uint64_t()> random);

    /// Before anything else.
    void connect(Hear hear) { hear_ = std::move(hear); }

    [[nodiscard]] tl::expected<void, jingle::call::PageError>
    says(const xmpp::Jid& page, const web::PageCallRef& call, const jingle::call::PageSays& what) override;
    void reports(const xmpp::Jid& page, const web::PageCallRef& call, const web::PageStats& stats) override;
    [[nodiscard]] std::vector<web::LiveCall> calls_of(const xmpp::Jid& page) const override;
    void reloaded(const xmpp::Jid& page) override;
    void missed(const xmpp::Jid& page) override;
    void left(const xmpp::Jid& page) override;

    /// What `call` puts out for its leg `leg`, which is a page. More may be put out because of it.
    void hear(const jingle::call::Done& done, jingle::call::LegIndex leg, jingle::call::Calls& calls,
              jingle::call::Turn& turn);
    void pass_time(jingle::call::Calls& calls, jingle::call::Turn& turn);
    [[nodiscard]] std::optional<jingle::call::Time> deadline() const;
    /// What a page may call: a user's JID, an address of ours, or the name of a line.
    [[nodiscard]] std::optional<xmpp::Jid> address_of(const std::string& typed) const;
    /// Forgets the legs that have ended; between turns. Costs nothing while none has.
    void forget_ended();
    /// The page's side of a leg as bytes; empty when there is none.
    [[nodiscard]] std::optional<std::string> write(const jingle::call::Leg& leg) const;
    /// Takes it up again. The page has until `until` to come back.
    [[nodiscard]] base::Result<void> restore(const jingle::call::Call& call, jingle::call::LegIndex leg,
                                             std::string_view bytes, jingle::call::Time until);
    [[nodiscard]] std::size_t size() const noexcept { return legs_.size(); }

private:
    /// A page has one other side, whichever of its devices that is.
    static constexpr std::string_view other_side = "peer";
    using Key = std::pair<std::string, std::string>;  ///< the page's address, the call's id

    struct PageLeg {
        xmpp::Jid page;
        xmpp::Jid own;  ///< the address of ours that it has to do with
        jingle::call::WebLeg leg;
        jingle::call::CallId call{};  ///< once it is known
        jingle::call::LegIndex index = jingle::call::caller_leg;
        bool unheard = false;  ///< the page is not there
        bool ended = false;  ///< in ended_
        bool unwritten = false;  ///< it is another than the journal has
        std::optional<jingle::call::Time> back_by{};  ///< after a restart: when the page has to be here again
        std::optional<jingle::call::Time> due{};  ///< in due_
    };
    using Legs = std::map<Key, PageLeg>;

    // pages.cpp: what pages say, and that they come back or leave
    /// How people know an address of ours.
    [[nodiscard]] static std::string name_of(const xmpp::Jid& own);
    [[nodiscard]] std::optional<jingle::call::PageError> invite(const xmpp::Jid& page, const std::string& id,
                                                                const jingle::call::PageInvite& invite);
    /// The legs of `page`, from the first to behind the last.
    [[nodiscard]] std::pair<Legs::iterator, Legs::iterator> of(const xmpp::Jid& page);
    void came_back(const xmpp::Jid& page, void (jingle::call::WebLeg::*how)(jingle::call::WebTurn&));

    // pages_calls.cpp: what the calls say to them
    PageLeg* answering(const jingle::call::Done& done, jingle::call::LegIndex leg);
    void run(PageLeg& leg, jingle::call::WebTurn& web, jingle::call::Calls& calls, jingle::call::Turn& turn);
    void tell(PageLeg& leg, const jingle::call::WebOutput& output, jingle::call::Calls& calls,
              jingle::call::Turn& turn);
    /// A call that a page begins is refused: true when its request has yet to be answered, and hears it.
    [[nodiscard]] bool turn_away(const xmpp::StanzaError& error);
    void tell_back(PageLeg& leg, const jingle::call::Output& what, jingle::call::Calls& calls,
                   jingle::call::Turn& turn);
    void end(PageLeg& leg, jingle::Condition reason, jingle::call::Calls& calls, jingle::call::Turn& turn);
    /// Brings what is known of a leg's time and end up to date; after anything it did.
    void settle(PageLeg& leg);

    std::string domain_;
    CallDesk& desk_;
    std::function<std::uint64_t()> random_;
    Hear hear_;
    Legs legs_;
    std::set<std::pair<jingle::call::Time, PageLeg*>> due_;
    std::vector<Key> ended_;  ///< to be forgotten
    /// While a page invites: its request is not answered yet, and what refuses the call refuses it.
    std::optional<xmpp::StanzaError>* invitation_refused_ = nullptr;
};

}  // namespace component
