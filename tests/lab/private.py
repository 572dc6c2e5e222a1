"""What all private servers share: an address, a directory, accounts, one process."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Self

from .address import Address, claim_address, free_port, poll
from .federation import Membership
from .process import Process
from .server import Account

READY_WITHIN = 60.0  # half a second for Prosody, five for ejabberd; the rest is for a machine that is busy


class PrivateServer:
    """A server process in a temporary directory, on a loopback address of its own. Any user may run it, root too."""

    kind: str

    def __init__(self, *, domain: str, component: str, accounts: tuple[str, ...], host: str | None,
                 membership: Membership | None) -> None:
        self.domain = domain
        self.component = component
        self.secret = secrets.token_hex(16)
        self.accounts = {name: Account(name, domain) for name in accounts}
        self.membership = membership
        self._claim = None if host or membership else claim_address()
        self.host = host or (membership.host if membership else self._claim.host)  # type: ignore[union-attr]
        self.client_address: Address = (self.host, free_port(self.host, 5222))
        self.component_address: Address = (self.host, free_port(self.host, 5347))
        self.directory = Path(tempfile.mkdtemp(prefix=f"carillon-{self.kind.lower()}-"))
        self._process: Process | None = None

    # --- what each kind does its own way

    def _launch(self) -> Process:
        raise NotImplementedError

    def _is_ready(self) -> bool:
        raise NotImplementedError

    def _register(self, account: Account) -> None:
        raise NotImplementedError

    # --- the life of it

    @property
    def process(self) -> Process:
        assert self._process, f"{self.kind} is not running"
        return self._process

    @property
    def pid(self) -> int:
        return self.process.pid

    def start(self) -> None:
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """The first half of start(), for who starts several at once."""
        self._process = self._launch()

    def wait_until_ready(self) -> None:
        if not poll(self._is_alive_and_ready, READY_WITHIN):
            output = self.process.output()
            self.stop()
            raise RuntimeError(f"{self.kind} is not ready after {READY_WITHIN} s; it said:\n{output}")

    def stop(self) -> None:
        if self._process:
            self._process.stop(within=20.0)
            self._process = None

    def kill(self) -> None:
        """As when its machine loses power: no stream is closed."""
        self.process.kill()
        self._process = None

    def remove(self) -> None:
        """stop(), and every trace goes."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
        if self._claim:
            self._claim.release()

    def add_account(self, name: str) -> Account:
        """Works while it runs, too."""
        account = self.accounts[name] = Account(name, self.domain)
        self._register(account)
        return account

    def log(self) -> str:
        path = self.directory / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def _is_alive_and_ready(self) -> bool:
        if not self._process or not self._process.is_alive():
            output = self._process.output() if self._process else ""
            raise RuntimeError(f"{self.kind} ended while it started; it said:\n{output}")
        return self._is_ready()


def executable(name: str) -> str:
    path = shutil.which(name, path="/usr/bin:/usr/local/bin:/usr/sbin")
    if not path:
        raise RuntimeError(f"no {name} found: scripts/deps installs it")
    return path
