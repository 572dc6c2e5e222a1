/**
 * One RTCPeerConnection and its perfect negotiation (the callee is polite). Knows descriptions and candidates, but
 * nothing of who carries them. When the other side comes back with a fresh connection of its own (its page was
 * reloaded), this one is replaced as well.
 *
 * Descriptions are dealt with one after the other, each with all that comes of it: an offer of theirs with our answer,
 * one of ours with its refusal. An offer of ours is set when its answer has come: until then it costs nothing to drop it.
 * Rolling one back does: Chromium keeps ids of header extensions, and then takes no offer that has others.
 */
import { type Kind } from "./media.js";
export interface PeerHooks {
    /** Carries an offer or an answer across; rejects when it is refused. */
    describe(description: RTCSessionDescriptionInit): Promise<unknown>;
    candidates(list: RTCIceCandidateInit[]): void;
    track(track: MediaStreamTrack): void;
    connection(state: RTCPeerConnectionState): void;
    /** The other side has a new connection: its former tracks are gone. */
    renewed(): void;
    /** A change that could not be agreed on; the connection stays as it was. */
    refused(error: Error): void;
    /** The first offer and answer do not fit together: there is no connection. */
    failed(error: Error): void;
}
export declare class Peer {
    #private;
    config: RTCConfiguration;
    readonly polite: boolean;
    readonly hooks: PeerHooks;
    pc: RTCPeerConnection;
    /** Changes are offered once the first offer has been answered. */
    ready: boolean;
    /** Candidates were lost before the first answer: look for another path once it is here. */
    restarts: boolean;
    /** After a reload: our first offer goes before any of theirs. */
    fresh: boolean;
    held: boolean;
    sawRelay: boolean;
    readonly stream: MediaStream;
    constructor(config: RTCConfiguration, polite: boolean, hooks: PeerHooks);
    /** An offer of ours has no answer yet. */
    get pending(): boolean;
    close(): void;
    configure(iceServers: RTCIceServer[]): void;
    track(kind: Kind): MediaStreamTrack | undefined;
    transceiver(kind: Kind): RTCRtpTransceiver | undefined;
    /** Sends `track` from now on, or nothing of that kind. Gives the track it takes the place of. */
    send(kind: Kind, track: MediaStreamTrack | null): Promise<MediaStreamTrack | undefined>;
    hold(held: boolean): void;
    /** The first offer, for whoever carries it in the invitation. */
    offer(): Promise<RTCSessionDescription>;
    /** The answer to the offer of an invitation. */
    answer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescription>;
    /** Looks for another path; an offer that nobody answered, or whose answer may be lost, is made anew. */
    restart(lost?: boolean): void;
    /** Descriptions and candidates of the other side, in the order they came. */
    receive(step: {
        description: RTCSessionDescriptionInit;
    } | {
        candidates: RTCIceCandidateInit[];
    }): void;
}
