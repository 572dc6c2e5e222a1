"""Every caller, every callee, every outcome, on a real server, several dialogues side by side.

    scripts/matrix dev [--server ejabberd] [-k "plain -> mixed"] [-v]

A dialogue is a function of a `Scene`; below are the seven outcomes. A row of the table is a caller and a callee, a
column an outcome. Where the callee has both kinds of devices, the outcomes that one device brings about are played by
each of the two.
"""

from __future__ import annotations

import argparse
import queue
import secrets
import sys
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from lab import SERVERS, Carillon

from .captures import captured, descriptions, media_of
from .peer import Failure, Peer, gloox_peer, slixmpp_peer
from .stanza import Matcher, Stanza, jingle, jmi, message_with_body

OFFER = captured("dino042-audio", "session-initiate")[0]
ANSWER = captured("dino042-audio", "session-accept")[0]
JMI = "urn:xmpp:jingle-message:0"
RING = 13  # longer than the ten seconds a device may be away
RING_ENDS_WITHIN = RING + 10.0
SIDE_BY_SIDE = 8

CALLERS = ["JMI", "plain", "both"]
CALLEES = {"JMI": ("phone", "tablet"), "plain": ("kaidan", "gajim"), "mixed": ("phone", "kaidan")}
SPEAKS_JMI = {"phone", "tablet"}


def reason(word: str, namespace: str = "") -> str:
    return f"<reason{namespace}><{word}/></reason>"


def jmi_reason(word: str) -> str:
    return reason(word, " xmlns='urn:xmpp:jingle:1'")


def question_of_disco() -> Matcher:
    return Matcher("disco#info", lambda s: s.kind == "iq" and s.type == "get"
                   and "disco#info" in s.text and "node=" not in s.text)


@dataclass
class Scene:
    """alice calls bob, whose two devices ring."""
    caller: str
    callee: str
    actor: str  # the device that does something first
    alice: Peer
    devices: dict[str, Peer]
    contact: str  # bob as alice calls him
    domain: str
    sid: str = field(default_factory=lambda: "m" + secrets.token_hex(8))
    shown: str = ""  # alice as bob's devices see her
    dialled: str = ""  # where alice's session is

    @property
    def others(self) -> list[str]:
        return [name for name in self.devices if name != self.actor]

    @property
    def plain(self) -> list[str]:
        return [name for name in self.devices if name not in SPEAKS_JMI]

    @property
    def has_session(self) -> bool:
        """Whether alice has sent her offer while it rings: a callee's plain device needs it to ring."""
        return self.caller != "JMI" or bool(self.plain)

    def offers(self, to: str) -> None:
        self.dialled = to
        self.alice.gets_result(self.alice.sends_jingle("session-initiate", to, self.sid, OFFER), from_=to)

    def calls(self) -> None:
        """alice calls in her way, and both devices ring, each in its own."""
        if self.caller != "plain":
            self.alice.sends_jmi("propose", self.contact, self.sid, descriptions(media_of(OFFER)))
        if self.caller != "JMI":
            self.offers(self.contact)
        elif self.plain:
            self.offers(self.alice.receives(jmi("proceed", self.sid)).from_)
        for name, device in self.devices.items():
            rings = jmi("propose", self.sid) if name in SPEAKS_JMI else jingle("session-initiate", self.sid)
            self.shown = device.receives(rings).from_
            if name in SPEAKS_JMI:
                device.sends_jmi("ringing", self.shown, self.sid)
                device.fence(self.domain)

    def takes_it(self) -> None:
        """The actor answers; alice hears it."""
        device = self.devices[self.actor]
        if self.actor in SPEAKS_JMI:
            device.sends_jmi("proceed", self.shown, self.sid)
            if not self.has_session:
                self.offers(self.alice.receives(jmi("proceed", self.sid)).from_)
            device.receives(jingle("session-initiate", self.sid), from_=self.shown)
        device.gets_result(device.sends_jingle("session-accept", self.shown, self.sid, ANSWER))
        self.alice.receives(jingle("session-accept", self.sid), from_=self.dialled)

    def refuses(self, name: str, word: str) -> None:
        device = self.devices[name]
        if name in SPEAKS_JMI:
            device.sends_jmi("reject", self.shown, self.sid, jmi_reason(word))
        else:
            device.gets_result(device.sends_jingle("session-terminate", self.shown, self.sid, reason(word)))

    def stops(self, name: str, word: str) -> None:
        """That device is told to stop ringing."""
        told = jmi("retract", self.sid) if name in SPEAKS_JMI else jingle("session-terminate", self.sid)
        says(self.devices[name].receives(told, from_=self.shown, within=RING_ENDS_WITHIN), word)

    def others_stop(self, word: str) -> None:
        for name in self.others:
            if name in SPEAKS_JMI and self.actor in SPEAKS_JMI:
                self.hears_by_carbon(name)
            else:
                self.stops(name, word)

    def hears_by_carbon(self, name: str) -> None:
        """What the actor has sent reaches his other clients by XEP-0280."""
        self.devices[name].receives(Matcher("a carbon of the answer", lambda s: "urn:xmpp:carbons:2" in s.text
                                            and "sent" in s.text and self.sid in s.text))

    def ends_for_alice(self, word: str) -> None:
        heard = jingle("session-terminate", self.sid) if self.has_session else jmi("reject", self.sid)
        says(self.alice.receives(heard, within=RING_ENDS_WITHIN), word)


    def is_missed(self) -> None:
        """Only clients that keep no list of missed calls themselves are sent words about it."""
        for device in self.devices.values():
            if self.callee == "plain":
                got = device.receives(message_with_body())
                if f"You missed a call from {self.alice.bare}" not in got.body():
                    raise Failure(f"these are no words about a missed call: {got.text}")
            device.fence(self.domain)
            device.got_nothing(message_with_body())


def says(stanza: Stanza, word: str) -> None:
    if f"{word} " not in stanza.text and f"{word}/" not in stanza.text and f"{word}>" not in stanza.text:
        raise Failure(f"this should say {word}: {stanza.text}")


# The outcomes.

def answer(s: Scene) -> None:
    s.calls()
    s.takes_it()
    s.others_stop("cancel")
    s.alice.gets_result(s.alice.sends_jingle("session-terminate", s.dialled, s.sid, reason("success")))
    says(s.devices[s.actor].receives(jingle("session-terminate", s.sid), from_=s.shown), "success")


def reject(s: Scene) -> None:
    s.calls()
    s.refuses(s.actor, "decline")
    s.ends_for_alice("decline")
    s.others_stop("cancel")


def busy(s: Scene) -> None:
    """Who says so by message speaks for his user; a plain device speaks for itself, and with the last one for him."""
    s.calls()
    s.refuses(s.actor, "busy")
    if s.actor in SPEAKS_JMI:
        s.others_stop("cancel")
    else:
        for name in s.others:
            s.refuses(name, "busy")
    s.ends_for_alice("busy")


def no_answer(s: Scene) -> None:
    s.calls()
    s.ends_for_alice("timeout")
    for name in s.devices:
        s.stops(name, "timeout")
    s.is_missed()


def retract(s: Scene) -> None:
    s.calls()
    if s.has_session:
        s.alice.gets_result(s.alice.sends_jingle("session-terminate", s.dialled, s.sid, reason("cancel")))
    else:
        s.alice.sends_jmi("retract", s.contact, s.sid, jmi_reason("cancel"))
    for name in s.devices:
        s.stops(name, "cancel")
    s.is_missed()


def vanish(s: Scene) -> None:
    """Who has shown no presence, said that he rings, and went, is waited for until the call's time is over."""
    s.calls()
    for device in s.devices.values():
        device.vanish()
    s.ends_for_alice("gone" if s.callee == "plain" else "timeout")


def elsewhere(s: Scene) -> None:
    """The others answer too late."""
    s.calls()
    s.takes_it()
    s.others_stop("cancel")
    for name in s.others:
        device = s.devices[name]
        if name not in SPEAKS_JMI:
            late = device.sends_jingle("session-accept", s.shown, s.sid, ANSWER)
            device.gets_error(late, "item-not-found", "unknown-session")
        elif s.actor not in SPEAKS_JMI:
            device.sends_jmi("proceed", s.shown, s.sid)
            s.stops(name, "cancel")
    s.devices[s.actor].gets_result(
        s.devices[s.actor].sends_jingle("session-terminate", s.shown, s.sid, reason("success")))
    says(s.alice.receives(jingle("session-terminate", s.sid), from_=s.dialled), "success")


OUTCOMES: dict[str, Callable[[Scene], None]] = {
    "answer": answer, "reject": reject, "busy": busy, "no answer": no_answer, "retract": retract,
    "device vanishes": vanish, "answered elsewhere": elsewhere}
BY_ALL = {"no answer", "retract", "device vanishes"}  # no device does anything of its own
SLOW = ["device vanishes", "no answer"]


@dataclass(frozen=True)
class Dialogue:
    caller: str
    callee: str
    outcome: str
    actor: str

    @property
    def row(self) -> str:
        return f"{self.caller} -> {self.callee}"

    @property
    def name(self) -> str:
        return f"{self.row}: {self.outcome}" + ("" if self.outcome in BY_ALL else f", {self.actor}")


def dialogues() -> list[Dialogue]:
    """The slow ones first, so that nobody waits for them at the end."""
    found = [Dialogue(caller, callee, outcome, actor)
             for caller, (callee, devices), outcome in product(CALLERS, CALLEES.items(), OUTCOMES)
             for actor in (devices if callee == "mixed" and outcome not in BY_ALL else devices[:1])]
    return sorted(found, key=lambda d: d.outcome not in SLOW)


class Cast:
    """Three clients, of both kinds, that play one dialogue after the other."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        kinds = [lambda: gloox_peer(world.gloox_client), slixmpp_peer]
        self.makers = [kinds[(number + i) % 2] for i in range(3)]
        self.peers = [make() for make in self.makers]

    def play(self, dialogue: Dialogue) -> str | None:
        alice, first, second = self.peers
        try:
            scene = self.set_scene(dialogue, alice, dict(zip(CALLEES[dialogue.callee], (first, second))))
            OUTCOMES[dialogue.outcome](scene)
            for peer in self.peers:
                if peer.jid:
                    peer.fence(scene.domain)
                    # What goes to the bare address reaches clients that do not know Message Initiation, too.
                    knows_jmi = peer.name not in scene.plain
                    peer.got_nothing(Matcher("anything that nobody waited for",
                                             lambda s: is_stray(s) and (knows_jmi or s.jmi is None)))  # noqa: B023
                    peer.logout()
        except Exception as problem:  # whatever it is, the next dialogue shall be played
            words = str(problem) if isinstance(problem, (Failure, AssertionError)) else traceback.format_exc()
            transcript = "\n".join(f"    {line[:700]}" for peer in self.peers for line in peer.transcript[-14:])
            for peer in self.peers:
                peer.close()
            self.peers = [make() for make in self.makers]
            return f"{words}\n{transcript}"
        return None

    def set_scene(self, dialogue: Dialogue, alice: Peer, devices: dict[str, Peer]) -> Scene:
        """Everybody is online, and Carillon knows bob's devices where they need it."""
        world = self.world
        caller, callee = world.new_account("alice"), world.new_account("bob")
        alice.login(caller, "pc", world.server.client_address, name="alice")
        for name, device in devices.items():
            device.login(callee, name, world.server.client_address, name=name)
        as_contact = {account: account.jid.replace("@", "\\40") + "@" + world.domain for account in (caller, callee)}
        for name, device in devices.items():
            if name in SPEAKS_JMI:
                device.asks(device.bare, "<enable xmlns='urn:xmpp:carbons:2'/>", "set")
                continue
            device.lacks(JMI)
            device.sends_xml(f"<presence to='{as_contact[caller]}'/>")  # without caps: those at the login name JMI
            device.receives(question_of_disco())
            # The answer is on its way before the second question is asked.
            device.fence(world.domain)
            device.fence(world.domain)
        return Scene(dialogue.caller, dialogue.callee, dialogue.actor, alice, devices, as_contact[callee], world.domain)

    def close(self) -> None:
        for peer in self.peers:
            peer.close()


def is_stray(stanza: Stanza) -> bool:
    if stanza.jmi is not None and stanza.jmi.tag.rpartition("}")[2] in ("finish", "ringing", "proceed"):
        return False  # what alice has heard on the way is no matter here
    if stanza.jingle is not None and "ringing" in stanza.text:
        return False
    return stanza.jingle is not None or stanza.jmi is not None or stanza.type == "error"


class World:
    def __init__(self, carillon: Path, gloox_client: Path, server: str) -> None:
        self.gloox_client = gloox_client
        self.server = SERVERS[server](accounts=())
        self.server.start()
        self.domain = self.server.component
        self.carillon = Carillon(carillon, self.server, extra=f'[limits]\nring_timeout = "{RING}s"\n')
        self.carillon.start()
        self._accounts = threading.Lock()
        self._number = 0

    def new_account(self, name: str):  # type: ignore[no-untyped-def]
        with self._accounts:
            self._number += 1
            return self.server.add_account(f"{name}{self._number}")


def play_all(world: World, wanted: list[Dialogue], verbose: bool) -> dict[Dialogue, str | None]:
    """What went wrong, for each dialogue."""
    todo: queue.SimpleQueue[Dialogue] = queue.SimpleQueue()
    for dialogue in wanted:
        todo.put(dialogue)
    outcome: dict[Dialogue, str | None] = {}

    def work(number: int) -> None:
        cast = Cast(world, number)
        try:
            while True:
                dialogue = todo.get_nowait()
                began = time.monotonic()
                problem = outcome[dialogue] = cast.play(dialogue)
                if problem or verbose:
                    print(f"{'FAIL' if problem else 'ok  '} {dialogue.name}  ({time.monotonic() - began:.2f} s)"
                          + (f"\n  {problem}" if problem else ""), flush=True)
        except queue.Empty:
            cast.close()

    workers = [threading.Thread(target=work, args=(i,)) for i in range(min(SIDE_BY_SIDE, len(wanted)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return outcome


def print_table(outcome: dict[Dialogue, str | None]) -> None:
    cells: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for dialogue, problem in outcome.items():
        cells[dialogue.row, dialogue.outcome].append(problem is None)
    print("\n| caller -> callee | " + " | ".join(OUTCOMES) + " |\n|---" * 1 + "|---" * len(OUTCOMES) + "|")
    for caller, callee in product(CALLERS, CALLEES):
        row = f"{caller} -> {callee}"
        words = ["-" if not cells[row, name] else "ok" if all(cells[row, name]) else "FAIL" for name in OUTCOMES]
        print(f"| {row} | " + " | ".join(words) + " |")


def main() -> int:
    parser = argparse.ArgumentParser(prog="e2e.matrix", description=__doc__)
    parser.add_argument("--carillon", type=Path, required=True)
    parser.add_argument("--gloox-client", type=Path, required=True)
    parser.add_argument("--server", choices=sorted(SERVERS), default="prosody")
    parser.add_argument("-k", default="", metavar="WORDS", help="only dialogues whose name contains this")
    parser.add_argument("-v", action="store_true", help="name every dialogue, not only those that fail")
    asked = parser.parse_args()
    began = time.monotonic()
    world = World(asked.carillon.resolve(), asked.gloox_client.resolve(), asked.server)
    try:
        outcome = play_all(world, [d for d in dialogues() if asked.k in d.name], asked.v)
    finally:
        world.carillon.stop()
        world.carillon.remove()
        world.server.remove()
    print_table(outcome)
    failed = sum(problem is not None for problem in outcome.values())
    print(f"\nmatrix: {time.monotonic() - began:.1f} s")
    print(f"{len(outcome) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not outcome else 0


if __name__ == "__main__":
    sys.exit(main())
