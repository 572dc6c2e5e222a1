/** Takes the pictures of docs/images (or of another folder), through a real Carillon: node tests/web/screenshots.mjs [FOLDER [PROGRAM]] */

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { startChromium, until } from "./harness.mjs";
import { Wire } from "./wire.mjs";
import { World } from "./world.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/images", import.meta.url));
const program = process.argv[3] ?? fileURLToPath(new URL("../../build/release/carillon", import.meta.url));
const LOOKS = {
    light: { viewport: { width: 1100, height: 760 }, colorScheme: "light" },
    dark: { viewport: { width: 1100, height: 760 }, colorScheme: "dark" },
    phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true, isMobile: true },
    "phone-dark": { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true, isMobile: true },
};
const CONTACTS = [["bob@example.org", "Bob"], ["carol@example.org", "Carol"], ["dora@example.org", "Dora"], ["support@example.org", "Support"]]
    .map(([jid, name]) => ({ jid, name }));
const RECENT = [
    { jid: "bob@example.org", name: "Bob", row: "outgoing", why: "", at: 1790000000000 },
    { jid: "carol@example.org", name: "Carol", row: "missed", why: "cancelled", at: 1789990000000 },
    { jid: "support@example.org", name: "Support", row: "outgoing", why: "busy", at: 1789980000000 },
];

async function signedIn(browser, world, base, name, options) {
    const page = await browser.open({ locale: "en-GB", ...options });
    await page.context().addInitScript(([account, contacts, recent]) => {
        localStorage.setItem(`carillon.contacts.${account}`, JSON.stringify(contacts));
        localStorage.setItem(`carillon.recent.${account}`, JSON.stringify(recent));
    }, [`${name}@example.org`, CONTACTS.filter(({ jid }) => !jid.startsWith(name)), RECENT]);
    await page.goto(`${base}/#token=${world.token({ sub: `${name}@example.org`, name: name[0].toUpperCase() + name.slice(1) })}`);
    await page.waitForSelector("#whom:visible");
    return page;
}

async function take(browser, world, base, look, options) {
    const shot = (page, name) => page.screenshot({ path: `${folder}/${name}-${look}.png`, animations: "disabled" });
    const alice = await signedIn(browser, world, base, "alice", options);
    const bob = await signedIn(browser, world, base, "bob", options);
    await alice.waitForSelector(".person");
    await shot(alice, "softphone");
    await bob.fill("#whom", "alice@example.org");
    await bob.click("#call-video");
    await alice.waitForSelector("#incoming[open]");
    await shot(alice, "incoming");
    await alice.click("#accept-video");
    await alice.waitForSelector('.call[data-state="connected"].seen');
    await until("picture", () => alice.evaluate(() => document.querySelector("video.far").videoWidth), (width) => width > 0);
    await shot(alice, "call-video");
    await alice.click("#camera");
    await bob.click("#camera");
    await alice.waitForSelector(".call:not(.seen)");
    await alice.click("#keypad");
    await shot(alice, "call-audio");
    await alice.click("#hangup");

    const { url } = await world.ask("link", { to: "bob@example.org", title: "Bob" });
    const guest = await browser.open({ locale: "en-GB", ...options });
    await guest.goto(`${base}/c#${url.split("#")[1]}`);
    await guest.waitForSelector("#call");
    await shot(guest, "guest");
    await guest.click("#call");
    await bob.waitForSelector("#incoming[open]");
    await guest.waitForSelector('[data-state="ringing"]');
    await shot(guest, "guest-ringing");
    await bob.click("#decline");
    await guest.waitForSelector("#again");
    await shot(guest, "guest-declined");
    const signIn = await browser.open({ locale: "de-DE", ...options });
    await signIn.goto(base);
    await signIn.waitForSelector("#sign-in");
    await shot(signIn, "sign-in");
    for (const page of [alice, bob, guest, signIn]) await browser.shut(page);
}

mkdirSync(folder, { recursive: true });
const wire = await new Wire().start();
const world = await new World().start(program, [wire.url], { domain: "example.org" });
const browser = await startChromium();
try {
    for (const [look, options] of Object.entries(LOOKS)) await take(browser, world, wire.lead(world.port).url, look, options);
} finally {
    await browser.close();
    wire.close();
    await world.close();
}
