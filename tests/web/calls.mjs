/** Calls between pages, through the library. Each test gets a Stage; what it returns stands in the table. */

import assert from "node:assert/strict";

import { Wire } from "./wire.mjs";

export const BOTH = { audio: true, video: true };
const heard = ({ audio, frames }) => `${audio} packets${frames ? `, ${frames} frames` : ""}`;

/** Both hear, and see if asked; gives the words for the table. */
export async function talk(one, other, wanted = {}) {
    const [first, second] = await Promise.all([one.receives(wanted), other.receives(wanted)]);
    return `${one.name} <- ${heard(first)}; ${other.name} <- ${heard(second)}`;
}

export async function connected(stage, media = { audio: true }, accept = media, to = stage.jid("bob")) {
    const alice = await stage.person("alice");
    const bob = await stage.person("bob", { accept });
    assert.deepEqual(await alice.call(to, media), {});
    await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
    return [alice, bob];
}

export const CALLS = {
    "audio": async (stage) => {
        const [alice, bob] = await connected(stage);
        const told = await talk(alice, bob);
        await alice.act("hangup");
        const ended = await bob.reaches("ended");
        assert.equal(ended.reason, "user_hangup");
        assert.equal(ended.text, "The call has ended.");
        const { states } = await alice.run("state");
        assert.deepEqual(states.filter((state) => state !== "ringing"), ["connecting", ...(states.includes("ringing") ? ["connecting"] : []), "connected", "ended"]);
        return told;
    },
    "audio and video": async (stage) => talk(...await connected(stage, BOTH), { frames: 5 }),
    "video offered, answered with audio": async (stage) => {
        const [alice, bob] = await connected(stage, BOTH, { audio: true });
        const told = await bob.receives({ frames: 5 });
        assert.equal((await alice.run("state")).sees, false);
        return `bob <- ${heard(told)}`;
    },
    "rings, says so, is declined": async (stage) => {
        const alice = await stage.person("alice");
        const bob = await stage.person("bob");
        await alice.call(stage.jid("bob"));
        await Promise.all([alice.reaches("ringing"), bob.reaches("ringing")]);
        await bob.act("reject");
        assert.equal((await alice.reaches("ended")).reason, "declined");
        return "alice is told: declined";
    },
    "busy": async (stage) => {
        const alice = await stage.person("alice");
        const bob = await stage.person("bob");
        await alice.call(stage.jid("bob"));
        await bob.reaches("ringing");
        await bob.act("reject", "busy");
        const ended = await alice.reaches("ended");
        assert.equal(ended.text, "Busy on another call.");
        return ended.text;
    },
    "cancelled by the caller": async (stage) => {
        const alice = await stage.person("alice");
        const bob = await stage.person("bob");
        await alice.call(stage.jid("bob"));
        await bob.reaches("ringing");
        await alice.act("hangup");
        assert.equal((await bob.reaches("ended")).reason, "cancelled");
        return "bob is told: cancelled";
    },
    "nobody there": async (stage) => {
        const alice = await stage.person("alice");
        const { refused } = await alice.call(stage.jid("nobody"));
        if (refused) assert.equal(refused, "unavailable");
        else assert.equal((await alice.reaches("ended")).reason, "unavailable");
    },
    "two tabs ring, the caller gives up": async (stage) => {
        const alice = await stage.person("alice");
        const tabs = [await stage.person("bob"), await stage.person("bob")];
        await alice.call(stage.jid("bob"));
        await Promise.all(tabs.map((tab) => tab.reaches("ringing")));
        await alice.act("hangup");
        const ended = await Promise.all(tabs.map((tab) => tab.reaches("ended")));
        assert.deepEqual(ended.map(({ reason }) => reason), ["cancelled", "cancelled"]);
    },
    "two tabs ring, one declines": async (stage) => {
        const alice = await stage.person("alice");
        const tabs = [await stage.person("bob"), await stage.person("bob")];
        await alice.call(stage.jid("bob"));
        await Promise.all(tabs.map((tab) => tab.reaches("ringing")));
        await tabs[0].act("reject");
        assert.equal((await alice.reaches("ended")).reason, "declined");
        const other = await tabs[1].reaches("ended");
        assert.deepEqual([other.reason, other.text], ["declined_elsewhere", "Declined on another device."]);
    },
    "two tabs ring, one answers": async (stage) => {
        const alice = await stage.person("alice");
        const desk = await stage.person("bob");
        const sofa = await stage.person("bob");
        await alice.call(stage.jid("bob"));
        await Promise.all([desk.reaches("ringing"), sofa.reaches("ringing")]);
        await sofa.act("accept", { audio: true });
        assert.equal((await desk.reaches("ended")).reason, "answered_elsewhere");
        await alice.reaches("connected");
        return talk(alice, sofa);
    },
    "video added later, by each, and removed": async (stage) => {
        const [alice, bob] = await connected(stage);
        assert.deepEqual(await alice.act("addVideo"), {});
        const first = await bob.receives({ frames: 5 });
        assert.deepEqual(await bob.act("addVideo"), {});
        await alice.receives({ frames: 5 });
        await alice.act("removeVideo");
        await bob.until("no picture", ({ sees }) => !sees);
        assert.deepEqual(await alice.act("addVideo"), {});
        const again = await bob.receives({ frames: 5 });
        return `bob <- ${heard(first)}; again ${heard(again)}`;
    },
    "both add video at once": async (stage) => {
        const [alice, bob] = await connected(stage);
        await Promise.all([alice.act("addVideo"), bob.act("addVideo")]);
        return talk(alice, bob, { frames: 5 });
    },
    "hold, and on again": async (stage) => {
        const [alice, bob] = await connected(stage);
        await talk(alice, bob);
        await alice.act("hold", true);
        await bob.until("told of hold", ({ remoteHeld, text }) => remoteHeld && text === "On hold");
        await alice.falls_silent();
        await alice.act("hold", false);
        await bob.until("told it goes on", ({ remoteHeld }) => !remoteHeld);
        return talk(alice, bob);
    },
    "mute is told": async (stage) => {
        const [alice, bob] = await connected(stage);
        await alice.act("mute", true);
        await bob.until("told of mute", ({ remoteMuted }) => remoteMuted.includes("audio"));
        await alice.act("mute", false);
        await bob.until("told of no mute", ({ remoteMuted }) => remoteMuted.length === 0);
        return talk(alice, bob);
    },
    "digits": async (stage) => {
        const [alice, bob] = await connected(stage);
        assert.deepEqual(await alice.act("sendDTMF", "12#"), {});
        await stage.until("the tones are out", () => alice.run("tones"), (tones) => tones.startsWith("12#"));
        await talk(alice, bob);
        return "12#, with the sound";
    },
    "ICE restart when the network changes": async (stage) => {
        const [alice, bob] = await connected(stage);
        const before = await bob.receives();
        await alice.run("online");
        if (stage.frames.seen.length > 0) {
            await stage.until("a new offer", () => stage.frames.of("alice", "sent", "call.negotiate"), (told) => told.length >= 1);
        }
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        const told = await talk(alice, bob);
        const after = await bob.run("counted");
        if (before.ufrag && after.ufrag) {
            await stage.until("new ICE credentials", () => bob.run("counted"), ({ ufrag }) => ufrag !== before.ufrag);
        }
        return told;
    },
    "socket lost for some seconds, call goes on": async (stage) => {
        const [alice, bob] = await connected(stage);
        alice.wire.cut();
        await alice.until("reconnecting", ({ phone }) => phone === "reconnecting");
        const meanwhile = await bob.receives({ audio: 150 });
        await bob.act("mute", true);
        await bob.act("mute", false, "audio");
        await bob.act("hold", true);
        alice.wire.mend();
        await alice.until("back", ({ phone }) => phone === "open");
        await alice.until("told what was missed", ({ remoteHeld }) => remoteHeld);
        await bob.act("hold", false);
        await alice.until("told it goes on", ({ remoteHeld }) => !remoteHeld);
        const told = await talk(alice, bob);
        return `${told}; while it was lost bob <- ${heard(meanwhile)}`;
    },
    "socket lost as the call is placed": async (stage) => {
        const alice = await stage.person("alice");
        const bob = await stage.person("bob", { accept: { audio: true } });
        alice.wire.cut();
        await alice.until("reconnecting", ({ phone }) => phone === "reconnecting");
        const dialled = alice.call(stage.jid("bob"));
        alice.wire.mend();
        assert.deepEqual(await dialled, {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        return talk(alice, bob);
    },
    "the caller's page is loaded again": (stage) => reloads(stage, 0),
    "the callee's page is loaded again": (stage) => reloads(stage, 1),
    "the caller's page is loaded again while it rings": async (stage) => {
        stage.needsCarillon("keeps a call that rings when its caller's page is loaded again");
        const alice = await stage.person("alice");
        const bob = await stage.person("bob");
        await alice.call(stage.jid("bob"));
        await Promise.all([alice.reaches("ringing"), bob.reaches("ringing")]);
        await alice.reload();
        // It may still have been told of the call, and at once of its end.
        await alice.until("no call goes on", ({ calls, state }) => calls === 0 || state === "ended");
        return (await bob.reaches("ended")).reason;
    },
    "the callee's page is loaded again while it rings": async (stage) => {
        const alice = await stage.person("alice");
        const bob = await stage.person("bob");
        await alice.call(stage.jid("bob"));
        await bob.reaches("ringing");
        await bob.reload();
        await bob.reaches("ringing");
        await bob.act("accept", { audio: true });
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        return talk(alice, bob);
    },
    "both pages are loaded again": async (stage) => {
        stage.needsCarillon("does not settle two reloads at once");
        const [alice, bob] = await connected(stage);
        await talk(alice, bob);
        await Promise.all([alice.reload(), bob.reload()]);
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        return talk(alice, bob);
    },
    "reload with video": async (stage) => {
        const [alice, bob] = await connected(stage, BOTH);
        await talk(alice, bob, { frames: 5 });
        await bob.reload();
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        return talk(alice, bob, { frames: 5 });
    },
    "a guest calls by a link": async (stage) => {
        const guest = await stage.person("guest", {}, await stage.guestToken("bob"));
        const bob = await stage.person("bob", { accept: { audio: true } });
        assert.deepEqual(await guest.call(undefined), {});
        await Promise.all([guest.reaches("connected"), bob.reaches("connected")]);
        return talk(guest, bob);
    },
    "a guest's link is good once": async (stage) => {
        stage.needsCarillon("does not count links");
        const token = await stage.guestToken("bob", { uses: "1" });
        const bob = await stage.person("bob", { accept: { audio: true } });
        const guest = await stage.person("guest", {}, token);
        assert.deepEqual(await guest.call(undefined), {});
        await Promise.all([guest.reaches("connected"), bob.reaches("connected")]);
        await talk(guest, bob);
        await guest.act("hangup");
        await bob.reaches("ended");
        const second = await stage.person("guest", {}, token, true);
        if (!second.signedIn.refused) assert.equal((await second.call(undefined)).refused, "unauthorized");
        else assert.equal(second.signedIn.refused, "unauthorized");
        return second.signedIn.message;
    },
    "a guest's link is good twice": async (stage) => {
        stage.needsCarillon("does not count links");
        const token = await stage.guestToken("bob", { uses: "2" });
        const bob = await stage.person("bob", { accept: { audio: true } });
        for (const time of [1, 2]) {
            const guest = await stage.person("guest", {}, token);
            assert.deepEqual(await guest.call(undefined), {}, `time ${time}`);
            await Promise.all([guest.reaches("connected"), bob.reaches("connected")]);
            await talk(guest, bob);
            await guest.act("hangup");
            await bob.reaches("ended");
        }
        assert.equal((await stage.person("guest", {}, token, true)).signedIn.refused, "unauthorized");
    },
    "a guest's link is good on one site": async (stage) => {
        stage.needsCarillon("asks for no origin");
        const token = await stage.guestToken("bob", { uses: "2", origin: stage.free[0].url });
        assert.equal((await stage.person("guest", {}, token, true)).signedIn.refused, undefined);
        const elsewhere = await stage.person("guest", {}, token, true);
        assert.equal(elsewhere.signedIn.refused, "unauthorized");
        return elsewhere.signedIn.message;
    },
    "a page of an origin that may not connect": async (stage) => {
        stage.needsCarillon("asks for no origin");
        const foreign = stage.keep(await new Wire().start());
        const person = await stage.open("/test/empty.html", { wire: foreign.lead(stage.world.port), name: "alice" });
        person.token = stage.token("alice");
        const { refused, message } = await person.signIn();
        assert.equal(refused, "wrong_origin");
        return message;
    },
    "a page written from the documentation calls": async (stage) => {
        const alice = await stage.byTheBook("alice");
        const bob = await stage.person("bob", { accept: BOTH });
        assert.deepEqual(await alice.call(stage.jid("bob"), BOTH), {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        await talk(alice, bob, { frames: 5 });
        await alice.act("hangup");
        await bob.reaches("ended");
    },
    "a page written from the documentation is called": async (stage) => {
        const bob = await stage.byTheBook("bob", { accept: BOTH });
        const alice = await stage.person("alice");
        assert.deepEqual(await alice.call(stage.jid("bob"), BOTH), {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        await talk(alice, bob, { frames: 5 });
        await alice.act("hangup");
        await bob.reaches("ended");
    },
    "a link that is over": async (stage) => {
        const guest = await stage.person("guest", {}, await stage.expiredToken(), true);
        assert.equal(guest.signedIn.refused, "unauthorized");
        return guest.signedIn.message;
    },
    "microphone refused": async (stage) => {
        const alice = await stage.person("alice", {}, undefined, false, await stage.deaf());
        await stage.person("bob");
        const { refused, message } = await alice.call(stage.jid("bob"));
        assert.equal(refused, "microphone_refused");
        return message;
    },
    "microphone refused by the callee": async (stage) => {
        const bob = await stage.person("bob", {}, undefined, false, await stage.deaf());
        const alice = await stage.person("alice");
        await alice.call(stage.jid("bob"));
        await bob.reaches("ringing");
        assert.deepEqual(await bob.act("accept", { audio: true }), { refused: "microphone_refused" });
        assert.equal((await bob.run("state")).state, "ringing");
        await bob.act("reject");
        await alice.reaches("ended");
        return "goes on ringing";
    },
    "leaving the page without reload ends the call": async (stage) => {
        const alice = await stage.person("alice", { reload: false });
        const bob = await stage.person("bob", { accept: { audio: true } });
        await alice.call(stage.jid("bob"));
        await bob.reaches("connected");
        await alice.page.goto("about:blank");
        return (await bob.reaches("ended")).reason;
    },
};

async function reloads(stage, which) {
    const pair = await connected(stage);
    await talk(...pair);
    await pair[which].reload();
    await pair[which].until("restored", ({ how, state }) => how === "restored" && state === "connected");
    await pair[1 - which].reaches("connected");
    return talk(...pair);
}

/** What only the stand-in can be made to do. */
export const FAULTS = {
    "without an offer while it rings": async (stage) => {
        const pair = await connected(stage, BOTH, BOTH, "bob+jmi@example.org");
        return talk(...pair, { frames: 5 });
    },
    "goaway: resume": async (stage) => {
        const [alice, bob] = await connected(stage);
        stage.fake.goaway("alice", "resume");
        await stage.until("a second hello", () => stage.fake.sessionsOf("alice")[0].generation, (tokens) => tokens >= 2);
        await alice.until("open", ({ phone }) => phone === "open");
        return talk(alice, bob);
    },
    "an offer of theirs, and right behind it the refusal of ours": async (stage) => {
        const [alice, bob] = await connected(stage);
        stage.fake.crossing = true;
        await alice.act("addVideo");
        await stage.until("her offer waits", () => stage.frames.of("alice", "sent", "call.negotiate").length, (offers) => offers === 1);
        await bob.act("addVideo");
        return talk(alice, bob, { frames: 5 });
    },
    "an offer that is taken back is made again": async (stage) => {
        const [alice, bob] = await connected(stage);
        stage.fake.takingBack = true;
        await alice.act("addVideo");
        return `bob <- ${heard(await bob.receives({ frames: 5 }))}`;
    },
    "goaway: stop": async (stage) => {
        const alice = await stage.person("alice");
        stage.fake.goaway("alice", "stop", "expired");
        assert.equal((await alice.until("closed", ({ phone }) => phone === "closed")).phoneReason, "unauthorized");
        return "closed";
    },
    "goaway: reconnect": async (stage) => {
        const alice = await stage.person("alice");
        stage.fake.goaway("alice", "reconnect");
        await stage.until("a new session", () => stage.fake.sessionsOf("alice").length, (sessions) => sessions === 2);
        await alice.until("open", ({ phone }) => phone === "open");
        return "a session of its own";
    },
    "new TURN credentials in a call": async (stage) => {
        const [alice, bob] = await connected(stage);
        stage.fake.newIceServers([{ urls: ["turn:127.0.0.1:1"], username: "u", credential: "c" }]);
        await alice.run("online");
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        return talk(alice, bob);
    },
    "no TURN works": async (stage) => {
        stage.fake.iceServers = [{ urls: ["turn:127.0.0.1:1?transport=tcp"], username: "u", credential: "c" }];
        const alice = await stage.person("alice", { rtc: { iceTransportPolicy: "relay" } });
        await stage.person("bob", { accept: { audio: true }, rtc: { iceTransportPolicy: "relay" } });
        await alice.call(stage.jid("bob"));
        const ended = await alice.reaches("ended");
        assert.match(ended.reason, /^(no_relay|ice_failed)$/);
        return ended.text;
    },
};
