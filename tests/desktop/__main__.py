"""A real Dino calls and is called through Carillon, with another Dino and with a client that shares no code with it.

    PYTHONPATH=tests /usr/bin/python3 -m desktop --carillon build/dev/carillon
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from e2e import captures
from e2e.peer import Failure, Peer, slixmpp_peer
from e2e.stage import Record, Stage, ThroughCarillon
from e2e.stanza import jingle, jmi, presence
from lab import Account, Carillon, Prosody

from .desktop import Desktop
from .dino import DECLINED, ENDED, MISSED, Dino

OFFER, ANSWER = (captures.captured("dino042-audio", action)[0] for action in ("session-initiate", "session-accept"))


class World:
    """Alice and Bob each have a Dino, Carol has a client on slixmpp. Alice has Bob and Carol in her contact list."""

    def __init__(self, stack: ExitStack, carillon: Path) -> None:
        self.server = stack.enter_context(Prosody(domain="example.onion", component="call.example.onion",
                                                  accounts=("alice", "bob", "carol"), tls=True))
        self.carillon = Carillon(carillon, self.server)
        stack.callback(self.carillon.remove)
        self.carillon.start()
        self.carol: Peer = slixmpp_peer()
        stack.callback(self.carol.close)
        self._add_contacts(self.server.accounts["alice"], "bob", "carol")
        self.alice, self.bob = (Dino(stack.enter_context(Desktop()), self.server.accounts[name], self.server.client_address)
                                for name in ("alice", "bob"))
        for dino in (self.alice, self.bob):
            self._start(dino)
        self.carol.login(self.server.accounts["carol"], "laptop", self.server.client_address)
        self.stage = Stage(ThroughCarillon(self.server.component), Record(), self.server.component)

    def contact(self, name: str) -> str:
        return f"{name}\\40{self.server.domain}@{self.server.component}"

    def _start(self, dino: Dino) -> None:
        """It is there when another client of the same user sees it."""
        self.carol.login(dino.account, "setup", self.server.client_address)
        dino.start()
        self.carol.receives(presence(dino.jid), within=60.0)
        self.carol.logout()

    def _add_contacts(self, account: Account, *names: str) -> None:
        """With another client of hers: what is tested is what follows."""
        self.carol.login(account, "setup", self.server.client_address)
        for name in names:
            self.carol.sends_xml(f"<presence to='{self.contact(name)}' type='subscribe'/>")
            self.carol.receives(presence(f"{self.contact(name)}/call"))
        self.carol.logout()


def dino_calls_dino(world: World) -> None:
    world.alice.opens_chat(world.contact("bob"))
    world.alice.calls()
    world.bob.rings(world.contact("alice"))
    world.bob.accepts(world.contact("alice"))
    world.alice.hears()
    world.bob.hears()
    world.alice.quits()
    world.bob.shows_last_call(ENDED)


def dino_is_called_and_answers(world: World) -> None:
    sid = world.stage.new_sid()
    world.carol.sends_jmi("propose", world.contact("bob"), sid, captures.descriptions(captures.media_of(OFFER)))
    world.bob.rings(world.contact("carol"))
    world.bob.accepts(world.contact("carol"))
    proceed = world.carol.receives(jmi("proceed", sid))
    assert proceed.from_.startswith(world.contact("bob") + "/")
    ident = world.carol.sends_jingle("session-initiate", proceed.from_, sid, OFFER)
    world.carol.gets_result(ident, from_=proceed.from_)
    accept = world.carol.receives(jingle("session-accept", sid), from_=proceed.from_)
    assert "urn:xmpp:jingle:apps:dtls:0" in accept.text, accept.text
    world.carol.gets_result(world.carol.sends_jingle("session-terminate", proceed.from_, sid, "<reason><success/></reason>"))
    world.bob.shows_last_call(ENDED)


def dino_declines(world: World) -> None:
    sid = world.stage.new_sid()
    world.carol.sends_jmi("propose", world.contact("bob"), sid, captures.descriptions(captures.media_of(OFFER)))
    world.bob.rings(world.contact("carol"))
    world.bob.declines(world.contact("carol"))
    world.carol.receives(jmi("reject", sid))
    world.bob.shows_last_call(DECLINED)


def dino_is_called_by_plain_jingle(world: World) -> None:
    to, sid = f"{world.contact('bob')}/call", world.stage.new_sid()
    world.carol.gets_result(world.carol.sends_jingle("session-initiate", to, sid, OFFER), from_=to)
    world.bob.rings(world.contact("carol"))
    world.bob.accepts(world.contact("carol"))
    world.carol.receives(jingle("session-accept", sid), from_=to)
    world.carol.gets_result(world.carol.sends_jingle("session-terminate", to, sid, "<reason><success/></reason>"))
    world.bob.shows_last_call(ENDED)


def caller_gives_up(world: World) -> None:
    sid = world.stage.new_sid()
    world.carol.sends_jmi("propose", world.contact("bob"), sid, captures.descriptions(captures.media_of(OFFER)))
    world.bob.rings(world.contact("carol"))
    world.carol.sends_jmi("retract", world.contact("bob"), sid)
    world.bob.shows_last_call(MISSED)


def dino_calls_and_is_answered(world: World) -> None:
    world.alice.opens_chat(world.contact("carol"))
    world.alice.calls()
    propose = world.carol.receives(jmi("propose"))
    assert propose.jmi is not None and propose.from_.startswith(world.contact("alice"))
    sid = propose.jmi.get("id", "")
    world.carol.sends_jmi("ringing", propose.from_, sid)
    world.carol.sends_jmi("proceed", propose.from_, sid)
    offer = world.carol.receives(jingle("session-initiate", sid))
    world.carol.gets_result(world.carol.sends_jingle("session-accept", offer.from_, sid, ANSWER), from_=offer.from_)
    world.carol.gets_result(world.carol.sends_jingle("session-terminate", offer.from_, sid, "<reason><success/></reason>"))
    world.alice.shows_last_call(ENDED)


DIALOGUES: dict[str, Callable[[World], None]] = {
    "a Dino calls another client, which answers": dino_calls_and_is_answered,
    "another client calls a Dino, which answers": dino_is_called_and_answers,
    "another client calls a Dino, which declines": dino_declines,
    "another client calls a Dino by plain Jingle, which answers": dino_is_called_by_plain_jingle,
    "another client calls a Dino and gives up": caller_gives_up,
    "a Dino calls a Dino, and both hear the other": dino_calls_dino,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="desktop", description=__doc__)
    parser.add_argument("--carillon", type=Path, required=True)
    parser.add_argument("-k", default="", metavar="WORDS", help="only dialogues whose name contains this")
    asked = parser.parse_args()
    passed = failed = 0
    with ExitStack() as stack:
        world = World(stack, asked.carillon.resolve())
        for name, body in DIALOGUES.items():
            if asked.k not in name:
                continue
            began = time.monotonic()
            try:
                body(world)
                passed += 1
                print(f"ok    {name}  ({time.monotonic() - began:.1f} s)", flush=True)
            except (Failure, AssertionError, RuntimeError) as problem:
                failed += 1
                print(f"FAIL  {name}: {problem}\n{world.carillon.log()[-3000:]}", flush=True)
        world.carillon.stop()
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
