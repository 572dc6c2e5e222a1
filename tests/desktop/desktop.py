"""A desktop that nobody looks at: display, session bus and sound of one program, in a directory of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from array import array
from pathlib import Path
from typing import Self

from lab.address import poll
from lab.process import Process


class Desktop:
    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="carillon-desktop-"))
        self.runtime = self.home / "run"
        self.runtime.mkdir(mode=0o700)
        self._processes: list[Process] = []
        self._sound = self.home / "sound"
        self.env = {"HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.runtime), "XDG_DATA_HOME": str(self.home / "data"),
                    "XDG_CONFIG_HOME": str(self.home / "config"), "XDG_CACHE_HOME": str(self.home / "cache"),
                    "PULSE_SERVER": f"unix:{self._sound}", "LANG": "C.UTF-8",
                    "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1"}

    def start(self) -> None:
        self.env["DISPLAY"] = ":" + self._first_line("display", ["Xvfb", "-displayfd", "1", "-screen", "0", "1200x800x24",
                                                                 "-nolisten", "tcp"], r"^\d+$")
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self._first_line(
            "bus", ["dbus-daemon", "--session", "--print-address=1", "--nofork"], r"^unix:")
        # A loudspeaker that nobody hears, and a tuning fork before the microphone.
        self._processes.append(Process(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "-L",
             "module-null-sink sink_name=out", "-L", "module-sine-source source_name=in frequency=440", "-L",
             f"module-native-protocol-unix socket={self._sound} auth-anonymous=1"],
            env=self.env, log=self.home / "pulseaudio.log"))
        if not poll(self._sound.exists, within=30.0):
            raise RuntimeError(f"no sound: pulseaudio said {self._processes[-1].output()!r}")

    def run(self, command: list[str], log: str, env: dict[str, str] | None = None) -> Process:
        process = Process(command, env={**self.env, **(env or {})}, log=self.home / log)
        self._processes.append(process)
        return process

    def do(self, *command: str) -> str:
        """A program that ends by itself."""
        done = subprocess.run(command, env={**os.environ, **self.env}, capture_output=True, text=True, timeout=30)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
        return done.stdout

    def screenshot(self, to: Path) -> None:
        self.do("import", "-window", "root", str(to))

    def loudest(self) -> int:
        """Of what the loudspeaker played within a fifth of a second: 0 is silence, 32767 full scale."""
        recording = subprocess.Popen(["parec", "-d", "out.monitor", "--raw", "--format=s16le", "--rate=8000", "--channels=1"],
                                     env={**os.environ, **self.env}, stdout=subprocess.PIPE)
        with recording:
            assert recording.stdout
            samples = array("h", recording.stdout.read(3200))
            recording.kill()
        return max(map(abs, samples), default=0)

    def remove(self) -> None:
        for process in reversed(self._processes):
            process.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def _first_line(self, what: str, command: list[str], pattern: str) -> str:
        process = Process(command, env=self.env)
        self._processes.append(process)
        if not process.wait_for_line(pattern, within=30.0):
            raise RuntimeError(f"no {what}: {command[0]} said {process.output()!r}")
        return next(line for line in process.lines if re.search(pattern, line))
