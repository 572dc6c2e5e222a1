/** What to send: `true`, constraints, or tracks that the page made itself. */
export interface Media {
    audio?: boolean | MediaTrackConstraints | MediaStreamTrack;
    video?: boolean | MediaTrackConstraints | MediaStreamTrack;
}
export type Kind = "audio" | "video";
export declare const KINDS: readonly Kind[];
/**
 * The tracks for a call. Both are asked for at once, so that the user sees one question; without the camera a call
 * goes on with sound alone, as a call without microphone would be none.
 */
export declare function capture(media: Media, lang?: string): Promise<MediaStreamTrack[]>;
export declare function captureScreen(lang?: string): Promise<MediaStreamTrack>;
