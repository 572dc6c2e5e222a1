#include "roster/presence_book.hpp"

namespace roster {

bool PresenceBook::shown(const xmpp::Jid& contact, const xmpp::Jid& peer)
{
    Entry entry{ contact.to_bare(), peer };
    if (entries_.size() >= max_entries)
        return false;
    return entries_.insert(std::move(entry)).second;
}

void PresenceBook::forget(const xmpp::Jid& contact, const xmpp::Jid& peer)
{
    entries_.erase({ contact.to_bare(), peer });
}

void PresenceBook::start_over()
{
    due_after_ = Entry{};  // Sorts before every real one.
}

std::optional<PresenceBook::Entry> PresenceBook::next_due()
{
    if (!due_after_)
        return std::nullopt;
    const auto next = entries_.upper_bound(*due_after_);
    if (next == entries_.end()) {
        due_after_.reset();
        return std::nullopt;
    }
    due_after_ = *next;
    return *next;
}

}  // namespace roster
