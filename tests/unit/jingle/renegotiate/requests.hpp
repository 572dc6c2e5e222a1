#pragma once

#include <string>
#include <utility>

#include "unit/jingle/renegotiate/peers.hpp"
#include "unit/jingle/renegotiate/sample.hpp"

/// A pair in the middle of a call, and the requests that one side may get from the other.
namespace peers {

inline Pair pair_of(const std::string& offer, Options options = {})
{
    return { offer, sample::answered(offer), std::move(options) };
}

inline std::string content(const std::string& name, const std::string& senders = "",
                           const std::string& inner = "", const std::string& creator = "initiator")
{
    return "<content creator='" + creator + "' name='" + name + "'"
        + (senders.empty() ? "" : " senders='" + senders + "'") + ">" + inner + "</content>";
}

inline std::string jingle_xml(const std::string& action, const std::string& inner)
{
    return "<jingle xmlns='urn:xmpp:jingle:1' sid='a73sjjvkla37jfea' action='" + action + "'>" + inner
        + "</jingle>";
}

inline std::string video_content(const std::string& name, const std::string& senders = "",
                                 const std::string& creator = "initiator")
{
    return content(name, senders,
                   "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>"
                   "<payload-type id='96' name='VP8' clockrate='90000'/><rtcp-mux/></description>"
                   "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='aaaa' "
                   "pwd='aaaaaaaaaaaaaaaaaaaaaaaa'><fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' "
                   "hash='sha-1' setup='actpass'>52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8"
                   "</fingerprint></transport>",
                   creator);
}

inline const std::string bundle_of_two
    = "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content name='0'/><content "
      "name='1'/></group>";

/// What one request does to a party, at once.
inline Actions give(Party& party, const std::string& xml, Time now)
{
    base::Arena arena;
    auto actions = party.state->received(translate::read_jingle(xml, arena), now);
    party.refused.reset();
    party.take(actions);
    return actions;
}

}  // namespace peers
