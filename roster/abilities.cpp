#include "roster/abilities.hpp"

#include "xmpp/ns.hpp"

namespace roster {

namespace ns = xmpp::ns;

Abilities Abilities::of(const xmpp::DiscoInfo& info)
{
    Abilities abilities;
    abilities.session = info.has_feature(ns::jingle) && info.has_feature(ns::rtp)
        && info.has_feature(ns::ice_udp) && info.has_feature(ns::dtls);
    abilities.audio = info.has_feature(ns::rtp_audio);
    abilities.video = info.has_feature(ns::rtp_video);
    abilities.carry = info.has_feature(ns::carry);
    abilities.ice_tcp = info.has_feature(ns::ice);
    abilities.message_initiation = info.has_feature(ns::jmi);
    for (const auto& identity : info.identities)
        if (identity.category == "client" && abilities.name.empty())
            abilities.name = identity.name.substr(0, max_name);
    return abilities;
}

}  // namespace roster
