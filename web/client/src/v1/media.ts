/** Microphone, camera and screen, with what the browser refuses said in words of the table. */
import { CallError } from "./words.js";

/** What to send: `true`, constraints, or tracks that the page made itself. */
export interface Media {
    audio?: boolean | MediaTrackConstraints | MediaStreamTrack;
    video?: boolean | MediaTrackConstraints | MediaStreamTrack;
}
export type Kind = "audio" | "video";
export const KINDS: readonly Kind[] = ["audio", "video"];

const NAMES: Record<string, (kind: Kind) => string> = {
    NotAllowedError: (kind) => (kind === "audio" ? "microphone_refused" : "camera_refused"),
    SecurityError: (kind) => (kind === "audio" ? "microphone_refused" : "camera_refused"),
    NotFoundError: (kind) => (kind === "audio" ? "no_microphone" : "no_camera"),
    OverconstrainedError: (kind) => (kind === "audio" ? "no_microphone" : "no_camera"),
    NotReadableError: () => "device_busy",
    AbortError: () => "device_busy",
};

function refused(error: unknown, kind: Kind, lang?: string): CallError {
    const { name, message } = error as DOMException;
    return new CallError((NAMES[name] ?? (() => "media_error"))(kind), lang, message);
}

async function ask(wanted: MediaStreamConstraints, kind: Kind, lang?: string): Promise<MediaStreamTrack[]> {
    if (!navigator.mediaDevices) throw new CallError("insecure", lang);
    try {
        return (await navigator.mediaDevices.getUserMedia(wanted)).getTracks();
    } catch (error) {
        throw refused(error, kind, lang);
    }
}

/**
 * The tracks for a call. Both are asked for at once, so that the user sees one question; without the camera a call
 * goes on with sound alone, as a call without microphone would be none.
 */
export async function capture(media: Media, lang?: string): Promise<MediaStreamTrack[]> {
    const given = KINDS.map((kind) => media[kind]).filter((one) => one instanceof MediaStreamTrack);
    const wanted: MediaStreamConstraints = {};
    for (const kind of KINDS) {
        const one = media[kind];
        if (one && !(one instanceof MediaStreamTrack)) wanted[kind] = one;
    }
    if (!wanted.audio && !wanted.video) return given;
    try {
        return [...given, ...(await ask(wanted, wanted.audio ? "audio" : "video", lang))];
    } catch (error) {
        if (!wanted.audio || !wanted.video) throw error;
        return [...given, ...(await ask({ audio: wanted.audio }, "audio", lang))];
    }
}

export async function captureScreen(lang?: string): Promise<MediaStreamTrack> {
    try {
        const [track] = (await navigator.mediaDevices.getDisplayMedia({ video: true })).getVideoTracks();
        return track!;
    } catch (error) {
        throw new CallError("screen_refused", lang, String(error));
    }
}
