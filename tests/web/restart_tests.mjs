/** Carillon or the server goes away and comes back, in calls and while they ring; every call has to go on. */

import assert from "node:assert/strict";

import { BOTH, connected, talk } from "./calls.mjs";

const open = (...people) => Promise.all(people.map((person) => person.until("open", ({ phone }) => phone === "open")));

/** Both talk, each is told what the other does, and the end of the call. */
async function goesOn(alice, bob) {
    await talk(alice, bob);
    await alice.act("hold", true);
    await bob.until("told of hold", ({ remoteHeld }) => remoteHeld);
    await alice.act("hold", false);
    await bob.until("told it goes on", ({ remoteHeld }) => !remoteHeld);
    assert.deepEqual(await bob.act("addVideo"), {});
    const { frames } = await alice.receives({ frames: 5 });
    await bob.act("hangup");
    assert.equal((await alice.reaches("ended")).reason, "user_hangup");
    return `then hold, ${frames} frames of a video, and hung up`;
}

async function restartsInCall(stage, how) {
    const [alice, bob] = await connected(stage);
    await talk(alice, bob);
    const { seconds } = await stage.world.ask("restart_carillon", { how });
    await open(alice, bob);
    return `after ${seconds} s ${await goesOn(alice, bob)}`;
}

async function restartsWhileItRings(stage, how) {
    const alice = await stage.person("alice");
    const bob = await stage.person("bob");
    await alice.call(stage.jid("bob"));
    await Promise.all([alice.reaches("ringing"), bob.reaches("ringing")]);
    await stage.world.ask("restart_carillon", { how });
    await open(alice, bob);
    assert.equal((await alice.run("state")).state, "ringing");
    assert.deepEqual(await bob.act("accept", { audio: true }), {});
    await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
    return goesOn(alice, bob);
}

export const RESTARTS = {
    "Carillon is killed in a call": (stage) => restartsInCall(stage, "kill"),
    "Carillon is stopped and started in a call": (stage) => restartsInCall(stage, "stop"),
    "Carillon is killed in a call, and for a minute nobody says a word to it": async (stage) => {
        const [alice, bob] = await connected(stage);
        await stage.world.ask("restart_carillon");
        await open(alice, bob);
        const aWhile = { audio: 11 * 50 };  // 11 s
        for (let time = 0; time < 6; time += 1) await talk(alice, bob, aWhile);
        return goesOn(alice, bob);
    },
    "Carillon is killed as the call is taken, before the caller hears it": async (stage) => {
        const alice = await stage.person("alice");
        const bob = await stage.person("bob");
        await alice.call(stage.jid("bob"));
        await Promise.all([alice.reaches("ringing"), bob.reaches("ringing")]);
        alice.wire.cut();
        assert.deepEqual(await bob.act("accept", { audio: true }), {});
        await bob.act("mute", true);
        await stage.world.ask("restart_carillon");
        alice.wire.mend();
        await open(alice, bob);
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        await alice.until("told of mute", ({ remoteMuted }) => remoteMuted.includes("audio"));
        await bob.act("mute", false);
        return goesOn(alice, bob);
    },
    "Carillon is killed as video is added": async (stage) => {
        const [alice, bob] = await connected(stage);
        await talk(alice, bob);
        const restarted = stage.world.ask("restart_carillon");
        assert.deepEqual(await alice.act("addVideo"), {});
        await restarted;
        await bob.receives({ frames: 5 });
        return goesOn(alice, bob);
    },
    "Carillon is killed while it rings": (stage) => restartsWhileItRings(stage, "kill"),
    "Carillon is stopped and started while it rings": (stage) => restartsWhileItRings(stage, "stop"),
    "Carillon is killed while it rings, and the caller gives up": async (stage) => {
        const alice = await stage.person("alice");
        const bob = await stage.person("bob");
        await alice.call(stage.jid("bob"));
        await Promise.all([alice.reaches("ringing"), bob.reaches("ringing")]);
        await stage.world.ask("restart_carillon");
        await open(alice, bob);
        await alice.act("hangup");
        assert.equal((await bob.reaches("ended")).reason, "cancelled");
    },
    "Carillon is killed in a call, and a page is loaded again": async (stage) => {
        const [alice, bob] = await connected(stage, BOTH);
        await talk(alice, bob, { frames: 5 });
        await stage.world.ask("restart_carillon");
        await bob.reload();
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        return talk(alice, bob, { frames: 5 });
    },
    "Carillon is killed in a guest's call": async (stage) => {
        const guest = await stage.person("guest", {}, await stage.guestToken("bob"));
        const bob = await stage.person("bob", { accept: { audio: true } });
        assert.deepEqual(await guest.call(undefined), {});
        await Promise.all([guest.reaches("connected"), bob.reaches("connected")]);
        await talk(guest, bob);
        await stage.world.ask("restart_carillon");
        await open(guest, bob);
        return goesOn(guest, bob);
    },
    "Carillon is killed in a call from a page to aiortc": async (stage) => {
        const bob = await stage.device("bob", { accept: { audio: true } });
        const alice = await stage.person("alice");
        assert.deepEqual(await alice.call(stage.jid("bob")), {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        await talk(alice, bob);
        await stage.world.ask("restart_carillon");
        await open(alice);
        await talk(alice, bob);
        await bob.act("hangup");
        assert.equal((await alice.reaches("ended")).reason, "user_hangup");
    },
    "Carillon is killed in a call from stanza to a page": async (stage) => {
        const bob = await stage.xmpp("bob");
        const alice = await stage.person("alice", { accept: { audio: true } });
        assert.deepEqual(await bob.call(stage.contact("alice")), {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        await talk(alice, bob);
        await stage.world.ask("restart_carillon");
        await open(alice);
        await alice.act("hold", true);
        await bob.until("told of hold", ({ held }) => held === true);
        await alice.act("hold", false);
        await talk(alice, bob);
        await alice.act("hangup");
        assert.equal((await bob.reaches("ended")).ended, "success");
    },
    "Prosody restarts in a call": async (stage) => {
        const [alice, bob] = await connected(stage);
        await talk(alice, bob);
        await stage.world.ask("restart_server");
        return goesOn(alice, bob);
    },
    "Prosody restarts while it rings": async (stage) => {
        const alice = await stage.person("alice");
        const bob = await stage.person("bob");
        await alice.call(stage.jid("bob"));
        await Promise.all([alice.reaches("ringing"), bob.reaches("ringing")]);
        await stage.world.ask("restart_server");
        assert.deepEqual(await bob.act("accept", { audio: true }), {});
        await Promise.all([alice.reaches("connected"), bob.reaches("connected")]);
        return goesOn(alice, bob);
    },
};
