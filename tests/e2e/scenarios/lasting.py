"""What happens when somebody goes away: a client, the server, Carillon itself, its disk."""

import resource
import sqlite3
from collections.abc import Callable
from contextlib import closing

from ..captures import captured, descriptions, media_of
from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Call, Stage, jingle, jmi
from ..stanza import message_error, presence, reply

ACTIVE = "<active xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>"
OFFER = captured("dino042-audio", "session-initiate")[0]
ANSWER = captured("dino042-audio", "session-accept")[0]
DESCRIPTION = "<content creator='initiator' name='audio'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></content>"
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
    call = _talks(stage, alice, bob)
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
    call = _talks(stage, alice, bob)

    stage.world.carillon.stop()

    alice.fence(stage.world.server.domain)
    alice.got_nothing(presence(contact, "unavailable"))
    for peer in (alice, bob):
        peer.got_nothing(jingle("session-terminate", call.sid))
    stage.world.carillon.start()
    _goes_on(call)
    call.ends_with(alice)


def _talks(stage: Stage, alice: Peer, bob: Peer) -> Call:
    """A call of which it is written down that the caller knows that it was accepted."""
    call = stage.talks(alice, bob)
    call.relays(alice, "session-info", ACTIVE)  # after her answer to the accept, and behind what is written because of it
    return call


def _goes_on(call: Call) -> None:
    """After a restart: both sides are asked whether they are there, and hear each other."""
    for peer in (call.caller, call.callee):
        peer.receives(jingle("session-info", call.sid), from_=call.ends[peer])
    for sender in (call.caller, call.callee):
        call.relays(sender, "description-info", DESCRIPTION)


@scenario("Carillon is killed during a call, and the call goes on", through_carillon=True, pairs=4)
def carillon_is_killed(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = _talks(stage, alice, bob)

    stage.world.carillon.kill()
    stage.world.carillon.start()

    _goes_on(call)
    call.ends_with(bob)


@scenario("Carillon is killed before the caller has answered the accept: she is asked, and gets it again", through_carillon=True)
def accept_is_lost(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.dials_device(alice, bob, OFFER)
    alice.holds_replies_to("session-accept")
    bob.gets_result(call.sends(bob, "session-accept", ANSWER))
    alice.receives(jingle("session-accept", call.sid))

    stage.world.carillon.kill()
    stage.world.carillon.start()

    again = alice.receives(jingle("session-accept", call.sid), from_=call.ends[alice])
    alice.sends_error(again, "wait", "unexpected-request", "out-of-order")  # as who has got it before
    _goes_on(call)
    call.ends_with(alice)


@scenario("Carillon is killed while it rings, and the call is taken up", through_carillon=True, pairs=4)
def carillon_is_killed_ringing(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = Call(stage, alice, bob, stage.new_sid(), {})
    alice.sends_jmi("propose", stage.route.anywhere(bob), call.sid, descriptions(media_of(OFFER)))
    bob.receives(jmi("propose", call.sid))

    stage.world.carillon.kill()
    stage.world.carillon.start()

    stage.callee_proceeds(call)  # he is asked again, since he had said nothing
    alice.receives(jmi("ringing", call.sid))
    call.ends[alice] = alice.receives(jmi("proceed", call.sid)).from_
    call.relays(alice, "session-initiate", OFFER)
    call.relays(bob, "session-accept", captured("dino042-audio", "session-accept")[0])
    call.ends_with(alice)


@scenario("a successor takes over while the old process runs: calls go on, and what is said in between is answered",
          through_carillon=True, pairs=2)
def handed_over(stage: Stage, alice: Peer, bob: Peer) -> None:
    call = stage.talks(alice, bob)
    asked: list[str] = []

    stage.world.carillon.hand_over(lambda: asked.extend(call.sends(alice, "description-info", DESCRIPTION) for _ in range(5)))

    answers = [alice.receives(reply(ident)) for ident in asked]
    for answer in answers:
        if answer.type == "result":  # The successor was there already; else it is the server that answers.
            call.arrives(alice, "description-info", DESCRIPTION)
    _goes_on(call)
    call.ends_with(bob)


@scenario("`carillon ctl` drains the service, lets calls in again, and makes it read its configuration", through_carillon=True, pairs=1)
def steered(stage: Stage, alice: Peer, bob: Peer) -> None:
    carillon = stage.world.carillon

    def order(word: str, said: str) -> None:
        seen = len(carillon.process.lines)
        if f"process {carillon.process.pid}: " not in carillon.ctl(word):
            raise Failure(f"ctl {word} does not name the process")
        if not carillon.process.wait_for_line(said, within=8.0, skip=seen):
            raise Failure(f"the service has not heard {word}")

    call = stage.talks(alice, bob)
    order("drain", "draining: no new calls are let in")
    ident = bob.sends_jmi("propose", stage.route.anywhere(alice), stage.new_sid(), descriptions(media_of(OFFER)))
    if bob.receives(message_error(ident)).conditions() != ["service-unavailable"]:
        raise Failure("a new call was let in")
    call.ends_with(alice)
    order("resume", "new calls are let in again")
    order("reload", r"carillon.toml is in force")
    order("log-level warning", "the log level is warning")
    stage.talks(alice, bob).ends_with(alice)


@scenario("a rule that a reload brings counts for the next call, and a file with a mistake changes nothing", through_carillon=True,
          pairs=1)
def reloaded(stage: Stage, alice: Peer, bob: Peer) -> None:
    carillon = stage.world.carillon

    def refused() -> None:
        ident = bob.sends_jmi("propose", stage.route.anywhere(alice), stage.new_sid(), descriptions(media_of(OFFER)))
        if bob.receives(message_error(ident)).conditions() != ["service-unavailable"]:
            raise Failure("the rule is not in force")

    with carillon.configured(f'[[policy.rule]]\nfrom = "{bob.bare}"\naction = "reject"\n'):
        call = stage.talks(alice, bob)
        carillon.ctl("reload")
        call.relays(alice, "session-info", ACTIVE)
        refused()
        with carillon.configured('[[policy.rule]]\naction = "maybe"\n'):
            if "does not know" not in carillon.ctl("reload", fails_with=78):
                raise Failure("ctl does not tell the mistake")
        refused()
        call.ends_with(alice)
    carillon.ctl("reload")
    stage.talks(bob, alice).ends_with(bob)


def _without_its_disk(stage: Stage, alice: Peer, bob: Peer, take: Callable[[], None], give_back: Callable[[], None]) -> None:
    """Calls go on while nothing can be written, and are on record when something can."""
    carillon = stage.world.carillon
    running = stage.talks(alice, bob)
    seen = len(carillon.process.lines)
    take()
    try:
        begun = stage.talks(bob, alice)
        if not carillon.process.wait_for_line("store: nothing can be written", within=8.0, skip=seen):
            raise Failure("the log does not say that nothing can be written")
        for call in (running, begun):
            call.relays(alice, "session-info", ACTIVE)
            call.ends_with(bob)
    finally:
        give_back()
    if not carillon.process.wait_for_line("writable again, nothing is lost", within=8.0, skip=seen):
        raise Failure("the log does not say that it is writable again")
    rows = {row["sid"]: row for row in carillon.calls()}
    for call in (running, begun):
        row = rows.get(call.sid)
        if row is None or not row["accepted"] or not row["ended"]:
            raise Failure(f"its record is {row}")


@scenario("another program locks the database: calls go on, and are on record in the end", through_carillon=True, pairs=2)
def locked_database(stage: Stage, alice: Peer, bob: Peer) -> None:
    with closing(sqlite3.connect(stage.world.carillon.directory / "carillon.db", isolation_level=None)) as other:
        _without_its_disk(stage, alice, bob, lambda: _execute(other, "BEGIN IMMEDIATE"), lambda: _execute(other, "ROLLBACK"))


def _execute(database: sqlite3.Connection, statement: str) -> None:
    database.execute(statement)


@scenario("the database cannot grow: calls go on, and are on record in the end", through_carillon=True, pairs=2)
def full_disk(stage: Stage, alice: Peer, bob: Peer) -> None:
    pid = stage.world.carillon.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)

    def may_write(size: int) -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
    _without_its_disk(stage, alice, bob, lambda: may_write(1), lambda: may_write(before[0]))
