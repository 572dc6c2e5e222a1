#!/usr/bin/python3
"""A test client on slixmpp, driven line by line: commands on stdin, events as JSON lines on stdout.

Understands the commands of gloox_client and prints its events; README.md has the list of both.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Callable
from xml.etree import ElementTree as ET

from slixmpp import ClientXMPP, Iq, Message
from slixmpp.xmlstream import ElementBase, register_stanza_plugin
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import StanzaPath

FEATURES = ["urn:xmpp:jingle:1", "urn:xmpp:jingle-message:0", "urn:xmpp:jingle:apps:rtp:1",
            "urn:xmpp:jingle:apps:rtp:audio", "urn:xmpp:jingle:apps:rtp:video", "urn:xmpp:jingle:apps:dtls:0",
            "urn:xmpp:jingle:transports:ice-udp:1"]

UNKNOWN_SESSION = ("<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                   "<unknown-session xmlns='urn:xmpp:jingle:errors:1'/>")


class Jingle(ElementBase):
    name = "jingle"
    namespace = "urn:xmpp:jingle:1"
    plugin_attrib = "jingle"
    interfaces = {"action", "sid", "initiator", "responder"}


class JingleMessage(ElementBase):
    """One of XEP-0353's elements; `name` is set per instance, since they differ in nothing else."""
    namespace = "urn:xmpp:jingle-message:0"
    interfaces = {"id"}

    def __init__(self, name: str) -> None:
        self.name = self.plugin_attrib = name
        super().__init__()


class Store(ElementBase):
    name = "store"
    namespace = "urn:xmpp:hints"
    plugin_attrib = "store"
    interfaces: set[str] = set()


register_stanza_plugin(Iq, Jingle)


def say(**event: str) -> None:
    print(json.dumps(event), flush=True)


def elements(xml: str, namespace: str) -> list[ET.Element]:
    """The elements of a piece of text that stands below a parent of that namespace."""
    return list(ET.fromstring(f"<all xmlns='{namespace}'>{xml}</all>")) if xml else []


class Client(ClientXMPP):  # type: ignore[misc]
    def __init__(self, jid: str, password: str) -> None:
        super().__init__(jid, password)
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0199")
        self["feature_mechanisms"].unencrypted_plain = True
        for feature in FEATURES:
            self["xep_0030"].add_feature(feature)
        self.held: set[str] = set()
        self.ended: set[str] = set()  # sids of sessions that this side has ended: it knows nothing of them any more
        self.add_filter("in", self._show)
        self.add_event_handler("session_start", self._go_online)
        self.add_event_handler("disconnected", lambda reason: say(event="offline", reason=str(reason)))
        self.register_handler(Callback("Jingle", StanzaPath("iq@type=set/jingle"), self._acknowledge))

    def _show(self, stanza):  # type: ignore[no-untyped-def]
        if stanza.name in ("iq", "message", "presence"):
            say(event="stanza", xml=ET.tostring(stanza.xml, encoding="unicode"))
        return stanza

    def _go_online(self, _event: object) -> None:
        say(event="online", jid=self.boundjid.full)
        self.send_presence()

    def _acknowledge(self, iq: Iq) -> None:
        action, sid = iq["jingle"]["action"], iq["jingle"]["sid"]
        if action == "session-initiate":
            self.ended.discard(sid)
        if action in self.held:
            return
        if sid in self.ended and action != "session-terminate":
            self.send_reply(iq["from"].full, iq["id"], ("cancel", UNKNOWN_SESSION))
        else:
            iq.reply().send()

    def send_jingle(self, action: str, to: str, sid: str, ident: str, children: str) -> None:
        if action == "session-terminate":
            self.ended.add(sid)
        iq = self.make_iq_set(ito=to)
        iq["id"] = ident
        iq["jingle"]["action"] = action
        iq["jingle"]["sid"] = sid
        role = {"session-initiate": "initiator", "session-accept": "responder"}.get(action)
        if role:
            iq["jingle"][role] = self.boundjid.full
        for child in elements(children, Jingle.namespace):
            iq["jingle"].append(child)
        iq.send(timeout=None, callback=lambda _: None).add_done_callback(lambda future: future.exception())

    def send_jmi(self, name: str, to: str, sid: str, ident: str, children: str) -> None:
        message = self.make_message(mto=to, mtype="chat")
        message["id"] = ident
        jmi = JingleMessage(name)
        jmi["id"] = sid
        for child in elements(children, JingleMessage.namespace):
            jmi.append(child)
        message.append(jmi)
        message.append(Store())
        message.send()

    def send_reply(self, to: str, ident: str, error: tuple[str, str] | None) -> None:
        iq = self.make_iq(id=ident, ito=to, itype="error" if error else "result")
        if error:
            element = ET.SubElement(iq.xml, "{jabber:client}error", type=error[0])
            element.extend(elements(error[1], "jabber:client"))
        iq.send()


class Program:
    def __init__(self) -> None:
        self.client: Client | None = None

    def obey(self, line: str) -> None:
        words = line.split(" ")
        arguments = ["" if word == "-" else word for word in words[1:]]

        def rest(skip: int) -> str:
            return " ".join(words[skip + 1:])

        commands: dict[str, Callable[[], object]] = {
            "login": lambda: self.login(*arguments),
            "logout": lambda: self.leave(abort=False),
            "vanish": lambda: self.leave(abort=True),
            "lacks": lambda: self.online()["xep_0030"].del_feature(feature=arguments[0]),
            "hold": lambda: self.online().held.add(arguments[0]),
            "xml": lambda: self.online().send_raw(rest(0)),
            "jingle": lambda: self.online().send_jingle(*arguments[:4], rest(4)),
            "jmi": lambda: self.online().send_jmi(*arguments[:4], rest(4)),
            "result": lambda: self.online().send_reply(arguments[0], arguments[1], None),
            "error": lambda: self.online().send_reply(arguments[0], arguments[1], (arguments[2], rest(3))),
        }
        try:
            commands[words[0]]()
        except Exception as problem:  # the test sees it and fails with these words
            say(event="refused", command=line, reason=repr(problem))

    def login(self, jid: str, password: str, host: str, port: str) -> None:
        self.client = Client(jid, password)
        self.client.connect((host, int(port)), disable_starttls=True)

    def leave(self, *, abort: bool) -> None:
        client = self.online()
        self.client = None
        if abort:
            client.abort()
        else:
            client.disconnect()

    def online(self) -> Client:
        if not self.client:
            raise RuntimeError("not logged in")
        return self.client


async def main() -> None:
    reader = asyncio.StreamReader(limit=8 * 1024 * 1024)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    program = Program()
    while line := await reader.readline():
        program.obey(line.decode().rstrip("\n"))


if __name__ == "__main__":
    logging.basicConfig(level=logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(main())
