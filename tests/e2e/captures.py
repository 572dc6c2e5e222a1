"""What the test clients say in their sessions: descriptions and candidates captured from real clients."""

from __future__ import annotations

import functools
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from .stanza import JINGLE

DATA = Path(__file__).resolve().parent.parent / "data"


def to_text(element: ET.Element, parent_namespace: str) -> str:
    """XML without prefixes and without white space between elements."""
    namespace, _, name = element.tag[1:].rpartition("}")
    declaration = "" if namespace == parent_namespace else f" xmlns={quoteattr(namespace)}"
    attributes = "".join(f" {k}={quoteattr(v)}" for k, v in element.attrib.items())
    text = escape(element.text) if element.text and element.text.strip() else ""
    children = "".join(to_text(child, namespace) for child in element)
    return f"<{name}{declaration}{attributes}>{text}{children}</{name}>" if text or children else f"<{name}{declaration}{attributes}/>"


@functools.cache
def _jingles(path: Path) -> list[ET.Element]:
    return list(ET.parse(path).getroot().iter(JINGLE + "jingle"))


def children_of(jingle: ET.Element) -> str:
    return "".join(to_text(child, JINGLE[1:-1]) for child in jingle)


def captured(name: str, action: str) -> list[str]:
    """The children of <jingle/> of every stanza of a capture with that action, in order."""
    found = [children_of(j) for j in _jingles(DATA / "jingle" / f"{name}.xml") if j.get("action") == action]
    if not found:
        raise LookupError(f"{name} has no {action}")
    return found


def vector(name: str) -> str:
    """The children of <jingle/> of a worked example."""
    return children_of(ET.parse(DATA / "vectors" / f"{name}.jingle.xml").getroot())


def without_carry(children: str) -> str:
    """The same without what only our own endpoints are given."""
    root = ET.fromstring(f"<jingle xmlns='{JINGLE[1:-1]}'>{children}</jingle>")
    for parent in list(root.iter()):
        for carry in parent.findall("{urn:carillon:sdp-carry:0}sdp"):
            parent.remove(carry)
    return children_of(root)


def media_of(children: str) -> list[str]:
    """The kinds of media described, as a propose names them."""
    root = ET.fromstring(f"<jingle xmlns='{JINGLE[1:-1]}'>{children}</jingle>")
    found = [d.get("media", "") for d in root.iter("{urn:xmpp:jingle:apps:rtp:1}description")]
    return list(dict.fromkeys(found))


def descriptions(media: list[str]) -> str:
    """The content of a <propose/>."""
    return "".join(f"<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='{kind}'/>" for kind in media)
