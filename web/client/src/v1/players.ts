/** Where a call is seen and heard: the elements of the page, or, without one, a player that nobody sees. */

export type Side = "remote" | "local";

export class Players {
    #elements = new Map<HTMLMediaElement, Side>();
    #speaker: HTMLAudioElement | undefined;

    add(element: HTMLMediaElement, side: Side): void {
        this.#elements.set(element, side);
        element.autoplay = true;
        element.setAttribute("playsinline", "");
        if (side === "local") element.muted = true;
    }

    remove(element: HTMLMediaElement): void {
        if (this.#elements.delete(element)) element.srcObject = null;
    }

    play(streams: Record<Side, MediaStream>): void {
        let heard = false;
        for (const [element, side] of this.#elements) {
            const stream = streams[side];
            // An element that was given an empty stream does not start by itself when tracks come: give it anew.
            if (element.srcObject !== stream || element.readyState === 0) element.srcObject = stream;
            if (stream.getTracks().length > 0) element.play().catch(() => {});  // refused, or given anew meanwhile
            heard ||= side === "remote";
        }
        if (!heard && !this.#speaker) {
            this.#speaker = new Audio();
            this.#speaker.autoplay = true;
        }
        if (this.#speaker) {
            this.#speaker.srcObject = heard ? null : streams.remote;
            if (!heard) this.#speaker.play().catch(() => {});
        }
    }

    stop(): void {
        for (const element of this.#elements.keys()) element.srcObject = null;
        if (this.#speaker) this.#speaker.srcObject = null;
    }
}
