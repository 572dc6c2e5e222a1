"""Ad-hoc commands of the component, as a user's own client runs them."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Stage
from ..captures import captured, descriptions, media_of
from ..stanza import Matcher, Stanza, jingle, jmi, message_error

COMMANDS = "http://jabber.org/protocol/commands"
FORM = "{jabber:x:data}"
DESCRIPTIONS = descriptions(media_of(captured("dino042-audio", "session-initiate")[0]))


class Run:
    """One command, step by step."""

    def __init__(self, stage: Stage, peer: Peer, node: str) -> None:
        self.stage, self.peer, self.node, self.session = stage, peer, node, ""
        self.last = self.step("execute")

    def step(self, action: str, **values: str) -> ET.Element:
        fields = "".join(f"<field var='{var}'><value>{value}</value></field>" for var, value in values.items())
        form = f"<x xmlns='jabber:x:data' type='submit'>{fields}</x>" if values else ""
        session = f" sessionid='{self.session}'" if self.session else ""
        got = self.peer.asks(self.stage.domain, f"<command xmlns='{COMMANDS}' node='{self.node}'{session} action='{action}'>{form}</command>", "set")
        if got.type != "result":
            raise Failure(f"{self.node} {action} was refused: {got.text}")
        self.last = got.xml[0]
        self.session = self.last.get("sessionid") or ""
        return self.last

    def completes(self, **values: str) -> ET.Element:
        command = self.step("complete", **values)
        if command.get("status") != "completed":
            raise Failure(f"{self.node} is {command.get('status')}: {ET.tostring(command, encoding='unicode')}")
        return command

    def value(self, var: str) -> str:
        found = self.last.find(f"{FORM}x/{FORM}field[@var='{var}']/{FORM}value")
        if found is None or not found.text:
            raise Failure(f"no {var} in {ET.tostring(self.last, encoding='unicode')}")
        return found.text


def asks_to_subscribe(address: str, type_: str) -> Matcher:
    return Matcher(f"{type_} from {address}",
                   lambda s: s.kind == "presence" and s.type == type_ and s.from_ == address)


@scenario("disco names them, for users of the served domain", through_carillon=True, pairs=2)
def listed(stage: Stage, alice: Peer, bob: Peer) -> None:
    items: Stanza = alice.asks(stage.domain, f"<query xmlns='http://jabber.org/protocol/disco#items' node='{COMMANDS}'/>")
    nodes = {item.get("node") for item in items.xml[0]}
    if not {"create-link", "revoke-link", "block", "unblock", "do-not-disturb", "ring-devices"} <= nodes:
        raise Failure(f"commands are missing: {nodes}")
    if any((node or "").startswith("admin") for node in nodes):
        raise Failure(f"alice administers nothing, and sees {nodes}")
    refused = alice.asks(stage.domain, f"<command xmlns='{COMMANDS}' node='admin-block' action='execute'/>", "set")
    if refused.conditions()[:1] != ["forbidden"]:
        raise Failure(f"expected forbidden, got {refused.text}")


@scenario("a call link is made, asks its owner for subscription, and is revoked", through_carillon=True, pairs=2)
def call_link(stage: Stage, alice: Peer, bob: Peer) -> None:
    made = Run(stage, alice, "create-link")
    made.completes(title="Shop", uses="1", expires="1d")
    if not re.fullmatch(r"http://[0-9.:]+/c#[A-Za-z0-9_-]{22}", made.value("url")):
        raise Failure(f"that is no link: {made.value('url')}")
    address = made.value("address")
    alice.receives(asks_to_subscribe(address, "subscribe"))

    revoked = Run(stage, alice, "revoke-link")
    revoked.step("next", link=address.partition("@")[0])
    revoked.step("prev")
    revoked.step("next", link=address.partition("@")[0])
    revoked.completes(sure="1")
    if "no call links" not in ET.tostring(Run(stage, alice, "list-links").last, encoding="unicode"):
        raise Failure("the link is still there")


@scenario("block, unblock, do not disturb and the devices that ring", through_carillon=True, pairs=2)
def settings(stage: Stage, alice: Peer, bob: Peer) -> None:
    Run(stage, alice, "block").completes(pattern=bob.bare)
    Run(stage, alice, "unblock").completes(patterns=bob.bare)
    quiet = Run(stage, alice, "do-not-disturb")
    quiet.step("complete", dnd="0", **{"from": "25:00", "until": "07:00", "offset": "+01:00"})
    if quiet.last.get("status") != "executing":
        raise Failure("25:00 is no time of day")
    quiet.completes(dnd="0", **{"from": "22:00", "until": "07:00", "offset": "+01:00"})
    again = Run(stage, alice, "do-not-disturb")
    if (again.value("from"), again.value("until")) != ("21:00", "06:00"):
        raise Failure(f"quiet from {again.value('from')} until {again.value('until')}")
    again.step("cancel")
    Run(stage, alice, "ring-devices").completes(devices=alice.resource)


def rings(stage: Stage, caller: Peer, callee: Peer) -> None:
    """A call rings; it is given up at once then."""
    sid = stage.new_sid()
    caller.sends_jmi("propose", stage.route.anywhere(callee), sid, DESCRIPTIONS)
    propose = callee.receives(jmi("propose", sid))
    caller.sends_jmi("retract", stage.route.anywhere(callee), sid)
    callee.receives(jmi("retract", sid), from_=propose.from_)


def is_refused(stage: Stage, caller: Peer, callee: Peer) -> None:
    """A call does not ring, and the caller does not learn why."""
    sid = stage.new_sid()
    ident = caller.sends_jmi("propose", stage.route.anywhere(callee), sid, DESCRIPTIONS)
    refused = caller.receives(message_error(ident))
    if refused.conditions() != ["service-unavailable"]:
        raise Failure(f"the caller learns why: {refused.text}")
    callee.fence(stage.domain)
    callee.got_nothing(jmi("propose", sid))


@scenario("a block, one's own or the operator's, and do not disturb hold from the next call on, and until they are taken back",
          through_carillon=True, pairs=2, extra=1)
def settings_hold(stage: Stage, alice: Peer, bob: Peer, root: Peer) -> None:
    stage.world.login(root, stage.world.administrator, "desk")
    calm = {"from": "", "until": "", "offset": "+00:00", "missed": "1"}
    steps = [(bob, "block", {"pattern": stage.route.anywhere(alice)}, "unblock", {"patterns": alice.bare}),
             (bob, "do-not-disturb", {"dnd": "1", **calm}, "do-not-disturb", {"dnd": "0", **calm}),
             (root, "admin-block", {"pattern": alice.bare}, "admin-unblock", {"patterns": alice.bare})]
    for who, order, values, back, values_back in steps:
        Run(stage, who, order).completes(**values)
        is_refused(stage, alice, bob)
        Run(stage, who, back).completes(**values_back)
        rings(stage, alice, bob)


def lines(command: ET.Element) -> str:
    return "\n".join(value.text or "" for value in command.iter(f"{FORM}value"))


def last_calls(stage: Stage, peer: Peer) -> str:
    return lines(Run(stage, peer, "last-calls").last)


@scenario("both parties find the call among their last ones, by each other's own address", through_carillon=True, pairs=2)
def my_last_calls(stage: Stage, alice: Peer, bob: Peer) -> None:
    if last_calls(stage, bob):
        raise Failure("bob has not been called yet")
    call = stage.talks(alice, bob)
    call.ends_with(bob)
    for peer in (alice, bob):
        got = last_calls(stage, peer)
        if f"{alice.bare} -> {bob.bare}: answered" not in got:
            raise Failure(f"{peer.name}'s last calls are: {got}")


@scenario("the administrator sees the calls and ends one", through_carillon=True, pairs=2, extra=1)
def admin_ends(stage: Stage, alice: Peer, bob: Peer, root: Peer) -> None:
    stage.world.login(root, stage.world.administrator, "desk")
    call = stage.talks(alice, bob)
    row = next(line for line in lines(Run(stage, root, "admin-calls").last).split("\n") if alice.bare in line)
    if f"{alice.bare} -> {bob.bare}: in call" not in row:
        raise Failure(f"the call shows as {row}")
    ident = row.partition("[")[2].partition("]")[0]
    if "is ended" not in ET.tostring(Run(stage, root, "admin-end-call").completes(call=ident), encoding="unicode"):
        raise Failure("the call is not ended")
    for peer in (alice, bob):
        peer.receives(jingle("session-terminate", call.sid))
    if alice.bare in lines(Run(stage, root, "admin-calls").last):
        raise Failure("the call is still there")


@scenario("while it drains no new call is let in, and running ones go on", through_carillon=True, pairs=2, extra=1)
def admin_drains(stage: Stage, alice: Peer, bob: Peer, root: Peer) -> None:
    stage.world.login(root, stage.world.administrator, "desk")
    call = stage.talks(alice, bob)
    Run(stage, root, "admin-drain").completes(drain="1")
    try:
        ident = bob.sends_jmi("propose", stage.route.anywhere(alice), stage.new_sid(), DESCRIPTIONS)
        if bob.receives(message_error(ident)).conditions() != ["service-unavailable"]:
            raise Failure("a new call was let in")
        if "draining" not in lines(Run(stage, root, "admin-statistics").last):
            raise Failure("the statistics do not say that it drains")
        call.ends_with(alice)
    finally:
        Run(stage, root, "admin-drain").completes(drain="0")
    stage.talks(alice, bob).ends_with(alice)


@scenario("the log level changes at once, statistics have figures", through_carillon=True, pairs=1, extra=1)
def admin_log_level(stage: Stage, alice: Peer, bob: Peer, root: Peer) -> None:
    stage.world.login(root, stage.world.administrator, "desk")
    before = Run(stage, root, "admin-log-level")
    level = before.value("level")
    before.completes(level="error")
    try:
        if Run(stage, root, "admin-log-level").value("level") != "error":
            raise Failure("the log level is as before")
        if "Log level: error" not in lines(Run(stage, root, "admin-statistics").last):
            raise Failure("the statistics have another log level")
    finally:
        Run(stage, root, "admin-log-level").completes(level=level)
