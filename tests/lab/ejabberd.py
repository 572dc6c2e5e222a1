"""A private ejabberd: plain Erlang, so that there is no cookie, no epmd and no distribution port."""

from __future__ import annotations

import glob
import json
import urllib.request

from .address import can_connect, free_port
from .federation import S2S_PORT, Membership, Trust
from .private import PrivateServer, executable
from .process import Process
from .server import Account

CONFIGURATION = """\
loglevel: {level}
hosts: ["{domain}"]
auth_password_format: plain
listen:
  - {{port: {client_port}, ip: "{host}", module: ejabberd_c2s}}
  - {{port: {api_port}, ip: "{host}", module: ejabberd_http, request_handlers: {{/api: mod_http_api}}}}
  - port: {component_port}
    ip: "{host}"
    module: ejabberd_service
    global_routes: false          # else a component takes over every domain of its listener
    hosts:
      "{component}": {{password: "{secret}"}}
{s2s_listener}
api_permissions:
  "accounts": {{from: [mod_http_api], who: all, what: [register]}}
modules:
  mod_disco: {{}}
  mod_roster: {{}}
  mod_carboncopy: {{}}
  mod_ping: {{}}
  mod_vcard: {{}}
  mod_caps: {{}}
  mod_http_api: {{}}
{s2s_modules}
{federation}
"""

READY = "LAB-READY"


class Ejabberd(PrivateServer):
    """ejabberd 23.01, with carbons."""

    kind = "ejabberd"

    def __init__(self, *, domain: str = "example.test", component: str = "call.example.test",
                 accounts: tuple[str, ...] = ("alice", "bob"), level: str = "info", host: str | None = None,
                 membership: Membership | None = None) -> None:
        super().__init__(domain=domain, component=component, accounts=accounts, host=host, membership=membership)
        self.configuration = self.directory / "ejabberd.yml"
        self._api = (self.host, free_port(self.host, 5280))
        self._write_files(level)

    def _launch(self) -> Process:
        names = self.membership.hosts if self.membership else self.directory / "hosts"
        register = "".join(f"ejabberd_auth:try_register({_binary(a.name)},{_binary(a.domain)},{_binary(a.password)}),"
                           for a in self.accounts.values())
        env = {"ERL_LIBS": _libraries(), "HOME": str(self.directory), "ERL_INETRC": str(self.directory / "inetrc"),
               "EJABBERD_CONFIG_PATH": str(self.configuration),
               "EJABBERD_LOG_PATH": str(self.directory / "server.log"),
               "ERL_CRASH_DUMP": str(self.directory / "crash.dump"),
               # Addresses are looked up by libc, which knows the names of the federation from here.
               "LD_PRELOAD": "libnss_wrapper.so", "NSS_WRAPPER_HOSTS": str(names)}
        return Process([executable("erl"), "-noinput", "-mnesia", "dir", f'"{self.directory}/db"', "-s", "ejabberd",
                        "-eval", f'{register} io:format("{READY}~n").'],
                       log=self.directory / "stdout.log", env=env, cwd=self.directory)

    def _is_ready(self) -> bool:
        return (READY in self.process.output() and can_connect(self.client_address)
                and can_connect(self.component_address))

    def _register(self, account: Account) -> None:
        if not self._process:
            return  # start() does it
        body = json.dumps({"user": account.name, "host": account.domain, "password": account.password}).encode()
        request = urllib.request.Request(f"http://{self._api[0]}:{self._api[1]}/api/register", data=body,
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            answer.read()

    def _write_files(self, level: str) -> None:
        member = self.membership
        (self.directory / "db").mkdir()
        (self.directory / "hosts").touch()
        names = member.hosts if member else self.directory / "hosts"
        (self.directory / "inetrc").write_text(f'{{hosts_file,"{names}"}}.\n{{lookup,[file]}}.\n')
        if member and member.tls:
            assert member.key and member.certificate
            (self.directory / "server.pem").write_text(member.certificate.read_text() + member.key.read_text())
        listener = f'  - {{port: {S2S_PORT}, ip: "{self.host}", module: ejabberd_s2s_in}}' if member else ""
        path = self.configuration
        path.touch(mode=0o600)
        path.write_text(CONFIGURATION.format(
            level=level, domain=self.domain, host=self.host, client_port=self.client_address[1], api_port=self._api[1],
            component_port=self.component_address[1], component=self.component, secret=self.secret, s2s_listener=listener,
            s2s_modules="  mod_s2s_dialback: {}" if member and member.trust is not Trust.VERIFIED else "",
            federation=self._federation(member) if member else ""))

    def _federation(self, member: Membership) -> str:
        # By default ejabberd bounces a domain for minutes after one failure.
        lines = ["s2s_max_retry_delay: 1", "outgoing_s2s_families: [ipv4]"]
        if not member.tls:
            return "\n".join([*lines, "s2s_use_starttls: false"])
        lines += ["s2s_use_starttls: required", f'certfiles: ["{self.directory}/server.pem"]']
        if member.authority:
            lines.append(f'ca_file: "{member.authority}"')
        return "\n".join(lines)


def _libraries() -> str:
    found = sorted(glob.glob("/usr/lib/*/ejabberd-*"))
    if not found:
        raise RuntimeError("no ejabberd found: scripts/deps installs it")
    return found[0].rpartition("/")[0]


def _binary(text: str) -> str:
    return '<<"' + text.replace("\\", "\\\\").replace('"', '\\"') + '">>'
