"""What a fault happens to: a server, a Carillon behind a proxy, and two people in calls."""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from lab import SERVERS, Carillon, Federation, Prosody, Proxy, Shim, Trust, free_port

from .peer import PATIENCE, Failure, Peer, slixmpp_peer
from .talking import Talking

BACK_WITHIN = 45.0  # 15 s to give up an attempt, up to 30 s of pause
INVITES_PER_MINUTE = 30
SETTINGS = """
[store]
path = "carillon.db"
[http]
listen = "{pages}"
[limits]
calls_per_pair = 100
calls_per_user = 100
invites_per_minute = {invites}
"""


class Skip(Exception):
    """It cannot be done here, and why."""


class Ground:
    """A server, a Carillon behind a proxy, and two people in calls."""

    def __init__(self, stack: ExitStack, options: argparse.Namespace, *, between_domains: bool, with_shim: bool) -> None:
        self.stack = stack
        self.long = options.long
        if between_domains:
            federation = stack.enter_context(Federation(Trust.PLAIN, {"a.test": Prosody, "b.test": Prosody}, ("alice", "bob"),
                                                        proxied=("a.test", "b.test")))
            self.server, far = federation.servers.values()
            self.between = list(federation.proxies.values())
        else:
            self.server = far = stack.enter_context(SERVERS[options.server](accounts=("alice", "bob", "mallory")))
        self.proxy = Proxy(self.server.component_address)
        stack.callback(self.proxy.close)
        self.pages = (self.server.host, free_port(self.server.host, 5290))
        self.carillon = Carillon(options.carillon, self.server, served=sorted({self.server.domain, far.domain}),
                                 extra=SETTINGS.format(pages=f"{self.pages[0]}:{self.pages[1]}", invites=INVITES_PER_MINUTE), by_way_of=self.proxy.address)
        stack.callback(self.carillon.remove)
        if with_shim:
            self.shim = Shim(options.carillon.parent / "tests/lab/liblab_shim.so", self.carillon.directory)
            self.carillon.environment = self.shim.environment
        self.carillon.start()
        self.carillon.mark()
        self.talking = Talking(self.carillon, {"alice": self.server, "bob": far}, self.server.component)
        stack.callback(self.talking.close)
        self.talking.begin()

    def mallory(self) -> Peer:
        """One more client."""
        peer = slixmpp_peer()
        self.stack.callback(peer.close)
        peer.login(self.server.accounts["mallory"], "phone", self.server.client_address)
        return peer

    def seconds(self, short: float, long: float) -> None:
        self.talking.lasts(long if self.long else short)

    def comes_back(self) -> None:
        if not self.carillon.wait_for_reconnect(BACK_WITHIN):
            raise Failure("Carillon did not come back")
        self.carillon.mark()

    def stays_connected(self) -> None:
        if self.carillon.has_reconnected():
            raise Failure("the stream was given up")

    def says(self, pattern: str, within: float = PATIENCE) -> None:
        if not self.carillon.process.wait_for_line(pattern, within):
            raise Failure(f"the log does not say {pattern!r}")

    @property
    def pid(self) -> int:
        return self.carillon.process.pid
