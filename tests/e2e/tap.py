"""Stands between Carillon and its server, passes every byte on, and notes when something went which way.

    tap.py HOST PORT     prints its own port, then a line for each piece: nanoseconds, "in" (to Carillon) or "out", bytes

A process of its own, so that nothing but the kernel stands between the arrival of a piece and its note.
"""

import selectors
import socket
import sys
import time


def main() -> None:
    host, port = sys.argv[1], int(sys.argv[2])
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    carillon, _ = listener.accept()
    server = socket.create_connection((host, port))
    other = {carillon: (server, "out"), server: (carillon, "in")}
    waiting = selectors.DefaultSelector()
    for end in other:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(end, selectors.EVENT_READ)
    while True:
        for key, _events in waiting.select():
            to, way = other[key.fileobj]  # type: ignore[index]
            piece = key.fileobj.recv(1 << 18)  # type: ignore[union-attr]
            now = time.monotonic_ns()
            if not piece:
                return
            to.sendall(piece)
            # What went in counts from when it was passed on.
            print(time.monotonic_ns() if way == "in" else now, way, len(piece), flush=True)


if __name__ == "__main__":
    main()
