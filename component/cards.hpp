#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/arena.hpp"
#include "xmpp/element.hpp"
#include "xmpp/jid.hpp"

namespace component {

/// What a user's vCard says that a contact address passes on: names and the picture (XEP-0054). The names are
/// plain, and none that looks like an address (jingle/call/nick).
struct Card {
    std::string name;  ///< FN
    std::string nickname;
    std::string photo_type;  ///< of the picture; only kinds that are pictures and nothing else
    std::string photo;  ///< base64 without blanks; empty: none, or too large
    std::string photo_hash;  ///< XEP-0153: SHA-1 of the picture, in hexadecimal digits

    static constexpr std::size_t max_photo = std::size_t{ 128 } * 1024;  ///< of base64

    /// Whatever of `vcard` is fit to be passed on.
    [[nodiscard]] static Card from_element(const xmpp::Element& vcard);
    /// Appends the <vCard/> of the contact address that stands for `user`.
    void append_to(xmpp::Element& result, const xmpp::Jid& user, base::Arena& arena) const;

    /// What the user is called; empty when the card does not tell.
    [[nodiscard]] std::string_view shown_name() const noexcept { return nickname.empty() ? name : nickname; }

    friend bool operator==(const Card&, const Card&) = default;
};

/// The cards of users, as far as anybody may see them. Bounded by number and by bytes; the one used longest
/// ago is forgotten.
class Cards {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::size_t max_cards = 4'000;
    static constexpr std::size_t max_bytes = std::size_t{ 16 } * 1024 * 1024;
    static constexpr std::chrono::hours lifetime{ 1 };
    static constexpr std::chrono::minutes lifetime_of_none{ 10 };  ///< when there was no answer with a card

    struct Found {
        const Card* card = nullptr;  ///< also when it is old; valid until the next put()
        bool fresh = false;  ///< false: worth asking again
    };
    [[nodiscard]] Found find(const xmpp::Jid& user, Clock::time_point now);
    void put(const xmpp::Jid& user, Card card, Clock::time_point fresh_until);

    [[nodiscard]] std::size_t size() const noexcept { return by_user_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    struct Entry {
        std::string user;
        Card card;
        Clock::time_point fresh_until;
    };

    void forget(std::list<Entry>::iterator at);

    std::list<Entry> entries_;  ///< the one used last is the first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_user_;
    std::size_t bytes_ = 0;
};

}  // namespace component
