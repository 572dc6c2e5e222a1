"""A page without a browser: the WebSocket of docs/web-protocol.md, and nothing of its media."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import socket
import struct
import time
from collections import deque
from typing import Any

from .peer import Failure

WITHIN = 10.0


def jwt(key: bytes, audience: str, subject: str, kid: str = "site", **claims: Any) -> str:
    """A token of HS256, good for a day."""
    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")
    body = ".".join(part(json.dumps(each).encode()) for each in (
        {"alg": "HS256", "kid": kid},
        {"aud": audience, "sub": subject, "exp": int(time.time()) + 86_400, **claims}))
    return body + "." + part(hmac.new(key, body.encode(), hashlib.sha256).digest())


class Page:
    """One connection. Requests wait for their answer; events are kept until somebody asks for them."""

    def __init__(self, address: tuple[str, int], origin: str, source: str = "") -> None:
        self._socket = socket.create_connection(address, timeout=WITHIN, source_address=(source, 0) if source else None)
        self.origin = origin
        self._in = b""
        self._next = 1
        self._events: deque[dict[str, Any]] = deque()
        host = f"{address[0]}:{address[1]}"
        self._socket.sendall((f"GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                              "Sec-WebSocket-Protocol: carillon.v1\r\n\r\n").encode())
        while b"\r\n\r\n" not in self._in:
            self._receive()
        head, self._in = self._in.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise Failure(f"no WebSocket at {host}: {head.decode(errors='replace')}")

    def hello(self, within: float = WITHIN, **auth: str) -> dict[str, Any]:
        return self.asks("session.hello", within, auth=auth)

    def sends(self, method: str, **params: Any) -> int:
        number, self._next = self._next, self._next + 1
        self._send(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode())
        return number

    def asks(self, method: str, within: float = WITHIN, **params: Any) -> dict[str, Any]:
        """The result; an error is a failure."""
        return self.answer(self.sends(method, **params), within)

    def answer(self, number: int, within: float = WITHIN) -> dict[str, Any]:
        until = time.monotonic() + within
        while True:
            frame = self._frame(until)
            if frame.get("id") != number:
                self._events.append(frame)
            elif "error" in frame:
                raise Failure(f"refused: {frame['error']}")
            else:
                return dict(frame["result"])

    def hears(self, method: str, within: float = WITHIN) -> dict[str, Any]:
        """The next event of that name."""
        until = time.monotonic() + within
        for event in list(self._events):
            if event.get("method") == method:
                self._events.remove(event)
                return dict(event["params"])
        while True:
            frame = self._frame(until)
            if frame.get("method") == method:
                return dict(frame["params"])
            self._events.append(frame)

    def close(self) -> None:
        self._socket.close()

    def _frame(self, until: float) -> dict[str, Any]:
        while True:
            self._socket.settimeout(max(0.01, until - time.monotonic()))
            try:
                code, payload = self._message()
            except TimeoutError as late:
                raise Failure("nothing came in time") from late
            if code == 1:
                return dict(json.loads(payload))
            if code == 8:
                raise Failure(f"closed with {struct.unpack('!H', payload[:2])[0] if payload else 'no code'}")
            if code == 9:
                self._send(payload, code=10)

    def _message(self) -> tuple[int, bytes]:
        head = self._take(2)
        size = head[1] & 127
        if size == 126:
            size = struct.unpack("!H", self._take(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", self._take(8))[0]
        return head[0] & 15, self._take(size)

    def _send(self, payload: bytes, code: int = 1) -> None:
        mask = os.urandom(4)
        size = len(payload)
        length = bytes([128 | size]) if size < 126 else bytes([254]) + struct.pack("!H", size) if size < 65_536 \
            else bytes([255]) + struct.pack("!Q", size)
        self._socket.sendall(bytes([128 | code]) + length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    def _take(self, size: int) -> bytes:
        while len(self._in) < size:
            self._receive()
        taken, self._in = self._in[:size], self._in[size:]
        return taken

    def _receive(self) -> None:
        more = self._socket.recv(65_536)
        if not more:
            raise Failure("the connection is gone")
        self._in += more
