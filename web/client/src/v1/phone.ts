/** The phone of a page: signs in, calls, is called, and keeps its calls over lost connections and reloads. */
import { Call, type Line } from "./call.js";
import { Emitter } from "./emitter.js";
import { keepToken, takeToken } from "./kept_token.js";
import type { Media } from "./media.js";
import type { Auth, HelloResult, IceServer, LiveCall, Presence, PresenceChanged } from "./protocol.js";
import { Session, type SessionEvent, type SessionState } from "./socket.js";
import { Timers } from "./timers.js";

export const VERSION = "1.0.0";

export interface ConnectOptions {
    /** A JWT of your backend, or the secret of a call link; a function is asked again before a JWT runs out. */
    token?: string | (() => string | Promise<string>);
    /** In place of a token: an XMPP account, whose owner confirms in the client he has open (XEP-0070). */
    jid?: string;
    /** Is given the code that the question to the account names: show it, so that he sees that it is about this page. */
    confirm?: (code: string) => void;
    /** How a guest wants to be called. */
    name?: string;
    /** Where Carillon listens; without it, next to where this library came from. */
    url?: string | URL;
    /** Language of what is said: a column of `words`. */
    lang?: string;
    /** Calls outlive a reload of the page. On unless false; then leaving the page ends them at once. */
    reload?: boolean;
    /** More for RTCPeerConnection, such as iceTransportPolicy. */
    rtc?: RTCConfiguration;
    /** Tells the operator every 10 s how the media flows. */
    stats?: boolean;
}

export interface PhoneEvents {
    /** Somebody calls. */
    call: Call;
    /** The page was loaded again in a call, and it goes on. */
    restored: Call;
    state: SessionState;
    presence: PresenceChanged;
}

const GUEST_TOKEN = /^[^.]+$/;

export class Phone extends Emitter<PhoneEvents> implements Line {
    readonly calls = new Map<string, Call>();
    readonly partyId = randomId();
    readonly session: Session;
    #iceServers: IceServer[] = [];
    #watched = new Set<string>();
    #timers = new Timers();
    #mayRestore = true;
    readonly #leave = () => this.#left();
    readonly #networkChanged = () => this.#refresh();

    /** @internal Use connect(). */
    constructor(readonly options: ConnectOptions, url: string) {
        super();
        this.session = new Session({
            url, auth: () => this.#auth(), resumeToken: options.reload === false ? undefined : takeToken(url, options),
            client: { name: "carillon-client", version: VERSION }, lang: options.lang,
        });
        this.session.addEventListener("hello", ({ detail }) => this.#greeted(detail));
        this.session.addEventListener("event", ({ detail }) => this.#happened(detail));
        this.session.addEventListener("state", ({ detail }) => this.#became(detail));
        globalThis.addEventListener("pagehide", this.#leave);
        globalThis.addEventListener("online", this.#networkChanged);
        (navigator as { connection?: EventTarget }).connection?.addEventListener?.("change", this.#networkChanged);
    }

    get state(): SessionState {
        return this.session.state;
    }
    /** Why it is closed: a row of the table of words. */
    get reason(): string {
        return this.session.reason;
    }
    get lang(): string {
        return this.options.lang ?? "en";
    }
    get stats(): boolean {
        return !!this.options.stats && !!this.session.hello?.features.includes("stats");
    }
    get jid(): string {
        return this.session.hello?.jid ?? "";
    }
    get displayName(): string {
        return this.session.hello?.display_name ?? "";
    }
    /** Whom a call link leads to; undefined for everybody but guests. */
    get callee(): string | undefined {
        return this.session.hello?.callee?.display_name;
    }

    /** Calls somebody; a guest leaves out whom. Rejects with a CallError when there is no call. */
    async call(to: string | undefined, media: Media = { audio: true }, options: { signal?: AbortSignal } = {}): Promise<Call> {
        options.signal?.throwIfAborted();
        const kinds = (["audio", "video"] as const).filter((kind) => media[kind]);
        const call = new Call(this, randomId(), "outgoing", to ?? "", to ?? this.callee ?? "", kinds);
        this.calls.set(call.id, call);
        options.signal?.addEventListener("abort", () => call.hangup(), { once: true });
        await call.dial(media);
        return call;
    }

    /** Can somebody be called now? */
    presence(jid: string): Promise<Presence> {
        return this.session.request("presence.get", { jid });
    }

    /** The same, and an event "presence" whenever that changes. */
    watch(jid: string): Promise<Presence> {
        this.#watched.add(jid);
        return this.session.request("presence.watch", { jid });
    }

    async unwatch(jid: string): Promise<void> {
        if (this.#watched.delete(jid)) await this.session.request("presence.unwatch", { jid });
    }

    /** Hangs up and signs off. */
    async close(): Promise<void> {
        for (const call of [...this.calls.values()]) call.hangup();
        if (this.state === "open") await Promise.race([this.session.request("session.bye", {}), pause(2_000)]).catch(() => {});
        this.session.close();
    }

    /** @internal */
    configuration(): RTCConfiguration {
        return { ...this.options.rtc, iceServers: [...(this.options.rtc?.iceServers ?? []), ...this.#iceServers] };
    }

    /** @internal */
    over(call: Call): void {
        this.calls.delete(call.id);
    }

    async #auth(): Promise<Auth> {
        const { token, jid = "", name, confirm } = this.options;
        if (token === undefined) {
            const code = randomId().slice(0, 6).toUpperCase();
            confirm?.(code);
            return { type: "xmpp", jid, ...(confirm ? { code } : {}) };
        }
        const text = typeof token === "function" ? await token() : token;
        return GUEST_TOKEN.test(text) ? { type: "guest", token: text, ...(name ? { name } : {}) } : { type: "jwt", token: text };
    }

    #greeted(hello: HelloResult): void {
        this.#useServers(hello.ice_servers, hello.ice_expires);
        this.#refreshToken(hello.expires);
        if (hello.resumed && !this.#mayRestore) return;
        for (const live of hello.calls) if (!this.calls.has(live.call_id)) this.#restore(live);
        const there = new Map(hello.calls.map((live) => [live.call_id, live]));
        for (const call of [...this.calls.values()]) {
            // Unless it is still on its way there, or how it ended is on its way here.
            const live = there.get(call.id);
            if (!live && !hello.resumed && (call.direction === "incoming" || call.placed)) call.finish("gone");
            call.tellAgain(live?.state === "active");
            if (live?.state !== "active") continue;
            if (!this.#mayRestore && !call.settled) call.refresh(true);
        }
        this.#mayRestore = false;
        for (const jid of this.#watched) void this.#watchAgain(jid);
    }

    async #watchAgain(jid: string): Promise<void> {
        const presence = await this.session.request("presence.watch", { jid }).catch(() => undefined);
        if (presence) this.emit("presence", { jid, ...presence });
    }

    /** Calls of before a reload. */
    #restore(live: LiveCall): void {
        const call = new Call(this, live.call_id, live.direction, live.address, live.display_name ?? live.address, live.media);
        this.calls.set(call.id, call);
        if (live.state === "ringing" && live.direction === "incoming") return this.#rings(call, 60_000);
        call.restore(live);
        this.emit("restored", call);
    }

    #rings(call: Call, lifetime: number): void {
        call.ring(lifetime);
        this.emit("call", call);
    }

    #happened(event: SessionEvent): void {
        switch (event.method) {
            case "session.ice": return this.#useServers(event.params.ice_servers, event.params.ice_expires);
            case "presence.changed": return this.emit("presence", event.params);
            case "call.invite": {
                const { call_id, from, display_name, media, lifetime, offer } = event.params;
                if (this.calls.has(call_id)) return this.calls.get(call_id)!.invitedAgain();
                const call = new Call(this, call_id, "incoming", from, display_name || from, media, offer);
                this.calls.set(call_id, call);
                return this.#rings(call, lifetime);
            }
            case "session.token":
            case "session.goaway": return;
            default: return this.#happenedTo(this.calls.get(event.params.call_id), event);
        }
    }

    #happenedTo(call: Call | undefined, event: SessionEvent): void {
        if (!call) return;
        switch (event.method) {
            case "call.ringing": return call.rings();
            case "call.accept": return call.taken();
            case "call.answer": return call.describe(event.params.answer);
            case "call.negotiate": return call.describe(event.params.description);
            case "call.candidates": return call.candidates(event.params.candidates);
            case "call.info": return call.inform(event.params);
            case "call.select_answer":
                if (event.params.selected_party_id !== this.partyId) call.finish("answered_elsewhere");
                return;
            case "call.reject":
            case "call.hangup": return call.finish(event.params.reason);
            default: return;
        }
    }

    #became(state: SessionState): void {
        if (state === "closed") {
            this.#timers.clear();
            for (const call of [...this.calls.values()]) call.finish(call.connectedAt ? "gone" : this.reason);
            globalThis.removeEventListener("pagehide", this.#leave);
            globalThis.removeEventListener("online", this.#networkChanged);
            (navigator as { connection?: EventTarget }).connection?.removeEventListener?.("change", this.#networkChanged);
        }
        this.emit("state", state);
    }

    #refresh(): void {
        for (const call of this.calls.values()) call.refresh();
    }

    #useServers(servers: IceServer[], expires: number): void {
        this.#iceServers = servers;
        const { iceServers = [] } = this.configuration();
        for (const call of this.calls.values()) call.configure(iceServers);
        // The server brings new ones in good time; ask when it did not.
        if (expires > 0) this.#timers.after("ice", expires * 800, () => void this.#askServers());
    }

    async #askServers(): Promise<void> {
        const ice = await this.session.request("session.ice", {}).catch(() => undefined);
        if (ice) this.#useServers(ice.ice_servers, ice.ice_expires);
    }

    #refreshToken(expires: number | undefined): void {
        const { token } = this.options;
        if (expires === undefined || typeof token !== "function") return;
        this.#timers.after("token", Math.max(expires - 60, expires / 2) * 1000, async () => {
            try {
                const refreshed = await this.session.request("session.refresh", { token: await token() });
                this.#refreshToken(refreshed.expires);
            } catch (error) {
                console.debug("carillon: no new token", error);
                this.#refreshToken(20);
            }
        });
    }

    /** The page goes: the calls wait for it to come back, if they may. */
    #left(): void {
        if (this.options.reload !== false) return keepToken(this.session.options.url, this.options, this.session.resumeToken);
        for (const call of [...this.calls.values()]) call.hangup();
        void this.session.request("session.bye", {}).catch(() => {});
    }
}

const pause = (delay: number) => new Promise<never>((_, reject) => setTimeout(reject, delay));

function randomId(): string {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
