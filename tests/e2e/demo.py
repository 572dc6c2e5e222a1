"""scripts/demo, once everything is built: two clients call each other through Carillon, and you can watch."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from xml.etree import ElementTree as ET

from lab import Carillon, Prosody, free_port

from .captures import captured
from .page import Page, jwt
from .peer import Peer, gloox_peer, slixmpp_peer
from .stage import Record, Stage, ThroughCarillon
from .stanza import JINGLE, summary_of

SAYS = "stanza-chromium-audio-video"  # the browser's offer, answer and candidates that the two clients use


HOST = "127.0.0.1"
PAGES = """\
[http]
listen = "{host}:{port}"
public_url = "http://{host}:{port}"

[auth.jwt]
audience = "{domain}"
keys = [{{ kid = "site", alg = "HS256", file = "jwt.key" }}]

[store]
path = "carillon.sqlite3"
"""


class Pages:
    """The softphone of each account, and a link for guests."""

    def __init__(self, binary: Path, server: Prosody) -> None:
        self.server = server
        self.port = free_port(HOST, 5290)
        self.origin = f"http://{HOST}:{self.port}"
        self.key = secrets.token_bytes(32)
        self.carillon = Carillon(binary, server, extra=PAGES.format(host=HOST, port=self.port, domain=server.component))
        key = self.carillon.directory / "jwt.key"
        key.touch(mode=0o600)
        key.write_bytes(self.key)

    def softphone(self, name: str) -> str:
        return f"{self.origin}/#token={self._token(name)}"

    def link(self, to: str) -> str:
        """As an operator makes it: the running Carillon learns of it by the store."""
        made = subprocess.run([str(self.carillon.binary), "link", "new", "-c", str(self.carillon.directory / "carillon.toml"),
                               "--to", to, "--uses", "unlimited", "--ttl", "1d"], capture_output=True, text=True, check=True)
        return made.stdout.strip()

    def check(self) -> None:
        """Alice's page calls bob's, then a guest does: all but the media, which needs a browser."""
        pages = {name: Page((HOST, self.port), self.origin) for name in ("alice", "bob", "guest")}
        alice, bob, guest = pages.values()
        alice.hello(type="jwt", token=self._token("alice"))
        bob.hello(type="jwt", token=self._token("bob"))
        shown = guest.hello(type="guest", token=self.link(self.server.accounts["bob"].jid).split("#")[1], name="Carol")
        for caller, to in ((alice, {"to": self.server.accounts["bob"].jid}), (guest, {})):
            sid = secrets.token_hex(16)
            caller.asks("call.invite", call_id=sid, media=["audio"], **to)
            rings = bob.hears("call.invite")
            bob.asks("call.ringing", call_id=sid)
            caller.hears("call.ringing")
            bob.asks("call.reject", call_id=sid, reason="declined")
            caller.hears("call.reject")
            print(f"pages: {rings['display_name']} called {'bob' if to else shown['callee']['display_name']}, whose page rang", flush=True)
        for page in pages.values():
            page.close()

    def _token(self, name: str) -> str:
        return jwt(self.key, self.server.component, self.server.accounts[name].jid, name=name.capitalize())


class Ladder:
    """One line for each thing that a client says or hears."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def show(self, peer: Peer, way: str, stanza: ET.Element) -> None:
        is_request = stanza.find(JINGLE + "jingle") is not None or stanza.tag.endswith("message")
        is_reply = stanza.tag.endswith("iq") and stanza.get("type") in ("result", "error") and len(stanza.get("id", "")) < 8
        if not (is_request or is_reply):
            return
        other = stanza.get("to") if way == "sent" else stanza.get("from")
        arrow = "-->" if way == "sent" else "<--"
        elapsed = (time.monotonic() - self._began) * 1000
        print(f"{elapsed:7.1f} ms  {peer.name:<6}{arrow} {other:<44} {summary_of(stanza)}", flush=True)


def call(stage: Stage, alice: Peer, bob: Peer) -> None:
    """Placed, accepted, trickled, ended. Each step raises if it does not arrive as it should."""
    offer = captured(SAYS, "session-initiate")[0]
    trickled = captured(SAYS, "transport-info")
    line = stage.proposes(alice, bob, offer)
    line.relays(bob, "session-accept", captured(SAYS, "session-accept")[0])
    for candidate in trickled[:2]:
        line.relays(alice, "transport-info", candidate)
    for candidate in trickled[-2:]:
        line.relays(bob, "transport-info", candidate)
    line.ends_with(alice)


def play(server: Prosody, carillon: Carillon, gloox_client: Path) -> None:
    alice, bob = slixmpp_peer(), gloox_peer(gloox_client)
    try:
        alice.login(server.accounts["alice"], "slixmpp", server.client_address)
        bob.login(server.accounts["bob"], "gloox", server.client_address)
        stage = Stage(ThroughCarillon(server.component), Record(), server.component)
        print(f"\nalice (on slixmpp) calls bob (on gloox) at {stage.route.anywhere(bob)}\n")
        ladder = Ladder()
        alice.on_traffic = bob.on_traffic = ladder.show
        call(stage, alice, bob)
        alice.logout()
        bob.logout()
    finally:
        alice.close()
        bob.close()


def show(pages: Pages) -> None:
    """Tabs where there is a display, else their addresses alone."""
    tabs = {"alice's softphone": pages.softphone("alice"), "bob's softphone": pages.softphone("bob"),
            "a guest calls bob": pages.link(pages.server.accounts["bob"].jid)}
    print("\nIn a browser on this machine (each in a tab of its own; the two call each other, and the clients below ring too):")
    for name, url in tabs.items():
        print(f"  {name:<18} {url}")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        for url in tabs.values():
            webbrowser.open_new_tab(url)


def invite(server: Prosody, carillon: Carillon) -> None:
    """How the reader's own clients get in; then Carillon's log until Ctrl-C."""
    host, port = server.client_address
    print(f"\nNow with your own clients (plain or STARTTLS with a self-signed certificate):\n  server    {host}, port {port}")
    for account in server.accounts.values():
        contact = account.jid.replace("@", "\\40") + "@" + server.component
        print(f"  account   {account.jid:<18} password {account.password:<14} is called at {contact}")
    print(f"Carillon logs to {carillon.directory}/carillon.log. Ctrl-C ends and removes everything.", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print("\nremoved.")


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/demo", description="A call through Carillon on a private Prosody.")
    parser.add_argument("--carillon", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--gloox-client", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--once", action="store_true", help="end after the call")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    done = "demo: the call was placed, accepted, trickled and ended; the pages rang."
    with Prosody(domain="localhost", component="call.localhost", host="127.0.0.1", tls=True) as server:
        pages = Pages(asked.carillon.resolve(), server)
        carillon = pages.carillon
        try:
            carillon.start()
            print(f"demo: Prosody (pid {server.pid}) at {server.client_address[0]}:{server.client_address[1]}, "
                  f"Carillon (pid {carillon.process.pid}) is connected to it as {server.component}")
            play(server, carillon, asked.gloox_client.resolve())
            pages.check()
            if not asked.once:
                print(f"\n{done}")
                show(pages)
                invite(server, carillon)
            carillon.stop()
        except KeyboardInterrupt:
            print("\ndemo: stopped and removed.")
            return 130
        finally:
            carillon.remove()
    if asked.once:
        print(f"\n{done}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
