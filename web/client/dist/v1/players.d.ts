/** Where a call is seen and heard: the elements of the page, or, without one, a player that nobody sees. */
export type Side = "remote" | "local";
export declare class Players {
    #private;
    add(element: HTMLMediaElement, side: Side): void;
    remove(element: HTMLMediaElement): void;
    play(streams: Record<Side, MediaStream>): void;
    stop(): void;
}
