"""Loopback addresses and ports that nobody else uses."""

from __future__ import annotations

import random
import socket
import time

Address = tuple[str, int]

# Whoever holds this port of an address owns the address. The kernel lets go of it when the owner dies.
CLAIM_PORT = 51999


class Claim:
    """A loopback address of our own, for as long as this object lives."""

    def __init__(self, host: str, lock: socket.socket) -> None:
        self.host = host
        self._lock = lock

    def release(self) -> None:
        self._lock.close()


def claim_address() -> Claim:
    """An unused 127.x.y.z; concurrent runs never get the same one."""
    for _ in range(100):
        host = f"127.{random.randint(1, 254)}.{random.randint(0, 254)}.{random.randint(2, 254)}"
        lock = socket.socket()
        try:
            lock.bind((host, CLAIM_PORT))
            lock.listen(1)
            return Claim(host, lock)
        except OSError:
            lock.close()
    raise RuntimeError("no unused loopback address found in a hundred tries")


def free_port(host: str, preferred: int) -> int:
    """The preferred port if it is free on that address (a server on 0.0.0.0 takes it everywhere), else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what only lingers does not count
            try:
                probe.bind((host, port))
                return int(probe.getsockname()[1])
            except OSError:
                continue
    raise RuntimeError(f"no free port on {host}")


def can_connect(address: Address) -> bool:
    try:
        socket.create_connection(address, timeout=0.2).close()
        return True
    except OSError:
        return False


def poll(condition, within: float, interval: float = 0.005) -> bool:  # type: ignore[no-untyped-def]
    """Asks until the condition holds or the time is up; for what can only be asked, not waited for."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True
