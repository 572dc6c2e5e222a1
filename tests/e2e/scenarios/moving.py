"""Calls that cross, calls that move to another device, and callers who ask by a call invite."""

from datetime import datetime, timedelta, timezone

from ..captures import captured, descriptions, media_of
from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Call, Stage, jingle, jmi, message_error
from ..stanza import Matcher, Stanza

OFFER = captured("dino042-audio", "session-initiate")[0]
ANSWER = captured("dino042-audio", "session-accept")[0]
JMI = "urn:xmpp:jingle-message:0"
INVITES = "urn:xmpp:call-invites:0"
EXPIRED = "<reason xmlns='urn:xmpp:jingle:1'><expired/></reason>"


def says(stanza: Stanza, *words: str) -> None:
    missing = [word for word in words if word not in stanza.text]
    if missing:
        raise Failure(f"this should say {missing}: {stanza.text}")


def proposes(stage: Stage, caller: Peer, callee: Peer, sid: str) -> str:
    return caller.sends_jmi("propose", stage.route.anywhere(callee), sid, descriptions(media_of(OFFER)))


def takes_up(stage: Stage, caller: Peer, callee: Peer, sid: str) -> Call:
    """The callee, who has been proposed to as `sid`, proceeds and accepts."""
    call = Call(stage, caller, callee, sid, {})
    call.ends[callee] = callee.receives(jmi("propose", sid)).from_
    callee.sends_jmi("proceed", call.ends[callee], sid)
    call.ends[caller] = caller.receives(jmi("proceed", sid)).from_
    call.relays(caller, "session-initiate", OFFER)
    call.relays(callee, "session-accept", ANSWER)
    return call


@scenario("two proposes cross, the lower one is there first: the higher one is rejected", through_carillon=True)
def higher_propose_comes_second(stage: Stage, alice: Peer, bob: Peer) -> None:
    lower, higher = sorted([stage.new_sid(), stage.new_sid()])
    proposes(stage, alice, bob, lower)
    bob.receives(jmi("propose", lower))
    proposes(stage, bob, alice, higher)
    says(bob.receives(jmi("reject", higher)), "expired", "tie-break")
    alice.fence(stage.domain)
    alice.got_nothing(jmi("propose"))

    shown = stage.route.anywhere(alice)
    bob.sends_jmi("proceed", shown, lower)
    stage.check_sender(alice.receives(jmi("proceed", lower)), bob)
    alice.sends_jmi("retract", stage.route.anywhere(bob), lower)
    bob.receives(jmi("retract", lower))


@scenario("two proposes cross, the lower one comes second: the higher one is withdrawn on both sides", through_carillon=True)
def lower_propose_comes_second(stage: Stage, alice: Peer, bob: Peer) -> None:
    lower, higher = sorted([stage.new_sid(), stage.new_sid()])
    proposes(stage, alice, bob, higher)
    bob.receives(jmi("propose", higher))
    proposes(stage, bob, alice, lower)
    says(alice.receives(jmi("reject", higher)), "expired", "tie-break")
    says(bob.receives(jmi("retract", higher)), "expired", "tie-break")
    takes_up(stage, bob, alice, lower).ends_with(alice)
    for peer in (alice, bob):
        peer.receives(jmi("finish", lower))


@scenario("two offers cross, the lower sid comes second: the other offer ends on both sides", through_carillon=True)
def lower_offer_comes_second(stage: Stage, alice: Peer, bob: Peer) -> None:
    lower, higher = sorted([stage.new_sid(), stage.new_sid()])
    first = alice.sends_jingle("session-initiate", stage.route.device(bob), higher, OFFER)
    shown = bob.receives(jingle("session-initiate", higher)).from_
    alice.gets_result(first)

    second = bob.sends_jingle("session-initiate", stage.route.device(alice), lower, OFFER)
    bob.gets_result(second, from_=stage.route.device(alice))
    for peer in (alice, bob):
        says(peer.receives(jingle("session-terminate", higher)), "expired")
    heard = alice.receives(jingle("session-initiate", lower))
    alice.gets_result(alice.sends_jingle("session-accept", heard.from_, lower, ANSWER))
    bob.receives(jingle("session-accept", lower), from_=stage.route.device(alice))
    bob.gets_error(bob.sends_jingle("session-info", shown, higher), "item-not-found", "unknown-session")
    bob.gets_result(bob.sends_jingle("session-terminate", stage.route.device(alice), lower, "<reason><success/></reason>"))
    alice.receives(jingle("session-terminate", lower))


@scenario("the caller goes on at another device: the callee moves the call, the first device hears where", through_carillon=True,
          extra=1)
def migrates(stage: Stage, alice: Peer, bob: Peer, tablet: Peer) -> None:
    old, new = stage.new_sid(), stage.new_sid()
    proposes(stage, alice, bob, old)
    first = takes_up(stage, alice, bob, old)

    stage.world.login(tablet, alice.account, "tablet")
    proposes(stage, tablet, bob, new)
    moved = Call(stage, tablet, bob, new, {bob: bob.receives(jmi("propose", new)).from_})
    bob.sends_jmi("finish", first.ends[bob], old, f"{EXPIRED}<migrated to='{new}'/>")
    bob.sends_jmi("proceed", moved.ends[bob], new)
    says(alice.receives(jmi("finish", old)), "expired", "migrated", new)
    says(alice.receives(jingle("session-terminate", old)), "expired")
    moved.ends[tablet] = tablet.receives(jmi("proceed", new)).from_
    moved.relays(tablet, "session-initiate", OFFER)
    moved.relays(bob, "session-accept", ANSWER)
    moved.relays(tablet, "session-info", "<active xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")
    moved.ends_with(bob)
    for peer in (tablet, bob):
        peer.receives(jmi("finish", new))


@scenario("the caller goes on at another device: a callee without Message Initiation is called anew", through_carillon=True, extra=1)
def migrates_from_plain(stage: Stage, alice: Peer, bob: Peer, tablet: Peer) -> None:
    old, new = stage.new_sid(), stage.new_sid()
    first = Call(stage, alice, bob, old, {})
    alice.sends_jmi("propose", stage.route.device(bob), old, descriptions(media_of(OFFER)))
    # His device does not take the propose, as a client that does not know it would not.
    propose = bob.receives(jmi("propose", old))
    error = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    bob.sends_xml(f"<message to='{propose.from_}' id='{propose.id}' type='error'>{error}</message>")
    alice.receives(jmi("ringing", old))
    first.ends[alice] = alice.receives(jmi("proceed", old)).from_
    first.ends[bob] = propose.from_
    first.relays(alice, "session-initiate", OFFER)
    first.relays(bob, "session-accept", ANSWER)

    stage.world.login(tablet, alice.account, "tablet")
    proposes(stage, tablet, bob, new)
    says(alice.receives(jmi("finish", old)), "expired", new)
    says(alice.receives(jingle("session-terminate", old)), "expired")
    says(bob.receives(jingle("session-terminate", old)), "alternative-session", new)
    tablet.receives(jmi("ringing", new))
    moved = Call(stage, tablet, bob, new, {tablet: tablet.receives(jmi("proceed", new)).from_})
    ident = moved.sends(tablet, "session-initiate", OFFER)
    moved.ends[bob] = moved.arrives(tablet, "session-initiate", OFFER).from_
    tablet.gets_result(ident)
    moved.relays(bob, "session-accept", ANSWER)
    moved.ends_with(tablet)
    tablet.receives(jmi("finish", new))
    bob.fence(stage.domain)
    bob.got_nothing(jmi("propose", new))


def invite(name: str, ident: str | None = None) -> Matcher:
    def holds(s: Stanza) -> bool:
        found = s.xml.find(f"{{{INVITES}}}{name}")
        return s.type != "error" and found is not None and ident in (None, found.get("id"))
    return Matcher(f"<{name}/> of the invite {ident}", holds)


def sends_invite(stage: Stage, peer: Peer, to: str, name: str, ident: str, inside: str = "") -> None:
    peer.sends_xml(f"<message to='{to}' type='chat' id='{ident}'><{name} xmlns='{INVITES}' id='{ident}'>{inside}</{name}>"
                   "<store xmlns='urn:xmpp:hints'/></message>")


@scenario("a call invite is answered, the call runs, and is left", through_carillon=True)
def invited(stage: Stage, alice: Peer, bob: Peer) -> None:
    sid, ident = stage.new_sid(), stage.new_sid()
    sends_invite(stage, alice, stage.route.anywhere(bob), "invite", ident, f"<jingle sid='{sid}'/>")
    call = Call(stage, alice, bob, sid, {bob: bob.receives(jmi("propose", sid)).from_})
    bob.sends_jmi("ringing", call.ends[bob], sid)
    bob.sends_jmi("proceed", call.ends[bob], sid)
    accept = alice.receives(invite("accept", ident))
    stage.check_sender(accept, bob)
    if accept.xml.find(f".//{{{INVITES}}}jingle[@sid='{sid}']") is None:
        raise Failure(f"the accept should name the session: {accept.text}")
    call.ends[alice] = accept.from_
    call.relays(alice, "session-initiate", OFFER)
    call.relays(bob, "session-accept", ANSWER)
    call.ends_with(bob)
    alice.receives(invite("left", ident))
    bob.receives(jmi("finish", sid))


@scenario("a call invite is rejected; another is retracted", through_carillon=True)
def invite_refused(stage: Stage, alice: Peer, bob: Peer) -> None:
    to, sid, ident = stage.route.anywhere(bob), stage.new_sid(), stage.new_sid()
    sends_invite(stage, alice, to, "invite", ident, f"<jingle sid='{sid}'/>")
    bob.sends_jmi("reject", bob.receives(jmi("propose", sid)).from_, sid)
    stage.check_sender(alice.receives(invite("reject", ident)), bob)

    again, ident = stage.new_sid(), stage.new_sid()
    sends_invite(stage, alice, to, "invite", ident, f"<jingle sid='{again}'/>")
    bob.receives(jmi("propose", again))
    sends_invite(stage, alice, to, "retract", ident)
    bob.receives(jmi("retract", again))


@scenario("a message that invites and proposes is one call, as current clients send it", through_carillon=True, pairs=2)
def invited_twice(stage: Stage, alice: Peer, bob: Peer) -> None:
    to, sid = stage.route.anywhere(bob), stage.new_sid()
    alice.sends_xml(f"<message to='{to}' type='chat' id='m1'><invite xmlns='{INVITES}' id='i1'><jingle sid='{sid}'/></invite>"
                    f"<propose xmlns='{JMI}' id='{sid}'>{descriptions(['audio'])}</propose></message>")
    bob.sends_jmi("reject", bob.receives(jmi("propose", sid)).from_, sid)
    alice.receives(jmi("reject", sid))
    for peer in (alice, bob):
        peer.fence(stage.domain)
        peer.got_nothing(invite("reject"))
        peer.got_nothing(jmi("propose"))


@scenario("an invite to what nobody here can join is refused, whoever sends it", through_carillon=True, pairs=2)
def conference(stage: Stage, alice: Peer, bob: Peer) -> None:
    sends_invite(stage, alice, stage.route.anywhere(bob), "invite", "muji1",
                 "<muji xmlns='urn:xmpp:jingle:muji:0' room='room@muc.example.test'/>")
    says(alice.receives(message_error("muji1")), "feature-not-implemented")
    bob.fence(stage.domain)
    bob.got_nothing(jmi("propose"))


def stamped(seconds: float) -> str:
    stamp = (datetime.now(timezone.utc) - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"<delay xmlns='urn:xmpp:delay' stamp='{stamp}'/>"


@scenario("a propose that was held back too long does not ring, a retract counts however late it is", through_carillon=True, pairs=2)
def held_back(stage: Stage, alice: Peer, bob: Peer) -> None:
    to, late, fresh = stage.route.anywhere(bob), stage.new_sid(), stage.new_sid()
    for sid, delay in ((late, stamped(3600)), (fresh, stamped(5))):
        alice.sends_xml(f"<message to='{to}' type='chat'><propose xmlns='{JMI}' id='{sid}'>{descriptions(['audio'])}</propose>"
                        f"{delay}</message>")
    bob.receives(jmi("propose", fresh))
    bob.fence(stage.domain)
    bob.got_nothing(jmi("propose", late))
    alice.sends_xml(f"<message to='{to}' type='chat'><retract xmlns='{JMI}' id='{fresh}'/>{stamped(3600)}</message>")
    bob.receives(jmi("retract", fresh))


@scenario("what is wrapped in a carbon or forwarded says nothing about a call", through_carillon=True, pairs=2)
def wrapped(stage: Stage, alice: Peer, bob: Peer) -> None:
    to, sid = stage.route.anywhere(bob), stage.new_sid()
    proposes(stage, alice, bob, sid)
    shown = bob.receives(jmi("propose", sid)).from_
    for element in (f"<reject xmlns='{JMI}' id='{sid}'/>", f"<proceed xmlns='{JMI}' id='{sid}'/>",
                    f"<propose xmlns='{JMI}' id='{stage.new_sid()}'>{descriptions(['audio'])}</propose>",
                    f"<invite xmlns='{INVITES}' id='x'><jingle sid='{stage.new_sid()}'/></invite>"):
        inner = (f"<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='{bob.jid}' to='{alice.jid}' "
                 f"type='chat'>{element}</message></forwarded>")
        for wrapper in (inner, f"<sent xmlns='urn:xmpp:carbons:2'>{inner}</sent>",
                        f"<received xmlns='urn:xmpp:carbons:2'>{inner}</received>"):
            bob.sends_xml(f"<message to='{shown}' type='chat'>{wrapper}</message>")
    bob.fence(stage.domain)
    alice.fence(stage.domain)
    alice.got_nothing(Matcher("anything of it", lambda s: s.kind == "message"))
    bob.got_nothing(Matcher("an answer to it", lambda s: s.kind == "message"))
    bob.sends_jmi("reject", shown, sid)
    alice.receives(jmi("reject", sid))


@scenario("a device that is known to ring goes offline, and no other is known: the caller hears that he is gone", through_carillon=True,
          pairs=2)
def last_device_goes(stage: Stage, alice: Peer, bob: Peer) -> None:
    shown = stage.route.anywhere(alice)
    bob.sends_xml(f"<presence to='{shown}'/>")
    bob.fence(stage.domain)
    sid = stage.new_sid()
    proposes(stage, alice, bob, sid)
    bob.sends_jmi("ringing", bob.receives(jmi("propose", sid)).from_, sid)
    alice.receives(jmi("ringing", sid))
    bob.vanish()
    says(alice.receives(jmi("reject", sid), within=20.0), "gone")

