#include "jingle/profile.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <vector>

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
    std::string_view suffix;  ///< of the id of a profile that has it
};
constexpr std::array permissions{
    Permission{ xmpp::ns::carry, Trait::no_carry, "+carry" },
    Permission{ xmpp::ns::ice, Trait::no_tcp_candidates, "+tcp" },
};
constexpr unsigned combinations = 1U << permissions.size();

/// `given` has a bit for each permission.
std::string widened_id(const Profile& profile, unsigned given)
{
    std::string id{ profile.id };
    for (std::size_t i = 0; i < permissions.size(); ++i)
        if ((given >> i & 1U) != 0 && profile.has(permissions[i].lifted))
            id += permissions[i].suffix;
    return id;
}

struct WidenedProfiles {
    std::deque<std::string> ids;  ///< do not move
    std::vector<Profile> all;

    WidenedProfiles()
    {
        for (const auto& profile : profiles())
            for (unsigned given = 1; given < combinations; ++given)
                add(profile, given);
    }
    void add(const Profile& profile, unsigned given)
    {
        auto widened = profile;
        for (std::size_t i = 0; i < permissions.size(); ++i) {
            if ((given >> i & 1U) == 0)
                continue;
            if (!profile.has(permissions[i].lifted))
                return;  // It is another one already.
            widened.traits = widened.traits.without({ permissions[i].lifted });
        }
        widened.id = ids.emplace_back(widened_id(profile, given));
        all.push_back(widened);
    }
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

std::span<const Profile> widened_profiles() noexcept
{
    static const WidenedProfiles table;
    return table.all;
}

std::size_t profile_count() noexcept
{
    return profiles().size() + widened_profiles().size();
}

const Profile& profile_at(std::size_t number) noexcept
{
    const auto plain = profiles();
    return number < plain.size() ? plain[number] : widened_profiles()[number - plain.size()];
}

std::size_t number_of(const Profile& profile) noexcept
{
    std::size_t number = 0;
    while (&profile_at(number) != &profile)
        ++number;
    return number;
}

const Profile* find_profile(std::string_view id) noexcept
{
    for (const auto all : { profiles(), widened_profiles() })
        for (const auto& profile : all)
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

const Profile& with_features(const Profile& profile, std::span<const std::string_view> features)
{
    unsigned given = 0;
    for (std::size_t i = 0; i < permissions.size(); ++i)
        if (std::ranges::find(features, permissions[i].feature) != features.end())
            given |= 1U << i;
    const auto* const widened = find_profile(widened_id(profile, given));
    return widened != nullptr ? *widened : profile;
}

CandidatePolicy narrowed(CandidatePolicy policy, const Profile& profile) noexcept
{
    policy.tcp = policy.tcp && !profile.has(Trait::no_tcp_candidates);
    policy.mdns = policy.mdns && !profile.has(Trait::no_mdns_candidates);
    return policy;
}

}  // namespace jingle
