#include "component/presence.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "jingle/profile.hpp"
#include "roster/contact.hpp"
#include "xmpp/ns.hpp"

namespace component {
namespace {

namespace ns = xmpp::ns;

using roster::Reply;
using roster::Request;

template <class Value>
struct Word {
    std::string_view text;
    Value value;
};

constexpr std::array<Word<Request>, 5> request_words{ {
    { "subscribe", Request::subscribe },
    { "subscribed", Request::subscribed },
    { "unsubscribe", Request::unsubscribe },
    { "unsubscribed", Request::unsubscribed },
    { "probe", Request::probe },
} };

constexpr std::array<Word<roster::Show>, 4> show_words{ {
    { "chat", roster::Show::chat },
    { "away", roster::Show::away },
    { "xa", roster::Show::extended_away },
    { "dnd", roster::Show::do_not_disturb },
} };

template <class Words>
auto find_word(const Words& words, std::string_view text)
{
    const auto found = std::ranges::find(words, text, [](const auto& word) { return word.text; });
    return found != words.end() ? std::optional{ found->value } : std::nullopt;
}

/// What a presence says; what is malformed in it counts as not said.
roster::DevicePresence read_presence(const xmpp::Element& presence)
{
    roster::DevicePresence read;
    if (const auto* const show = presence.child("show", ns::component))
        read.show = find_word(show_words, show->text).value_or(roster::Show::available);
    if (const auto* const priority = presence.child("priority", ns::component)) {
        const auto text = priority->text;
        std::int8_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc{} && end == text.data() + text.size())
            read.priority = value;
    }
    if (const auto* const c = presence.child("c", ns::caps))
        if (const auto caps = xmpp::Caps::from_element(*c))
            read.caps = *caps;
    return read;
}

xmpp::Element* make_iq(std::string_view type, std::string_view id, std::string_view from, std::string_view to,
                       base::Arena& arena)
{
    auto* iq = xmpp::Element::create(arena, "iq", ns::component);
    iq->set(arena, "type", type);
    iq->set(arena, "id", arena.copy(id));
    iq->set(arena, "from", arena.copy(from));
    iq->set(arena, "to", arena.copy(to));
    return iq;
}

std::string_view word_of(Reply reply)
{
    switch (reply) {
    case Reply::subscribed: return "subscribed";
    case Reply::unsubscribed: return "unsubscribed";
    case Reply::unavailable: return "unavailable";
    case Reply::subscribe: return "subscribe";
    case Reply::unsubscribe: return "unsubscribe";
    case Reply::presence: break;
    }
    return {};
}

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
    , devices_{ [](std::string_view node, std::string_view name) {
        return std::string{ jingle::profile_of(node, name).id };
    } }
    , questions_{ options_.id_prefix }
{
}

void Presence::received(const xmpp::Element& presence, const xmpp::Jid& own, const xmpp::Jid& peer,
                        Turn& turn)
{
    if (!answers_.stands_for_somebody(own))
        return;
    const auto type = presence.attribute_or_empty("type");
    if (const auto request = find_word(request_words, type)) {
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
    if (!shown.kept)
        return;
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
    if (!answers.changed && request != Request::probe && !repeats_.take(peer.bare(), turn.now))
        return;
    for (const auto& answer : answers.all)
        say(answer, request == Request::probe ? peer : peer.to_bare(), turn);
    if (request == Request::unsubscribed) {
        devices_.unavailable(peer.to_bare(), own);
        update_reach(peer, turn);
    }
    const auto contact = roster::contact_of(own);
    if (request == Request::subscribe && contact)
        ask_card(contact->user, { own, peer.to_bare(), {} }, turn);
}

void Presence::say(const roster::Subscriptions::Answer& answer, const xmpp::Jid& peer, Turn& turn)
{
    const auto own = xmpp::Jid::parse(answer.contact);
    if (!own)
        return;
    if (answer.reply == Reply::presence)
        return show(*own, peer, turn);
    const auto contact = roster::contact_of(*own);
    const auto card = contact ? card_of(contact->user, turn.now) : Card{};
    const auto own_name = answers_.name_of(*own).value_or(std::string{});
    auto name = card.shown_name();
    if (name.empty())
        name = contact ? contact->user.bare() : std::string_view{ own_name };
    turn.out.push_back(Answers::subscription(word_of(answer.reply), *own, peer, name, turn.arena));
}

void Presence::show(const xmpp::Jid& own, const xmpp::Jid& peer, Turn& turn)
{
    Look look;
    look.reachable = is_reachable(own, peer);
    const auto contact = roster::contact_of(own);
    if (!contact) {
        const auto name = answers_.name_of(own).value_or(std::string{});
        look.name = name;
        turn.out.push_back(answers_.presence(own, peer, look, turn.arena));
        return;
    }
    const auto* const card = cards_.find(contact->user, turn.now).card;
    look.name = contact->user.bare();
    if (card != nullptr) {
        if (!card->shown_name().empty())
            look.name = card->shown_name();
        look.photo = card->photo_hash;
    }
    turn.out.push_back(answers_.presence(own, peer, look, turn.arena));
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
}

std::optional<Presence::Clock::time_point> Presence::deadline() const
{
    auto next = questions_.deadline();
    const auto earlier = [&next](Clock::time_point other) { next = next ? std::min(*next, other) : other; };
    if (!leaving_.empty())
        earlier(leaving_.front().first);
    if (forget_unseen_)
        earlier(*forget_unseen_);
    return next;
}

void Presence::pass_time(Turn& turn)
{
    turn_ = &turn;
    questions_.expire(turn.now);
    turn_ = nullptr;
    if (forget_unseen_ && *forget_unseen_ <= turn.now) {
        forget_unseen_.reset();
        for (const auto& user : devices_.forget_unseen()) {
            update_reach(user, turn);
            tell_change(user);
        }
    }
    while (!leaving_.empty() && leaving_.front().first <= turn.now) {
        const auto user = std::move(leaving_.front().second);
        leaving_.pop_front();
        const auto shown = reach_.find(user.bare());
        if (shown == reach_.end())
            continue;
        shown->second.leaving = false;
        if (!shown->second.here || devices_.can_be_called(user) != false)
            continue;
        shown->second.here = false;
        show_reach(user, turn);
    }
    ask_clients(turn);
}

bool Presence::take_reply(const xmpp::Element& iq, Turn& turn)
{
    turn_ = &turn;
    const bool taken = questions_.take(iq);
    turn_ = nullptr;
    if (taken)
        ask_clients(turn);
    return taken;
}

// --- What clients can do

void Presence::ask_clients(Turn& turn)
{
    while (auto question = caps_.next_question(turn.now)) {
        const auto id = questions_.track(
            question->whom, turn.now + answer_timeout,
            [this, asked = *question](const xmpp::Element* reply) { on_disco(asked, reply); });
        if (!id) {
            caps_.answered(*question, nullptr, turn.now);
            return;
        }
        auto* iq = make_iq("get", *id, asking_address(question->whom, turn.arena), question->whom.full(),
                           turn.arena);
        auto& query = iq->add(turn.arena, "query", ns::disco_info);
        if (!question->node.empty())
            query.set(turn.arena, "node", turn.arena.copy(question->node));
        turn.out.push_back(iq);
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
    const auto outcome = caps_.answered(question, info ? &*info : nullptr, turn.now);
    if (outcome.own)
        devices_.learn(question.whom, outcome.own);
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
    const auto shown = reach_.find(contact->user.bare());
    if (shown == reach_.end() || shown->second.here)
        return true;
    const auto seen_as = address_of(watcher, options_.domain);
    return !seen_as || !subscriptions_.find(*seen_as, contact->user).contact_sees_user;
}

void Presence::update_reach(const xmpp::Jid& user, Turn& turn)
{
    const auto pairs = subscriptions_.of(user);
    const bool lets = std::ranges::any_of(pairs, [](const auto& p) { return p.state.contact_sees_user; });
    if (!lets) {
        reach_.erase(std::string{ user.bare() });
        return;
    }
    const auto can = devices_.can_be_called(user);
    if (!can)
        return;
    auto& shown = reach_[std::string{ user.bare() }];
    if (*can && !shown.here) {
        shown.here = true;
        show_reach(user, turn);
    } else if (!*can && shown.here && !std::exchange(shown.leaving, true)) {
        leaving_.emplace_back(turn.now + away_delay, user.to_bare());
    }
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

Card Presence::card_of(const xmpp::Jid& user, Clock::time_point now)
{
    const auto found = cards_.find(user, now);
    return found.card != nullptr ? *found.card : Card{};
}

bool Presence::take_request(const xmpp::Element& iq, const xmpp::Jid& own, const xmpp::Jid& peer, Turn& turn)
{
    const auto* const question = iq.first_child();
    const auto contact = roster::contact_of(own);
    if (!contact || question == nullptr || !question->is("vCard", ns::vcard)
        || iq.attribute_or_empty("type") != "get")
        return false;
    const CardAsker asker{ own, peer, std::string{ iq.attribute_or_empty("id") } };
    if (!card_requests_.take(peer.bare(), turn.now) || !ask_card(contact->user, asker, turn))
        send_card(asker, turn);
    return true;
}

/// True when the user is asked, and the asker will hear of it.
bool Presence::ask_card(const xmpp::Jid& user, CardAsker asker, Turn& turn)
{
    if (cards_.find(user, turn.now).fresh || !options_.may_ask(asker.peer.to_bare(), user))
        return false;
    if (const auto asked = card_askers_.find(user.bare()); asked != card_askers_.end()) {
        if (asked->second.size() >= max_card_askers)
            return false;
        asked->second.push_back(std::move(asker));
        return true;
    }
    if (card_askers_.size() >= max_card_questions)
        return false;
    const auto id = questions_.track(user, turn.now + answer_timeout,
                                     [this, user](const xmpp::Element* reply) { on_card(user, reply); });
    if (!id)
        return false;
    card_askers_[std::string{ user.bare() }].push_back(std::move(asker));
    // By the domain, which is nobody's contact: what it is told may be told to everybody.
    auto* iq = make_iq("get", *id, options_.domain, user.bare(), turn.arena);
    iq->add(turn.arena, "vCard", ns::vcard);
    turn.out.push_back(iq);
    return true;
}

void Presence::on_card(const xmpp::Jid& user, const xmpp::Element* reply)
{
    auto& turn = *turn_;
    const auto* const vcard = reply != nullptr && reply->attribute_or_empty("type") == "result"
        ? reply->child("vCard", ns::vcard)
        : nullptr;
    if (vcard != nullptr)
        cards_.put(user, Card::from_element(*vcard), turn.now + Cards::lifetime);
    else
        cards_.put(user, card_of(user, turn.now), turn.now + Cards::lifetime_of_none);
    const auto askers = card_askers_.extract(std::string{ user.bare() });
    if (askers.empty())
        return;
    const auto card = card_of(user, turn.now);
    for (const auto& asker : askers.mapped()) {
        if (!asker.id.empty())
            send_card(asker, turn);
        else if (card != Card{} && subscriptions_.find(asker.own, asker.peer).user_sees_contact)
            show(asker.own, asker.peer, turn);
    }
}

void Presence::send_card(const CardAsker& asker, Turn& turn)
{
    const auto contact = roster::contact_of(asker.own);
    if (!contact)
        return;
    auto* iq = make_iq("result", asker.id, asker.own.full(), asker.peer.full(), turn.arena);
    card_of(contact->user, turn.now).append_to(*iq, contact->user, turn.arena);
    turn.out.push_back(iq);
}

}  // namespace component
