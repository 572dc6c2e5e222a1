/**
 * The client library and the pages in real browsers, with a real Carillon and Prosody between them:
 * tests/web/run [--long] [--carillon PROGRAM | --stand-in] [--only WORDS] [--times N] [-v]
 *   Chromium always; --long: Firefox as well, and calls between the two.
 *   --stand-in: fake_server.mjs in place of Carillon, also where that is not needed to make faults happen. What it does not do
 *   is skipped, with the reason.
 *   --only: tests whose name has these words in it. --times: each so often, to find what fails now and then.
 *   -v: the browser's console too.
 * The last line is "N passed, N failed, N skipped".
 */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { CALLS, FAULTS } from "./calls.mjs";
import { startChromium, startFirefox } from "./harness.mjs";
import { PACKAGE } from "./package_tests.mjs";
import { PAGES } from "./page_tests.mjs";
import { RESTARTS } from "./restart_tests.mjs";
import { Skipped, Stage, Theatre } from "./stage.mjs";
import { XMPP } from "./xmpp_tests.mjs";
import { World } from "./world.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { values: options } = parseArgs({
    options: {
        carillon: { type: "string", default: `${ROOT}build/release/carillon` },
        long: { type: "boolean", default: false },
        only: { type: "string", default: "" },
        "stand-in": { type: "boolean", default: false },
        times: { type: "string", default: "1" },
        verbose: { type: "boolean", short: "v", default: false },
    },
});

const started = Date.now();
const results = [];
const browsers = {};

async function play(theatre, row, name, test, [from, to] = theatre?.places ?? []) {
    if (!`${row} ${name}`.includes(options.only)) return;
    for (let time = 0; time < Number(options.times); time += 1) results.push(await attempt(theatre, row, name, test, [from, to]));
}

async function attempt(theatre, row, name, test, [from, to]) {
    const stage = theatre && await new Stage(theatre, from, to).start();
    let verdict = "passed", told = "";
    try {
        told = await test(stage) ?? "";
        if (stage?.complaints().length > 0) throw new Error(`left behind: ${stage.complaints().slice(0, 5).join(" | ")}`);
    } catch (error) {
        verdict = error instanceof Skipped ? "skipped" : "failed";
        told = error instanceof Skipped ? error.message : [error.message, ...stage?.complaints().slice(0, 5) ?? [], await stage?.world?.log().catch(() => "") ?? "", ...stage?.frames.told() ?? []].join("\n      ");
        if (options.verbose) console.log(error.stack);
    } finally {
        await stage?.clear();
    }
    const seconds = String(Math.round((Date.now() - started) / 1000)).padStart(4);
    console.log(`${seconds} s  ${verdict.padEnd(7)}  ${row.padEnd(20)}  ${name}${told ? `: ${told}` : ""}`);
    return { row, name, verdict, told, cast: stage?.cast ?? [], counted: stage?.counted ?? [] };
}

/** Who called whom, and what arrived at whom; scripts/test shows the lines that begin so. */
function printCalls() {
    const calls = results.filter(({ verdict, counted }) => verdict === "passed" && counted.length > 0);
    console.log(`\nsummary: ${"browser | call".padEnd(78)}  ${"between".padEnd(24)}  ${"media".padEnd(13)}  arrived: packets of sound, frames decoded`);
    for (const { row, name, cast, counted } of calls) {
        const media = counted.some(({ frames }) => frames > 0) ? "audio + video" : "audio";
        const arrived = counted.map(({ who, audio, frames }) => `${who} ${audio}${frames ? ` + ${frames}` : ""}`).join(", ");
        console.log(`summary: ${`${row.split(" | ")[0]} | ${name}`.padEnd(78)}  ${cast.join(", ").padEnd(24)}  ${media.padEnd(13)}  ${arrived}`);
    }
}

function report() {
    printCalls();
    console.log(`\n${"browser | suite".padEnd(32)}  passed  failed  skipped`);
    const count = (rows) => ["passed", "failed", "skipped"].map((verdict) => rows.filter((one) => one.verdict === verdict).length);
    for (const row of new Set(results.map((one) => one.row))) {
        console.log(row.padEnd(32) + count(results.filter((one) => one.row === row)).map((n) => String(n).padStart(8)).join(""));
    }
    if (!options.long) console.log("\nFirefox: only with --long");
    const [passed, failed, skipped] = count(results);
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0 && passed > 0;
}

async function playAll(world, wires) {
    browsers.chromium = await startChromium();
    if (options.long) browsers.firefox = await startFirefox();
    const places = [browsers.chromium, browsers.firefox].filter(Boolean);
    const deaf = async () => (browsers.deaf ??= await startChromium({ microphone: "deny" }));
    const make = (real) => Object.assign(new Theatre(places, { world: real, deaf, verbose: options.verbose }), { wires });
    const [real, standIn] = [make(world), make(undefined)];
    const chromium = [browsers.chromium, browsers.chromium];
    for (const from of places) {
        for (const to of places) {
            const row = `${from.name}${from === to ? "" : ` to ${to.name}`}`;
            for (const [name, test] of Object.entries(CALLS)) await play(real, `${row} | calls`, name, test, [from, to]);
        }
    }
    const realOnly = (test) => (stage) => {
        stage.needsCarillon("has no XMPP server and does not restart");
        return test(stage);
    };
    for (const [name, test] of Object.entries(XMPP)) await play(real, "chromium | XMPP", name, realOnly(test), chromium);
    for (const [name, test] of Object.entries(RESTARTS)) await play(real, "chromium | restarts", name, realOnly(test), chromium);
    for (const [name, test] of Object.entries(PAGES)) await play(real, "chromium | pages", name, test, chromium);
    for (const [name, test] of Object.entries(FAULTS)) await play(standIn, "chromium | faults, stand-in", name, test, chromium);
}

async function main() {
    for (const [name, test] of Object.entries(PACKAGE)) await play(undefined, "package", name, test);
    const wires = await Theatre.makeWires();
    const world = options["stand-in"] ? undefined : await new World().start(options.carillon, wires.map(({ url }) => url));
    try {
        await playAll(world, wires);
    } finally {
        for (const browser of Object.values(browsers)) await browser.close();
        for (const wire of wires) wire.close();
        const wrong = await world?.close();
        if (wrong) results.push({ row: "carillon", name: "ends well", verdict: "failed", cast: [], counted: [] }) && console.log(wrong);
    }
    return report();
}

process.exitCode = (await main()) ? 0 : 1;
