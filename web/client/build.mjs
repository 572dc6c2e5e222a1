/**
 * Builds dist/ with plain tsc: node web/client/build.mjs [--out FOLDER]
 * The modules of src/v1/ become one file, v1.js, so that a page loads the library in one request. No bundler: each
 * module keeps its text, only the imports and exports between them go. (Two that declare one name would not load.)
 */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const at = process.argv.indexOf("--out");
const out = at > 0 ? process.argv[at + 1] : join(here, "dist");
/** In the order they need each other. */
const MODULES = [
    "emitter", "timers", "words", "media", "path", "players", "socket", "peer", "sending", "call", "kept_token", "phone", "connect",
];

function compile(target) {
    const require = createRequire(join(here, "../../tests/web/package.json"));
    const run = (...options) => execFileSync(process.execPath,
        [require.resolve("typescript/bin/tsc"), "-p", here, "--outDir", target, ...options], { stdio: "inherit" });
    run("--declaration", "false", "--removeComments");
    run("--emitDeclarationOnly");
}

function joined(folder) {
    const licence = "// Carillon's client library. MIT, see LICENSE; the sources are in web/client/src.\n";
    const modules = MODULES.map((name) => readFileSync(join(folder, "v1", `${name}.js`), "utf8")
        .replace(/^import .*;\n/gm, "").replace(/^export \{.*\};\n/gm, "").replace(/^export /gm, "").replace(/^ +/gm, ""));
    const exported = readFileSync(join(folder, "v1.js"), "utf8").replace(/ from "\.\/v1\/.*";/g, ";");
    return `${licence}${modules.join("")}${exported}`;
}

const made = mkdtempSync(join(tmpdir(), "carillon-client-"));
try {
    compile(made);
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, "v1.js"), joined(made));
    for (const name of ["xmpp-call.js", "de.js"]) cpSync(join(made, name), join(out, name));
    cpSync(made, out, { recursive: true, filter: (path) => !path.endsWith(".js") });
} finally {
    rmSync(made, { recursive: true, force: true });
}
