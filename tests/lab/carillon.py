"""The program under test as a process with a generated configuration."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .address import Address
from .process import Process
from .server import Server

CONNECTED = r"xmpp: online as "
STARTED = r"carillon \S+ for "
READY_WITHIN = 20.0
EXIT_WITHIN = 4.0  # seconds: two that are promised, and two for a machine that is busy with a build

CONFIGURATION = """\
[xmpp]
domain = "{domain}"
host = "{host}"
port = {port}
secret_file = "secret"
served_domains = {served}
"""

# A report of a sanitizer ends the process with a code of its own, so that no test can overlook it.
SANITIZER_EXIT = 99
SANITIZERS = {
    "ASAN_OPTIONS": f"exitcode={SANITIZER_EXIT}:detect_leaks=1:abort_on_error=0",
    "UBSAN_OPTIONS": f"exitcode={SANITIZER_EXIT}:print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": f"exitcode={SANITIZER_EXIT}:halt_on_error=0",
}


MEMORY = Path("/dev/shm")  # noqa: S108  a directory of our own is made in it
ROOM = 1 << 30  # bytes


def quick_place() -> Path | None:
    """Where files do not wait for a disk that is busy with other things: then Carillon does not wait either, and what it has not
    written goes with a kill. None: wherever temporary files are."""
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if usable else None


class Carillon:
    """`carillon run -c FILE` beside a server. start() returns when the server has accepted its handshake.
    quick: its files are in memory, for tests that are about something else."""

    def __init__(self, binary: Path, server: Server, *, served: list[str] | None = None, extra: str = "",
                 by_way_of: Address | None = None, quick: bool = False) -> None:
        self.binary = binary
        self.environment: dict[str, str] = {}  # to be had by the next process
        self.directory = Path(tempfile.mkdtemp(prefix="carillon-run-", dir=quick_place() if quick else None))
        self._process: Process | None = None
        self._mark = 0
        host, port = by_way_of or server.component_address
        (self.directory / "carillon.toml").write_text(
            CONFIGURATION.format(domain=server.component, host=host, port=port,
                                 served=json.dumps(served or [server.domain])) + extra)
        secret = self.directory / "secret"
        secret.touch(mode=0o600)
        secret.write_text(server.secret + "\n")

    @property
    def process(self) -> Process:
        assert self._process, "Carillon is not running"
        return self._process

    def start(self) -> None:
        self._process = self._spawn()
        self._wait_for_connection()

    def hand_over(self, meanwhile: Callable[[], None]) -> None:
        """A successor starts while it runs and waits for the database; then it is told to end, and calls `meanwhile`."""
        successor = self._spawn()
        if not successor.wait_for_line(STARTED, READY_WITHIN):
            raise RuntimeError(f"the successor did not start:\n{successor.output()}")
        self.stop()
        self._process = successor
        meanwhile()
        self._wait_for_connection()

    def _spawn(self) -> Process:
        env = dict(SANITIZERS)
        for name, value in self.environment.items():
            env[name] = f"{env[name]}:{value}" if name in env else value
        env |= {name: f"{os.environ[name]}:{env[name]}" for name in SANITIZERS if name in os.environ}
        return Process([str(self.binary), "run", "-c", str(self.directory / "carillon.toml")],
                       log=self.directory / "carillon.log", env=env, cwd=self.directory)

    def _wait_for_connection(self) -> None:
        if not self.process.wait_for_line(CONNECTED, READY_WITHIN):
            output = self.process.output()
            self.process.kill()
            self._process = None
            raise RuntimeError(f"Carillon did not connect; it said:\n{output}")

    def mark(self) -> None:
        """From here on wait_for_reconnect() and has_reconnected() count."""
        self._mark = len(self.process.lines)

    def wait_for_reconnect(self, within: float) -> bool:
        return self.process.wait_for_line(CONNECTED, within, skip=self._mark)

    def has_reconnected(self) -> bool:
        return self.process.wait_for_line(CONNECTED, within=0.0, skip=self._mark)

    def stop(self) -> float:
        """SIGTERM; raises if it takes two seconds or more, or if it does not exit with 0. Returns the seconds."""
        process = self.process
        self._process = None
        took = process.stop(within=10.0)
        if process.exit_code != 0:
            raise RuntimeError(f"Carillon exited with {process.exit_code}:\n{process.output()[-6000:]}")
        if took >= EXIT_WITHIN:
            raise RuntimeError(f"Carillon took {took:.2f} s to end on SIGTERM; {EXIT_WITHIN} s are allowed")
        return took

    def kill(self) -> None:
        """kill -9: it says nothing and writes nothing."""
        self.process.kill()
        self._process = None

    def ctl(self, order: str, *, fails_with: int = 0) -> str:
        """`carillon ctl ORDER` beside it; returns what that says."""
        return self.command("ctl", *order.split(), fails_with=fails_with)

    def calls(self) -> list[dict[str, Any]]:
        """The records of all calls, the newest first."""
        return [json.loads(line) for line in self.command("calls", "--json", "--limit", "10000").splitlines()]

    def command(self, *words: str, fails_with: int = 0) -> str:
        """`carillon WORDS` beside it; returns what that says."""
        done = subprocess.run([str(self.binary), *words, "-c", str(self.directory / "carillon.toml")],
                              capture_output=True, text=True, timeout=20.0, check=False)
        if done.returncode != fails_with:
            raise RuntimeError(f"carillon {' '.join(words)} exited with {done.returncode}: {done.stderr}")
        return done.stderr if fails_with else done.stdout

    @contextlib.contextmanager
    def configured(self, more: str) -> Iterator[None]:
        """Meanwhile the file has `more` at its end; nobody is told."""
        file = self.directory / "carillon.toml"
        before = file.read_text()
        file.write_text(before + more)
        try:
            yield
        finally:
            file.write_text(before)

    def remove(self) -> None:
        if self._process:
            self._process.kill()
            self._process = None
        shutil.rmtree(self.directory, ignore_errors=True)

    def log(self) -> str:
        path = self.directory / "carillon.log"
        return path.read_text(errors="replace") if path.exists() else ""
