#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "roster/caps_cache.hpp"
#include "roster/directory.hpp"
#include "xmpp/jid.hpp"

namespace roster {

/// RFC 6121, 4.7.2.1.
enum class Show : std::uint8_t { available, chat, away, extended_away, do_not_disturb };

/// What an available presence says of its sender.
struct DevicePresence {
    Show show = Show::available;
    std::int8_t priority = 0;
    std::optional<xmpp::Caps> caps;
};

/// The XMPP clients of users, by the presence they show to any address of ours. Bounded; a device beyond a
/// limit is not known, and is reached as one that shows no presence: by the propose to the bare address.
class Devices final : public DeviceSource {
public:
    static constexpr std::size_t max_per_user = 32;
    static constexpr std::size_t max_devices = 500'000;
    static constexpr std::size_t max_addresses = 1'000;  ///< of ours that one device shows itself to
    static constexpr std::size_t max_nodes = 4'096;  ///< caps nodes that are told apart

    /// The id of the profile of a client with this caps node that says this of itself.
    using ProfileOf = std::function<std::string(std::string_view node, const Abilities& abilities)>;

    explicit Devices(ProfileOf profile_of);

    /// What an available presence changed.
    struct Shown {
        bool kept = false;  ///< false: past a limit
        bool first_to_address = false;  ///< this address of ours had not been shown it
        bool other = false;  ///< it is new, or is another client than it was
    };
    /// `device` (full) shows itself to `own`. `cache` is asked for what its caps mean.
    Shown available(const xmpp::Jid& device, const xmpp::Jid& own, const DevicePresence& presence,
                    CapsCache& cache, Clock::time_point now);
    /// A device, or all of a user's when `gone` is bare, does not show itself to `own` any more; who shows
    /// itself to nobody is forgotten. True when one was.
    bool unavailable(const xmpp::Jid& gone, const xmpp::Jid& own);
    /// The same for all addresses of ours: its server cannot be reached.
    bool forget(const xmpp::Jid& gone);
    /// What `device` alone has answered.
    void learn(const xmpp::Jid& device, KnowledgeRef knowledge);

    /// From now on each device is to be seen again: the link was away, and nobody says what went meanwhile.
    void start_over() noexcept { ++generation_; }
    /// Forgets what has not been seen since start_over(); their users.
    std::vector<xmpp::Jid> forget_unseen();

    /// Whether `user` (bare) has a device here that takes calls; empty while that cannot be said.
    [[nodiscard]] std::optional<bool> can_be_called(const xmpp::Jid& user) const;
    /// Those that take calls by session-initiate alone. What knows Message Initiation is reached by the
    /// propose to the bare address: the server hands it to the resources of the highest priority and
    /// carbons bring it to all others, so a second one to the full JID would ring twice.
    void append_devices(const xmpp::Jid& user, std::vector<Device>& all) const override;
    /// One that has not been asked yet may.
    [[nodiscard]] std::vector<std::string> hearing(const xmpp::Jid& user) const override;
    void append_hearing(const xmpp::Jid& user, std::vector<Device>& all) const override;
    /// Whatever is known of `user`'s devices, callable or not: for people to choose from.
    struct Seen {
        std::string resource;
        Show show = Show::available;
        std::int8_t priority = 0;
        std::optional<Abilities> abilities;

        friend bool operator==(const Seen&, const Seen&) = default;
    };
    [[nodiscard]] std::vector<Seen> seen(const xmpp::Jid& user) const;
    /// Id of the profile of a device; empty when nothing is known about it.
    [[nodiscard]] std::string profile_of(const xmpp::Jid& device) const;

    [[nodiscard]] bool knows(const xmpp::Jid& device) const { return find(device) != nullptr; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t users() const noexcept { return users_.size(); }

private:
    struct Entry {
        std::string resource;
        KnowledgeRef knowledge;
        std::vector<std::uint64_t> addresses;  ///< hashes of those of ours that it shows itself to
        std::uint64_t caps = 0;  ///< hash of what it shows
        std::uint32_t generation = 0;
        std::uint16_t node = 0;
        std::int8_t priority = 0;
        Show show = Show::available;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Users = std::unordered_map<std::string, std::vector<Entry>, Hash, std::equal_to<>>;

    Entry* find(const xmpp::Jid& device);
    [[nodiscard]] const Entry* find(const xmpp::Jid& device) const;
    Entry* find_or_add(const xmpp::Jid& device);
    std::uint16_t intern(std::string_view node);
    [[nodiscard]] std::string profile(const Entry& entry) const;
    void append(const xmpp::Jid& user, bool message_initiation, std::vector<Device>& all) const;
    template <class Predicate>
    bool erase_if(Users::iterator user, Predicate predicate);

    ProfileOf profile_of_;
    Users users_;
    std::size_t size_ = 0;
    std::uint32_t generation_ = 0;
    std::vector<std::string> nodes_;  ///< the first is empty: none, or one too many
    std::unordered_map<std::string, std::uint16_t, Hash, std::equal_to<>> node_numbers_;
};

}  // namespace roster
