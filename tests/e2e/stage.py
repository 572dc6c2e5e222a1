"""Where the scenarios play: the addresses, a call in progress, and the record of what was relayed."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from xml.etree import ElementTree as ET

from . import captures
from .peer import Failure, Peer
from .stanza import JINGLE, Stanza, jingle, jmi, lost, message_error, reply

if TYPE_CHECKING:
    from .world import World

ACTIONS = ["session-initiate", "session-accept", "session-terminate", "session-info", "transport-info",
           "transport-replace", "transport-accept", "transport-reject", "content-add", "content-accept",
           "content-modify", "content-reject", "content-remove", "description-info", "security-info"]
TO_CALLEE, TO_CALLER = "caller->callee", "callee->caller"


class Route(Protocol):
    """How one client addresses another."""
    through_carillon: bool

    def anywhere(self, peer: Peer) -> str: ...
    def device(self, peer: Peer) -> str: ...


class ThroughCarillon:
    """By the contact address: bob\\40example.test@call.example.test."""
    through_carillon = True

    def __init__(self, domain: str) -> None:
        self.domain = domain

    def anywhere(self, peer: Peer) -> str:
        return peer.bare.replace("@", "\\40") + "@" + self.domain

    def device(self, peer: Peer) -> str:
        return f"{self.anywhere(peer)}/{peer.resource}"


class Direct:
    """By the own addresses: shows that the clients and the scenarios are right when nobody stands between."""
    through_carillon = False

    def anywhere(self, peer: Peer) -> str:
        return peer.bare

    def device(self, peer: Peer) -> str:
        return peer.jid


@dataclass
class Record:
    """Which action went which way, between which kinds of clients."""
    seen: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, action: str, way: str, pair: str) -> None:
        self.seen[action, way].add(pair)


@dataclass
class Call:
    """A call between two clients. `ends` has, for each of them, the address at which it has the other."""
    stage: Stage
    caller: Peer
    callee: Peer
    sid: str
    ends: dict[Peer, str]

    def other(self, peer: Peer) -> Peer:
        return self.callee if peer is self.caller else self.caller

    def sends(self, sender: Peer, action: str, children: str = "") -> str:
        return sender.sends_jingle(action, self.ends[sender], self.sid, children)

    def arrives(self, sender: Peer, action: str, children: str = "") -> Stanza:
        """At the other end: same action, same session, own addresses only, nothing missing."""
        receiver = self.other(sender)
        got = receiver.receives(jingle(action, self.sid), from_=self.ends.get(receiver))
        self.stage.check_relayed(got, sender, receiver, children)
        way = TO_CALLEE if sender is self.caller else TO_CALLER
        self.stage.record.add(action, way, f"{self.caller.kind}->{self.callee.kind}")
        return got

    def relays(self, sender: Peer, action: str, children: str = "") -> Stanza:
        """The whole way: sent, arrived as it should, acknowledged by the address it was sent to."""
        ident = self.sends(sender, action, children)
        got = self.arrives(sender, action, children)
        sender.gets_result(ident, from_=self.ends[sender])
        return got

    def ends_with(self, sender: Peer, reason: str = "success") -> None:
        self.relays(sender, "session-terminate", f"<reason><{reason}/></reason>")


class Stage:
    world: World

    def __init__(self, route: Route, record: Record, domain: str) -> None:
        self.route = route
        self.record = record
        self.domain = domain  # Carillon's own

    def new_sid(self) -> str:
        return "c" + secrets.token_hex(8)

    def check_relayed(self, got: Stanza, sender: Peer, receiver: Peer, children: str) -> None:
        if got.to != receiver.jid:
            raise Failure(f"{receiver.name} got a stanza to {got.to}")
        if self.route.through_carillon and sender.bare in got.text:
            raise Failure(f"the own address {sender.bare} of {sender.name} shows in {got.text}")
        if got.jingle is not None:
            sent = ET.fromstring(f"<jingle xmlns='{JINGLE[1:-1]}'>{children}</jingle>")
            missing = list(lost(sent, got.jingle))
            if missing:
                raise Failure(f"{receiver.name} did not get all that {sender.name} sent: {'; '.join(missing[:8])}")

    def check_sender(self, got: Stanza, sender: Peer) -> None:
        """What `got` came from stands for `sender`."""
        expected = self.route.anywhere(sender)
        if got.from_.partition("/")[0] != expected:
            raise Failure(f"{expected} should have sent this, but {got.from_} did: {got.text}")

    # Ways to begin a call. Each ends with the callee holding the offer.

    def dials_device(self, caller: Peer, callee: Peer, offer: str) -> Call:
        """session-initiate to one device of the callee."""
        dialled = self.route.device(callee)
        call = Call(self, caller, callee, self.new_sid(), {caller: dialled})
        ident = call.sends(caller, "session-initiate", offer)
        got = call.arrives(caller, "session-initiate", offer)
        self.check_sender(got, caller)
        call.ends[callee] = got.from_
        caller.gets_result(ident, from_=dialled)
        return call

    def proposes(self, caller: Peer, callee: Peer, offer: str) -> Call:
        """propose, ringing, proceed, and session-initiate to whoever sent proceed."""
        call = Call(self, caller, callee, self.new_sid(), {})
        caller.sends_jmi("propose", self.route.anywhere(callee), call.sid, captures.descriptions(captures.media_of(offer)))
        self.callee_proceeds(call)
        caller.receives(jmi("ringing", call.sid))
        proceed = caller.receives(jmi("proceed", call.sid))
        self.check_sender(proceed, callee)
        call.ends[caller] = proceed.from_
        call.relays(caller, "session-initiate", offer)
        return call

    def callee_proceeds(self, call: Call) -> None:
        """The callee gets a propose, rings and goes off the hook."""
        propose = call.callee.receives(jmi("propose", call.sid))
        self.check_sender(propose, call.caller)
        call.ends[call.callee] = propose.from_
        call.callee.sends_jmi("ringing", propose.from_, call.sid)
        call.callee.sends_jmi("proceed", propose.from_, call.sid)

    def talks(self, caller: Peer, callee: Peer, capture: str = "dino042-audio") -> Call:
        """A call that has been accepted, for scenarios that begin there."""
        call = self.dials_device(caller, callee, captures.captured(capture, "session-initiate")[0])
        call.relays(callee, "session-accept", captures.captured(capture, "session-accept")[0])
        return call


__all__ = ["ACTIONS", "Call", "Direct", "Record", "Route", "Stage", "ThroughCarillon", "jingle", "jmi", "message_error",
           "reply"]
