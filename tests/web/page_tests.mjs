/** The softphone, the guest page, <xmpp-call> and the README's page, as people use them. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { until } from "./harness.mjs";

const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const ENGLISH = { locale: "en-GB" };

/** axe-core finds nothing serious here. By the driver: the page's policy lets no script in. */
async function accessible(page, where) {
    await page.evaluate(AXE);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const bad = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    assert.deepEqual(bad.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary.slice(0, 300)}`), []);
}

/** Nothing sticks out at the side. */
async function fits(page, where) {
    const [has, wants] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
    assert.ok(wants <= has, `${where}: ${wants} px wide on a screen of ${has}`);
}

async function softphone(stage, name, how = ENGLISH) {
    const { page, wire } = await stage.open(`/#token=${stage.token(name)}`, { ...how, name });
    await page.waitForSelector("#whom:visible");
    return { page, wire };
}

async function guestPage(stage, how = {}, token = undefined) {
    token ??= await stage.guestToken("bob");
    const { page } = await stage.open(`/c#${token}`, { ...ENGLISH, ...how, name: "guest" });
    return page;
}

const stateOf = (page) => page.locator("#call-state").textContent();
const connected = (page) => page.waitForSelector('.call[data-state="connected"]');
/** The element plays what arrives. A machine without loudspeaker moves no clock for sound alone, so that is not asked. */
const plays = (page) => until("it plays", () => page.evaluate(() => {
    const { paused, readyState, muted, srcObject } = document.querySelector("video.far");
    const live = (srcObject?.getTracks() ?? []).filter((track) => track.readyState === "live" && !track.muted);
    return { paused, muted, readyState, live: live.map(({ kind }) => kind) };
}), ({ paused, muted, readyState, live }) => !paused && !muted && readyState >= 2 && live.includes("audio"));

async function inCall(stage, video = false, how = ENGLISH) {
    const alice = (await softphone(stage, "alice", how)).page;
    const bob = (await softphone(stage, "bob", how)).page;
    await alice.fill("#whom", stage.jid("bob"));
    await alice.click(video ? "#call-video" : "#call-audio");
    await bob.waitForSelector("#incoming[open]");
    await bob.click(video ? "#accept-video" : "#accept");
    await Promise.all([connected(alice), connected(bob)]);
    return [alice, bob];
}

const LOOKS = [["light", 1100, 760], ["dark", 1100, 760], ["light", 390, 844], ["dark", 320, 568]]
    .map(([colorScheme, width, height]) => ({ ...ENGLISH, colorScheme, viewport: { width, height } }));

/** Everything there is to see, as axe and a small screen see it. */
async function looked(stage, how) {
    const both = async (page, what) => {
        await accessible(page, what);
        await fits(page, what);
    };
    const { page: signIn } = await stage.open("/", how);
    await signIn.waitForSelector("#sign-in:visible");
    await both(signIn, "sign-in");
    const alice = (await softphone(stage, "alice", how)).page;
    await both(alice, "softphone, empty");
    const bob = (await softphone(stage, "bob", how)).page;
    await alice.fill("#whom", stage.jid("bob"));
    await alice.click("#call-audio");
    await bob.waitForSelector("#incoming[open]");
    await both(bob, "incoming");
    await bob.click("#accept");
    await Promise.all([connected(alice), connected(bob)]);
    await alice.click("#keypad");
    await both(alice, "call");
    await alice.click("#hangup");
    await alice.waitForSelector("#contacts .person");
    await both(alice, "softphone");
    const guest = await guestPage(stage, how);
    await guest.waitForSelector("#call");
    await both(guest, "guest");
    await alice.click("#sign-out");
    await bob.click("#sign-out");
    await Promise.all([alice, bob].map((page) => page.waitForSelector("#sign-in:visible")));
    await guest.click("#call");
    await guest.waitForSelector("#again");
    await both(guest, "guest, nobody there");
}

export const PAGES = {
    "softphone: signs in, the token leaves the address": async (stage) => {
        const { page } = await softphone(stage, "alice");
        assert.equal(new URL(page.url()).hash, "");
        assert.ok((await page.locator("#me").textContent()).endsWith(stage.jid("alice")));
        await page.reload();
        await page.waitForSelector("#whom:visible");
        await page.click("#sign-out");
        await page.waitForSelector("#sign-in:visible");
        await page.reload();
        await page.waitForSelector("#sign-in:visible");
    },
    "softphone: a wrong token is said": async (stage) => {
        const { page } = await stage.open("/", ENGLISH);
        await page.fill("#token", "not.a.token");
        await page.click("#sign-in-button");
        await page.waitForSelector("#sign-in-status.wrong");
        return page.locator("#sign-in-status").textContent();
    },
    "softphone: calls, with sound": async (stage) => {
        const [alice, bob] = await inCall(stage);
        await Promise.all([plays(alice), plays(bob)]);
        await alice.click("#hangup");
        await bob.waitForSelector("#whom:visible");
        await alice.waitForSelector("#whom:visible");
        assert.equal(await alice.locator(`#contacts [data-jid='${stage.jid("bob")}']`).count(), 1);
    },
    "softphone: video, camera off, screen, hold, keypad": async (stage) => {
        const [alice, bob] = await inCall(stage, true);
        await bob.waitForSelector(".call.seen");
        await plays(bob);
        await alice.click("#camera");
        await bob.waitForSelector(".call:not(.seen)");
        await alice.click("#screen");
        await until("screen or a word on it", () => alice.evaluate(() => [
            document.querySelector("#screen").getAttribute("aria-pressed"), document.querySelector(".note").textContent,
        ]), ([pressed, note]) => pressed === "true" || note !== "");
        await alice.click("#hold");
        await until("bob is told", () => stateOf(bob), (text) => text === "On hold");
        await alice.click("#hold");
        await until("bob is told", () => stateOf(bob), (text) => text === "Connected");
        await alice.click("#keypad");
        await alice.evaluate(() => {
            const { insertDTMF } = RTCDTMFSender.prototype;
            RTCDTMFSender.prototype.insertDTMF = function (...how) {
                this.ontonechange = ({ tone }) => (document.title = `tone ${tone}`);
                insertDTMF.apply(this, how);
            };
        });
        await alice.click(".keys button >> text=5");
        await until("tone", () => alice.title(), (title) => title === "tone 5");
    },
    "softphone: another camera and another microphone in a call": async (stage) => {
        const [alice, bob] = await inCall(stage, true);
        await bob.waitForSelector(".call.seen");
        const sends = (kind) => alice.evaluate((which) => {
            const near = document.querySelector("video.near").srcObject;
            return near.getTracks().find((track) => track.kind === which).label;
        }, kind);
        const camera = await sends("video");
        await alice.click("#flip");
        const other = await until("another camera", () => sends("video"), (label) => label !== camera);
        await alice.click(".settings summary");
        assert.equal(await alice.locator("#audiooutput").count(), 1);
        const microphone = await sends("audio");
        const choices = await alice.locator("#audioinput option").allTextContents();
        const another = choices.find((one) => one !== microphone && one !== "Standard" && !microphone.includes(one));
        await alice.selectOption("#audioinput", { label: another });
        await until("another microphone", () => sends("audio"), (label) => label === another);
        await plays(bob);
        return `${other}, ${another}`;
    },
    "softphone: by keyboard alone": async (stage) => {
        const alice = (await softphone(stage, "alice")).page;
        const bob = (await softphone(stage, "bob")).page;
        await alice.keyboard.type(stage.jid("bob"));
        await alice.keyboard.press("Enter");
        await bob.waitForSelector("#incoming[open]");
        await until("focus", () => bob.evaluate(() => document.activeElement.id), (id) => id === "accept");
        await bob.keyboard.press("Enter");
        await Promise.all([connected(alice), connected(bob)]);
        await alice.keyboard.press("Tab");
        await until("focus", () => alice.evaluate(() => document.activeElement.id), (id) => id === "mute");
        await alice.keyboard.press("Enter");
        await until("muted", () => alice.locator("#mute").getAttribute("aria-pressed"), (pressed) => pressed === "true");
        assert.equal(await alice.evaluate(() => document.activeElement.id), "mute");
        await bob.waitForSelector(".note:not(:empty)");
    },
    "softphone: declined by Escape, and said why": async (stage) => {
        const alice = (await softphone(stage, "alice")).page;
        const bob = (await softphone(stage, "bob")).page;
        await alice.fill("#whom", stage.jid("bob"));
        await alice.click("#call-audio");
        await bob.waitForSelector("#incoming[open]");
        await bob.keyboard.press("Escape");
        await alice.waitForSelector("#again");
        assert.equal(await stateOf(alice), "The call was declined.");
        await alice.click("#back");
        await alice.waitForSelector("#whom:visible");
    },
    "softphone: two tabs, one declines, and none has missed it": async (stage) => {
        const alice = (await softphone(stage, "alice")).page;
        const bobs = [(await softphone(stage, "bob")).page, (await softphone(stage, "bob")).page];
        await alice.fill("#whom", stage.jid("bob"));
        await alice.click("#call-audio");
        await Promise.all(bobs.map((bob) => bob.waitForSelector("#incoming[open]")));
        await bobs[0].click("#decline");
        for (const [bob, why] of [[bobs[0], "The call was declined."], [bobs[1], "Declined on another device."]]) {
            await bob.waitForSelector("#recent .person.incoming");
            assert.match(await bob.locator("#recent .person").first().textContent(), new RegExp(`Incoming.*${why}`));
        }
        return bobs[1].locator("#dial-status").textContent();
    },
    "softphone: a second caller hears busy": async (stage) => {
        await inCall(stage);
        const carol = (await softphone(stage, "carol")).page;
        await carol.fill("#whom", stage.jid("bob"));
        await carol.click("#call-audio");
        await carol.waitForSelector("#again");
        assert.equal(await stateOf(carol), "Busy on another call.");
    },
    "softphone: goes on after a reload": async (stage) => {
        const [alice, bob] = await inCall(stage);
        await alice.reload();
        await Promise.all([connected(alice), connected(bob)]);
        await Promise.all([plays(alice), plays(bob)]);
    },
    "softphone: says when the connection is lost": async (stage) => {
        const { page, wire } = await softphone(stage, "alice");
        wire.cut();
        await page.waitForSelector("#banner:visible");
        wire.mend();
        await page.waitForSelector("#banner", { state: "hidden" });
    },
    "softphone: notification when the tab is hidden": async (stage) => {
        const { page } = await softphone(stage, "alice");
        await page.evaluate(() => {
            window.shown = [];
            window.tones = 0;
            const { start } = OscillatorNode.prototype;
            OscillatorNode.prototype.start = function (...when) {
                window.tones += 1;
                start.apply(this, when);
            };
            window.Notification = class {
                static permission = "granted";
                constructor(title, { body }) { window.shown.push(`${title}: ${body}`); }
                close() { window.shown.push("closed"); }
            };
            Object.defineProperty(document, "hidden", { get: () => true });
        });
        const bob = await stage.person("bob");
        await bob.call(stage.jid("alice"));
        await until("notified", () => page.evaluate(() => window.shown), (shown) => /^Incoming call: bob/i.test(shown[0]));
        assert.match(await page.title(), /Incoming call: bob/i);
        await until("it rings", () => page.evaluate(() => window.tones), (tones) => tones > 0);
        await bob.act("hangup");
        await until("taken back", () => page.evaluate(() => window.shown), (shown) => shown.includes("closed"));
        assert.equal(await page.title(), "Carillon");
    },
    "guest: one button, and they talk": async (stage) => {
        const bob = await stage.person("bob", { accept: { audio: true } });
        const page = await guestPage(stage);
        assert.equal((await page.locator("#call").textContent()).trim(), "Call Bob");
        await page.click("#check");
        await until("level", () => page.locator("[role=meter]").getAttribute("aria-valuenow"), (level) => Number(level) > 5);
        await page.click("#call");
        await connected(page);
        const told = await bob.receives();
        await page.click("#hangup");
        await bob.reaches("ended");
        return `bob <- ${told.audio} packets`;
    },
    "guest: microphone refused": async (stage) => {
        await stage.person("bob");
        const page = await guestPage(stage, { browser: await stage.deaf() });
        await page.click("#call");
        await page.waitForSelector("#again");
        assert.match(await stateOf(page), /may not use the microphone/);
        return stateOf(page);
    },
    "guest: nobody there": async (stage) => {
        const page = await guestPage(stage);
        await page.click("#call");
        await page.waitForSelector("#again");
        return stateOf(page);
    },
    "guest: a link that is over, and one without a token": async (stage) => {
        const page = await guestPage(stage, {}, await stage.expiredToken());
        await page.waitForSelector(".ended");
        const told = await stateOf(page);
        assert.match(told, /not valid/);
        const empty = await guestPage(stage, {}, "");
        await empty.waitForSelector(".ended");
        return told;
    },
    "German": async (stage) => {
        const { page } = await softphone(stage, "alice", { locale: "de-DE" });
        assert.equal(await page.locator(".dial h1").textContent(), "Wen möchten Sie anrufen?");
        assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
        const guest = await guestPage(stage, { locale: "de-DE" });
        assert.equal((await guest.locator("#call").textContent()).trim(), "Bob anrufen");
    },
    "every row of the tables has both languages": async (stage) => {
        const { page } = await stage.open("/test/empty.html");
        const missing = await page.evaluate(async () => {
            const { words } = await import("/client/v1.js");
            await import("/client/de.js");
            return Object.keys(words.en).filter((row) => !words.de[row]);
        });
        assert.deepEqual(missing, []);
        const text = readFileSync(new URL("../../web/pages/text.js", import.meta.url), "utf8");
        const rows = [...text.matchAll(/^ {4}(\w+): \[(".*?"),\s+(".*?")\],$/gm)];
        assert.ok(rows.length > 60, `${rows.length} rows`);
        const used = ["softphone.js", "guest.js", "people.js", "call_view.js", "devices.js", "index.html", "c.html"]
            .map((name) => readFileSync(new URL(`../../web/pages/${name}`, import.meta.url), "utf8")).join("");
        const known = new Set(rows.map(([, row]) => row));
        const asked = [...used.matchAll(/\bt\("(\w+)"|data-(?:text|hint|label)="(\w+)"/g)].map(([, one, two]) => one ?? two);
        const { words } = await import("../../web/client/dist/v1.js");
        assert.deepEqual(asked.filter((row) => !known.has(row) && !(row in words.en)), []);
        return `${rows.length} rows`;
    },
    ...Object.fromEntries(LOOKS.map((how) => {
        const name = `axe finds nothing serious, nothing sticks out: ${how.colorScheme}, ${how.viewport.width} wide`;
        return [name, (stage) => looked(stage, how)];
    })),
    "<xmpp-call>: one line, also in a frame": async (stage) => {
        const bob = await stage.person("bob", { accept: { audio: true } });
        const query = new URLSearchParams({ to: stage.jid("bob"), token: stage.token("alice") });
        const { page } = await stage.open(`/test/element.html?${query}`, { ...ENGLISH, name: "alice" });
        await accessible(page, "xmpp-call");
        await page.getByRole("button", { name: `Call ${stage.jid("bob")}` }).click();
        await until("state", () => page.getByRole("status").textContent(), (text) => text === "Connected");
        await bob.receives();
        await page.getByRole("button", { name: "Hang up" }).click();
        await bob.reaches("ended");
        const { page: outer } = await stage.open(`/test/frame.html?${query}`, { ...ENGLISH, name: "alice" });
        const frame = outer.frameLocator("iframe");
        await frame.getByRole("button", { name: `Call ${stage.jid("bob")}` }).click();
        await until("state", () => frame.getByRole("status").textContent(), (text) => text === "Connected");
        await bob.receives();
    },
    "the lines of the README call somebody from an empty page": async (stage) => {
        const bob = await stage.person("bob", { accept: { audio: true } });
        await readmeCalls(stage);
        await bob.reaches("connected");
        await bob.receives();
    },
};

/** A site of another origin has these lines in a page, and somebody opens it. */
export async function readmeCalls(stage) {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    const lines = /```html\n(<!-- five lines -->\n[\s\S]*?)```/.exec(readme)[1];
    const [carillon, site] = [stage.wire(), stage.wire()];
    site.files.set("site.html", lines.replaceAll("https://call.example.org", carillon.url)
        .replaceAll("YOUR_TOKEN", stage.token("alice")).replaceAll("bob@example.org", stage.jid("bob")));
    return stage.open("/test/site.html", { wire: site, name: "alice" });
}
