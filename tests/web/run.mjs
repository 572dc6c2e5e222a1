/**
 * The client library and the pages in real browsers: tests/web/run [--firefox] [--only WORDS] [-v]
 *   Chromium always; --firefox: the calls in Firefox too, and between the two.
 *   --server URL --tokens COMMAND: against a Carillon that runs, in place of fake_server.mjs; what only the stand-in can
 *     do is skipped. `COMMAND user NAME`, `COMMAND guest NAME` and `COMMAND expired` print a token.
 *   --only: tests whose name has these words in it. -v: the browser's console too.
 * The last line is "N passed, N failed, N skipped".
 */

import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";

import { CALLS, SERVER_TESTS } from "./calls.mjs";
import { FakeServer } from "./fake_server.mjs";
import { Person, startChromium, startFirefox, until, Wire } from "./harness.mjs";
import { PACKAGE } from "./package_tests.mjs";
import { PAGES } from "./page_tests.mjs";

const { values: options } = parseArgs({
    options: {
        firefox: { type: "boolean", default: false },
        only: { type: "string", default: "" },
        server: { type: "string" },
        tokens: { type: "string" },
        verbose: { type: "boolean", short: "v", default: false },
    },
});

const started = Date.now();
const table = [];
const browsers = {};

/** What a test has to play on: people with pages, and the server between them. It is cleared when the test is over. */
class Stage {
    #wires = [];
    #people = [];

    constructor(from, to) {
        this.places = [from, to];
    }
    async start() {
        if (!options.server) this.fake = await new FakeServer().start();
        const url = new URL(options.server ?? `http://127.0.0.1:${this.fake.port}`);
        this.host = url.hostname;
        this.port = Number(url.port || 80);
        return this;
    }
    token = (name) => (this.fake ? `x.${name}.x` : this.#ask("user", name));
    guestToken = (name) => (this.fake ? `guest-${name}` : this.#ask("guest", name));
    expiredToken = () => (this.fake ? "guest-expired" : this.#ask("expired"));
    #ask = (...words) => execFileSync(options.tokens, words, { encoding: "utf8" }).trim();
    until = until;
    offers = (name) => (this.fake
        ? this.fake.heard.filter(([who, method, { description }]) => who === name && method === "call.negotiate" && description.type === "offer").length
        : 1);
    deaf = async () => (browsers.deaf ??= await startChromium({ microphone: "deny" }));

    async wire() {
        const wire = await new Wire().start(this.port, this.host);
        this.#wires.push(wire);
        return wire;
    }
    /** Opens `path` for somebody; the driver of the page is the browser's own. */
    async open(path, { browser = this.places[0], ...how } = {}) {
        const wire = await this.wire();
        const page = await browser.open(wire.url + path, how);
        const person = new Person(path, browser, wire, page);
        this.#people.push(person);
        page.on?.("console", (message) => options.verbose && console.log(`        ${path}: ${message.text()}`));
        page.on?.("pageerror", (error) => (this.errors ??= []).push(error.message));
        return person;
    }
    /** Somebody with the empty page, signed in. The first goes to the one browser, all others to the other. */
    async person(name, how = {}, token = this.token(name), mayFail = false, browser = this.places[name === "bob" ? 1 : 0]) {
        const person = await this.open("/test/empty.html", { browser });
        Object.assign(person, { name, token });
        person.signedIn = await person.signIn(how);
        if (person.signedIn.refused && !mayFail) throw new Error(`${name} cannot sign in: ${person.signedIn.message}`);
        return person;
    }
    async clear() {
        for (const { browser, page } of this.#people) await browser.shut(page).catch(() => {});
        for (const wire of this.#wires) wire.close();
        this.fake?.close();
    }
    /** What no test may leave behind. */
    complaints = () => [...this.fake?.wrong ?? [], ...this.errors ?? []];
}

async function play(row, name, test, from, to) {
    if (!`${row} ${name}`.includes(options.only)) return;
    const stage = await new Stage(from, to).start();
    let verdict = "passed", told = "";
    try {
        told = await test(stage) ?? "";
        if (stage.complaints().length > 0) throw new Error(`left behind: ${stage.complaints().slice(0, 5).join(" | ")}`);
    } catch (error) {
        if (error.skip) verdict = "skipped";
        else verdict = "failed";
        told = [error.message, ...stage.complaints().slice(0, 5)].join("\n      ");
        if (verdict === "failed" && options.verbose) console.log(error.stack);
    } finally {
        await stage.clear();
    }
    note(row, name, verdict, told);
}

function note(row, name, verdict, told) {
    const seconds = String(Math.round((Date.now() - started) / 1000)).padStart(4);
    console.log(`${seconds} s  ${verdict.padEnd(7)}  ${row.padEnd(20)}  ${name}${told ? `: ${told}` : ""}`);
    table.push({ row, name, verdict });
}

function report() {
    console.log(`\n${"browser | suite".padEnd(32)}  passed  failed  skipped`);
    const count = (rows, verdict) => rows.filter((one) => one.verdict === verdict).length;
    const numbers = (rows) => ["passed", "failed", "skipped"].map((verdict) => count(rows, verdict));
    for (const row of new Set(table.map((one) => one.row))) {
        const cells = numbers(table.filter((one) => one.row === row));
        console.log(row.padEnd(32) + cells.map((n) => String(n).padStart(8)).join(""));
    }
    if (!options.firefox) console.log("\nFirefox: only with --firefox");
    const [passed, failed, skipped] = numbers(table);
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0 && passed > 0;
}

async function main() {
    for (const [name, test] of Object.entries(PACKAGE)) await play("package", name, test);
    browsers.chromium = await startChromium();
    if (options.firefox) browsers.firefox = await startFirefox();
    const places = [browsers.chromium, browsers.firefox].filter(Boolean);
    try {
        for (const from of places) {
            for (const to of places) {
                const row = `${from.name}${from === to ? "" : ` to ${to.name}`} | calls`;
                for (const [name, test] of Object.entries(CALLS)) await play(row, name, test, from, to);
                for (const [name, test] of options.server ? [] : Object.entries(SERVER_TESTS)) await play(row, name, test, from, to);
            }
        }
        for (const [name, test] of Object.entries(PAGES)) await play("chromium | pages", name, test, browsers.chromium, browsers.chromium);
        if (options.server) for (const name of Object.keys(SERVER_TESTS)) note("chromium | calls", name, "skipped", "needs the stand-in");
    } finally {
        for (const browser of Object.values(browsers)) await browser.close();
    }
    return report();
}

process.exitCode = (await main()) ? 0 : 1;
