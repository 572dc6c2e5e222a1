"""Plays the scenarios with every pair of clients.

    PYTHONPATH=tests /usr/bin/python3 -m e2e --carillon build/dev/carillon --gloox-client build/dev/tests/e2e/gloox_client/e2e_gloox_client
    ... -m e2e --direct ...      the clients call each other without Carillon: shows that clients and scenarios are right
    ... -m e2e -k "tie-break"    only scenarios whose name contains this
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from pathlib import Path

from lab import SERVERS

from . import scenarios  # noqa: F401  registers them
from .peer import Failure, Peer
from .scenario import Scenario, all_scenarios
from .stage import ACTIONS, TO_CALLEE, TO_CALLER, Record
from .stanza import Matcher, Stanza
from .world import PAIRS, World

# Which ways an action can go at all: only a caller initiates, only a callee accepts.
IMPOSSIBLE = {("session-initiate", TO_CALLER), ("session-accept", TO_CALLEE)}


def is_stray(stanza: Stanza) -> bool:
    """A <finish/> may always come after the end of a call that was proposed (XEP-0353, 4.7)."""
    if stanza.jmi is not None and stanza.jmi.tag.endswith("}finish"):
        return False
    return stanza.jingle is not None or stanza.jmi is not None or stanza.type == "error"


GIVE_UP_AFTER = 20  # failures: each costs its deadline, and by then the reader knows
STRAY = Matcher("anything that nobody waited for", is_stray)


def play(world: World, scenario: Scenario, pair: tuple[str, str]) -> str | None:
    """None if it went as written, else what went wrong."""
    cast = world.cast(pair, scenario.extra)
    stage = world.stage()
    try:
        for name, peer in zip(("alice", "bob"), cast):
            world.login(peer, world.new_account(name), f"{peer.kind}-{name}")
        scenario.body(stage, *cast)
        for peer in cast:
            if peer.jid and stage.route.through_carillon:
                peer.fence(stage.domain)
            peer.got_nothing(STRAY)
            peer.logout()
    except Exception as problem:  # whatever it is, the next scenario shall be played
        words = str(problem) if isinstance(problem, (Failure, AssertionError)) else traceback.format_exc()
        transcript = "\n".join(f"    {line[:1500]}" for peer in cast for line in peer.transcript[-30:])
        for peer in cast:
            world.replace(peer)
        return f"{words}\n  what the clients sent (>) and got (<):\n{transcript}"
    return None


def pairs_of(scenario: Scenario, wanted: list[tuple[str, str]]) -> list[tuple[str, str]]:
    # The mixed pairs first: a scenario that only two pairs play has each client once on either side.
    mixed_first = sorted(wanted, key=lambda pair: pair[0] == pair[1])
    return mixed_first[:scenario.pairs]


def print_table(record: Record) -> None:
    pairs = [f"{a}->{b}" for a, b in PAIRS]
    print(f"\n{'action':<20}{TO_CALLEE:<18}{TO_CALLER:<18}client pairs")
    for action in ACTIONS:
        cells = []
        for way in (TO_CALLEE, TO_CALLER):
            seen = record.seen.get((action, way), set())
            cells.append("n/a" if (action, way) in IMPOSSIBLE else "ok" if seen else "-")
        seen = record.seen.get((action, TO_CALLEE), set()) | record.seen.get((action, TO_CALLER), set())
        print(f"{action:<20}{cells[0]:<18}{cells[1]:<18}{' '.join(p for p in pairs if p in seen)}")


def missing_rows(record: Record) -> list[str]:
    return [f"{action} {way}" for action in ACTIONS for way in (TO_CALLEE, TO_CALLER)
            if (action, way) not in IMPOSSIBLE and not record.seen.get((action, way))]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="e2e", description="Plays calls between two real XMPP clients.")
    parser.add_argument("--carillon", type=Path, help="the program under test")
    parser.add_argument("--direct", action="store_true", help="without Carillon")
    parser.add_argument("--gloox-client", type=Path, required=True)
    parser.add_argument("--server", choices=sorted(SERVERS), default="prosody", help="which server both log in to")
    parser.add_argument("-k", default="", metavar="WORDS", help="only scenarios whose name contains this")
    parser.add_argument("--pair", metavar="A-B", help="only this pair of clients, e.g. slixmpp-gloox")
    parser.add_argument("-v", action="store_true", help="name every scenario, not only those that fail")
    parsed = parser.parse_args()
    if bool(parsed.carillon) == parsed.direct:
        parser.error("give either --carillon FILE or --direct")
    return parsed


def main() -> int:
    asked = arguments()
    pairs = [tuple(asked.pair.split("-"))] if asked.pair else PAIRS
    passed = failed = skipped = 0
    began = time.monotonic()
    world = World(None if asked.direct else asked.carillon.resolve(), asked.gloox_client.resolve(), asked.server)
    try:
        for scenario in (s for s in all_scenarios if asked.k in s.name):
            if scenario.through_carillon and asked.direct:
                skipped += 1
                continue
            for pair in pairs_of(scenario, pairs):
                if failed >= GIVE_UP_AFTER:
                    skipped += 1
                    continue
                start = time.monotonic()
                problem = play(world, scenario, pair)
                passed, failed = (passed, failed + 1) if problem else (passed + 1, failed)
                if asked.v or problem:
                    print(f"{'FAIL' if problem else 'ok  '} {pair[0]}->{pair[1]}  {scenario.name}"
                          f"  ({time.monotonic() - start:.2f} s)", flush=True)
                if problem:
                    print(f"  {problem}\n{world.logs()}", flush=True)
    finally:
        problem = world.close()
    if failed >= GIVE_UP_AFTER:
        print(f"gave up after {failed} failures")
    if problem:
        failed += 1
        print(f"FAIL the end of Carillon: {problem}")
    print_table(world.record)
    if not asked.k and not asked.pair:
        for row in missing_rows(world.record):
            failed += 1
            print(f"FAIL never seen: {row}")
    print(f"\ne2e: {time.monotonic() - began:.1f} s")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
