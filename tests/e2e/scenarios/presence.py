"""Contact addresses are present: without that some clients show no call button."""

from __future__ import annotations

import base64
import hashlib
from xml.etree import ElementTree as ET

from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Stage
from ..stanza import Matcher, Stanza, presence
from .answering import DISCO, result_of

CAPS = "{http://jabber.org/protocol/caps}c"
NICK = "{http://jabber.org/protocol/nick}nick"
VCARD = "{vcard-temp}"
GATEWAY = "{jabber:iq:gateway}"


def hash_of(query: ET.Element) -> str:
    """XEP-0115, 5.1, without forms."""
    identities = sorted("/".join([i.get("category", ""), i.get("type", ""),
                                  i.get("{http://www.w3.org/XML/1998/namespace}lang", ""), i.get("name", "")])
                        for i in query.findall(DISCO + "identity"))
    features = sorted(f.get("var", "") for f in query.findall(DISCO + "feature"))
    return base64.b64encode(hashlib.sha1("".join(s + "<" for s in identities + features).encode()).digest()).decode()


def disco_question(node: str) -> Matcher:
    def holds(s: Stanza) -> bool:
        query = s.xml.find(DISCO + "query")
        return s.kind == "iq" and s.type == "get" and query is not None and query.get("node") == node
    return Matcher(f"disco#info of {node}", holds)


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


def befriend(peer: Peer, contact: str) -> Stanza:
    """Adds the contact address, lets it see him, as clients do for whom they have added; returns its presence."""
    subscribe(peer, contact)
    shown = peer.receives(presence(contact))
    asked = peer.receives(presence(contact, "subscribe"))
    if not asked.xml.findtext(NICK):
        raise Failure(f"a request without a name: {asked.text}")
    peer.sends_xml(f"<presence to='{contact}' type='subscribed'/>")
    return shown


@scenario("who adds a contact address is asked back once, with a name", through_carillon=True)
def asked_back(stage: Stage, alice: Peer, bob: Peer) -> None:
    contact = stage.route.anywhere(bob)
    shown = befriend(alice, contact)
    if shown.xml.findtext(NICK) != bob.bare:
        raise Failure(f"no name in {shown.text}")
    alice.sends_xml(f"<presence to='{contact}' type='unsubscribed'/>")
    alice.sends_xml(f"<presence to='{contact}'/>")  # shown to the address in any case
    alice.fence(contact)
    alice.got_nothing(presence(contact, "subscribe"))


@scenario("a device that shows itself is asked what it can, by the caps it shows", through_carillon=True)
def asks_device(stage: Stage, alice: Peer, bob: Peer) -> None:
    ver = "1" + stage.new_sid()  # proves nothing: nobody's features hash to that
    alice.sends_xml(f"<presence to='{stage.route.anywhere(bob)}'><c xmlns='http://jabber.org/protocol/caps' "
                    f"hash='sha-1' node='urn:example:client' ver='{ver}'/></presence>")
    question = alice.receives(disco_question(f"urn:example:client#{ver}"))
    if question.from_.partition("/")[0] not in (stage.domain, stage.route.anywhere(bob)):
        raise Failure(f"asked by {question.from_}")


def forget(peer: Peer, seen: Matcher) -> None:
    """What has come so far shall not be taken for what comes next."""
    try:
        while True:
            peer.receives(seen, within=0.0)
    except Failure:
        return


@scenario("who lets a contact see him goes away for it, and comes back", through_carillon=True, pairs=1)
def mirrored(stage: Stage, alice: Peer, bob: Peer) -> None:
    contact, account, resource = stage.route.anywhere(bob), bob.account, bob.resource
    befriend(alice, contact)
    befriend(bob, stage.route.anywhere(alice))

    bob.logout()

    alice.receives(presence(contact, "unavailable"), within=45.0)
    alice.fence(contact)
    forget(alice, presence(contact))
    stage.world.login(bob, account, resource)
    alice.receives(presence(contact))


@scenario("unsubscribing is confirmed, and nothing more is shown", through_carillon=True, pairs=2)
def unsubscribed(stage: Stage, alice: Peer, bob: Peer) -> None:
    contact = stage.route.anywhere(bob)
    befriend(alice, contact)
    got = alice.asks(alice.bare, f"<query xmlns='jabber:iq:roster'><item jid='{contact}' subscription='remove'/></query>", "set")
    if got.type != "result":
        raise Failure(f"not removed: {got.text}")
    alice.receives(presence(contact, "unavailable"))


@scenario("the vCard of a contact address says who it is", through_carillon=True)
def vcard(stage: Stage, alice: Peer, bob: Peer) -> None:
    own = bob.asks(bob.bare, "<vCard xmlns='vcard-temp'><FN>Bob Builder</FN><NICKNAME>bobby</NICKNAME><PHOTO>"
                             "<TYPE>image/png</TYPE><BINVAL>aGVsbG8=</BINVAL></PHOTO></vCard>", "set")
    if own.type != "result":
        raise Failure(f"no vCard on this server: {own.text}")
    card = result_of(alice.asks(stage.route.anywhere(bob), "<vCard xmlns='vcard-temp'/>"))
    if card.findtext(VCARD + "FN") != "Bob Builder" or card.findtext(VCARD + "NICKNAME") != "bobby":
        raise Failure(f"not his names: {ET.tostring(card, 'unicode')}")
    if card.findtext(f"{VCARD}PHOTO/{VCARD}BINVAL") != "aGVsbG8=":
        raise Failure(f"not his picture: {ET.tostring(card, 'unicode')}")
    # Who adds him now sees the same in his presence.
    shown = befriend(alice, stage.route.anywhere(bob))
    photo = "{vcard-temp:x:update}x/{vcard-temp:x:update}photo"
    if shown.xml.findtext(NICK) != "bobby" or shown.xml.findtext(photo) != hashlib.sha1(b"hello").hexdigest():
        raise Failure(f"presence does not say so: {shown.text}")


@scenario("without a vCard a contact address has the user's address for a name", through_carillon=True, pairs=2)
def no_vcard(stage: Stage, alice: Peer, bob: Peer) -> None:
    card = result_of(alice.asks(stage.route.anywhere(bob), "<vCard xmlns='vcard-temp'/>"))
    if card.findtext(VCARD + "FN") != bob.bare:
        raise Failure(f"expected {bob.bare}: {ET.tostring(card, 'unicode')}")


@scenario("jabber:iq:gateway: nobody has to type \\40", through_carillon=True, pairs=2)
def prompt(stage: Stage, alice: Peer, bob: Peer) -> None:
    asked = result_of(alice.asks(stage.domain, "<query xmlns='jabber:iq:gateway'/>"))
    if not asked.findtext(GATEWAY + "desc") or not asked.findtext(GATEWAY + "prompt"):
        raise Failure("the gateway does not say what to enter")
    answer = result_of(alice.asks(stage.domain, f"<query xmlns='jabber:iq:gateway'><prompt>{bob.bare}</prompt></query>", "set"))
    if answer.findtext(GATEWAY + "jid") != stage.route.anywhere(bob):
        raise Failure(f"expected {stage.route.anywhere(bob)}: {ET.tostring(answer, 'unicode')}")
    wrong = alice.asks(stage.domain, "<query xmlns='jabber:iq:gateway'><prompt>@</prompt></query>", "set")
    if wrong.conditions()[:1] != ["jid-malformed"]:
        raise Failure(f"expected jid-malformed: {wrong.text}")
