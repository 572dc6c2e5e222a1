"""The commands that read and change the database, beside a running service that has no server to connect to.

    CARILLON=build/dev/carillon python3 tests/cli/store_test.py
"""

import contextlib
import datetime
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

CARILLON = os.environ["CARILLON"]
START = 1_800_000_000_000


def poll(condition, within=30.0):
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


class StoreTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.database = self.directory / "calls.sqlite3"
        # A port that nobody listens on as long as this holds it.
        holder = socket.socket()
        holder.bind(("127.0.0.1", 0))
        self.addCleanup(holder.close)
        self.port = holder.getsockname()[1]
        (self.directory / "secret").touch(mode=0o600)
        (self.directory / "secret").write_text("secret")
        self.write('[store]\npath = "calls.sqlite3"\n[http]\npublic_url = "https://call.example.org"\n')

    def write(self, more):
        (self.directory / "carillon.toml").write_text(
            f'[xmpp]\ndomain = "call.example.org"\nport = {self.port}\nsecret_file = "secret"\n'
            f'served_domains = ["example.org"]\n{more}')

    def carillon(self, *arguments, code=0, zone="UTC"):
        environment = {name: value for name, value in os.environ.items() if name != "STATE_DIRECTORY"}
        done = subprocess.run([CARILLON, *arguments, "-c", self.directory / "carillon.toml"], capture_output=True, text=True,
                              timeout=60, check=False, env={**environment, "TZ": zone})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    @contextlib.contextmanager
    def service(self):
        log = self.directory / "log"
        with log.open("w") as out, subprocess.Popen([CARILLON, "run", "-c", self.directory / "carillon.toml"], stderr=out) as child:
            try:
                # By then it is deaf to no signal, and the tables are there.
                self.assertTrue(poll(lambda: "next attempt" in log.read_text() or child.poll() is not None), log.read_text())
                self.assertTrue(self.has_tables())
                yield child
            finally:
                child.send_signal(signal.SIGTERM)
                self.assertEqual(child.wait(timeout=30), 0, log.read_text())

    def has_tables(self):
        if not self.database.exists() or self.database.stat().st_size == 0:
            return False
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            return database.execute("PRAGMA user_version").fetchone()[0] == 1

    def add_call(self, number, **values):
        row = {"id": bytes([0x13, 0xFF, number] + [0] * 13), "started": START + number * 60_000, "sid": f"sid-{number}",
               "caller": "alice@example.org/phone", "callee": "bob@b.example/tablet", "audio": 1, "video": 0,
               "rule": "default local", "ringing": None, "proceeded": None, "initiated": None, "accepted": None, "ended": None,
               "reason": "", "caller_candidates": 5, "callee_candidates": 0, **values}
        with contextlib.closing(sqlite3.connect(self.database)) as database, database:
            database.execute(f"INSERT INTO call VALUES ({','.join('?' * len(row))})", list(row.values()))
            for party in (row["caller"], row["callee"]):
                database.execute("INSERT INTO call_party VALUES (?, ?, ?)", [party.split("/")[0], row["started"], row["id"]])

    def reopen(self, number):
        with contextlib.closing(sqlite3.connect(self.database)) as database, database:
            database.execute("UPDATE call SET ended = NULL, reason = '' WHERE sid = ?", [f"sid-{number}"])

    def test_calls_and_call_read_beside_the_service(self):
        with self.service():
            self.add_call(1, accepted=START + 65_000, ended=START + 130_000, reason="success")
            self.add_call(2, ended=START + 121_000, reason="busy", caller="carol@example.org/x")
            self.add_call(3)
            # The service closes once, at its start, what an earlier run left open; that may be just now.
            self.assertTrue(poll(lambda: self.reopen(3) or "ringing" in self.carillon("calls")))

            table = self.carillon("calls", zone="UTC-2").splitlines()
            self.assertEqual(len(table), 4)
            self.assertTrue(all(len(row) <= 100 for row in table), table)
            self.assertIn("E_8DAAAA 2027-01-15 10:03:00 +0200        - ringing", table[1])
            self.assertIn("busy", table[2])
            self.assertIn("1:05 answered    alice@example.org     bob@b.example", table[3])
            rows = [json.loads(line) for line in self.carillon("calls", "--json", "--with", "alice@example.org").splitlines()]
            self.assertEqual([row["sid"] for row in rows], ["sid-3", "sid-1"])
            self.assertEqual(rows[1]["started"], "2027-01-15T08:01:00Z")
            self.assertEqual(rows[1]["candidates"], {"caller": ["host", "relay"], "callee": []})
            self.assertEqual(len(self.carillon("calls", "--limit", "1").splitlines()), 2)
            self.assertEqual(len(self.carillon("calls", "--since", "2027-01-15T10:02:00+02:00").splitlines()), 3)
            self.assertEqual(len(self.carillon("calls", "--since", "2027-01-15").splitlines()), 4)
            self.assertIn("answered (success)", self.carillon("call", "sid-1"))
            for arguments in ("E_8BAAAA",), ("E_8BAAAAAAAAAAAAAAAAAA",):
                self.assertEqual(json.loads(self.carillon("call", "--json", *arguments))["sid"], "sid-1")
            self.carillon("call", "nothing", code=66)

    def test_arguments_that_make_no_sense(self):
        for arguments in (("calls", "--since", "yesterday"), ("calls", "--limit", "0"), ("calls", "--limit", "x"),
                          ("calls", "--with", "a@b/c"), ("call",), ("link", "make"), ("link", "revoke"), ("link", "new"),
                          ("link", "new", "--to", "bob"), ("link", "new", "--to", "b@c", "--uses", "0"),
                          ("link", "new", "--to", "b@c", "--ttl", "soon"), ("link", "new", "--to", "b@c", "--origin", "shop"),
                          ("link", "new", "--to", "b@c", "--title", "a\nb"), ("forget", "nobody")):
            with self.subTest(arguments=arguments):
                self.assertTrue(self.carillon(*arguments, code=64))

    def test_says_when_there_is_no_database(self):
        self.assertIn("there is no such file", self.carillon("calls", code=66))
        self.write('[store]\npath = ""\n')
        self.assertIn("[store] path", self.carillon("calls", code=66))
        self.write("[store]\npth = 1\n")
        self.assertIn("did you mean", self.carillon("calls", code=78))

    def test_tables_of_a_later_version(self):
        with contextlib.closing(sqlite3.connect(self.database)) as database, database:
            database.execute("PRAGMA user_version = 99")
        self.assertIn("later version", self.carillon("calls", code=69))
        # The service sets them aside, takes over what it knows of them, and says so.
        with self.service():
            pass
        self.assertEqual(len(list(self.directory.glob("calls.sqlite3.unread-*"))), 1)
        self.carillon("calls")

    def test_links_are_made_listed_and_revoked(self):
        with self.service():
            link = self.carillon("link", "new", "--to", "bob@b.example", "--ttl", "2h", "--uses", "3", "--title", "The shop",
                                 "--origin", "https://www.example.org").strip()
            self.assertRegex(link, r"^https://call\.example\.org/c#[A-Za-z0-9_-]{22}$")
            other = self.carillon("link", "new", "--to", "bob@b.example", "--ttl", "unlimited", "--uses", "unlimited").strip()
            self.assertNotEqual(link, other)
            listed = self.carillon("link", "list").splitlines()
            self.assertEqual(len(listed), 3)
            self.assertRegex(listed[1], r"^link-\S{8} +3 left +20.* bob@b.example +The shop$")
            self.assertRegex(listed[2], r"^link-\S{8} +open +never +bob@b.example")
            self.assertNotIn(link.partition("#")[2], "".join(listed))
            self.assertNotIn(link.partition("#")[2].encode(), self.database.read_bytes())
            name = listed[1].split()[0]
            self.carillon("link", "revoke", name)
            self.assertIn("revoked", self.carillon("link", "list").splitlines()[1])
            self.carillon("link", "revoke", "link-none", code=66)

    def test_links_last_as_guests_says(self):
        with self.service():
            self.carillon("link", "new", "--to", "bob@b.example")
            usual = self.carillon("link", "list").splitlines()[1]
            self.write('[store]\npath = "calls.sqlite3"\n[http]\npublic_url = "https://call.example.org"\n[guests]\nlink_ttl = "10d"\n')
            self.carillon("link", "new", "--to", "carol@b.example")
            longer = next(line for line in self.carillon("link", "list").splitlines() if "carol@" in line)
            day = datetime.timedelta(days=1)
            expires = [datetime.datetime.fromisoformat(re.search(r"20\d\d-\d\d-\d\d", line)[0]) for line in (usual, longer)]
            self.assertIn(expires[1] - expires[0], (9 * day, 10 * day))
            self.write('[store]\npath = "calls.sqlite3"\n[http]\npublic_url = "https://call.example.org"\n[guests]\nenabled = false\n')
            self.assertIn("[guests] enabled is false", self.carillon("link", "new", "--to", "bob@b.example", code=78))

    def test_a_link_wants_the_address_of_the_service(self):
        self.write('[store]\npath = "calls.sqlite3"\n')
        with self.service():
            self.assertIn("public_url", self.carillon("link", "new", "--to", "bob@b.example", code=78))

    def test_forgets_a_user(self):
        with self.service():
            self.add_call(1)
            self.add_call(2, callee="carol@example.org/x")
            self.carillon("link", "new", "--to", "bob@b.example")
            self.assertIn("2 rows are deleted", self.carillon("forget", "bob@b.example"))
            self.assertEqual(len(self.carillon("calls").splitlines()), 2)
            self.assertEqual(len(self.carillon("link", "list").splitlines()), 1)

    def test_a_call_that_was_running_when_it_was_killed_is_closed(self):
        with self.service():
            self.add_call(1)
        with self.service():
            self.assertTrue(poll(lambda: "interrupted" in self.carillon("calls")))

    def test_keeps_its_key_and_makes_private_files(self):
        with self.service():
            key = self.key()
        with self.service():
            self.assertEqual(self.key(), key)
        self.assertEqual(self.database.stat().st_mode & 0o777, 0o600)

    def key(self):
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            return poll(lambda: database.execute("SELECT value FROM instance").fetchone()) and \
                database.execute("SELECT value FROM instance").fetchone()[0]


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad - len(result.skipped)} passed, {bad} failed, {len(result.skipped)} skipped")
    sys.exit(bool(bad))
