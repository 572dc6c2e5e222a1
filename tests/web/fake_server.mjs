/**
 * Stands in for Carillon, so that the library is tested without it: serves the pages, and carries calls between them
 * by the rules of web/protocol. Every frame, both ways, is checked against the schema. A token "x.NAME.x" signs in as
 * NAME, "guest-NAME" is a link that leads to NAME; "bob+jmi" is called without showing him the offer while he rings.
 */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

import { wrongWith, wrongWithResult } from "./schema.mjs";

const WEB = new URL("../../web/", import.meta.url);
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
/** As Carillon serves them. */
const PLACES = [
    [/^\/$/, () => new URL("pages/index.html", WEB)],
    [/^\/c$/, () => new URL("pages/c.html", WEB)],
    [/^\/pages\/([\w.-]+)$/, (name) => new URL(`pages/${name}`, WEB)],
    [/^\/client\/([\w.-]+)$/, (name) => new URL(`client/dist/${name}`, WEB)],
    [/^\/test\/([\w.-]+)$/, (name) => new URL(`pages/${name}`, import.meta.url)],
];
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    + "media-src 'self' blob: mediastream:; manifest-src 'self'; base-uri 'none'; form-action 'none'; connect-src 'self'";
const RING_BUFFER = 256;
const LIMITS = { frame: 131072, sdp: 65536, candidates: 64, calls: 4, watches: 64 };
const DOMAIN = "example.org";

class Refused extends Error {
    constructor(code, message = "refused") {
        super(message);
        this.code = code;
    }
}

/** What a page and its server remember of each other over several sockets. */
class Session {
    constructor(server, { name, guestOf }, id) {
        Object.assign(this, { server, name, guestOf, id, seq: 0, sent: [], socket: null, token: "", watched: new Set(), generation: 0 });
    }
    get jid() {
        return `${this.name}@${DOMAIN}/${this.id}`;
    }
    newToken() {
        this.token = `resume-${this.id}-${++this.generation}`;
        return this.token;
    }
    push(frame) {
        const numbered = { jsonrpc: "2.0", seq: ++this.seq, ...frame };
        this.sent = [...this.sent, numbered].slice(-RING_BUFFER);
        this.write(numbered);
    }
    event(method, params) {
        this.push({ method, params });
    }
    write(frame) {
        this.server.check("ServerFrame", frame);
        if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
    }
}

export class FakeServer {
    sessions = new Map();
    calls = new Map();
    /** What did not fit the schema. */
    wrong = [];
    /** Every request that came: [name, method]. */
    heard = [];
    iceServers = [];
    /** The caller's next offer waits for one of the callee's: that one is refused right behind it. */
    crossing = false;
    /** The next offer is taken, and taken back by the other side. */
    takingBack = false;
    #count = 0;

    async start() {
        this.http = createServer((request, response) => this.#serve(request, response));
        this.ws = new WebSocketServer({ server: this.http, path: "/ws", handleProtocols: () => "carillon.v1" });
        this.ws.on("connection", (socket) => this.#connected(socket));
        await new Promise((resolve) => this.http.listen(0, "127.0.0.1", resolve));
        this.port = this.http.address().port;
        return this;
    }

    close() {
        for (const socket of this.ws.clients) socket.terminate();
        this.http.close();
        this.http.closeAllConnections?.();
    }

    check(kind, frame) {
        const found = wrongWith(kind, frame);
        if (found) this.wrong.push(`${kind} ${frame.method ?? frame.id}: ${found}`);
    }

    sessionsOf = (name) => [...this.sessions.values()].filter((one) => one.name === name && !one.guestOf);

    // ---- what a test can make happen

    goaway(name, action, reason = "drain") {
        for (const one of this.sessionsOf(name)) one.event("session.goaway", { reason, action, after_ms: 0 });
    }

    /** As after a restart: the calls are known from the journal, what was sent is not. */
    restart() {
        for (const one of this.sessions.values()) Object.assign(one, { sent: [], seq: 0, restarted: true });
        for (const socket of this.ws.clients) socket.close(1012);
    }

    newIceServers(servers) {
        this.iceServers = servers;
        for (const one of this.sessions.values()) one.event("session.ice", { ice_servers: servers, ice_expires: 600 });
    }

    // ---- files

    #serve(request, response) {
        const path = new URL(request.url, "http://x").pathname;
        for (const [pattern, place] of PLACES) {
            const found = pattern.exec(path);
            if (!found) continue;
            try {
                const body = readFileSync(place(found[1]));
                const type = place(found[1]).pathname.split(".").pop();
                response.setHeader("content-type", TYPES[type] ?? "text/plain");
                if (type === "html") response.setHeader("content-security-policy", path.startsWith("/test/") ? `${POLICY}; frame-src 'self'` : POLICY);
                if (path.startsWith("/client/")) response.setHeader("access-control-allow-origin", "*");
                return response.end(body);
            } catch {
                break;
            }
        }
        response.statusCode = 404;
        response.end();
    }

    // ---- sessions

    #connected(socket) {
        let session;
        socket.on("error", () => {});
        socket.on("close", () => {
            if (session?.socket === socket) session.socket = null;
        });
        socket.on("message", (data) => {
            const frame = JSON.parse(data);
            this.check("ClientFrame", frame);
            if (!session) {
                session = this.#hello(socket, frame);
                return;
            }
            this.#request(session, frame);
        });
    }

    #hello(socket, { id, params }) {
        const refuse = (code) => {
            socket.send(JSON.stringify({ jsonrpc: "2.0", seq: 0, id, error: { code, message: "refused" } }));
            socket.close(4401);
        };
        const { auth, last_seq } = params;
        let session;
        if (auth.type === "resume") {
            session = [...this.sessions.values()].find(({ token }) => token === auth.token);
        } else {
            const who = /^x\.(.+)\.x$/.exec(auth.token ?? "") ?? /^(guest)-(?!expired)(.+)$/.exec(auth.token ?? "");
            if (who) {
                session = new Session(this, { name: who[1], guestOf: who[2] }, `web-${++this.#count}`);
                this.sessions.set(session.id, session);
            }
        }
        if (!session) return refuse(1001);
        const old = session.socket;
        session.socket = null;
        old?.close(4409);
        const resumed = auth.type === "resume" && last_seq !== undefined && !session.restarted;
        session.restarted = false;
        session.socket = socket;
        const result = this.#describe(session, resumed);
        const bad = wrongWithResult("session.hello", result);
        if (bad) this.wrong.push(`hello: ${bad}`);
        session.write({ jsonrpc: "2.0", seq: 0, id, result });
        this.#announce(session.name);
        if (resumed) for (const frame of session.sent) if (frame.seq > last_seq) session.write(frame);
        return session;
    }

    #announce(name) {
        const callable = this.sessionsOf(name).length > 0;
        for (const one of this.sessions.values()) {
            for (const jid of one.watched) {
                if (userOf(jid) === name) one.event("presence.changed", { jid, callable, known: true, media: callable ? ["audio", "video"] : [] });
            }
        }
    }

    #describe(session, resumed) {
        return {
            jid: session.jid, display_name: session.guestOf ? "Guest" : capital(session.name),
            resume_token: session.newToken(), resumed, resume_ttl: 60, seq: session.seq,
            ice_servers: this.iceServers, ice_expires: 0, ping_interval: 5, limits: LIMITS, features: ["presence", "stats"],
            ...(session.guestOf ? { callee: { display_name: capital(session.guestOf) } } : {}),
            calls: [...this.calls.values()].filter((call) => call.has(session)).map((call) => call.live(session)),
        };
    }

    #request(session, { id, method, params = {} }) {
        this.heard.push([session.name, method, params]);
        try {
            const result = this.#do(session, method, params) ?? {};
            const bad = wrongWithResult(method, result);
            if (bad) this.wrong.push(`${method}: ${bad}`);
            session.push({ id, result });
        } catch (error) {
            if (!(error instanceof Refused)) throw error;
            session.push({ id, error: { code: error.code, message: error.message } });
        }
        if (method === "session.bye") {
            this.sessions.delete(session.id);
            this.#announce(session.name);
            for (const call of [...this.calls.values()]) if (call.has(session)) call.end(session, "call.hangup", "gone");
        }
    }

    #do(session, method, params) {
        if (method === "call.invite") return this.#invite(session, params);
        if (method.startsWith("presence.")) {
            const callable = this.sessionsOf(userOf(params.jid)).length > 0;
            if (method === "presence.watch") session.watched.add(params.jid);
            if (method === "presence.unwatch") session.watched.delete(params.jid);
            return method === "presence.unwatch" ? {} : { callable, known: true, media: callable ? ["audio", "video"] : [] };
        }
        if (method === "session.ice") return { ice_servers: this.iceServers, ice_expires: 600 };
        if (method === "session.refresh") return { expires: 600 };
        if (!method.startsWith("call.")) return {};
        const call = this.calls.get(params.call_id);
        if (!call?.has(session)) {
            if (["call.hangup", "call.reject", "call.candidates", "call.info"].includes(method)) return {};
            throw new Refused(1007, "no such call");
        }
        return call[method.slice(5)]?.(session, params);
    }

    #invite(caller, params) {
        if (this.calls.has(params.call_id)) return { state: "trying" };  // sent again after a resume
        const name = userOf(params.to ?? caller.guestOf);
        const callees = this.sessionsOf(name).filter((one) => one !== caller);
        if (callees.length === 0) throw new Refused(1004, "unavailable");
        this.calls.set(params.call_id, new FakeCall(this, caller, callees, params));
        return { state: "trying" };
    }
}

const capital = (name) => name[0].toUpperCase() + name.slice(1);
const userOf = (address) => address.split("@")[0].split("+")[0];

class FakeCall {
    state = "ringing";
    /** Who has an offer out that is not answered. */
    offering = null;
    winner = null;
    waiting = [];

    constructor(server, caller, callees, params) {
        Object.assign(this, { server, caller, callees, params, jmi: !!params.to?.includes("+jmi"), id: params.call_id });
        for (const one of callees) {
            one.event("call.invite", {
                call_id: this.id, party_id: "caller", from: `${caller.name}@${DOMAIN}`,
                display_name: caller.guestOf ? "Guest" : capital(caller.name), media: params.media, lifetime: 60000,
                ...(this.jmi ? {} : { offer: params.offer }),
            });
        }
    }

    has = (session) => session === this.caller || (this.winner ? session === this.winner : this.callees.includes(session));
    others = (session) => (session === this.caller ? (this.winner ? [this.winner] : this.callees) : [this.caller]);
    tell(session, method, params) {
        for (const one of this.others(session)) one.event(method, { ...params, party_id: "other", call_id: this.id });
    }

    live(session) {
        const outgoing = session === this.caller;
        return {
            call_id: this.id, direction: outgoing ? "outgoing" : "incoming", state: this.state,
            address: outgoing ? this.params.to ?? `${this.caller.guestOf}@${DOMAIN}` : `${this.caller.name}@${DOMAIN}`,
            media: this.params.media,
        };
    }

    ringing(session) {
        this.tell(session, "call.ringing", {});
    }

    accept(session, { answer, party_id }) {
        if (this.winner) throw new Refused(1007, "answered already");
        this.winner = session;
        this.state = "active";
        for (const one of this.callees) {
            if (one !== session) one.event("call.select_answer", { call_id: this.id, selected_party_id: party_id });
        }
        if (answer) this.caller.event("call.answer", { call_id: this.id, party_id: "callee", answer });
        else session.event("call.negotiate", { call_id: this.id, party_id: "caller", description: this.params.offer });
        for (const params of this.waiting) this.tell(this.caller, "call.candidates", params);
    }

    negotiate(session, { description }) {
        if (description.type === "answer") {
            const first = this.jmi && session === this.winner && !this.answered;
            this.answered = true;
            this.offering = null;
            if (first) this.caller.event("call.answer", { call_id: this.id, party_id: "callee", answer: description });
            else this.tell(session, "call.negotiate", { description });
            return;
        }
        if (this.server.takingBack) {
            this.server.takingBack = false;
            return session.event("call.negotiate", { call_id: this.id, description: { type: "rollback", sdp: "" } });
        }
        // Glare is settled here: the caller's offer wins, the callee's is refused.
        if (this.offering === this.caller && session !== this.caller) {
            if (this.crossed) this.tell(this.caller, "call.negotiate", { description: this.crossed });
            this.crossed = undefined;
            throw new Refused(1007, "their offer is under way");
        }
        this.offering = session;
        if (this.server.crossing && session === this.caller) {
            this.server.crossing = false;
            this.crossed = description;
            return;
        }
        this.tell(session, "call.negotiate", { description });
    }

    candidates(session, { candidates }) {
        if (this.jmi && !this.winner) this.waiting.push({ candidates });
        else this.tell(session, "call.candidates", { candidates });
    }

    info(session, { hold, mute, dtmf }) {
        const told = Object.entries({ hold, mute, dtmf }).filter(([, value]) => value !== undefined);
        this.tell(session, "call.info", Object.fromEntries(told));
    }

    reject(session, { reason = "declined" }) {
        for (const one of this.callees) {
            if (one !== session) one.event("call.hangup", { call_id: this.id, reason: "declined_elsewhere" });
        }
        this.caller.event("call.reject", { call_id: this.id, reason });
        this.server.calls.delete(this.id);
    }

    hangup(session, { reason = "user_hangup" }) {
        this.end(session, "call.hangup", this.state === "ringing" && reason === "user_hangup" ? "cancelled" : reason);
    }

    end(session, method, reason) {
        this.tell(session, method, { reason });
        this.server.calls.delete(this.id);
    }
}
