#!/usr/bin/python3
"""An XMPP client with real media that shares no code with a browser or with Carillon: slixmpp, aiortc, XEP-0353.

One JSON line a command, {"id", "call", "argument"}, and one an answer, {"id", "result"} or {"id", "error"}: the
functions of pages/xmpp.js. Translates between aiortc's SDP and Jingle by itself. Stays on loopback.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import uuid
from typing import Any
from xml.etree import ElementTree as ET

import aioice.ice
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaStreamError
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
from aiortc.sdp import SessionDescription, candidate_from_sdp
from slixmpp import ClientXMPP
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]

JINGLE = "urn:xmpp:jingle:1"
JMI = "urn:xmpp:jingle-message:0"
RTP = "urn:xmpp:jingle:apps:rtp:1"
FEEDBACK = "urn:xmpp:jingle:apps:rtp:rtcp-fb:0"
EXTENSION = "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0"
SOURCE = "urn:xmpp:jingle:apps:rtp:ssma:0"
ICE = "urn:xmpp:jingle:transports:ice-udp:1"
DTLS = "urn:xmpp:jingle:apps:dtls:0"
GROUP = "urn:xmpp:jingle:apps:grouping:0"
NICK = "{http://jabber.org/protocol/nick}nick"
VCARD = "vcard-temp"
FEATURES = [JINGLE, JMI, RTP, "urn:xmpp:jingle:apps:rtp:audio", "urn:xmpp:jingle:apps:rtp:video", FEEDBACK, EXTENSION,
            SOURCE, ICE, DTLS, GROUP]
SETUP = {"auto": "actpass", "client": "active", "server": "passive"}
CANDIDATE = ["foundation", "component", "protocol", "priority", "ip", "port"]


def child(parent: ET.Element, namespace: str, name: str, /, **attributes: object) -> ET.Element:
    return ET.SubElement(parent, f"{{{namespace}}}{name}", {key.replace("_", "-"): str(value) for key, value in attributes.items()})


# --- SDP to Jingle

def write_description(parent: ET.Element, media: Any) -> None:
    description = child(parent, RTP, "description", media=media.kind)
    for codec in media.rtp.codecs:
        kind = child(description, RTP, "payload-type", id=codec.payloadType, name=codec.name, clockrate=codec.clockRate)
        if codec.channels and codec.channels > 1:
            kind.set("channels", str(codec.channels))
        for name, value in codec.parameters.items():
            child(kind, RTP, "parameter", name=name, value=value)
        for feedback in codec.rtcpFeedback:
            element = child(kind, FEEDBACK, "rtcp-fb", type=feedback.type)
            if feedback.parameter:
                element.set("subtype", feedback.parameter)
    # aiortc gives one number two meanings in a bundle, which Chromium does not take; the mid is what has to be told.
    for extension in (one for one in media.rtp.headerExtensions if one.uri.endswith(":mid")):
        child(description, EXTENSION, "rtp-hdrext", id=extension.id, uri=extension.uri)
    for source in media.ssrc:
        child(child(description, SOURCE, "source", ssrc=source.ssrc), SOURCE, "parameter", name="cname", value=source.cname)
    child(description, RTP, "rtcp-mux")


def write_transport(parent: ET.Element, media: Any) -> None:
    transport = child(parent, ICE, "transport", ufrag=media.ice.usernameFragment, pwd=media.ice.password)
    for fingerprint in media.dtls.fingerprints:
        child(transport, DTLS, "fingerprint", hash=fingerprint.algorithm, setup=SETUP[media.dtls.role]).text = fingerprint.value
    for number, candidate in enumerate(media.ice_candidates):
        child(transport, ICE, "candidate", id=f"c{number}", generation=0, network=0, type=candidate.type,
              **{name: getattr(candidate, name) for name in CANDIDATE})


def jingle_of(sdp: str, action: str, sid: str) -> ET.Element:
    session = SessionDescription.parse(sdp)
    jingle = ET.Element(f"{{{JINGLE}}}jingle", {"action": action, "sid": sid})
    for media in session.media:
        content = child(jingle, JINGLE, "content", creator="initiator", name=media.rtp.muxId)
        write_description(content, media)
        write_transport(content, media)
    group = child(jingle, GROUP, "group", semantics="BUNDLE")
    for media in session.media:
        child(group, GROUP, "content", name=media.rtp.muxId)
    return jingle


# --- Jingle to SDP

def candidate_line(candidate: ET.Element) -> str:
    return " ".join(candidate.get(name, "") for name in CANDIDATE) + f" typ {candidate.get('type')}"


def codec_lines(kind: ET.Element) -> list[str]:
    number = kind.get("id")
    channels = f"/{kind.get('channels')}" if kind.get("channels", "1") != "1" else ""
    lines = [f"a=rtpmap:{number} {kind.get('name')}/{kind.get('clockrate')}{channels}"]
    parameters = [(one.get("name"), one.get("value")) for one in kind.findall(f"{{{RTP}}}parameter")]
    if parameters:
        lines.append(f"a=fmtp:{number} " + ";".join(f"{name}={value}" if name else str(value) for name, value in parameters))
    for feedback in kind.findall(f"{{{FEEDBACK}}}rtcp-fb"):
        lines.append(f"a=rtcp-fb:{number} {feedback.get('type')} {feedback.get('subtype', '')}".rstrip())
    return lines


def media_lines(content: ET.Element) -> list[str]:
    description, transport = content.find(f"{{{RTP}}}description"), content.find(f"{{{ICE}}}transport")
    assert description is not None and transport is not None
    kinds = [kind for kind in description.findall(f"{{{RTP}}}payload-type") if kind.get("name")]
    lines = [f"m={description.get('media')} 9 UDP/TLS/RTP/SAVPF {' '.join(str(kind.get('id')) for kind in kinds)}",
             "c=IN IP4 0.0.0.0", "a=sendrecv", f"a=mid:{content.get('name')}", "a=rtcp:9 IN IP4 0.0.0.0", "a=rtcp-mux"]
    for kind in kinds:
        lines += codec_lines(kind)
    for extension in description.findall(f"{{{EXTENSION}}}rtp-hdrext"):
        lines.append(f"a=extmap:{extension.get('id')} {extension.get('uri')}")
    for source in description.findall(f"{{{SOURCE}}}source"):
        for parameter in source.findall(f"{{{SOURCE}}}parameter"):
            lines.append(f"a=ssrc:{source.get('ssrc')} {parameter.get('name')}:{parameter.get('value')}")
    lines += [f"a=ice-ufrag:{transport.get('ufrag')}", f"a=ice-pwd:{transport.get('pwd')}"]
    for fingerprint in transport.findall(f"{{{DTLS}}}fingerprint"):
        lines += [f"a=fingerprint:{fingerprint.get('hash')} {fingerprint.text}", f"a=setup:{fingerprint.get('setup')}"]
    return lines + [f"a=candidate:{candidate_line(one)}" for one in transport.findall(f"{{{ICE}}}candidate")]


def sdp_of(jingle: ET.Element) -> str:
    contents = jingle.findall(f"{{{JINGLE}}}content")
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0",
             "a=group:BUNDLE " + " ".join(str(content.get("name")) for content in contents)]
    for content in contents:
        lines += media_lines(content)
    return "\r\n".join(lines) + "\r\n"


# --- the client

class Client(ClientXMPP):  # type: ignore[misc]
    """One call at a time."""

    def __init__(self, jid: str, password: str, component: str, accept: dict[str, bool] | None) -> None:
        super().__init__(jid, password)
        self.component, self.accept_with = component, accept
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0115")
        self["feature_mechanisms"].unencrypted_plain = True
        for feature in FEATURES:
            self["xep_0030"].add_feature(feature)
        self.add_event_handler("session_start", self._go_online)
        self.register_handler(Callback("Jingle", MatchXPath(f"{{jabber:client}}iq/{{{JINGLE}}}jingle"), self._jingle))
        for name in ("propose", "ringing", "proceed", "reject", "retract", "finish"):
            self.register_handler(Callback(name, MatchXPath(f"{{jabber:client}}message/{{{JMI}}}{name}"), self._jmi))
        self.online: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.state, self.sid, self.peer = "none", "", ""
        self.caller = ""  # as he calls himself
        self.wanted: dict[str, bool] = {}
        self.frames = {"audio": 0, "video": 0}
        self.pc: RTCPeerConnection | None = None
        self.early: list[tuple[str, Any]] = []

    async def _go_online(self, _: object) -> None:
        await self["xep_0115"].update_caps()
        self.send_presence()
        self.send_presence(pto=self.component)
        self.online.set_result(self.boundjid.full)

    def say(self, name: str, to: str, *children: ET.Element) -> None:
        message = self.make_message(mto=to, mtype="chat")
        element = ET.SubElement(message.xml, f"{{{JMI}}}{name}", {"id": self.sid})
        element.extend(children)
        if name == "propose":
            ET.SubElement(message.xml, NICK).text = f"{self.boundjid.user} on aiortc"
        message.send()

    def ask(self, jingle: ET.Element) -> None:
        iq = self.make_iq_set(ito=self.peer)
        iq.xml.append(jingle)
        iq.send(timeout=None, callback=lambda _: None).add_done_callback(lambda future: future.exception())

    def make_connection(self, media: dict[str, bool]) -> RTCPeerConnection:
        pc = self.pc = RTCPeerConnection()
        if media.get("audio"):
            pc.addTrack(AudioStreamTrack())
        if media.get("video"):
            pc.addTrack(VideoStreamTrack())
        pc.on("track", lambda track: asyncio.ensure_future(self.watch(track)))
        pc.on("connectionstatechange", self._connected)
        return pc

    def _connected(self) -> None:
        if self.pc and self.pc.connectionState == "connected" and self.state != "ended":
            self.state = "connected"

    async def watch(self, track: Any) -> None:
        """Decodes all there is; ends with the track."""
        try:
            while True:
                await track.recv()
                self.frames[track.kind] += 1
        except MediaStreamError:
            pass

    def _jmi(self, message: Any) -> None:
        element = next(one for one in message.xml if one.tag.startswith(f"{{{JMI}}}"))
        name, who = element.tag.split("}")[1], str(message["from"])
        if name == "propose":
            self.sid, self.peer, self.state = element.get("id", ""), who, "ringing"
            self.caller = message.xml.findtext(NICK, "")
            self.say("ringing", who)
            if self.accept_with:
                self.say("proceed", who)
        elif element.get("id") != self.sid:
            return
        elif name == "ringing":
            self.state = "ringing"
        elif name == "proceed" and self.wanted:
            self.peer, self.state = who, "connecting"
            asyncio.ensure_future(self.offer())
        elif name in ("reject", "retract", "finish"):
            self.state = "ended"

    async def offer(self) -> None:
        pc = self.make_connection(self.wanted)
        await pc.setLocalDescription(await pc.createOffer())
        self.ask(jingle_of(pc.localDescription.sdp, "session-initiate", self.sid))

    def _jingle(self, iq: Any) -> None:
        iq.reply().send()
        jingle = iq.xml.find(f"{{{JINGLE}}}jingle")
        action = {"session-initiate": self.answer, "session-accept": self.take_answer, "transport-info": self.take_candidates}
        if jingle.get("action") in action:
            asyncio.ensure_future(action[jingle.get("action")](jingle, str(iq["from"])))
        elif jingle.get("action") == "session-terminate":
            asyncio.ensure_future(self.end())

    async def answer(self, jingle: ET.Element, who: str) -> None:
        self.peer, self.state = who, "connecting"
        pc = self.make_connection(self.accept_with or {"audio": True})
        await pc.setRemoteDescription(RTCSessionDescription(sdp_of(jingle), "offer"))
        await pc.setLocalDescription(await pc.createAnswer())
        self.ask(jingle_of(pc.localDescription.sdp, "session-accept", self.sid))
        await self.add_early()

    async def take_answer(self, jingle: ET.Element, _: str) -> None:
        assert self.pc
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp_of(jingle), "answer"))
        await self.add_early()

    async def take_candidates(self, jingle: ET.Element, _: str) -> None:
        for content in jingle.findall(f"{{{JINGLE}}}content"):
            for one in content.findall(f"{{{ICE}}}transport/{{{ICE}}}candidate"):
                if one.get("protocol", "").lower() == "udp":
                    candidate = candidate_from_sdp(candidate_line(one))
                    candidate.sdpMid = content.get("name")
                    self.early.append((str(content.get("name")), candidate))
        await self.add_early()

    async def add_early(self) -> None:
        if not self.pc or not self.pc.remoteDescription or not self.pc.localDescription:
            return
        waiting, self.early = self.early, []
        for _, candidate in waiting:
            await self.pc.addIceCandidate(candidate)

    async def end(self) -> None:
        self.state = "ended"
        if self.pc:
            await self.pc.close()

    # --- what may be asked for

    async def dial(self, to: str, media: dict[str, bool]) -> dict[str, Any]:
        self.sid, self.wanted, self.state = uuid.uuid4().hex, media, "connecting"
        descriptions = [ET.Element(f"{{{RTP}}}description", {"media": kind}) for kind, wanted in media.items() if wanted]
        self.say("propose", to, *descriptions)
        return {}

    async def act(self, method: str, args: list[Any] = []) -> dict[str, Any]:  # noqa: B006  never changed
        if method == "hangup":
            jingle = ET.Element(f"{{{JINGLE}}}jingle", {"action": "session-terminate", "sid": self.sid})
            child(child(jingle, JINGLE, "reason"), JINGLE, "success")
            self.ask(jingle)
            await self.end()
        elif method == "reject":
            self.say("reject", self.peer)
            self.state = "ended"
        return {}

    async def counted(self) -> dict[str, int]:
        found = {"audio": 0, "video": 0, "frames": self.frames["video"]}
        if self.pc:
            for one in (await self.pc.getStats()).values():
                if one.type == "inbound-rtp":
                    found[one.kind] += one.packetsReceived
        return found

    async def tell(self) -> dict[str, str]:
        return {"state": self.state, "sid": self.sid, "caller": self.caller}

    async def card(self) -> dict[str, str]:
        """What the other side's address is called."""
        iq = self.make_iq_get(ito=self.peer.split("/")[0])
        child(iq.xml, VCARD, "vCard")
        answer = await iq.send(timeout=10)
        return {"name": answer.xml.findtext(f"{{{VCARD}}}vCard/{{{VCARD}}}FN", "")}


class Program:
    client: Client

    async def obey(self, call: str, argument: dict[str, Any]) -> Any:
        if call == "signIn":
            login = argument["token"]
            self.client = Client(login["jid"], login["password"], login["component"], argument.get("accept"))
            self.client.connect(tuple(login["clients"]), disable_starttls=True)
            return {"jid": await asyncio.wait_for(self.client.online, 30)}
        calls = {"dial": self.client.dial, "act": self.client.act, "counted": self.client.counted, "state": self.client.tell,
                 "card": self.client.card}
        return await calls[call](**argument)


async def main() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    program = Program()
    while line := await reader.readline():
        asked = json.loads(line)
        try:
            result = {"result": await program.obey(asked["call"], asked["argument"])}
        except Exception as problem:  # whoever asked fails with these words
            result = {"error": repr(problem)}
        print(json.dumps({"id": asked["id"], **result}), flush=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(main())
