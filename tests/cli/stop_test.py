"""The service ends in time with a thousand pages connected, whether they read or not.

    CARILLON=build/dev/carillon PYTHONPATH=tests python3 tests/cli/stop_test.py
"""

import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from e2e.page import Page, jwt  # noqa: E402
from lab import free_port  # noqa: E402

CARILLON = os.environ["CARILLON"]
KEY = b"0123456789abcdef0123456789abcdef"
PAGES = 1000
PER_ADDRESS = 50  # below the limits of one address
WITHIN = 4.0  # seconds: two that are promised, and two for a machine that is busy with a build


class StopTest(unittest.TestCase):
    def setUp(self):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4 * PAGES), most))
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        holder = socket.socket()  # A server that nobody listens for.
        holder.bind(("127.0.0.1", 0))
        self.addCleanup(holder.close)
        self.port = free_port("127.0.0.1", 5290)
        for name, text in (("secret", b"secret"), ("key", KEY)):
            (self.directory / name).touch(mode=0o600)
            (self.directory / name).write_bytes(text)
        (self.directory / "carillon.toml").write_text(
            f'[xmpp]\ndomain = "call.example.org"\nport = {holder.getsockname()[1]}\nsecret_file = "secret"\n'
            f'served_domains = ["example.org"]\n[store]\npath = "calls.sqlite3"\n[http]\nlisten = "127.0.0.1:{self.port}"\n'
            '[auth.jwt]\naudience = "pages"\nkeys = [{ kid = "site", alg = "HS256", file = "key" }]\n')

    def test_with_a_thousand_pages(self):
        log = self.directory / "log"
        with open(log, "wb") as out:
            service = subprocess.Popen([CARILLON, "run", "-c", self.directory / "carillon.toml"], stderr=out)
        try:
            pages = [self.page(number, service) for number in range(PAGES)]
            began = time.monotonic()
            service.send_signal(signal.SIGTERM)
            code = service.wait(30.0)
            took = time.monotonic() - began
        finally:
            service.kill()
            service.wait()
        self.assertEqual(code, 0, log.read_text())
        self.assertLess(took, WITHIN)
        self.assertIsNone(re.search("Sanitizer|runtime error", log.read_text()))
        # Each has been told to come back.
        for page in pages[::100]:
            self.assertEqual(page.hears("session.goaway")["action"], "resume")

    def page(self, number, service):
        source = f"127.0.1.{1 + number // PER_ADDRESS}"
        deadline = time.monotonic() + 20.0
        while True:
            try:
                page = Page(("127.0.0.1", self.port), f"http://127.0.0.1:{self.port}", source)
                break
            except ConnectionRefusedError:
                self.assertIsNone(service.poll())
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self.addCleanup(page.close)
        page.hello(type="jwt", token=jwt(KEY, "pages", f"user{number}@example.org"))
        return page


if __name__ == "__main__":
    unittest.main()
