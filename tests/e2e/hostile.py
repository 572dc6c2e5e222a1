"""Attacks Carillon with dialogues of real clients that were changed, and with floods, beside a call of two innocents.

    PYTHONPATH=tests /usr/bin/python3 -m e2e.hostile --carillon build/release/carillon [--seconds N] [--seed N]

The attackers have the server in their hands (lab.RawServer): any sender, any time. Carillon has to stay connected, answer
each request once, end what nobody goes on with, stay as small as it was, and relay what the innocents say as before: the
times from read to write inside the process, with and without the attack in turn, come from the lab's shim. A seed
repeats the dialogues.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import random
import sqlite3
import statistics
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lab import Carillon, RawServer, Shim

from . import captures
from .crowd import Crowd, Playing, jingle_iq, jmi_message
from .crowd import contact as contact_of
from .mutation import CALLEE, CALLER, Mutator, Step
from .peer import Failure
from .stanza import JINGLE
from .talking import ANSWER, OFFER

COMPONENT = "call.example.test"
SETTINGS = """
[store]
path = "carillon.db"
[limits]
ring_timeout = "5s"
invites_per_minute = 100000
calls_per_user = 1000
"""
USERS = 2000          # so many take part in the dialogues, again and again
SETTLED_WITHIN = 75.0  # 30 s for the far side's answer, 20 s from proceed to the offer, 10 s for a device that is gone
QUIET, LOUD = 1.0, 3.0  # seconds, in turn
MARK_EVERY = 0.005
AT_A_TIME = 40        # dialogues
LONGEST = 500_000     # bytes of a stanza; over 512 KiB no server passes it on, and Carillon gives up the stream
RATIO = 1.5           # innocents' relay, p50 with the attack to p50 without
GROWN = 1.10          # memory after the dialogues to memory after half of them
LONG_ENOUGH = 100.0   # seconds, until every user has taken part
STORM = 6.0           # stanzas out for each stanza in


def contact(jid: str) -> str:
    return contact_of(jid, COMPONENT)


class Innocents:
    """alice calls bob, and both say a word now and then."""

    ALICE, BOB, SID = "alice@a.test/phone", "bob@b.test/phone", "innocent"

    def __init__(self, server: Crowd, shim: Shim) -> None:
        self.server, self.shim = server, shim
        self.next_mark = 0
        self.due = 0.0
        server.innocents = {self.ALICE, self.BOB}
        self.ends = {self.ALICE: contact("bob@b.test") + "/phone"}
        self.request(self.ALICE, "session-initiate", OFFER)
        self.ends[self.BOB] = self.hears("session-initiate")
        self.request(self.BOB, "session-accept", ANSWER)
        self.hears("session-accept")

    def request(self, sender: str, action: str, children: str) -> None:
        ident = self.server.new_id()
        self.server.request(sender, ident, jingle_iq(sender, self.ends[sender], ident, action, self.SID, children))

    def hears(self, action: str) -> str:
        """From whom."""
        deadline = time.monotonic() + 10
        while True:
            self.server.pump(0.1)
            for stanza in self.server.heard:
                jingle = stanza.find(JINGLE + "jingle")
                if jingle is not None and jingle.get("action") == action:
                    self.server.heard.clear()
                    return stanza.get("from", "")
            if time.monotonic() > deadline:
                raise Failure(f"the innocents do not hear {action}")

    def speak(self) -> None:
        if time.monotonic() < self.due or self.next_mark >= 60_000:
            return
        self.due = time.monotonic() + MARK_EVERY
        mark = self.shim.mark(self.next_mark)
        sender = (self.ALICE, self.BOB)[self.next_mark % 2]
        self.next_mark += 1
        self.request(sender, "session-info", f"<mute xmlns='urn:xmpp:jingle:apps:rtp:info:1' creator='initiator' name='{mark}'/>")

    def go_on(self) -> None:
        self.server.heard.clear()
        self.request(self.BOB, "session-terminate", "<reason><success/></reason>")
        self.hears("session-terminate")


class Fuzzing:
    """Changed dialogues, many at a time."""

    def __init__(self, server: Crowd, seed: int) -> None:
        self.server = server
        self.random = random.Random(seed)
        names = [contact(jid) + resource for jid in ("u1@a.test", "u2@b.test", "alice@a.test", "bob@b.test", "x@evil.test")
                 for resource in ("", "/r", "/call", "/phone")]
        self.mutator = Mutator(seed, ["u1@a.test/r", "u2@b.test/r", "alice@a.test/other", "bob@b.test", "zoe@evil.test/r", "evil.test"],
                               [*names, COMPONENT, f"nobody@{COMPONENT}", f"\\40@{COMPONENT}", f"{'x' * 1000}@{COMPONENT}"])
        self.playing: list[Playing] = []
        self.farewells: deque[Callable[[], None]] = deque()
        self.count = 0
        self.changes: Counter[str] = Counter()

    def send_one(self) -> None:
        if self.farewells:
            return self.farewells.popleft()()
        while len(self.playing) < AT_A_TIME:
            self.begin()
        playing = self.random.choice(self.playing)
        step = next(playing.steps, None)
        if step is None:
            self.playing.remove(playing)
            self.hang_up(playing)
        else:
            self.say(playing, step)
        return None

    def begin(self) -> None:
        dialogue = self.mutator.next()
        self.count += 1
        self.changes.update(dialogue.changes)
        domain = "evil.test" if self.random.random() < 0.1 else "a.test"
        number = self.count % USERS
        users = (f"u{number}@{domain}/r", f"v{number}@b.test/r")
        playing = Playing(dialogue, users, f"s{self.count}", iter(dialogue.steps), itertools.cycle(dialogue.answers))
        direct = not dialogue.steps or dialogue.steps[0].kind == "iq"
        playing.peers = [contact(users[CALLEE].partition("/")[0]) + ("/r" if direct else ""), contact(users[CALLER].partition("/")[0]) + "/call"]
        for user in users:
            self.server.by_user[user] = playing
        self.mutator.saw_sid(playing.sid)
        self.playing.append(playing)

    def say(self, playing: Playing, step: Step) -> None:
        sender = step.sender or playing.users[step.side]
        ident = step.ident or self.server.new_id()
        xml = step.text(sender=sender, receiver=playing.peers[step.side], ident=ident, sid=playing.sid)
        if len(xml.encode()) > LONGEST:
            return
        if step.kind == "iq":
            self.server.request(sender, ident, xml)
        else:
            self.server.send(xml)

    def hang_up(self, playing: Playing) -> None:
        """Whatever became of it, both clients leave."""
        for side in (CALLER, CALLEE):
            user, to = playing.users[side], playing.peers[side]
            self.farewells += [partial(self.leave, user, to, playing.sid, word) for word in ("retract", "reject", "session-terminate")]

    def leave(self, user: str, to: str, sid: str, word: str) -> None:
        ident = self.server.new_id()
        if word == "session-terminate":
            self.server.request(user, ident, jingle_iq(user, to, ident, word, sid, "<reason><gone/></reason>"))
        else:
            self.server.send(jmi_message(user, to, ident, word, sid))

    def end(self) -> None:
        while self.playing:
            self.hang_up(self.playing.pop())
        while self.farewells:
            self.farewells.popleft()()


# Floods: each gives one stanza after the other, for ever. What they are refused with is nobody's concern here.

def floods(server: Crowd) -> dict[str, Callable[[int], None]]:
    propose = captures.descriptions(["audio"])
    candidates = "".join(f"<candidate component='1' foundation='1' generation='0' id='c{n}' ip='192.0.2.{n}' network='0' port='4{n}' "
                         f"priority='2130706431' protocol='udp' type='host'/>" for n in range(20))
    trickle = ("<content creator='initiator' name='audio'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='Rm3K' "
               f"pwd='v5ZS7aDr4XC2Yk0aZqWnYZ'>{candidates}</transport></content>")

    def iq(sender: str, to: str, sid: str, action: str, children: str) -> None:
        ident = server.new_id()
        server.request(sender, ident, jingle_iq(sender, to, ident, action, sid, children))

    def message(sender: str, to: str, word: str, sid: str, children: str = "") -> None:
        server.send(jmi_message(sender, to, server.new_id(), word, sid, children))

    def loop(n: int) -> None:
        """A contact of a contact of ... of somebody: each hop comes back to us."""
        to = "bob@b.test"
        for _ in range(1 + n % 8):
            to = contact(to)
        message("loop@a.test/r", to, "propose", f"loop{n}", propose)

    def candidates_for_ever(n: int) -> None:
        if n % 2000 == 0:
            iq("mallory@a.test/r", contact("victim@b.test") + "/r", f"cand{n}", "session-initiate", OFFER)
        iq("mallory@a.test/r", contact("victim@b.test") + "/r", f"cand{n - n % 2000}", "transport-info", trickle)

    return {
        "proposes of one": lambda n: message("mallory@evil.test/r", contact("bob@b.test"), "propose", f"flood{n}", propose),
        "proposes of a whole domain": lambda n: message(f"m{n}@evil.test/r", contact("bob@b.test"), "propose", f"domain{n}", propose),
        "sessions that nobody answers": lambda n: iq(f"n{n % 500}@a.test/r", contact(f"deaf{n % 500}@b.test") + "/r", f"deaf{n}", "session-initiate", OFFER),
        "candidates for ever": candidates_for_ever,
        "chains of gateways": loop,
        "presence": lambda n: server.send(f"<presence type='{('subscribe', 'unsubscribe', 'probe')[n % 3]}' from='p{n % 7}@evil.test' to='{contact('bob@b.test')}'/>"),
        "questions": lambda n: server.request("q@evil.test/r", f"q{n}", f"<iq type='get' from='q@evil.test/r' to='{contact('bob@b.test')}' id='q{n}'>"
                                                                        "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>"),
    }


class Run:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.raw = RawServer(component=COMPONENT)
        self.carillon = Carillon(options.carillon, self.raw, served=["a.test", "b.test"], extra=SETTINGS)
        self.shim = Shim(options.carillon.parent / "tests/lab/liblab_shim.so", self.carillon.directory)
        self.carillon.environment = self.shim.environment
        accepting = threading.Thread(target=self.raw.accept, args=(30.0,))
        accepting.start()
        self.carillon.start()
        accepting.join()
        self.server = Crowd(self.raw, COMPONENT)
        self.innocents = Innocents(self.server, self.shim)
        self.quiet: list[range] = []
        self.loud: list[range] = []
        self.problems: list[str] = []
        self.ratios: list[float] = []

    def spend(self, seconds: float, attack: Callable[[], None] | None) -> None:
        first = self.innocents.next_mark
        until = time.monotonic() + seconds
        due = time.monotonic()
        while (now := time.monotonic()) < until:
            self.innocents.speak()
            if attack and due <= now:
                sent = self.server.sent
                attack()
                self.server.pump(0.0)
                due += max(1, self.server.sent - sent) / self.options.rate  # the clients' answers count as well
                due = max(due, now - 0.01)  # what the machine did not let us send is not made up for
            self.server.pump(0.0002)
        (self.loud if attack else self.quiet).append(range(first, self.innocents.next_mark))

    def attack(self, what: str, seconds: float, send_one: Callable[[], None]) -> None:
        """With pauses, for comparison."""
        before = (len(self.quiet), self.server.sent, self.server.received)
        until = time.monotonic() + seconds
        memory: list[int] = []
        while time.monotonic() < until:
            self.spend(QUIET, None)
            self.spend(min(LOUD, max(0.5, until - time.monotonic())), send_one)
            memory.append(self.carillon.process.memory())
        sent, received = self.server.sent - before[1], self.server.received - before[2]
        quiet, loud = (statistics.median([t for part in parts[before[0]:] for t in self.shim.relay_times(part)] or [0.0]) * 1e6
                       for parts in (self.quiet, self.loud))
        ratio = loud / quiet if quiet else 0.0
        self.ratios.append(ratio)
        print(f"{what}: {sent} stanzas in, {received} out; innocents' relay p50 {quiet:.0f} -> {loud:.0f} us, x {ratio:.2f}"
              f"{'' if ratio <= RATIO else ' ABOVE ' + str(RATIO)}; memory {memory[0] >> 20} -> {memory[-1] >> 20} MiB", flush=True)
        if ratio > RATIO and self.options.strict:
            self.problems.append(f"{what}: the innocents' relay takes {ratio:.2f} times as long")
        if received > STORM * sent:
            self.problems.append(f"{what}: {received} stanzas for {sent}")

    def settle(self) -> None:
        """Everything that was asked is answered, and no call is left but the innocents'."""
        deadline = time.monotonic() + SETTLED_WITHIN
        while time.monotonic() < deadline and (+self.server.pending or self.calls_left() > 1):
            for _ in range(50):
                self.innocents.speak()
                self.server.pump(0.02)
        for (user, ident), count in (+self.server.pending).items():
            self.problems.append(f"{count} answers to {ident} of {user} are missing: {self.server.why[user, ident][:400]}")
        if self.server.doubled:
            self.problems.append(f"{self.server.doubled} answers too many, like {list(self.server.why.values())[-1][:400]}")
        if (left := self.calls_left()) > 1:
            self.problems.append(f"{left - 1} calls are left of those that everybody has left")

    def calls_left(self) -> int:
        with contextlib.closing(sqlite3.connect(f"file:{self.carillon.directory / 'carillon.db'}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM journal").fetchone()[0])

    def play(self) -> int:
        fuzzing = Fuzzing(self.server, self.options.seed)
        seconds = self.options.seconds
        self.attack("warm-up", seconds / 4, fuzzing.send_one)
        self.attack("changed dialogues", seconds / 2, fuzzing.send_one)
        settled = self.carillon.process.memory()
        self.attack("more of them", seconds / 2, fuzzing.send_one)
        fuzzing.end()
        grown = self.carillon.process.memory() / settled
        if grown > GROWN and self.options.seconds >= LONG_ENOUGH:
            self.problems.append(f"memory grew by {100 * (grown - 1):.0f} % over the dialogues")
        for what, send in floods(self.server).items():
            numbers = itertools.count()
            self.attack(what, max(2.0, seconds / 8), lambda: send(next(numbers)))
        self.settle()
        self.innocents.go_on()
        print("changes: " + ", ".join(f"{name} {count}" for name, count in fuzzing.changes.most_common()))
        print(f"summary: {fuzzing.count} changed dialogues, {self.server.sent} stanzas in, {self.server.received} out, "
              f"memory x {grown:.2f} over the dialogues; innocents' relay x {min(self.ratios):.2f} to x {max(self.ratios):.2f}")
        return fuzzing.count

    def close(self, *, keep: bool) -> None:
        if keep:
            print("\n".join(line for line in self.carillon.log().splitlines() if " info " not in line)[-4000:])
        with contextlib.suppress(AssertionError):
            self.carillon.remove()
        self.raw.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="e2e.hostile", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--carillon", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=60.0, help="of changed dialogues; each flood takes an eighth")
    parser.add_argument("--rate", type=float, default=1500.0, help="of the attack, stanzas a second: about what a Prosody can pass on")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--strict", action="store_true", help="fail when the innocents' relay is slower, too: on an idle machine")
    options = parser.parse_args()
    options.carillon = options.carillon.resolve()
    print(f"seed {options.seed}", flush=True)
    run = Run(options)
    dialogues = 0
    try:
        dialogues = run.play()
        run.carillon.stop()
    except (ConnectionError, Failure, RuntimeError, TimeoutError) as problem:
        run.problems.append(str(problem))
    finally:
        run.close(keep=bool(run.problems))
    for problem in run.problems[:20]:
        print(f"FAIL {problem}")
    print(f"{max(dialogues - len(run.problems), 0)} passed, {len(run.problems)} failed, 0 skipped")
    return 1 if run.problems else 0


if __name__ == "__main__":
    sys.exit(main())
