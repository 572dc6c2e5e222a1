"""Component streams (XEP-0114) in the hands of a test, from either end: it may say anything, in anybody's name."""

from __future__ import annotations

import hashlib
import secrets
import select
import socket
import time
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from .address import Address

STREAM = "{http://etherx.jabber.org/streams}"
NAMESPACE = "{jabber:component:accept}"
HEADER = "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' {}>"
READ = 262144


class RawStream:
    """What is written is sent by turn(), which hands over the stanzas that came."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._parser = ET.XMLPullParser(("start", "end"))
        self._root: ET.Element | None = None
        self._depth = 0
        self._out = bytearray()

    def write(self, xml: str) -> None:
        self._out += xml.encode()

    @property
    def unsent(self) -> int:
        return len(self._out)

    def turn(self, wait: float) -> Iterator[ET.Element]:
        """Moves bytes both ways; waits for so long if there is nothing to move. Raises ConnectionError at the stream's end."""
        assert self._socket
        readable, writable, _ = select.select([self._socket], [self._socket] if self._out else [], [], wait)
        if writable:
            sent = self._socket.send(self._out)
            del self._out[:sent]
        if readable:
            data = self._socket.recv(READ)
            if not data:
                raise ConnectionError("the other end closed the connection")
            self._parser.feed(data)
        yield from self._stanzas()

    def close(self) -> None:
        self._hang_up()

    def _hang_up(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None

    def _begin(self, connected: socket.socket) -> None:
        self._hang_up()
        self._parser, self._root, self._depth = ET.XMLPullParser(("start", "end")), None, 0
        self._out.clear()
        self._socket = connected
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.setblocking(False)

    def _await_handshake(self, deadline: float) -> None:
        while not any(stanza.tag == NAMESPACE + "handshake" for stanza in self.turn(0.1)):
            if time.monotonic() > deadline:
                raise RuntimeError("the other end has not shaken hands")

    def _stanzas(self) -> Iterator[ET.Element]:
        for event, element in self._parser.read_events():
            self._depth += 1 if event == "start" else -1
            if event == "start" and self._depth == 1:
                self._root = element
            elif event == "end" and self._depth == 1:
                assert self._root is not None
                self._root.remove(element)
                if element.tag == STREAM + "error":
                    raise ConnectionError("the other end ended the stream: " + ET.tostring(element, encoding="unicode"))
                yield element
            elif event == "end" and self._depth == 0:
                raise ConnectionError("the other end closed the stream")


class RawServer(RawStream):
    """The server's end, of one component and no clients."""

    def __init__(self, *, component: str = "call.example.test", domain: str = "example.test") -> None:
        super().__init__()
        self.component = component
        self.domain = domain
        self.secret = secrets.token_hex(16)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.component_address: Address = self._listener.getsockname()

    def accept(self, within: float) -> None:
        """Waits for the component, and takes its handshake as it is."""
        deadline = time.monotonic() + within
        self._listener.settimeout(within)
        self._begin(self._listener.accept()[0])
        self.write(HEADER.format(f"from='{self.component}' id='{secrets.token_hex(8)}'"))
        self._await_handshake(deadline)
        self.write("<handshake/>")
        list(self.turn(0.0))

    def close(self) -> None:
        self._hang_up()
        self._listener.close()


class RawComponent(RawStream):
    """The component's end: a domain of its own on a server, with as many users as wanted."""

    def __init__(self, domain: str, server: Address, secret: str) -> None:
        super().__init__()
        self.domain = domain
        self._server = server
        self._secret = secret

    def connect(self, within: float) -> None:
        """Tries until the server takes it."""
        deadline = time.monotonic() + within
        while True:
            try:
                self._begin(socket.create_connection(self._server, timeout=5.0))
                self.write(HEADER.format(f"to='{self.domain}'"))
                while self._root is None:
                    list(self.turn(0.1))
                    if time.monotonic() > deadline:
                        raise ConnectionError("the server says nothing")
                word = hashlib.sha1((self._root.get("id", "") + self._secret).encode()).hexdigest()
                self.write(f"<handshake>{word}</handshake>")
                return self._await_handshake(deadline)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
