#!/usr/bin/python3
"""The lab keeps its own promises: quick, private, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
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
