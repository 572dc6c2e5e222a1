/** What this page sends in a call: its tracks, which of them are muted, and the screen in place of the camera. */
import { captureScreen, capture, KINDS, type Kind, type Media } from "./media.js";
import type { Peer } from "./peer.js";

export class Sending {
    held = false;
    sharing = false;
    /** What we made ourselves, and so stop ourselves. */
    #own = new Set<MediaStreamTrack>();
    #muted = new Set<Kind>();
    /** Comes back when the screen is not shown any more. */
    #camera: MediaStreamTrack | undefined;

    constructor(readonly peer: () => Peer, readonly lang: string) {}

    get muted(): Kind[] {
        return [...this.#muted];
    }

    mute(muted: boolean, kind: Kind): void {
        if (muted) this.#muted.add(kind);
        else this.#muted.delete(kind);
    }

    /** The tracks for `media`; those of the page itself stay the page's. */
    async capture(media: Media): Promise<MediaStreamTrack[]> {
        const tracks = await capture(media, this.lang);
        for (const track of tracks) if (!Object.values(media).includes(track)) this.#own.add(track);
        return tracks;
    }

    /** Sends `track` in place of the one of its kind, or nothing. That one is stopped, unless it is to come back. */
    async replace(kind: Kind, track: MediaStreamTrack | null, keep?: MediaStreamTrack): Promise<void> {
        const before = await this.peer().send(kind, track);
        if (before && before !== track && before !== keep && this.#own.delete(before)) before.stop();
    }

    async removeVideo(): Promise<void> {
        this.sharing = false;
        this.#camera = undefined;
        await this.replace("video", null);
    }

    async shareScreen(ended: () => void): Promise<void> {
        const track = await captureScreen(this.lang);
        this.#own.add(track);
        const camera = this.sharing ? this.#camera : this.peer().track("video");
        track.onended = ended;
        this.sharing = true;
        await this.replace("video", track, camera);
        this.#camera = camera;
    }

    async stopScreen(): Promise<void> {
        const camera = this.#camera;
        this.sharing = false;
        this.#camera = undefined;
        await this.replace("video", camera?.readyState === "live" ? camera : null);
    }

    /** Nothing of what is held or muted leaves this page. */
    enable(): void {
        for (const kind of KINDS) {
            const track = this.peer().track(kind);
            if (track) track.enabled = !this.held && !this.#muted.has(kind);
        }
    }

    stop(): void {
        for (const track of this.#own) track.stop();
    }
}
