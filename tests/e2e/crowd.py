"""Everybody who is not Carillon, over one raw stream: users by the thousand, who answer what they are asked."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from lab import RawComponent, RawServer

from .captures import to_text
from .mutation import CALLEE, CALLER, CLIENT, Dialogue, Step
from .stanza import JINGLE, JMI, local

FEATURES = ["urn:xmpp:jingle:1", "urn:xmpp:jingle-message:0", "urn:xmpp:jingle:apps:rtp:1", "urn:xmpp:jingle:apps:rtp:audio",
            "urn:xmpp:jingle:apps:rtp:video", "urn:xmpp:jingle:apps:dtls:0", "urn:xmpp:jingle:transports:ice-udp:1"]
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
ERRORS = {"unknown-session": ("cancel", "item-not-found", "unknown-session"), "tie-break": ("cancel", "conflict", "tie-break")}


def contact(jid: str, component: str) -> str:
    return jid.replace("\\", "\\5c").replace("@", "\\40") + "@" + component


def jingle_iq(sender: str, to: str, ident: str, action: str, sid: str, children: str) -> str:
    return (f"<iq type='set' from='{sender}' to='{to}' id='{ident}'><jingle xmlns='{JINGLE[1:-1]}' action='{action}' sid='{sid}'>"
            f"{children}</jingle></iq>")


def jmi_message(sender: str, to: str, ident: str, word: str, sid: str, children: str = "") -> str:
    return f"<message type='chat' from='{sender}' to='{to}' id='{ident}'><{word} xmlns='{JMI[1:-1]}' id='{sid}'>{children}</{word}></message>"


@dataclass
class Playing:
    """A dialogue under way: two users of its own, and what Carillon calls each of them to the other."""

    dialogue: Dialogue
    users: tuple[str, str]
    sid: str
    steps: Iterator[Step]
    answers: Iterator[str]
    peers: list[str] = field(default_factory=list)
    said: int = 0   # what the other side has to hear before the dialogue goes on,
    heard: int = 0  # and what it has heard


class Crowd:
    """Sends, answers for the clients, passes on what Carillon sends to itself, and keeps count."""

    def __init__(self, raw: RawServer | RawComponent, component: str) -> None:
        self.raw = raw
        self.component = component  # Carillon's domain
        self.sent = self.received = self.doubled = 0
        self.pending: Counter[tuple[str, str]] = Counter()
        self.why: dict[tuple[str, str], str] = {}
        self.by_user: dict[str, Playing] = {}
        self.heard: list[ET.Element] = []  # by the innocents
        self.innocents: set[str] = set()
        self.on_request: Callable[[tuple[str, str]], object] = lambda key: None
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        return f"h{next(self._numbers)}"

    def send(self, xml: str) -> None:
        self.sent += 1
        self.raw.write(xml)

    def request(self, sender: str, ident: str, xml: str) -> None:
        """One that has to be answered."""
        self.pending[sender, ident] += 1
        self.why[sender, ident] = xml
        self.on_request((sender, ident))
        self.send(xml)

    def pump(self, wait: float = 0.0) -> None:
        for stanza in self.raw.turn(wait):
            self.received += 1
            self._take(stanza)
        while self.raw.unsent:
            for stanza in self.raw.turn(0.1):
                self.received += 1
                self._take(stanza)

    def _take(self, stanza: ET.Element) -> None:
        to, from_, ident, type_ = (stanza.get(name, "") for name in ("to", "from", "id", "type"))
        if to.partition("/")[0].endswith(self.component):
            return self.send(to_text(stanza, CLIENT))  # as a server does
        kind = local(stanza.tag)
        if kind == "iq" and type_ in ("result", "error"):
            if self.pending[to, ident] > 0:
                self.pending[to, ident] -= 1
            else:
                self.doubled += 1
                self.why[to, ident] = ET.tostring(stanza, encoding="unicode")
            return None
        if to in self.innocents or any(user.startswith(to + "/") for user in self.innocents):
            self.heard.append(stanza)
        playing = self.by_user.get(to) or self.by_user.get(to + "/r")
        if playing and (stanza.find(JINGLE + "jingle") is not None or any(child.tag.startswith(JMI) for child in stanza)):
            playing.heard += 1
            playing.peers[CALLEE if playing.users[CALLEE].startswith(to) else CALLER] = from_
        if kind == "iq":
            self._answer(stanza, to, from_, ident, playing)
        return None

    def _answer(self, stanza: ET.Element, to: str, from_: str, ident: str, playing: Playing | None) -> None:
        if stanza.find("{http://jabber.org/protocol/disco#info}query") is not None:
            features = "".join(f"<feature var='{name}'/>" for name in FEATURES)
            return self.send(f"<iq type='result' from='{to}' to='{from_}' id='{ident}'><query xmlns='http://jabber.org/protocol/disco#info'>"
                             f"<identity category='client' type='phone'/>{features}</query></iq>")
        how = next(playing.answers) if playing and stanza.get("type") == "set" else "result"
        who = "zoe@evil.test/r" if how == "forged" else to
        result = f"<iq type='result' from='{who}' to='{from_}' id='{ident}'/>"
        if how in ("result", "forged"):
            self.send(result)
        elif how == "twice":
            self.send(result + result)
        elif how != "none":
            type_, condition, special = ERRORS.get(how, ("cancel", how, ""))
            own = f"<{special} xmlns='urn:xmpp:jingle:errors:1'/>" if special else ""
            self.send(f"<iq type='error' from='{to}' to='{from_}' id='{ident}'><error type='{type_}'><{condition} xmlns='{STANZAS}'/>{own}</error></iq>")
        return None
