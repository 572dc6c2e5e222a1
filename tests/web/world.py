#!/usr/bin/python3
"""A Prosody and a Carillon with pages, for one run of the tests: commands as JSON lines on stdin, answers on stdout.

    PYTHONPATH=tests /usr/bin/python3 tests/web/world.py --carillon build/release/carillon --origin http://127.0.0.1:8080

The first line tells where everything is. End of input ends everything and leaves nothing behind; its exit code is not 0
when Carillon did not end well.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from lab import Carillon, Prosody, free_port
from lab.certificates import key_pair

AUDIENCE = "https://call.test"
PAGES = """\
[http]
listen = "127.0.0.1:{port}"
origins = {origins}
public_url = {public}
trusted_proxies = ["127.0.0.1"]

[auth.jwt]
audience = "{audience}"
keys = [{{ kid = "tests", alg = "HS256", file = "jwt.key" }}, {{ kid = "site", alg = "ES256", file = "site.pem" }}]

[store]
path = "carillon.sqlite3"
"""


class World:
    def __init__(self, carillon: Path, origins: list[str], domain: str, extra: str) -> None:
        self.binary = carillon
        self.server = Prosody(domain=domain, component=f"call.{domain}", accounts=(), websocket=True)
        self.server.start()
        self.port = free_port("127.0.0.1", 0)
        self.secret = secrets.token_hex(32).encode()  # text: a key file loses blanks at its ends
        pages = PAGES.format(port=self.port, origins=json.dumps(origins), public=json.dumps(origins[0]), audience=AUDIENCE)
        self.carillon = Carillon(carillon, self.server, extra=pages + extra, quick=True)
        key = self.carillon.directory / "jwt.key"
        key.touch(mode=0o600)
        key.write_bytes(self.secret)
        self.site_key, public = key_pair(self.carillon.directory)
        public.rename(self.carillon.directory / "site.pem")
        self.carillon.start()

    def about(self) -> dict[str, Any]:
        return {"port": self.port, "domain": self.server.domain, "component": self.server.component, "audience": AUDIENCE,
                "secret": self.secret.hex(), "site_key": self.site_key.read_text(), "clients": list(self.server.client_address),
                "websocket": self.server.websocket_url}

    # --- what may be asked for, by the name of the command

    def account(self, name: str) -> dict[str, Any]:
        account = self.server.add_account(name)
        return {"jid": account.jid, "password": account.password}

    def link(self, to: str, **options: str) -> dict[str, Any]:
        """As the operator makes it; the running Carillon learns of it by the store."""
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        made = subprocess.run([str(self.binary), "link", "new", "-c", str(self.carillon.directory / "carillon.toml"),
                               "--to", to, *words], capture_output=True, text=True, timeout=30, check=False)
        if made.returncode != 0:
            raise RuntimeError(f"carillon link new: {made.stderr}")
        return {"url": made.stdout.strip(), "name": made.stderr.split(":")[0]}

    def revoke(self, name: str) -> dict[str, Any]:
        subprocess.run([str(self.binary), "link", "revoke", name, "-c", str(self.carillon.directory / "carillon.toml")],
                       capture_output=True, timeout=30, check=True)
        return {}

    def restart_carillon(self, how: str = "kill") -> dict[str, Any]:
        began = time.monotonic()
        if how == "kill":
            self.carillon.process.kill()
        else:
            self.carillon.stop()
        self.carillon.start()
        return {"seconds": round(time.monotonic() - began, 3)}

    def restart_server(self) -> dict[str, Any]:
        self.carillon.mark()
        self.server.stop()
        self.server.start()
        if not self.carillon.wait_for_reconnect(within=30.0):
            raise RuntimeError("Carillon did not find back to the server within 30 s")
        return {}

    def ctl(self, order: str) -> dict[str, Any]:
        return {"said": self.carillon.ctl(order)}

    def memory(self) -> dict[str, Any]:
        """What Carillon has resident."""
        status = Path(f"/proc/{self.carillon.process.pid}/status").read_text()
        return {"kilobytes": int(re.search(r"VmRSS:\s+(\d+)", status)[1])}

    def log(self, lines: int = 40) -> dict[str, Any]:
        return {"carillon": self.carillon.log().splitlines()[-lines:], "server": self.server.log().splitlines()[-lines:]}

    def close(self) -> None:
        try:
            self.carillon.stop()
        finally:
            self.carillon.remove()
            self.server.remove()


def obey(world: World, line: str) -> dict[str, Any]:
    command = json.loads(line)
    name = command.pop("do")
    if name not in ("account", "link", "revoke", "restart_carillon", "restart_server", "ctl", "memory", "log"):
        return {"error": f"no command {name}"}
    try:
        return dict(getattr(world, name)(**command))
    except Exception as problem:  # whoever asked fails with these words
        return {"error": f"{name}: {problem}"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carillon", type=Path, required=True)
    parser.add_argument("--origin", action="append", required=True, help="of pages that may connect; the first is the public one")
    parser.add_argument("--domain", default="example.test")
    parser.add_argument("--config", default="", help="more of the configuration")
    asked = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us closes our input
    world = World(asked.carillon.resolve(), asked.origin, asked.domain, asked.config)
    try:
        print(json.dumps(world.about()), flush=True)
        for line in sys.stdin:
            print(json.dumps(obey(world, line)), flush=True)
    finally:
        world.close()


if __name__ == "__main__":
    main()
