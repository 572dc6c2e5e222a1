#include "jingle/call/leg.hpp"

#include <algorithm>

#include "base/release.hpp"

namespace jingle::call {
namespace {

/// FNV-1a, and none of the library's: what it makes is written down, and read by the next version.
std::uint32_t low_hash(std::string_view text) noexcept
{
    std::uint32_t hash = 2166136261U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

}  // namespace

std::uint64_t content_bits(const Jingle& jingle) noexcept
{
    std::uint64_t bits = 0;
    for (const auto& content : jingle.contents)
        bits |= std::uint64_t{ 1 } << (low_hash(content.name) % 64);
    return bits;
}

void Leg::note_there() noexcept
{
    gone = false;
    asked = false;
    unheard = false;
    check = Time::max();
}

void Leg::note_ringing(std::string_view device)
{
    gone = false;
    silent = false;
    check = Time::max();
    const auto hash = low_hash(device);
    if (ringing.size() < max_ringing && std::ranges::find(ringing, hash) == ringing.end())
        ringing.push_back(hash);
}

bool Leg::stops_ringing(std::string_view device)
{
    if (ringing.size() == max_ringing)
        return false;  // There may be more.
    const bool rings = std::erase(ringing, low_hash(device)) != 0;
    return ringing.empty() && (rings || !rang);
}

CredentialNews Leg::note_credentials(const Jingle& jingle)
{
    auto news = CredentialNews::none;
    for (const auto& content : jingle.contents) {
        const auto* transport = content.ice();
        if (transport == nullptr || !transport->ufrag || !transport->pwd)
            continue;
        // The upper half names the content, the lower the ufrag.
        const auto name = std::uint64_t{ low_hash(content.name) } << 32U;
        const auto entry = name | low_hash(*transport->ufrag);
        const auto known
            = std::ranges::find_if(credentials, [&](std::uint64_t e) { return (e ^ name) >> 32U == 0; });
        if (known == credentials.end()) {
            if (credentials.size() >= max_credentials)
                credentials.erase(credentials.begin());
            credentials.push_back(entry);
            news = std::max(news, CredentialNews::first);
        } else if (*known != entry) {
            *known = entry;
            news = CredentialNews::replaced;
        }
    }
    return news;
}

OpenRequest* Leg::find_crossing(Action action, std::uint64_t contents) noexcept
{
    if (!may_cross(action))
        return nullptr;
    // Two additions or two restarts always collide; the others only where they touch the same content.
    const bool always = action == Action::content_add || action == Action::transport_info;
    const auto found = std::ranges::find_if(open, [&](const OpenRequest& r) {
        return r.action == action && !r.answered && (always || (r.contents & contents) != 0);
    });
    return found == open.end() ? nullptr : &*found;
}

void Leg::set_profile(std::string_view id) noexcept
{
    const auto* found = find_profile(id);
    profile_index = found == nullptr ? 0 : static_cast<std::uint8_t>(number_of(*found));
}

void Leg::finish(Condition why)
{
    state = LegState::over;
    outcome = why;
    check = Time::max();
    base::release(ringing);
    base::release(open);
    base::release(credentials);
    base::release(memory);
}

bool Leg::close(std::string_view id)
{
    const auto found = std::ranges::find(open, id, &OpenRequest::id);
    if (found == open.end())
        return false;
    const bool wanted = !found->answered;
    open.erase(found);
    return wanted;
}

}  // namespace jingle::call
