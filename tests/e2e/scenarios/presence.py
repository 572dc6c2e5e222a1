"""Contact addresses are present: without that some clients show no call button."""

from __future__ import annotations

import base64
import hashlib
from xml.etree import ElementTree as ET

from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Stage
from ..stanza import Stanza, presence
from .answering import DISCO, result_of

CAPS = "{http://jabber.org/protocol/caps}c"


def hash_of(query: ET.Element) -> str:
    """XEP-0115, 5.1, without forms."""
    identities = sorted("/".join([i.get("category", ""), i.get("type", ""),
                                  i.get("{http://www.w3.org/XML/1998/namespace}lang", ""), i.get("name", "")])
                        for i in query.findall(DISCO + "identity"))
    features = sorted(f.get("var", "") for f in query.findall(DISCO + "feature"))
    return base64.b64encode(hashlib.sha1("".join(s + "<" for s in identities + features).encode()).digest()).decode()


def check_caps(alice: Peer, got: Stanza) -> None:
    """The hash in the presence is that of what the address answers."""
    caps = got.xml.find(CAPS)
    if caps is None:
        raise Failure(f"no caps in {got.text}")
    query = result_of(alice.asks(got.from_, "<query xmlns='http://jabber.org/protocol/disco#info' "
                                            f"node='{caps.get('node')}#{caps.get('ver')}'/>"))
    if caps.get("hash") != "sha-1" or caps.get("ver") != hash_of(query):
        raise Failure(f"caps say {caps.attrib}, disco#info hashes to {hash_of(query)}")


@scenario("directed presence to a contact address is answered with presence and caps", through_carillon=True)
def directed(stage: Stage, alice: Peer, bob: Peer) -> None:
    contact = stage.route.anywhere(bob)
    alice.sends_xml(f"<presence to='{contact}'/>")
    check_caps(alice, alice.receives(presence(contact)))


def subscribe(alice: Peer, contact: str) -> None:
    # Servers tell of subscriptions only those who have asked for their roster.
    result = alice.asks(alice.bare, "<query xmlns='jabber:iq:roster'/>")
    if result.type != "result":
        raise Failure(f"no roster: {result.text}")
    alice.sends_xml(f"<presence to='{contact}' type='subscribe'/>")
    alice.receives(presence(contact, "subscribed"))


@scenario("a subscription to a contact address is granted, and presence with caps follows", through_carillon=True)
def subscribed(stage: Stage, alice: Peer, bob: Peer) -> None:
    contact = stage.route.anywhere(bob)
    subscribe(alice, contact)
    check_caps(alice, alice.receives(presence(contact)))


@scenario("a probe, which the server sends at each login of a subscriber, is answered", through_carillon=True, pairs=2)
def probed(stage: Stage, alice: Peer, bob: Peer) -> None:
    contact = stage.route.anywhere(bob)
    subscribe(alice, contact)
    alice.receives(presence(contact))
    account, resource = alice.account, alice.resource
    alice.logout()

    stage.world.login(alice, account, resource)

    check_caps(alice, alice.receives(presence(contact)))


@scenario("presence of type error is not answered", through_carillon=True, pairs=2)
def presence_error(stage: Stage, alice: Peer, bob: Peer) -> None:
    contact = stage.route.anywhere(bob)
    alice.sends_xml(f"<presence to='{contact}' type='error'><error type='cancel'>"
                    "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>")
    alice.fence(contact)
    alice.got_nothing(presence(contact))
    alice.got_nothing(presence(contact, "error"))
