#include "component/card_desk.hpp"

#include "roster/contact.hpp"
#include "xmpp/ns.hpp"

namespace component {
namespace {

namespace ns = xmpp::ns;

std::optional<Card> card_in(const xmpp::Element* reply)
{
    if (reply == nullptr || reply->attribute_or_empty("type") != "result")
        return std::nullopt;
    const auto* const vcard = reply->child("vCard", ns::vcard);
    return vcard != nullptr ? std::optional{ Card::from_element(*vcard) } : std::nullopt;
}

}  // namespace

void CardDesk::want(const Asker& asker, StanzaTurn& turn)
{
    if (const auto contact = roster::contact_of(asker.own))
        (void)ask(contact->user, asker, turn);
}

bool CardDesk::take_request(const xmpp::Element& iq, const xmpp::Jid& own, const xmpp::Jid& peer,
                            StanzaTurn& turn)
{
    const auto* const question = iq.first_child();
    const auto contact = roster::contact_of(own);
    if (!contact || question == nullptr || !question->is("vCard", ns::vcard)
        || iq.attribute_or_empty("type") != "get")
        return false;
    const Asker asker{ own, peer, std::string{ iq.attribute_or_empty("id") } };
    const bool may = requests_.take(peer.bare(), turn.now);
    over_limit_ += may ? 0 : 1;
    if (!may || !ask(contact->user, asker, turn))
        send(asker, turn);
    return true;
}

/// True when the user is asked, and the asker will hear of it.
bool CardDesk::ask(const xmpp::Jid& user, const Asker& asker, StanzaTurn& turn)
{
    if (cards_.find(user, turn.now).fresh || !options_.may_ask(asker.peer.to_bare(), user))
        return false;
    const auto asked = askers_.find(user.bare());
    if (asked != askers_.end() ? asked->second.size() >= max_askers : askers_.size() >= max_questions) {
        ++over_limit_;
        return false;
    }
    if (asked != askers_.end()) {
        asked->second.push_back(asker);
        return true;
    }
    const auto id
        = questions_.track(user, turn.now + IqTracker::answer_timeout, [this, user](const auto* reply) {
              answered_.push_back({ user, card_in(reply) });
          });
    if (!id)
        return false;
    askers_[std::string{ user.bare() }].push_back(asker);
    // By the domain, which is nobody's contact: what it is told may be told to everybody.
    turn.add_iq("get", *id, options_.domain, user.bare()).add(turn.arena, "vCard", ns::vcard);
    return true;
}

std::vector<CardDesk::Asker> CardDesk::tell(StanzaTurn& turn)
{
    Askers shown;
    for (auto& [user, card] : std::exchange(answered_, {})) {
        const auto* const old = find(user, turn.now);
        const auto until = turn.now + (card ? Cards::lifetime : Cards::lifetime_of_none);
        cards_.put(user, card ? *std::move(card) : old != nullptr ? *old : Card{}, until);
        const auto askers = askers_.extract(std::string{ user.bare() });
        if (askers.empty())
            continue;
        const bool known = *find(user, turn.now) != Card{};
        for (auto& asker : askers.mapped())
            if (!asker.id.empty())
                send(asker, turn);
            else if (known)
                shown.push_back(std::move(asker));
    }
    return shown;
}

void CardDesk::send(const Asker& asker, StanzaTurn& turn)
{
    const auto contact = roster::contact_of(asker.own);
    if (!contact)
        return;
    const Card none;
    const auto* const card = find(contact->user, turn.now);
    auto& iq = turn.add_iq("result", asker.id, asker.own.full(), asker.peer.full());
    (card != nullptr ? *card : none).append_to(iq, contact->user, turn.arena);
}

}  // namespace component
