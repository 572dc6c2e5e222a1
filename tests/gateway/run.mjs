/**
 * The gateway over real sockets, with frames written by hand: tests/gateway/run [--carillon PROGRAM] [--only WORDS] [-v]
 *   protocol_tests.mjs: what docs/web-protocol.md promises; socket_tests.mjs: HTTP and WebSocket; hostile_tests.mjs: what nobody
 *   should send. Every frame is checked against the schema, and a call of two others goes on beside all of it.
 * The last line is "N passed, N failed, N skipped".
 */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { CALL, GUESTS, SESSION } from "./protocol_tests.mjs";
import { FRAMES, LAST, TOKENS } from "./hostile_tests.mjs";
import { InnocentCall, Lab } from "./lab.mjs";
import { HTTP, LIMITS, WEBSOCKET } from "./socket_tests.mjs";

const { values: options } = parseArgs({
    options: {
        carillon: { type: "string", default: fileURLToPath(new URL("../../build/release/carillon", import.meta.url)) },
        only: { type: "string", default: "" },
        verbose: { type: "boolean", short: "v", default: false },
    },
});
// Ordered so that what restarts Carillon comes last.
const SUITES = { session: SESSION, call: CALL, guests: GUESTS, HTTP, WebSocket: WEBSOCKET, limits: LIMITS, tokens: TOKENS, frames: FRAMES, last: LAST };
const CONFIG = "\n[limits]\ninvites_per_minute = 1000\ncalls_per_user = 1000\ncalls_per_pair = 1000\nunanswered_calls = 1000\n";

let [passed, failed] = [0, 0];

async function play(lab, innocent, row, name, test) {
    if (!`${row} | ${name}`.includes(options.only)) return;
    const began = Date.now();
    const before = failed;
    let told = "";
    try {
        told = await test(lab, innocent) ?? "";
        await innocent.check();
    } catch (error) {
        told = options.verbose ? error.stack : error.message;
        failed += 1;
        console.log(`failed  ${row.padEnd(10)} ${name}: ${told}`);
    }
    const wrong = lab.clear();
    if (wrong.length > 0) console.log(`failed  ${row.padEnd(10)} ${name}: against the schema: ${wrong.slice(0, 5).join("\n        ")}`);
    if (wrong.length > 0 && failed === before) failed += 1;
    if (failed === before) passed += 1;
    console.log(`        ${row.padEnd(10)} ${name} (${Date.now() - began} ms)${told ? `: ${told}` : ""}`);
}

async function main() {
    const lab = await new Lab().start(options.carillon, CONFIG);
    const innocent = await InnocentCall.start(lab);
    lab.hold();
    for (const [row, tests] of Object.entries(SUITES))
        for (const [name, test] of Object.entries(tests)) await play(lab, innocent, row, name, test);
    const log = failed > 0 ? await lab.world.log() : "";
    innocent.caller.cut();
    innocent.callee.cut();
    const wrong = await lab.world.close();
    if (wrong || log) console.log(`${log}\n${wrong}`);
    if (wrong) failed += 1;
    console.log(`\n${passed} passed, ${failed} failed, 0 skipped`);
    return failed === 0 && passed > 0;
}

process.exitCode = (await main()) ? 0 : 1;
