"""What the component says about itself and about contact addresses."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Stage
from ..stanza import Matcher, Stanza, local, message_with_body

DISCO = "{http://jabber.org/protocol/disco#info}"
CALLABLE = {"urn:xmpp:jingle:1", "urn:xmpp:jingle:apps:rtp:1", "urn:xmpp:jingle:apps:rtp:audio", "urn:xmpp:jingle:apps:rtp:video",
            "urn:xmpp:jingle:transports:ice-udp:1", "urn:xmpp:jingle:apps:dtls:0", "urn:xmpp:jingle-message:0"}


def result_of(stanza: Stanza) -> ET.Element:
    if stanza.type != "result" or len(stanza.xml) == 0:
        raise Failure(f"expected a result with a payload, got {stanza.text}")
    return stanza.xml[0]


def addresses(stage: Stage, bob: Peer) -> list[str]:
    return [stage.domain, stage.route.anywhere(bob), stage.route.device(bob)]


@scenario("disco#info: a contact address has what clients look for before they show a call button", through_carillon=True, pairs=2)
def contact_disco(stage: Stage, alice: Peer, bob: Peer) -> None:
    for address in addresses(stage, bob)[1:]:
        query = result_of(alice.asks(address, "<query xmlns='http://jabber.org/protocol/disco#info'/>"))
        features = {f.get("var") for f in query.findall(DISCO + "feature")}
        if not CALLABLE <= features:
            raise Failure(f"{address} lacks {CALLABLE - features}")
        if not query.findall(DISCO + "identity"):
            raise Failure(f"{address} has no identity")


@scenario("disco#info and disco#items of the domain", through_carillon=True, pairs=2)
def domain_disco(stage: Stage, alice: Peer, bob: Peer) -> None:
    query = result_of(alice.asks(stage.domain, "<query xmlns='http://jabber.org/protocol/disco#info'/>"))
    identities = [(i.get("category"), i.get("type")) for i in query.findall(DISCO + "identity")]
    if ("component", "generic") not in identities:
        raise Failure(f"the domain is component/generic, not {identities}")
    if "http://jabber.org/protocol/disco#info" not in {f.get("var") for f in query.findall(DISCO + "feature")}:
        raise Failure("the domain does not list disco#info")
    for address in addresses(stage, bob):
        result_of(alice.asks(address, "<query xmlns='http://jabber.org/protocol/disco#items'/>"))


@scenario("disco#info of a node that does not exist is an error", through_carillon=True, pairs=2)
def unknown_node(stage: Stage, alice: Peer, bob: Peer) -> None:
    got = alice.asks(stage.domain, "<query xmlns='http://jabber.org/protocol/disco#info' node='no-such-node'/>")
    if got.conditions()[:1] not in (["item-not-found"], ["service-unavailable"]):
        raise Failure(f"expected item-not-found or service-unavailable, got {got.text}")


@scenario("ping, version and time, of the domain and of a contact address", through_carillon=True, pairs=2)
def small_answers(stage: Stage, alice: Peer, bob: Peer) -> None:
    for address in addresses(stage, bob):
        pong = alice.asks(address, "<ping xmlns='urn:xmpp:ping'/>")
        if pong.type != "result" or pong.from_ != address:
            raise Failure(f"no pong from {address}: {pong.text}")
        version = {local(c.tag): c.text for c in result_of(alice.asks(address, "<query xmlns='jabber:iq:version'/>"))}
        if "arillon" not in (version.get("name") or "") or not version.get("version"):
            raise Failure(f"{address} says {version}")
        time = {local(c.tag): c.text for c in result_of(alice.asks(address, "<time xmlns='urn:xmpp:time'/>"))}
        if not (time.get("utc") or "").endswith("Z") or "tzo" not in time:
            raise Failure(f"{address} says {time}")


@scenario("an iq that nobody understands is service-unavailable or feature-not-implemented", through_carillon=True, pairs=2)
def unknown_iq(stage: Stage, alice: Peer, bob: Peer) -> None:
    for address in addresses(stage, bob):
        for type_ in ("get", "set"):
            got = alice.asks(address, "<query xmlns='urn:example:nothing'/>", type_)
            if got.conditions()[:1] not in (["service-unavailable"], ["feature-not-implemented"]):
                raise Failure(f"{address} says {got.text}")


@scenario("a text message to a contact address is answered with words that say where to write", through_carillon=True, pairs=2)
def text_message(stage: Stage, alice: Peer, bob: Peer) -> None:
    to = stage.route.anywhere(bob)
    alice.sends_xml(f"<message to='{to}' type='chat' id='t1'><body>Hello?</body></message>")
    answer = alice.receives(Matcher("an answer", lambda s: s.kind == "message" and s.from_.partition("/")[0] == to))
    if bob.bare not in answer.text:
        raise Failure(f"the answer should name {bob.bare}: {answer.text}")
    bob.fence(stage.domain)
    bob.got_nothing(message_with_body())
