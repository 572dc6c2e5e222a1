#!/usr/bin/python3
"""A real coturn on loopback takes the credentials that Carillon makes, and no others.

    CARILLON=build/dev/carillon python3 tests/turn/coturn_test.py
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lab.address import claim_address, free_port, poll, can_connect  # noqa: E402
from lab.process import Process  # noqa: E402

CARILLON = os.environ["CARILLON"]
SECRET = "north-of-the-river"
READY_WITHIN = 20.0


class Coturn:
    """With a shared secret, on an address of its own."""

    def __init__(self) -> None:
        self._claim = claim_address()
        self.host = self._claim.host
        self.port = free_port(self.host, 3478)
        self.directory = Path(tempfile.mkdtemp(prefix="carillon-coturn-"))
        self._process = Process(
            ["/usr/bin/turnserver", "-n", "--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=example.test",
             f"--listening-ip={self.host}", f"--relay-ip={self.host}", f"--listening-port={self.port}", "--no-tls",
             "--no-dtls", "--no-cli", "--allow-loopback-peers", f"--userdb={self.directory}/db", "--log-file=stdout",
             f"--pidfile={self.directory}/pid", "--simple-log"],
            log=self.directory / "coturn.log", cwd=self.directory)
        if not poll(lambda: can_connect((self.host, self.port)), READY_WITHIN):
            raise RuntimeError(f"coturn is not ready; it said:\n{self._process.output()}")

    def remove(self) -> None:
        self._process.stop(within=10.0)
        shutil.rmtree(self.directory, ignore_errors=True)
        self._claim.release()


class CoturnTest(unittest.TestCase):
    server: Coturn

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Coturn()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.remove()

    def credentials(self, *, secret: str = SECRET, user: str = "alice@example.test") -> tuple[str, str]:
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "carillon.toml"
            (Path(directory) / "turn-secret").touch(mode=0o600)
            (Path(directory) / "turn-secret").write_text(secret + "\n")
            file.write_text('[xmpp]\ndomain = "call.example.test"\n[turn]\nsource = "secret"\nsecret_file = "turn-secret"\n'
                            f'uris = ["turn:{self.server.host}:{self.server.port}"]\n')
            done = subprocess.run([CARILLON, "turn", "-c", str(file), "--user", user], capture_output=True, text=True,
                                  timeout=60, check=True)
        [entry] = json.loads(done.stdout)["iceServers"]
        self.assertEqual(entry["urls"], [f"turn:{self.server.host}:{self.server.port}?transport=udp"])
        return entry["username"], entry["credential"]

    def allocate(self, username: str, password: str) -> subprocess.CompletedProcess[str]:
        """Allocates, and sends two packets to itself through the relay."""
        return subprocess.run(
            ["/usr/bin/turnutils_uclient", "-y", "-m", "1", "-n", "2", "-p", str(self.server.port), "-L", self.server.host,
             "-e", self.server.host, "-u", username, "-w", password, self.server.host],
            capture_output=True, text=True, timeout=60, check=False)

    def test_takes_what_carillon_makes_and_relays_with_it(self) -> None:
        for user in ("alice@example.test", "zoë@example.test"):
            done = self.allocate(*self.credentials(user=user))
            said = done.stdout + done.stderr
            self.assertEqual(done.returncode, 0, said)
            self.assertIn("Total lost packets 0", said)
            self.assertNotIn("tot_recv_msgs=0", said.splitlines()[-4:])

    def test_refuses_another_secret(self) -> None:
        done = self.allocate(*self.credentials(secret="another secret"))
        self.assertNotEqual(done.returncode, 0, done.stdout)

    def test_refuses_a_changed_end(self) -> None:
        username, password = self.credentials()
        end, _, user = username.partition(":")
        done = self.allocate(f"{int(end) + 3600}:{user}", password)
        self.assertNotEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad - len(result.skipped)} passed, {bad} failed, {len(result.skipped)} skipped")
    sys.exit(bool(bad))
