#pragma once

#include <deque>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "jingle/call/leg.hpp"
#include "jingle/call/web_leg_sdp.hpp"
#include "unit/call/web_words.hpp"

namespace web {

/// A page: what it heard last.
struct Page {
    explicit Page(WebLegOptions options)
        : leg{ std::move(options) }
    {
    }

    WebLeg leg;
    std::vector<std::string> heard;  ///< as lines
    std::string offer;
    std::string answer;
    std::vector<PageCandidate> candidates;
    int rollbacks = 0;
    jingle::call::Leg seen;  ///< what the call knows of its credentials
    int asked = 0;  ///< requests of this page's side
    int answered = 0;

    [[nodiscard]] bool has_heard(std::string_view what) const
    {
        return std::any_of(heard.begin(), heard.end(),
                           [&](const auto& line) { return line.find(what) != std::string::npos; });
    }
};

/// How the callee learns of the call.
enum class Ring { by_offer, by_propose };

/// Two pages whose web legs talk through a small stand-in for the Call: it acknowledges, and passes on what
/// was written and read again; what negotiates in a running call is answered end to end.
struct Pair {
    base::Arena arena;
    Page caller;
    Page callee;
    Ring ring;
    Time now{ std::chrono::hours{ 1 } };
    bool active = false;
    std::vector<std::string> log;

    explicit Pair(Ring ring_by = Ring::by_offer)
        : caller{ options(Role::initiator) }
        , callee{ options(Role::responder) }
        , ring{ ring_by }
    {
    }

    static WebLegOptions options(Role role)
    {
        WebLegOptions options;
        options.role = role;
        options.sid = "a73sjjvkla37jfea";
        options.address = "somebody@a.test";
        options.sdp_session = 4711;
        options.far = FarSide::page();
        return options;
    }

    [[nodiscard]] Page& other(const Page& page) { return &page == &caller ? callee : caller; }

    /// What the page says, and all that follows from it until nobody has anything to say.
    std::optional<PageError> says(Page& page, const PageSays& said, bool settles = true)
    {
        auto turn = this->turn();
        auto refused = page.leg.says(said, turn);
        if (refused)
            log.push_back(name(page) + line(*refused));
        take(page, turn);
        if (settles)
            settle();
        return refused;
    }

    void settle()
    {
        for (auto quiet = 0; quiet < 3;) {
            quiet = run() ? 0 : quiet + 1;
            now += jingle::renegotiate::window;
            pass_time();
        }
        run();
    }

    void pass_time()
    {
        for (auto* page : { &caller, &callee }) {
            auto turn = this->turn();
            page->leg.pass_time(turn);
            take(*page, turn);
        }
    }

    WebTurn turn() { return { arena, now, {} }; }

    void take(Page& page, WebTurn& turn)
    {
        for (auto& output : turn.outputs)
            queue_.push_back({ &page, std::move(output) });
    }

    /// Delivers what waits; true when there was something.
    bool run()
    {
        const bool any = !queue_.empty();
        for (auto budget = 2000; !queue_.empty(); --budget) {
            REQUIRE(budget > 0);
            auto [page, output] = std::move(queue_.front());
            queue_.pop_front();
            log.push_back(name(*page) + line(output));
            std::visit([&, from = page](auto& each) { carry(*from, each); }, output);
        }
        return any;
    }

    void hand(Page& page, const Output& output)
    {
        auto turn = this->turn();
        const auto at = turn.outputs.size();
        page.leg.handle(output, turn);
        if (std::holds_alternative<Request>(output)) {
            const auto is_reply = [](const auto& one) { return std::holds_alternative<TellReply>(one); };
            CHECK(std::count_if(turn.outputs.begin(), turn.outputs.end(), is_reply) == 1);
            CHECK(is_reply(turn.outputs.at(at)));
        }
        take(page, turn);
    }

    void carry(Page& from, const TellMessage& told)
    {
        auto& to = other(from);
        if (told.message.kind == jingle::MessageKind::proceed && held_) {
            return hand(to_callee(),
                        Request{ callee_leg, std::exchange(held_, nullptr), Answered::here, "" });
        }
        hand(to, Say{ index(to), told.message });
    }

    void carry(Page& from, const TellRequest& told)
    {
        ++from.asked;
        const auto* wire = copied(*told.jingle);
        const bool restarts = told.jingle->action == jingle::Action::transport_info
            && from.seen.note_credentials(*wire) == jingle::call::CredentialNews::replaced;
        if (told.jingle->action != jingle::Action::transport_info)
            (void)from.seen.note_credentials(*wire);
        const bool end_to_end = active && (restarts || jingle::is_negotiation(wire->action));
        if (!end_to_end) {
            ++from.answered;
            hand(from, Answer{ index(from), told.id, {} });
        }
        if (wire->action == jingle::Action::session_accept)
            active = true;
        if (wire->action == jingle::Action::session_initiate && ring == Ring::by_propose) {
            if (callee.leg.state() == WebLeg::State::accepted)
                return hand(callee, Request{ callee_leg, wire, Answered::here, "" });
            held_ = wire;
            return propose(*wire);
        }
        if (held_ == nullptr)
            hand(other(from),
                 Request{ index(other(from)), wire, end_to_end ? Answered::end_to_end : Answered::here,
                          told.id });
    }

    void carry(Page& from, const TellReply& told)
    {
        auto& to = other(from);
        if (told.answered != Answered::end_to_end)
            return;
        ++to.answered;
        hand(to, Answer{ index(to), told.original, told.error });
    }

    void carry(Page& page, const PageHears& heard)
    {
        page.heard.push_back(std::visit(Line{}, heard));
        if (const auto* invite = std::get_if<PageInvite>(&heard))
            page.offer = invite->offer.value_or("");
        else if (const auto* answer = std::get_if<PageAnswer>(&heard))
            page.answer = answer->sdp;
        else if (const auto* candidates = std::get_if<PageCandidates>(&heard))
            page.candidates.insert(page.candidates.end(), candidates->candidates.begin(),
                                   candidates->candidates.end());
        else if (const auto* said = std::get_if<PageNegotiate>(&heard)) {
            if (said->description.type == PageDescription::Type::offer)
                page.offer = said->description.sdp;
            else if (said->description.type == PageDescription::Type::answer)
                page.answer = said->description.sdp;
            else
                ++page.rollbacks;
        }
    }

    /// The call is set up with these descriptions, each as its page wrote it.
    void connect(const std::string& offer, const std::string& answer)
    {
        REQUIRE_FALSE(says(caller, PageInvite{ "somebody", "", { true, false }, {}, offer }));
        if (ring == Ring::by_propose) {
            REQUIRE_FALSE(says(callee, PageAccept{}));
            REQUIRE_FALSE(says(callee, PageNegotiate{ { PageDescription::Type::answer, answer } }));
        } else {
            REQUIRE_FALSE(says(callee, PageAccept{ answer }));
        }
        REQUIRE(caller.leg.state() == WebLeg::State::active);
        REQUIRE(callee.leg.state() == WebLeg::State::active);
    }

    std::optional<PageError> offers(Page& page, const std::string& sdp, bool settles = true)
    {
        page.answer.clear();
        if (settles)
            other(page).offer.clear();
        return says(page, PageNegotiate{ { PageDescription::Type::offer, sdp } }, settles);
    }
    std::optional<PageError> answers(Page& page, const std::string& sdp, bool settles = true)
    {
        return says(page, PageNegotiate{ { PageDescription::Type::answer, sdp } }, settles);
    }

    [[nodiscard]] std::string all() const
    {
        std::string out;
        for (const auto& each : log)
            out += each + '\n';
        return out;
    }

private:
    [[nodiscard]] LegIndex index(const Page& page) const
    {
        return &page == &caller ? caller_leg : callee_leg;
    }
    [[nodiscard]] std::string name(const Page& page) const { return &page == &caller ? "A " : "B "; }
    Page& to_callee() { return callee; }

    const jingle::Jingle* copied(const jingle::Jingle& jingle)
    {
        auto read = copy(jingle, arena);
        if (!read)
            throw std::runtime_error{ "what a web leg says does not read: " + read.error().what };
        return arena.make<jingle::Jingle>(*read);
    }

    void propose(const jingle::Jingle& offer)
    {
        jingle::Message message;
        message.id = "a73sjjvkla37jfea";
        for (const auto& content : offer.contents)
            if (content.rtp() != nullptr)
                message.descriptions.push_back(arena,
                                               { "urn:xmpp:jingle:apps:rtp:1", content.rtp()->media, {} });
        hand(callee, Say{ callee_leg, message });
    }

    std::deque<std::pair<Page*, WebOutput>> queue_;
    const jingle::Jingle* held_ = nullptr;
};

}  // namespace web
