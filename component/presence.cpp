#include "component/presence.hpp"

#include <algorithm>
#include <utility>

#include "component/presence_words.hpp"
#include "jingle/profile.hpp"
#include "roster/contact.hpp"
#include "xmpp/ns.hpp"

namespace component {
namespace {

namespace ns = xmpp::ns;

using roster::Reply;
using roster::Request;

/// The address of ours that stands for `user`, bare.
std::optional<xmpp::Jid> address_of(const xmpp::Jid& user, std::string_view domain)
{
    const auto address = roster::contact_address(user.to_bare(), domain);
    return address ? std::optional{ address->to_bare() } : std::nullopt;
}

}  // namespace

Presence::Presence(PresenceOptions options, const Answers& answers, roster::Storage* storage)
    : options_{ std::move(options) }
    , answers_{ answers }
    , subscriptions_{ storage }
    , devices_{ [](std::string_view node, const roster::Abilities& abilities) {
        std::vector<std::string_view> features;
        if (abilities.carry)
            features.push_back(xmpp::ns::carry);
        if (abilities.ice_tcp)
            features.push_back(xmpp::ns::ice);
        return std::string{ jingle::with_features(jingle::profile_of(node, abilities.name), features).id };
    } }
    , questions_{ options_.id_prefix }
    , cards_{ { options_.domain, options_.may_ask }, questions_ }
{
}

void Presence::received(const xmpp::Element& presence, const xmpp::Jid& own, const xmpp::Jid& peer,
                        Turn& turn)
{
    if (!answers_.stands_for_somebody(own))
        return;
    const auto type = presence.attribute_or_empty("type");
    if (const auto request = request_of(type)) {
        on_request(*request, own, peer, turn);
    } else if (type.empty()) {
        on_available(presence, own, peer, turn);
    } else if (type == "unavailable") {
        devices_.unavailable(peer, own);
        update_reach(peer, turn);
    } else if (type == "error") {
        // What we said did not get there: neither would a call.
        if (devices_.forget(peer))
            update_reach(peer, turn);
    }
    tell_change(peer);
    ask_clients(turn);
}

void Presence::on_available(const xmpp::Element& presence, const xmpp::Jid& own, const xmpp::Jid& peer,
                            Turn& turn)
{
    const auto shown = devices_.available(peer, own, read_presence(presence), caps_, turn.now);
    if (!shown.kept) {
        over_limit_ += peer.is_full() ? 1 : 0;
        return;
    }
    if (shown.first_to_address) {
        // Directed presence is answered once, or two gateways would answer each other for ever. Who is
        // subscribed to gets ours by the subscription.
        const auto state = subscriptions_.find(own, peer);
        if (!state.contact_sees_user && !state.user_sees_contact && repeats_.take(peer.bare(), turn.now))
            show(own, peer, turn);
    }
    // Away and back, which is most of all presence, changes nothing for anybody else.
    if (shown.other || shown.first_to_address)
        update_reach(peer, turn);
}

void Presence::on_request(Request request, const xmpp::Jid& own, const xmpp::Jid& peer, Turn& turn)
{
    const auto answers = subscriptions_.handle(request, own, peer);
    // A probe is answered at each login, for each contact; what else changes nothing may be a loop.
    if (!answers.changed && request != Request::probe && !repeats_.take(peer.bare(), turn.now)) {
        ++over_limit_;
        return;
    }
    for (const auto& answer : answers.all)
        say(answer, request == Request::probe ? peer : peer.to_bare(), turn);
    if (request == Request::unsubscribed) {
        devices_.unavailable(peer.to_bare(), own);
        update_reach(peer, turn);
    }
    if (request == Request::subscribe)
        cards_.want({ own, peer.to_bare() }, turn);
}

void Presence::say(const roster::Subscriptions::Answer& answer, const xmpp::Jid& peer, Turn& turn)
{
    const auto own = xmpp::Jid::parse(answer.contact);
    if (!own)
        return;
    if (answer.reply == Reply::presence)
        return show(*own, peer, turn);
    turn.out.push_back(
        Answers::subscription(word_of(answer.reply), *own, peer, name_of(*own, turn.now), turn.arena));
}

void Presence::show(const xmpp::Jid& own, const xmpp::Jid& peer, Turn& turn)
{
    const auto contact = roster::contact_of(own);
    const auto* const card = contact ? cards_.find(contact->user, turn.now) : nullptr;
    const auto name = name_of(own, turn.now);
    Look look;
    look.reachable = is_reachable(own, peer);
    look.name = name;
    if (card != nullptr)
        look.photo = card->photo_hash;
    turn.out.push_back(answers_.presence(own, peer, look, turn.arena));
}

std::string Presence::name_of(const xmpp::Jid& own, Clock::time_point now)
{
    const auto contact = roster::contact_of(own);
    if (!contact)
        return answers_.name_of(own).value_or(std::string{});
    const auto* const card = cards_.find(contact->user, now);
    const auto name = card != nullptr ? card->shown_name() : std::string_view{};
    return std::string{ name.empty() ? contact->user.bare() : name };
}

void Presence::ask(const xmpp::Jid& contact, const xmpp::Jid& user, Turn& turn)
{
    if (subscriptions_.ask(contact, user))
        say({ Reply::subscribe, std::string{ contact.bare() } }, user.to_bare(), turn);
}

void Presence::withdraw(const xmpp::Jid& contact, const xmpp::Jid& user, Turn& turn)
{
    for (const auto& answer : subscriptions_.withdraw(contact, user).all)
        say(answer, user.to_bare(), turn);
    devices_.unavailable(user.to_bare(), contact);
    update_reach(user, turn);
}

void Presence::start_over()
{
    subscriptions_.start_over();
    devices_.start_over();
    forget_unseen_.reset();
}

bool Presence::say_again(Turn& turn)
{
    const auto user = subscriptions_.next_due();
    if (!user) {
        forget_unseen_ = turn.now + unseen_delay;
        return false;
    }
    // One address that sees him is enough to learn of his devices, and so is one probe.
    bool probed = false;
    for (const auto& pair : subscriptions_.of(*user)) {
        const auto own = xmpp::Jid::parse(pair.contact);
        if (own && pair.state.user_sees_contact)
            show(*own, *user, turn);
        if (own && pair.state.contact_sees_user && !std::exchange(probed, true))
            turn.out.push_back(Answers::subscription("probe", *own, *user, {}, turn.arena));
    }
    return true;
}

void Presence::link_lost(Clock::time_point now)
{
    base::Arena arena;
    // Nobody refused to answer, so that nobody's pause begins.
    Turn lost{ arena, now - roster::CapsCache::pause };
    turn_ = &lost;
    questions_.expire_all();
    turn_ = nullptr;
    static_cast<void>(cards_.tell(lost));
}

std::optional<Presence::Clock::time_point> Presence::deadline() const
{
    auto next = questions_.deadline();
    const auto earlier = [&next](Clock::time_point other) { next = next ? std::min(*next, other) : other; };
    if (const auto leaving = reach_.deadline())
        earlier(*leaving);
    if (forget_unseen_)
        earlier(*forget_unseen_);
    return next;
}

void Presence::pass_time(Turn& turn)
{
    turn_ = &turn;
    questions_.expire(turn.now);
    turn_ = nullptr;
    tell_cards(turn);
    if (forget_unseen_ && *forget_unseen_ <= turn.now) {
        forget_unseen_.reset();
        for (const auto& user : devices_.forget_unseen()) {
            update_reach(user, turn);
            tell_change(user);
        }
    }
    const auto is_gone = [this](const xmpp::Jid& user) { return devices_.can_be_called(user) == false; };
    while (const auto gone = reach_.next_gone(turn.now, is_gone))
        show_reach(*gone, turn);
    ask_clients(turn);
}

bool Presence::take_reply(const xmpp::Element& iq, Turn& turn)
{
    turn_ = &turn;
    const bool taken = questions_.take(iq);
    turn_ = nullptr;
    if (taken) {
        tell_cards(turn);
        ask_clients(turn);
    }
    return taken;
}

// --- What clients can do

void Presence::ask_clients(Turn& turn)
{
    while (auto question = caps_.next_question(turn.now)) {
        const auto id = questions_.track(
            question->whom, turn.now + IqTracker::answer_timeout,
            [this, asked = *question](const xmpp::Element* reply) { on_disco(asked, reply); });
        if (!id) {
            caps_.answered(*question, nullptr, turn.now);
            return;
        }
        auto& iq = turn.add_iq("get", *id, asking_address(question->whom, turn.arena), question->whom.full());
        auto& query = iq.add(turn.arena, "query", ns::disco_info);
        if (!question->node.empty())
            query.set(turn.arena, "node", turn.arena.copy(question->node));
    }
}

/// Some clients answer only whom they show their presence to.
std::string_view Presence::asking_address(const xmpp::Jid& user, base::Arena& arena) const
{
    for (const auto& pair : subscriptions_.of(user))
        if (pair.state.contact_sees_user)
            return arena.copy(pair.contact);
    return arena.copy(options_.domain);
}

void Presence::on_disco(const roster::CapsCache::Question& question, const xmpp::Element* reply)
{
    auto& turn = *turn_;
    std::optional<xmpp::DiscoInfo> info;
    if (reply != nullptr && reply->attribute_or_empty("type") == "result")
        if (const auto* const query = reply->child("query", ns::disco_info))
            if (auto read = xmpp::DiscoInfo::from_element(*query, turn.arena))
                info = *read;
    // Who went while he was asked has not refused to answer, so that no pause begins.
    const auto at = devices_.knows(question.whom) ? turn.now : turn.now - roster::CapsCache::pause;
    const auto outcome = caps_.answered(question, info ? &*info : nullptr, at);
    if (outcome.own) {
        ++false_caps_;
        devices_.learn(question.whom, outcome.own);
    }
    for (const auto& device : outcome.learnt) {
        update_reach(device, turn);
        tell_change(device);
    }
}

// --- Whether somebody can be called

bool Presence::is_reachable(const xmpp::Jid& own, const xmpp::Jid& watcher) const
{
    const auto contact = roster::contact_of(own);
    if (!contact)
        return true;
    if (reach_.is_here(contact->user))
        return true;
    const auto seen_as = address_of(watcher, options_.domain);
    return !seen_as || !subscriptions_.find(*seen_as, contact->user).contact_sees_user;
}

void Presence::update_reach(const xmpp::Jid& user, Turn& turn)
{
    const auto pairs = subscriptions_.of(user);
    const bool lets = std::ranges::any_of(pairs, [](const auto& p) { return p.state.contact_sees_user; });
    if (!lets)
        return reach_.forget(user);
    // As long as nobody knows what his devices can, he is here, as everybody is by default.
    if (reach_.update(user, devices_.can_be_called(user).value_or(true), turn.now))
        show_reach(user, turn);
}

/// To those whose contact addresses he lets see him.
void Presence::show_reach(const xmpp::Jid& user, Turn& turn)
{
    const auto own = address_of(user, options_.domain);
    if (!own)
        return;
    for (const auto& pair : subscriptions_.of(user)) {
        const auto address = xmpp::Jid::parse(pair.contact);
        const auto watcher = address ? roster::contact_of(*address) : std::nullopt;
        if (watcher && pair.state.contact_sees_user
            && subscriptions_.find(*own, watcher->user).user_sees_contact)
            show(*own, watcher->user, turn);
    }
}

// --- Names and pictures

bool Presence::take_request(const xmpp::Element& iq, const xmpp::Jid& own, const xmpp::Jid& peer, Turn& turn)
{
    return cards_.take_request(iq, own, peer, turn);
}

void Presence::tell_cards(Turn& turn)
{
    for (const auto& asker : cards_.tell(turn))
        if (subscriptions_.find(asker.own, asker.peer).user_sees_contact)
            show(asker.own, asker.peer, turn);
}

}  // namespace component
