#include <catch2/catch.hpp>

#include "unit/jingle/translate/lines.hpp"
#include "unit/jingle/translate/support.hpp"

// What endpoints beyond the corpus write: softphones, PBXs, browsers of years ago. Put together from their
// sources and documentation.

using namespace translate;
using jingle::Action;
using jingle::Role;

namespace {

const std::string fingerprint
    = "a=fingerprint:sha-1 52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8\r\n";
const std::string ice = "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n";
const std::string dtls = ice + fingerprint + "a=setup:actpass\r\n";

std::string session(const std::string& lines)
{
    return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n" + lines;
}

/// One m-section of a browser with these lines beside the usual ones.
std::string section(const std::string& media, const std::string& formats, const std::string& lines)
{
    return session("s=-\r\nt=0 0\r\n") + "m=" + media + " 9 UDP/TLS/RTP/SAVPF " + formats
        + "\r\nc=IN IP4 0.0.0.0\r\n" + dtls + "a=ice-options:trickle\r\na=mid:0\r\na=rtcp-mux\r\n" + lines;
}

struct Row {
    std::string what;
    std::string text;
};

const std::vector<Row> rows{
    { "Asterisk, chan_sip",
      session("s=Asterisk PBX 18.10.0\r\nt=0 0\r\n"
              "m=audio 14522 RTP/AVP 0 8 3 101\r\nc=IN IP4 192.0.2.10\r\na=mid:audio\r\na=rtpmap:0 "
              "PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
              "a=rtpmap:3 GSM/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\n"
              "a=maxptime:150\r\na=sendrecv\r\n") },
    { "Asterisk, webrtc=yes",
      session("s=Asterisk\r\nt=0 0\r\na=group:BUNDLE audio-0\r\nm=audio 18844 UDP/TLS/RTP/SAVPF 107 0 101\r\n"
              "c=IN IP4 192.0.2.10\r\na=connection:new\r\n")
          + dtls
          + "a=ice-options:trickle\r\n"
            "a=candidate:Hc000020a 1 udp 2130706431 192.0.2.10 18844 typ host generation 0\r\n"
            "a=candidate:Hc000020a 2 udp 2130706430 192.0.2.10 18845 typ host generation 0\r\n"
            "a=rtpmap:107 opus/48000/2\r\na=fmtp:107 useinbandfec=1\r\na=rtpmap:0 PCMU/8000\r\n"
            "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 "
            "0-16\r\na=ptime:20\r\na=maxptime:20\r\na=rtcp-mux\r\n"
            "a=ssrc:1 cname:abc-def\r\na=msid:f8 dd\r\na=rtcp-fb:* transport-cc\r\na=mid:audio-0\r\n" },
    { "FreeSWITCH",
      session(
          "s=FreeSWITCH\r\nt=0 0\r\na=msid-semantic: WMS h1\r\nm=audio 28254 UDP/TLS/RTP/SAVPF 102 9 103\r\n"
          "c=IN IP4 203.0.113.5\r\n")
          + dtls
          + "a=ice-options:trickle\r\na=mid:audio\r\na=rtpmap:102 opus/48000/2\r\n"
            "a=fmtp:102 useinbandfec=1; maxaveragebitrate=30000; ptime=20; minptime=10; stereo=1\r\n"
            "a=rtpmap:9 G722/8000\r\na=rtpmap:103 telephone-event/48000\r\na=fmtp:103 0-16\r\na=rtcp-mux\r\n"
            "a=rtcp:28254 IN IP4 203.0.113.5\r\na=ssrc:3 cname:a\r\na=ssrc:3 msid:h1 a0\r\na=ssrc:3 "
            "mslabel:h1\r\n"
            "a=end-of-candidates\r\na=silenceSupp:off - - - -\r\na=ptime:20\r\n" },
    { "Linphone",
      session("s=Talk\r\nb=AS:380\r\nt=0 0\r\na=rtcp-xr:rcvr-rtt=all:10000 "
              "stat-summary=loss,dup\r\na=record:off\r\n"
              "m=audio 7078 RTP/SAVPF 96 97 18 101 99\r\nc=IN IP4 192.0.2.7\r\n")
          + ice
          + "a=ice-options:trickle\r\na=mid:audio\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n"
            "a=rtpmap:97 speex/16000\r\na=fmtp:97 vbr=on\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=yes\r\n"
            "a=rtpmap:101 telephone-event/48000\r\na=rtpmap:99 telephone-event/16000\r\na=rtcp:7079\r\n"
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:eSQ3q0Ll7xJ3Nz0a2W8j9kP5cR4sT6uV8xY0zA1B\r\n"
            "a=candidate:1 1 udp 2130706303 192.0.2.7 7078 typ host generation 0\r\n"
            "a=rtcp-fb:* trr-int 5000\r\na=rtcp-fb:* ccm tmmbr\r\n" },
    { "Baresip",
      session("s=-\r\nt=0 0\r\na=tool:baresip 1.0.0\r\nm=audio 20474 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 "
              "192.0.2.8\r\n"
              "b=AS:125\r\n")
          + dtls
          + "a=ice-options:trickle\r\na=mid:audio\r\na=rtpmap:96 opus/48000/2\r\n"
            "a=fmtp:96 stereo=1;sprop-stereo=1;maxaveragebitrate=28000;\r\na=rtcp:20475\r\na=rtcp-mux\r\n"
            "a=label:1\r\na=rtcp-rsize\r\na=ssrc:1 cname:sip:a@b\r\na=ptime:20\r\n" },
    { "SDES with several keys",
      session("s=-\r\nt=0 0\r\nm=audio 5004 RTP/SAVP 0\r\nc=IN IP4 192.0.2.1\r\na=mid:audio\r\na=rtpmap:0 "
              "PCMU/8000\r\n"
              "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwg|2^20|1:4 FEC_ORDER=FEC_SRTP\r\n"
              "a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BI|2^20|1:32;inline:QUFB KDR=1 "
              "UNENCRYPTED_SRTCP\r\n") },
    { "Firefox 38",
      session("s=-\r\nt=0 0\r\na=group:BUNDLE sdparta_0 sdparta_1\r\na=msid-semantic:WMS *\r\n"
              "m=audio 9 RTP/SAVPF 109 9\r\nc=IN IP4 0.0.0.0\r\na=extmap:1 "
              "urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n")
          + dtls
          + "a=ice-options:trickle\r\na=mid:sdparta_0\r\na=msid:{1} {2}\r\na=rtcp-mux\r\na=rtpmap:109 "
            "opus/48000/2\r\n"
            "a=rtpmap:9 G722/8000/1\r\na=ssrc:1 cname:{3}\r\nm=application 9 DTLS/SCTP 5000\r\nc=IN IP4 "
            "0.0.0.0\r\n"
            "a=sendrecv\r\n"
          + dtls
          + "a=ice-options:trickle\r\na=mid:sdparta_1\r\na=sctpmap:5000 webrtc-datachannel 256\r\na=ssrc:4 "
            "cname:{3}\r\n" },
    { "simulcast both ways",
      section("video", "96",
              "a=rtpmap:96 VP8/90000\r\na=rid:1 send max-width=1280\r\na=rid:2 send\r\na=rid:3 recv\r\n"
              "a=simulcast:send 1;~2 recv 3\r\n") },
    { "three kinds of groups",
      section("video", "96",
              "a=rtpmap:96 VP8/90000\r\na=ssrc-group:FID 1 2\r\na=ssrc-group:FEC-FR 1 3\r\na=ssrc-group:SIM "
              "1 4 5\r\n"
              "a=ssrc:1 cname:x\r\na=ssrc:2 cname:x\r\na=ssrc:3 cname:x\r\na=ssrc:4 cname:x\r\na=ssrc:5 "
              "cname:x\r\n") },
    { "redundancy",
      section(
          "video", "96 97 98 99 100",
          "a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:98 red/90000\r\n"
          "a=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\na=rtpmap:100 ulpfec/90000\r\n") },
    { "bandwidth at both levels",
      session(
          "s=-\r\nb=AS:128\r\nb=TIAS:128000\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n"
          "b=TIAS:64000\r\nb=AS:64\r\n")
          + dtls + "a=ice-options:trickle\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:0 PCMU/8000\r\n" },
    { "a server with ICE-lite, IPv6 and extensions of its own",
      session("s=-\r\nt=0 0\r\na=ice-lite\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP6 ::\r\n") + dtls
          + "a=ice-options:trickle\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:0 PCMU/8000\r\na=rtcp:5001 IN IP6 "
            "2001:db8::1\r\n"
            "a=candidate:1 1 udp 2130706431 2001:db8::1 3478 typ host generation 0 network-cost 10 "
            "network-id 1 zone a\r\n"
            "a=candidate:4 1 tcp 1518280447 192.0.2.1 4443 typ host tcptype passive generation 0\r\n"
            "a=candidate:5 1 udp 1 192.0.2.1 4444 typ relay raddr 0.0.0.0 rport 0 generation 0 ufrag "
            "zzzz\r\n" },
    { "two data channel m-lines, one negotiated in SDP",
      session("s=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n")
          + dtls
          + "a=ice-options:trickle\r\na=mid:0\r\na=sctp-port:5000\r\na=max-message-size:0\r\n"
            "a=dcmap:0 subprotocol=\"T140\";ordered=true\r\na=dcsa:0 cps=20\r\n"
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n"
          + dtls + "a=ice-options:trickle\r\na=mid:1\r\na=sctp-port:5001\r\n" },
    { "attributes that nobody knows",
      section("audio", "0",
              "a=rtpmap:0 PCMU/8000\r\na=x-foo\r\na=x-bar:1 2:3 =4\r\na=Foo:<Bar> & 'quoted'\r\n") },
    { "header extensions with directions and attributes",
      section("audio", "0",
              "a=rtpmap:0 PCMU/8000\r\na=extmap:3/recvonly urn:x:y a b=c\r\na=extmap:4096 urn:x:z\r\n"
              "a=extmap-allow-mixed\r\n") },
};

}  // namespace

TEST_CASE("foreign: nothing of what other endpoints write is lost", "[jingle][translate]")
{
    for (const auto& row : rows) {
        CAPTURE(row.what);
        Leg leg;
        const auto xml = leg.to_xml(row.text, Action::session_initiate, Role::initiator);
        CAPTURE(xml);
        Leg back;
        const auto text = back.to_text(xml, Role::initiator);
        CHECK(joined(lines::lost(row.text, text)) == "");
        Leg again;
        Leg last;
        CHECK(last.to_text(again.to_xml(text, Action::session_initiate, Role::initiator), Role::initiator)
              == text);
    }
}
