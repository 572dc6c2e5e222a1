#pragma once

#include <string>

#include "jingle/adapt.hpp"
#include "unit/jingle/documents.hpp"

/// Requests as XML with short words for the usual parts, and back.
namespace requests {

inline constexpr std::string_view dtls
    = "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' "
      "setup='actpass'>D2:F6:AE:7B:48:85:A3:39:AF:C3:BE:FA:4F:A4:32:78:CE:00:"
      "83:8A:81:43:6C:BB:E2:F0:98:53:B4:0F:C0:20</fingerprint>";
inline constexpr std::string_view credentials = "ufrag='abcd' pwd='abcdefghijklmnopqrstuv'";

inline std::string request(const std::string& action, const std::string& inside)
{
    return "<jingle xmlns='urn:xmpp:jingle:1' sid='s1' action='" + action + "'>" + inside + "</jingle>";
}

inline std::string content(const std::string& attributes, const std::string& inside = "")
{
    return "<content creator='initiator' " + attributes + ">" + inside + "</content>";
}

inline std::string rtp(const std::string& media, const std::string& inside = "")
{
    return "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='" + media + "'>" + inside
        + "</description>";
}

inline std::string ice(const std::string& attributes, const std::string& inside = "")
{
    return "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' " + attributes + ">" + inside
        + "</transport>";
}

/// A content with all that any client wants.
inline std::string full(const std::string& attributes, const std::string& media,
                        const std::string& in_rtp = "", const std::string& in_ice = "")
{
    return content(attributes,
                   rtp(media, in_rtp) + ice(std::string{ credentials }, std::string{ dtls } + in_ice));
}

inline std::string candidate(const std::string& attributes)
{
    return "<candidate component='1' foundation='1' generation='0' id='c1' priority='1' " + attributes + "/>";
}

inline jingle::Jingle read(const std::string& xml, base::Arena& arena)
{
    auto value = jingle::Jingle::from_element(*documents::parse(arena.copy(xml), arena), arena);
    if (!value)
        throw std::runtime_error{ "test request: " + value.error().what + " in " + xml };
    return *value;
}

/// Canonical text of a request in XML.
inline std::string canonical(const std::string& xml)
{
    base::Arena arena;
    return documents::written(read(xml, arena));
}

}  // namespace requests
