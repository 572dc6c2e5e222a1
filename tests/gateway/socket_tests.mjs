/** HTTP, WebSockets and the limits of both. Each test gets the Lab. */

import assert from "node:assert/strict";

import { FAR_CANDIDATE } from "./lab.mjs";
import { frame, OPCODE, soon } from "./socket.mjs";

const CRLF = "\r\n";
const ask = (...lines) => [...lines, "", ""].join(CRLF);

async function open(lab, headers = {}) {
    const socket = await lab.raw();
    assert.equal((await socket.upgrade({ Origin: lab.origin, ...headers })).status, 101);
    return socket;
}

export const HTTP = {
    "pages, library and health, by GET and HEAD": async (lab) => {
        const socket = await lab.raw();
        for (const path of ["/", "/c", "/client/v1.js", "/client/carillon.v1.schema.json", "/healthz"]) {
            const [got, head] = [await socket.get(path), await socket.get(path, {}, "HEAD")];
            assert.equal(got.status, 200, path);
            assert.deepEqual({ ...head.headers }, { ...got.headers }, path);
            assert.equal(Number(got.headers["content-length"]), Buffer.byteLength(got.body), path);
            assert.equal(got.headers["x-content-type-options"], "nosniff");
            assert.equal(got.headers["access-control-allow-origin"], path.startsWith("/client/") ? "*" : undefined, path);
        }
        assert.equal((await socket.get("/c?x=1")).status, 200);
        assert.equal((await socket.get("/client/none.js")).status, 404);
    },
    "other methods": async (lab) => {
        for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "BREW", "get"]) {
            const { status, headers } = await (await lab.raw()).get("/", {}, method);
            assert.equal(status, 405, method);
            assert.equal(headers.allow, "GET, HEAD");
        }
    },
    "paths that climb, hide or are none": async (lab) => {
        for (const path of ["/../etc/passwd", "/client/../../etc/passwd", "/%2e%2e/etc/passwd", "/client/%2e%2e%2f", "//", "/./", "/c/", "/client",
                            "/client/", "/ws/", "//etc/passwd", "/c%00", "/\\..\\", "/client/v1.js/", "/healthz/x", `/${"a".repeat(8000)}`])
            assert.equal((await (await lab.raw()).get(path)).status, 404, path.slice(0, 40));
        for (const path of ["*", "etc/passwd", "?", "#"]) assert.equal((await (await lab.raw()).get(path)).status, 400, path);
    },
    "a request has one host": async (lab) => {
        for (const lines of [["GET / HTTP/1.1"], ["GET / HTTP/1.1", "Host: a", "Host: b"], ["GET / HTTP/1.1", "Host: a, b"], ["GET / HTTP/1.1", "Host: a/b"]]) {
            const socket = await lab.raw();
            assert.equal((await socket.http(ask(...lines))).status, 400, lines.join("|"));
            await socket.ends();
        }
    },
    "the absolute form is the same address (RFC 9112, 3.2.2)": async (lab) => {
        const socket = await lab.raw();
        assert.equal((await socket.get("http://call.test/healthz")).status, 200);
        assert.equal((await socket.get("https://call.test/client/v1.js?x")).status, 200);
        assert.equal((await socket.get("http://call.test")).status, 200);
        assert.equal((await socket.get("HTTP://call.test/healthz")).status, 200);
        assert.equal((await socket.get("http://call.test?x")).status, 200);
        for (const target of ["ftp://call.test/", "http:///healthz", "http://user:password@call.test/healthz", "http://a b/", "http://call.test:99999/"])
            assert.equal((await (await lab.raw()).get(target)).status, 400, target);
    },
    "HTTP/1.0 is answered and closed, unless it asks otherwise": async (lab) => {
        const socket = await lab.raw();
        assert.equal((await socket.http(ask("GET /healthz HTTP/1.0"))).status, 200);
        await socket.ends();
        const kept = await lab.raw();
        const { headers } = await kept.http(ask("GET /healthz HTTP/1.0", "Connection: keep-alive"));
        if (headers.connection !== "keep-alive") return kept.ends();
        assert.equal((await kept.http(ask("GET /healthz HTTP/1.0", "Connection: keep-alive"))).status, 200);
    },
    "requests that follow each other at once are answered in turn": async (lab) => {
        const socket = await lab.raw();
        socket.send(ask("GET /healthz HTTP/1.1", "Host: a").repeat(5));
        for (let n = 0; n < 5; ++n) assert.equal((await socket.answer()).body, "ok\n");
    },
    "no request hides in another": async (lab) => {
        const hidden = ask("GET /healthz HTTP/1.1", "Host: hidden");
        for (const lines of [
            ["Content-Length: 5", "Content-Length: 6"], ["Content-Length: 5", "Transfer-Encoding: chunked"], ["Content-Length: +5"], ["Content-Length: 5,5"],
            ["Content-Length: -1"], ["Content-Length: 0x5"], ["Content-Length: 99999999999999999999"], ["Transfer-Encoding: chunked"],
            ["Transfer-Encoding: xchunked"], ["Transfer-Encoding : chunked"], ["Transfer-Encoding: chunked, identity"], [" Transfer-Encoding: chunked"],
            ["Content-Length: 5"], ["Expect: 100-continue", "Content-Length: 5"], ["X: a\0b"], ["X\0: a"], ["X: a\rY: b"]]) {
            const socket = await lab.raw();
            const { status } = await socket.http(ask("GET /healthz HTTP/1.1", "Host: a", ...lines) + hidden);
            assert(status >= 400 && status < 500, `${lines.join("|")}: ${status}`);
            assert.equal((await socket.answer()).status, 0, `${lines.join("|")}: the hidden request was answered`);
        }
    },
    "heads that are huge, many, or never end": async (lab) => {
        for (const lines of [[`X: ${"a".repeat(20_000)}`], Array.from({ length: 4000 }, (_, n) => `X-${n}: ${n}`)]) {
            const socket = await lab.raw();
            assert.equal((await socket.http(ask("GET / HTTP/1.1", "Host: a", ...lines))).status, 431);
            await socket.ends();
        }
        const socket = await lab.raw();
        const { status } = await socket.http(`GET /${"a".repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
        assert(status === 431 || status === 414 || status === 400);
        await socket.ends();
    },
    "who is slow with a request is cut off": async (lab) => {
        const socket = await lab.raw();
        socket.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
        // A byte now and then buys no time.
        const drip = setInterval(() => socket.send("a"), 500);
        const began = Date.now();
        await socket.ends();
        clearInterval(drip);
        assert(Date.now() - began < 20_000);
    },
    "what is no HTTP": async (lab) => {
        for (const bytes of ["\x16\x03\x01\x02\x00\x01\x00\x01", "hello\r\n\r\n", "\r\n\r\n\r\n\r\nx", "GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n"]) {
            const socket = await lab.raw();
            socket.send(Buffer.from(bytes, "latin1"));
            socket.socket.end();
            const { status } = await socket.answer();
            assert(status === 0 || (status >= 400 && status < 600), `${JSON.stringify(bytes)}: ${status}`);
            await socket.ends();
        }
    },
};

export const WEBSOCKET = {
    "the upgrade, and what is none": async (lab) => {
        for (const [headers, status] of [
            [{}, 101], [{ "Sec-WebSocket-Protocol": "chat, carillon.v1" }, 101], [{ "Sec-WebSocket-Protocol": ["chat", "carillon.v1"] }, 101],
            [{ Connection: "keep-alive, Upgrade", Upgrade: "WebSocket" }, 101], [{ "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" }, 101],
            [{ "Sec-WebSocket-Protocol": [] }, 400], [{ "Sec-WebSocket-Protocol": "carillon.v2" }, 400], [{ "Sec-WebSocket-Protocol": "CARILLON.V1" }, 400],
            [{ Upgrade: [] }, 426], [{ Connection: [] }, 426], [{ Upgrade: "h2c" }, 426],
            [{ "Sec-WebSocket-Version": "8" }, 426], [{ "Sec-WebSocket-Version": [] }, 400], [{ "Sec-WebSocket-Key": [] }, 400],
            [{ "Content-Length": "5" }, 400], [{ "Transfer-Encoding": "chunked" }, 400]]) {
            const socket = await lab.raw();
            const answer = await socket.upgrade({ Origin: lab.origin, ...headers });
            assert.equal(answer.status, status, JSON.stringify(headers));
            if (status === 101) assert.equal(answer.headers["sec-websocket-protocol"], "carillon.v1");
            if (status === 101) assert.equal(answer.headers["sec-websocket-extensions"], undefined);
        }
    },
    "the origin": async (lab) => {
        for (const [origin, allowed] of [
            ["https://www.test", true], ["https://WWW.test", true], ["https://www.test:443", true], ["https://call.test", true], [[], true],
            ["http://www.test", false], ["https://www.test.evil.test", false], ["https://evil.test/https://www.test", false], ["https://www.test:8443", false],
            ["null", false], ["", false], ["https://www.test, https://evil.test", false], [["https://www.test", "https://evil.test"], false],
            [["https://evil.test", "https://www.test"], false], ["https://user@www.test", false], ["https://www.test/", false], ["file://", false]]) {
            const socket = await lab.raw();
            assert.equal((await socket.upgrade({ Origin: origin })).status, 101, String(origin));
            if (!allowed) assert.equal(await socket.closeCode(), 4403, String(origin));
            else assert.deepEqual(await socket.frame({ opcode: OPCODE.ping, payload: "x" }).next().then(({ opcode }) => opcode), OPCODE.pong, String(origin));
        }
    },
    "pings are answered with what they carry, pongs are not": async (lab) => {
        const page = await open(lab);
        for (const payload of ["", "x", "y".repeat(125)]) {
            page.frame({ opcode: OPCODE.pong, payload: "never asked for" }).frame({ opcode: OPCODE.ping, payload });
            const { opcode, payload: echoed } = await page.next();
            assert.deepEqual([opcode, echoed.toString()], [OPCODE.pong, payload]);
        }
    },
    "a frame in pieces, with a ping between them": async (lab) => {
        const page = await open(lab);
        const text = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "session.hello", params: { auth: { type: "jwt", token: lab.token({ name: "\u00df" }) } } });
        const bytes = Buffer.from(text);
        bytes.forEach((byte, at) => page.frame({ opcode: at === 0 ? OPCODE.text : OPCODE.continuation, fin: at === bytes.length - 1, payload: Buffer.from([byte]) }));
        assert.equal(JSON.parse((await page.next()).payload).result.display_name, "\u00df");
        page.frame({ fin: false, payload: '{"jsonrpc":"2.0",' }).frame({ opcode: OPCODE.ping, payload: "!" }).frame({ opcode: OPCODE.continuation, payload: '"id":2,"method":"ping"}' });
        assert.equal((await page.next()).opcode, OPCODE.pong);
        assert.deepEqual(JSON.parse((await page.next()).payload), { jsonrpc: "2.0", seq: 1, id: 2, result: {} });
    },
    "frames up to 128 KiB": async (lab) => {
        const ping = (size) => `{"jsonrpc":"2.0","id":"p","method":"ping"}`.padEnd(size);
        const page = await lab.user();
        await page.says(ping(131_072)).answerTo("p");
        page.socket.frame({ fin: false, payload: ping(65_536) }).frame({ opcode: OPCODE.continuation, payload: " ".repeat(65_536) });
        await page.answerTo("p");
        page.says(ping(131_073));
        assert.equal(await page.closed, 1009);
        const again = await lab.resumed(page);
        again.socket.frame({ fin: false, payload: ping(65_536) });
        for (let n = 0; n < 3; ++n) again.socket.frame({ opcode: OPCODE.continuation, fin: false, payload: " ".repeat(65_536) });
        assert.equal(await again.closed, 1009);
        const last = await lab.resumed(again);
        // Only a length, and nothing of it.
        last.socket.send(Buffer.from([0x81, 0xff, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]));
        assert.equal(await last.closed, 1009);
    },
    "what is against RFC 6455": async (lab) => {
        for (const [what, code] of [
            [{ masked: false, payload: "{}" }, 1002], [{ reserved: 4, payload: "{}" }, 1002], [{ reserved: 1, payload: "{}" }, 1002], [{ opcode: 3 }, 1002],
            [{ opcode: 11 }, 1002], [{ opcode: OPCODE.continuation, payload: "x" }, 1002], [{ opcode: OPCODE.ping, fin: false }, 1002],
            [{ opcode: OPCODE.ping, payload: "x".repeat(126) }, 1002], [{ opcode: OPCODE.close, payload: "x" }, 1002],
            [{ opcode: OPCODE.close, payload: Buffer.from([3, 237]) }, 1002], [{ payload: Buffer.from([0xff]) }, 1007],
            [{ payload: Buffer.from([0xed, 0xa0, 0x80]) }, 1007], [{ opcode: OPCODE.binary, payload: "{}" }, 1003], [{ opcode: OPCODE.close, payload: Buffer.from([3, 232]) }, 1000]]) {
            const page = await open(lab);
            assert.equal(await page.frame(what).closeCode(), code, JSON.stringify(what).slice(0, 80));
        }
    },
    "a connection that is cut, half closed or says goodbye can be resumed": async (lab) => {
        let page = await lab.user();
        for (const end of [() => page.cut(), () => page.socket.socket.end(), () => page.socket.frame({ opcode: OPCODE.close, payload: Buffer.from([3, 233]) }), () => page.socket.socket.resetAndDestroy()]) {
            end();
            page = await lab.resumed(page);
            assert.equal(page.welcome.resumed, true);
        }
    },
};

export const LIMITS = {
    "frames: 50 a second, 200 at once": async (lab) => {
        const page = await lab.user();
        for (let id = 1; id <= 250; ++id) page.sends({ jsonrpc: "2.0", id, method: "ping" });
        const answers = [];
        for (let id = 1; id <= 250; ++id) answers.push(await page.answerTo(id));
        const refused = answers.filter(({ error }) => error);
        assert(refused.length > 0 && refused.length <= 50, `${refused.length} of 250 refused`);
        for (const { error } of refused) assert.deepEqual([error.code, error.data.retry_after], [1005, 1]);
        // A machine that is busy may take them slowly enough for once, not again and again.
        let code;
        for (let id = 250; code === undefined; code = await Promise.race([page.closed, page.answerTo(id).then(() => undefined, () => page.closed)]))
            for (const end = id + 400; id < end;) page.sends({ jsonrpc: "2.0", id: ++id, method: "ping" });
        assert.equal(code, 4429);
        assert.equal((await lab.resumed(page)).welcome.resumed, true);
    },
    "attempts that fail: 10 a minute": async (lab) => {
        const from = lab.newAddress();
        const codes = [];
        for (let n = 0; n < 12; ++n) {
            const page = await lab.page({ from });
            codes.push(await page.refused("session.hello", { auth: { type: ["jwt", "resume", "guest"][n % 3], token: "x" } }), await page.closed);
        }
        assert.deepEqual(codes, [...Array(10).fill([1001, 4401]), ...Array(2).fill([1005, 4429])].flat());
        // Nobody else is held up by that.
        await lab.user();
    },
    "attempts: 120 a minute": async (lab) => {
        const from = lab.newAddress();
        const users = Array.from({ length: 8 }, () => lab.newUser());
        for (let n = 0; n < 120; ++n) (await lab.user(users[n % 8], { from })).notifies("session.bye");
        // The next are let in as time goes by, two a second.
        for (let refused = false; !refused;) {
            const page = await lab.page({ from });
            const { error } = await page.tries("session.hello", { auth: { type: "jwt", token: lab.token() } });
            refused = error?.code === 1005 && (await page.closed) === 4429;
            page.notifies("session.bye");
        }
    },
    "sessions: 32 of a user, 64 of a link": async (lab) => {
        const user = lab.newUser();
        for (let n = 0; n < 32; ++n) await lab.user(user);
        const page = await lab.page();
        assert.equal(await page.refused("session.hello", { auth: { type: "jwt", token: lab.token({ sub: user }) } }), 1005);
        assert.equal(await page.closed, 4429);
        const token = await lab.link(user);
        for (let n = 0; n < 64; ++n) await (await lab.page()).hello({ type: "guest", token });
        const guest = await lab.page();
        assert.equal(await guest.refused("session.hello", { auth: { type: "guest", token } }), 1005);
    },
    "connections: 256 of an address; a thousand more cost the others nothing": async (lab, innocent) => {
        const from = lab.newAddress();
        const sockets = await Promise.all(Array.from({ length: 1000 }, () => lab.raw({ from })));
        const answers = await Promise.all(sockets.map((socket) => socket.get("/healthz").then(({ status }) => status)));
        assert.deepEqual([answers.filter((status) => status === 200).length, answers.filter((status) => status === 0).length], [256, 744]);
        await innocent.check();
        await (await lab.user()).settles();
    },
    "X-Forwarded-For counts from a proxy that is trusted, and from nobody else": async (lab) => {
        const fail = async (from, forwarded) => {
            const page = await lab.page({ from }, { "X-Forwarded-For": forwarded });
            await page.refused("session.hello", { auth: { type: "jwt", token: "x" } });
            return page.closed;
        };
        const liar = lab.newAddress();
        for (let n = 0; n < 10; ++n) assert.equal(await fail(liar, `203.0.113.${n}`), 4401);
        assert.equal(await fail(liar, "203.0.113.200"), 4429);
        for (const [forwarded, other] of [
            [(n) => `198.51.100.1, 203.0.113.${n}`.split(", ").reverse().join(", "), "198.51.100.2"],
            [(n) => `2001:db8:0:1::${n + 1}`, "2001:db8:0:2::1"], [() => ["192.0.2.50", "192.0.2.77"], "192.0.2.50"]]) {
            for (let n = 0; n < 10; ++n) assert.equal(await fail("127.0.0.1", forwarded(n)), 4401);
            assert.equal(await fail("127.0.0.1", forwarded(11)), 4429);
            assert.equal(await fail("127.0.0.1", other), 4401);
        }
    },
    "who is closed in the middle of a frame, and stays, keeps no buffer": async (lab) => {
        const other = await open(lab);
        const before = await lab.memory();
        for (let n = 0; n < 150; ++n) {
            const { socket } = await open(lab);
            socket.pause();  // It does not see that it is closed, and so does not close its own half.
            socket.write(frame({ fin: false, payload: " ".repeat(131_072) }));
            await new Promise((written) => socket.write(frame({ opcode: OPCODE.continuation, payload: " " }), written));
            await other.frame({ opcode: OPCODE.ping }).next();
        }
        const grown = await lab.memory() - before;
        assert(grown < 12_000, `${grown} kB`);  // 150 buffers of 128 KiB are 19,200
        return `${grown} kB for 150 of them`;
    },
    "who does not read is told so, and comes back": async (lab) => {
        const caller = await lab.user();
        const callees = [];
        for (let n = 0; n < 4; ++n) callees.push(await lab.connect(caller, lab.newUser()));
        caller.socket.socket.pause();
        // What waits in the kernel does not count: there has to be more than that.
        const line = (n) => `candidate:${String(n).padStart(32, "f")} 1 udp 1677721855 2001:db8:aaaa:bbbb:cccc:dddd:${(n & 4095).toString(16)}:ffff ${1024 + (n % 60_000)} `
            + "typ srflx raddr 2001:db8:1111:2222:3333:4444:5555:6666 rport 50000 generation 0";
        for (const [at, { callee, call_id }] of callees.entries())
            for (let round = 0; round < 180; ++round) {
                const candidates = Array.from({ length: 64 }, (_, n) => ({ ...FAR_CANDIDATE, candidate: line((at * 180 + round) * 64 + n) }));
                await callee.tries("call.candidates", { call_id, candidates });
            }
        caller.socket.socket.resume();
        assert.equal(await soon(caller.closed, "to be closed"), 4413);
        const again = await lab.resumed(caller);
        await callees[0].callee.asks("call.info", { call_id: callees[0].call_id, hold: true });
        await again.hears("call.info");
    },
};
