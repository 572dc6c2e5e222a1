"""A private Prosody."""

from __future__ import annotations

from .address import can_connect, free_port
from .certificates import self_signed
from .federation import S2S_PORT, Membership, Trust
from .private import PrivateServer, executable
from .process import Process
from .server import Account

CONFIGURATION = """\
run_as_root = true
pidfile = "{directory}/prosody.pid"
data_path = "{directory}/data"
certificates = "{directory}/certs"
log = {{ {{ levels = {{ min = "{level}" }}, to = "console" }} }}
interfaces = {{ "{host}" }}
component_interfaces = {{ "{host}" }}
c2s_ports = {{ {client_port} }}
component_ports = {{ {component_port} }}
s2s_ports = {{ {s2s_ports} }}
http_ports = {{ {http_ports} }}
https_ports = {{ }}
c2s_direct_tls_ports = {{ }}
-- Nagle's algorithm would add 40 ms to each pair of stanzas and decide every timing.
network_settings = {{ nagle = false }}
authentication = "internal_plain"
storage = "internal"
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
http_interfaces = {{ "{host}" }}
http_host = "{host}"
consider_websocket_secure = true
modules_enabled = {{ {modules} }}
modules_disabled = {{ {disabled} }}
{federation}
{tls}
{turn}
VirtualHost "{domain}"
Component "{component}"
    component_secret = "{secret}"
    component_conflict_resolve = "kick_old"
{neighbours}
"""

MODULES = ["roster", "saslauth", "disco", "presence", "message", "iq", "c2s", "carbons", "ping", "vcard"]


class Prosody(PrivateServer):
    """Prosody 0.12, with carbons, without Nagle."""

    kind = "Prosody"

    def __init__(self, *, domain: str = "example.test", component: str = "call.example.test",
                 accounts: tuple[str, ...] = ("alice", "bob"), tls: bool = False, level: str = "info",
                 host: str | None = None, membership: Membership | None = None, websocket: bool = False,
                 neighbours: tuple[str, ...] = (), turn: tuple[str, int, str] | None = None) -> None:
        """`turn`: address, port and secret of a relay that it tells its users, and the component, of (XEP-0215)."""
        super().__init__(domain=domain, component=component, accounts=accounts, host=host, membership=membership)
        self._http_port = free_port(self.host, 5280) if websocket else None
        self.configuration = self.directory / "prosody.cfg.lua"
        self.neighbours = neighbours  # further component domains, with the same secret
        self._write_files(tls, level, turn)

    @property
    def websocket_url(self) -> str:
        """For clients in a browser, of whatever origin."""
        assert self._http_port, "started without websocket"
        return f"ws://{self.host}:{self._http_port}/xmpp-websocket"

    def _launch(self) -> Process:
        return Process([executable("prosody"), "-F", "--config", str(self.configuration)],
                       log=self.directory / "server.log")

    def _is_ready(self) -> bool:
        # In whatever order they open: ask all.
        ports = [self.component_address, self.client_address]
        if self._http_port:
            ports.append((self.host, self._http_port))
        return all(can_connect(port) for port in ports)

    def _register(self, account: Account) -> None:
        folder = self.directory / "data" / self.domain.replace(".", "%2e").replace("-", "%2d") / "accounts"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{account.name}.dat").write_text(f'return {{ ["password"] = "{account.password}" }};\n')

    def _write_files(self, tls: bool, level: str, turn: tuple[str, int, str] | None) -> None:
        (self.directory / "certs").mkdir()
        for account in self.accounts.values():
            self._register(account)
        member = self.membership
        modules, disabled = list(MODULES), ["offline", "posix"]
        (modules if member else disabled).append("s2s")
        if self._http_port:
            modules.append("websocket")
        (modules if tls or (member and member.tls) else disabled).append("tls")
        if turn:
            modules.append("turn_external")
        if member:
            modules += ["dialback", "s2s_auth_certs"] if member.tls else ["dialback"]
            modules += ["limits"] if member.limited else []
        path = self.configuration
        path.touch(mode=0o600)
        path.write_text(CONFIGURATION.format(
            directory=self.directory, level=level, host=self.host, client_port=self.client_address[1],
            component_port=self.component_address[1], s2s_ports=S2S_PORT if member else "",
            http_ports=self._http_port or "", modules=_quoted(modules),
            disabled=_quoted(disabled), federation=_federation(member) if member else "",
            tls=self._own_certificate() if tls else "", turn=_relay(turn, self.component) if turn else "",
            domain=self.domain, component=self.component, secret=self.secret,
            neighbours="".join(f'Component "{name}"\n    component_secret = "{self.secret}"\n' for name in self.neighbours)))

    def _own_certificate(self) -> str:
        """For clients that will not log in without TLS."""
        key, certificate = self_signed(self.directory / "certs", [self.domain])
        return f'ssl = {{ certificate = "{certificate}", key = "{key}" }}'


def _relay(turn: tuple[str, int, str], component: str) -> str:
    host, port, secret = turn
    return (f'turn_external_host = "{host}"; turn_external_port = {port}; turn_external_secret = "{secret}"\n'
            f'external_service_access = {{ "{component}" }}')


def _federation(member: Membership) -> str:
    lines = [f'unbound = {{ hoststxt = "{member.hosts}", resolvconf = false }}',
             f"s2s_require_encryption = {str(member.tls).lower()}",
             f"s2s_secure_auth = {str(member.trust is Trust.VERIFIED).lower()}"]
    if member.limited:
        lines.append('limits = { c2s = { rate = "10kb/s" }, s2sin = { rate = "30kb/s" } }')
    if member.tls:
        authority = f', cafile = "{member.authority}"' if member.authority else ""
        lines.append(f'ssl = {{ certificate = "{member.certificate}", key = "{member.key}"{authority} }}')
    return "\n".join(lines)


def _quoted(names: list[str]) -> str:
    return "; ".join(f'"{name}"' for name in names)
