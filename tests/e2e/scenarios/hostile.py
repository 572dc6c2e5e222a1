"""Stanzas made to do harm are answered with an error; the link stays up and everybody else's calls go on."""

import re
from pathlib import Path

from ..captures import captured, descriptions, media_of
from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Stage
from ..stanza import Matcher, Stanza, any_message_error, jingle, jmi, message_error
from .answering import result_of
from .commands import COMMANDS, Run, lines

NS = "urn:xmpp:jingle:1"


def deep(sid: str) -> str:
    return f"<jingle xmlns='{NS}' action='session-info' sid='{sid}'>{'<x>' * 50}{'</x>' * 50}</jingle>"


def wide(sid: str) -> str:
    attributes = " ".join(f"a{n}='{n}'" for n in range(200))
    return f"<jingle xmlns='{NS}' action='session-info' sid='{sid}'><active xmlns='urn:xmpp:jingle:apps:rtp:info:1' {attributes}/></jingle>"


def long(sid: str) -> str:
    return f"<jingle xmlns='{NS}' action='session-info' sid='{sid}'><x xmlns='urn:example:long'>{'x' * 200_000}</x></jingle>"


def many(sid: str) -> str:
    content = captured("dino042-audio", "session-initiate")[0]
    contents = "".join(content.replace("name=\"audio\"", f"name=\"audio{n}\"") for n in range(60))
    return f"<jingle xmlns='{NS}' action='session-initiate' sid='{sid}'>{contents}</jingle>"


HOSTILE = {"50 levels deep": deep, "with 200 attributes": wide, "with 200 kB in a child": long, "with 60 contents": many}

for what, build in HOSTILE.items():
    @scenario(f"a request {what} gets an error; a call in progress does not notice", through_carillon=True, extra=1, pairs=2)
    def refused(stage: Stage, alice: Peer, bob: Peer, mallory: Peer, build=build) -> None:  # type: ignore[no-untyped-def]
        stage.world.login(mallory, stage.world.new_account("mallory"), "evil")
        call = stage.talks(alice, bob)
        stage.world.carillon.mark()

        for to in (stage.domain, stage.route.device(bob), call.ends[alice]):
            got: Stanza = mallory.asks(to, build(call.sid), "set")
            if got.type != "error":
                raise Failure(f"{to} should have refused it: {got.text[:300]}")
            if len(got.text) > 4000:
                raise Failure(f"the error repeats {len(got.text)} bytes of the request")

        call.relays(alice, "session-info", "<active xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")
        call.ends_with(bob)
        if stage.world.carillon.has_reconnected():
            raise Failure("the link went down")


@scenario("messages and presences made to do harm do not cut the link", through_carillon=True, pairs=2)
def hostile_messages(stage: Stage, alice: Peer, bob: Peer) -> None:
    stage.world.carillon.mark()
    nested = "<x>" * 50 + "</x>" * 50
    for to in (stage.domain, stage.route.anywhere(bob)):
        alice.sends_xml(f"<message to='{to}' type='chat' id='h1'><propose xmlns='urn:xmpp:jingle-message:0' id='h'>{nested}</propose></message>")
        alice.receives(message_error("h1"), from_=to)
        alice.sends_xml(f"<presence to='{to}' id='h2'><y xmlns='urn:example:y'>{nested}</y></presence>")
        alice.receives(Matcher("an error for the presence", lambda s: s.kind == "presence" and s.type == "error"), from_=to)
        alice.fence(to)
    bob.fence(stage.domain)
    bob.got_nothing(Matcher("a propose", lambda s: s.jmi is not None))
    if stage.world.carillon.has_reconnected():
        raise Failure("the link went down")


OFFER = captured("dino042-audio", "session-initiate")[0]
DESCRIPTIONS = descriptions(media_of(OFFER))
JMI = "urn:xmpp:jingle-message:0"


def names(stanza: Stanza, *addresses: str) -> bool:
    """Whether any of them shows in it, escaped or not."""
    return any(address in stanza.text or address.replace("@", "\\40") in stanza.text for address in addresses)


@scenario("a call comes from who sent it, whatever its payload says", through_carillon=True, extra=1, pairs=2)
def spoofed_payload(stage: Stage, alice: Peer, bob: Peer, mallory: Peer) -> None:
    stage.world.login(mallory, stage.world.new_account("mallory"), "evil")
    nick = f"<nick xmlns='http://jabber.org/protocol/nick'>{alice.bare}</nick>"
    device, sid = stage.route.device(bob), stage.new_sid()
    call = mallory.asks(device, f"<jingle xmlns='{NS}' action='session-initiate' initiator='{alice.jid}' responder='{alice.jid}' "
                                f"sid='{sid}'>{OFFER}{nick}</jingle>", "set")
    if call.type != "result":
        raise Failure(f"mallory may call bob: {call.text}")
    initiate = bob.receives(jingle("session-initiate", sid))
    bob.sends_jingle("session-terminate", initiate.from_, sid, "<reason><decline/></reason>")
    mallory.receives(jingle("session-terminate", sid))

    sid = stage.new_sid()
    mallory.sends_xml(f"<message to='{stage.route.anywhere(bob)}' type='chat' id='p1'>"
                      f"<addresses xmlns='http://jabber.org/protocol/address'><address type='ofrom' jid='{alice.jid}'/></addresses>"
                      f"<propose xmlns='{JMI}' id='{sid}'>{DESCRIPTIONS}</propose>{nick}</message>")
    propose = bob.receives(jmi("propose", sid))
    bob.sends_jmi("reject", propose.from_, sid)
    mallory.receives(jmi("reject", sid))

    for seen in (initiate, propose):
        stage.check_sender(seen, mallory)
        if names(seen, alice.bare):
            raise Failure(f"mallory calls in alice's name: {seen.text}")


@scenario("what somebody says another has said is not heard: carbons, forwards, other people's sessions", through_carillon=True, extra=1, pairs=2)
def wrapped(stage: Stage, alice: Peer, bob: Peer, mallory: Peer) -> None:
    stage.world.login(mallory, stage.world.new_account("mallory"), "evil")
    call = stage.talks(alice, bob)
    contact, sid = stage.route.anywhere(bob), stage.new_sid()
    told = {"propose": f"<message xmlns='jabber:client' from='{alice.jid}' to='{contact}' type='chat'><propose xmlns='{JMI}' id='{sid}'>{DESCRIPTIONS}</propose></message>",
            "finish": f"<message xmlns='jabber:client' from='{bob.jid}' to='{call.ends[bob]}' type='chat'><finish xmlns='{JMI}' id='{call.sid}'/></message>",
            "gone": f"<presence xmlns='jabber:client' from='{alice.jid}' to='{contact}' type='unavailable'/>"}
    for what in told.values():
        forwarded = f"<forwarded xmlns='urn:xmpp:forward:0'>{what}</forwarded>"
        for direction in ("sent", "received"):
            mallory.sends_xml(f"<message to='{contact}' type='chat'><{direction} xmlns='urn:xmpp:carbons:2'>{forwarded}</{direction}></message>")
        mallory.sends_xml(f"<message to='{contact}' type='chat'>{forwarded}</message>")
        mallory.sends_xml(f"<presence to='{contact}'>{forwarded}</presence>")
    # The same session from somebody who is not in it.
    end = "<reason><success/></reason>"
    for to in (contact, stage.route.device(bob), call.ends[alice], call.ends[bob]):
        request = f"<jingle xmlns='{NS}' action='session-terminate' initiator='{alice.jid}' sid='{call.sid}'>{end}</jingle>"
        if mallory.asks(to, request, "set").type != "error":
            raise Failure(f"mallory has ended the call at {to}")
        for word in ("retract", "reject", "finish", "proceed"):
            mallory.sends_jmi(word, to, call.sid)
    mallory.fence(stage.domain)
    mallory.sends_xml(f"<presence to='{contact}' type='unavailable'/>")
    for peer in (alice, bob):
        peer.fence(stage.domain)
        peer.got_nothing(Matcher("a Jingle Message", lambda s: s.jmi is not None))
        peer.got_nothing(jingle("session-terminate"))
    call.relays(alice, "session-info", "<active xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")
    call.ends_with(bob)


def of_form(fields: str, type_: str = "submit") -> str:
    return f"<x xmlns='jabber:x:data' type='{type_}'>{fields}</x>"


def pattern(value: str, more: str = "") -> str:
    return of_form(f"<field var='pattern'><value>{value}</value>{more}</field>")


FORMS = {"none": "", "a result": of_form("", "result"), "a form": of_form("", "form"), "of no type": of_form("", "nonsense"),
         "two values for one": pattern("a.test", "<value>b.test</value>"), "a line feed in an address": pattern("a&#10;b"),
         "5,000 bytes for an address": pattern("a" * 5000), "1,000 values": pattern("x", "<value>x</value>" * 1000),
         "2,000 fields": of_form("".join(f"<field var='f{n}'><value>x</value></field>" for n in range(2000))),
         "a field without a name": of_form("<field><value>x</value></field>"), "forms in forms": of_form(pattern("a.test"))}


@scenario("malformed commands and forms are refused or asked again, and the command is none the worse", through_carillon=True, extra=1, pairs=2)
def malformed_commands(stage: Stage, alice: Peer, bob: Peer, root: Peer) -> None:
    stage.world.login(root, stage.world.administrator, "desk")
    run = Run(stage, alice, "block")

    def tries(peer: Peer, attributes: str, form: str = "") -> Stanza:
        return peer.asks(stage.domain, f"<command xmlns='{COMMANDS}' {attributes}>{form}</command>", "set")

    session = f"node='block' sessionid='{run.session}'"
    for what, form in FORMS.items():
        got = tries(alice, session, form)
        if got.type != "error" and got.xml[0].get("status") != "executing":
            raise Failure(f"a form that is {what} went through: {got.text[:300]}")
    wrong = {"no node": "", "an unknown node": "node='no-such'", "an unknown action": "node='block' action='dance'",
             "the end of nothing": "node='block' action='complete'", "a step too far": f"{session} action='prev'",
             "an unknown session": "node='block' sessionid='none'",
             "the session of another command": f"node='unblock' sessionid='{run.session}'",
             "what is for administrators": "node='admin-drain'"}
    for what, attributes in wrong.items():
        if tries(alice, attributes).type != "error":
            raise Failure(f"{what} was taken")
    for thief in (bob, root):
        if tries(thief, session, pattern("*@example.test")).type != "error":
            raise Failure("a session was taken over")
    run.completes(pattern="*@spam.test")
    Run(stage, alice, "unblock").completes(patterns="*@spam.test")
    if "Stanzas refused as malformed: 0" in lines(Run(stage, root, "admin-statistics").last):
        raise Failure("nothing of it was counted")


@scenario("an oversized name and picture stay with their owner", through_carillon=True, pairs=2)
def oversized_card(stage: Stage, alice: Peer, bob: Peer) -> None:
    card = ("<vCard xmlns='vcard-temp'><FN>" + "B" * 5000 + "</FN><NICKNAME>boss@bank.example</NICKNAME><PHOTO><TYPE>image/png</TYPE>"
            "<BINVAL>" + "A" * 160_000 + "</BINVAL></PHOTO></vCard>")
    if bob.asks(bob.bare, card, "set").type != "result":
        raise Failure("this server keeps no such vCard")
    stage.world.carillon.mark()
    shown = result_of(alice.asks(stage.route.anywhere(bob), "<vCard xmlns='vcard-temp'/>"))
    if shown.findtext("{vcard-temp}FN") != "B" * 128 or shown.find("{vcard-temp}NICKNAME") is not None:
        raise Failure(f"his name is {shown.findtext('{vcard-temp}FN')}, {shown.findtext('{vcard-temp}NICKNAME')}")
    if shown.find("{vcard-temp}PHOTO") is not None:
        raise Failure("the picture is passed on")

    sid = stage.new_sid()
    name = "Alice &#x202E;" + "\u00e9" * 20_000
    alice.sends_xml(f"<message to='{stage.route.anywhere(bob)}' type='chat' id='n1'><propose xmlns='{JMI}' id='{sid}'>{DESCRIPTIONS}</propose>"
                    f"<nick xmlns='http://jabber.org/protocol/nick'>{name}</nick></message>")
    propose = bob.receives(jmi("propose", sid))
    called = propose.xml.findtext("{http://jabber.org/protocol/nick}nick") or ""
    if not called.startswith("Alice \u00e9") or len(called.encode()) > 128:
        raise Failure(f"she is called {called!r}")
    bob.sends_jmi("reject", propose.from_, sid)
    alice.receives(jmi("reject", sid))
    if stage.world.carillon.has_reconnected():
        raise Failure("the link went down")


FLOOD, AT_ONCE = 10_000, 500
MAX_GROWTH_KIB = 16 * 1024


def resident_kib(pid: int) -> int:
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0])


def has_sanitizer(pid: int) -> bool:
    """They keep what is freed for a while, so that memory says nothing."""
    return re.search(r"lib[at]san", Path(f"/proc/{pid}/maps").read_text()) is not None


@scenario("10,000 proposes from one JID: two ring, the others are refused and counted; everybody else calls as ever",
          through_carillon=True, extra=2, pairs=1)
def flood(stage: Stage, alice: Peer, bob: Peer, mallory: Peer, root: Peer) -> None:
    stage.world.login(mallory, stage.world.new_account("mallory"), "evil")
    stage.world.login(root, stage.world.administrator, "desk")
    carillon = stage.world.carillon
    contact, sids = stage.route.anywhere(bob), [stage.new_sid() for _ in range(FLOOD)]
    call = stage.talks(alice, bob)
    let_in = []
    for start in range(0, FLOOD, AT_ONCE):
        for sid in sids[start:start + AT_ONCE]:
            mallory.sends_jmi("propose", contact, sid, DESCRIPTIONS)
        if start == 0:
            let_in = [bob.receives(jmi("propose")) for _ in range(2)]
        for peer in (alice, bob):
            call.relays(peer, "session-info", "<active xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>")
        for _ in range(AT_ONCE - (len(let_in) if start == 0 else 0)):
            refused = mallory.receives(any_message_error())
            if refused.conditions() != ["resource-constraint"]:
                raise Failure(f"a limit says {refused.text}")
        if start == 0:
            before = resident_kib(carillon.process.pid)
    stage.talks(bob, alice).ends_with(alice)
    call.ends_with(bob)

    mallory.fence(stage.domain)
    mallory.got_nothing(any_message_error())
    bob.fence(stage.domain)
    bob.got_nothing(jmi("propose"))
    for propose in let_in:
        assert propose.jmi is not None
        sid = propose.jmi.get("id") or ""
        mallory.sends_jmi("retract", contact, sid)
        bob.receives(jmi("retract", sid))
    figures = dict(line.split(": ", 1) for line in lines(Run(stage, root, "admin-statistics").last).splitlines())
    counted = int(figures["Refused calls without a record of their own"])
    if not FLOOD - 100 <= counted < FLOOD:
        raise Failure(f"{counted} refused calls are counted")
    recorded = carillon.calls()
    rows = [row for row in recorded if row["caller"] == mallory.jid]
    if not 2 < len(rows) <= 50 or not any("or more times within a minute" in row["rule"] for row in rows):
        raise Failure(f"{len(rows)} records: {rows[:3]}")
    grown = resident_kib(carillon.process.pid) - before
    if grown > MAX_GROWTH_KIB and not has_sanitizer(carillon.process.pid):
        raise Failure(f"{FLOOD} proposes cost {grown} KiB")
