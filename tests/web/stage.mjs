/** What a test has to play on: people with pages, and the server between them. It is cleared when the test is over. */

import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";

import { FakeServer } from "./fake_server.mjs";
import { Frames } from "./frames.mjs";
import { Person, Program, until } from "./harness.mjs";
import { Wire } from "./wire.mjs";

const capital = (name) => name[0].toUpperCase() + name.slice(1);

function bundled(contents) {
    const stdin = { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) };
    return buildSync({ stdin, bundle: true, format: "esm", platform: "browser", write: false, logLevel: "error" }).outputFiles[0].text;
}

/** A test that cannot be played here, and why. */
export class Skipped extends Error {}

/** The browsers and servers of the whole run. */
export class Theatre {
    wires = [];
    tests = 0;

    constructor(places, { world, deaf, verbose }) {
        Object.assign(this, { places, world, deaf, verbose });
    }
    /** More than any test has pages. A Carillon is told their origins when it starts, so they are there before it. */
    static async makeWires(count = 8) {
        Wire.shared.set("stanza.js", bundled('export { createClient } from "stanza";'));
        return Promise.all(Array.from({ length: count }, () => new Wire().start()));
    }
}

export class Stage {
    #people = [];
    #others = [];
    frames = new Frames();
    errors = [];
    /** For the table: who took part, and what arrived at whom. */
    cast = [];
    counted = [];

    constructor(theatre, from, to) {
        Object.assign(this, { theatre, places: [from, to], world: theatre.world, number: ++theatre.tests, free: [...theatre.wires] });
    }
    async start() {
        if (!this.world) this.fake = await new FakeServer().start();
        return this;
    }
    until = until;
    /** For what only a real Carillon does. */
    needsCarillon(what) {
        if (!this.world) throw new Skipped(`the stand-in ${what}`);
    }
    deaf = () => this.theatre.deaf();

    // ---- who is who: each test has users of its own, so that no limit per user counts over tests

    user = (name) => (this.world ? `${name}${this.number}` : name);
    jid = (name) => `${this.user(name)}@${this.world?.domain ?? "example.org"}`;
    token = (name, claims = {}) => (this.fake ? `x.${name}.x` : this.world.token({ sub: this.jid(name), name: capital(name), ...claims }));
    /** The secret of a call link that leads to somebody. */
    async guestToken(name, how = {}) {
        if (this.fake) return `guest-${name}`;
        const { url } = await this.world.ask("link", { to: this.jid(name), title: capital(name), ...how });
        return url.split("#")[1];
    }
    async expiredToken() {
        if (this.fake) return "guest-expired";
        const token = await this.guestToken("bob", { ttl: "1s" });
        const over = Date.now() + 1100;
        await until("the link has run out", () => Date.now(), (now) => now > over);
        return token;
    }

    // ---- who is where

    wire() {
        return this.free.shift().lead(this.fake?.port ?? this.world.port);
    }
    /** Opens `path` for somebody; the driver of the page is the browser's own. */
    async open(path, { browser = this.places[0], name = path, wire = this.wire(), ...how } = {}) {
        const page = await browser.open(how);
        const person = new Person(name, browser, wire, page);
        this.#people.push(person);
        this.cast.push(name);
        person.counted = (arrived) => this.counted.push(arrived);
        this.frames.follow(person, page);
        page.on?.("console", (message) => this.theatre.verbose && console.log(`        ${name}: ${message.text()}`));
        page.on?.("pageerror", (error) => this.errors.push(`${name}: ${error.message}`));
        await page.goto(new URL(path, wire.url).href);
        return person;
    }
    /** Somebody with the empty page, signed in. The first goes to the one browser, all others to the other. */
    async person(name, how = {}, token = this.token(name), mayFail = false, browser = this.places[name === "bob" ? 1 : 0], path = "/test/empty.html") {
        const person = await this.open(path, { browser, name });
        person.token = token;
        person.signedIn = await person.signIn(how);
        if (person.signedIn.refused && !mayFail) throw new Error(`${name} cannot sign in: ${person.signedIn.message}`);
        return person;
    }
    /** Somebody with a page that does without the library. */
    byTheBook = (name, how = {}) => this.person(name, how, undefined, false, undefined, "/test/docs.html");
    /** Somebody with an XMPP client in a page of another browser window. */
    async xmpp(name, how = {}) {
        const person = await this.open("/test/xmpp.html", { browser: this.places[1], name });
        const { jid, password } = await this.world.ask("account", { name: this.user(name) });
        person.token = { jid: `${jid}/client`, password, websocket: this.world.websocket, component: this.world.component };
        person.signedIn = await person.signIn(how);
        if (person.signedIn.refused) throw new Error(`${name} cannot log in`);
        return person;
    }
    /** Somebody with slixmpp and aiortc, no browser at all. */
    async device(name, how = {}) {
        const device = this.keep(new Program(name, "/usr/bin/python3", [fileURLToPath(new URL("aiortc_client.py", import.meta.url))]));
        device.counted = (arrived) => this.counted.push(arrived);
        this.cast.push(name);
        const { jid, password } = await this.world.ask("account", { name: this.user(name) });
        device.token = { jid: `${jid}/device`, password, clients: this.world.clients, component: this.world.component };
        await device.signIn(how);
        return device;
    }
    /** The address under which an XMPP client calls somebody. */
    contact = (name) => `${this.user(name)}\\40${this.world.domain}@${this.world.component}`;

    /** Whatever has a close() and shall not outlive the test. */
    keep(other) {
        this.#others.push(other);
        return other;
    }

    async clear() {
        for (const { browser, page } of this.#people) await browser.shut(page).catch(() => {});
        for (const other of this.#others) await other.close();
        for (const wire of this.theatre.wires) wire.cut();
        this.fake?.close();
    }
    /** What no test may leave behind. */
    complaints = () => [...this.fake?.wrong ?? [], ...this.frames.wrong, ...this.errors];
}
