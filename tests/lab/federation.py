"""Several servers that find each other: names, addresses, certificates."""

from __future__ import annotations

import enum
import shutil
import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from .address import Claim, claim_address
from .certificates import Authority, self_signed
from .proxy import Proxy

if TYPE_CHECKING:
    from .private import PrivateServer

S2S_PORT = 5269  # names in .test have no SRV records, so it is this one


class Trust(enum.Enum):
    """How servers make sure of each other."""

    PLAIN = "dialback without TLS"
    SELF_SIGNED = "TLS with self-signed certificates, and dialback"
    VERIFIED = "TLS with certificates of one authority, verified"


@dataclass(frozen=True)
class Membership:
    """What one server of a federation has to know."""

    trust: Trust
    host: str
    hosts: Path               # every name of the federation and its address, as in /etc/hosts
    key: Path | None          # PEM; absent without TLS
    certificate: Path | None
    authority: Path | None    # absent unless VERIFIED
    limited: bool             # clients and servers may send as many bytes a second as in Debian's configuration

    @property
    def tls(self) -> bool:
        return self.trust is not Trust.PLAIN


class Federation:
    """Servers with one hosts file. Members are made by their class and domain; start() starts all at once. What others
    send to the domains in `proxied` goes through a proxy of that name in `proxies`. With VERIFIED, the certificates of `strangers`
    are of an authority that nobody knows, and those of `unnamed` lack the component's name."""

    def __init__(self, trust: Trust, kinds: dict[str, type[PrivateServer]], accounts: tuple[str, ...] = (), *,
                 proxied: tuple[str, ...] = (), strangers: tuple[str, ...] = (), unnamed: tuple[str, ...] = (),
                 limited: bool = False) -> None:
        self.trust = trust
        self._strangers, self._unnamed, self._limited = strangers, unnamed, limited
        self.directory = Path(tempfile.mkdtemp(prefix="carillon-federation-"))
        self._claims = {domain: _claim_with_s2s_port() for domain in kinds}
        self._proxy_claims = {domain: _claim_with_s2s_port() for domain in proxied}
        self.proxies = {domain: Proxy((self._claims[domain].host, S2S_PORT), host=claim.host, port=S2S_PORT)
                        for domain, claim in self._proxy_claims.items()}
        hosts = self.directory / "hosts"
        hosts.write_text("".join(f"{claim.host} {domain}\n{claim.host} {component_of(domain)}\n"
                                 for domain, claim in (self._claims | self._proxy_claims).items()))
        self._authority = Authority(self.directory, "authority") if trust is Trust.VERIFIED else None
        self._nobody = Authority(self.directory, "nobody") if strangers else None
        self.servers = {domain: kind(domain=domain, component=component_of(domain), accounts=accounts,
                                     membership=self._membership(domain, hosts))
                        for domain, kind in kinds.items()}

    def _membership(self, domain: str, hosts: Path) -> Membership:
        names = [domain] if domain in self._unnamed else [domain, component_of(domain)]
        key = certificate = None
        if signs := self._nobody if domain in self._strangers else self._authority:
            key, certificate = signs.sign(names)
        elif self.trust is Trust.SELF_SIGNED:
            key, certificate = self_signed(self.directory, names)
        return Membership(trust=self.trust, host=self._claims[domain].host, hosts=hosts, key=key, certificate=certificate,
                          authority=self._authority.certificate if self._authority else None, limited=self._limited)

    def start(self) -> None:
        # Not in threads: a child dies with the thread that made it (prctl, PR_SET_PDEATHSIG).
        for server in self.servers.values():
            server.launch()
        for server in self.servers.values():
            server.wait_until_ready()

    def remove(self) -> None:
        with ThreadPoolExecutor() as pool:
            for gone in [pool.submit(server.remove) for server in self.servers.values()]:
                gone.result()
        for proxy in self.proxies.values():
            proxy.close()
        for claim in [*self._claims.values(), *self._proxy_claims.values()]:
            claim.release()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def component_of(domain: str) -> str:
    return f"call.{domain}"


def _claim_with_s2s_port() -> Claim:
    """Another address if something listens on that port of every address."""
    for _ in range(20):
        claim = claim_address()
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((claim.host, S2S_PORT))
                return claim
            except OSError:
                claim.release()
    raise RuntimeError(f"port {S2S_PORT} is taken on every loopback address: stop the XMPP server of this machine")
