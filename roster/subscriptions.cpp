#include "roster/subscriptions.hpp"

#include <algorithm>
#include <array>

namespace roster {
namespace {

using State = Subscriptions::State;

//   request        user sees contact   contact sees user, asked           answers
//   ------------   -----------------   -------------------------------- -------------------------------------
//   subscribe      yes                 as it was, or asked now            subscribed, presence; subscribe
//                                                                         if asked now
//   subscribed     as it was           if asked: sees. Else as it was     the question of the next pair
//   unsubscribe    no                  as it was; a question is dropped   unsubscribed, unavailable; if a
//                                                                         question was dropped: unsubscribe
//   unsubscribed   as it was           no; counts as asked                -
//   probe          yes                 as it was                          presence
//
// One question per user is open at a time, and who says no hears no other: the contact addresses of all his
// contacts would ask him the same. `asked` stays after a no. `subscribed` and `unsubscribed` are never
// answered to their sender's own question, so that two gateways that talk to each other come to an end.
// A probe shows that the user's server holds the subscription, whatever has become of our row (RFC
// 6121, 4.3).

struct Step {
    State next;
    std::array<std::optional<Reply>, 3> replies;
};

Step step(const State& now, Request request, bool may_ask)
{
    auto next = now;
    switch (request) {
    case Request::subscribe: {
        next.user_sees_contact = true;
        const bool asks = may_ask && !now.contact_sees_user && !now.asked;
        next.asked = now.asked || asks;
        return { next,
                 { Reply::subscribed, Reply::presence,
                   asks ? std::optional{ Reply::subscribe } : std::nullopt } };
    }
    case Request::subscribed:
        next.contact_sees_user = now.contact_sees_user || now.asked;
        next.asked = false;
        return { next, {} };
    case Request::unsubscribe:
        next.user_sees_contact = false;
        next.asked = false;
        return { next,
                 { Reply::unsubscribed, Reply::unavailable,
                   now.asked ? std::optional{ Reply::unsubscribe } : std::nullopt } };
    case Request::unsubscribed:
        next.contact_sees_user = false;
        next.asked = now.asked || now.contact_sees_user;
        return { next, {} };
    case Request::probe: next.user_sees_contact = true; return { next, { Reply::presence } };
    }
    return { next, {} };
}

/// Nobody sees anybody: nothing to keep. That he has said no does not outlive that he took us off his list.
bool is_over(const State& state)
{
    return !state.user_sees_contact && !state.contact_sees_user;
}

auto place(auto& pairs, std::string_view contact)
{
    return std::ranges::lower_bound(pairs, contact, std::less<>{}, &Subscriptions::Pair::contact);
}

bool is_at(const auto& pairs, const auto& at, std::string_view contact)
{
    return at != pairs.end() && at->contact == contact;
}

bool has_open_question(std::span<const Subscriptions::Pair> pairs)
{
    return std::ranges::any_of(pairs, [](const auto& pair) { return pair.state.asked; });
}

}  // namespace

void Subscriptions::load(std::span<const Subscription> rows)
{
    for (const auto& row : rows) {
        auto& pairs = users_[std::string{ row.user.bare() }];
        const auto at = place(pairs, row.contact.bare());
        if (is_at(pairs, at, row.contact.bare()))
            continue;
        pairs.insert(at,
                     { std::string{ row.contact.bare() },
                       { row.user_sees_contact, row.contact_sees_user, row.asked } });
        ++size_;
    }
}

std::span<const Subscriptions::Pair> Subscriptions::of(const xmpp::Jid& user) const
{
    const auto found = users_.find(user.bare());
    return found != users_.end() ? std::span<const Pair>{ found->second } : std::span<const Pair>{};
}

Subscriptions::State Subscriptions::find(const xmpp::Jid& contact, const xmpp::Jid& user) const
{
    const auto pairs = of(user);
    const auto at = place(pairs, contact.bare());
    return is_at(pairs, at, contact.bare()) ? at->state : State{};
}

void Subscriptions::keep(const xmpp::Jid& contact, const xmpp::Jid& user, State state)
{
    auto found = users_.find(user.bare());
    if (found == users_.end())
        found = users_.emplace(std::string{ user.bare() }, Pairs{}).first;
    auto& pairs = found->second;
    const auto at = place(pairs, contact.bare());
    const bool known = is_at(pairs, at, contact.bare());
    const Subscription row{ contact.to_bare(), user.to_bare(), state.user_sees_contact,
                            state.contact_sees_user, state.asked };
    if (!is_over(state) || (state.asked && !known)) {
        if (known)
            at->state = state;
        else if (pairs.size() < max_per_user && size_ < max_rows)
            pairs.insert(at, { std::string{ contact.bare() }, state }), ++size_;
        else
            return;
        if (storage_ != nullptr)
            storage_->put(row);
    } else if (known) {
        pairs.erase(at);
        --size_;
        if (storage_ != nullptr)
            storage_->erase(row);
    }
    if (pairs.empty())
        users_.erase(found);
}

Subscriptions::Answers Subscriptions::handle(Request request, const xmpp::Jid& contact, const xmpp::Jid& user)
{
    const auto now = find(contact, user);
    const auto taken = step(now, request, !has_open_question(of(user)));
    Answers answers;
    answers.changed = taken.next != now;
    if (answers.changed)
        keep(contact, user, taken.next);
    for (const auto reply : taken.replies)
        // What could not be kept is not asked for: the answer would find no question.
        if (reply && (*reply != Reply::subscribe || find(contact, user).asked))
            answers.all.push_back({ *reply, std::string{ contact.bare() } });
    if (request == Request::subscribed && answers.changed)
        ask_next(user, answers);
    return answers;
}

void Subscriptions::ask_next(const xmpp::Jid& user, Answers& answers)
{
    const auto pairs = of(user);
    if (has_open_question(pairs))
        return;
    const auto next = std::ranges::find_if(pairs, [](const Pair& pair) {
        return pair.state.user_sees_contact && !pair.state.contact_sees_user;
    });
    const auto contact = next != pairs.end() ? xmpp::Jid::parse(next->contact) : std::nullopt;
    if (!contact)
        return;
    keep(*contact, user, { true, false, true });
    answers.all.push_back({ Reply::subscribe, std::string{ contact->bare() } });
}

bool Subscriptions::ask(const xmpp::Jid& contact, const xmpp::Jid& user)
{
    auto state = find(contact, user);
    if (state.contact_sees_user || state.asked)
        return false;
    state.asked = true;
    keep(contact, user, state);
    return find(contact, user).asked;
}

Subscriptions::Answers Subscriptions::withdraw(const xmpp::Jid& contact, const xmpp::Jid& user)
{
    Answers answers;
    answers.changed = find(contact, user) != State{};
    keep(contact, user, {});
    for (const auto reply : { Reply::unsubscribe, Reply::unsubscribed })
        answers.all.push_back({ reply, std::string{ contact.bare() } });
    ask_next(user, answers);
    return answers;
}

std::optional<xmpp::Jid> Subscriptions::next_due()
{
    while (due_after_) {
        const auto next = users_.upper_bound(*due_after_);
        if (next == users_.end()) {
            due_after_.reset();
            break;
        }
        due_after_ = next->first;
        if (auto user = xmpp::Jid::parse(next->first))
            return user;
    }
    return std::nullopt;
}

}  // namespace roster
