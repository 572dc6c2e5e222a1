"""Breaks what Carillon stands on, one thing at a time, while people in calls go on speaking.

    PYTHONPATH=tests /usr/bin/python3 -m e2e.faults --carillon build/dev/carillon [--long] [--server NAME] [-k WORDS] [--update]

After each fault the calls that were up go on both ways, a new one can be placed, all of them have whole records, what was
asked outside the fault was answered, memory is within its bound, and the log has said what happened in the words that
the table names. --update writes the table to docs/reliability.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import SERVERS, Way, namespace
from lab.address import poll

from . import captures
from .ground import INVITES_PER_MINUTE, Ground, Skip
from .page import Page
from .peer import PATIENCE, Failure
from .stanza import message_error
from .talking import Outcome

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/reliability.md"
MEMORY = 8 << 20  # bytes that a fault may cost, unless its row says otherwise
CALL_MEMORY = 32 << 10  # bytes that a call may take while it waits to be heard
MAX_UNSENT = 16 << 20  # component/link.hpp


def reset(ground: Ground, outcome: Outcome) -> None:
    ground.proxy.cut()
    ground.comes_back()


def server_restarted(ground: Ground, outcome: Outcome) -> None:
    with ground.talking.logged_out():
        ground.server.stop()
        ground.server.start()
    ground.comes_back()


def server_killed(ground: Ground, outcome: Outcome) -> None:
    with ground.talking.logged_out():
        ground.server.kill()
        ground.server.start()
    ground.comes_back()


@contextlib.contextmanager
def frozen(pid: int):  # type: ignore[no-untyped-def]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def frozen_a_moment(ground: Ground, outcome: Outcome) -> None:
    with frozen(ground.server.pid):
        ground.seconds(3, 20)
    ground.stays_connected()


def frozen_for_long(ground: Ground, outcome: Outcome) -> None:
    """A minute without a byte, a ping, 20 s, and the connection is given up; the next ones are not answered."""
    if not ground.long:
        raise Skip("takes two minutes: --long")
    ground.talking.pause = 0.5
    with frozen(ground.server.pid):
        ground.says("no answer to a ping", within=120.0)
    ground.comes_back()


def stutters(ground: Ground, outcome: Outcome) -> None:
    for _ in range(20 if ground.long else 5):
        with frozen(ground.server.pid):
            ground.talking.lasts(0.3)
        ground.talking.lasts(0.1)
    ground.stays_connected()


def asks_until(ground: Ground, mallory: Peer, pattern: str, ident: str = "q") -> None:
    """Questions whose answers wait, until the log says so."""
    question = f"<iq to='{ground.server.component}' type='get' id='{ident}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
    asked = ground.proxy.passed[Way.TO_CLIENT]
    began = asked.total
    for batch in range(1, 1000):  # 200 questions each, and none before the last one has been passed on
        if ground.carillon.process.wait_for_line(pattern, 0.0):
            return
        for _ in range(200):
            mallory.sends_xml(question)
        poll(lambda: asked.total - began > batch * 200 * len(question), PATIENCE)
    raise Failure(f"it waits with {ground.carillon.process.memory() >> 20} MiB")


def reads_slowly(ground: Ground, outcome: Outcome) -> None:
    """What Carillon sends waits for a while: who calls meanwhile is told so, and the stream stays."""
    mallory = ground.mallory()
    bob = ground.talking.stage.route.anywhere(ground.talking.bob)
    ground.proxy.hold(Way.TO_TARGET)
    asks_until(ground, mallory, "the server does not keep up", ident="q" * 1000)
    proposals = [mallory.sends_jmi("propose", bob, ground.talking.stage.new_sid(), captures.descriptions(["audio"])) for _ in range(5)]
    lines = ground.carillon.process.lines
    if not poll(lambda: sum("(the server does not keep up)" in line for line in lines) == len(proposals), PATIENCE):
        raise Failure("new calls are let in")
    ground.seconds(1, 10)
    ground.proxy.release()
    refusals = [mallory.receives(message_error(ident), within=60.0) for ident in proposals]
    conditions = {refusal.conditions()[0] for refusal in refusals}
    if conditions != {"resource-constraint"}:
        raise Failure(f"new calls are refused with {conditions}")
    outcome.notes.append(f"{len(refusals)} new calls refused with resource-constraint")
    ground.stays_connected()


def does_not_read(ground: Ground, outcome: Outcome) -> None:
    """What Carillon sends is not taken, while what it is asked keeps coming, until it has waited for too much."""
    if not ground.long:
        raise Skip("takes tens of thousands of stanzas: --long")
    mallory = ground.mallory()
    ground.proxy.hold(Way.TO_TARGET)
    asks_until(ground, mallory, "does not read what we send")
    ground.proxy.cut()
    ground.proxy.release()
    ground.comes_back()


def link_silent(ground: Ground, outcome: Outcome) -> None:
    ground.proxy.hold()
    ground.seconds(2, 20)
    ground.proxy.release()
    ground.stays_connected()


def link_dead(ground: Ground, outcome: Outcome) -> None:
    """Packets go nowhere, and nobody says so."""
    namespace.drop(ground.proxy.address)
    ground.seconds(2, 10)
    namespace.heal()
    ground.talking.is_heard(20.0)  # TCP waits longer and longer before it tries again
    ground.stays_connected()


def link_dead_for_long(ground: Ground, outcome: Outcome) -> None:
    if not ground.long:
        raise Skip("takes two minutes: --long")
    ground.talking.pause = 0.5
    namespace.drop(ground.proxy.address)
    ground.says("no answer to a ping", within=120.0)
    ground.says("did not answer in", within=60.0)
    namespace.heal()
    ground.comes_back()


def link_loses(ground: Ground, outcome: Outcome) -> None:
    namespace.drop(ground.proxy.address, 0.2)
    ground.seconds(3, 30)
    namespace.heal()
    ground.stays_connected()


def link_slow(ground: Ground, outcome: Outcome) -> None:
    ground.proxy.delay = 0.25
    ground.seconds(2, 20)
    ground.stays_connected()


def between_domains(ground: Ground, outcome: Outcome) -> None:
    for proxy in ground.between:
        proxy.refuse()
        proxy.cut()
    ground.seconds(3, 30)
    for proxy in ground.between:
        proxy.listen()
    ground.talking.is_heard(30.0)  # servers wait a while before they try again


def disk_full(ground: Ground, outcome: Outcome) -> None:
    """No file may grow: as when the disk is full, and any user can do it."""
    files = [path.stat().st_size for path in ground.carillon.directory.glob("carillon.db*")]
    before = resource.prlimit(ground.pid, resource.RLIMIT_FSIZE, (min(files), -1))
    ground.talking.calls.append(ground.talking.new_call())
    ground.says("nothing can be written")
    ground.seconds(1, 20)
    resource.prlimit(ground.pid, resource.RLIMIT_FSIZE, before)
    ground.says("writable again, nothing is lost")


def database_locked(ground: Ground, outcome: Outcome) -> None:
    with contextlib.closing(sqlite3.connect(ground.carillon.directory / "carillon.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ground.talking.calls.append(ground.talking.new_call())
        ground.says("nothing can be written")
        ground.seconds(1, 20)
        other.execute("ROLLBACK")
    ground.says("writable again, nothing is lost")


def clock_jumps(ground: Ground, outcome: Outcome) -> None:
    for days in (1, -30, 3650, 0):
        ground.shim.put_clock(days * 86400.0)
        ground.talking.calls.append(ground.talking.new_call())
        ground.seconds(0.5, 5)
    ground.stays_connected()


def no_descriptors(ground: Ground, outcome: Outcome) -> None:
    """As many as are open may be: no page gets in, and the stream that breaks cannot come back until there are more."""
    before = resource.prlimit(ground.pid, resource.RLIMIT_NOFILE)
    used = max(int(name) for name in os.listdir(f"/proc/{ground.pid}/fd")) + 1
    resource.prlimit(ground.pid, resource.RLIMIT_NOFILE, (used, before[1]))
    outside = [socket.create_connection(ground.pages, 5.0) for _ in range(20)]
    ground.proxy.cut()
    ground.says("Too many open files|cannot connect")
    ground.seconds(1, 20)
    resource.prlimit(ground.pid, resource.RLIMIT_NOFILE, before)
    for page in outside:
        page.close()
    ground.comes_back()
    Page(ground.pages, f"http://{ground.pages[0]}:{ground.pages[1]}")


def one_calls_too_much(ground: Ground, outcome: Outcome) -> None:
    """Ten times the calls that one user may begin in a minute: what is let in rings, the rest is told so."""
    mallory = ground.mallory()
    bob = ground.talking.stage.route.anywhere(ground.talking.bob)
    proposals = [mallory.sends_jmi("propose", bob, ground.talking.stage.new_sid(), captures.descriptions(["audio"]))
                 for _ in range(10 * INVITES_PER_MINUTE)]
    refusals = [mallory.receives(message_error(ident)) for ident in proposals[INVITES_PER_MINUTE:]]
    conditions = {refusal.conditions()[0] for refusal in refusals}
    outcome.notes.append(f"{len(refusals)} of {len(proposals)} calls refused with {', '.join(sorted(conditions))}")


def overload(options: argparse.Namespace, outcome: Outcome) -> None:
    """Ten times as many stanzas as it can relay, through the fake server of tests/bench: whatever was let in comes through."""
    program = options.carillon.parent / "tests/bench/fake_server"
    if not program.exists():
        raise Skip(f"{program} is not built")

    def run(*flags: object) -> dict[str, float]:
        command = [str(program), *map(str, flags), "--", str(options.carillon), "run", "-c", "{config}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=os.environ | {"STATE_DIRECTORY": state})
        if done.returncode:
            raise Failure(f"{done.stdout[-500:]} {done.stderr[-500:]}")
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    with tempfile.TemporaryDirectory(prefix="carillon-overload-") as state:
        able = run("--calls", 300)["stanzas_per_s"]
        calls = 2_000 if options.long else 1_000
        loaded = run("--calls", calls, "--rate", 10 * able)
    grown = (loaded["peak_kb"] - loaded["warm_kb"]) * 1024
    outcome.said = outcome.answered = int(loaded["owed"])
    outcome.notes += [f"{calls} calls at once, all complete; p50 {loaded['p50_us'] / 1000:.0f} ms, p99 {loaded['p99_us'] / 1000:.0f} ms",
                      f"{grown / (1 << 20):.0f} MiB more at most"]
    if options.bounded and grown > MEMORY + calls * CALL_MEMORY:
        raise Failure(f"it took {grown / calls:.0f} bytes a call")


@dataclass(frozen=True)
class Fault:
    what: str
    play: Callable[[Any, Outcome], None]  # gets a Ground, or the options
    seen: str             # by the people
    log: tuple[str, ...]  # patterns, in this order
    may_lose: bool = False   # requests that were under way when a connection broke
    may_refuse: bool = False
    memory: int = MEMORY
    between_domains: bool = False
    needs_shim: bool = False
    on_ground: bool = True
    in_namespace: bool = False


ONLINE = "xmpp: online as"
FAULTS = [
    Fault("the component's stream is reset", reset, "what is sent in the gap is refused by the server",
          ("the server cut the connection", ONLINE), may_lose=True, may_refuse=True),
    Fault("the server is restarted", server_restarted, "clients log in again; what they send before Carillon is back is refused",
          ("the server closed the stream|the server ended the stream|the server cut the connection", ONLINE), may_lose=True, may_refuse=True),
    Fault("the server is killed", server_killed, "the same", ("cut the connection", ONLINE), may_lose=True, may_refuse=True),
    Fault("the server is frozen for a moment", frozen_a_moment, "everything comes later", ()),
    Fault("the server is frozen for long", frozen_for_long, "as with a reset, once it runs again",
          ("no answer to a ping", ONLINE), may_lose=True, may_refuse=True),
    Fault("the server stutters", stutters, "everything comes a little later", ()),
    Fault("the server reads slowly", reads_slowly, "everything comes later; who calls just then is told to wait",
          ("the server does not keep up", "were refused while the server did not keep up"), memory=MEMORY + MAX_UNSENT),
    Fault("the server reads nothing more", does_not_read, "as with a reset, once 16 MiB wait",
          ("the server does not read what we send", ONLINE), may_lose=True, may_refuse=True, memory=MEMORY + 3 * MAX_UNSENT),
    Fault("the link is silent", link_silent, "everything comes later", ()),
    Fault("the link drops all packets for a moment", link_dead, "everything comes later", (), in_namespace=True),
    Fault("the link drops all packets for long", link_dead_for_long, "what is sent is lost: the server has not noticed either",
          ("no answer to a ping", "did not answer in", ONLINE), may_lose=True, may_refuse=True, in_namespace=True),
    Fault("the link loses a fifth of all packets", link_loses, "everything comes a little later", (), in_namespace=True),
    Fault("the link takes a quarter of a second each way", link_slow, "everything comes half a second later", ()),
    Fault("the servers of two domains are cut apart", between_domains, "candidates to the other side are lost, or refused by one's own server",
          (), may_lose=True, may_refuse=True, between_domains=True),
    Fault("the disk is full", disk_full, "nothing", ("nothing can be written", "writable again, nothing is lost")),
    Fault("the database is locked", database_locked, "nothing", ("nothing can be written", "writable again, nothing is lost")),
    Fault("the wall clock jumps by days and years", clock_jumps, "nothing", (), needs_shim=True),
    Fault("no file descriptor is left", no_descriptors, "no page comes in; as with a reset if the stream breaks just then",
          ("cut the connection", "Too many open files", ONLINE), may_lose=True, may_refuse=True),
    Fault("one user calls ten times as often as he may", one_calls_too_much, "he is told so at once", ()),
    Fault("ten times the load it can carry", overload, "everything comes later", (), on_ground=False),
]


def play(fault: Fault, options: argparse.Namespace) -> Outcome:
    """Raises Failure when something is not as it has to be, Skip when it cannot be tried."""
    if fault.in_namespace and options.no_namespace:
        raise Skip(options.no_namespace)
    if not fault.on_ground:
        outcome, began = Outcome(), time.monotonic()
        fault.play(options, outcome)
        outcome.lasted = time.monotonic() - began
        return outcome
    with ExitStack() as stack:
        ground = Ground(stack, options, between_domains=fault.between_domains, with_shim=fault.needs_shim)
        talking, process = ground.talking, ground.carillon.process
        before = process.memory()
        seen = len(process.lines)
        try:
            with talking.fault() as outcome:
                fault.play(ground, outcome)
            peak = process.peak_memory() - before
            outcome.notes.append(f"{max(peak, 0) / (1 << 20):.0f} MiB more at most")
            if options.bounded and peak > fault.memory:
                raise Failure(f"it took {peak >> 20} MiB more")
            if outcome.unanswered and not fault.may_lose:
                raise Failure(f"{outcome.unanswered} requests have no answer")
            if outcome.refused and not fault.may_refuse:
                raise Failure(f"{outcome.refused} requests were refused")
            talking.goes_on()
            expect_in_order(fault.log, process.lines[seen:])
            talking.ends()
            ground.carillon.stop()
        except (Failure, AssertionError, RuntimeError) as problem:
            transcript = "\n".join(line[:300] for peer in talking.peers for line in peer.transcript[-12:])
            raise Failure(f"{str(problem)[:1000]}\n{transcript}\n--- Carillon\n{tail(ground.carillon.log(), 25)}\n--- server\n{tail(ground.server.log())}") from problem
    return outcome


def expect_in_order(patterns: tuple[str, ...], lines: list[str]) -> None:
    rest = iter(lines)
    for pattern in patterns:
        if not any(re.search(pattern, line) for line in rest):
            raise Failure(f"the log does not say {pattern!r} where it should")


def tail(text: str, lines: int = 10) -> str:
    return "\n".join(text.splitlines()[-lines:])


def main() -> int:
    parser = argparse.ArgumentParser(prog="e2e.faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--carillon", type=Path, required=True)
    parser.add_argument("--server", choices=sorted(SERVERS), default="prosody")
    parser.add_argument("--long", action="store_true", help="each fault for as long as it may take")
    parser.add_argument("-k", default="", metavar="WORDS", help="only faults whose name contains this")
    parser.add_argument("--update", action="store_true", help="write the table to docs/reliability.md")
    options = parser.parse_args()
    options.no_namespace = namespace.enter()
    options.carillon = options.carillon.resolve()
    options.bounded = b"__asan_init" not in options.carillon.read_bytes()  # a sanitizer's memory says nothing
    table = ["| fault | what people see | what came of it | the log says |", "|---|---|---|---|"]
    passed = failed = skipped = 0
    for fault in FAULTS:
        if options.k not in fault.what:
            continue
        try:
            outcome = play(fault, options)
            passed += 1
            print(f"{fault.what} ({outcome.lasted:.1f} s): {outcome.words()}", flush=True)
            said = "; ".join(" or ".join(f"`{words}`" for words in pattern.split("|")) for pattern in fault.log) or "nothing"
            table.append(f"| {fault.what}, {outcome.lasted:.1f} s | {fault.seen} | {outcome.words()} | {said} |")
        except Skip as why:
            skipped += 1
            print(f"SKIP {fault.what}: {why}", flush=True)
        except Failure as problem:
            failed += 1
            print(f"FAIL {fault.what}: {problem}", flush=True)
    if options.update:
        publish("\n".join(table) + "\n")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def publish(table: str) -> None:
    text, count = re.subn("<!-- faults -->.*?<!-- end faults -->", lambda _: f"<!-- faults -->\n{table}<!-- end faults -->",
                          DOCUMENT.read_text(), flags=re.DOTALL)
    assert count == 1, f"{DOCUMENT} has no place for the table"
    DOCUMENT.write_text(text)


if __name__ == "__main__":
    sys.exit(main())
