/**
 * What people read, one row a thing. A page may add a language (client/de.js does) or change a sentence:
 *   import { words } from ".../client/v1.js"; words.fr = { ...words.en, busy: "Occupé." };
 */
declare const en: {
    user_hangup: string;
    declined: string;
    busy: string;
    unavailable: string;
    cancelled: string;
    invite_timeout: string;
    answered_elsewhere: string;
    declined_elsewhere: string;
    ice_failed: string;
    media_error: string;
    incompatible: string;
    security: string;
    replaced: string;
    gone: string;
    policy: string;
    error: string;
    no_relay: string;
    microphone_refused: string;
    no_microphone: string;
    camera_refused: string;
    no_camera: string;
    device_busy: string;
    insecure: string;
    screen_refused: string;
    unauthorized: string;
    wrong_origin: string;
    rate_limited: string;
    draining: string;
    offline: string;
    elsewhere: string;
    ringing: string;
    calling: string;
    incoming: string;
    connecting: string;
    connected: string;
    reconnecting: string;
    held: string;
    ended: string;
    call: string;
    hangup: string;
    mute: string;
    unmute: string;
};
export type Word = keyof typeof en;
export type Words = Record<Word, string>;
export declare const words: Record<string, Words>;
/** The sentence in `lang` ("de-AT" finds "de"), else in English; what is no row is an error like any other. */
export declare function say(word: string, lang?: string): string;
/** What went wrong, by its row in the table; `message` is its sentence. */
export declare class CallError extends Error {
    readonly reason: string;
    readonly detail?: string | undefined;
    readonly name = "CallError";
    constructor(reason: string, lang?: string, detail?: string | undefined);
}
export {};
