"""A child process whose output is read line by line, and which never outlives us."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """Starts at once; stdout and stderr are merged, kept and, if asked, written to a file."""

    def __init__(self, command: list[str], *, log: Path | None = None, env: dict[str, str] | None = None,
                 cwd: Path | None = None) -> None:
        self.name = Path(command[0]).name
        self.lines: list[str] = []
        self._arrived = threading.Condition()
        self._eof = False
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, cwd=cwd, env={**os.environ, **(env or {})},
                                       start_new_session=True, preexec_fn=_die_with_parent)
        self._reader = threading.Thread(target=self._read, args=(log,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        return self._child.poll()

    def is_alive(self) -> bool:
        return self._child.poll() is None

    def memory(self) -> int:
        """Bytes that are resident now."""
        return self._status("VmRSS")

    def peak_memory(self) -> int:
        """Bytes that were resident at most."""
        return self._status("VmHWM")

    def _status(self, key: str) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(key + ":"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"{self.name} (pid {self.pid}) is gone")

    def output(self) -> str:
        with self._arrived:
            return "\n".join(self.lines)

    def wait_for_line(self, pattern: str, within: float, *, skip: int = 0) -> bool:
        """True as soon as a line matches, not counting the first `skip` ones; False when time is up or the child ended."""
        wanted = re.compile(pattern)
        deadline = time.monotonic() + within
        with self._arrived:
            while not any(wanted.search(line) for line in self.lines[skip:]):
                left = deadline - time.monotonic()
                if left <= 0 or self._eof:
                    return False
                self._arrived.wait(left)
        return True

    def stop(self, within: float = 5.0, sig: int = signal.SIGTERM) -> float:
        """Asks it to end and returns how long that took; kills it, and raises, if it does not."""
        began = time.monotonic()
        if self.is_alive():
            self._child.send_signal(sig)
        try:
            self._child.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError(f"{self.name} (pid {self.pid}) did not end within {within} s of signal {sig}") from None
        took = time.monotonic() - began
        self._reader.join(2.0)
        return took

    def kill(self) -> None:
        if self.is_alive():
            self._child.kill()
        self._child.wait(5.0)
        self._reader.join(2.0)

    def _read(self, log: Path | None) -> None:
        assert self._child.stdout is not None
        with self._child.stdout as output, open(log or os.devnull, "a", buffering=1) as sink:
            for raw in output:
                line = raw.decode(errors="replace").rstrip("\n")
                sink.write(line + "\n")
                with self._arrived:
                    self.lines.append(line)
                    self._arrived.notify_all()
        with self._arrived:
            self._eof = True
            self._arrived.notify_all()
