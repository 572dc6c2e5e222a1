"""Calls for a long time, in the shapes of real clients, at 80 % of what the server can do, with restarts in between.

    PYTHONPATH=tests /usr/bin/python3 -m e2e.soak --carillon build/release/carillon [--minutes N] [--rate R] [--seed N]

Half of the time through a real Prosody, where Carillon and Prosody are restarted and Carillon is killed as well, half
through the fake server of tests/bench, which is faster. No call may be stuck, no request outside a restart unanswered,
no call without its one whole record, and memory may not grow.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

from lab import Carillon, Prosody, RawComponent

from .crowd import Crowd, Playing, contact, jingle_iq
from .mutation import CALLEE, CALLER, Dialogue, Step, recorded
from .stanza import JINGLE

USERS = "load.example.test"
PAIRS = 1000         # of users, who call again and again: what is kept of each is not what is looked for
SETTINGS = """
[store]
path = "carillon.db"
[limits]
ring_timeout = "10s"
invites_per_minute = 1000
calls_per_pair = 1000
unanswered_calls = 1000
"""
SHARE = 0.8          # of what the server can do
FLAT = 1.02          # memory at the end to memory after the warm-up
PATIENCE = 0.01      # of the calls may be asked to wait while Carillon is behind
WARM_UP = 4 * PAIRS  # calls; until then caches fill
KEPT = 75            # seconds until what is kept of calls that are over goes again: a minute, and its turn
ROUNDS = 2           # of the fake server
STANZAS = 34         # of a call of the fake server
ENOUGH = 20          # seconds' memory that can be judged
STEP_WITHIN = 30.0   # a step that has not arrived by then is lost: the call is given up, as people do
SETTLED_WITHIN = STEP_WITHIN + 20.0 + 60.0 + 10.0  # a call that is given up may wait 20 s for its offer; a minute after its end its row goes
ENDS = {"session-terminate", "reject", "retract"}
HEARD = ENDS | {"session-initiate", "session-accept", "propose", "proceed"}  # these arrive at the other end, whatever else does
UNDER_WAY = 0.2      # what was sent so shortly before a restart may have died with a connection


def word(step: Step) -> str:
    return step.payload.get("action") or step.payload.tag.rpartition("}")[2]


def shapes() -> list[Dialogue]:
    """What was recorded, up to the end of the call; but for what is refused for want of DTLS."""
    found = []
    for shape in recorded():
        tags = {element.tag for step in shape.steps for element in step.payload.iter()}
        if JINGLE + "content" in tags and "{urn:xmpp:jingle:apps:dtls:0}fingerprint" not in tags:
            continue
        end = next((n for n, step in enumerate(shape.steps, 1) if word(step) in ENDS), len(shape.steps))
        found.append(Dialogue(shape.name, shape.steps[:end]))
    return found


class Load:
    """Places calls over one raw stream and plays each to its end."""

    def __init__(self, crowd: Crowd, seed: int) -> None:
        self.crowd = crowd
        self.random = random.Random(seed)
        self.shapes = shapes()
        self.free = deque(range(PAIRS))
        self.live: dict[str, tuple[Playing, float]] = {}
        self.waiting: dict[str, str] = {}  # by sid: the id of the request whose answer the next step waits for
        self.begun = self.done = 0
        self.given_up: list[tuple[float, str]] = []  # when it began, and where it stood
        self.began: dict[str, float] = {}  # by sid

    def begin(self) -> None:
        if not self.free:
            return  # everybody is in a call: that many at a time are more than what was asked for
        shape = self.random.choice(self.shapes)
        self.begun += 1
        pair = self.free.popleft()
        users = (f"c{pair}@{USERS}/r", f"d{pair}@{USERS}/r")
        direct = shape.steps[0].kind == "iq"
        component = self.crowd.component
        playing = Playing(Dialogue(shape.name, shape.steps), users, f"soak{self.begun}", iter(shape.steps), itertools.repeat("result"),
                          [contact(users[CALLEE].partition("/")[0], component) + ("/r" if direct else ""),
                           contact(users[CALLER].partition("/")[0], component) + "/call"])
        for user in users:
            self.crowd.by_user[user] = playing
        self.live[playing.sid] = (playing, time.monotonic())
        self.began[playing.sid] = time.monotonic()

    def turn(self) -> None:
        """Each call that can go on says its next word."""
        now = time.monotonic()
        for sid, (playing, said) in list(self.live.items()):
            if not self._may_go_on(playing, sid):
                if now - said < STEP_WITHIN:
                    continue
                self.given_up.append((self.began[sid], f"{sid} ({playing.dialogue.name}) has heard {playing.heard} of {playing.said}"))
                self._ends(playing)
                continue
            step = next(playing.steps, None)
            if step is None:
                self._ends(playing)
            else:
                self._says(playing, step)
                self.live[sid] = (playing, now)

    def _may_go_on(self, playing: Playing, sid: str) -> bool:
        sender, ident = self.waiting.get(sid, "\0").partition("\0")[::2]
        return self.crowd.pending[sender, ident] == 0 and playing.heard >= playing.said

    def _says(self, playing: Playing, step: Step) -> None:
        sender, to, ident = playing.users[step.side], playing.peers[step.side], self.crowd.new_id()
        xml = step.text(sender=sender, receiver=to, ident=ident, sid=playing.sid)
        if word(step) in HEARD:
            playing.said = playing.heard + 1
        if step.kind == "iq":
            self.waiting[playing.sid] = f"{sender}\0{ident}"
            self.crowd.request(sender, ident, xml)
        else:
            self.waiting.pop(playing.sid, None)
            self.crowd.send(xml)

    def _ends(self, playing: Playing) -> None:
        self.done += 1
        del self.live[playing.sid]
        self.free.append(int(playing.users[CALLER].partition("@")[0][1:]))
        self.waiting.pop(playing.sid, None)
        user, to, ident = playing.users[CALLER], playing.peers[CALLER], self.crowd.new_id()
        self.crowd.request(user, ident, jingle_iq(user, to, ident, "session-terminate", playing.sid, "<reason><success/></reason>"))


class OnProsody:
    def __init__(self, options: argparse.Namespace) -> None:
        self.seconds = options.minutes * 30
        self.server = Prosody(accounts=(), neighbours=(USERS,))
        self.server.start()
        self.carillon = Carillon(options.carillon, self.server, served=[self.server.domain, USERS], extra=SETTINGS)
        self.carillon.start()
        self.stream = RawComponent(USERS, self.server.component_address, self.server.secret)
        self.stream.connect(20.0)
        self.crowd = Crowd(self.stream, self.server.component)
        self.load = Load(self.crowd, options.seed)
        self.rate = options.rate
        self.restarts: list[tuple[float, float]] = []
        self.sent_at: dict[tuple[str, str], float] = {}
        self.crowd.on_request = lambda key: self.sent_at.__setitem__(key, time.monotonic())

    def calibrate(self, seconds: float) -> float:
        """Calls a second that come to their end when there are always some to play."""
        began, done = time.monotonic(), self.load.done
        while time.monotonic() < began + seconds:
            while len(self.load.live) < 40:
                self.load.begin()
            self.load.turn()
            self.crowd.pump(0.002)
        return (self.load.done - done) / (time.monotonic() - began)

    def place(self, seconds: float, memory: list[int] | None = None) -> None:
        began, calls = time.monotonic(), self.load.begun
        placed, sampled = 0, began
        while (now := time.monotonic()) < began + seconds:
            while placed < (now - began) * self.rate:
                self.load.begin()
                placed += 1
            self.load.turn()
            self.crowd.pump(0.002)
            if memory is not None and now - sampled > 1 and self.load.begun - calls > WARM_UP and now - began > KEPT:
                memory.append(self.carillon.process.memory())
                sampled = now

    @contextlib.contextmanager
    def restart(self, reconnects: bool = False):  # type: ignore[no-untyped-def]
        began = time.monotonic() - UNDER_WAY
        yield
        if reconnects:
            self.stream.connect(20.0)
        self.place(1.0)  # into the gap, if there is one still
        self.carillon.process.wait_for_line("xmpp: online as", 40.0, skip=self.mark)
        self.restarts.append((began, time.monotonic()))

    def play(self) -> list[int]:
        """A third of the time with restarts, the rest without: memory of that."""
        self.rate = self.rate or SHARE * self.calibrate(min(10.0, self.seconds / 6))
        print(f"Prosody: {self.rate:.1f} calls a second", flush=True)
        part = self.seconds / 9
        self.place(part)
        self.mark = 0
        with self.restart():
            self.carillon.stop()
            self.carillon.start()
        self.place(part)
        with self.restart():
            self.carillon.kill()
            self.carillon.start()
        self.place(part)
        self.mark = len(self.carillon.process.lines)
        with self.restart(reconnects=True):
            self.server.stop()
            self.server.start()
        memory: list[int] = []
        self.place(part * 6, memory)
        return memory

    def settle(self) -> None:
        deadline = time.monotonic() + SETTLED_WITHIN
        while time.monotonic() < deadline and (self.load.live or self.missing() or self.rows("SELECT count(*) FROM journal") != [(0,)]):
            for _ in range(50):
                self.load.turn()
                self.crowd.pump(0.02)

    def missing(self) -> list[tuple[str, str]]:
        """Requests without an answer that no restart can have lost."""
        return [key for key in +self.crowd.pending if not any(a <= self.sent_at[key] <= b for a, b in self.restarts)]

    def rows(self, query: str) -> list[tuple]:  # type: ignore[type-arg]
        with contextlib.closing(sqlite3.connect(f"file:{self.carillon.directory / 'carillon.db'}?mode=ro", uri=True)) as database:
            return list(database.execute(query))

    def problems(self, memory: list[int]) -> list[str]:
        found = [f"no answer to {ident} of {user}: {self.crowd.why[user, ident][:300]}" for user, ident in self.missing()]
        records = self.rows("SELECT sid, count(*), min(ended IS NOT NULL), started, proceeded, accepted FROM call GROUP BY sid")
        found += [f"{count} records of {sid}" for sid, count, *_ in records if count != 1]
        found += [f"the record of {sid} has no end, but {steps}" for sid, _, ended, *steps in records if not ended]
        # Who is called while Carillon is away is not called, and leaves no record.
        calm = self.restarts[-1][1]
        found += [f"no record of {sid}" for sid in self.load.began.keys() - {row[0] for row in records} if self.load.began[sid] > calm]
        found += [f"stuck: {where}" for began, where in self.load.given_up if began > calm]
        if left := self.rows("SELECT count(*) FROM journal")[0][0]:
            found.append(f"{left} calls are stuck")
        if self.crowd.doubled:
            found.append(f"{self.crowd.doubled} answers too many")
        third = len(memory) // 3
        grown = statistics.median(memory[-third:]) / statistics.median(memory[:third]) if len(memory) >= ENOUGH else None
        judged = f"memory {memory[-1] >> 20} MiB, x {grown:.3f} in {len(memory)} s" if grown else "too short to judge memory"
        print(f"Prosody: {self.load.begun} calls, {len(self.load.given_up)} given up around {len(self.restarts)} restarts, {len(records)} records; "
              f"{self.crowd.sent} stanzas sent, {self.crowd.received} received; {judged}", flush=True)
        if grown and grown > FLAT:
            found.append(f"memory grew by {100 * (grown - 1):.1f} %")
        return found

    def close(self) -> None:
        self.stream.close()
        self.carillon.remove()
        self.server.remove()


def on_fake_server(options: argparse.Namespace, seconds: float) -> list[str]:
    """Runs of Carillon one after the other on one database: each is a restart."""
    program = options.carillon.parent / "tests/bench/fake_server"
    found = []
    with tempfile.TemporaryDirectory(prefix="carillon-soak-") as state:
        def run(*flags: object) -> dict[str, float]:
            command = [str(program), *map(str, flags), "--", str(options.carillon), "run", "-c", "{config}"]
            done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"STATE_DIRECTORY": state}, timeout=seconds + 120)
            if done.returncode:
                found.append(f"fake server {flags}: {done.stdout[-300:]} {done.stderr[-300:]}")
            return json.loads(done.stdout) if done.stdout.strip() else {}

        able = min(run("--calls", 3000, "--pairs", PAIRS)["stanzas_per_s"] for _ in range(3))
        rate = SHARE * able
        warm_up = max(WARM_UP, int(able / STANZAS * KEPT))
        calls = int(rate / STANZAS * max(10, seconds / ROUNDS - KEPT))
        for _ in range(ROUNDS):
            if outcome := run("--calls", calls, "--warm-up", warm_up, "--rate", int(rate), "--pairs", PAIRS):
                grown = outcome["resident_kb"] / outcome["warm_kb"]
                print(f"fake server: {outcome['calls']:.0f} calls at {rate:.0f} of {able:.0f} stanzas a second, {outcome['relayed']:.0f} of "
                      f"{outcome['owed']:.0f} relayed, {outcome['errors']:.0f} errors, {outcome['turned_away']:.0f} asked to wait; memory {outcome['warm_kb'] / 1024:.0f} MiB, x {grown:.3f}", flush=True)
                if outcome["turned_away"] > PATIENCE * calls:
                    found.append(f"fake server: {outcome['turned_away']:.0f} of {calls} calls were turned away")
                if grown > FLAT:
                    found.append(f"fake server: memory grew by {100 * (grown - 1):.1f} %")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="e2e.soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--carillon", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=0.0, help="calls a second through Prosody; 80 %% of what it can do by default")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    options.carillon = options.carillon.resolve()
    print(f"seed {options.seed}", flush=True)
    soak = OnProsody(options)
    log = ""
    try:
        memory = soak.play()
        soak.settle()
        found = soak.problems(memory)
        log = soak.carillon.log()
        soak.carillon.stop()
    finally:
        soak.close()
    found += on_fake_server(options, options.minutes * 30)
    for problem in found[:30]:
        print(f"FAIL {problem}")
    if found:
        print("\n".join(line for line in log.splitlines() if " info " not in line)[-3000:])
    print(f"summary: {soak.load.begun} calls through Prosody in {options.minutes / 2:g} min, as long through the fake server")
    print(f"{max(soak.load.begun - len(found), 0)} passed, {len(found)} failed, 0 skipped")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
