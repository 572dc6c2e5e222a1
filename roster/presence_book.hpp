#pragma once

#include <cstddef>
#include <optional>
#include <set>

#include "xmpp/jid.hpp"

namespace roster {

/// Who has been shown presence of which contact address: after a reconnect each is shown it again, since the
/// server tells nobody that a component went and came. Bounded; the newest is not taken when it is full.
class PresenceBook {
public:
    static constexpr std::size_t max_entries = 200'000;

    struct Entry {
        xmpp::Jid contact;  ///< ours, bare
        xmpp::Jid peer;  ///< bare for who subscribes or probes, full for directed presence

        friend auto operator<=>(const Entry&, const Entry&) = default;
    };

    /// True when this is new; false when it is known or the book is full.
    bool shown(const xmpp::Jid& contact, const xmpp::Jid& peer);
    void forget(const xmpp::Jid& contact, const xmpp::Jid& peer);

    /// All entries are due again.
    void start_over();
    /// The next entry that is due; empty when none is.
    [[nodiscard]] std::optional<Entry> next_due();
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

private:
    std::set<Entry> entries_;
    std::optional<Entry> due_after_;  ///< entries behind this one are due; absent: none is
};

}  // namespace roster
