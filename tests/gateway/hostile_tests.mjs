/** What nobody should send: each has its documented answer, and the innocent call beside it hears nothing. */

import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

import { ANSWER, CANDIDATE, Lab, OFFER, answer, offer } from "./lab.mjs";
import { newId } from "./page.mjs";

const now = () => Math.floor(Date.now() / 1000);
const KID = { hs: { alg: "HS256", kid: "tests" }, es: { alg: "ES256", kid: "site" } };

/** Says hello with each token, from an address of its own: all sound alike. */
async function allRefused(lab, rows) {
    for (const [what, token] of rows) {
        const page = await lab.page();
        const { error, result } = await page.tries("session.hello", { auth: { type: "jwt", token } });
        assert(!result, `${what}: let in`);
        assert.deepEqual([error.code, error.data?.detail], [1001, "this token is not valid"], what);
        assert.equal(await page.closed, 4401, what);
    }
}

export const TOKENS = {
    "good ones are taken": async (lab) => {
        const audiences = [lab.world.audience, [lab.world.audience], ["other", lab.world.audience]];
        for (const aud of audiences) await lab.user(undefined, { claims: { aud } });
        const es = lab.ecdsa(lab.world.site_key);
        for (const token of [lab.signed(KID.es, lab.claims(), es), lab.signed({ ...KID.es, typ: "JWT", x: [1] }, lab.claims({ nbf: now() - 10, iat: now(), jti: "1" }), es),
                             lab.token({ exp: now() + 599.5 }), lab.token({ sub: "kiosk", nbf: now() + 30 })])
            await (await lab.page()).hello({ type: "jwt", token });
    },
    "algorithms that are confused, missing or weak": async (lab) => {
        const secret = Buffer.from(lab.world.secret, "hex");
        const pem = lab.publicKey();
        const der = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
        const other = (namedCurve) => generateKeyPairSync("ec", { namedCurve }).privateKey;
        const good = lab.token();
        const [head, body, mac] = good.split(".");
        const rows = [["nothing", "x"], ["two parts", `${head}.${body}`], ["no signature", `${head}.${body}.`], ["four parts", `${good}.x`], ["five parts", `a.b.c.d.e`]];
        for (const alg of ["none", "None", "NONE", "nOnE", "", null, 0, ["HS256"], { alg: "HS256" }])
            rows.push([`alg ${JSON.stringify(alg)}`, lab.signed({ ...KID.hs, alg }, lab.claims())], [`alg ${alg}, unsigned`, lab.signed({ ...KID.hs, alg }, lab.claims(), () => "")]);
        rows.push(["no alg", lab.signed({ kid: "tests" }, lab.claims())]);
        for (const text of [pem, pem.trim(), pem.replace(/-----.*-----|\n/g, ""), Buffer.from(pem.replace(/-----.*-----|\n/g, ""), "base64")]) {
            rows.push(["HS256 with the public key, its kid", lab.signed({ ...KID.es, alg: "HS256" }, lab.claims(), lab.hmac(text))]);
            rows.push(["HS256 with the public key, the other kid", lab.signed(KID.hs, lab.claims(), lab.hmac(text))]);
        }
        for (const kid of ["site", "nobody", "", "../../jwt.key", "/dev/null", "' OR 1=1 --", "tests\0", "TESTS", null, 7, ["tests"], undefined])
            rows.push([`HS256 with kid ${JSON.stringify(kid)}`, lab.signed({ alg: "HS256", kid }, lab.claims())]);
        for (const [alg, hash] of [["HS384", "sha384"], ["HS512", "sha512"]])
            rows.push([alg, lab.signed({ ...KID.hs, alg }, lab.claims(), lab.hmac(secret, hash))], [`HS256 with ${hash}`, lab.signed(KID.hs, lab.claims(), lab.hmac(secret, hash))]);
        for (const curve of ["secp256k1", "secp384r1", "secp521r1"]) rows.push([`ES256 on ${curve}`, lab.signed(KID.es, lab.claims(), lab.ecdsa(other(curve)))]);
        rows.push(["ES256 with another key", lab.signed(KID.es, lab.claims(), lab.ecdsa(der.privateKey))]);
        rows.push(["ES256 of a HS256 kid", lab.signed({ ...KID.hs, alg: "ES256" }, lab.claims(), lab.ecdsa(lab.world.site_key))]);
        rows.push(["ES384 over P-256", lab.signed({ ...KID.es, alg: "ES384" }, lab.claims(), lab.ecdsa(lab.world.site_key, "sha384"))]);
        rows.push(["ES256 in DER", lab.signed(KID.es, lab.claims(), (text) => sign("sha256", Buffer.from(text), lab.world.site_key))]);
        for (const size of [0, 1, 63, 64, 65, 128]) rows.push([`ES256, ${size} zeros`, lab.signed(KID.es, lab.claims(), () => Buffer.alloc(size))], [`ES256, ${size} random`, lab.signed(KID.es, lab.claims(), () => randomBytes(size))]);
        rows.push(["a key of its own", lab.signed({ alg: "ES256", jwk: der.publicKey.export({ format: "jwk" }) }, lab.claims(), lab.ecdsa(der.privateKey))],
                  ["a key from elsewhere", lab.signed({ ...KID.es, jku: "https://evil.test/keys", x5u: "https://evil.test" }, lab.claims(), lab.ecdsa(der.privateKey))],
                  ["what must be understood", lab.signed({ ...KID.hs, crit: ["exp"] }, lab.claims())],
                  ["alg twice", lab.signed('{"alg":"none","alg":"HS256","kid":"tests"}', lab.claims())],
                  ["exp twice", lab.signed(KID.hs, `{"aud":"${lab.world.audience}","sub":"x@example.test","exp":1,"exp":${now() + 600}}`)],
                  ["changed claims", `${head}.${lab.token().split(".")[1]}.${mac}`], ["a changed bit", good.slice(0, -2) + (good.at(-2) === "A" ? "B" : "A") + good.at(-1)],
                  ["padding", `${good}=`], ["blanks", ` ${good}`], ["a line end", `${head}.${body}\u00a0.${mac}`], ["base64", good.replace(/-/g, "+").replace(/_/g, "/") + "="],
                  ["claims that are no object", lab.signed(KID.hs, "[]")], ["claims that are no JSON", lab.signed(KID.hs, "{")], ["deep claims", lab.signed(KID.hs, `${"[".repeat(3000)}`)],
                  ["empty secret", lab.signed(KID.hs, lab.claims(), lab.hmac(""))], ["the secret in hex", lab.signed(KID.hs, lab.claims(), lab.hmac(lab.world.secret))]);
        await allRefused(lab, rows);
        return `${rows.length} tokens`;
    },
    "claims that are missing, wrong, or for others": async (lab) => {
        const rows = [];
        const bad = (what, more) => {
            const claims = lab.claims(more);
            rows.push([`${what}: ${JSON.stringify(more).slice(0, 60)}`, lab.signed(KID.hs, claims)]);
        };
        for (const exp of [undefined, null, "soon", `${now() + 600}`, true, [], {}, now() - 1, now() - 3600, 0, -1, -1e300, 1e300, 1e18, 9007199254740993, 253402300800]) bad("exp", { exp });
        for (const nbf of [now() + 3600, "x", null, -1, 1e300, {}]) bad("nbf", { nbf });
        for (const aud of [undefined, null, "", "other", lab.world.audience.toUpperCase(), `${lab.world.audience}/`, [], [""], ["other"], [lab.world.audience, 7], { a: lab.world.audience }, 7]) bad("aud", { aud });
        for (const sub of [undefined, null, "", 7, [], ["a@example.test"], "a@elsewhere.test", "@example.test", "a@b@example.test", "a@example.test/x", "a b@example.test",
                           "a\\40example.test", "a/b", "a@call.example.test", "x".repeat(1024), "a\0b", "<a>@example.test", "\u{202e}a b"]) bad("sub", { sub });
        for (const more of [{ to: 7 }, { to: [7] }, { to: Array(65).fill("a@example.test") }, { media: 7 }, { media: [7] }, { max_calls: -1 }, { max_calls: "4" }, { max_calls: 1.5 }, { max_calls: 1e9 }, { name: 7 }, { name: "x".repeat(257) }]) bad("rights", more);
        rows.push(["exp in hex", lab.signed(KID.hs, `{"aud":"${lab.world.audience}","sub":"x@example.test","exp":0xffffffff}`)],
                  ["exp that is no number", lab.signed(KID.hs, `{"aud":"${lab.world.audience}","sub":"x@example.test","exp":NaN}`)],
                  ["exp beyond doubles", lab.signed(KID.hs, `{"aud":"${lab.world.audience}","sub":"x@example.test","exp":1e999}`)],
                  ["a long exp", lab.signed(KID.hs, `{"aud":"${lab.world.audience}","sub":"x@example.test","exp":${"9".repeat(400)}}`)]);
        await allRefused(lab, rows);
        return `${rows.length} tokens`;
    },
    "tokens that are too long": async (lab) => {
        const page = await lab.page();
        assert.equal(await page.refused("session.hello", { auth: { type: "jwt", token: "x".repeat(16_385) } }), -32602);
        assert.equal(await page.closed, 4400);
        await allRefused(lab, [["16 KiB of nothing", "x".repeat(16_384)], ["8193 characters", lab.token().padEnd(8193, "x")], ["dots", ".".repeat(8192)]]);
    },
    "the largest token that is taken can be resumed with": async (lab) => {
        const to = Array.from({ length: 64 }, (_, n) => `${"\u00df".repeat(30)}${n}@${"d".repeat(10)}.test`);
        const page = await lab.user(`${"u".repeat(500)}@example.test`, { claims: { to, name: "n".repeat(200) } });
        page.cut();
        assert.equal((await lab.resumed(page)).welcome.resumed, true);
    },
    "resume tokens that are stolen, changed or made up": async (lab) => {
        const page = await lab.user();
        const bytes = Buffer.from(page.token, "base64url");
        const flipped = (at) => {
            const copy = Buffer.from(bytes);
            copy[at] ^= 1;
            return copy.toString("base64url");
        };
        const rows = ["x", "", page.token.slice(0, -1), `${page.token}A`, `${page.token}=`, flipped(0), flipped(12), flipped(40), flipped(bytes.length - 1),
                      randomBytes(300).toString("base64url"), Buffer.alloc(28).toString("base64url"), lab.token(), "A".repeat(16_384)];
        for (const token of rows) {
            const thief = await lab.page();
            assert.equal(await thief.refused("session.hello", { auth: { type: "resume", token } }), token === "" ? -32602 : 1001);
            assert.equal(await thief.closed, token === "" ? 4400 : 4401);
        }
        for (const origin of ["https://call.test", null]) {
            const thief = await lab.page({ origin });
            assert.equal(await thief.refused("session.hello", { auth: { type: "resume", token: page.token } }), 1001);
        }
        await page.settles();
    },
    "an account is asked about, and nobody but its owner says yes": async (lab) => {
        for (const jid of ["nobody@elsewhere.test", "example.test", "@example.test", "x y@example.test", "a@example.test\0"]) {
            const page = await lab.page();
            const code = await page.refused("session.hello", { auth: { type: "xmpp", jid } });
            assert.equal(code, jid.includes("\0") ? -32602 : 1001, jid);
        }
        const jid = lab.newUser();
        const page = await lab.page();
        const asked = page.tries("session.hello", { auth: { type: "xmpp", jid, code: "1234" } });
        // While it is asked about nothing else is heard.
        await Promise.race([asked, page.refused("ping", {}).then((code) => assert.equal(code, 1007))]);
        const second = await lab.page();
        const { error } = await Promise.race([asked, second.tries("session.hello", { auth: { type: "xmpp", jid } })]);
        assert([1001, 1005].includes(error.code));
    },
};

/** SDP that is refused, and with what. */
const HOSTILE_SDP = [
    ["", -32602], ["x", 1006], ["v=0", 1006], ["v=0\r\n", 1006], ["\r\n", 1006], ["\n".repeat(60_000), 1006], [" ", 1006], ["v=1\r\n", 1006], [7, -32602], [null, -32602], [{}, -32602],
    ["\0", -32602], [`${OFFER}\0`, -32602], [`${OFFER}a=x:\u0007\r\n`, -32602], [`${OFFER}a=x:\u007f\r\n`, -32602],
    [OFFER.padEnd(65_537, "a"), -32602], ["\u00df".repeat(40_000), -32602], ["a=".padEnd(65_536, "x"), 1008],
    [`${OFFER}a=x:${"y".repeat(9000)}\r\n`, 1008], [`${OFFER}${"a=x\r\n".repeat(2100)}`, 1008], [`${OFFER}${"m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n".repeat(200)}`, 1008],
    [OFFER.replace(/a=ice-ufrag.*\r?\n/g, ""), 1006], [OFFER.replace(/a=fingerprint.*\r?\n/g, ""), 1006], [OFFER.replace(/m=audio 9/g, "m=audio 99999"), 1006],
    [OFFER.replace(/m=audio/g, "m=<audio>"), 1006], [OFFER.replace(/\r?\n/g, "\r"), 1006], [`${OFFER}a=rtpmap:300 x/8000\r\n`, 1006], [OFFER.split("\n").reverse().join("\n"), 1006],
    [`${"a=fmtp:111 ".padEnd(7000, ";=")}\r\n${OFFER}`, 1006],
];
/** SDP that may be taken: nothing of it breaks out of the XML it goes through. */
const ODD_SDP = [
    `${OFFER}a=x:</jingle><script>&amp;"']]>\r\n`, `${OFFER}a=x-<!--:-->\r\n`, `${OFFER}a=x:\u{1f600}\u{202e}\ufffe\r\n`, OFFER.replace(/\r\n/g, "\n"),
    OFFER.replace(/s=-/, "s=<iq type='set'/>"), `${OFFER}a=candidate:1 1 udp 1 evil.test 9 typ host\r\n`, `${OFFER}a=msid:"<'>& b\r\n`,
    `${OFFER}a=setup:active\r\n`, `${OFFER}a=group:BUNDLE 0 1 2 3\r\n`, `${OFFER}a=mid:0\r\n`,
];

export const FRAMES = {
    "what is no JSON, no object, no request": async (lab) => {
        const page = await lab.user();
        const rows = [
            ["", -32700], ["{", -32700], ["nope", -32700], ["{'jsonrpc':'2.0'}", -32700], ['{"a":1,}', -32700], ['{"jsonrpc":"2.0","id":1,"method":"ping"}{', -32700], ["\ufeff{}", -32700],
            ["[".repeat(100_000), -32700], ['{"a":'.repeat(20_000), -32700], [`{"jsonrpc":"2.0","id":1,"method":"ping","params":${"[".repeat(17)}${"]".repeat(17)}}`, -32700],
            ['{"a":"\\ud800"}', -32700], ['{"a":1e99999}', -32600], ["NaN", -32700], ["[]", -32600], ["7", -32600], ['"x"', -32600], ["null", -32600], ["true", -32600],
            ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600], ["{}", -32600], ['{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600], ['{"jsonrpc":2.0,"id":1,"method":"ping"}', -32600],
            ['{"id":1,"method":"ping"}', -32600], ['{"jsonrpc":"2.0","id":1}', -32600], ['{"jsonrpc":"2.0","id":1,"method":7}', -32600],
            ['{"jsonrpc":"2.0","id":1,"result":{}}', -32600], ['{"jsonrpc":"2.0","seq":1,"method":"call.ringing","params":{}}', -32602],
        ];
        let current = page;
        for (const [text, code] of rows) {
            current.says(text);
            const id = text.includes('"id":1') && ![-32700].includes(code) && !text.startsWith("[") && text.includes('"jsonrpc":"2.0"') ? 1 : null;
            if (text.includes('"seq"')) { await current.settles(); continue; }
            assert.equal((await current.answerTo(id)).error.code, code, text.slice(0, 80));
            // Ten of them end the connection, so that it is resumed before that.
            current = await lab.resumed(current);
        }
        for (let n = 0; n < 10; ++n) current.says("{");
        assert.equal(await current.closed, 4400);
        assert.equal((await lab.resumed(current)).welcome.resumed, true);
    },
    "ids that are none": async (lab) => {
        let page = await lab.user();
        for (const id of ["null", "1.5", "-1", '""', `"${"x".repeat(65)}"`, "[]", "{}", "true", "1e300", "9007199254740993", '"a\\nb"', '"\\u0000"']) {
            page.says(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`);
            assert.equal((await page.answerTo(null)).error.code, -32600, id);
            page = await lab.resumed(page);
        }
        page.says('{"jsonrpc":"2.0","id":1,"id":2,"method":"nope","method":"ping","params":{},"params":{}}');
        assert.deepEqual((await page.answerTo(2)).result, {});
    },
    "methods and parameters that are none": async (lab) => {
        const page = await lab.user();
        const call_id = newId();
        for (const method of ["", "call", "call.", "Call.invite", "call.answer", "session.goaway", "rpc.discover", "__proto__", "x".repeat(10_000), "ping\n", "\u00df"])
            assert.equal(await page.refused(method, {}), -32601, method.slice(0, 40));
        for (const params of [[], 7, "x", true]) assert.equal(await page.refused("ping", params), -32602);
        for (const [method, params] of [
            ["call.invite", {}], ["call.invite", { call_id }], ["call.invite", { call_id, to: "a@b.test", media: [] }], ["call.invite", { call_id, to: "a@b.test", media: ["audio", "audio"] }],
            ["call.invite", { call_id, to: "a@b.test", media: "audio" }], ["call.invite", { call_id, to: "a@b.test", media: ["data"] }], ["call.invite", { call_id, to: 7, media: ["audio"] }],
            ["call.invite", { call_id, to: "a@b.test", media: ["audio"], lifetime: 1 }], ["call.invite", { call_id, to: "a@b.test", media: ["audio"], lifetime: 1e12 }],
            ["call.invite", { call_id, to: "a@b.test", media: ["audio"], lifetime: "60000" }], ["call.invite", { call_id, to: "x".repeat(3072), media: ["audio"] }],
            ["call.invite", { call_id, to: "a@b.test", media: ["audio"], offer: answer }], ["call.invite", { call_id, to: "a@b.test", media: ["audio"], offer: OFFER }],
            ["call.accept", { call_id, answer: offer }], ["call.negotiate", { call_id }], ["call.negotiate", { call_id, description: { type: "pranswer", sdp: ANSWER } }],
            ["call.negotiate", { call_id, description: { type: "offer" } }], ["call.candidates", { call_id, candidates: [] }], ["call.candidates", { call_id, candidates: Array(65).fill(CANDIDATE) }],
            ["call.candidates", { call_id, candidates: [{ candidate: "x".repeat(1025) }] }], ["call.candidates", { call_id, candidates: ["x"] }], ["call.candidates", { call_id, candidates: [{}] }],
            ["call.candidates", { call_id, candidates: [{ candidate: "a\r\nb" }] }], ["call.candidates", { call_id, candidates: [{ ...CANDIDATE, sdpMLineIndex: -1 }] }],
            ["call.info", { call_id, hold: "yes" }], ["call.info", { call_id, mute: ["x"] }], ["call.info", { call_id, dtmf: "x" }], ["call.reject", { call_id, reason: "blocked" }],
            ["call.reject", { call_id, reason: "answered_elsewhere" }], ["call.hangup", { call_id, reason: "because" }], ["call.hangup", { call_id, text: "x".repeat(257) }], ["call.hangup", { call_id, text: "a\nb" }],
            ["call.hangup", { call_id: "" }], ["call.hangup", { call_id: "x".repeat(256) }], ["call.hangup", { call_id: "a b" }], ["call.hangup", { call_id: "<x>" }], ["call.hangup", { call_id: 7 }], ["call.hangup", { call_id, party_id: "/" }],
            ["call.stats", { call_id, local: "host" }], ["call.stats", { call_id, local: "host", remote: "host", loss: 2 }], ["call.stats", { call_id, local: "host", remote: "host", rtt_ms: -1 }],
            ["presence.get", {}], ["presence.get", { jid: "a\0@b.test" }], ["session.refresh", {}], ["session.refresh", { token: 7 }]])
            assert.equal(await page.refused(method, params), -32602, `${method} ${JSON.stringify(params).slice(0, 100)}`);
        await page.settles();
    },
    "SDP in an invitation": async (lab) => {
        const to = lab.newUser();
        const [page, callee] = [await lab.user(), await lab.user(to)];
        for (const [sdp, code] of HOSTILE_SDP) {
            const { error, result } = await page.tries("call.invite", { call_id: newId(), to, media: ["audio"], offer: { type: "offer", sdp } });
            assert.equal(error?.code ?? result.state, code, JSON.stringify(sdp)?.slice(0, 100));
            assert(error.data.detail, "it says why");
        }
        await callee.settles();
        assert.deepEqual(callee.events, []);
        for (const sdp of ODD_SDP) {
            const call_id = newId();
            const { result } = await page.tries("call.invite", { call_id, to, media: ["audio"], offer: { type: "offer", sdp } });
            if (!result) continue;
            await callee.hears("call.invite");
            await callee.asks("call.accept", { call_id });
            const { description } = await callee.hears("call.negotiate");
            assert(!/[\0-\x08\x0b\x0c\x0e-\x1f]/.test(description.sdp));
            await page.asks("call.hangup", { call_id });
            await callee.hears("call.hangup");
        }
    },
    "SDP in an answer: refused, and the call still rings": async (lab) => {
        const to = lab.newUser();
        const [page, callee] = [await lab.user(), await lab.user(to)];
        const call_id = newId();
        await page.asks("call.invite", { call_id, to, media: ["audio"], offer });
        await callee.hears("call.invite");
        await callee.asks("call.accept", { call_id });
        await callee.hears("call.negotiate");
        const wrongSide = [ANSWER + ANSWER.slice(ANSWER.indexOf("m=")), ANSWER.slice(0, ANSWER.indexOf("m=")), ANSWER.replace("m=audio", "m=video"), ANSWER.replace(/a=setup:\S+/g, "a=setup:holdconn"), ANSWER.replace(/a=fingerprint:.*\r\n/g, ""), ANSWER.replace("a=mid:0", "a=mid:7").replace("BUNDLE 0", "BUNDLE 7")];
        for (const [sdp, code] of [...HOSTILE_SDP, ...wrongSide.map((one) => [one, 1006])])
            assert.equal(await callee.refused("call.negotiate", { call_id, description: { type: "answer", sdp } }), code, JSON.stringify(sdp)?.slice(0, 100));
        assert.equal(await callee.refused("call.negotiate", { call_id, description: offer }), 1007);
        await page.settles();
        assert.deepEqual(page.events, []);
        await callee.asks("call.negotiate", { call_id, description: answer });
        await page.hears("call.answer");
    },
    "SDP later: refused, and the call goes on": async (lab) => {
        const { caller, callee, call_id } = await lab.call();
        for (const [sdp, code] of HOSTILE_SDP)
            assert.equal(await caller.refused("call.negotiate", { call_id, description: { type: "offer", sdp } }), code, JSON.stringify(sdp)?.slice(0, 100));
        for (const type of ["answer", "rollback"]) assert([1006, 1007].includes(await caller.refused("call.negotiate", { call_id, description: { type, sdp: ANSWER } })));
        await callee.settles();
        assert.deepEqual(callee.events, []);
        await caller.asks("call.info", { call_id, hold: true });
        await callee.hears("call.info");
    },
    "candidates that are odd, or for nobody": async (lab) => {
        const { caller, callee, call_id } = await lab.call();
        const odd = ["x", "candidate:", "candidate:1 1 udp 1 192.0.2.1 99999 typ host", "candidate:1 1 udp -1 192.0.2.1 9 typ host", "candidate:1 1 udp 1 192.0.2.1 9 typ <host>",
                     "candidate:1 1 udp 99999999999999999999 192.0.2.1 9 typ host", "candidate:<a>&\" 1 udp 1 192.0.2.1 9 typ host", "a=candidate:1 1 udp 1 192.0.2.1 9 typ host",
                     `candidate:1 1 udp 1 ${"a".repeat(900)}.test 9 typ host`, "candidate:1 300 udp 1 192.0.2.1 9 typ host", "candidate:1 1 udp 1 192.0.2.1 9"];
        for (const candidate of odd) {
            const { error, result } = await caller.tries("call.candidates", { call_id, candidates: [{ ...CANDIDATE, candidate }] });
            assert(result || [-32602, 1006].includes(error.code), candidate.slice(0, 60));
        }
        for (const more of [{ sdpMid: "7" }, { sdpMid: null, sdpMLineIndex: 99 }, { sdpMid: "7", sdpMLineIndex: null, usernameFragment: "abcd" }, { usernameFragment: "nobody's" }, { sdpMid: "x".repeat(65) }])
            await caller.tries("call.candidates", { call_id, candidates: [{ ...CANDIDATE, ...more }] });
        await callee.settles();
        for (const { params } of callee.events.splice(0)) for (const { candidate } of params.candidates) assert.match(candidate, /^candidate:\S+ \d+ (udp|tcp) \d+ [0-9a-z.:-]+ \d+ typ (host|srflx|prflx|relay)|^$/i);
        // Many: what nobody can use is dropped, not kept.
        for (let round = 0; round < 30; ++round) await caller.tries("call.candidates", { call_id, candidates: Array(64).fill({ ...CANDIDATE, usernameFragment: `n${round}` }) });
        await caller.settles();
    },
    "other people's calls cannot be touched": async (lab, innocent) => {
        const { call_id } = innocent;
        const link = await lab.page();
        await link.hello({ type: "guest", token: await lab.link(lab.newUser()) });
        // A stranger, a guest, and other pages of the two users themselves.
        for (const page of [await lab.user(), link, await lab.user(innocent.caller.user), await lab.user(innocent.callee.user)]) {
            for (const [method, params] of [
                ["call.ringing", {}], ["call.accept", {}], ["call.accept", { answer }], ["call.negotiate", { description: offer }], ["call.negotiate", { description: answer }],
                ["call.candidates", { candidates: [CANDIDATE] }], ["call.info", { hold: true }], ["call.reject", {}]])
                assert.equal(await page.refused(method, { call_id, ...params }), 1007, method);
            await page.asks("call.hangup", { call_id, reason: "error" });
            await page.asks("call.stats", { call_id, local: "host", remote: "host" });
            await innocent.check();
        }
        // A call of another's with the same id is another call.
        const stranger = await lab.user();
        await stranger.asks("call.invite", { call_id, to: innocent.callee.user, media: ["audio"], offer });
        const invited = await innocent.callee.hears("call.invite");
        assert.notEqual(invited.call_id, call_id);
        assert.equal(invited.from, stranger.user);
        await innocent.callee.asks("call.reject", { call_id: invited.call_id });
        assert.equal((await stranger.hears("call.reject")).reason, "declined");
    },
    "memory stays what it was": async (lab, innocent) => {
        const round = async () => {
            for (let n = 0; n < 40; ++n) {
                const page = await lab.page();
                page.says("{").says('{"jsonrpc":"2.0","id":1,"method":"call.hangup"}'.padEnd(131_072));
                await page.closed;
                const user = await lab.user(`flood${n % 8}@example.test`);
                for (let k = 0; k < 20; ++k) user.says(JSON.stringify({ jsonrpc: "2.0", id: `${k}`, method: "call.invite", params: { call_id: newId(), to: "a@b.test", media: ["audio"], offer: { type: "offer", sdp: HOSTILE_SDP[k % 20][0] } } }));
                user.says("{".repeat(1000)).notifies("session.bye");
                await user.closed;
            }
            await innocent.check();
        };
        // Connections that were ended linger for two seconds, with what they had read.
        const rounds = async (end) => { while (Date.now() < end) await round(); };
        await rounds(Date.now() + 6000);
        const before = await lab.memory();
        await rounds(Date.now() + 6000);
        const after = await lab.memory();
        assert(after - before < 3000, `${before} kB before, ${after} kB after`);
        return `${before} kB before, ${after} kB after`;
    },
};

export const LAST = {
    "while it drains there are no new calls, and the old ones go on": async (lab, innocent) => {
        const page = await lab.user();
        await lab.world.ask("ctl", { order: "drain" });
        assert.equal(await page.refused("call.invite", { call_id: newId(), to: innocent.callee.user, media: ["audio"], offer }), 1009);
        await innocent.check();
        await lab.world.ask("ctl", { order: "resume" });
        const call_id = newId();
        await page.asks("call.invite", { call_id, to: innocent.callee.user, media: ["audio"], offer });
        await innocent.callee.hears("call.invite");
        await page.asks("call.hangup", { call_id });
        await innocent.callee.hears("call.hangup");
    },
    "a token of another Carillon is none here": async (lab) => {
        const other = await new Lab().start(lab.world.child.spawnargs[lab.world.child.spawnargs.indexOf("--carillon") + 1]);
        try {
            const { token } = await other.user();
            const page = await lab.page();
            assert.equal(await page.refused("session.hello", { auth: { type: "resume", token } }), 1001);
            assert.equal(await page.closed, 4401);
        } finally {
            other.clear();
            await other.world.close();
        }
    },
    "when it stops pages are told to come back": async (lab, innocent) => {
        const page = await lab.user();
        const stopping = lab.world.ask("restart_carillon", { how: "term" });
        assert.equal(await page.closed, 1012);
        assert.deepEqual([page.goaway.reason, page.goaway.action], ["drain", "resume"]);
        await stopping;
        await innocent.goOn(false);
        assert.equal((await lab.resumed(page)).welcome.resumed, false);
    },
    "killed between an answer and the page it is for: that page gets it when it is back": async (lab, innocent) => {
        const to = lab.newUser();
        const [caller, callee] = [await lab.user(), await lab.user(to)];
        const call_id = newId();
        await caller.asks("call.invite", { call_id, to, media: ["audio"], offer });
        const invited = await callee.hears("call.invite");
        caller.cut();
        await callee.takes(call_id, { answer, invited });
        await callee.asks("call.info", { call_id, hold: true, mute: ["audio"] });
        await lab.world.ask("restart_carillon", { how: "kill" });
        await innocent.goOn(false);
        const back = await lab.resumed(caller);
        assert.deepEqual([back.welcome.resumed, back.welcome.calls[0].state], [false, "active"]);
        assert.equal((await back.hears("call.answer")).answer.type, "answer");
        const shown = await back.hears("call.info");
        assert.deepEqual([shown.hold, shown.mute], [true, ["audio"]]);
        // The callee may say again what it has said already.
        const there = await lab.resumed(callee);
        await there.asks("call.accept", { call_id, ...(invited.offer ? { answer } : {}) });
        await there.asks("call.info", { call_id, hold: true, mute: ["audio"] });
        await there.asks("call.hangup", { call_id });
        assert.equal((await back.hears("call.hangup")).reason, "user_hangup");
        assert.deepEqual(back.events, []);
    },
    "after it was killed calls go on": async (lab, innocent) => {
        await lab.world.ask("restart_carillon", { how: "kill" });
        await innocent.goOn(false);
    },
};
