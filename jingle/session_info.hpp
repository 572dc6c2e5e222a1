#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <variant>

#include "base/enum_table.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "jingle/fields.hpp"
#include "jingle/senders.hpp"
#include "xmpp/element.hpp"
#include "xmpp/writer.hpp"

namespace jingle {

/// The payloads of XEP-0167, 8 (urn:xmpp:jingle:apps:rtp:info:1).
enum class InfoKind { active, hold, mute, ringing, unhold, unmute };

inline constexpr std::array<base::EnumRow<InfoKind>, 6> info_rows{ {
    { InfoKind::active, "active" },
    { InfoKind::hold, "hold" },
    { InfoKind::mute, "mute" },
    { InfoKind::ringing, "ringing" },
    { InfoKind::unhold, "unhold" },
    { InfoKind::unmute, "unmute" },
} };
constexpr const auto& enum_rows(InfoKind)
{
    return info_rows;
}

struct RtpInfo {
    InfoKind kind = InfoKind::active;
    std::optional<Role> creator;  ///< mute, unmute
    std::optional<std::string_view> name;  ///< mute, unmute; absent = all contents
    Extra extra{};

    friend bool operator==(const RtpInfo&, const RtpInfo&) = default;
};

inline constexpr std::tuple rtp_info_rows{
    Field{ "creator", &RtpInfo::creator },
    Field{ "name", &RtpInfo::name, content_name },
};
constexpr const auto& attribute_rows(const RtpInfo*)
{
    return rtp_info_rows;
}

/// <dtmf/> of XEP-0181.
struct Dtmf {
    std::string_view code;
    std::optional<std::uint32_t> duration;  ///< milliseconds
    Extra extra{};

    friend bool operator==(const Dtmf&, const Dtmf&) = default;
};

inline constexpr std::tuple dtmf_rows{
    Field{ "code", &Dtmf::code, { .refused = chars::blank, .shortest = 1, .longest = 16 } },
    Field{ "duration", &Dtmf::duration },
};
constexpr const auto& attribute_rows(const Dtmf*)
{
    return dtmf_rows;
}

struct UnknownInfo {
    const xmpp::Element* element = nullptr;

    friend bool operator==(const UnknownInfo& a, const UnknownInfo& b)
    {
        return xmpp::equal(*a.element, *b.element);
    }
};

/// What a session-info says; monostate is the empty one, a ping.
using SessionInfo = std::variant<std::monostate, RtpInfo, Dtmf, UnknownInfo>;

struct Reading;
/// The payload of a session-info by its first child that is none of XEP-0166's own; anything not understood
/// is unknown.
base::Result<SessionInfo> read_info(const xmpp::Element& payload, Reading& reading);
void write(const SessionInfo& info, xmpp::Writer& writer);

}  // namespace jingle
