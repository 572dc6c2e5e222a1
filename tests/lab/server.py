"""What a test may expect of an XMPP server, whichever it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from .address import Address


@dataclass(frozen=True)
class Account:
    name: str
    domain: str
    password: str = field(default_factory=lambda: secrets.token_urlsafe(9))

    @property
    def jid(self) -> str:
        return f"{self.name}@{self.domain}"


class Server(Protocol):
    """An XMPP server that hosts one domain for users and one for a component.

    start() returns when all ports accept; stop() leaves no process and no file behind; both may be called again,
    and after a second start() the addresses, accounts and the secret are the same.
    """

    kind: str                   # its name for people
    directory: Path
    domain: str
    component: str              # the component's domain
    secret: str                 # the component's secret
    client_address: Address
    component_address: Address
    accounts: dict[str, Account]

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def remove(self) -> None: ...
    def add_account(self, name: str) -> Account: ...
    def log(self) -> str: ...
