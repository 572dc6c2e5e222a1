#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "jingle/candidate_policy.hpp"
#include "jingle/trait.hpp"

namespace jingle {

/// What is known about one kind of client. Pure data: the table is in profile_table.cpp, docs/interop.md
/// shows it.
struct Profile {
    std::string_view id;  ///< "conversations": what --for and the configuration take
    std::string_view title;  ///< for people
    std::string_view seen;  ///< versions, and how we know
    Traits traits;
    /// Name of the disco identity, as a prefix and in any case: "Conversations" covers "Conversations 2.17".
    std::span<const std::string_view> identities;
    /// Caps node without the version, as a prefix in any case.
    std::span<const std::string_view> nodes;
    std::string_view remarks;  ///< for people: what is done elsewhere, or cannot be helped

    [[nodiscard]] constexpr bool has(Trait trait) const noexcept { return traits.has(trait); }
};

/// All profiles; the first is the default one: plain XEP form without TCP candidates (decision: a client's
/// row only subtracts or rewrites).
[[nodiscard]] std::span<const Profile> profiles() noexcept;
[[nodiscard]] const Profile& default_profile() noexcept;
/// Our own endpoints (web clients, another Carillon): everything is allowed, the carry included.
[[nodiscard]] const Profile& own_profile() noexcept;

/// Each once more for what may widen it: "dino+carry", "dino+tcp", "dino+carry+tcp".
[[nodiscard]] std::span<const Profile> widened_profiles() noexcept;

/// All of both by number: profiles(), then widened_profiles().
[[nodiscard]] std::size_t profile_count() noexcept;
[[nodiscard]] const Profile& profile_at(std::size_t number) noexcept;
/// Of one of them.
[[nodiscard]] std::size_t number_of(const Profile& profile) noexcept;

/// The profile of that id, widened or not; null when there is none.
[[nodiscard]] const Profile* find_profile(std::string_view id) noexcept;
/// The profile of a client by what it says about itself: the caps node counts before the name, since forks
/// keep the node and change the name. The default one when neither is known. Either may be empty.
[[nodiscard]] const Profile& profile_of(std::string_view caps_node, std::string_view identity_name) noexcept;

/// `profile`, one of profiles(), for a client that announces `features` in disco: the carry and ICE over TCP
/// are allowed to who asks for them by name (the carry's namespace, XEP-0371's).
[[nodiscard]] const Profile& with_features(const Profile& profile,
                                           std::span<const std::string_view> features);

/// `policy` narrowed to what the client can use.
[[nodiscard]] CandidatePolicy narrowed(CandidatePolicy policy, const Profile& profile) noexcept;

}  // namespace jingle
