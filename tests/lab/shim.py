"""What shim.c tells and is told: the wall clock of a process, and how long marked stanzas took through it."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

MARKS = 1 << 16
SIZE = 8 * (1 + 2 * MARKS)


class Shim:
    """For one process: its environment has to have `environment` in it."""

    def __init__(self, library: Path, directory: Path) -> None:
        if not library.exists():
            raise RuntimeError(f"{library} is not built: cmake --build --preset PRESET --target lab_shim")
        path = directory / "shim"
        path.write_bytes(bytes(SIZE))
        with open(path, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), SIZE)
        # The sanitizers' runtime wants to be the first library; it works as the second.
        self.environment = {"LD_PRELOAD": str(library), "LAB_SHIM": str(path),
                            "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def put_clock(self, seconds: float) -> None:
        """The process has it so many seconds later than it is."""
        struct.pack_into("q", self._map, 0, int(seconds * 1e9))

    def mark(self, number: int) -> str:
        """A word to put into a stanza; each number once."""
        assert number < MARKS
        return f"relay-mark-{number:08}"

    def relay_times(self, numbers: range) -> list[float]:
        """Seconds from read() to write() of those that went in and came out."""
        arrived = struct.unpack_from(f"{MARKS}q", self._map, 8)
        departed = struct.unpack_from(f"{MARKS}q", self._map, 8 * (1 + MARKS))
        return [(departed[n] - arrived[n]) / 1e9 for n in numbers if arrived[n] and departed[n]]
