/** A connection to the gateway that says exactly what it is told to, be it HTTP, WebSocket frames, or neither. */

import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

export const PATIENCE = 1000 * Number(process.env.PATIENCE ?? 60);
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** Fails when the promise takes too long. */
export async function soon(promise, what, within = PATIENCE) {
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what}: not within ${within / 1000} s`)), within)));
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}

/** RFC 6455, 5.2. */
export function frame({ opcode = OPCODE.text, fin = true, reserved = 0, masked = true, payload = "" }) {
    const data = Buffer.from(payload);
    const head = [(fin ? 0x80 : 0) | (reserved << 4) | opcode];
    const mask = masked ? 0x80 : 0;
    const size = Buffer.alloc(data.length < 126 ? 0 : data.length < 65_536 ? 2 : 8);
    head.push(mask | (size.length === 0 ? data.length : size.length === 2 ? 126 : 127));
    if (size.length === 2) size.writeUInt16BE(data.length);
    if (size.length === 8) size.writeBigUInt64BE(BigInt(data.length));
    if (!masked) return Buffer.concat([Buffer.from(head), size, data]);
    const key = randomBytes(4);
    for (let at = 0; at < data.length; ++at) data[at] ^= key[at & 3];
    return Buffer.concat([Buffer.from(head), size, key, data]);
}

export class RawSocket {
    #in = Buffer.alloc(0);
    #waiting = [];
    closed = false;

    /** `from`: the address it comes from, each 127.x.y.z being a client of its own. */
    async open(port, { from = "127.0.0.1", tls = false } = {}) {
        const where = { port, host: "127.0.0.1", localAddress: from };
        this.socket = tls ? connectTls({ ...where, rejectUnauthorized: false, ...(tls === true ? {} : tls) }) : connect(where);
        this.socket.on("data", (data) => this.#arrived(data));
        this.socket.on("error", (error) => (this.error = error));
        this.socket.on("close", () => {
            this.closed = true;
            this.#arrived(Buffer.alloc(0));
        });
        await soon(new Promise((resolve) => {
            this.socket.once(tls ? "secureConnect" : "connect", resolve);
            this.socket.once("close", resolve);
        }), "to connect");
        return this;
    }
    #arrived(data) {
        this.#in = Buffer.concat([this.#in, data]);
        for (const wake of this.#waiting.splice(0)) wake();
    }
    /** Until `found(bytes)` is a length: takes that many bytes. What there is when the connection ends, whatever it is. */
    async take(found, what, patience = PATIENCE) {
        const end = Date.now() + patience;
        for (;;) {
            const size = found(this.#in);
            if (size === undefined && !this.closed) {
                const more = new Promise((wake) => this.#waiting.push(wake));
                await (patience === Infinity ? more : soon(more, what, Math.max(1, end - Date.now())));
                continue;
            }
            const taken = this.#in.subarray(0, size);
            this.#in = this.#in.subarray(taken.length);
            return taken;
        }
    }
    send(bytes) {
        if (!this.socket.destroyed) this.socket.write(bytes);
        return this;
    }
    cut() {
        this.socket.destroy();
    }
    /** Nothing more comes. */
    async ends() {
        await this.take(() => undefined, "the end of the connection");
    }

    // ---- HTTP

    /** { status, headers, body } of the next answer; status 0 when there is none. */
    async answer({ head = false } = {}) {
        const text = (await this.take((bytes) => {
            const at = bytes.indexOf("\r\n\r\n");
            return at < 0 ? undefined : at + 4;
        }, "an answer")).toString("latin1");
        const [first = "", ...lines] = text.split("\r\n").filter(Boolean);
        const headers = {};
        for (const line of lines) headers[line.slice(0, line.indexOf(":")).toLowerCase()] = line.slice(line.indexOf(":") + 1).trim();
        const size = head ? 0 : Number(headers["content-length"] ?? 0);
        const body = size ? (await this.take((bytes) => (bytes.length >= size ? size : undefined), "a body")).toString() : "";
        return { status: Number(first.split(" ")[1] ?? 0), headers, body };
    }
    http(request, how) {
        return this.send(request).answer(how);
    }
    get(path, headers = {}, method = "GET") {
        const lines = Object.entries({ Host: "call.test", ...headers }).flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}`));
        return this.http(`${[`${method} ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n")}`, { head: method === "HEAD" });
    }

    // ---- WebSocket

    async upgrade(headers = {}) {
        const key = randomBytes(16).toString("base64");
        const answer = await this.get("/ws", {
            Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Protocol": "carillon.v1", ...headers });
        const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
        if (answer.status === 101 && answer.headers["sec-websocket-accept"] !== accept) throw new Error("Sec-WebSocket-Accept is wrong");
        return answer;
    }
    frame(how) {
        return this.send(frame(how));
    }
    /** The next frame: { opcode, payload }, a closing one with its code; { opcode: -1 } when the connection is gone. */
    async next(what = "a frame", patience = PATIENCE) {
        const size = ([, second = 0]) => (second & 127);
        const wide = (bytes) => ({ 126: 2, 127: 8 })[size(bytes)] ?? 0;
        const length = (bytes) => (wide(bytes) === 2 ? bytes.readUInt16BE(2) : wide(bytes) === 8 ? Number(bytes.readBigUInt64BE(2)) : size(bytes));
        const whole = (bytes) => (bytes.length < 2 + wide(bytes) ? undefined : 2 + wide(bytes) + length(bytes));
        const bytes = await this.take((all) => (all.length >= 2 && all.length >= (whole(all) ?? Infinity) ? whole(all) : undefined), what, patience);
        if (bytes.length < (whole(bytes) ?? Infinity)) return { opcode: -1 };  // cut within a frame
        const payload = bytes.subarray(2 + wide(bytes));
        const [opcode, fin] = [bytes[0] & 15, bytes[0] >= 0x80];
        const code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
        return opcode === OPCODE.close ? { opcode, payload, code } : { opcode, payload, fin };
    }
    /** The code it is closed with; texts before it are left out. 0: cut without one. */
    async closeCode() {
        for (;;) {
            const { opcode, code } = await this.next("to be closed");
            if (opcode === OPCODE.close) return code;
            if (opcode === -1) return 0;
        }
    }
}
