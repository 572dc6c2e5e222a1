"""The servers, clients and accounts of one run."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from lab import SERVERS, Account, Carillon, free_port

from .page import Page
from .peer import Peer, gloox_peer, slixmpp_peer
from .stage import Direct, Record, Stage, ThroughCarillon

KINDS = ["slixmpp", "gloox"]
PAIRS = [(caller, callee) for caller in KINDS for callee in KINDS]


class World:
    """A server, a Carillon (unless the clients shall talk to each other directly), and clients of both kinds."""

    def __init__(self, carillon: Path | None, gloox_client: Path, server: str = "prosody") -> None:
        self.server = SERVERS[server](accounts=())
        self.server.start()
        self.record = Record()
        self.administrator = self.server.add_account("root")
        self.pages_port = free_port(self.server.host, 5290)
        settings = (f'[admin]\njids = ["{self.administrator.jid}"]\n'
                    f'[http]\nlisten = "{self.server.host}:{self.pages_port}"\n'
                    f'public_url = "http://{self.server.host}:{self.pages_port}"\n'
                    '[store]\npath = "carillon.db"\n')
        self._carillon = Carillon(carillon, self.server, extra=settings) if carillon else None
        self._gloox_client = gloox_client
        self._clients: dict[str, list[Peer]] = {kind: [] for kind in KINDS}
        self._numbers = itertools.count(1)
        if self._carillon:
            self._carillon.start()

    @property
    def carillon(self) -> Carillon:
        assert self._carillon, "this scenario needs Carillon"
        return self._carillon

    def stage(self) -> Stage:
        route = ThroughCarillon(self.server.component) if self._carillon else Direct()
        stage = Stage(route, self.record, self.server.component)
        stage.world = self
        return stage

    def page(self) -> Page:
        """A page of Carillon's own, that has said nothing yet, at an address of its own: as with accounts."""
        address = (self.server.host, self.pages_port)
        number = next(self._numbers)
        return Page(address, f"http://{address[0]}:{address[1]}", source=f"127.77.{number // 250}.{number % 250 + 1}")

    def new_account(self, name: str) -> Account:
        """Everybody gets a new account for each scenario, so that no limit per user is hit by the number of scenarios."""
        return self.server.add_account(f"{name}{next(self._numbers)}")

    def login(self, peer: Peer, account: Account | None, resource: str) -> None:
        assert account
        peer.login(account, resource, self.server.client_address)

    def cast(self, pair: tuple[str, str], extra: int) -> list[Peer]:
        """Clients of these kinds, not logged in: caller, callee, and as many others as wanted."""
        kinds = [*pair, *[pair[0]] * extra]
        taken: dict[str, int] = dict.fromkeys(KINDS, 0)
        peers = []
        for kind in kinds:
            while len(self._clients[kind]) <= taken[kind]:
                self._clients[kind].append(slixmpp_peer() if kind == "slixmpp" else gloox_peer(self._gloox_client))
            peers.append(self._clients[kind][taken[kind]])
            taken[kind] += 1
        return peers

    def replace(self, peer: Peer) -> None:
        """For a client in a state that nobody knows: the next scenario gets a new process."""
        self._clients[peer.kind].remove(peer)
        peer.close()

    def restart_server(self) -> None:
        carillon = self._carillon
        if carillon:
            carillon.mark()
        self.server.stop()
        self.server.start()
        if carillon and not carillon.wait_for_reconnect(within=20.0):
            raise AssertionError("Carillon did not reconnect within 20 s of the server's restart")

    def logs(self) -> str:
        carillon = f"--- Carillon\n{tail(self._carillon.log())}\n" if self._carillon else ""
        return f"{carillon}--- {self.server.kind}\n{tail(self.server.log(), 12)}"

    def close(self) -> str | None:
        """Ends everything; returns what was wrong with the end, if anything was."""
        for peers in self._clients.values():
            for peer in peers:
                peer.close()
        problem = None
        if self._carillon:
            try:
                took = self._carillon.stop()
                print(f"Carillon ended {took * 1000:.0f} ms after SIGTERM", file=sys.stderr)
            except (RuntimeError, AssertionError) as error:
                problem = str(error)
            self._carillon.remove()
        self.server.remove()
        return problem


def tail(text: str, lines: int = 40) -> str:
    return "\n".join(text.splitlines()[-lines:])
