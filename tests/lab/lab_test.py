#!/usr/bin/python3
"""The lab keeps its own promises: quick, private, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import lab  # noqa: E402
from lab.address import can_connect, poll  # noqa: E402


class Promises:
    """Of every kind of server."""

    make: type[lab.Prosody] | type[lab.Ejabberd]

    def test_leaves_nothing_behind(self) -> None:
        with self.make() as server:
            pid, directory = server.pid, server.directory
            self.assertTrue(can_connect(server.client_address))
            self.assertTrue(can_connect(server.component_address))

        self.assertFalse(directory.exists())
        self.assertFalse(Path(f"/proc/{pid}").exists())
        self.assertFalse(can_connect(server.client_address))

    def test_two_at_a_time_do_not_meet(self) -> None:
        with self.make() as one, self.make() as other:
            self.assertNotEqual(one.client_address[0], other.client_address[0])
            self.assertNotEqual(one.secret, other.secret)

    def test_keeps_address_and_accounts_over_a_restart(self) -> None:
        with self.make() as server:
            address = server.client_address
            account = server.add_account("carol")
            server.stop()
            server.start()
            self.assertEqual(server.client_address, address)
            self.assertIn(account, server.accounts.values())
            self.assertTrue(can_connect(address))

    def test_listens_on_its_own_address_only(self) -> None:
        with self.make() as server:
            self.assertTrue(server.client_address[0].startswith("127."))
            self.assertFalse(can_connect(("127.255.255.254", server.client_address[1])))

    def test_dies_with_whoever_started_it(self) -> None:
        code = (f"import lab, sys, time\np = lab.{self.make.__name__}()\np.start()\n"
                "print(p.pid, p.directory, flush=True)\ntime.sleep(60)\n")
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}) as owner:
            assert owner.stdout
            pid, directory = owner.stdout.readline().split()
            owner.send_signal(signal.SIGKILL)
        self.assertTrue(poll(lambda: not is_running(int(pid)), within=5.0), "the server outlived its owner")
        subprocess.run(["rm", "-r", directory], check=True)  # what a killed owner cannot do

    def test_says_so_when_it_cannot_start(self) -> None:
        server = self.make()
        try:
            server.configuration.write_text("this is no configuration")
            with self.assertRaisesRegex(RuntimeError, "ended while it started"):
                server.start()
        finally:
            server.remove()


class ProsodyTest(Promises, unittest.TestCase):
    make = lab.Prosody


class EjabberdTest(Promises, unittest.TestCase):
    make = lab.Ejabberd


class ProxyTest(unittest.TestCase):
    """A proxy before an echo."""

    def setUp(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        threading.Thread(target=self.echo, args=(listener,), daemon=True).start()
        self.proxy = lab.Proxy(listener.getsockname())
        self.addCleanup(self.proxy.close)

    @staticmethod
    def echo(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=ProxyTest.repeat, args=(listener.accept()[0],), daemon=True).start()

    @staticmethod
    def repeat(client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(1000):
                client.sendall(data)

    def connect(self) -> socket.socket:
        client = socket.create_connection(self.proxy.address, 5.0)
        self.addCleanup(client.close)
        return client

    def test_passes_on_and_counts(self) -> None:
        client = self.connect()
        client.sendall(b"hello")
        self.assertEqual(client.recv(5), b"hello")
        self.assertEqual([self.proxy.passed[way].total for way in lab.Way], [5, 5])

    def test_holds_one_way_and_lets_go(self) -> None:
        client = self.connect()
        client.sendall(b"a")
        self.assertEqual(client.recv(1), b"a")
        self.proxy.hold(lab.Way.TO_CLIENT)
        client.sendall(b"b")
        self.assertTrue(poll(lambda: self.proxy.passed[lab.Way.TO_TARGET].total == 2, 5.0))
        self.assertEqual(self.proxy.passed[lab.Way.TO_CLIENT].total, 1)
        self.proxy.release()
        self.assertEqual(client.recv(1), b"b")

    def test_cuts_with_a_reset(self) -> None:
        client = self.connect()
        client.sendall(b"a")
        self.assertEqual(client.recv(1), b"a")
        self.proxy.cut()
        with self.assertRaises(ConnectionResetError):
            client.recv(1)

    def test_refuses_and_listens_again(self) -> None:
        self.proxy.refuse()
        self.assertTrue(poll(lambda: not can_connect(self.proxy.address), 5.0))
        self.proxy.listen()
        self.connect()

    def test_delays_in_order(self) -> None:
        self.proxy.delay = 0.05
        client = self.connect()
        for part in (b"a", b"b", b"c"):
            client.sendall(part)
        got = b""
        while len(got) < 3:
            got += client.recv(3)
        self.assertEqual(got, b"abc")


class RawStreamTest(unittest.TestCase):
    def test_both_ends_shake_hands_and_hear_each_other(self) -> None:
        server = lab.RawServer(component="call.a.test")
        self.addCleanup(server.close)
        component = lab.RawComponent("call.a.test", server.component_address, server.secret)
        self.addCleanup(component.close)
        accepting = threading.Thread(target=server.accept, args=(10.0,))
        accepting.start()
        component.connect(10.0)
        accepting.join()
        for sender, receiver in ((server, component), (component, server)):
            sender.write("<message to='x@a.test'><body>&lt;hello</body></message>")
            list(sender.turn(0.0))
            [got] = receiver.turn(5.0)
            self.assertEqual(got[0].text, "<hello")

    def test_a_server_takes_the_component(self) -> None:
        with lab.Prosody(neighbours=("load.a.test",)) as server:
            component = lab.RawComponent("load.a.test", server.component_address, server.secret)
            self.addCleanup(component.close)
            component.connect(10.0)
            component.write("<iq type='get' id='1' from='load.a.test' to='example.test'><ping xmlns='urn:xmpp:ping'/></iq>")
            list(component.turn(0.0))
            [answer] = component.turn(5.0)
            self.assertEqual(answer.get("id"), "1")


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed, {len(result.skipped)} skipped")
    sys.exit(1 if failed else 0)
