/** Takes the pictures of docs/images (or of another folder): node tests/web/screenshots.mjs [FOLDER] */

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { FakeServer } from "./fake_server.mjs";
import { startChromium, until } from "./harness.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/images", import.meta.url));
const LOOKS = {
    light: { viewport: { width: 1100, height: 760 }, colorScheme: "light" },
    dark: { viewport: { width: 1100, height: 760 }, colorScheme: "dark" },
    phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true, isMobile: true },
    "phone-dark": { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true, isMobile: true },
};
const CONTACTS = [["bob@example.org", "Bob Ahlers"], ["carol@example.org", "Carol Okafor"], ["dmitri@example.org", "Dmitri Sorin"], ["support@example.org", "Support"]]
    .map(([jid, name]) => ({ jid, name }));
const RECENT = [
    { jid: "bob@example.org", name: "Bob Ahlers", row: "outgoing", why: "", at: 1790000000000 },
    { jid: "carol@example.org", name: "Carol Okafor", row: "missed", why: "cancelled", at: 1789990000000 },
    { jid: "support@example.org", name: "Support", row: "outgoing", why: "busy", at: 1789980000000 },
];

async function signedIn(browser, base, name, options) {
    const page = await browser.open("about:blank", { locale: "en-GB", ...options });
    await page.context().addInitScript(([account, contacts, recent]) => {
        localStorage.setItem(`carillon.contacts.${account}`, JSON.stringify(contacts));
        localStorage.setItem(`carillon.recent.${account}`, JSON.stringify(recent));
    }, [`${name}@example.org`, CONTACTS.filter(({ jid }) => !jid.startsWith(name)), RECENT]);
    await page.goto(`${base}/#token=x.${name}.x`);
    await page.waitForSelector("#whom:visible");
    return page;
}

async function take(browser, base, look, options) {
    const shot = (page, name) => page.screenshot({ path: `${folder}/${name}-${look}.png`, animations: "disabled" });
    const alice = await signedIn(browser, base, "alice", options);
    const bob = await signedIn(browser, base, "bob", options);
    await until("presence", () => alice.locator(".person.there").count(), (count) => count > 0);
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

    const guest = await browser.open(`${base}/c#guest-bob`, { locale: "en-GB", ...options });
    await guest.waitForSelector("#call");
    await shot(guest, "guest");
    await guest.click("#call");
    await bob.waitForSelector("#incoming[open]");
    await guest.waitForSelector('[data-state="ringing"]');
    await shot(guest, "guest-ringing");
    await bob.click("#decline");
    await guest.waitForSelector("#again");
    await shot(guest, "guest-declined");
    const signIn = await browser.open(base, { locale: "de-DE", ...options });
    await signIn.waitForSelector("#sign-in");
    await shot(signIn, "sign-in");
    for (const page of [alice, bob, guest, signIn]) await browser.shut(page);
}

mkdirSync(folder, { recursive: true });
const server = await new FakeServer().start();
const browser = await startChromium();
try {
    for (const [look, options] of Object.entries(LOOKS)) await take(browser, `http://127.0.0.1:${server.port}`, look, options);
} finally {
    await browser.close();
    server.close();
}
