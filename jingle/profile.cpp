#include "jingle/profile.hpp"

#include <algorithm>

#include "jingle/ascii.hpp"
#include "xmpp/ns.hpp"

namespace jingle {
namespace {

bool is_one_of(std::string_view text, std::span<const std::string_view> prefixes)
{
    return !text.empty() && std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
        return starts_with_word(text, prefix);
    });
}

/// What a feature in disco allows to whoever announces it.
struct Permission {
    std::string_view feature;
    Trait lifted;
};
constexpr std::array permissions{
    Permission{ xmpp::ns::carry, Trait::no_carry },
    Permission{ xmpp::ns::ice, Trait::no_tcp_candidates },
};

}  // namespace

const Profile& default_profile() noexcept
{
    return profiles().front();
}

const Profile& own_profile() noexcept
{
    return profiles().back();
}

const Profile* find_profile(std::string_view id) noexcept
{
    for (const auto& profile : profiles())
        if (profile.id == id)
            return &profile;
    return nullptr;
}

const Profile& profile_of(std::string_view caps_node, std::string_view identity_name) noexcept
{
    for (const auto& profile : profiles())
        if (is_one_of(caps_node, profile.nodes))
            return profile;
    for (const auto& profile : profiles())
        if (is_one_of(identity_name, profile.identities))
            return profile;
    return default_profile();
}

Profile with_features(const Profile& profile, std::span<const std::string_view> features) noexcept
{
    auto allowed = profile;
    for (const auto& permission : permissions)
        if (std::find(features.begin(), features.end(), permission.feature) != features.end())
            allowed.traits = allowed.traits.without({ permission.lifted });
    return allowed;
}

CandidatePolicy narrowed(CandidatePolicy policy, const Profile& profile) noexcept
{
    policy.tcp = policy.tcp && !profile.has(Trait::no_tcp_candidates);
    policy.mdns = policy.mdns && !profile.has(Trait::no_mdns_candidates);
    return policy;
}

}  // namespace jingle
