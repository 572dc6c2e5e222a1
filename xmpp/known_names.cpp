#include "xmpp/known_names.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include "xmpp/ns.hpp"

namespace xmpp::ns {
namespace {

constexpr std::array known{
    xml,         streams,    stream_errors, stanza_errors, component,  client,     disco_info, disco_items,
    caps,        data_forms, ping,          version,       time,       delay,      hints,      carbons,
    forward,     gateway,    vcard,         vcard_update,  nick,       commands,   jingle,     jingle_errors,
    rtp,         rtp_info,   rtp_errors,    rtcp_fb,       rtp_hdrext, ssma,       msid,       zrtp,
    category,    dtls,       grouping,      ice_udp,       ice,        ice_option, raw_udp,    dtls_sctp,
    datachannel, dtmf,       jmi,           call_invites,  carry,      via,
};

constexpr std::size_t slots = 256;

/// The length and three characters near the end, where the names differ.
constexpr std::size_t slot_of(std::string_view name)
{
    const auto at = [&](std::size_t from_end) {
        return static_cast<std::size_t>(static_cast<unsigned char>(name[name.size() - from_end]));
    };
    return (name.size() * 7 + at(1) + at(3) * 5 + at(6) * 11) % slots;
}

constexpr std::size_t shortest = 6;

/// Open addressing with steps of one; a slot holds the index in `known` plus one.
constexpr auto table = [] {
    std::array<std::uint8_t, slots> made{};
    for (std::size_t i = 0; i < known.size(); ++i) {
        auto slot = slot_of(known[i]);
        while (made[slot] != 0)
            slot = (slot + 1) % slots;
        made[slot] = static_cast<std::uint8_t>(i + 1);
    }
    return made;
}();

}  // namespace

std::string_view find_known(std::string_view name) noexcept
{
    if (name.size() < shortest)
        return {};
    for (auto slot = slot_of(name); table[slot] != 0; slot = (slot + 1) % slots)
        if (const auto candidate = known[table[slot] - 1U]; candidate == name)
            return candidate;
    return {};
}

}  // namespace xmpp::ns
