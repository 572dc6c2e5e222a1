"""A private Prosody."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from .address import Address, can_connect, claim_address, free_port, poll
from .process import Process
from .server import Account

READY_WITHIN = 20.0  # it takes half a second; the rest is for a machine that is busy

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
s2s_ports = {{ }}
http_ports = {{ }}
https_ports = {{ }}
c2s_direct_tls_ports = {{ }}
-- Nagle's algorithm would add 40 ms to each pair of stanzas and decide every timing.
network_settings = {{ nagle = false }}
authentication = "internal_plain"
storage = "internal"
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
modules_enabled = {{ {modules} }}
modules_disabled = {{ "offline"; "s2s"; "posix"; {disabled} }}
{tls}
VirtualHost "{domain}"
Component "{component}"
    component_secret = "{secret}"
    component_conflict_resolve = "kick_old"
"""

MODULES = ["roster", "saslauth", "disco", "presence", "message", "iq", "c2s", "carbons", "ping"]


class Prosody:
    """Prosody 0.12 on a loopback address of its own, with carbons, without Nagle. Any user may run it, root too."""

    def __init__(self, *, domain: str = "example.test", component: str = "call.example.test",
                 accounts: tuple[str, ...] = ("alice", "bob"), tls: bool = False, level: str = "info",
                 host: str | None = None) -> None:
        self.domain = domain
        self.component = component
        self.secret = secrets.token_hex(16)
        self.accounts = {name: Account(name, domain) for name in accounts}
        self._claim = None if host else claim_address()
        self._host = host or self._claim.host  # type: ignore[union-attr]
        self.client_address: Address = (self._host, free_port(self._host, 5222))
        self.component_address: Address = (self._host, free_port(self._host, 5347))
        self.directory = Path(tempfile.mkdtemp(prefix="carillon-prosody-"))
        self._process: Process | None = None
        self._write_files(tls, level)

    @property
    def pid(self) -> int:
        assert self._process, "Prosody is not running"
        return self._process.pid

    def start(self) -> None:
        self._process = Process([_executable(), "-F", "--config", str(self.directory / "prosody.cfg.lua")],
                                log=self.directory / "prosody.log")
        if not poll(self._is_ready, READY_WITHIN):
            output = self._process.output()
            self.stop()
            raise RuntimeError(f"Prosody is not ready after {READY_WITHIN} s; it said:\n{output}")

    def stop(self) -> None:
        if self._process:
            self._process.stop(within=10.0)
            self._process = None

    def kill(self) -> None:
        """As when its machine loses power: no stream is closed."""
        assert self._process
        self._process.kill()
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
        self._write_account(account)
        return account

    def log(self) -> str:
        path = self.directory / "prosody.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def __enter__(self) -> Prosody:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def _is_ready(self) -> bool:
        if not self._process or not self._process.is_alive():
            raise RuntimeError(f"Prosody ended while it started; it said:\n{self._process.output() if self._process else ''}")
        # The component port opens before the clients' one, so the order of the questions does not matter: ask both.
        return can_connect(self.component_address) and can_connect(self.client_address)

    def _write_files(self, tls: bool, level: str) -> None:
        (self.directory / "certs").mkdir()
        for name in self.accounts:
            self._write_account(self.accounts[name])
        modules = MODULES + (["tls"] if tls else [])
        configuration = CONFIGURATION.format(
            directory=self.directory, level=level, host=self._host, client_port=self.client_address[1],
            component_port=self.component_address[1], modules="; ".join(f'"{m}"' for m in modules),
            disabled="" if tls else '"tls"', tls=self._certificate() if tls else "", domain=self.domain,
            component=self.component, secret=self.secret)
        path = self.directory / "prosody.cfg.lua"
        path.touch(mode=0o600)
        path.write_text(configuration)

    def _write_account(self, account: Account) -> None:
        folder = self.directory / "data" / self.domain.replace(".", "%2e").replace("-", "%2d") / "accounts"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{account.name}.dat").write_text(f'return {{ ["password"] = "{account.password}" }};\n')

    def _certificate(self) -> str:
        """A self-signed certificate for clients that will not log in without TLS."""
        key, crt = self.directory / "certs" / "key.pem", self.directory / "certs" / "crt.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "30", "-subj", f"/CN={self.domain}", "-addext", f"subjectAltName=DNS:{self.domain}",
                        "-keyout", str(key), "-out", str(crt)], check=True, capture_output=True)
        return f'ssl = {{ certificate = "{crt}", key = "{key}" }}'


def _executable() -> str:
    path = shutil.which("prosody", path="/usr/bin:/usr/local/bin:/usr/sbin")
    if not path:
        raise RuntimeError("no prosody found: scripts/deps installs it")
    return path
