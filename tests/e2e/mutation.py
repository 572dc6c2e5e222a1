"""Dialogues that real clients had, as sequences of stanzas, and what may be done to them."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET

from .captures import DATA, to_text
from .stanza import JINGLE, JMI, local

CLIENT = "jabber:component:accept"
ACTIONS = ["session-initiate", "session-accept", "session-terminate", "session-info", "transport-info", "transport-replace",
           "transport-accept", "transport-reject", "content-add", "content-accept", "content-modify", "content-reject",
           "content-remove", "description-info", "security-info", "no-such-action", ""]
MESSAGES = ["propose", "ringing", "proceed", "reject", "retract", "finish", "accept", "no-such-message"]
WORDS = ["", "0", "-1", "65536", "18446744073709551616", "both", "none", "initiator", "audio", "video", "1e9", "\u00e9\u4e2d\U0001f600",
         "' or <", "a" * 300, "a" * 30_000, "::1", "0.0.0.0", "udp", "tcp", "relay", "actpass", "111"]
CALLER, CALLEE = 0, 1


@dataclass(frozen=True)
class Step:
    """One stanza of one side. Who it is from and to, its id and sid are filled in when it is sent, unless given here."""

    side: int
    kind: str             # iq or message
    payload: ET.Element   # <jingle/>, or an element of XEP-0353
    sender: str | None = None
    receiver: str | None = None
    sid: str | None = None
    ident: str | None = None

    def text(self, *, sender: str, receiver: str, ident: str, sid: str) -> str:
        payload = copy.copy(self.payload)
        payload.set("id" if self.kind == "message" else "sid", self.sid if self.sid is not None else sid)
        for role in ("initiator", "responder"):
            if role in payload.attrib:
                payload.set(role, sender)
        stanza = ET.Element(f"{{{CLIENT}}}{self.kind}", {"from": self.sender or sender, "to": self.receiver or receiver,
                                                         "id": self.ident or ident, "type": "set" if self.kind == "iq" else "chat"})
        stanza.append(payload)
        return to_text(stanza, CLIENT)


@dataclass
class Dialogue:
    name: str
    steps: list[Step]
    answers: list[str] = field(default_factory=lambda: ["result"])  # what the clients answer, in turn
    changes: list[str] = field(default_factory=list)


def recorded() -> list[Dialogue]:
    """All that tests/data/jingle has of both sides' requests and messages."""
    found = []
    for path in sorted((DATA / "jingle").glob("*.xml")):
        steps: list[Step] = []
        caller = ""
        for stanza in ET.parse(path).getroot():
            payload = next((child for child in stanza if child.tag == JINGLE + "jingle" or child.tag.startswith(JMI)), None)
            if payload is None or stanza.get("type") == "result" or not stanza.get("to"):
                continue
            sender = stanza.get("from", "").partition("/")[0]
            caller = caller or sender
            steps.append(Step(CALLER if sender == caller else CALLEE, local(stanza.tag), payload))
        if steps:
            found.append(Dialogue(path.stem, steps))
    return found


class Mutator:
    """Each dialogue it makes is one of the recorded ones, changed in one to four ways. The same seed makes the same."""

    def __init__(self, seed: int, senders: list[str], receivers: list[str]) -> None:
        self._random = random.Random(seed)
        self._recorded = recorded()
        self._senders = senders      # to be forged
        self._receivers = receivers  # to be addressed instead
        self._sids: list[str] = ["none"]

    def next(self) -> Dialogue:
        origin = self._random.choice(self._recorded)
        dialogue = Dialogue(origin.name, list(origin.steps))
        for _ in range(self._random.randint(1, 4)):
            change = self._random.choice(CHANGES)
            if dialogue.steps:
                change(self, dialogue)
                dialogue.changes.append(change.__name__.strip("_"))
        return dialogue

    def saw_sid(self, sid: str) -> None:
        """One of another session, to be used where it does not belong."""
        self._sids.append(sid)
        del self._sids[:-200]

    def _at(self, dialogue: Dialogue) -> int:
        return self._random.randrange(len(dialogue.steps))

    def _reorder(self, dialogue: Dialogue) -> None:
        step = dialogue.steps.pop(self._at(dialogue))
        dialogue.steps.insert(self._random.randint(0, len(dialogue.steps)), step)

    def _repeat(self, dialogue: Dialogue) -> None:
        at = self._at(dialogue)
        dialogue.steps[at:at] = [dialogue.steps[at]] * self._random.choice([1, 1, 2, 10])

    def _drop(self, dialogue: Dialogue) -> None:
        del dialogue.steps[self._at(dialogue)]

    def _end_early(self, dialogue: Dialogue) -> None:
        del dialogue.steps[self._at(dialogue) + 1:]

    def _other_dialogue(self, dialogue: Dialogue) -> None:
        dialogue.steps.insert(self._at(dialogue), self._random.choice(self._random.choice(self._recorded).steps))

    def _other_side(self, dialogue: Dialogue) -> None:
        at = self._at(dialogue)
        dialogue.steps[at] = replace(dialogue.steps[at], side=1 - dialogue.steps[at].side)

    def _forged_sender(self, dialogue: Dialogue) -> None:
        at = self._at(dialogue)
        dialogue.steps[at] = replace(dialogue.steps[at], sender=self._random.choice(self._senders))

    def _other_receiver(self, dialogue: Dialogue) -> None:
        at = self._at(dialogue)
        dialogue.steps[at] = replace(dialogue.steps[at], receiver=self._random.choice(self._receivers))

    def _other_sid(self, dialogue: Dialogue) -> None:
        at = self._at(dialogue)
        dialogue.steps[at] = replace(dialogue.steps[at], sid=self._random.choice([*self._sids[-20:], "", "x" * 2000]))

    def _same_id(self, dialogue: Dialogue) -> None:
        for at, step in enumerate(dialogue.steps):
            if self._random.random() < 0.5:
                dialogue.steps[at] = replace(step, ident="same")

    def _other_word(self, dialogue: Dialogue) -> None:
        """Another action, another message."""
        at = self._at(dialogue)
        payload = copy.deepcopy(dialogue.steps[at].payload)
        if dialogue.steps[at].kind == "iq":
            payload.set("action", self._random.choice(ACTIONS))
        else:
            payload.tag = JMI + self._random.choice(MESSAGES)
        dialogue.steps[at] = replace(dialogue.steps[at], payload=payload)

    def _one_field(self, dialogue: Dialogue) -> None:
        """One attribute is changed, or goes; or one element goes, or is doubled."""
        at = self._at(dialogue)
        payload = copy.deepcopy(dialogue.steps[at].payload)
        element = self._random.choice(list(payload.iter()))
        if element.attrib and self._random.random() < 0.7:
            name = self._random.choice(sorted(element.attrib))
            if self._random.random() < 0.2:
                del element.attrib[name]
            else:
                element.set(name, self._random.choice(WORDS))
        elif len(element):
            child = self._random.choice(list(element))
            if self._random.random() < 0.5:
                element.remove(child)
            else:
                element.extend(copy.deepcopy(child) for _ in range(self._random.choice([1, 3, 50])))
        else:
            element.text = self._random.choice(WORDS)
        dialogue.steps[at] = replace(dialogue.steps[at], payload=payload)

    def _oversized(self, dialogue: Dialogue) -> None:
        at = self._at(dialogue)
        payload = copy.deepcopy(dialogue.steps[at].payload)
        what = self._random.randrange(3)
        if what == 0:
            ET.SubElement(payload, "{urn:example:long}x").text = "x" * self._random.choice([9_000, 70_000, 300_000])
        elif what == 1:
            deep = payload
            for _ in range(40):
                deep = ET.SubElement(deep, "{urn:example:deep}x")
        else:
            ET.SubElement(payload, "{urn:example:wide}x", {f"a{n}": "1" for n in range(100)})
        dialogue.steps[at] = replace(dialogue.steps[at], payload=payload)

    def _answers(self, dialogue: Dialogue) -> None:
        """The clients do not answer, answer twice, or with errors."""
        dialogue.answers = [self._random.choice(["none", "twice", "result", "forged", "item-not-found", "service-unavailable",
                                                 "bad-request", "unknown-session", "tie-break"]) for _ in range(4)]


CHANGES: list[Callable[[Mutator, Dialogue], None]] = [
    Mutator._reorder, Mutator._repeat, Mutator._drop, Mutator._end_early, Mutator._other_dialogue, Mutator._other_side,
    Mutator._forged_sender, Mutator._other_receiver, Mutator._other_sid, Mutator._same_id, Mutator._other_word,
    Mutator._one_field, Mutator._one_field, Mutator._one_field, Mutator._oversized, Mutator._answers, Mutator._answers]
