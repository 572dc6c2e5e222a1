/**
 * One session with Carillon over as many sockets as it takes: requests, events in order, acknowledgement, resume.
 * Says nothing about calls. Events: "event" {method, params}, "hello" (a session began or went on), "state".
 */
import { Emitter } from "./emitter.js";
import type { Auth, Error as Refusal, Events, GoAway, HelloParams, HelloResult, Requests } from "./protocol.js";
import { CallError } from "./words.js";

export type SessionState = "connecting" | "open" | "reconnecting" | "closed";

/** What a request was refused with. */
export class RequestError extends Error {
    override readonly name = "RequestError";
    constructor(readonly code: number, message: string, readonly data?: unknown) {
        super(message);
    }
}

export interface SessionOptions {
    url: string;
    auth: () => Promise<Auth>;
    resumeToken?: string | undefined;
    client: { name: string; version: string };
    lang?: string | undefined;
}

/** What happens, as it came. */
export type SessionEvent = { [M in keyof Events]: { method: M; params: Events[M] } }[keyof Events];

/** Any frame of the server. */
interface Frame {
    seq: number;
    id?: number | string | null;
    method?: string;
    params?: object;
    result?: object;
    error?: Refusal;
}

interface Waiting {
    frame: { jsonrpc: "2.0"; id: number; method: string; params: object };
    resolve: (result: any) => void;
    reject: (error: Error) => void;
    sent: boolean;
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;
const OPEN_WITHIN = 15_000;
/** Confirming on a phone that it is really you takes its time. */
const HELLO_WITHIN = 180_000;
const UNAUTHORIZED = 1001;
const CLOSED: Record<number, string> = { 4401: "unauthorized", 4403: "wrong_origin", 4409: "elsewhere" };
const GOAWAY: Record<string, string> = { replaced: "elsewhere", expired: "unauthorized", drain: "draining" };

export class Session extends Emitter<{ event: SessionEvent; hello: HelloResult; state: SessionState }> {
    state: SessionState = "connecting";
    hello?: HelloResult;
    /** Why it is closed, by its row in the table of words. */
    reason = "";

    #socket: WebSocket | undefined;
    #waiting = new Map<number, Waiting>();
    #ids = 0;
    #lastSeq = 0;
    #acked = 0;
    #resumeToken: string | undefined;
    #replayTo = 0;
    #attempts = 0;
    #retry: ReturnType<typeof setTimeout> | undefined;
    #watch: ReturnType<typeof setTimeout> | undefined;
    #opened: { resolve: (hello: HelloResult) => void; reject: (error: Error) => void } | undefined;
    readonly #online = () => this.#connectSoon(0);

    constructor(readonly options: SessionOptions) {
        super();
        this.#resumeToken = options.resumeToken;
    }

    get resumeToken(): string | undefined {
        return this.#resumeToken;
    }

    /** Resolves when Carillon has said hello; rejects when it cannot be reached or refuses. */
    open(): Promise<HelloResult> {
        globalThis.addEventListener?.("online", this.#online);
        return new Promise((resolve, reject) => {
            this.#opened = { resolve, reject };
            void this.#connect();
        });
    }

    /** A request outlives its socket: what stays unanswered is sent again when the session goes on. */
    request<M extends keyof Requests>(method: M, params: Requests[M]["params"]): Promise<Requests[M]["result"]> {
        if (this.state === "closed") return Promise.reject(new CallError(this.reason, this.options.lang));
        return new Promise((resolve, reject) => {
            const id = ++this.#ids;
            const waiting = { frame: { jsonrpc: "2.0" as const, id, method, params }, resolve, reject, sent: false };
            this.#waiting.set(id, waiting);
            if (this.state === "open" && this.#replayTo <= this.#lastSeq) this.#send(waiting);
        });
    }

    close(reason = "user_hangup"): void {
        if (this.state === "closed") return;
        this.reason = reason;
        clearTimeout(this.#retry);
        clearTimeout(this.#watch);
        globalThis.removeEventListener?.("online", this.#online);
        const socket = this.#socket;
        this.#socket = undefined;
        socket?.close(1000);
        const error = new CallError(reason, this.options.lang);
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
        this.#become("closed");
        this.#opened?.reject(error);
        this.#opened = undefined;
    }

    #become(state: SessionState): void {
        if (this.state === state) return;
        this.state = state;
        this.emit("state", state);
    }

    #send(waiting: Waiting): void {
        waiting.sent = true;
        this.#write(waiting.frame);
    }

    #write(frame: object): void {
        if (this.#socket?.readyState !== WebSocket.OPEN) return;
        const ack = this.#lastSeq > this.#acked ? { ack: this.#lastSeq } : {};
        this.#acked = this.#lastSeq;
        this.#socket.send(JSON.stringify({ ...frame, ...ack }));
    }

    async #connect(): Promise<void> {
        clearTimeout(this.#retry);
        let auth: Auth;
        try {
            auth = this.#resumeToken ? { type: "resume", token: this.#resumeToken } : await this.options.auth();
        } catch (error) {
            return this.#lost(0, error as Error);
        }
        if (this.state === "closed" || this.#socket) return;
        const socket = new WebSocket(this.options.url, "carillon.v1");
        this.#socket = socket;
        this.#watchFor(OPEN_WITHIN);
        socket.onopen = () => {
            this.#watchFor(HELLO_WITHIN);
            socket.send(JSON.stringify({ jsonrpc: "2.0", id: 0, method: "session.hello", params: this.#helloParams(auth) }));
        };
        socket.onmessage = ({ data }) => this.#socket === socket && this.#receive(JSON.parse(data) as Frame);
        socket.onclose = ({ code }) => this.#socket === socket && this.#lost(code);
    }

    #helloParams(auth: Auth): HelloParams {
        return {
            auth,
            ...(auth.type === "resume" && this.#lastSeq > 0 ? { last_seq: this.#lastSeq } : {}),
            client: this.options.client,
            capabilities: ["audio", "video", "dtmf"],
        };
    }

    #receive(frame: Frame): void {
        if (frame.id === 0) return this.#greeted(frame);
        if (frame.seq > 0 && frame.seq <= this.#lastSeq) return;  // replayed, and had before
        this.#lastSeq = Math.max(this.#lastSeq, frame.seq);
        this.#alive();
        if (frame.method !== undefined) {
            this.#happened(frame as unknown as SessionEvent);
        } else if (frame.id != null) {
            this.#answered(frame);
        }
        if (this.#replayTo > 0 && this.#lastSeq >= this.#replayTo) this.#replayed();
    }

    #happened(event: SessionEvent): void {
        if (event.method === "session.goaway") return this.#goAway(event.params);
        if (event.method === "session.token") this.#resumeToken = event.params.resume_token;
        this.emit("event", event);
    }

    #answered({ id, result, error }: Frame): void {
        const waiting = this.#waiting.get(id as number);
        if (!waiting) return;
        this.#waiting.delete(id as number);
        if (error) waiting.reject(new RequestError(error.code, error.message, error.data));
        else waiting.resolve(result);
    }

    #greeted({ result, error }: Frame): void {
        if (error) return this.#refused(error);
        const hello = result as HelloResult;
        this.hello = hello;
        this.#resumeToken = hello.resume_token;
        this.#attempts = 0;
        if (!hello.resumed) this.#lastSeq = this.#acked = hello.seq;
        for (const waiting of this.#waiting.values()) waiting.sent = false;
        this.#replayTo = hello.resumed ? hello.seq : 0;
        this.#become("open");
        this.emit("hello", hello);
        if (this.#lastSeq >= this.#replayTo) this.#replayed();
        this.#opened?.resolve(hello);
        this.#opened = undefined;
        this.#alive();
    }

    /** All that was missed is here: what is still unanswered never arrived. */
    #replayed(): void {
        this.#replayTo = 0;
        for (const waiting of [...this.#waiting.values()]) if (!waiting.sent) this.#send(waiting);
    }

    #refused(error: Refusal): void {
        if (this.#resumeToken && error.code === UNAUTHORIZED) {
            this.#resumeToken = undefined;
            this.#drop();
            void this.#connect();
            return;
        }
        if (error.code === UNAUTHORIZED) return this.close("unauthorized");
        const { reason } = asCallError(new RequestError(error.code, error.message, error.data));
        this.#lost(0, new CallError(reason, this.options.lang, error.message));
    }

    #goAway({ reason, action, after_ms }: GoAway): void {
        if (action === "stop") return this.close(GOAWAY[reason] ?? "unavailable");
        if (action === "reconnect") this.#resumeToken = undefined;
        this.#connectSoon(after_ms);
    }

    /** Leaves the socket there is, if any, and takes another. */
    #connectSoon(after: number): void {
        clearTimeout(this.#retry);
        this.#retry = setTimeout(() => {
            if (this.state === "closed" || this.state === "connecting") return;
            this.#drop();
            this.#become("reconnecting");
            void this.#connect();
        }, after);
    }

    #drop(): void {
        const socket = this.#socket;
        this.#socket = undefined;
        clearTimeout(this.#watch);
        socket?.close();
    }

    #lost(code: number, error?: Error): void {
        this.#drop();
        const reason = CLOSED[code];
        if (reason === "unauthorized" && this.#resumeToken) {
            this.#resumeToken = undefined;
        } else if (reason) {
            return this.close(reason);
        }
        if (this.state === "connecting" && !(reason && this.#attempts === 0)) {
            return this.close(error instanceof CallError ? error.reason : "offline");
        }
        if (this.state !== "connecting") this.#become("reconnecting");
        const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
        this.#retry = setTimeout(() => void this.#connect(), code === 4429 ? LONGEST_PAUSE : pause);
    }

    /** Asks after the server when it has been silent; one that stays silent has gone. */
    #alive(): void {
        const interval = (this.hello?.ping_interval ?? 20) * 1000;
        clearTimeout(this.#watch);
        this.#watch = setTimeout(() => {
            this.#write({ jsonrpc: "2.0", id: ++this.#ids, method: "ping", params: {} });
            this.#watchFor(interval / 2);
        }, interval);
    }

    #watchFor(patience: number): void {
        clearTimeout(this.#watch);
        this.#watch = setTimeout(() => this.#lost(0), patience);
    }
}

const CODES: Record<number, string> = {
    1001: "unauthorized", 1002: "policy", 1004: "unavailable", 1005: "rate_limited", 1006: "incompatible", 1009: "draining",
};

/** The same in words of the table. */
export function asCallError(error: unknown, lang?: string): CallError {
    if (error instanceof CallError) return error;
    const reason = error instanceof RequestError ? CODES[error.code] : undefined;
    return new CallError(reason ?? "error", lang, String((error as Error)?.message ?? error));
}
