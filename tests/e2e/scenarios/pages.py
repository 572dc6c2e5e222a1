"""Pages that sign in by an XMPP account, call its server's users and are called: all but the media."""

from __future__ import annotations

import secrets
from xml.sax.saxutils import escape

from ..page import Page
from ..peer import Failure, Peer
from ..scenario import scenario
from ..stage import Stage
from ..stanza import Matcher, Stanza, any_message_error, jmi, local, message_error, message_with_body, presence
from .commands import DESCRIPTIONS, Run

HTTP_AUTH = "{http://jabber.org/protocol/http-auth}"


def asks_to_sign_in(stage: Stage, owner: Peer, code: str) -> tuple[Page, int, Stanza]:
    """A page that says it is `owner`'s, and the question that he gets."""
    page = stage.world.page()
    hello = page.sends("session.hello", auth={"type": "xmpp", "jid": owner.bare, "code": code})
    question = owner.receives(message_with_body(), from_=stage.domain)
    confirm = question.xml.find(HTTP_AUTH + "confirm")
    if confirm is None or confirm.get("id") != code or code not in question.body() or page.origin not in question.body():
        raise Failure(f"the question names neither page nor code: {question.text}")
    return page, hello, question


def answers(owner: Peer, question: Stanza, word: str) -> None:
    thread = next(child.text or "" for child in question.xml if local(child.tag) == "thread")
    owner.sends_xml(f"<message to='{question.from_}' type='normal'><thread>{escape(thread)}</thread><body>{word}</body></message>")


@scenario("a page signs in when the owner of the account says OK, and calls", through_carillon=True, pairs=2)
def signs_in(stage: Stage, alice: Peer, bob: Peer) -> None:
    page, hello, question = asks_to_sign_in(stage, alice, "K7Q2")
    answers(alice, question, "OK")
    if not page.answer(hello)["jid"].startswith(alice.bare.replace("@", "\\40") + "@" + stage.domain + "/web-"):
        raise Failure("the page has another address than the contact address of the account")
    sid = secrets.token_hex(16)
    page.asks("call.invite", call_id=sid, to=bob.bare, media=["audio"])
    bob.receives(jmi("propose", sid), from_=stage.route.anywhere(alice) + "/call")
    page.asks("call.hangup", call_id=sid)
    bob.receives(jmi("retract", sid))
    page.close()


@scenario("a page does not sign in when the owner says No, nor when somebody else says OK", through_carillon=True, pairs=2)
def denied(stage: Stage, alice: Peer, bob: Peer) -> None:
    page, hello, question = asks_to_sign_in(stage, alice, "X1Y2")
    stranger = f"<message to='{question.from_}' id='not-mine' type='normal'><body>OK</body></message>"
    bob.sends_xml(stranger)
    bob.receives(message_error("not-mine"))
    answers(alice, question, "No")
    try:
        page.answer(hello)
    except Failure as refused:
        if "1001" not in str(refused):
            raise
    else:
        raise Failure("the page was let in although the owner said no")
    page.close()


@scenario("an account of a domain that is not served is asked nothing", through_carillon=True, pairs=1)
def foreign_account(stage: Stage, alice: Peer, bob: Peer) -> None:
    page = stage.world.page()
    try:
        page.hello(type="xmpp", jid="alice@elsewhere.test")
    except Failure as refused:
        if "1001" not in str(refused):
            raise
    else:
        raise Failure("a foreign account was let in")
    page.close()


def refuses_guest(stage: Stage, token: str, why: str) -> None:
    page = stage.world.page()
    try:
        page.hello(type="guest", token=token)
    except Failure as refused:
        if "1001" not in str(refused):
            raise
    else:
        raise Failure(f"a guest was let in with a link that is {why}")
    finally:
        page.close()


def calls(guest: Page, owner: Peer, address: str) -> str:
    """The guest calls, and the owner hears the link's address; returns the call's id."""
    sid = secrets.token_hex(16)
    guest.asks("call.invite", call_id=sid, media=["audio"])
    propose = owner.receives(jmi("propose", sid))
    if propose.from_.partition("/")[0] != address:
        raise Failure(f"the guest calls from {propose.from_}")
    guest.asks("call.hangup", call_id=sid)
    owner.receives(jmi("retract", sid))
    return sid


def leads_nowhere(stage: Stage, owner: Peer, token: str, address: str) -> None:
    refuses_guest(stage, token, "revoked")
    owner.sends_jmi("propose", address, secrets.token_hex(16), DESCRIPTIONS)  # nobody is there to be called back
    if owner.receives(any_message_error()).conditions() != ["service-unavailable"]:
        raise Failure("a revoked link still leads to its guests")


@scenario("links that are forged or revoked let nobody in, nor anybody back", through_carillon=True, pairs=2)
def bad_links(stage: Stage, alice: Peer, bob: Peer) -> None:
    made = Run(stage, alice, "create-link")
    made.completes(title="Shop", uses="1", expires="1d")
    token, address = made.value("url").rpartition("#")[2], made.value("address")
    alice.receives(presence(address, "subscribe"))
    for forged in ("x" if token[0] != "x" else "y") + token[1:], token[:-1], token + "A", "A" * 22, "%" * 22, "A" * 5000:
        refuses_guest(stage, forged, "forged")

    guest = stage.world.page()
    guest.hello(type="guest", token=token)
    calls(guest, alice, address)
    guest.close()

    revoked = Run(stage, alice, "revoke-link")
    revoked.step("next", link=address.partition("@")[0])
    revoked.completes(sure="1")
    leads_nowhere(stage, alice, token, address)


@scenario("a link that an administrator makes asks its owner for subscription; revoked, it stops the guest who is there", through_carillon=True,
          pairs=2)
def link_beside_the_service(stage: Stage, alice: Peer, bob: Peer) -> None:
    carillon = stage.world.carillon
    token = carillon.command("link", "new", "--to", alice.bare, "--title", "Help desk").strip().rpartition("#")[2]
    asked = alice.receives(Matcher("a link's question", lambda s: s.kind == "presence" and s.type == "subscribe"))
    address = asked.from_
    if asked.xml.findtext("{http://jabber.org/protocol/nick}nick") != "Help desk":
        raise Failure(f"it does not say what it is for: {asked.text}")
    guest = stage.world.page()
    guest.hello(type="guest", token=token)
    calls(guest, alice, address)

    seen = len(carillon.process.lines)
    carillon.command("link", "revoke", address.partition("@")[0])
    if not carillon.process.wait_for_line(r"is revoked beside us", within=8.0, skip=seen):
        raise Failure("the service has not heard of it")

    try:
        guest.asks("call.invite", call_id=secrets.token_hex(16), media=["audio"])
    except Failure as refused:
        if not any(word in str(refused) for word in ("1004", "closed with 4401")):  # his session may have ended by now
            raise
    alice.fence(stage.domain)
    alice.got_nothing(jmi("propose"))
    leads_nowhere(stage, alice, token, address)
    guest.close()
