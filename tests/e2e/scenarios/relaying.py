"""Every Jingle action passes in both directions, with addresses rewritten and nothing else lost."""

from ..captures import captured, vector, without_carry
from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Call, Stage, jingle, reply

INFO = "urn:xmpp:jingle:apps:rtp:info:1"
FINGERPRINT = ("<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='actpass'>81:B6:37:D8:FC:D2:C6:DA:63:"
               "59:E6:96:31:13:A1:17:0D:E7:95:E4:B7:25:B8:4D:1E:0B:4C:FD:9E:C5:8C:E9</fingerprint>")


def transport(ufrag: str) -> str:
    return f"<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='{ufrag}' pwd='YH75Fviy6338Vbrhrlp8Yh44'>{FINGERPRINT}</transport>"


def video(creator: str, name: str = "video", setup: str = "actpass") -> str:
    """A second content, as content-add and its answers carry it."""
    return (f"<content creator='{creator}' name='{name}' senders='both'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>"
            "<payload-type id='96' name='VP8' clockrate='90000'/><rtcp-mux/></description>"
            + transport("9uB6").replace("actpass", setup) + "</content>")


def naming(creator: str, name: str, **attributes: str) -> str:
    """A content without a description, as content-modify and content-remove carry it."""
    extra = "".join(f" {k}='{v}'" for k, v in attributes.items())
    return f"<content creator='{creator}' name='{name}'{extra}/>"


def role(call: Call, peer: Peer) -> str:
    return "initiator" if peer is call.caller else "responder"


def both_ways(title: str):  # type: ignore[no-untyped-def]
    """The scenario is played within one call by the caller first, then by the callee."""
    def register(body):  # type: ignore[no-untyped-def]
        def play(stage: Stage, alice: Peer, bob: Peer) -> None:
            call = stage.talks(alice, bob)
            for sender in (alice, bob):
                body(call, sender, call.other(sender))
            call.ends_with(bob)
        play.__module__ = body.__module__
        return scenario(title)(play)
    return register


@both_ways("session-info: ringing, hold, unhold, active, mute, unmute")
def session_info(call: Call, sender: Peer, _receiver: Peer) -> None:
    for payload in ("hold", "unhold", "active"):
        call.relays(sender, "session-info", f"<{payload} xmlns='{INFO}'/>")
    for payload in ("mute", "unmute"):
        call.relays(sender, "session-info", f"<{payload} xmlns='{INFO}' creator='initiator' name='audio'/>")


@both_ways("session-info without a payload is a ping")
def session_ping(call: Call, sender: Peer, _receiver: Peer) -> None:
    call.relays(sender, "session-info")


@both_ways("transport-info: one candidate after another, in order")
def trickle(call: Call, sender: Peer, receiver: Peer) -> None:
    ufrag = {"initiator": ("+wtO", "PmP/dVbl0WfzJkAisb2o8c"), "responder": ("nUop", "xFHQiFBOAEMoxX/emsjAXH")}[role(call, sender)]
    for n in range(10):
        candidate = (f"<candidate component='1' foundation='{n}' generation='0' id='c{n}' ip='192.0.2.{n + 10}' network='0' "
                     f"port='{50000 + n}' priority='{2130706431 - n}' protocol='udp' type='host'/>")
        call.sends(sender, "transport-info",
                   f"<content creator='initiator' name='audio'><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' "
                   f"ufrag='{ufrag[0]}' pwd='{ufrag[1]}'>{candidate}</transport></content>")
    arrived: list[str] = []
    while len(arrived) < 10:
        got = receiver.receives(jingle("transport-info", call.sid), from_=call.ends[receiver])
        arrived += [c.get("id", "") for c in got.xml.iter("{urn:xmpp:jingle:transports:ice-udp:1}candidate")]
    if arrived != [f"c{n}" for n in range(10)]:
        raise Failure(f"candidates arrived as {arrived}")


@both_ways("description-info")
def description_info(call: Call, sender: Peer, _receiver: Peer) -> None:
    call.relays(sender, "description-info",
                "<content creator='initiator' name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
                "<payload-type id='111' name='opus' clockrate='48000' channels='2'><parameter name='maxaveragebitrate' value='24000'/>"
                "</payload-type></description></content>")


@both_ways("security-info")
def security_info(call: Call, sender: Peer, _receiver: Peer) -> None:
    call.relays(sender, "security-info",
                "<content creator='initiator' name='audio'><security xmlns='urn:xmpp:jingle:security:stub:0'/></content>")


@both_ways("content-add, content-accept, content-modify, content-remove")
def content_added(call: Call, sender: Peer, receiver: Peer) -> None:
    creator = role(call, sender)
    name = f"video-{creator}"
    call.relays(sender, "content-add", video(creator, name))
    call.relays(receiver, "content-accept", video(creator, name, setup="active"))
    call.relays(sender, "content-modify", naming(creator, name, senders=creator))
    call.relays(sender, "content-remove", naming(creator, name) + "<reason><success/></reason>")


@both_ways("content-add, content-reject")
def content_rejected(call: Call, sender: Peer, receiver: Peer) -> None:
    creator = role(call, sender)
    name = f"video-{creator}"
    call.relays(sender, "content-add", video(creator, name))
    call.relays(receiver, "content-reject", naming(creator, name) + "<reason><decline/></reason>")


@both_ways("hold by content-modify, and back")
def held(call: Call, sender: Peer, _receiver: Peer) -> None:
    call.relays(sender, "content-modify", naming("initiator", "audio", senders=role(call, sender)))
    call.relays(sender, "content-modify", naming("initiator", "audio", senders="both"))


@both_ways("transport-replace, transport-accept")
def transport_replaced(call: Call, sender: Peer, receiver: Peer) -> None:
    content = "<content creator='initiator' name='audio'>{}</content>"
    call.relays(sender, "transport-replace", content.format(transport("newU")))
    call.relays(receiver, "transport-accept", content.format(transport("newV").replace("actpass", "active")))


@both_ways("transport-replace, transport-reject")
def transport_refused(call: Call, sender: Peer, receiver: Peer) -> None:
    content = "<content creator='initiator' name='audio'>{}</content>"
    call.relays(sender, "transport-replace", content.format(transport("newU")))
    call.relays(receiver, "transport-reject", content.format(transport("newU")))


@both_ways("ICE restart: new credentials in a transport-info, answered by another")
def ice_restart(call: Call, sender: Peer, receiver: Peer) -> None:
    content = "<content creator='initiator' name='audio'>{}</content>"
    call.relays(sender, "transport-info", content.format(transport(f"r{role(call, sender)[:3]}")))
    call.relays(receiver, "transport-info", content.format(transport(f"s{role(call, sender)[:3]}").replace("actpass", "active")))


@scenario("children that nobody knows are kept")
def unknown_children(stage: Stage, alice: Peer, bob: Peer) -> None:
    offer = captured("dino042-audio", "session-initiate")[0].replace(
        "</description>", "<bandwidth type='AS'>128</bandwidth><novelty xmlns='urn:example:new' a='&lt;&quot;'><x>&amp;</x></novelty></description>")
    call = stage.dials_device(alice, bob, offer + "<extra xmlns='urn:example:session'/>")
    call.ends_with(bob, "decline")


@scenario("an offer with everything: several codecs, feedback, extensions, sources, grouping")
def rich_offer(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.dials_device(alice, bob, without_carry(vector("03-chrome-av-bundle-offer")))
    call.relays(bob, "session-accept", without_carry(vector("04-chrome-av-bundle-answer")))
    call.ends_with(alice)


@scenario("what negotiates is answered end to end: first the callee's reply, then ours", through_carillon=True)
def end_to_end(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.talks(alice, bob)
    bob.holds_replies_to("content-add")
    ident = call.sends(alice, "content-add", video("initiator"))
    request = call.arrives(alice, "content-add", video("initiator"))
    alice.fence(stage.domain)
    alice.got_nothing(reply(ident))

    bob.sends_error(request, "cancel", "conflict", "tie-break")

    error = alice.gets_error(ident, "conflict", "tie-break", from_=call.ends[alice])
    if bob.bare in error.text:
        raise Failure(f"the callee's own address shows in {error.text}")
    call.ends_with(alice)


@scenario("what does not negotiate is acknowledged as soon as it is valid", through_carillon=True)
def acknowledged_at_once(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.talks(alice, bob)
    bob.holds_replies_to("session-info")
    ident = call.sends(alice, "session-info", f"<hold xmlns='{INFO}'/>")
    alice.gets_result(ident, from_=call.ends[alice])
    request = call.arrives(alice, "session-info", f"<hold xmlns='{INFO}'/>")

    bob.sends_error(request, "modify", "feature-not-implemented", "unsupported-info")

    alice.fence(stage.domain)
    alice.got_nothing(reply(ident))
    call.ends_with(alice)


@scenario("an end that does not know the session any more ends the other one", through_carillon=True)
def forgotten(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.talks(alice, bob)
    bob.holds_replies_to("session-info")
    call.sends(alice, "session-info", f"<active xmlns='{INFO}'/>")
    request = call.arrives(alice, "session-info", f"<active xmlns='{INFO}'/>")

    bob.sends_error(request, "cancel", "item-not-found", "unknown-session")

    alice.receives(jingle("session-terminate", call.sid), from_=call.ends[alice])
