/** Pages in real browsers, and counting of what arrives. */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const CHROMIUM_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--use-fake-device-for-media-stream=device-count=2",
    "--disable-features=WebRtcHideLocalIpsWithMdns", "--allow-loopback-in-peer-connection",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
    "--autoplay-policy=no-user-gesture-required", "--auto-select-desktop-capture-source=Entire screen",
    "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows", "--disable-background-timer-throttling",
];
const FIREFOX_PREFERENCES = {
    "media.navigator.streams.fake": true, "media.navigator.permission.disabled": true,
    "media.peerconnection.ice.obfuscate_host_addresses": false, "media.peerconnection.ice.loopback": true,
    "media.autoplay.default": 0, "app.update.enabled": false, "datareporting.policy.dataSubmissionEnabled": false,
    "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false,
};

function need(path, debianPackage) {
    if (!existsSync(path)) throw new Error(`${path} is missing: apt-get install ${debianPackage}`);
    return path;
}

/** `microphone`: "allow" or "deny". Gives { name, open() -> page with evaluate() and goto(), shut(page), close() }. */
export async function startChromium({ microphone = "allow" } = {}) {
    const { chromium } = await import("playwright-core");
    const fakeUi = `--use-fake-ui-for-media-stream${microphone === "deny" ? "=deny" : ""}`;
    const browser = await chromium.launch({
        executablePath: need("/usr/bin/chromium", "chromium"), args: [...CHROMIUM_FLAGS, fakeUi], chromiumSandbox: false,
    });
    return {
        name: "chromium", version: browser.version(),
        async open(options = {}) {
            const page = await (await browser.newContext(options)).newPage();
            page.setDefaultTimeout(PATIENCE);
            return page;
        },
        shut: (page) => page.context().close(),
        close: () => browser.close(),
    };
}

export async function startFirefox() {
    const { default: puppeteer } = await import("puppeteer-core");
    const home = mkdtempSync(join(tmpdir(), "carillon-firefox-"));
    const browser = await puppeteer.launch({
        browser: "firefox", executablePath: need("/usr/bin/firefox-esr", "firefox-esr"), headless: true,
        extraPrefsFirefox: FIREFOX_PREFERENCES, env: { ...process.env, HOME: home },
    });
    return {
        name: "firefox", version: (await browser.version()).replace(/^firefox\//i, ""),
        open: () => browser.newPage(),
        shut: (page) => page.close(),
        async close() {
            await browser.close();
            rmSync(home, { recursive: true, force: true, maxRetries: 5 });
        },
    };
}

/** How long anything may take on a machine that is busy with other things. */
export const PATIENCE = 1000 * Number(process.env.PATIENCE ?? 60);
export const pause = (delay) => new Promise((done) => setTimeout(done, delay));

/** Asks until the answer will do, and gives it. */
export async function until(what, ask, willDo) {
    const end = Date.now() + PATIENCE;
    for (;;) {
        const found = await ask();
        if (willDo(found)) return found;
        if (Date.now() > end) throw new Error(`${what}: not after ${PATIENCE / 1000} s; last: ${JSON.stringify(found)}`);
        await pause(100);
    }
}

/** Somebody with a page: what tests say to him is done there. */
export class Person {
    constructor(name, browser, wire, page, token) {
        Object.assign(this, { name, browser, wire, page, token });
    }
    run(name, argument = {}) {
        return this.page.evaluate(([called, given]) => window.t[called](given), [name, argument]);
    }
    async loaded() {
        await until(`${this.name}'s page`, () => this.page.evaluate(() => typeof window.t), (type) => type === "object");
    }
    async signIn(options = {}) {
        this.options = options;
        await this.loaded();
        return this.run("signIn", { token: this.token, ...options });
    }
    async reload() {
        await this.page.reload();
        return this.signIn(this.options);
    }
    call(to, media = { audio: true }) {
        return this.run("dial", { to, media });
    }
    act(method, ...args) {
        return this.run("act", { method, args });
    }
    until(what, willDo) {
        return until(`${this.name}: ${what}`, () => this.run("state"), willDo);
    }
    reaches(state) {
        return this.until(state, (found) => found.state === state);
    }

    /** Until enough has arrived since now; gives how much. */
    async receives({ audio = 10, frames = 0 } = {}) {
        let before = await this.run("counted");
        const now = await until(`${this.name} receives`, async () => {
            const found = await this.run("counted");
            if (found.audio < before.audio) before = { audio: 0, video: 0, frames: 0 };  // a new connection counts anew
            return { audio: found.audio - before.audio, frames: found.frames - before.frames, ufrag: found.ufrag };
        }, (found) => found.audio >= audio && found.frames >= frames);
        this.counted?.({ who: this.name, audio: now.audio, frames: frames > 0 ? now.frames : 0 });
        return now;
    }
    /** Nothing arrives any more. */
    async falls_silent() {
        let before = await this.run("counted");
        await until(`${this.name} hears nothing`, async () => {
            await pause(500);
            const now = await this.run("counted");
            const more = now.audio - before.audio;
            before = now;
            return more;
        }, (more) => more === 0);
    }
}

/** A client that is a program: the functions of the pages, one JSON line each. */
export class Program extends Person {
    #answers = new Map();
    #ids = 0;

    constructor(name, command, args) {
        super(name);
        this.child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
        createInterface({ input: this.child.stdout }).on("line", (line) => {
            const { id, result, error } = JSON.parse(line);
            const [resolve, reject] = this.#answers.get(id);
            if (error) reject(new Error(`${name}: ${error}`));
            else resolve(result);
        });
        this.child.on("close", () => this.#answers.forEach(([, reject]) => reject(new Error(`${name}'s program has ended`))));
    }
    run(call, argument = {}) {
        const id = ++this.#ids;
        this.child.stdin.write(`${JSON.stringify({ id, call, argument })}\n`);
        return new Promise((resolve, reject) => this.#answers.set(id, [resolve, reject]));
    }
    loaded() {}
    close() {
        this.child.kill();
    }
}
