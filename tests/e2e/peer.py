"""A client under the test's control: a process that obeys lines and prints events."""

from __future__ import annotations

import itertools
import json
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

from lab import Account
from lab.address import Address

from .stanza import Matcher, Stanza, presence, reply

PATIENCE = 8.0  # the deadline of every wait; a machine with nothing else to do needs milliseconds


class Failure(AssertionError):
    """A scenario did not go as written."""


class Peer:
    """One XMPP client, either kind. The verbs are what the person at the client does and sees."""

    _numbers = itertools.count(1)

    def __init__(self, kind: str, command: list[str]) -> None:
        self.kind = kind
        self.name = kind
        self.jid = ""
        self.account: Account | None = None
        self.on_traffic: Callable[[Peer, str, ET.Element], None] = lambda peer, way, xml: None
        self._events = threading.Condition()
        self._stanzas: list[Stanza] = []
        self._others: list[dict[str, str]] = []
        self.transcript: list[str] = []
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL, bufsize=0)
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def bare(self) -> str:
        return self.jid.partition("/")[0]

    @property
    def resource(self) -> str:
        return self.jid.partition("/")[2]

    # What the client is told to do.

    def login(self, account: Account, resource: str, server: Address, *, name: str | None = None) -> None:
        self.account = account
        self.name = name or account.name
        self.jid = f"{account.jid}/{resource}"
        with self._events:
            self._stanzas.clear()
            self._others.clear()
            self.transcript.clear()
        self._tell(f"login {self.jid} {account.password} {server[0]} {server[1]}")
        # Only when the server has our presence are messages to the bare address ours.
        self.receives(presence(self.jid), within=3 * PATIENCE)  # many clients may start at once

    def logout(self) -> None:
        if self.jid:
            self._tell("logout")
            self._await(lambda: any(e.get("event") == "offline" for e in self._others) or None, "the end of the stream")
            self.jid = ""

    def vanish(self) -> None:
        """The phone falls into the sea: the TCP connection breaks, nothing is said."""
        self._tell("vanish")
        self._await(lambda: any(e.get("event") == "offline" for e in self._others) or None, "the end of the connection")
        self.jid = ""

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def lacks(self, feature: str) -> None:
        """From now on disco says nothing of it."""
        self._tell(f"lacks {feature}")

    def holds_replies_to(self, action: str) -> None:
        """From now on the scenario answers requests with this action, the client does not."""
        self._tell(f"hold {action}")
        # Commands are done in order: with the answer to this, that one is. What is to be held may come at any time.
        self.fence(self.bare.partition("@")[2])

    def sends_jingle(self, action: str, to: str, sid: str, children: str = "") -> str:
        """Returns the id of the request."""
        ident = self._new_id()
        self._shows(f"<iq to='{to}' type='set'><jingle xmlns='urn:xmpp:jingle:1' action='{action}' sid='{sid}'>{children}</jingle></iq>")
        self._tell(f"jingle {action} {to} {sid or '-'} {ident} {one_line(children)}")
        return ident

    def sends_jmi(self, name: str, to: str, sid: str, children: str = "") -> str:
        ident = self._new_id()
        self._shows(f"<message to='{to}'><{name} xmlns='urn:xmpp:jingle-message:0' id='{sid}'>{children}</{name}></message>")
        self._tell(f"jmi {name} {to} {sid} {ident} {one_line(children)}")
        return ident

    def sends_result(self, request: Stanza) -> None:
        self._tell(f"result {request.from_} {request.id}")

    def sends_error(self, request: Stanza, type_: str, condition: str, jingle_condition: str = "") -> None:
        conditions = f"<{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
        if jingle_condition:
            conditions += f"<{jingle_condition} xmlns='urn:xmpp:jingle:errors:1'/>"
        self._tell(f"error {request.from_} {request.id} {type_} {conditions}")

    def sends_xml(self, xml: str) -> None:
        """A whole stanza as it stands."""
        self._tell(f"xml {one_line(xml)}")

    def asks(self, to: str, payload: str, type_: str = "get") -> Stanza:
        """An iq with that payload; returns the reply, whichever it is."""
        ident = self._new_id()
        self.sends_xml(f"<iq to='{to}' type='{type_}' id='{ident}'>{payload}</iq>")
        return self.receives(reply(ident))

    # What the client sees.

    def receives(self, wanted: Matcher, *, from_: str | None = None, within: float = PATIENCE) -> Stanza:
        """The first stanza that matches and was not taken before; waits for it if need be."""
        def take() -> Stanza | None:
            for stanza in self._stanzas:
                if wanted.holds(stanza):
                    self._stanzas.remove(stanza)
                    return stanza
            return None

        stanza = self._await(take, wanted.words, within)
        if from_ is not None and stanza.from_ != from_:
            raise Failure(f"{self.name} got {wanted.words} from {stanza.from_}, not from {from_}")
        return stanza

    def gets_result(self, ident: str, *, from_: str | None = None) -> Stanza:
        stanza = self.receives(reply(ident), from_=from_)
        if stanza.type != "result":
            raise Failure(f"{self.name} got an error for {ident}: {stanza.text}")
        return stanza

    def gets_error(self, ident: str, *conditions: str, from_: str | None = None) -> Stanza:
        """An error with these conditions, in order: the general one, then Jingle's."""
        stanza = self.receives(reply(ident), from_=from_)
        if stanza.type != "error" or stanza.conditions()[:len(conditions)] != list(conditions):
            raise Failure(f"{self.name} expected an error {' + '.join(conditions)} for {ident}, got {stanza.text}")
        return stanza

    def fence(self, address: str) -> None:
        """When this returns, whatever `address` had sent us before has arrived: it answers in order."""
        self.asks(address, "<ping xmlns='urn:xmpp:ping'/>")

    def got_nothing(self, unwanted: Matcher) -> None:
        """To be asked after a fence()."""
        with self._events:
            for stanza in self._stanzas:
                if unwanted.holds(stanza):
                    raise Failure(f"{self.name} must not get {unwanted.words}, but got {stanza.text}")

    def untaken(self) -> list[Stanza]:
        with self._events:
            return list(self._stanzas)

    def _new_id(self) -> str:
        return f"{self.kind[0]}{next(self._numbers)}"

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self.transcript.append(f"{self.name} > {line}")
        self._process.stdin.write(line.encode() + b"\n")

    def _shows(self, xml: str) -> None:
        self.on_traffic(self, "sent", ET.fromstring(xml))

    def _await(self, take, what: str, within: float = PATIENCE):  # type: ignore[no-untyped-def]
        deadline = time.monotonic() + within
        with self._events:
            while (taken := take()) is None:
                refused = next((e for e in self._others if e.get("event") in ("refused", "eof")), None)
                left = deadline - time.monotonic()
                if refused or left <= 0:
                    seen = "\n    ".join(s.summary() for s in self._stanzas) or "nothing else"
                    why = f"its client says {refused}" if refused else f"waited {within:g} s"
                    raise Failure(f"{self.name} ({self.kind}) did not get {what}: {why}; it has got\n    {seen}")
                self._events.wait(left)
            return taken

    def _read(self) -> None:
        assert self._process.stdout
        for line in iter(self._process.stdout.readline, b""):
            event = json.loads(line)
            with self._events:
                self._take_event(event)
                self._events.notify_all()
        with self._events:
            self._others.append({"event": "eof"})
            self._events.notify_all()

    def _take_event(self, event: dict[str, str]) -> None:
        if event["event"] != "stanza":
            self._others.append(event)
            return
        stanza = Stanza(event["xml"])
        self.transcript.append(f"{self.name} < {stanza.text}")
        self._stanzas.append(stanza)
        self.on_traffic(self, "received", stanza.xml)


def one_line(xml: str) -> str:
    return " ".join(xml.split("\n"))


def slixmpp_peer() -> Peer:
    return Peer("slixmpp", ["/usr/bin/python3", str(Path(__file__).with_name("slixmpp_client.py"))])


def gloox_peer(binary: Path) -> Peer:
    return Peer("gloox", [str(binary)])
