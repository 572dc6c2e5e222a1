"""Received stanzas: reading them, recognising them, comparing and showing them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

JINGLE = "{urn:xmpp:jingle:1}"
JMI = "{urn:xmpp:jingle-message:0}"
ERRORS = "{urn:xmpp:jingle:errors:1}"
STANZAS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


class Stanza:
    """One iq, message or presence as a client got it."""

    def __init__(self, xml: str) -> None:
        self.text = xml
        self.xml = ET.fromstring(xml)
        self.kind = local(self.xml.tag)
        self.type = self.xml.get("type", "")
        self.from_ = self.xml.get("from", "")
        self.to = self.xml.get("to", "")
        self.id = self.xml.get("id", "")

    @property
    def jingle(self) -> ET.Element | None:
        return self.xml.find(JINGLE + "jingle")

    @property
    def jmi(self) -> ET.Element | None:
        return next((child for child in self.xml if child.tag.startswith(JMI)), None)

    @property
    def error(self) -> ET.Element | None:
        return next((child for child in self.xml if local(child.tag) == "error"), None)

    def conditions(self) -> list[str]:
        """The error's conditions, the general one first."""
        error = self.error
        found = [] if error is None else [c.tag for c in error]
        return [local(t) for t in found if t.startswith(STANZAS)] + [local(t) for t in found if t.startswith(ERRORS)]

    def body(self) -> str:
        return next((child.text or "" for child in self.xml if local(child.tag) == "body"), "")

    def summary(self) -> str:
        return f"{summary_of(self.xml)}  from {self.from_ or '-'}"


def summary_of(stanza: ET.Element) -> str:
    """A stanza in a few words: `session-initiate (audio, 4 candidates)`."""
    jingle = stanza.find(JINGLE + "jingle")
    if jingle is not None:
        details = [local(c.tag) for c in jingle if local(c.tag) not in ("content", "group", "reason")]
        details += [local(c.tag) for reason in jingle.findall(JINGLE + "reason") for c in reason if local(c.tag) != "text"]
        details += [d.get("media", "?") for d in jingle.iter() if local(d.tag) == "description"]
        candidates = sum(1 for c in jingle.iter() if local(c.tag) == "candidate")
        details += [f"{candidates} candidate{'s' if candidates > 1 else ''}"] if candidates else []
        details += ["gathering complete"] if any(local(c.tag) == "gathering-complete" for c in jingle.iter()) else []
        action = jingle.get("action", "?")
        return f"{action} ({', '.join(details)})" if details else action
    kind, type_ = local(stanza.tag), stanza.get("type", "")
    if type_ in ("result", "error") and kind == "iq":
        conditions = [local(c.tag) for e in stanza if local(e.tag) == "error" for c in e if local(c.tag) != "text"]
        return " ".join([type_, *conditions])
    children = " ".join(local(c.tag) for c in stanza if local(c.tag) not in ("store", "delay"))
    media = [d.get("media", "?") for d in stanza.iter() if local(d.tag) == "description"]
    first = children if kind == "message" else " ".join(filter(None, [kind, type_, children]))
    return f"{first} ({', '.join(media)})" if media else first


@dataclass(frozen=True)
class Matcher:
    """What a client waits for, and the words for it."""
    words: str
    holds: Callable[[Stanza], bool]


def jingle(action: str, sid: str | None = None) -> Matcher:
    def holds(s: Stanza) -> bool:
        j = s.jingle
        return s.type == "set" and j is not None and j.get("action") == action and sid in (None, j.get("sid"))
    return Matcher(f"{action} of {sid or 'any session'}", holds)


def jmi(name: str, sid: str | None = None) -> Matcher:
    def holds(s: Stanza) -> bool:
        m = s.jmi
        return s.type != "error" and m is not None and m.tag == JMI + name and sid in (None, m.get("id"))
    return Matcher(f"<{name}/> of {sid or 'any call'}", holds)


def reply(ident: str) -> Matcher:
    return Matcher(f"the reply to {ident}", lambda s: s.kind == "iq" and s.type in ("result", "error") and s.id == ident)


def message_error(ident: str) -> Matcher:
    return Matcher(f"an error for message {ident}", lambda s: s.kind == "message" and s.type == "error" and s.id == ident)


def any_message_error() -> Matcher:
    return Matcher("an error for a message", lambda s: s.kind == "message" and s.type == "error")


def message_with_body() -> Matcher:
    return Matcher("a message with words", lambda s: s.kind == "message" and s.body() != "")


def presence(from_: str, type_: str = "") -> Matcher:
    """From a bare address any of its resources will do."""
    def holds(s: Stanza) -> bool:
        return s.kind == "presence" and s.type == type_ and from_ in (s.from_, s.from_.partition("/")[0])
    return Matcher(f"{type_ or 'available'} presence from {from_}", holds)


def without_defaults(element: ET.Element) -> dict[str, str]:
    """The attributes that say something: both ways of writing a default are the same."""
    defaults = {"senders": "both", "generation": "0", "network": "0", "component": None, "disposition": "session"}
    return {k: v for k, v in element.attrib.items() if k not in defaults or defaults[k] != v}


def is_tcp(element: ET.Element) -> bool:
    return local(element.tag) == "candidate" and element.get("protocol", "udp").lower() != "udp"


def lost(sent: ET.Element, got: ET.Element, path: str = "", gone: frozenset[str] = frozenset()) -> Iterator[str]:
    """Says what of `sent` is not in `got`. TCP candidates may go, and what is carried for them: clients choke on them."""
    here = f"{path}/{local(sent.tag)}"
    gone |= {child.get("id", "") for child in sent if is_tcp(child)}
    if path:  # the attributes of <jingle/> itself are the relay's own
        for name, value in without_defaults(sent).items():
            if got.get(name) != value:
                yield f"{here}@{name}: sent {value!r}, got {got.get(name)!r}"
        if (sent.text or "").strip() != (got.text or "").strip():
            yield f"{here}: sent text {sent.text!r}, got {got.text!r}"
    rest = list(got)
    for child in sent:
        if is_tcp(child) or (local(child.tag) == "cand" and child.get("id") in gone):
            continue
        twin = next((c for c in rest if c.tag == child.tag and not any(lost(child, c, here, gone))), None)
        near = twin if twin is not None else next((c for c in rest if c.tag == child.tag), None)
        if near is None:
            yield f"{here}/{local(child.tag)} is missing"
        else:
            yield from () if near is twin else lost(child, near, here, gone)
            rest.remove(near)
