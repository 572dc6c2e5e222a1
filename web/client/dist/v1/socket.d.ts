/**
 * One session with Carillon over as many sockets as it takes: requests, events in order, acknowledgement, resume.
 * Says nothing about calls. Events: "event" {method, params}, "hello" (a session began or went on), "state".
 */
import { Emitter } from "./emitter.js";
import type { Auth, Events, HelloResult, Requests } from "./protocol.js";
import { CallError } from "./words.js";
export type SessionState = "connecting" | "open" | "reconnecting" | "closed";
/** What a request was refused with. */
export declare class RequestError extends Error {
    readonly code: number;
    readonly data?: unknown | undefined;
    readonly name = "RequestError";
    constructor(code: number, message: string, data?: unknown | undefined);
}
export interface SessionOptions {
    url: string;
    auth: () => Promise<Auth>;
    resumeToken?: string | undefined;
    client: {
        name: string;
        version: string;
    };
    lang?: string | undefined;
}
/** What happens, as it came. */
export type SessionEvent = {
    [M in keyof Events]: {
        method: M;
        params: Events[M];
    };
}[keyof Events];
export declare class Session extends Emitter<{
    event: SessionEvent;
    hello: HelloResult;
    state: SessionState;
}> {
    #private;
    readonly options: SessionOptions;
    state: SessionState;
    hello?: HelloResult;
    /** Why it is closed, by its row in the table of words. */
    reason: string;
    constructor(options: SessionOptions);
    get resumeToken(): string | undefined;
    /** Resolves when Carillon has said hello; rejects when it cannot be reached or refuses. */
    open(): Promise<HelloResult>;
    /** A request outlives its socket: what stays unanswered is sent again when the session goes on. */
    request<M extends keyof Requests>(method: M, params: Requests[M]["params"]): Promise<Requests[M]["result"]>;
    close(reason?: string): void;
}
/** The same in words of the table. */
export declare function asCallError(error: unknown, lang?: string): CallError;
