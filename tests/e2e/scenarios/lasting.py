"""What happens when somebody goes away: a client, the server, Carillon itself."""

from ..captures import captured
from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Stage, jingle
from ..stanza import presence

ACTIVE = "<active xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>"
GONE_WITHIN = 25.0  # 10 s of patience, a ping of the session, and time for a busy machine


def _vanishes(stage: Stage, who: Peer, other: Peer, call) -> None:  # type: ignore[no-untyped-def]
    who.vanish()
    ended = other.receives(jingle("session-terminate", call.sid), from_=call.ends[other], within=GONE_WITHIN)
    if "<" not in ended.text or not any(word in ended.text for word in ("gone", "connectivity-error")):
        raise Failure(f"the call should end with gone: {ended.text}")


@scenario("the callee vanishes, and the caller's call ends", through_carillon=True, pairs=1)
def callee_vanishes(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.talks(alice, bob)
    bob.sends_xml(f"<presence to='{call.ends[bob]}'/>")
    bob.receives(presence(stage.route.anywhere(alice)))
    _vanishes(stage, bob, alice, call)


@scenario("the caller vanishes, and the callee's call ends", through_carillon=True, pairs=1)
def caller_vanishes(stage: Stage, alice: Peer, bob: Peer) -> None:
    alice.sends_xml(f"<presence to='{stage.route.anywhere(bob)}'/>")
    alice.receives(presence(stage.route.anywhere(bob)))
    call = stage.talks(alice, bob)
    _vanishes(stage, alice, bob, call)


@scenario("the callee's device is not there: the caller is told at once", through_carillon=True, pairs=2)
def device_gone(stage: Stage, alice: Peer, bob: Peer) -> None:
    to = f"{stage.route.anywhere(bob)}/no-such-device"
    sid = stage.new_sid()
    alice.gets_result(alice.sends_jingle("session-initiate", to, sid, captured("dino042-audio", "session-initiate")[0]), from_=to)
    alice.receives(jingle("session-terminate", sid), from_=to)


@scenario("the server restarts during a call, and the call goes on", through_carillon=True, pairs=2)
def server_restarts(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.talks(alice, bob)
    accounts = {peer: (peer.account, peer.resource) for peer in (alice, bob)}
    stage.world.restart_server()
    for peer, (account, resource) in accounts.items():
        stage.world.login(peer, account, resource)

    call.relays(alice, "session-info", ACTIVE)
    call.relays(bob, "session-info", ACTIVE)
    call.ends_with(bob)


@scenario("Carillon ends within two seconds and says nothing about it to those who see it present", through_carillon=True, pairs=1)
def carillon_stops(stage: Stage, alice: Peer, bob: Peer) -> None:
    contact = stage.route.anywhere(bob)
    alice.sends_xml(f"<presence to='{contact}'/>")
    alice.receives(presence(contact))
    call = stage.talks(alice, bob)

    stage.world.carillon.stop()

    alice.fence(stage.world.server.domain)
    alice.got_nothing(presence(contact, "unavailable"))
    for peer in (alice, bob):
        peer.got_nothing(jingle("session-terminate", call.sid))
    stage.world.carillon.start()
