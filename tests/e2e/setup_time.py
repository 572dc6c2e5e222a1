"""How long it takes to set up a call, directly and through Carillon, with the same two clients on the same Prosody.

    PYTHONPATH=tests /usr/bin/python3 -m e2e.setup_time --carillon build/release/carillon --gloox-client FILE [--calls N] [--json]

From propose to the accept at the caller; the two ways in turn. Carillon's own part is the time between the arrival of bytes and
the departure of what it says about them, over all of a set-up, seen from its socket (tap.py), in calls of their own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from lab import SERVERS, Carillon

from . import captures
from .peer import Peer, gloox_peer
from .stage import Direct, Record, Route, Stage, ThroughCarillon

OFFER, ACCEPT = (captures.captured("dino042-audio", action)[0] for action in ("session-initiate", "session-accept"))
LIMITS = '[limits]\ninvites_per_minute = 100000\nunanswered_calls = 1000\n[store]\npath = "carillon.db"\n'


class Tap:
    """A process between Carillon and the server; the server, as far as Carillon is told."""

    def __init__(self, server) -> None:  # type: ignore[no-untyped-def]
        host, port = server.component_address
        self._process = subprocess.Popen([sys.executable, Path(__file__).with_name("tap.py"), host, str(port)],
                                         stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.component_address = ("127.0.0.1", int(self._process.stdout.readline()))
        self.component, self.domain, self.secret = server.component, server.domain, server.secret

    def pieces(self) -> list[tuple[int, str]]:
        """All of them, once the connection is over."""
        assert self._process.stdout
        rows = [line.split() for line in self._process.stdout]
        self._process.wait(10.0)
        return [(int(at), way) for at, way, _size in rows]


def set_up(stage: Stage, caller: Peer, callee: Peer) -> tuple[int, int]:
    """When it began and when the caller had the accept, in nanoseconds; the call is ended before this returns."""
    began = time.monotonic_ns()
    call = stage.proposes(caller, callee, OFFER)
    call.relays(callee, "session-accept", ACCEPT)
    done = time.monotonic_ns()
    call.ends_with(caller)
    if stage.route.through_carillon:
        for peer in (caller, callee):
            peer.fence(stage.domain)
    return began, done


def own_part(pieces: list[tuple[int, str]], began: int, done: int) -> int:
    """From each piece that came in to the last that went out before the next came."""
    total, came, left = 0, 0, 0
    for at, way in pieces:
        if not began <= at <= done:
            continue
        if way == "out":
            left = at
            continue
        total += max(0, left - came) if came else 0
        came, left = at, 0
    return total + (max(0, left - came) if came else 0)


def measure(asked: argparse.Namespace) -> dict[str, float]:
    server = SERVERS["prosody"](accounts=())
    server.start()
    peers = [gloox_peer(asked.gloox_client.resolve()) for _ in range(2)]
    carillon = None
    try:
        for name, peer in zip(("alice", "bob"), peers):
            peer.login(server.add_account(name), "phone", server.client_address)
        record = Record()
        routes: dict[str, Route] = {"direct": Direct(), "through": ThroughCarillon(server.component)}
        times: dict[str, list[int]] = {"direct": [], "through": []}
        carillon = Carillon(asked.carillon.resolve(), server, extra=LIMITS)
        carillon.start()
        for turn in range(asked.calls + 3):
            for name, route in routes.items():
                began, done = set_up(Stage(route, record, server.component), *peers)
                if turn >= 3:
                    times[name].append(done - began)
        carillon.stop()
        carillon.remove()
        tap = Tap(server)
        carillon = Carillon(asked.carillon.resolve(), tap, extra=LIMITS)  # type: ignore[arg-type]
        carillon.start()
        spans = [set_up(Stage(routes["through"], record, server.component), *peers) for _ in range(asked.calls)]
        carillon.stop()
        pieces = tap.pieces()
        own = [own_part(pieces, *span) for span in spans[3:]]
    finally:
        for peer in peers:
            peer.close()
        if carillon:
            carillon.remove()
        server.remove()
    direct, through = (statistics.median(times[name]) / 1e6 for name in ("direct", "through"))
    return {"direct_ms": direct, "through_ms": through, "ratio": through / direct, "own_ms": statistics.median(own) / 1e6}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--carillon", type=Path, required=True)
    parser.add_argument("--gloox-client", type=Path, required=True)
    parser.add_argument("--calls", type=int, default=100)
    print(json.dumps(measure(parser.parse_args())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
