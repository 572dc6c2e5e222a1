/** docs/web-protocol.md, sentence by sentence, against the program. Each test gets the Lab. */

import assert from "node:assert/strict";

import { ANSWER, CANDIDATE, FAR_CANDIDATE, OFFER, answer, offer } from "./lab.mjs";
import { newId } from "./page.mjs";


/** As a new peer connection writes it. */
const restarted = (sdp) => sdp.replace(/ 2 IN/, " 3 IN").replaceAll(/a=ice-ufrag:\S+/g, "a=ice-ufrag:abcd").replaceAll(/a=ice-pwd:\S+/g, "a=ice-pwd:abcdefghijklmnopqrstuv");

async function ringing(lab, invite = { offer }) {
    const [caller, callee] = [await lab.user(), await lab.user()];
    const call_id = newId();
    assert.deepEqual(await caller.asks("call.invite", { call_id, to: callee.user, media: ["audio"], ...invite }), { state: "trying" });
    return { caller, callee, call_id, invited: await callee.hears("call.invite") };
}

export const SESSION = {
    "hello tells who the page is and what it may do": async (lab) => {
        const page = await lab.user("hello@example.test", { claims: { name: "Hello \u00df \u{1f600}" } });
        const { jid, display_name, resumed, resume_ttl, seq, calls, expires, ping_interval, limits, features, ice_expires } = page.welcome;
        assert.match(jid, /^hello\\40example\.test@call\.example\.test\/web-[0-9a-z]+$/);
        assert.equal(display_name, "Hello \u00df \u{1f600}");
        assert.deepEqual({ resumed, resume_ttl, seq, calls, ping_interval, ice_expires }, { resumed: false, resume_ttl: 60, seq: 0, calls: [], ping_interval: 20, ice_expires: 0 });
        assert(expires > 590 && expires <= 600, `expires: ${expires}`);
        assert.deepEqual(limits, { frame: 131072, sdp: 65536, candidates: 64, calls: 4, watches: 100 });
        assert.deepEqual(features, ["presence", "stats"]);
    },
    "an answer has the id of its request, whatever that is": async (lab) => {
        const page = await lab.user();
        for (const id of [0, 7, 9007199254740991, "x", "\u00df \"\\ \u{1f600}", "a".repeat(64), "7"]) {
            page.sends({ jsonrpc: "2.0", id, method: "ping" });
            assert.deepEqual((await page.answerTo(id)).result, {});
        }
        // JavaScript writes no 8.0, other languages do.
        page.says('{"jsonrpc":"2.0","id":8.0,"method":"ping"}');
        assert.deepEqual((await page.answerTo(8)).result, {});
    },
    "without an id everything is carried out and nothing answered": async (lab) => {
        const { caller, callee, call_id } = await lab.call();
        caller.notifies("ping");
        for (const [method, params] of [["no.such.method", {}], ["call.info", { call_id, mute: "none" }]]) caller.says(JSON.stringify({ jsonrpc: "2.0", method, params }));
        caller.notifies("call.hangup", { call_id });
        assert.equal((await callee.hears("call.hangup")).reason, "user_hangup");
        const before = caller.seq;
        await caller.settles();
        assert.equal(caller.seq, before + 1);
        for (const method of ["session.ice", "session.refresh", "call.invite", "presence.get", "presence.watch"]) {
            caller.says(JSON.stringify({ jsonrpc: "2.0", method, params: {} }));
            assert.equal((await caller.answerTo(null)).error.code, -32600, method);
        }
    },
    "seq counts from 1 without gaps; ack is taken from any frame": async (lab) => {
        const { caller, callee, call_id } = await lab.call();
        await caller.asks("ping", undefined, { ack: caller.seq });
        callee.notifies("call.info", { call_id, hold: true });
        await caller.hears("call.info");
        assert.equal(caller.seq, 5);
        // More than was ever sent, and less than before, do no harm.
        await caller.asks("ping", undefined, { ack: 1_000_000 });
        await caller.asks("ping", undefined, { ack: 0 });
    },
    "a page that was cut off hears what it missed, and nothing twice": async (lab) => {
        const { caller, callee, call_id } = await lab.call();
        await caller.asks("ping", undefined, { ack: caller.seq });
        const seen = caller.seq;
        caller.cut();
        for (const mute of [["audio"], [], ["audio"]]) await callee.asks("call.info", { call_id, mute });
        const again = await lab.resumed(caller);
        assert.equal(again.welcome.resumed, true);
        assert.equal(again.welcome.seq, seen + 3);
        assert.equal(again.welcome.jid, caller.jid);
        assert.deepEqual(again.welcome.calls.map((call) => [call.call_id, call.direction, call.state]), [[call_id, "outgoing", "active"]]);
        assert.deepEqual((await again.hears("call.info")).mute, ["audio"]);
        assert.deepEqual((await again.hears("call.info")).mute, []);
        assert.deepEqual((await again.hears("call.info")).mute, ["audio"]);
        await again.settles();
        assert.deepEqual(again.events, []);
    },
    "with what it has handled itself, a page chooses what comes again": async (lab) => {
        const { caller, callee, call_id } = await lab.call();
        caller.cut();
        const again = await lab.resumed(caller, { last_seq: 1 });
        assert.equal(again.welcome.resumed, true);
        await again.hears("call.ringing");
        await again.hears("call.answer");
        callee.notifies("call.hangup", { call_id });
        await again.hears("call.hangup");
    },
    "a number that was never given, or none, is a new beginning": async (lab) => {
        for (const last_seq of [1000, null]) {
            const { caller, callee, call_id } = await lab.call();
            caller.cut();
            const again = await lab.resumed(caller, { last_seq });
            assert.equal(again.welcome.resumed, false);
            assert.deepEqual(again.welcome.calls.map((call) => call.call_id), [call_id]);
            assert.equal(again.welcome.jid, caller.jid);
            // The new peer connection's offer, and the answer to it.
            await again.asks("call.negotiate", { call_id, description: { type: "offer", sdp: restarted(OFFER) } });
            assert.equal((await callee.hears("call.negotiate")).description.type, "offer");
        }
    },
    "two sockets resume: the later one has the session": async (lab) => {
        const page = await lab.user();
        const again = await lab.resumed(page);
        assert.equal(again.welcome.resumed, true);
        assert.equal(await page.closed, 4409);
        assert.deepEqual(page.goaway, { reason: "replaced", action: "stop", after_ms: 0 });
        // The token is good until the page has shown that it has the new one.
        const third = await lab.resumed(page);
        assert.equal(await again.closed, 4409);
        await third.settles();
        const late = await lab.page({ from: page.from });
        assert.equal(await late.refused("session.hello", { auth: { type: "resume", token: page.token } }), 1001);
        assert.equal(await late.closed, 4401);
    },
    "many sockets resume at once: one has the session, and the others are told": async (lab) => {
        const page = await lab.user();
        const others = await Promise.all(Array.from({ length: 8 }, () => lab.page({ from: page.from })));
        const id = 1;
        for (const one of others) one.sends({ jsonrpc: "2.0", id, method: "session.hello", params: { auth: { type: "resume", token: page.token }, last_seq: 0 } });
        for (const one of others) assert((await one.answerTo(id)).result);
        assert.equal(await page.closed, 4409);
        const codes = await Promise.all(others.map((one) => Promise.race([one.closed, one.settles().then(() => "open", () => one.closed)])));
        assert.deepEqual(codes.sort(), [...Array(7).fill(4409), "open"]);
    },
    "bye ends the session, its calls and its tokens": async (lab) => {
        const { caller, callee } = await lab.call();
        await caller.asks("session.bye");
        assert.equal(await caller.closed, 1000);
        assert.equal((await callee.hears("call.hangup")).reason, "gone");
        const late = await lab.page({ from: caller.from });
        assert.equal(await late.refused("session.hello", { auth: { type: "resume", token: caller.token } }), 1001);
        assert.equal(await late.closed, 4401);
    },
    "bye needs no id": async (lab) => {
        const page = await lab.user();
        page.notifies("session.bye");
        assert.equal(await page.closed, 1000);
    },
    "a newer token of the same user is taken, and of nobody else": async (lab) => {
        const page = await lab.user(undefined, { claims: { exp: Math.floor(Date.now() / 1000) + 100 } });
        const { expires } = await page.asks("session.refresh", { token: lab.token({ sub: page.user }) });
        assert(expires > 590 && expires <= 600);
        assert.equal(await page.refused("session.refresh", { token: lab.token() }), 1001);
        assert.equal(await page.refused("session.refresh", { token: "x" }), 1001);
        await page.settles();
    },
    "TURN credentials may be asked for": async (lab) => {
        const page = await lab.user();
        assert.deepEqual(await page.asks("session.ice"), { ice_servers: [], ice_expires: 0 });
    },
    "hello is not said twice": async (lab) => {
        const page = await lab.user();
        assert.equal(await page.refused("session.hello", { auth: { type: "jwt", token: lab.token() } }), 1007);
        await page.settles();
    },
    "before hello nothing is heard": async (lab) => {
        for (const text of ['{"jsonrpc":"2.0","id":"r","method":"ping"}', '{"jsonrpc":"2.0","id":"r","method":"call.hangup","params":{"call_id":"x"}}']) {
            const page = await lab.page();
            assert.equal((await page.says(text).answerTo("r")).error.code, 1007);
            assert.equal(await page.closed, 4400);
        }
        const page = await lab.page();
        page.says("no JSON");
        assert.equal((await page.answerTo(null)).error.code, -32700);
        assert.equal(await page.closed, 4400);
    },
    "no hello within five seconds": async (lab) => {
        const began = Date.now();
        const page = await lab.page();
        assert.equal(await page.closed, 4408);
        assert(Date.now() - began >= 4900);
    },
    "a program without an origin needs a token": async (lab) => {
        const page = await lab.user(undefined, { origin: null });
        await page.settles();
        const other = await lab.page({ origin: null });
        assert.equal(await other.refused("session.hello", { auth: { type: "xmpp", jid: lab.newUser() } }), 1001);
        assert.equal(await other.closed, 4401);
        // A session of a browser's cannot be taken elsewhere, nor the other way round.
        const thief = await lab.page({ origin: "https://call.test", from: page.from });
        assert.equal(await thief.refused("session.hello", { auth: { type: "resume", token: page.token } }), 1001);
    },
    "presence is told, watched and no longer watched": async (lab) => {
        const page = await lab.user();
        const jid = lab.newUser();
        assert.deepEqual(await page.asks("presence.get", { jid }), { callable: true, known: false, media: ["audio", "video"] });
        await page.asks("presence.watch", { jid });
        await page.asks("presence.unwatch", { jid });
        await page.asks("presence.unwatch", { jid });
        assert.equal(await page.refused("presence.get", { jid: "example.test" }), -32602);
        for (let n = 0; n < 100; ++n) await page.asks("presence.watch", { jid: `w${n}@example.test` }, { ack: page.seq });
        assert.equal(await page.refused("presence.watch", { jid: "one-more@example.test" }), 1008);
        await page.asks("presence.watch", { jid: "w5@example.test" });
    },
};

export const CALL = {
    "with an offer, from ringing to the end": async (lab) => {
        const { caller, callee, call_id, invited } = await ringing(lab);
        assert.equal(invited.call_id, call_id);
        assert.equal(invited.from, caller.user);
        assert.deepEqual(invited.media, ["audio"]);
        await callee.asks("call.ringing", { call_id });
        assert.equal((await caller.hears("call.ringing")).call_id, call_id);
        await caller.asks("call.candidates", { call_id, candidates: [CANDIDATE, { candidate: "" }] });
        await callee.takes(call_id, { answer, invited });
        const { candidates } = await callee.hears("call.candidates");
        assert.equal(candidates[0].candidate.split(" ")[4], CANDIDATE.candidate.split(" ")[4]);
        assert.equal(candidates[0].sdpMid, CANDIDATE.sdpMid);
        assert.equal((await caller.hears("call.answer")).answer.type, "answer");
        await callee.asks("call.candidates", { call_id, candidates: [FAR_CANDIDATE] });
        await caller.hears("call.candidates");
        await caller.asks("call.info", { call_id, hold: true, mute: ["audio"] });
        // hold and mute may come in one event, or in one each.
        const told = {};
        while (told.hold === undefined || told.mute === undefined) Object.assign(told, await callee.hears("call.info"));
        assert.equal(told.hold, true);
        await caller.asks("call.stats", { call_id, local: "host", remote: "relay", rtt_ms: 12, loss: 0.5 });
        await callee.asks("call.hangup", { call_id, reason: "user_hangup", text: "bye" });
        assert.equal((await caller.hears("call.hangup")).reason, "user_hangup");
        await callee.asks("call.hangup", { call_id });
        await caller.asks("call.hangup", { call_id });
        assert.equal(await caller.refused("call.info", { call_id, hold: true }), 1007);
    },
    "without an offer: it is asked for when somebody takes the call": async (lab) => {
        const { caller, callee, call_id, invited } = await ringing(lab, {});
        assert.equal(invited.offer, undefined);
        await callee.asks("call.ringing", { call_id });
        await caller.hears("call.ringing");
        await callee.asks("call.accept", { call_id });
        await caller.hears("call.accept");
        await caller.asks("call.negotiate", { call_id, description: offer });
        assert.equal((await callee.hears("call.negotiate")).description.type, "offer");
        await callee.asks("call.negotiate", { call_id, description: answer });
        assert.equal((await caller.hears("call.answer")).answer.type, "answer");
    },
    "each reason to refuse, and the one when none is named": async (lab) => {
        for (const [reason, heard] of [["declined", "declined"], ["busy", "busy"], ["unavailable", "unavailable"], [undefined, "declined"]]) {
            const { caller, callee, call_id } = await ringing(lab);
            await callee.asks("call.reject", { call_id, ...(reason ? { reason } : {}) });
            assert.equal((await caller.hears("call.reject")).reason, heard);
            assert.equal(await callee.refused("call.accept", { call_id }), 1007);
            await caller.asks("session.bye");
        }
    },
    "whoever calls gives up": async (lab) => {
        for (const invite of [{ offer }, {}]) {
            const { caller, callee, call_id } = await ringing(lab, invite);
            await caller.asks("call.hangup", { call_id });
            assert.equal((await callee.hears("call.hangup")).reason, "cancelled");
        }
    },
    "a user's pages ring together and stop together": async (lab) => {
        const to = lab.newUser();
        const [caller, one, other] = [await lab.user(), await lab.user(to), await lab.user(to)];
        const call_id = newId();
        await caller.asks("call.invite", { call_id, to, media: ["audio"], offer });
        const [, invited] = await Promise.all([one.hears("call.invite"), other.hears("call.invite")]);
        await one.asks("call.ringing", { call_id });
        await caller.hears("call.ringing");
        await other.takes(call_id, { answer, invited });
        await one.hears("call.select_answer");
        await one.settles();
        assert.deepEqual(one.events, []);
    },
    "a user's pages ring together, and hear that one has declined": async (lab) => {
        for (const invite of [{ offer }, {}]) {
            const to = lab.newUser();
            const [caller, one, other] = [await lab.user(), await lab.user(to), await lab.user(to)];
            const call_id = newId();
            await caller.asks("call.invite", { call_id, to, media: ["audio"], ...invite });
            await Promise.all([one.hears("call.invite"), other.hears("call.invite")]);
            await one.asks("call.reject", { call_id });
            assert.equal((await other.hears("call.hangup")).reason, "declined_elsewhere");
            assert.equal((await caller.hears("call.reject")).reason, "declined");
            await one.settles();
            assert.deepEqual(one.events, []);
        }
    },
    "nobody is there": async (lab) => {
        const caller = await lab.user();
        const call_id = newId();
        for (const to of ["nobody@example.test", "no.such.line@call.example.test", "bob@nowhere.test"]) {
            const { result, error } = await caller.tries("call.invite", { call_id: newId(), to, media: ["audio"], offer });
            if (error) assert.equal(error.code, 1004, to);
            else assert.equal(result.state, "trying");
            if (result) assert.match((await Promise.race([caller.hears("call.reject"), caller.hears("call.hangup")])).reason, /unavailable|declined/, to);
        }
        assert.equal(await caller.refused("call.invite", { call_id, to: "@", media: ["audio"], offer }), -32602);
    },
    "an invitation that is said again is the same call": async (lab) => {
        const { caller, callee, call_id } = await ringing(lab);
        assert.deepEqual(await caller.asks("call.invite", { call_id, to: callee.user, media: ["audio"], offer }), { state: "trying" });
        await callee.settles();
        assert.deepEqual(callee.events, []);
    },
    "video is added, refused, taken back; whoever was called is polite": async (lab) => {
        const { caller, callee, call_id } = await lab.call();
        const more = { type: "offer", sdp: OFFER.replace(/o=- (\S+) 2 /, "o=- $1 3 ").replace("a=sendrecv", "a=sendonly") };
        await caller.asks("call.negotiate", { call_id, description: more });
        assert.equal((await callee.hears("call.negotiate")).description.type, "offer");
        // Both at once: the caller's stands, and the callee hears so.
        await callee.tries("call.negotiate", { call_id, description: { ...answer, sdp: ANSWER.replace(/o=- (\S+) 2 /, "o=- $1 3 ").replace("a=sendrecv", "a=recvonly") } });
        assert.equal((await caller.hears("call.negotiate")).description.type, "answer");
        await caller.asks("call.info", { call_id, mute: [] });
        assert.equal(await caller.refused("call.negotiate", { call_id, description: answer }), 1007);
    },
    "states: what does not fit is 1007, and changes nothing": async (lab) => {
        const { caller, callee, call_id, invited } = await ringing(lab);
        for (const [page, method, params] of [
            [caller, "call.ringing", {}], [caller, "call.accept", { answer }], [caller, "call.reject", {}],
            [callee, "call.accept", invited.offer ? {} : { answer }], [callee, "call.negotiate", { description: offer }], [callee, "call.info", { hold: true }],
            [caller, "call.negotiate", { description: offer }], [callee, "call.info", { dtmf: "1" }]])
            assert.equal(await page.refused(method, { call_id, ...params }), 1007, method);
        for (const method of ["call.ringing", "call.accept", "call.reject", "call.info", "call.candidates", "call.negotiate"])
            assert.equal(await caller.refused(method, { call_id: newId(), candidates: [CANDIDATE], description: offer }), 1007, method);
        await caller.asks("call.hangup", { call_id: newId() });
        await callee.takes(call_id, { answer, invited });
        await caller.hears("call.answer");
        assert.equal(await caller.refused("call.info", { call_id, dtmf: "1" }), 1007);
    },
    "a token's limits are the page's": async (lab) => {
        const to = lab.newUser();
        const page = await lab.user(undefined, { claims: { to: [to, "*@friends.test"], media: ["audio"], max_calls: 1 } });
        const invite = { call_id: newId(), media: ["audio"], offer };
        assert.equal(await page.refused("call.invite", { ...invite, to: lab.newUser() }), 1002);
        assert.equal(await page.refused("call.invite", { ...invite, to, media: ["video"] }), 1002);
        await lab.user(to);
        await page.asks("call.invite", { ...invite, to });
        assert.equal(await page.refused("call.invite", { ...invite, to, call_id: newId() }), 1002);
        const silent = await lab.user(undefined, { claims: { to: [] } });
        assert.equal(await silent.refused("call.invite", { ...invite, to }), 1002);
    },
    "a token runs out": async (lab) => {
        const page = await lab.user(undefined, { claims: { exp: Math.floor(Date.now() / 1000) + 3 } });
        assert.equal(await page.closed, 4401);
        assert.deepEqual([page.goaway.reason, page.goaway.action], ["expired", "reconnect"]);
    },
};

export const GUESTS = {
    "a guest calls whom the link calls": async (lab) => {
        const to = lab.newUser();
        const callee = await lab.user(to);
        const guest = await lab.page();
        const { jid, callee: called, limits } = await guest.hello({ type: "guest", token: await lab.link(to, { title: "Bob" }), name: "Carol" });
        assert.match(jid, /^link-[0-9a-z]+@call\.example\.test\/guest-[0-9a-z]+$/);
        assert.deepEqual(called, { display_name: "Bob" });
        assert.equal(limits.calls, 1);
        assert.equal(await guest.refused("call.invite", { call_id: newId(), to: lab.newUser(), media: ["audio"], offer }), 1002);
        const call_id = newId();
        await guest.asks("call.invite", { call_id, media: ["audio"], offer });
        const invited = await callee.hears("call.invite");
        assert.equal(invited.display_name, "Carol");
        await callee.takes(call_id, { answer, invited });
        await guest.hears("call.answer");
    },
    "a link is used once, runs out, is bound to its origin": async (lab) => {
        const to = lab.newUser();
        const [callee, token] = [await lab.user(to), await lab.link(to)];
        const [one, two] = [await lab.page(), await lab.page()];
        await one.hello({ type: "guest", token });
        const call_id = newId();
        await one.asks("call.invite", { call_id, media: ["audio"], offer });
        await callee.takes(call_id, { answer, invited: await callee.hears("call.invite") });
        await one.hears("call.answer");
        // Whoever comes while it is in use may wait.
        const waiting = await lab.page();
        await waiting.hello({ type: "guest", token });
        await waiting.asks("call.invite", { call_id: newId(), media: ["audio"], offer });
        assert.equal((await waiting.hears("call.reject")).reason, "busy");
        await one.asks("call.hangup", { call_id });
        await callee.hears("call.hangup");
        const { error } = await two.tries("session.hello", { auth: { type: "guest", token } });
        assert.deepEqual([error.code, error.data.detail], [1001, "this link was used before"]);
        assert.equal(await two.closed, 4401);
        const elsewhere = await lab.link(to, { origin: "https://shop.test" });
        for (const [secret, detail] of [[elsewhere, "this link is not good on this page"], ["A".repeat(22), "this link is not valid"], ["x", "this link is not valid"]]) {
            const page = await lab.page();
            const refused = await page.tries("session.hello", { auth: { type: "guest", token: secret } });
            assert.deepEqual([refused.error.code, refused.error.data.detail], [1001, detail]);
            assert.equal(await page.closed, 4401);
        }
    },
    "one call at a time through a link that stays open": async (lab) => {
        const to = lab.newUser();
        const [callee, token] = [await lab.user(to), await lab.link(to, { uses: "unlimited" })];
        const [one, two] = [await lab.page(), await lab.page()];
        for (const guest of [one, two]) await guest.hello({ type: "guest", token });
        assert.notEqual(one.jid, two.jid);
        await one.asks("call.invite", { call_id: newId(), media: ["audio"], offer });
        await callee.hears("call.invite");
        const { error, result } = await two.tries("call.invite", { call_id: newId(), media: ["audio"], offer });
        if (result) assert.equal((await two.hears("call.reject")).reason, "busy");
        else assert.equal(error.code, 1004);
    },
};
