/** Prosody and Carillon for one run, as world.py starts them, and what is asked of them. */

import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const TESTS = fileURLToPath(new URL("..", import.meta.url));
const base64 = (text) => Buffer.from(text).toString("base64url");

export class World {
    #answers = [];
    #waiting = [];
    #errors = "";

    /** `origins`: of the pages that may connect, the first is Carillon's own. */
    async start(carillon, origins, { domain = "example.test", config = "" } = {}) {
        const words = ["--carillon", carillon, "--domain", domain, "--config", config, ...origins.flatMap((one) => ["--origin", one])];
        this.child = spawn("/usr/bin/python3", [`${TESTS}web/world.py`, ...words],
                           { env: { ...process.env, PYTHONPATH: TESTS }, stdio: ["pipe", "pipe", "pipe"] });
        this.child.stderr.on("data", (data) => (this.#errors += data));
        this.ended = new Promise((resolve) => this.child.on("close", (code) => {
            for (const waiting of this.#waiting.splice(0)) waiting({ error: `world.py has ended:\n${this.#errors}` });
            resolve(code);
        }));
        createInterface({ input: this.child.stdout }).on("line", (line) => {
            const waiting = this.#waiting.shift();
            if (waiting) waiting(JSON.parse(line));
            else this.#answers.push(JSON.parse(line));
        });
        Object.assign(this, await this.#next());
        return this;
    }

    async #next() {
        const answer = this.#answers.shift() ?? await new Promise((resolve) => this.#waiting.push(resolve));
        if (answer.error) throw new Error(answer.error);
        return answer;
    }
    ask(what, how = {}) {
        const answer = this.#next();
        this.child.stdin.write(`${JSON.stringify({ do: what, ...how })}\n`);
        return answer;
    }

    /** A token as the backend of somebody's site would sign it. */
    token(claims) {
        const parts = [{ alg: "HS256", typ: "JWT", kid: "tests" },
                       { aud: this.audience, exp: Math.floor(Date.now() / 1000) + 600, ...claims }].map((one) => base64(JSON.stringify(one)));
        const signed = createHmac("sha256", Buffer.from(this.secret, "hex")).update(parts.join(".")).digest("base64url");
        return `${parts.join(".")}.${signed}`;
    }

    async log() {
        const { carillon, server } = await this.ask("log", { lines: 25 });
        return ["--- Carillon", ...carillon, "--- the server", ...server.slice(-8)].join("\n");
    }

    /** What was wrong with the end, if anything was. */
    async close() {
        this.child.stdin.end();
        const code = await this.ended;
        return code === 0 ? "" : `world.py ended with ${code}: ${this.#errors.slice(-4000)}`;
    }
}
