/** The phone of a page: signs in, calls, is called, and keeps its calls over lost connections and reloads. */
import { Call, type Line } from "./call.js";
import { Emitter } from "./emitter.js";
import type { Media } from "./media.js";
import type { Presence, PresenceChanged } from "./protocol.js";
import { Session, type SessionState } from "./socket.js";
export declare const VERSION = "1.0.0";
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
export declare class Phone extends Emitter<PhoneEvents> implements Line {
    #private;
    readonly options: ConnectOptions;
    readonly calls: Map<string, Call>;
    readonly partyId: string;
    readonly session: Session;
    /** @internal Use connect(). */
    constructor(options: ConnectOptions, url: string);
    get state(): SessionState;
    /** Why it is closed: a row of the table of words. */
    get reason(): string;
    get lang(): string;
    get stats(): boolean;
    get jid(): string;
    get displayName(): string;
    /** Whom a call link leads to; undefined for everybody but guests. */
    get callee(): string | undefined;
    /** Calls somebody; a guest leaves out whom. Rejects with a CallError when there is no call. */
    call(to: string | undefined, media?: Media, options?: {
        signal?: AbortSignal;
    }): Promise<Call>;
    /** Can somebody be called now? */
    presence(jid: string): Promise<Presence>;
    /** The same, and an event "presence" whenever that changes. */
    watch(jid: string): Promise<Presence>;
    unwatch(jid: string): Promise<void>;
    /** Hangs up and signs off. */
    close(): Promise<void>;
    /** @internal */
    configuration(): RTCConfiguration;
    /** @internal */
    over(call: Call): void;
}
