"""Kills Carillon (kill -9) at random moments of running calls and starts it again; the clients go on speaking meanwhile.

    PYTHONPATH=tests /usr/bin/python3 -m e2e.crash --carillon build/dev/carillon [--kills 200] [--seed N] [--server NAME]

Nothing may be lost: calls that were up go on in both directions, every request that Carillon was there for is answered,
every record is complete, and no device rings once the ring time is over. A seed repeats what is done and when.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import re
import sqlite3
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from lab import SERVERS, Carillon

from . import captures
from .peer import Failure, Peer, slixmpp_peer
from .stage import ThroughCarillon
from .stanza import jingle, jmi, reply

RING_TIMEOUT = 10  # seconds
IN_FLIGHT = 0.1  # a request that was sent so shortly before a kill may have died with the process: nobody can tell
ANSWERED_WITHIN = 2.0  # what Carillon answers itself: behind the journal at most (50 ms), the rest for a machine that is busy
FAR_ANSWERED_WITHIN = 40.0  # what the far side has to answer: 30 s (docs/limits.md), if its answer fell into the gap
SETTINGS = f"""
[store]
path = "carillon.db"
[limits]
ring_timeout = "{RING_TIMEOUT}s"
calls_per_user = 1000
calls_per_pair = 1000
invites_per_minute = 6000
unanswered_calls = 1000
"""
OFFER, ANSWER = (captures.captured("dino042-audio", action)[0] for action in ("session-initiate", "session-accept"))
CANDIDATE = ("<content creator='initiator' name='audio'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='{ufrag}' "
             "pwd='{pwd}'><candidate component='1' foundation='1' generation='0' id='c1' ip='192.0.2.1' "
             "network='0' port='4001' priority='2130706431' protocol='udp' type='host'/></transport></content>")
MAX_UP = 4


@dataclass
class OneCall:
    sid: str
    ends: dict[str, str] = field(default_factory=dict)  # by name: the address this side sends to
    ice: dict[str, tuple[str, str]] = field(default_factory=dict)  # by name: ufrag and pwd of this side


@dataclass
class Sent:
    peer: Peer
    ident: str
    at: float
    by_far_side: bool  # has to answer it


class Crash:
    def __init__(self, carillon: Path, server: str, seed: int) -> None:
        self.random = random.Random(seed)
        self.server = SERVERS[server](accounts=("alice", "bob"))
        self.server.start()
        self.carillon = Carillon(carillon, self.server, extra=SETTINGS)
        self.carillon.start()
        self.alice, self.bob = slixmpp_peer(), slixmpp_peer()
        for peer, name in ((self.alice, "alice"), (self.bob, "bob")):
            peer.login(self.server.accounts[name], name, self.server.client_address, name=name)
        self.to_bob = ThroughCarillon(self.server.component).anywhere(self.bob)
        self.up: list[OneCall] = []
        self.proposed: set[str] = set()
        self.taken: set[str] = set()  # bob has proceeded
        self.sent: list[Sent] = []
        self.windows: list[tuple[float, float]] = []  # in which a request may be lost without fault
        self.stop = threading.Event()
        self.number = 0
        self.begun = self.lost = self.in_flight = self.unanswered = self.checked = 0
        self.why: list[str] = []
        self.unwritten: set[str] = set()

    # What people do, one after the other, for as long as they are let.

    def talk(self) -> None:
        while not self.stop.is_set():
            choice = self.random.random()
            try:
                if choice < 0.15 and len(self.up) < MAX_UP or not self.up:
                    self.begin()
                elif choice < 0.2:
                    self.propose()
                elif choice < 0.25:
                    self.end(self.up.pop(self.random.randrange(len(self.up))))
                elif choice < 0.28:
                    self.restart_ice(self.random.choice(self.up))
                else:
                    self.trickle(self.random.choice(self.up))
            except Failure:
                pass  # the gap: whoever dialled gives up (begin); others just go on

    def request(self, peer: Peer, action: str, to: str, sid: str, children: str = "", *, by_far_side: bool = False) -> str:
        at = time.monotonic()
        ident = peer.sends_jingle(action, to, sid, children)
        self.sent.append(Sent(peer, ident, at, by_far_side))
        return ident

    def propose(self) -> OneCall:
        self.number += 1
        call = OneCall(f"call{self.number}")
        self.alice.sends_jmi("propose", self.to_bob, call.sid, captures.descriptions(captures.media_of(OFFER)))
        call.ends["alice"] = self.to_bob + "/call"
        got = self.bob.receives(jmi("propose", call.sid), within=2.0)
        self.proposed.add(call.sid)
        call.ends["bob"] = got.from_
        return call

    def begin(self) -> None:
        call = self.propose()
        try:
            self.bob.sends_jmi("ringing", call.ends["bob"], call.sid)
            self.bob.sends_jmi("proceed", call.ends["bob"], call.sid)
            self.taken.add(call.sid)
            call.ends["alice"] = self.alice.receives(jmi("proceed", call.sid), within=2.0).from_
            self.answered(self.alice, self.request(self.alice, "session-initiate", call.ends["alice"], call.sid, OFFER))
            self.bob.receives(jingle("session-initiate", call.sid), within=2.0)
            self.answered(self.bob, self.request(self.bob, "session-accept", call.ends["bob"], call.sid, ANSWER))
            self.alice.receives(jingle("session-accept", call.sid), within=2.0)
        except Failure:
            self.give_up(call)
            raise
        call.ice = {"alice": credentials_of(OFFER), "bob": credentials_of(ANSWER)}
        self.begun += 1
        self.up.append(call)

    def answered(self, peer: Peer, ident: str) -> None:
        got = peer.receives(reply(ident), within=2.0)
        self.sent = [sent for sent in self.sent if sent.ident != ident]
        if got.type != "result":
            raise Failure(got.text)

    def give_up(self, call: OneCall) -> None:
        reason = "<reason><cancel/></reason>"
        self.alice.sends_jmi("retract", self.to_bob, call.sid, reason)
        self.request(self.alice, "session-terminate", call.ends["alice"], call.sid, reason)

    def end(self, call: OneCall) -> None:
        who = self.random.choice([self.alice, self.bob])
        self.request(who, "session-terminate", call.ends[who.name], call.sid, "<reason><success/></reason>")

    def trickle(self, call: OneCall) -> None:
        who = self.random.choice([self.alice, self.bob])
        self.says_candidate(call, who)
        time.sleep(0.002)  # not a wait for anything: so many a second

    def restart_ice(self, call: OneCall) -> None:
        """Other credentials than before are a restart of ICE, which the far side has to answer."""
        who = self.random.choice([self.alice, self.bob])
        self.number += 1
        call.ice[who.name] = (f"r{self.number:05}", f"{self.number:024}")
        self.says_candidate(call, who, by_far_side=True)

    def says_candidate(self, call: OneCall, who: Peer, *, by_far_side: bool = False) -> None:
        ufrag, pwd = call.ice[who.name]
        self.request(who, "transport-info", call.ends[who.name], call.sid, CANDIDATE.format(ufrag=ufrag, pwd=pwd), by_far_side=by_far_side)

    # One kill, and what is left after it.

    def round(self) -> None:
        self.stop.clear()
        talking = threading.Thread(target=self.talk)
        talking.start()
        time.sleep(self.random.uniform(0.02, 0.6))
        killed = time.monotonic()
        self.carillon.kill()
        self.carillon.start()
        back = time.monotonic()
        self.windows.append((killed - IN_FLIGHT, back))
        time.sleep(self.random.uniform(0.0, 0.1))
        self.stop.set()
        talking.join()
        for call in list(self.up):
            self.checked += 1
            if not self.goes_on(call):
                self.lost += 1
                self.up.remove(call)
        self.settle()

    def goes_on(self, call: OneCall) -> bool:
        try:
            for sender, receiver in ((self.alice, self.bob), (self.bob, self.alice)):
                ident = sender.sends_jingle("description-info", sender_end(call, sender), call.sid, DESCRIPTION)
                got = sender.receives(reply(ident))
                if got.type != "result":
                    raise Failure(got.text)
                receiver.receives(jingle("description-info", call.sid))
        except Failure as failure:
            self.why.append(f"{call.sid}: {failure}")
            return False
        return True

    def settle(self) -> None:
        """Every request gets its answer, but for what was under way when the process died: that has it by the fence, or never.
        What Carillon has to answer is answered at once. What the far side has to, and answered into the gap, Carillon answers itself
        when its patience is over."""
        for peer in (self.alice, self.bob):
            peer.fence(self.server.component)
        for sent in self.sent:
            under_way = any(begin <= sent.at <= end for begin, end in self.windows)
            try:
                patience = FAR_ANSWERED_WITHIN if sent.by_far_side else ANSWERED_WITHIN
                sent.peer.receives(reply(sent.ident), within=0.0 if under_way else patience)
            except Failure:
                if under_way:
                    self.in_flight += 1
                else:
                    self.unanswered += 1
                    self.why.append(f"{sent.ident} of {sent.peer.name} has no answer")
        self.sent.clear()

    # The end.

    def finish(self) -> tuple[int, int]:
        """How many devices ring, and how many records are incomplete, after the ring time."""
        for call in self.up:
            self.end(call)
        self.settle()
        deadline = time.monotonic() + RING_TIMEOUT + 25  # and 20 s from proceed to session-initiate
        ringing = set(self.proposed)
        incomplete = ringing
        while (ringing or incomplete) and time.monotonic() < deadline:
            self.bob.fence(self.server.component)
            over = {stanza.jmi.get("id") for stanza in self.bob.untaken() if stanza.jmi is not None and stanza.jmi.tag.endswith("}retract")}
            over |= {stanza.jingle.get("sid") for stanza in self.bob.untaken()
                     if stanza.jingle is not None and stanza.jingle.get("action") == "session-terminate"}
            ringing -= over | (self.taken & self.ended_by_bob())
            # A call that rings where nobody looks (its propose came after who waited for it gave up) has a record too.
            incomplete = self.incomplete()
            time.sleep(0.5)
        self.carillon.stop()
        incomplete = self.incomplete()
        # After 50 ms a call goes on unwritten, and the log says so: what was killed then cannot be known of.
        if "the disk does not follow" in self.carillon.log():
            self.unwritten = {sid for sid, row in incomplete.items() if row == NO_RECORD}
        ringing -= self.unwritten
        self.why += [f"{sid} rings" for sid in sorted(ringing)]
        self.why += [f"the record of {sid} is incomplete: {row}" for sid, row in sorted(incomplete.items())]
        return len(ringing), len(incomplete) - len(self.unwritten)

    def incomplete(self) -> dict[str, str]:
        """Records without an end, and calls that were heard of and have no record."""
        with contextlib.closing(sqlite3.connect(f"file:{self.carillon.directory / 'carillon.db'}?mode=ro", uri=True)) as database:
            rows = list(database.execute("SELECT sid, started, proceeded, accepted, ended, reason FROM call"))
        found = {sid: NO_RECORD for sid in self.proposed - {row[0] for row in rows}}
        return found | {row[0]: str(row[1:]) for row in rows if row[4] is None or not row[5]}

    def ended_by_bob(self) -> set[str]:
        return {line.split()[5] for line in self.bob.transcript if " > jingle session-terminate " in line}

    def close(self, *, keep: bool) -> None:
        for peer in (self.alice, self.bob):
            peer.close()
        if keep:
            (self.carillon.directory / "transcript").write_text("\n".join(self.alice.transcript + self.bob.transcript))
            print(f"kept for a look: {self.carillon.directory}")
        else:
            self.carillon.remove()
        self.server.remove()


NO_RECORD = "has none"
DESCRIPTION = ("<content creator='initiator' name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></content>")


def credentials_of(description: str) -> tuple[str, str]:
    ufrag, pwd = (re.search(rf"\b{name}=[\"']([^\"']*)", description) for name in ("ufrag", "pwd"))
    assert ufrag and pwd, "a description without credentials"
    return ufrag[1], pwd[1]


def sender_end(call: OneCall, sender: Peer) -> str:
    return call.ends[sender.name]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--carillon", type=Path, required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--server", choices=sorted(SERVERS), default="prosody")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    crash = Crash(arguments.carillon.resolve(), arguments.server, arguments.seed)
    bad = 1
    try:
        for kill in range(1, arguments.kills + 1):
            crash.round()
            if kill % 20 == 0:
                print(f"{kill} kills, {crash.begun} calls, {crash.lost} lost", flush=True)
        ringing, incomplete = crash.finish()
        log = crash.carillon.log()
        bad = crash.lost + crash.unanswered + ringing + incomplete
    finally:
        crash.close(keep=bool(bad))
    for line in crash.why[:40]:
        print(line)
    print(f"{arguments.kills} kills; {crash.begun} calls were up, asked {crash.checked} times after a kill: {crash.lost} lost; "
          f"{crash.unanswered} requests without an answer, {crash.in_flight} under way at a kill; "
          f"{incomplete} incomplete records, {len(crash.unwritten)} not written since the disk did not follow; {ringing} devices ringing after the ring time")
    if bad:
        print("\n".join(log.splitlines()[-60:]))
    print(f"{arguments.kills - min(bad, arguments.kills)} passed, {bad} failed, 0 skipped")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
