/** A page without a browser, by docs/web-protocol.md alone. Every frame either way is checked against the schema. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";

import { wrongWith, wrongWithResult } from "../web/schema.mjs";
import { OPCODE, RawSocket, soon } from "./socket.mjs";

export const newId = () => randomBytes(16).toString("hex");

export class Page {
    #ids = 0;
    #methods = new Map();
    #answers = [];
    #wake = [];
    /** Events that nobody has asked for yet; the highest seq there was, and how many came. */
    events = [];
    seq = 0;
    goaway;
    closed = new Promise((resolve) => (this.close = resolve));

    constructor(lab, { origin = lab.origin, from = lab.newAddress() } = {}) {
        Object.assign(this, { lab, origin, from });
    }
    async open(headers = {}) {
        this.socket = await new RawSocket().open(this.lab.port, { from: this.from });
        const { status } = await this.socket.upgrade({ ...(this.origin ? { Origin: this.origin } : {}), ...headers });
        assert.equal(status, 101, `no WebSocket: ${status}`);
        this.#listen();
        return this;
    }
    async #listen() {
        for (;;) {
            const { opcode, payload, code, fin } = await this.socket.next("a frame", Infinity);
            if (opcode === OPCODE.ping) this.socket.frame({ opcode: OPCODE.pong, payload });
            if (opcode >= 0 && !fin && opcode !== OPCODE.close) this.lab.wrong.push("a frame in pieces");
            else if (opcode === OPCODE.text) this.#take(JSON.parse(payload));
            if (opcode === OPCODE.close || opcode === -1) this.close(code ?? 0);
            for (const wake of this.#wake.splice(0)) wake();
            if (opcode === OPCODE.close || opcode === -1) return;
        }
    }
    #take(frame) {
        const complain = (what) => what && this.lab.wrong.push(`${what}: ${JSON.stringify(frame).slice(0, 300)}`);
        complain(wrongWith("ServerFrame", frame));
        if (frame.seq !== 0) complain(frame.seq === this.seq + 1 ? "" : `seq ${frame.seq} follows ${this.seq}`);
        if (frame.seq !== 0) this.seq = frame.seq;
        if (frame.result && this.#methods.has(frame.id)) complain(wrongWithResult(this.#methods.get(frame.id), frame.result));
        // At once: what follows it may have come with it.
        if (this.#methods.get(frame.id) === "session.hello" && frame.result && !frame.result.resumed) this.seq = frame.result.seq;
        if (frame.method === "session.goaway") this.goaway = frame.params;
        else if (frame.method === "session.token") this.token = frame.params.resume_token;
        else if (frame.method) this.events.push(frame);
        else this.#answers.push(frame);
    }
    /** Until `find()` gives something, or the connection has ended. */
    async #until(what, find) {
        for (;;) {
            const found = find();
            if (found !== undefined) return found;
            if (this.socket.closed) throw new Error(`${what}: the connection was closed`);
            await soon(new Promise((wake) => this.#wake.push(wake)), what);
        }
    }

    /** Any text at all. */
    says(text) {
        this.socket.frame({ payload: text });
        return this;
    }
    /** A frame as it is; it has to fit the schema. */
    sends(object) {
        this.#methods.set(object.id, object.method);
        const wrong = wrongWith("ClientFrame", object);
        if (wrong) this.lab.wrong.push(`sent: ${wrong}: ${JSON.stringify(object).slice(0, 300)}`);
        return this.says(JSON.stringify(object));
    }
    notifies(method, params) {
        return this.sends({ jsonrpc: "2.0", method, ...(params ? { params } : {}) });
    }
    /** The answer to the request with that id: { result } or { error }. */
    answerTo(id) {
        return this.#until(`an answer to ${JSON.stringify(id)}`, () => {
            const at = this.#answers.findIndex((one) => one.id === id);
            return at < 0 ? undefined : this.#answers.splice(at, 1)[0];
        });
    }
    /** Sends a request that need not fit the schema, and waits for its answer. */
    tries(method, params, more = {}) {
        const id = `r${++this.#ids}`;
        this.#methods.set(id, method);
        this.says(JSON.stringify({ jsonrpc: "2.0", id, method, params, ...more }));
        return this.answerTo(id);
    }
    /** Sends a request and waits for its result. */
    async asks(method, params, more = {}) {
        const id = ++this.#ids;
        this.sends({ jsonrpc: "2.0", id, method, ...(params ? { params } : {}), ...more });
        const { result, error } = await this.answerTo(id);
        assert(result, `${method} is refused: ${JSON.stringify(error)}`);
        return result;
    }
    /** The code of the error that a request is answered with. */
    async refused(method, params) {
        const { error } = await this.tries(method, params);
        assert(error, `${method} ${JSON.stringify(params).slice(0, 200)} is not refused`);
        return error.code;
    }
    /** The parameters of the next event of that name. */
    async hears(method) {
        return (await this.#until(`${method}`, () => {
            const at = this.events.findIndex((one) => one.method === method);
            return at < 0 ? undefined : this.events.splice(at, 1)[0];
        })).params;
    }
    /** When this is answered, all that was said before it has been heard. */
    async settles() {
        await this.asks("ping");
        return this;
    }

    async hello(auth, more = {}) {
        const hello = await this.asks("session.hello", { auth, client: { name: "by the book", version: "1" }, ...more });
        Object.assign(this, { token: hello.resume_token, jid: hello.jid, welcome: hello });
        return hello;
    }
    /** Takes a call, with or without an offer in its invitation. */
    async takes(call_id, { answer, invited }) {
        if (invited.offer) return this.asks("call.accept", { call_id, answer });
        await this.asks("call.accept", { call_id });
        const { description } = await this.hears("call.negotiate");
        assert.equal(description.type, "offer");
        return this.asks("call.negotiate", { call_id, description: answer });
    }
    /** A new connection of the same session: the page that has it from now on, and its hello. */
    async resumes({ last_seq = this.seq, ...how } = {}) {
        const again = await new Page(this.lab, { origin: this.origin, from: this.from, ...how }).open();
        again.seq = last_seq ?? 0;
        await again.hello({ type: "resume", token: this.token }, last_seq === null ? {} : { last_seq });
        return again;
    }
    cut() {
        this.socket.cut();
    }
}
