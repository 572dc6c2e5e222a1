/**
 * Calls between pages and XMPP clients that are logged in at the server: stanza in a page of its own (plain Jingle), and a
 * program on slixmpp and aiortc (XEP-0353).
 */

import assert from "node:assert/strict";

import { BOTH, talk } from "./calls.mjs";
import { readmeCalls } from "./page_tests.mjs";

/** A page calls a client. */
async function calls(stage, media, accept = media) {
    const bob = await stage.xmpp("bob", { accept });
    const alice = await stage.person("alice");
    assert.deepEqual(await alice.call(stage.jid("bob"), media), {});
    await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
    return [alice, bob];
}

/** A client calls a page. */
async function isCalled(stage, media, accept = media) {
    const bob = await stage.xmpp("bob");
    const alice = await stage.person("alice", { accept });
    assert.deepEqual(await bob.call(stage.contact("alice"), media), {});
    await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
    return [alice, bob];
}

export const XMPP = {
    "page calls stanza: audio": async (stage) => {
        const [alice, bob] = await calls(stage, { audio: true });
        await talk(alice, bob);
        await alice.act("hangup");
        assert.equal((await bob.reaches("ended")).ended, "success");
    },
    "page calls stanza: audio and video": async (stage) => talk(...await calls(stage, BOTH), { frames: 5 }),
    "stanza calls page: audio": async (stage) => {
        const [alice, bob] = await isCalled(stage, { audio: true });
        await talk(alice, bob);
        await bob.act("hangup");
        assert.equal((await alice.reaches("ended")).reason, "user_hangup");
    },
    "stanza calls page: audio and video": async (stage) => talk(...await isCalled(stage, BOTH), { frames: 5 }),
    "page calls aiortc: audio, hung up by the page": async (stage) => {
        const bob = await stage.device("bob", { accept: { audio: true } });
        const alice = await stage.person("alice");
        assert.deepEqual(await alice.call(stage.jid("bob")), {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        await talk(alice, bob);
        await alice.act("hangup");
        await bob.reaches("ended");
    },
    "page calls aiortc: audio and video": async (stage) => {
        const bob = await stage.device("bob", { accept: BOTH });
        const alice = await stage.person("alice");
        assert.deepEqual(await alice.call(stage.jid("bob"), BOTH), {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        return talk(alice, bob, { frames: 5 });
    },
    "aiortc calls page: audio": async (stage) => {
        const bob = await stage.device("bob");
        const alice = await stage.person("alice", { accept: { audio: true } });
        assert.deepEqual(await bob.call(stage.contact("alice")), {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        await talk(alice, bob);
        await alice.act("hangup");
        await bob.reaches("ended");
    },
    "aiortc calls page: audio and video, hung up by aiortc": async (stage) => {
        const bob = await stage.device("bob");
        const alice = await stage.person("alice", { accept: BOTH });
        assert.deepEqual(await bob.call(stage.contact("alice"), BOTH), {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        await talk(alice, bob, { frames: 5 });
        await bob.act("hangup");
        assert.equal((await alice.reaches("ended")).reason, "user_hangup");
    },
    "aiortc calls a page written from the documentation": async (stage) => {
        const bob = await stage.device("bob");
        const alice = await stage.byTheBook("alice", { accept: BOTH });
        assert.deepEqual(await bob.call(stage.contact("alice"), BOTH), {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        await talk(alice, bob, { frames: 5 });
        await bob.act("hangup");
        await alice.reaches("ended");
    },
    "aiortc declines": async (stage) => {
        const bob = await stage.device("bob");
        const alice = await stage.person("alice");
        await alice.call(stage.jid("bob"));
        await Promise.all([alice.reaches("ringing"), bob.reaches("ringing")]);
        await bob.act("reject");
        assert.equal((await alice.reaches("ended")).reason, "declined");
    },
    "stanza declines": async (stage) => {
        const bob = await stage.xmpp("bob");
        const alice = await stage.person("alice");
        await alice.call(stage.jid("bob"));
        await Promise.all([alice.reaches("ringing"), bob.reaches("ringing")]);
        await bob.act("reject");
        assert.equal((await alice.reaches("ended")).reason, "declined");
    },
    "page declines stanza": async (stage) => {
        const bob = await stage.xmpp("bob");
        const alice = await stage.person("alice");
        await bob.call(stage.contact("alice"));
        await alice.reaches("ringing");
        await alice.act("reject");
        assert.equal((await bob.reaches("ended")).ended, "decline");
    },
    "page holds stanza, and goes on": async (stage) => {
        const [alice, bob] = await calls(stage, { audio: true });
        await talk(alice, bob);
        await alice.act("hold", true);
        await bob.until("told of hold", ({ held }) => held === true);
        await alice.act("hold", false);
        await bob.until("told it goes on", ({ held }) => held === false);
        await talk(alice, bob);
    },
    "page and stanza ring, the page answers": async (stage) => {
        const phone = await stage.xmpp("bob");
        const bob = await stage.person("bob");
        const alice = await stage.person("alice");
        await alice.call(stage.jid("bob"));
        await Promise.all([phone.reaches("ringing"), bob.reaches("ringing")]);
        await bob.act("accept", { audio: true });
        await phone.reaches("ended");
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        return talk(alice, bob);
    },
    "a guest calls stanza by a link": async (stage) => {
        const bob = await stage.xmpp("bob", { accept: { audio: true } });
        const guest = await stage.person("guest", {}, await stage.guestToken("bob"));
        assert.deepEqual(await guest.call(undefined), {});
        await Promise.all([guest.reaches("connected"), bob.reaches("connected")]);
        return talk(guest, bob);
    },
    "a guest whose link is revoked talks to the end, and does not come back": async (stage) => {
        const { url, name } = await stage.world.ask("link", { to: stage.jid("bob"), uses: "5" });
        const bob = await stage.person("bob", { accept: { audio: true } });
        const guest = await stage.person("guest", {}, url.split("#")[1]);
        const idle = await stage.person("guest", {}, url.split("#")[1]);
        const away = await stage.person("guest", {}, url.split("#")[1]);
        assert.deepEqual(await guest.call(undefined), {});
        await Promise.all([guest.reaches("connected"), bob.reaches("connected")]);
        away.wire.cut();
        await stage.world.ask("revoke", { name });
        await idle.until("sent away", ({ phone }) => phone === "closed");
        away.wire.mend();
        assert.equal((await away.until("not let back", ({ phone }) => phone === "closed")).phoneReason, "unauthorized");
        const told = await talk(guest, bob);
        await guest.act("hangup");
        await guest.until("sent away", ({ phone }) => phone === "closed");
        return told;
    },
    "a guest's name is told to whom he calls: aiortc": async (stage) => {
        const bob = await stage.device("bob");
        const guest = await stage.person("guest", { name: "Alice Liddell" }, await stage.guestToken("bob"));
        assert.deepEqual(await guest.call(undefined), {});
        assert.equal((await bob.reaches("ringing")).caller, "Alice Liddell");
        assert.deepEqual(await bob.run("card"), { name: "Alice Liddell" });
        await guest.act("hangup");
        await bob.reaches("ended");
    },
    "a guest's name and a user's are told to a page": async (stage) => {
        const bob = await stage.person("bob");
        const guest = await stage.person("guest", { name: "Alice Liddell" }, await stage.guestToken("bob"));
        assert.deepEqual(await guest.call(undefined), {});
        await bob.reaches("ringing");
        const { name, address } = await bob.run("who");
        assert.equal(name, "Alice Liddell");
        assert.ok(address.startsWith("bob") || address.startsWith("link-"), address);
        await guest.act("hangup");
        await bob.reaches("ended");
        const alice = await stage.person("alice");
        assert.deepEqual(await alice.call(stage.jid("bob")), {});
        await bob.reaches("ringing");
        assert.deepEqual(await bob.run("who"), { name: "Alice", address: stage.jid("alice") });
    },
    "the name of aiortc's user is told to a page": async (stage) => {
        const bob = await stage.person("bob");
        const alice = await stage.device("alice");
        await alice.call(stage.contact("bob"), { audio: true });
        await bob.reaches("ringing");
        assert.deepEqual(await bob.run("who"), { name: `${stage.user("alice")} on aiortc`, address: stage.jid("alice") });
    },
    "somebody signs in at a page by what he says in his XMPP client": async (stage) => {
        const client = await stage.xmpp("alice");
        const page = await stage.open("/test/empty.html", { name: "alice" });
        await page.loaded();
        const signedIn = page.run("signIn", { jid: stage.jid("alice") });
        const { message } = await client.until("asked", ({ message }) => message !== undefined);
        const code = await page.run("code");
        assert.match(code, /^[0-9A-F]{6}$/);
        assert.ok(message.body.includes(code), message.body);
        await client.act("say", { to: message.from, thread: message.thread, body: "OK" });
        assert.ok((await signedIn).jid.startsWith(stage.contact("alice")));
        const bob = await stage.person("bob", { accept: { audio: true } });
        assert.deepEqual(await page.call(stage.jid("bob")), {});
        await Promise.all([page.reaches("connected"), bob.reaches("connected")]);
        return talk(page, bob);
    },
    "the softphone names the code, and a No is said": async (stage) => {
        const client = await stage.xmpp("alice");
        const { page } = await stage.open("/", { name: "alice", locale: "en-GB" });
        await page.click("#other-way");
        await page.fill("#address", stage.jid("alice"));
        await page.click("#sign-in-button");
        const { message } = await client.until("asked", ({ message }) => message !== undefined);
        const [, code] = /shows the code (\w+)\./.exec(message.body);
        assert.match(await page.locator("#sign-in-status").textContent(), new RegExp(`the code ${code}\\.`));
        await client.act("say", { to: message.from, thread: message.thread, body: "No" });
        await page.waitForSelector("#sign-in-status.wrong");
        return page.locator("#sign-in-status").textContent();
    },
    "the lines of the README call an XMPP user": async (stage) => {
        const bob = await stage.xmpp("bob", { accept: { audio: true } });
        await readmeCalls(stage);
        await bob.reaches("connected");
        await bob.receives();
    },
};
