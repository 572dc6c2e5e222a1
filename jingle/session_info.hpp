#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/enum_table.hpp"
#include "jingle/senders.hpp"
#include "xmpp/element.hpp"

namespace jingle {

/// The payloads of XEP-0167, 8 (urn:xmpp:jingle:apps:rtp:info:1).
enum class InfoKind { active, hold, mute, ringing, unhold, unmute };

inline constexpr std::array<base::EnumRow<InfoKind>, 6> info_rows{{
    {InfoKind::active, "active"},
    {InfoKind::hold, "hold"},
    {InfoKind::mute, "mute"},
    {InfoKind::ringing, "ringing"},
    {InfoKind::unhold, "unhold"},
    {InfoKind::unmute, "unmute"},
}};
constexpr const auto& enum_rows(InfoKind) { return info_rows; }

struct RtpInfo {
    InfoKind kind = InfoKind::active;
    std::optional<Role> creator;           ///< mute, unmute
    std::optional<std::string_view> name;  ///< mute, unmute; absent = all contents

    friend bool operator==(const RtpInfo&, const RtpInfo&) = default;
};

/// <dtmf/> of XEP-0181.
struct Dtmf {
    std::string_view code;
    std::optional<std::uint32_t> duration;  ///< milliseconds

    friend bool operator==(const Dtmf&, const Dtmf&) = default;
};

struct UnknownInfo {
    const xmpp::Element* element = nullptr;

    friend bool operator==(const UnknownInfo& a, const UnknownInfo& b) { return xmpp::equal(*a.element, *b.element); }
};

/// What a session-info says; monostate is the empty one, a ping.
using SessionInfo = std::variant<std::monostate, RtpInfo, Dtmf, UnknownInfo>;

}  // namespace jingle
