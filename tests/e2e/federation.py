"""Calls between domains: users of two Prosodys and an ejabberd, through the Carillon of one of them and through two.

    PYTHONPATH=tests /usr/bin/python3 -m e2e.federation --carillon build/dev/carillon
"""

from __future__ import annotations

import argparse
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count, product
from pathlib import Path
from typing import Any

from lab import Account, Carillon, Ejabberd, Federation, Prosody, Trust, Way
from lab.federation import component_of

from . import captures
from .peer import PATIENCE, Failure, Peer, slixmpp_peer
from .stage import Record, Route, Stage
from .stanza import jingle, reply

KINDS = {"a.test": Prosody, "b.test": Prosody, "e.test": Ejabberd}
HOME, NEXT = "a.test", "b.test"   # whose Carillon all calls go through; and the second one of a chain
OFFER, ANSWER = (captures.captured("dino042-audio", action)[0] for action in ("session-initiate", "session-accept"))
CANDIDATES = ("<content creator='initiator' name='audio'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='Rm3K' "
              "pwd='v5ZS7aDr4XC2Yk0aZqWnYZ'><candidate component='1' foundation='1' generation='0' id='c{n}' ip='192.0.2.{n}' "
              "network='0' port='4{n}' priority='2130706431' protocol='udp' type='host'/></transport></content>")


class ThroughOne:
    """bob@e.test is bob\\40e.test@call.a.test to everybody."""
    through_carillon = True

    def anywhere(self, peer: Peer) -> str:
        return contact(peer.bare, HOME)

    def device(self, peer: Peer) -> str:
        return f"{self.anywhere(peer)}/{peer.resource}"


class ThroughTwo:
    """Who is of the second domain is a contact of the second Carillon, and that contact one of the first."""
    through_carillon = True

    def anywhere(self, peer: Peer) -> str:
        domain = peer.bare.partition("@")[2]
        first, last = (HOME, NEXT) if domain == NEXT else (NEXT, HOME)
        return contact(contact(peer.bare, last), first)

    def device(self, peer: Peer) -> str:
        return f"{self.anywhere(peer)}/{peer.resource}"


def contact(jid: str, domain: str) -> str:
    """XEP-0106, as far as these addresses need it."""
    return jid.replace("\\", "\\5c").replace("@", "\\40") + "@" + component_of(domain)


class World:
    """The servers in one mode of trust, two Carillons, and two clients that log in anew for each dialogue."""

    def __init__(self, stack: ExitStack, carillon: Path, trust: Trust, **how: Any) -> None:
        self.federation = stack.enter_context(Federation(trust, KINDS, **how))
        self.servers = self.federation.servers
        self.carillons = []
        for domain in (HOME, NEXT):
            # The second one has users of its own only: the first one's contacts are strangers to it.
            served = list(KINDS) if domain == HOME else [NEXT]
            running = Carillon(carillon, self.servers[domain], served=served)
            stack.callback(running.remove)
            running.start()
            self.carillons.append(running)
        self.alice, self.bob = slixmpp_peer(), slixmpp_peer()
        stack.callback(self.alice.close)
        stack.callback(self.bob.close)
        self._numbers = count(1)

    def login(self, peer: Peer, name: str, domain: str) -> None:
        account: Account = self.servers[domain].add_account(f"{name}{next(self._numbers)}")
        peer.login(account, f"{name}-phone", self.servers[domain].client_address)

    def stage(self, route: Route) -> Stage:
        return Stage(route, Record(), component_of(HOME))

    def logs(self) -> str:
        parts = [(f"Carillon {domain}", c.log()) for domain, c in zip((HOME, NEXT), self.carillons)]
        parts += [(domain, server.log()) for domain, server in self.servers.items()]
        return "\n".join(f"--- {name}\n" + "\n".join(text.splitlines()[-15:]) for name, text in parts)


def whole_call(world: World, route: Route, caller: str, callee: str) -> None:
    """Proposed, rung, accepted, candidates both ways, content changed, ended by the callee."""
    world.login(world.alice, "alice", caller)
    world.login(world.bob, "bob", callee)
    stage = world.stage(route)
    call = stage.proposes(world.alice, world.bob, OFFER)
    call.relays(world.bob, "session-accept", ANSWER)
    for number in range(3):
        for sender in (world.alice, world.bob):
            call.relays(sender, "transport-info", CANDIDATES.format(n=10 + number))
    call.relays(world.alice, "session-info", "<hold xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")
    call.ends_with(world.bob)


def hears_reason(world: World, dialled: str, reasons: set[str]) -> None:
    """A plain call that cannot be connected ends with one of these reasons, soon."""
    sid = world.stage(ThroughOne()).new_sid()
    ident = world.alice.sends_jingle("session-initiate", dialled, sid, OFFER)
    world.alice.gets_result(ident, from_=dialled)
    ended = world.alice.receives(jingle("session-terminate", sid))
    assert ended.jingle is not None
    reason = ended.jingle.find("{urn:xmpp:jingle:1}reason")
    words = [child.tag.partition("}")[2] for child in reason] if reason is not None else []
    if not reasons & set(words):
        raise Failure(f"ended with {words}, expected one of {sorted(reasons)}")


def unknown_domain(world: World) -> None:
    world.login(world.alice, "alice", HOME)
    hears_reason(world, contact("zoe@nowhere.test", HOME) + "/phone", {"connectivity-error", "gone"})


def server_down(world: World) -> None:
    """And when it is back, the next call reaches it."""
    world.login(world.alice, "alice", HOME)
    down = world.servers["b.test"]
    down.stop()
    try:
        hears_reason(world, contact("bob@b.test", HOME) + "/phone", {"connectivity-error", "gone"})
    finally:
        world.carillons[1].mark()
        down.start()
    world.alice.logout()
    if not world.carillons[1].wait_for_reconnect(within=40.0):
        raise Failure("the second Carillon did not reconnect")
    whole_call(world, ThroughOne(), HOME, "b.test")


# What is the matter with servers, each in a federation of its own.

SLOW = 5.0               # seconds until the other server answers
STOCK_RATE = 30_000      # bytes a second that Debian's Prosody takes from another server
TRICKLED = ("<content creator='initiator' name='0'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='{ufrag}' pwd='{pwd}'>"
            "<candidate component='1' foundation='{n}' generation='0' id='t{n}' ip='192.0.2.{n}' network='0' port='5{n}' "
            "priority='2130706431' protocol='udp' type='host'/></transport></content>")


def refuses_certificates(world: World) -> None:
    """In good time, in both directions."""
    for caller, callee in ((HOME, NEXT), (HOME, "e.test")):
        world.login(world.alice, "alice", caller)
        hears_reason(world, contact(f"bob@{callee}", HOME) + "/phone", {"connectivity-error", "gone"})
        world.alice.logout()


def refuses_stranger(world: World) -> None:
    world.login(world.alice, "alice", HOME)
    hears_reason(world, contact(f"bob@{NEXT}", HOME) + "/phone", {"connectivity-error", "gone"})
    world.alice.logout()
    whole_call(world, ThroughOne(), HOME, "e.test")


def comes_up_slowly(world: World) -> None:
    proxy = world.federation.proxies[NEXT]
    proxy.hold()
    later = threading.Timer(SLOW, proxy.release)
    later.start()
    whole_call(world, ThroughOne(), HOME, NEXT)
    later.join()


def within_stock_rates(world: World) -> None:
    """An offer of Chromium with video, and forty candidates of each side, one by one: counted on the way to the callee's server."""
    offer, answer = (captures.captured("stanza-chromium-audio-video", action)[0] for action in ("session-initiate", "session-accept"))
    world.login(world.alice, "alice", HOME)
    world.login(world.bob, "bob", NEXT)
    call = world.stage(ThroughOne()).proposes(world.alice, world.bob, offer)
    call.relays(world.bob, "session-accept", answer)
    for sender, description in ((world.alice, offer), (world.bob, answer)):
        credentials = re.search("ufrag=[\"']([^\"']+)[\"']", description), re.search("pwd=[\"']([^\"']+)[\"']", description)
        ufrag, pwd = (found[1] if found else "" for found in credentials)
        name = re.search("<content[^>]* name=[\"']([^\"']+)[\"']", description)
        assert name
        idents = [call.sends(sender, "transport-info", TRICKLED.format(n=10 + n, ufrag=ufrag, pwd=pwd).replace("name='0'", f"name='{name[1]}'"))
                  for n in range(40)]
        for ident in idents:
            sender.receives(reply(ident), within=3 * PATIENCE)
    call.ends_with(world.bob)
    for domain, proxy in world.federation.proxies.items():
        passed = proxy.passed[Way.TO_TARGET]
        most = max(sum(size for at, size in zip(passed.at, passed.sizes) if begin <= at < begin + 1) for begin in passed.at)
        print(f"summary: to {domain}: {passed.total} bytes for a call with 80 candidates, {most} in the busiest second of {STOCK_RATE}")
        if most > STOCK_RATE:
            raise Failure(f"{most} bytes in a second to {domain}: Debian's Prosody takes {STOCK_RATE}")


TROUBLES: list[tuple[str, Trust, dict[str, Any], Callable[[World], None]]] = [
    ("a certificate of an authority that nobody knows", Trust.VERIFIED, {"strangers": (NEXT,)}, refuses_stranger),
    ("a certificate without the component's name", Trust.VERIFIED, {"unnamed": (HOME,)}, refuses_certificates),
    ("a server that answers late", Trust.SELF_SIGNED, {"proxied": (NEXT,)}, comes_up_slowly),
    ("servers that let little through", Trust.PLAIN, {"proxied": (HOME, NEXT), "limited": True}, within_stock_rates),
]


def dialogues() -> list[tuple[str, str, Callable[[World], None]]]:
    """Row, column and body of each cell of the table."""
    rows: list[tuple[str, str, Callable[[World], None]]] = []
    for caller, callee in product(KINDS, KINDS):
        rows.append((f"{caller} calls {callee}", "one", lambda w, a=caller, b=callee: whole_call(w, ThroughOne(), a, b)))
    for caller, callee in ((HOME, NEXT), (NEXT, HOME)):
        rows.append((f"{caller} calls {callee} through two Carillons", "two",
                     lambda w, a=caller, b=callee: whole_call(w, ThroughTwo(), a, b)))
    rows.append(("a user of an unknown domain is called", "one", unknown_domain))
    rows.append(("a server is down, and back", "one", server_down))
    return rows


def play(world: World, body: Callable[[World], None]) -> str | None:
    try:
        body(world)
        for peer in (world.alice, world.bob):
            peer.logout()
    except (Failure, AssertionError, RuntimeError) as problem:
        transcript = "\n".join(f"    {line[:600]}" for peer in (world.alice, world.bob) for line in peer.transcript[-12:])
        return f"{problem}\n{transcript}\n{world.logs()}"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(prog="e2e.federation", description=__doc__)
    parser.add_argument("--carillon", type=Path, required=True)
    parser.add_argument("-k", default="", metavar="WORDS", help="only dialogues whose name contains this")
    parser.add_argument("--trust", choices=[trust.name.lower() for trust in Trust], help="only this mode")
    asked = parser.parse_args()
    modes = [Trust[asked.trust.upper()]] if asked.trust else list(Trust)
    table: dict[str, dict[Trust, str]] = defaultdict(dict)
    passed = failed = 0
    wanted = [row for row in dialogues() if asked.k in row[0]]
    for trust in modes if wanted else []:
        with ExitStack() as stack:
            world = World(stack, asked.carillon.resolve(), trust)
            for name, _, body in wanted:
                began = time.monotonic()
                problem = play(world, body)
                table[name][trust] = "FAIL" if problem else f"{time.monotonic() - began:.1f} s"
                passed, failed = (passed, failed + 1) if problem else (passed + 1, failed)
                if problem:
                    print(f"FAIL {name} ({trust.value}): {problem}", flush=True)
            for running in world.carillons:
                running.stop()
    for name, trust, how, body in TROUBLES:
        if asked.k not in name or trust not in modes:
            continue
        with ExitStack() as stack:
            world = World(stack, asked.carillon.resolve(), trust, **how)
            began = time.monotonic()
            problem = play(world, body)
            table[name][trust] = "FAIL" if problem else f"{time.monotonic() - began:.1f} s"
            passed, failed = (passed, failed + 1) if problem else (passed + 1, failed)
            if problem:
                print(f"FAIL {name} ({trust.value}): {problem}", flush=True)
            for running in world.carillons:
                running.stop()
    print(f"summary: {'':<52}" + "".join(f"{trust.name.lower().replace('_', '-'):<14}" for trust in modes))
    for name, cells in table.items():
        print(f"summary: {name:<52}" + "".join(f"{cells.get(trust, '-'):<14}" for trust in modes))
    print_matrix(table, modes)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


def print_matrix(table: dict[str, dict[Trust, str]], modes: list[Trust]) -> None:
    """In how many modes each domain's users reach each other's, as docs/interop.md has it."""
    if any(f"{caller} calls {callee}" not in table for caller, callee in product(KINDS, KINDS)):
        return
    print("summary: " + " | ".join(["caller \\ callee", *KINDS]))
    for caller in KINDS:
        cells = [table[f"{caller} calls {callee}"] for callee in KINDS]
        print("summary: " + " | ".join([caller, *(f"{sum(c != 'FAIL' for c in cell.values())} of {len(modes)}" for cell in cells)]))


if __name__ == "__main__":
    sys.exit(main())
