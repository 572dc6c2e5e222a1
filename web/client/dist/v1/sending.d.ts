/** What this page sends in a call: its tracks, which of them are muted, and the screen in place of the camera. */
import { type Kind, type Media } from "./media.js";
import type { Peer } from "./peer.js";
export declare class Sending {
    #private;
    readonly peer: () => Peer;
    readonly lang: string;
    held: boolean;
    sharing: boolean;
    constructor(peer: () => Peer, lang: string);
    get muted(): Kind[];
    mute(muted: boolean, kind: Kind): void;
    /** The tracks for `media`; those of the page itself stay the page's. */
    capture(media: Media): Promise<MediaStreamTrack[]>;
    /** Sends `track` in place of the one of its kind, or nothing. That one is stopped, unless it is to come back. */
    replace(kind: Kind, track: MediaStreamTrack | null, keep?: MediaStreamTrack): Promise<void>;
    removeVideo(): Promise<void>;
    shareScreen(ended: () => void): Promise<void>;
    stopScreen(): Promise<void>;
    /** Nothing of what is held or muted leaves this page. */
    enable(): void;
    stop(): void;
}
