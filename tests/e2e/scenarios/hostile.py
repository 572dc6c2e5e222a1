"""Stanzas made to do harm are answered with an error; the link stays up and everybody else's calls go on."""

from ..captures import captured
from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Stage
from ..stanza import Matcher, Stanza, message_error

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
