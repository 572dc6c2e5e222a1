"""A connection that can be cut, held up and delayed, and whose bytes are counted."""

from __future__ import annotations

import asyncio
import enum
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .address import Address, free_port

CHUNK = 65536
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: no time for what was not sent, so close() sends an RST


class Way(enum.Enum):
    TO_TARGET = "to the target"
    TO_CLIENT = "to the client"


@dataclass
class Passed:
    """What went one way: when, and how many bytes."""

    at: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.sizes)


class Proxy:
    """Listens on an address and passes on to another what comes. Everything is done by one thread of its own."""

    def __init__(self, target: Address, *, host: str | None = None, port: int | None = None) -> None:
        self.target = target
        host = host or target[0]
        self.address: Address = (host, port or free_port(host, 0))
        self.delay = 0.0  # seconds, each way
        self.passed = {way: Passed() for way in Way}
        self._open = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._gates = {way: asyncio.Event() for way in Way}
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.release()
        self.listen()

    def listen(self) -> None:
        async def begin() -> None:
            self._server = await asyncio.start_server(self._serve, *self.address, reuse_address=True)
        asyncio.run_coroutine_threadsafe(begin(), self._loop).result(5.0)

    def refuse(self) -> None:
        """New connections are refused until listen()."""
        def end() -> None:
            if self._server:
                self._server.close()
                self._server = None
        self._do(end)

    def cut(self) -> None:
        """Every connection is reset."""
        def reset() -> None:
            for writer in list(self._writers):
                raw = writer.get_extra_info("socket")
                if raw is not None and raw.fileno() >= 0:
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                writer.transport.abort()
        self._do(reset)

    def hold(self, *ways: Way) -> None:
        """From now on nothing is read that goes these ways (both, if none is named); connections stay."""
        self._do(lambda: [self._gates[way].clear() for way in ways or Way])

    def release(self) -> None:
        self._do(lambda: [gate.set() for gate in self._gates.values()])

    def close(self) -> None:
        self.refuse()
        self.cut()

        async def end() -> None:
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
        asyncio.run_coroutine_threadsafe(end(), self._loop).result(5.0)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5.0)
        self._loop.close()

    def _do(self, what: Callable[[], object]) -> None:
        async def done() -> None:
            what()
        asyncio.run_coroutine_threadsafe(done(), self._loop).result(5.0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        ends = (writer, far_writer)
        for end in ends:
            end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._writers.update(ends)
        try:
            await asyncio.gather(self._pump(reader, far_writer, Way.TO_TARGET), self._pump(far_reader, writer, Way.TO_CLIENT))
        finally:
            self._writers.difference_update(ends)
            for end in ends:
                end.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
        try:
            while True:
                await self._gates[way].wait()
                data = await reader.read(CHUNK)
                await self._gates[way].wait()
                if not data:
                    break
                self.passed[way].at.append(time.monotonic())
                self.passed[way].sizes.append(len(data))
                if self.delay:
                    self._loop.call_later(self.delay, writer.write, data)
                else:
                    writer.write(data)
                    await writer.drain()
        except OSError:
            pass  # the end of the connection, whoever made it
        # Both ends go when one does: half-closed streams are nothing XMPP has.
        self._loop.call_later(self.delay, writer.close)
