#pragma once

#include <string>

/// One request and one description that hold whatever the mapping table has a row for, so that a test over
/// all their values is a test over the table. injection_table_test.cpp checks that nothing is missing.
namespace translate {

inline const std::string everything
    = R"(<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1' initiator='a@one.test/1' responder='b@two.test/2'>
 <content creator='initiator' name='0' senders='initiator' disposition='session'>
  <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio' ssrc='9'>
   <payload-type id='111' name='opus' clockrate='48000' channels='2' ptime='20' maxptime='60'>
    <parameter name='minptime' value='10'/><parameter name='' value='0-15'/>
    <rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='ccm' subtype='tmmbr'><parameter name='smaxpr' value='1'/></rtcp-fb>
    <rtcp-fb-trr-int xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' value='100'/>
   </payload-type>
   <rtcp-mux/><rtcp-reduced-size/><bandwidth type='AS'>64</bandwidth><bandwidth type='TIAS' value='64000'/>
   <encryption required='1'><crypto tag='1' crypto-suite='AES' key-params='inline:x' session-params='KDR=1'/>
    <zrtp-hash xmlns='urn:xmpp:jingle:apps:rtp:zrtp:1' version='1.10'>abcd</zrtp-hash></encryption>
   <rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1' uri='urn:a' senders='initiator'><parameter name='k' value='v'/></rtp-hdrext>
   <extmap-allow-mixed xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0'/>
   <stream xmlns='urn:xmpp:jingle:apps:rtp:msid:0' id='s' track='t'/>
   <ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='FID'><source ssrc='1'/><source ssrc='2'/></ssrc-group>
   <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1'><parameter name='cname' value='c'/></source>
   <category xmlns='urn:xmpp:jingle:apps:category:0' name='speaker'/>
   <sdp xmlns='urn:carillon:sdp-carry:0'><a n='rid' v='q send'/><line t='i' v='title'/><m port='5000'/></sdp>
  </description>
  <transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='8hhY' pwd='asd88fgpdd777uzjYhagZg1x' ice2='true'>
   <fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' setup='actpass' cryptex='true' required='true'>52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>
   <trickle xmlns='http://gultsch.de/xmpp/drafts/jingle/transports/ice-udp/option'/>
   <renomination xmlns='http://gultsch.de/xmpp/drafts/jingle/transports/ice-udp/option'/>
   <candidate component='1' foundation='1' generation='0' id='c1' ip='192.0.2.10' network='0' port='5000' priority='1' protocol='udp' rel-addr='192.0.2.1' rel-port='1' type='srflx'/>
   <candidate component='1' foundation='2' generation='0' id='c2' ip='192.0.2.10' port='9' priority='1' protocol='tcp' tcptype='active' type='host' network-id='2' network-cost='10'/>
   <candidate component='1' foundation='3' generation='0' id='c3' ip='192.0.2.11' port='9' priority='1' protocol='udp' rel-addr='192.0.2.1' rel_port='2' type='srflx'/>
   <remote-candidate component='1' ip='192.0.2.12' port='7'/>
   <gathering-complete xmlns='urn:xmpp:jingle:transports:ice:0'/>
   <sdp xmlns='urn:carillon:sdp-carry:0'><a n='tls-id' v='abc'/><cand id='c1'><x n='network-id' v='1'/></cand></sdp>
  </transport>
 </content>
 <content creator='initiator' name='1'>
  <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video' ptime='20' maxptime='40'>
   <payload-type id='96' name='VP8' clockrate='90000'/>
   <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' rid='h'/>
   <rid-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='SIM'><source rid='h'/></rid-group>
  </description>
  <transport xmlns='urn:xmpp:jingle:transports:raw-udp:1'>
   <candidate component='1' generation='0' id='r1' ip='192.0.2.10' port='5000' type='host'/>
   <candidate component='2' generation='0' id='r2' ip='192.0.2.10' port='5003' type='host'/>
  </transport>
 </content>
 <content creator='initiator' name='2'>
  <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='application'>
   <sdp xmlns='urn:carillon:sdp-carry:0'><m proto='DTLS/SCTP' fmt='5000'/></sdp>
  </description>
  <transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='8hhY' pwd='asd88fgpdd777uzjYhagZg1x'>
   <fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' setup='actpass'>52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>
   <sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' number='5000' protocol='webrtc-datachannel' streams='16'/>
   <channel xmlns='urn:xmpp:jingle:transports:webrtc-datachannel:0' id='1'/>
  </transport>
 </content>
 <content creator='initiator' name='3'>
  <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='application'/>
  <transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='8hhY' pwd='asd88fgpdd777uzjYhagZg1x'>
   <fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' setup='actpass'>52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>
   <sctpmap xmlns='urn:xmpp:jingle:transports:dtls-sctp:1' port='5000'/>
  </transport>
 </content>
 <group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'><content name='0'/></group>
 <group xmlns='urn:xmpp:jingle:apps:grouping:0' type='LS'><content name='0'/></group>
 <sdp xmlns='urn:carillon:sdp-carry:0'><a n='msid-semantic' v='WMS'/><line t='s' v='title'/></sdp>
</jingle>)";

inline const std::string everything_sdp = R"(v=0
o=- 1 1 IN IP4 192.0.2.1
s=title
i=about
u=http://one.test/
e=a@one.test (A)
p=+1 555
c=IN IP4 192.0.2.1
b=AS:128
t=1 2
r=7d 1h 0
z=0 1h
k=prompt
a=group:BUNDLE 0 1 4
a=ice-lite
a=ice-options:trickle x-own
a=fingerprint:sha-1 52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8
a=setup:actpass
a=tls-id:abc
a=extmap:2 urn:b
a=extmap-allow-mixed
a=msid-semantic:WMS s
a=identity:abc
a=cryptex
a=sendrecv
m=audio 9 UDP/TLS/RTP/SAVPF 111
i=sound
c=IN IP4 0.0.0.0
b=AS:64
b=TIAS:64000
k=prompt
a=rtcp:10 IN IP4 192.0.2.1
a=candidate:1 1 udp 1 192.0.2.10 5000 typ srflx raddr 192.0.2.1 rport 1 generation 0 network 3 network-id 1 x-own v
a=candidate:2 1 tcp 1 192.0.2.10 9 typ host tcptype active
a=remote-candidates:1 192.0.2.12 7
a=end-of-candidates
a=ice-ufrag:8hhY
a=ice-pwd:asd88fgpdd777uzjYhagZg1x
a=ice-mismatch
a=ice-pacing:50
a=mid:0
a=extmap:1/sendonly urn:a k=v
a=sendonly
a=msid:s t
a=content:speaker,main
a=rtcp-mux
a=rtcp-rsize
a=rtcp-mux-only
a=crypto:1 AES inline:x KDR=1
a=zrtp-hash:1.10 abcd
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;0-15
a=rtcp-fb:111 ccm tmmbr smaxpr=1
a=rtcp-fb:* trr-int 100
a=ptime:20
a=maxptime:60
a=ssrc-group:FID 1 2
a=ssrc:1 cname:c
a=ssrc:2 cname
a=label:1
a=lang:en
a=sdplang:en
a=hlang-send:en
a=hlang-recv:en
a=mediaclk:direct=0
a=ts-refclk:local
a=rtcp-xr:rcvr-rtt=all
a=x-own:value one
m=video 9 UDP/TLS/RTP/SAVPF 96
a=ice-ufrag:8hhY
a=ice-pwd:asd88fgpdd777uzjYhagZg1x
a=mid:1
a=recvonly
a=rtpmap:96 VP8/90000/1
a=framerate:30
a=imageattr:96 send [x=1,y=1]
a=rid:h send pt=96
a=simulcast:send h
m=video 0 UDP/TLS/RTP/SAVPF 96
a=bundle-only
a=mid:4
a=inactive
a=rtpmap:96 VP8/90000
m=application 9 DTLS/SCTP 5000
a=ice-ufrag:8hhY
a=ice-pwd:asd88fgpdd777uzjYhagZg1x
a=mid:2
a=sctpmap:5000 webrtc-datachannel 16
a=max-message-size:1
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
a=ice-ufrag:8hhY
a=ice-pwd:asd88fgpdd777uzjYhagZg1x
a=mid:3
a=sctp-port:5000
a=dcmap:0 label="x"
a=dcsa:0 x
)";

}  // namespace translate
