#!/usr/bin/python3
"""The bare rewriting relay with slixmpp (Debian's python3-slixmpp): slixmpp_relay.py DOMAIN PORT SECRET [--tree]

alice@a.example calls bob\\40b.example@DOMAIN: bob gets the stanza from alice\\40a.example@DOMAIN. Nothing is checked,
kept or logged. The addresses are rewritten by the stanza's interface, as slixmpp's documentation does it; with --tree on
the XML that slixmpp has built anyway, past its JID class, which is cheaper.
"""

import sys

from slixmpp import ComponentXMPP
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

DOMAIN = sys.argv[1]
TREE = "--tree" in sys.argv
JINGLE = "{urn:xmpp:jingle:1}jingle"


def inside(address):
    """alice@a.example/phone as the other side sees it."""
    bare, slash, resource = address.partition("/")
    return bare.replace("@", "\\40") + "@" + DOMAIN + slash + resource


def outside(address):
    """The user behind a contact address."""
    bare, slash, resource = address.partition("/")
    return bare.partition("@")[0].replace("\\40", "@") + slash + resource


class Relay(ComponentXMPP):
    def __init__(self, port, secret):
        super().__init__(DOMAIN, secret, "127.0.0.1", port)
        for kind in ("iq", "message"):
            self.register_handler(Callback(kind, MatchXPath(f"{{{self.default_ns}}}{kind}"), self.relay))

    def relay(self, stanza):
        if TREE:
            attributes = stanza.xml.attrib
            attributes["from"], attributes["to"] = inside(attributes["from"]), outside(attributes["to"])
        else:
            stanza["from"], stanza["to"] = inside(str(stanza["from"])), outside(str(stanza["to"]))
        jingle = stanza.xml.find(JINGLE)
        if jingle is not None:
            for name in ("initiator", "responder"):
                if name in jingle.attrib:
                    jingle.set(name, stanza.xml.get("from"))
        self.send(stanza)


relay = Relay(int(sys.argv[2]), sys.argv[3])
relay.connect()
relay.process()
