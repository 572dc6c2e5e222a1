"""People in calls who go on speaking while something breaks, and what became of each thing they said."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from lab import Carillon, Server
from lab.address import poll

from . import captures
from .peer import PATIENCE, Failure, Peer, slixmpp_peer
from .stage import Call, Record, Stage, ThroughCarillon

OFFER, ANSWER = (captures.captured("dino042-audio", action)[0] for action in ("session-initiate", "session-accept"))
ACTIVE = "<active xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>"
DESCRIPTION = "<content creator='initiator' name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></content>"
UNDER_WAY = 0.1  # what was sent so shortly before a fault may have died with a connection: nobody can tell


@dataclass
class Outcome:
    """What was said while the fault lasted, and what became of it."""

    lasted: float = 0.0   # seconds
    said: int = 0
    answered: int = 0     # by the other end's address
    refused: int = 0      # by the server, which knew that nobody is there
    unanswered: int = 0
    silence: float = 0.0  # the longest time in which nobody heard anything, seconds
    notes: list[str] = field(default_factory=list)

    def words(self) -> str:
        parts = [f"{self.said} requests: {self.answered} answered, {self.refused} refused, {self.unanswered} lost",
                 f"silence {self.silence:.1f} s"]
        return "; ".join(parts + self.notes)


class Talking:
    """alice and bob, their calls, and a thread that says something in each of them, in turn, both ways."""

    def __init__(self, carillon: Carillon, homes: dict[str, Server], component: str, pause: float = 0.02) -> None:
        self.carillon = carillon
        self.homes = homes
        self.pause = pause
        self.alice, self.bob = self.peers = (slixmpp_peer(), slixmpp_peer())
        self.stage = Stage(ThroughCarillon(component), Record(), component)
        self.calls: list[Call] = []
        self._said: dict[tuple[str, str], float] = {}
        self._replies: dict[tuple[str, str], bool] = {}
        self._heard: list[float] = []
        self._faults: list[tuple[float, float]] = []
        self._quiet = threading.Event()
        self._may_speak = threading.Lock()
        self._thread: threading.Thread | None = None
        for peer, name in zip(self.peers, homes):
            peer.on_traffic = self._hears
            self._login(peer, name)

    def _login(self, peer: Peer, name: str) -> None:
        home = self.homes[name]
        peer.login(home.accounts[name], name, home.client_address, name=name)

    @contextlib.contextmanager
    def logged_out(self) -> Iterator[None]:
        """Their server goes and comes meanwhile; they are there again before anybody else may be."""
        with self._may_speak:
            yield
            for peer in self.peers:
                self._login(peer, peer.name)

    def begin(self, calls: int = 2) -> None:
        self.calls += [self.new_call() for _ in range(calls)]
        self._thread = threading.Thread(target=self._speak)
        self._thread.start()
        self.is_heard()

    def new_call(self) -> Call:
        call = self.stage.proposes(self.alice, self.bob, OFFER)
        call.relays(self.bob, "session-accept", ANSWER)
        return call

    def _speak(self) -> None:
        turns = itertools.cycle([(call, peer) for call in self.calls for peer in self.peers])
        for call, peer in turns:
            if self._quiet.wait(self.pause):
                return
            with self._may_speak:
                at = time.monotonic()
                ident = call.sends(peer, "session-info", ACTIVE)
                self._said[peer.name, ident] = at

    def _hears(self, peer: Peer, way: str, xml: ET.Element) -> None:
        if way != "received":
            return
        if xml.find("{urn:xmpp:jingle:1}jingle[@action='session-info']") is not None and xml.get("type") == "set":
            self._heard.append(time.monotonic())
        elif xml.get("type") in ("result", "error"):
            self._replies[peer.name, xml.get("id", "")] = xml.get("type") == "result"

    @contextlib.contextmanager
    def fault(self) -> Iterator[Outcome]:
        """What is said from here to its end may be refused or lost; nothing else may."""
        outcome = Outcome()
        began = time.monotonic()
        yield outcome
        self._faults.append((began - UNDER_WAY, time.monotonic()))
        outcome.lasted = time.monotonic() - began
        self.is_heard()
        self._counts(outcome, *self._faults[-1])

    def lasts(self, seconds: float) -> None:
        """The fault goes on for so long."""
        time.sleep(seconds)

    def is_heard(self, within: float = PATIENCE) -> None:
        """Waits until words arrive."""
        heard = len(self._heard)
        if not poll(lambda: len(self._heard) > heard + 10, within):
            raise Failure("nobody hears anything")

    def _counts(self, outcome: Outcome, began: float, ended: float) -> None:
        during = [key for key, at in list(self._said.items()) if began <= at <= ended]
        # What was held up comes for as long as any of it comes.
        came, before = 0, -1
        while came != before and came < len(during):
            before = came
            poll(lambda: all(key in self._replies for key in during), 2.0)
            came = sum(key in self._replies for key in during)
        replies = [self._replies.get(key) for key in during]
        outcome.said = len(during)
        outcome.answered, outcome.refused, outcome.unanswered = (sum(r is what for r in replies) for what in (True, False, None))
        heard = [at for at in self._heard if at >= began - 1]
        outcome.silence = max((later - earlier for earlier, later in itertools.pairwise(heard)), default=0.0)

    # What has to be true after each fault.

    def goes_on(self) -> None:
        """The calls that were up are up in both directions, everything else was answered, and a new call can be placed."""
        self._quiet.set()
        if self._thread:
            self._thread.join()
        for call in self.calls:
            for sender in self.peers:
                call.relays(sender, "description-info", DESCRIPTION)
        self.calls.append(self.new_call())
        missing = [key for key, at in self._said.items() if not any(a <= at <= b for a, b in self._faults)]
        if not poll(lambda: all(key in self._replies for key in missing), PATIENCE):
            raise Failure(f"no answer to {[key for key in missing if key not in self._replies]}")
        if bad := [key for key in missing if not self._replies[key]]:
            raise Failure(f"refused outside the fault: {bad}")

    def ends(self) -> None:
        """All calls end, and each has a whole record."""
        for call in self.calls:
            call.ends_with(self.bob)
        if not poll(lambda: not self._incomplete(), PATIENCE, 0.05):
            raise Failure(f"records are incomplete: {self._incomplete()}")

    def _incomplete(self) -> list[str]:
        path = self.carillon.directory / "carillon.db"
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            rows = {row[0]: row[1:] for row in database.execute("SELECT sid, accepted, ended, reason FROM call")}
        return [call.sid for call in self.calls if None in rows.get(call.sid, (None,))]

    def close(self) -> None:
        self._quiet.set()
        if self._thread:
            self._thread.join()
        for peer in self.peers:
            peer.close()
