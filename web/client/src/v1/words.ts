/**
 * What people read, one row a thing. A page may add a language (client/de.js does) or change a sentence:
 *   import { words } from ".../client/v1.js"; words.fr = { ...words.en, busy: "Occupé." };
 */
const en = {
    // Why a call ended, or never began: the reasons of the protocol ...
    user_hangup: "The call has ended.",
    declined: "The call was declined.",
    busy: "Busy on another call.",
    unavailable: "Cannot be reached right now.",
    cancelled: "The caller gave up.",
    invite_timeout: "Nobody answered.",
    answered_elsewhere: "Answered on another device.",
    declined_elsewhere: "Declined on another device.",
    ice_failed: "No path was found between the two of you. A firewall may be in the way.",
    media_error: "Sound or picture failed.",
    incompatible: "The two devices have no sound or picture format in common.",
    security: "The call could not be encrypted, so it was not made.",
    replaced: "The call goes on elsewhere.",
    gone: "The other side has gone.",
    policy: "This call is not allowed.",
    error: "Something went wrong. Please try again.",
    // ... and what only the browser's side knows.
    no_relay: "No path was found: the relay server (TURN) did not answer. Another network may help.",
    microphone_refused: "The browser may not use the microphone. Allow it in the address bar, then try again.",
    no_microphone: "No microphone was found. Plug one in, then try again.",
    camera_refused: "The browser may not use the camera. Allow it in the address bar, then try again.",
    no_camera: "No camera was found.",
    device_busy: "Another program is using the microphone or camera.",
    insecure: "Browsers give microphone and camera only to pages served by https.",
    screen_refused: "The screen was not shared.",
    unauthorized: "This sign-in or link is not valid, or no longer.",
    wrong_origin: "This page may not call here.",
    rate_limited: "Too many calls in a short time. Please wait a moment.",
    draining: "The service is about to restart. Please try again in a minute.",
    offline: "The call service cannot be reached.",
    elsewhere: "This sign-in is now open in another tab.",
    // States, as they are announced.
    ringing: "Ringing",
    calling: "Calling",
    incoming: "Incoming call",
    connecting: "Connecting",
    connected: "Connected",
    reconnecting: "Connection lost, trying again",
    held: "On hold",
    ended: "Call ended",
    // <xmpp-call>
    call: "Call",
    hangup: "Hang up",
    mute: "Mute",
    unmute: "Unmute",
};

export type Word = keyof typeof en;
export type Words = Record<Word, string>;

export const words: Record<string, Words> = { en };

/** The sentence in `lang` ("de-AT" finds "de"), else in English; what is no row is an error like any other. */
export function say(word: string, lang = "en"): string {
    const table = words[lang] ?? words[lang.split("-")[0]!] ?? en;
    return (table as Record<string, string>)[word] ?? table.error;
}

/** What went wrong, by its row in the table; `message` is its sentence. */
export class CallError extends Error {
    override readonly name = "CallError";
    constructor(readonly reason: string, lang?: string, readonly detail?: string) {
        super(say(reason, lang));
    }
}
