/** One call, as a page sees it. */
import { Emitter } from "./emitter.js";
import type { Kind, Media } from "./media.js";
import { type Side } from "./players.js";
import type { Candidate, CallInfo, Description, LiveCall, MediaKind, Offer, RejectReason } from "./protocol.js";
import { type Session } from "./socket.js";
import { CallError } from "./words.js";
export type CallState = "ringing" | "connecting" | "connected" | "reconnecting" | "ended";
export interface CallEvents {
    /** `call.state` has changed. */
    state: CallState;
    /** Anything else to show has: media, mute, hold, on either side. */
    change: undefined;
    /** The other side pressed digits. */
    dtmf: string;
    /** A change was not agreed on; the call goes on as it was. */
    refused: CallError;
}
/** What a call needs of the phone it belongs to. */
export interface Line {
    readonly session: Session;
    readonly partyId: string;
    readonly lang: string;
    readonly stats: boolean;
    configuration(): RTCConfiguration;
    over(call: Call): void;
}
export declare class Call extends Emitter<CallEvents> {
    #private;
    readonly line: Line;
    readonly id: string;
    readonly direction: "incoming" | "outgoing";
    readonly address: string;
    readonly name: string;
    /** What the caller asks for. */
    readonly media: MediaKind[];
    state: CallState;
    /** Why it ended: a row of the table of words. */
    reason: string;
    /** What the other side has told: on hold, or muted. */
    remoteHeld: boolean;
    remoteMuted: MediaKind[];
    /** The call went on after this page was loaded again. */
    restored: boolean;
    /** When it was connected first, as Date.now(). */
    connectedAt: number;
    readonly remoteStream: MediaStream;
    /** @internal The server has it. */
    placed: boolean;
    constructor(line: Line, id: string, direction: "incoming" | "outgoing", address: string, name: string, 
    /** What the caller asks for. */
    media: MediaKind[], offer?: Offer);
    /** The state or, once ended, the reason, in plain words. */
    get text(): string;
    get localStream(): MediaStream | undefined;
    get held(): boolean;
    get sharing(): boolean;
    isMuted(kind?: Kind): boolean;
    isSending(kind: Kind): boolean;
    isReceiving(kind: Kind): boolean;
    getStats(): Promise<RTCStatsReport>;
    /** Plays the call in an <audio> or <video>; "local": what is sent. Without one, sound plays all the same. */
    attach(element: HTMLMediaElement, which?: Side): void;
    detach(element: HTMLMediaElement): void;
    /** Picks up. Rejects with a CallError, and goes on ringing, when there is no microphone. */
    accept(media?: Media): Promise<void>;
    reject(reason?: RejectReason): void;
    hangup(): void;
    /** Holds or goes on: nothing is heard or seen, either way. */
    hold(held?: boolean): void;
    mute(muted?: boolean, kind?: Kind): void;
    addVideo(video?: NonNullable<Media["video"]>): Promise<void>;
    removeVideo(): Promise<void>;
    /** Shows a screen or a window in place of the camera, until stopScreen() or the browser's own button. */
    shareScreen(): Promise<void>;
    stopScreen(): Promise<void>;
    /** Sends this track in place of the one of its kind. The page stops it, as it made it. */
    replaceTrack(track: MediaStreamTrack): Promise<void>;
    /** Takes another microphone or camera. */
    useDevice(kind: Kind, deviceId: string): Promise<void>;
    /** Presses digits: 0-9, A-D, * and #; a comma waits. They travel with the sound (RFC 4733). */
    sendDTMF(digits: string): void;
    /** @internal */
    dial(media: Media): Promise<void>;
    /** @internal Rings here. */
    ring(lifetime: number): void;
    /** @internal This page was loaded again, and the call is still there: offer anew. */
    restore({ media, state }: LiveCall): void;
    /** @internal Something may have been lost on the way: the session is new, or the network is. */
    refresh(lost?: boolean): void;
    /** @internal The same: what is shown at the other end may be of before. Told now, or when the call is taken. */
    tellAgain(taken: boolean): void;
    /** @internal Invited to it again: that it was taken here is not known there. */
    invitedAgain(): void;
    /** @internal */
    get settled(): boolean;
    /** @internal */
    configure(servers: RTCIceServer[]): void;
    /** @internal */
    rings(): void;
    /** @internal Taken up by the other side, which has no offer: it was lost when this page was loaded again. */
    taken(): void;
    /** @internal */
    describe(description: Description): void;
    /** @internal */
    candidates(candidates: Candidate[]): void;
    /** @internal */
    inform({ hold, mute, dtmf }: CallInfo): void;
    /** @internal Over, for this reason; says nothing to the other side. */
    finish(reason: string): void;
}
