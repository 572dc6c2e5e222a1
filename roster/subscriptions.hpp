#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "roster/rows.hpp"
#include "xmpp/jid.hpp"

namespace roster {

/// What a user's server tells a contact address of ours about their subscriptions (RFC 6121, 3).
enum class Request : std::uint8_t { subscribe, subscribed, unsubscribe, unsubscribed, probe };

/// What the contact address answers.
enum class Reply : std::uint8_t { subscribed, unsubscribed, presence, unavailable, subscribe, unsubscribe };

/// Who of the users sees which contact address, and the reverse; the table is at the head of the .cpp.
/// Contact addresses grant every subscription and ask back once. Pure; kept through `storage`. Bounded: past
/// a limit requests are answered and nothing is kept.
class Subscriptions {
public:
    static constexpr std::size_t max_per_user = 1'000;
    static constexpr std::size_t max_rows = 500'000;

    /// What a pair is to each other.
    struct State {
        bool user_sees_contact = false;
        bool contact_sees_user = false;
        bool asked = false;  ///< the contact has asked, and was not let; it does not ask again

        friend bool operator==(const State&, const State&) = default;
    };
    /// Of a user's pairs, by contact address.
    struct Pair {
        std::string contact;  ///< ours, bare
        State state;
    };
    struct Answer {
        Reply reply;
        std::string contact;  ///< bare

        friend bool operator==(const Answer&, const Answer&) = default;
    };
    struct Answers {
        bool changed = false;  ///< false: the request said what was so already
        std::vector<Answer> all;  ///< in this order
    };

    /// `storage` may be null: then nothing lasts. It must outlive this.
    explicit Subscriptions(Storage* storage = nullptr)
        : storage_{ storage }
    {
    }

    /// Puts in what was kept, at the start.
    void load(std::span<const Subscription> rows);

    Answers handle(Request request, const xmpp::Jid& contact, const xmpp::Jid& user);
    /// The contact wants to see the user, who has not asked for it: a call link and its owner. True when the
    /// question is to be sent.
    bool ask(const xmpp::Jid& contact, const xmpp::Jid& user);

    /// The contact is no more: what it tells the user, and whom the user is asked about next.
    Answers withdraw(const xmpp::Jid& contact, const xmpp::Jid& user);

    [[nodiscard]] State find(const xmpp::Jid& contact, const xmpp::Jid& user) const;
    [[nodiscard]] std::span<const Pair> of(const xmpp::Jid& user) const;
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// All users are due again.
    void start_over() { due_after_ = std::string{}; }
    /// The next user that is due; empty when none is.
    [[nodiscard]] std::optional<xmpp::Jid> next_due();

private:
    using Pairs = std::vector<Pair>;  ///< sorted by contact

    void keep(const xmpp::Jid& contact, const xmpp::Jid& user, State state);
    void ask_next(const xmpp::Jid& user, Answers& answers);

    Storage* storage_;
    std::map<std::string, Pairs, std::less<>> users_;
    std::size_t size_ = 0;
    std::optional<std::string> due_after_;  ///< users behind this one are due; absent: none is
};

}  // namespace roster
