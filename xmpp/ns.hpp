#pragma once

#include <string_view>

/// Namespaces, each written once.
namespace xmpp::ns {

inline constexpr std::string_view xml = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view streams = "http://etherx.jabber.org/streams";
inline constexpr std::string_view stream_errors = "urn:ietf:params:xml:ns:xmpp-streams";
inline constexpr std::string_view stanza_errors = "urn:ietf:params:xml:ns:xmpp-stanzas";
inline constexpr std::string_view component = "jabber:component:accept";
inline constexpr std::string_view client = "jabber:client";

inline constexpr std::string_view disco_info = "http://jabber.org/protocol/disco#info";
inline constexpr std::string_view disco_items = "http://jabber.org/protocol/disco#items";
inline constexpr std::string_view caps = "http://jabber.org/protocol/caps";
inline constexpr std::string_view data_forms = "jabber:x:data";
inline constexpr std::string_view ping = "urn:xmpp:ping";
inline constexpr std::string_view version = "jabber:iq:version";
inline constexpr std::string_view time = "urn:xmpp:time";
inline constexpr std::string_view delay = "urn:xmpp:delay";
inline constexpr std::string_view hints = "urn:xmpp:hints";
inline constexpr std::string_view stanza_ids = "urn:xmpp:sid:0";
inline constexpr std::string_view carbons = "urn:xmpp:carbons:2";
inline constexpr std::string_view forward = "urn:xmpp:forward:0";
inline constexpr std::string_view gateway = "jabber:iq:gateway";
inline constexpr std::string_view vcard = "vcard-temp";
inline constexpr std::string_view vcard_update = "vcard-temp:x:update";
inline constexpr std::string_view http_auth = "http://jabber.org/protocol/http-auth";
inline constexpr std::string_view nick = "http://jabber.org/protocol/nick";
inline constexpr std::string_view commands = "http://jabber.org/protocol/commands";
inline constexpr std::string_view external_services = "urn:xmpp:extdisco:2";
inline constexpr std::string_view external_services_1 = "urn:xmpp:extdisco:1";
inline constexpr std::string_view jid_escaping = "jid\\20escaping";

inline constexpr std::string_view jingle = "urn:xmpp:jingle:1";
inline constexpr std::string_view jingle_errors = "urn:xmpp:jingle:errors:1";
inline constexpr std::string_view rtp = "urn:xmpp:jingle:apps:rtp:1";
inline constexpr std::string_view rtp_audio = "urn:xmpp:jingle:apps:rtp:audio";
inline constexpr std::string_view rtp_video = "urn:xmpp:jingle:apps:rtp:video";
inline constexpr std::string_view rtp_info = "urn:xmpp:jingle:apps:rtp:info:1";
inline constexpr std::string_view rtp_errors = "urn:xmpp:jingle:apps:rtp:errors:1";
inline constexpr std::string_view rtcp_fb = "urn:xmpp:jingle:apps:rtp:rtcp-fb:0";
inline constexpr std::string_view rtp_hdrext = "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0";
inline constexpr std::string_view ssma = "urn:xmpp:jingle:apps:rtp:ssma:0";
inline constexpr std::string_view msid = "urn:xmpp:jingle:apps:rtp:msid:0";
inline constexpr std::string_view zrtp = "urn:xmpp:jingle:apps:rtp:zrtp:1";
inline constexpr std::string_view category = "urn:xmpp:jingle:apps:category:0";
inline constexpr std::string_view dtls = "urn:xmpp:jingle:apps:dtls:0";
inline constexpr std::string_view grouping = "urn:xmpp:jingle:apps:grouping:0";
inline constexpr std::string_view ice_udp = "urn:xmpp:jingle:transports:ice-udp:1";
inline constexpr std::string_view ice = "urn:xmpp:jingle:transports:ice:0";
inline constexpr std::string_view ice_option
    = "http://gultsch.de/xmpp/drafts/jingle/transports/ice-udp/option";
inline constexpr std::string_view raw_udp = "urn:xmpp:jingle:transports:raw-udp:1";
inline constexpr std::string_view dtls_sctp = "urn:xmpp:jingle:transports:dtls-sctp:1";
inline constexpr std::string_view datachannel = "urn:xmpp:jingle:transports:webrtc-datachannel:0";
inline constexpr std::string_view dtmf = "urn:xmpp:jingle:dtmf:0";
inline constexpr std::string_view jmi = "urn:xmpp:jingle-message:0";
inline constexpr std::string_view call_invites = "urn:xmpp:call-invites:0";
inline constexpr std::string_view feature_grouping = "urn:ietf:rfc:5888";
inline constexpr std::string_view feature_sources = "urn:ietf:rfc:5576";

inline constexpr std::string_view carry = "urn:carillon:sdp-carry:0";  ///< what SDP says and Jingle cannot
inline constexpr std::string_view via = "urn:carillon:via:0";  ///< gateways passed, against loops

}  // namespace xmpp::ns
