#include "jingle/call/web_leg_info.hpp"

#include <algorithm>
#include <array>

namespace jingle::call {
namespace {

constexpr std::array<std::string_view, 2> kinds{ "audio", "video" };

bool is_live(const Slot& slot, std::string_view kind)
{
    return slot.state == SlotState::active && slot.media == kind;
}

RtpInfo about(InfoKind kind, const Slot& slot)
{
    return { kind, slot.creator, slot.name, {} };
}

}  // namespace

PageMedia media_of(const Slots& slots) noexcept
{
    const auto has = [&](std::string_view kind) {
        return std::any_of(slots.begin(), slots.end(), [&](const Slot& slot) { return is_live(slot, kind); });
    };
    return { has(kinds[0]), has(kinds[1]) };
}

std::vector<RtpInfo> WebLegInfo::said(const PageInfo& info, const Slots& slots)
{
    std::vector<RtpInfo> out;
    if (info.hold && *info.hold != own_.hold) {
        own_.hold = *info.hold;
        out.push_back({ own_.hold ? InfoKind::hold : InfoKind::unhold, {}, {}, {} });
    }
    if (!info.mute)
        return out;
    own_.muted.resize(slots.size());
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto& slot = slots[i];
        const bool mute = slot.state == SlotState::active
            && std::find(info.mute->begin(), info.mute->end(), slot.media) != info.mute->end();
        if (mute != own_.muted[i] && slot.state == SlotState::active)
            out.push_back(about(mute ? InfoKind::mute : InfoKind::unmute, slot));
        own_.muted[i] = mute;
    }
    return out;
}

std::optional<PageInfo> WebLegInfo::heard(const RtpInfo& info, const Slots& slots)
{
    const auto held_before = far_.hold;
    const auto muted_before = muted_kinds(slots);
    const auto index
        = info.name ? slots.find_content(info.creator.value_or(Role::initiator), *info.name) : std::nullopt;
    const auto set_muted = [&](bool muted) {
        far_.muted.resize(slots.size());
        for (std::size_t i = 0; i < slots.size(); ++i)
            if (!info.name || index == i)
                far_.muted[i] = muted;
    };
    switch (info.kind) {
    case InfoKind::active:
        far_.hold = false;
        far_.muted.clear();
        break;
    case InfoKind::hold: far_.hold = true; break;
    case InfoKind::unhold: far_.hold = false; break;
    case InfoKind::mute: set_muted(true); break;
    case InfoKind::unmute: set_muted(false); break;
    case InfoKind::ringing: return std::nullopt;
    }
    PageInfo out;
    if (far_.hold != held_before)
        out.hold = far_.hold;
    if (auto muted = muted_kinds(slots); muted != muted_before)
        out.mute = std::move(muted);
    return out.hold || out.mute ? std::optional{ out } : std::nullopt;
}

/// A kind is muted when all that is live of it is.
std::vector<std::string> WebLegInfo::muted_kinds(const Slots& slots) const
{
    std::vector<std::string> out;
    for (const auto kind : kinds) {
        bool any = false;
        bool all = true;
        for (std::size_t i = 0; i < slots.size(); ++i) {
            if (!is_live(slots[i], kind))
                continue;
            any = true;
            all = all && i < far_.muted.size() && far_.muted[i];
        }
        if (any && all)
            out.emplace_back(kind);
    }
    return out;
}

}  // namespace jingle::call
