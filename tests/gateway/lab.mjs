/** The Carillon and the Prosody of one run, and everybody who speaks to them. */

import assert from "node:assert/strict";
import { createHmac, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";

import { World } from "../web/world.mjs";
import { Page, newId } from "./page.mjs";
import { RawSocket, soon } from "./socket.mjs";

const corpus = (name) => readFileSync(new URL(`../data/corpus/chromium/${name}`, import.meta.url), "utf8");
export const OFFER = corpus("audio.offer.sdp");
export const ANSWER = corpus("audio.answer.sdp");
export const offer = { type: "offer", sdp: OFFER };
export const answer = { type: "answer", sdp: ANSWER };
const first = (name) => JSON.parse(corpus(name).split("\n")[0]);
export const CANDIDATE = first("audio.offer.candidates.json");
export const FAR_CANDIDATE = first("audio.answer.candidates.json");
const base64url = (value) => Buffer.from(value).toString("base64url");

export class Lab {
    /** What did not fit the schema, or came out of turn. */
    wrong = [];
    #addresses = 0;
    #users = 0;
    #open = [];
    origin = "https://www.test";

    async start(carillon, config = "") {
        this.world = await new World().start(carillon, ["https://call.test", this.origin], { config });
        this.port = this.world.port;
        this.domain = this.world.domain;
        return this;
    }
    /** What is open now stays so. */
    hold() {
        this.#open.splice(0);
    }
    /** Ends what a test has left open; gives what was wrong in it. */
    clear() {
        for (const page of this.#open.splice(0)) page.cut();
        return this.wrong.splice(0);
    }

    /** A client of its own: 127.0.0.1 is a proxy that is trusted, all others are clients. */
    newAddress() {
        this.#addresses += 1;
        return `127.1.${this.#addresses >> 7}.${1 + (this.#addresses & 127)}`;
    }
    newUser = (name = "user") => `${name}${++this.#users}@${this.domain}`;
    keep(page) {
        this.#open.push(page);
        return page;
    }
    async raw(how = {}) {
        return this.keep(await new RawSocket().open(this.port, { from: this.newAddress(), ...how }));
    }
    async page(how = {}, headers = {}) {
        return this.keep(await new Page(this, how).open(headers));
    }
    /** A page that has said who it is. */
    async user(jid = this.newUser(), { claims = {}, ...how } = {}) {
        const page = await this.page(how);
        page.user = jid;
        await page.hello({ type: "jwt", token: this.token({ sub: jid, ...claims }) });
        return page;
    }
    async resumed(page, how) {
        return Object.assign(this.keep(await page.resumes(how)), { user: page.user });
    }
    async link(to, how = {}) {
        return (await this.world.ask("link", { to, ...how })).url.split("#")[1];
    }
    memory = async () => (await this.world.ask("memory")).kilobytes;

    // ---- tokens

    publicKey = () => createPublicKey(this.world.site_key).export({ type: "spki", format: "pem" });
    claims = (more = {}) => ({ aud: this.world.audience, sub: this.newUser(), exp: Math.floor(Date.now() / 1000) + 600, ...more });
    token = (more) => this.signed({ alg: "HS256", typ: "JWT", kid: "tests" }, this.claims(more));
    /** `header` and `claims` may be texts; `how` signs the first two parts. */
    signed(header, claims, how = this.hmac(Buffer.from(this.world.secret, "hex"))) {
        const body = [header, claims].map((one) => base64url(typeof one === "string" ? one : JSON.stringify(one))).join(".");
        return `${body}.${base64url(how(body))}`;
    }
    hmac = (secret, hash = "sha256") => (body) => createHmac(hash, secret).update(body).digest();
    ecdsa = (key, hash = "sha256") => (body) => sign(hash, Buffer.from(body), { key, dsaEncoding: "ieee-p1363" });

    // ---- calls

    /** A call between two users' pages that are connected. */
    async call({ from = this.newUser("caller"), to = this.newUser("callee") } = {}) {
        return this.connect(await this.user(from), to);
    }
    async connect(caller, to) {
        const callee = await this.user(to);
        const call_id = newId();
        await caller.asks("call.invite", { call_id, to, media: ["audio"], offer });
        const invited = await callee.hears("call.invite");
        await callee.asks("call.ringing", { call_id });
        await callee.takes(call_id, { answer, invited });
        await caller.hears("call.ringing");
        await caller.hears("call.answer");
        return { caller, callee, call_id };
    }
}

/** A call beside everything: nothing that others do may be heard in it. */
export class InnocentCall {
    #mute = false;

    static async start(lab) {
        return Object.assign(new InnocentCall(), await lab.call(), { lab });
    }
    /** Something said on either side arrives at the other, and nothing else has. */
    async check() {
        this.#mute = !this.#mute;
        const params = { call_id: this.call_id, mute: this.#mute ? ["audio"] : [] };
        for (const [one, other] of [[this.caller, this.callee], [this.callee, this.caller]]) {
            await one.asks("call.info", params);
            assert.deepEqual((await soon(other.hears("call.info"), "the innocent call to go on")).mute, params.mute);
        }
        for (const page of [this.caller, this.callee]) {
            await page.settles();
            const strange = page.events.filter((event) => event.method !== "session.ice");
            assert.deepEqual(strange, [], "the innocent call has heard of others");
        }
    }
    /** Both come back after Carillon has; `resumed`: what each is told then. */
    async goOn(resumed) {
        for (const side of ["caller", "callee"]) {
            const page = Object.assign(await this[side].resumes(), { user: this[side].user });
            assert.equal(page.welcome.resumed, resumed);
            assert.equal(page.jid, this[side].jid);
            assert.deepEqual(page.welcome.calls.map((call) => [call.call_id, call.state]), [[this.call_id, "active"]]);
            this[side] = page;
        }
        // What was muted when Carillon was killed may be known to one side only: said again, it is known to both.
        for (const side of ["caller", "callee"]) await this[side].asks("call.info", { call_id: this.call_id, mute: this.#mute ? ["audio"] : [] });
        for (const side of ["caller", "callee"]) (await this[side].settles()).events = [];
    }
}
