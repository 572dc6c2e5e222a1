#include "roster/devices.hpp"

#include <algorithm>
#include <utility>

namespace roster {
namespace {

std::uint64_t hash_of(std::string_view text)
{
    return std::hash<std::string_view>{}(text);
}

/// 0 means no caps, which no caps hash to in practice: a device could only mislead us about itself.
std::uint64_t hash_of(const std::optional<xmpp::Caps>& caps)
{
    if (!caps)
        return 0;
    constexpr std::uint64_t odd = 0x9E37'79B9'7F4A'7C15;
    return (hash_of(caps->node) * odd + hash_of(caps->ver)) * odd + hash_of(caps->hash);
}

}  // namespace

Devices::Devices(ProfileOf profile_of)
    : profile_of_{ std::move(profile_of) }
    , nodes_{ std::string{} }
{
}

Devices::Entry* Devices::find(const xmpp::Jid& device)
{
    return const_cast<Entry*>(std::as_const(*this).find(device));  // NOLINT(*-const-cast): ours
}

const Devices::Entry* Devices::find(const xmpp::Jid& device) const
{
    const auto user = users_.find(device.bare());
    if (user == users_.end())
        return nullptr;
    const auto found = std::ranges::find(user->second, device.resource(), &Entry::resource);
    return found != user->second.end() ? &*found : nullptr;
}

Devices::Entry* Devices::find_or_add(const xmpp::Jid& device)
{
    if (auto* const entry = find(device))
        return entry;
    if (size_ >= max_devices)
        return nullptr;
    auto user = users_.find(device.bare());
    if (user == users_.end())
        user = users_.emplace(std::string{ device.bare() }, std::vector<Entry>{}).first;
    if (user->second.size() >= max_per_user)
        return nullptr;
    ++size_;
    auto& entry = user->second.emplace_back();
    entry.resource = device.resource();
    return &entry;
}

std::uint16_t Devices::intern(std::string_view node)
{
    if (node.empty())
        return 0;
    if (const auto found = node_numbers_.find(node); found != node_numbers_.end())
        return found->second;
    if (nodes_.size() >= max_nodes || node.size() > CapsCache::max_ver)
        return 0;
    const auto number = static_cast<std::uint16_t>(nodes_.size());
    nodes_.emplace_back(node);
    node_numbers_.emplace(node, number);
    return number;
}

Devices::Shown Devices::available(const xmpp::Jid& device, const xmpp::Jid& own,
                                  const DevicePresence& presence, CapsCache& cache, Clock::time_point now)
{
    auto* const entry = device.is_full() ? find_or_add(device) : nullptr;
    if (entry == nullptr)
        return {};
    entry->generation = generation_;
    entry->priority = presence.priority;
    entry->show = presence.show;
    const auto caps = hash_of(presence.caps);
    const bool other = !entry->knowledge || entry->caps != caps;
    if (other) {
        entry->caps = caps;
        entry->node = intern(presence.caps ? presence.caps->node : std::string_view{});
        entry->knowledge = cache.shown(device, presence.caps, now);
    } else {
        cache.shown_again(device, presence.caps, entry->knowledge, now);
    }
    const auto address = hash_of(own.bare());
    const bool first = std::ranges::find(entry->addresses, address) == entry->addresses.end();
    if (first && entry->addresses.size() < max_addresses)
        entry->addresses.push_back(address);
    return { true, first, other };
}

template <class Predicate>
bool Devices::erase_if(Users::iterator user, Predicate predicate)
{
    const auto gone = std::erase_if(user->second, predicate);
    size_ -= gone;
    if (user->second.empty())
        users_.erase(user);
    return gone != 0;
}

bool Devices::unavailable(const xmpp::Jid& gone, const xmpp::Jid& own)
{
    const auto user = users_.find(gone.bare());
    if (user == users_.end())
        return false;
    const auto address = hash_of(own.bare());
    return erase_if(user, [&](Entry& entry) {
        if (gone.is_full() && entry.resource != gone.resource())
            return false;
        return std::erase(entry.addresses, address) != 0 && entry.addresses.empty();
    });
}

bool Devices::forget(const xmpp::Jid& gone)
{
    const auto user = users_.find(gone.bare());
    if (user == users_.end())
        return false;
    return erase_if(user,
                    [&](const Entry& entry) { return !gone.is_full() || entry.resource == gone.resource(); });
}

void Devices::learn(const xmpp::Jid& device, KnowledgeRef knowledge)
{
    if (auto* const entry = find(device))
        entry->knowledge = std::move(knowledge);
}

std::vector<xmpp::Jid> Devices::forget_unseen()
{
    std::vector<xmpp::Jid> users;
    for (auto user = users_.begin(); user != users_.end();) {
        const auto here = user++;  // erase_if may erase it
        const auto name = here->first;
        if (erase_if(here, [&](const Entry& entry) { return entry.generation != generation_; }))
            if (auto jid = xmpp::Jid::parse(name))
                users.push_back(*std::move(jid));
    }
    return users;
}

std::optional<bool> Devices::can_be_called(const xmpp::Jid& user) const
{
    const auto found = users_.find(user.bare());
    if (found == users_.end())
        return false;
    bool certain = true;
    for (const auto& entry : found->second) {
        const auto& abilities = entry.knowledge->abilities;
        if (abilities && abilities->takes_calls())
            return true;
        certain = certain && abilities.has_value();
    }
    return certain ? std::optional{ false } : std::nullopt;
}

void Devices::append_devices(const xmpp::Jid& user, std::vector<Device>& all) const
{
    append(user, false, all);
}

void Devices::append_hearing(const xmpp::Jid& user, std::vector<Device>& all) const
{
    append(user, true, all);
}

void Devices::append(const xmpp::Jid& user, bool message_initiation, std::vector<Device>& all) const
{
    const auto found = users_.find(user.bare());
    if (found == users_.end())
        return;
    for (const auto& entry : found->second) {
        const auto& abilities = entry.knowledge->abilities;
        if (!abilities || !abilities->takes_calls() || abilities->message_initiation != message_initiation)
            continue;
        if (auto address = user.with_resource(entry.resource))
            all.push_back({ *std::move(address), Rings::by_initiate, profile(entry) });
    }
}

std::vector<std::string> Devices::hearing(const xmpp::Jid& user) const
{
    std::vector<std::string> resources;
    const auto found = users_.find(user.bare());
    if (found == users_.end())
        return resources;
    for (const auto& entry : found->second) {
        const auto& abilities = entry.knowledge->abilities;
        if (!abilities || (abilities->takes_calls() && abilities->message_initiation))
            resources.emplace_back(entry.resource);
    }
    return resources;
}

std::vector<Devices::Seen> Devices::seen(const xmpp::Jid& user) const
{
    std::vector<Seen> all;
    if (const auto found = users_.find(user.bare()); found != users_.end())
        for (const auto& entry : found->second)
            all.push_back({ entry.resource, entry.show, entry.priority, entry.knowledge->abilities });
    return all;
}

std::string Devices::profile(const Entry& entry) const
{
    static const Abilities unknown;
    const auto& abilities = entry.knowledge->abilities;
    return profile_of_(nodes_[entry.node], abilities ? *abilities : unknown);
}

std::string Devices::profile_of(const xmpp::Jid& device) const
{
    const auto* const entry = find(device);
    return entry != nullptr ? profile(*entry) : std::string{};
}

}  // namespace roster
