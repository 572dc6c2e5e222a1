/** What is packed for npm: small, current, right. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const CLIENT = fileURLToPath(new URL("../../web/client/", import.meta.url));
const MOST_BYTES = 12_000;

function filesOf(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
        const path = join(folder, one.name);
        return one.isDirectory() ? filesOf(path) : [path];
    });
}
const contentsOf = (folder) => Object.fromEntries(filesOf(folder).map((path) => [relative(folder, path), readFileSync(path, "utf8")]));

async function inScratch(what) {
    const scratch = mkdtempSync(join(tmpdir(), "carillon-pack-"));
    try {
        return await what(scratch);
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

const run = (program, args, cwd) => execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

export const PACKAGE = {
    "the types are those of the schema": () => {
        run(process.execPath, [fileURLToPath(new URL("../../web/protocol/types.mjs", import.meta.url)), "--check"]);
    },
    "dist/ is what the sources make": () => inScratch((scratch) => {
        const out = join(scratch, "dist");
        run(process.execPath, [join(CLIENT, "build.mjs"), "--out", out]);
        assert.deepEqual(contentsOf(join(CLIENT, "dist")), contentsOf(out), "run node web/client/build.mjs");
    }),
    "under 12 kB": () => {
        const size = gzipSync(readFileSync(join(CLIENT, "dist/v1.js")), { level: 9 }).length;
        assert.ok(size < MOST_BYTES, `${size} bytes gzipped`);
        return `${size} bytes gzipped`;
    },
    "loads where there is no browser": async () => {
        const { words } = await import(join(CLIENT, "dist/v1.js"));
        await import(join(CLIENT, "dist/xmpp-call.js"));
        assert.ok(words.en.busy);
    },
    "npm pack, and publint finds nothing": () => inScratch(async (scratch) => {
        const [{ filename, files, size }] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", scratch], CLIENT));
        const names = files.map(({ path }) => path);
        for (const needed of ["LICENSE", "README.md", "dist/v1.js", "dist/v1.d.ts", "dist/xmpp-call.js", "package.json"]) {
            assert.ok(names.includes(needed), `${needed} is not in ${names}`);
        }
        assert.ok(!names.some((name) => name.startsWith("src/")));
        run("tar", ["xzf", join(scratch, filename)], scratch);
        const { publint } = await import("publint");
        const { messages } = await publint({ pkgDir: join(scratch, "package"), strict: true });
        assert.deepEqual(messages, []);
        return `${names.length} files, ${size} bytes`;
    }),
    "the types serve a page that is written in TypeScript": () => inScratch((scratch) => {
        const source = `import { connect, type Call } from "carillon-client";
            const phone = await connect({ token: "t", url: "https://call.example.org/ws" });
            phone.addEventListener("call", (e) => void e.detail.accept({ audio: true }));
            const call: Call = await phone.call("bob@example.org", { audio: true, video: false });
            call.addEventListener("state", ({ detail }) => { const state: "ended" | string = detail; console.log(state); });
            // @ts-expect-error: no such state
            const wrong: boolean = call.state === "nonsense";
            export { wrong };`;
        writeFileSync(join(scratch, "page.ts"), source);
        const options = {
            strict: true, noEmit: true, module: "es2022", target: "es2022", moduleResolution: "bundler", lib: ["es2022", "dom"], types: [],
            paths: { "carillon-client": [join(CLIENT, "dist/v1.d.ts")] },
        };
        writeFileSync(join(scratch, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["page.ts"] }));
        const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));
        try {
            run(process.execPath, [tsc, "-p", scratch]);
        } catch (error) {
            assert.fail(error.stdout);
        }
    }),
    "nothing on the pages comes from elsewhere, or inline": () => {
        const pages = fileURLToPath(new URL("../../web/pages/", import.meta.url));
        for (const path of filesOf(pages).filter((one) => statSync(one).isFile())) {
            const text = readFileSync(path, "utf8").replaceAll("http://www.w3.org/2000/svg", "");
            assert.doesNotMatch(text, /https?:\/\//, path);
            if (path.endsWith(".html")) assert.doesNotMatch(text, /<style|<script(?![^>]*src=)|\sstyle=|\son\w+=/, path);
            assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML/, path);
        }
    },
};
