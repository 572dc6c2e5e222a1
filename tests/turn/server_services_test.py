#!/usr/bin/python3
"""What a real Prosody says of its relays (XEP-0215) is passed on to its users.

    CARILLON=build/dev/carillon python3 tests/turn/server_services_test.py
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from e2e.peer import slixmpp_peer  # noqa: E402
from lab import Carillon  # noqa: E402
from lab.prosody import Prosody  # noqa: E402

SECRET = "north-of-the-river"
SERVICES = "{urn:xmpp:extdisco:2}"


class ServerServicesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Prosody(turn=("relay.example.test", 3478, SECRET))
        self.addCleanup(self.server.remove)
        self.server.start()
        self.carillon = Carillon(Path(os.environ["CARILLON"]).resolve(), self.server, extra='[turn]\nsource = "xep0215"\n')
        self.addCleanup(self.carillon.remove)
        self.carillon.start()
        self.alice = slixmpp_peer()
        self.addCleanup(self.alice.close)
        self.alice.login(self.server.accounts["alice"], "pc", self.server.client_address)

    def ask(self, payload: str):  # type: ignore[no-untyped-def]
        return self.alice.asks(self.server.component, payload)

    def test_credentials_of_the_server_are_passed_on(self) -> None:
        found = self.ask("<services xmlns='urn:xmpp:extdisco:2' type='turn'/>").xml.findall(f".//{SERVICES}service")
        self.assertTrue(found)
        for service in found:
            self.assertEqual((service.get("type"), service.get("host"), service.get("port")), ("turn", "relay.example.test", "3478"))
            name = service.get("username") or ""
            made = base64.b64encode(hmac.new(SECRET.encode(), name.encode(), hashlib.sha1).digest()).decode()
            self.assertEqual(service.get("password"), made)
            self.assertGreater(int(name.partition(":")[0]), time.time())

    def test_the_domain_says_that_it_can_be_asked(self) -> None:
        info = self.ask("<query xmlns='http://jabber.org/protocol/disco#info'/>")
        self.assertIn("urn:xmpp:extdisco:2", info.text)


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed else 0)
