/** One call, as a page sees it. */
import { Emitter } from "./emitter.js";
import type { Kind, Media } from "./media.js";
import { selectedPath } from "./path.js";
import { Peer } from "./peer.js";
import { Players, type Side } from "./players.js";
import type { Candidate, CallInfo, Description, LiveCall, MediaKind, Offer, Reason, RejectReason } from "./protocol.js";
import { Sending } from "./sending.js";
import { asCallError, type Session } from "./socket.js";
import { Timers } from "./timers.js";
import { CallError, say } from "./words.js";

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

/** Milliseconds. Lost means: connected before, and not now. */
const RING = 60_000;
const RING_GRACE = 5_000;
const CONNECT_WITHIN = 45_000;
const LOST_FOR = 75_000;
const RESTART_AFTER = { caller: 2_000, callee: 4_000 };
const RESTART_EVERY = 8_000;
const STATS_EVERY = 10_000;

const WRONG_STATE = 1007;
/** Why a page may say that a call is over. */
const REASONS = new Set<string>(["user_hangup", "invite_timeout", "ice_failed", "media_error", "incompatible", "error"]);

export class Call extends Emitter<CallEvents> {
    state: CallState;
    /** Why it ended: a row of the table of words. */
    reason = "";
    /** What the other side has told: on hold, or muted. */
    remoteHeld = false;
    remoteMuted: MediaKind[] = [];
    /** The call went on after this page was loaded again. */
    restored = false;
    /** When it was connected first, as Date.now(). */
    connectedAt = 0;
    readonly remoteStream = new MediaStream();
    /** @internal The server has it. */
    placed = false;

    #peer: Peer | undefined;
    #offer: Offer | undefined;
    #early: Parameters<Peer["receive"]>[0][] = [];
    readonly #sending: Sending;
    #players = new Players();
    #timers = new Timers();
    #rang = false;
    /** What was held or muted was refused, or may be lost. */
    #untold = false;

    constructor(
        readonly line: Line,
        readonly id: string,
        readonly direction: "incoming" | "outgoing",
        readonly address: string,
        readonly name: string,
        /** What the caller asks for. */
        readonly media: MediaKind[],
        offer?: Offer,
    ) {
        super();
        this.#offer = offer;
        this.#sending = new Sending(() => this.#connection(), line.lang);
        this.state = direction === "incoming" ? "ringing" : "connecting";
    }

    /** The state or, once ended, the reason, in plain words. */
    get text(): string {
        const row = this.state === "ended" ? this.reason
            : this.state === "connecting" && this.direction === "outgoing" && !this.#rang ? "calling"
            : this.state === "connected" && (this.held || this.remoteHeld) ? "held" : this.state;
        return say(row, this.line.lang);
    }

    get localStream(): MediaStream | undefined {
        return this.#peer?.stream;
    }

    get held(): boolean {
        return this.#sending.held;
    }

    get sharing(): boolean {
        return this.#sending.sharing;
    }

    isMuted(kind: Kind = "audio"): boolean {
        return this.#sending.muted.includes(kind);
    }

    isSending(kind: Kind): boolean {
        return this.#peer?.track(kind) !== undefined;
    }

    isReceiving(kind: Kind): boolean {
        const there = this.#peer?.transceiver(kind);
        return !!there?.currentDirection?.includes("recv") && !there.receiver.track.muted;
    }

    getStats(): Promise<RTCStatsReport> {
        return this.#connection().pc.getStats();
    }

    /** Plays the call in an <audio> or <video>; "local": what is sent. Without one, sound plays all the same. */
    attach(element: HTMLMediaElement, which: Side = "remote"): void {
        this.#players.add(element, which);
        this.#play();
    }

    detach(element: HTMLMediaElement): void {
        this.#players.remove(element);
        this.#play();
    }

    // ---- taking, refusing, ending

    /** Picks up. Rejects with a CallError, and goes on ringing, when there is no microphone. */
    async accept(media: Media = { audio: true }): Promise<void> {
        if (this.direction !== "incoming" || this.state !== "ringing" || this.#peer) return;
        const tracks = await this.#capture(media);
        const peer = this.#open(tracks);
        this.#become("connecting");
        this.#timers.after("connect", CONNECT_WITHIN, () => this.#fail("ice_failed"));
        try {
            const answered = this.#offer && peer.answer(this.#offer);
            for (const step of this.#early.splice(0)) peer.receive(step);
            const answer = await answered;
            await this.#ask("call.accept", answer ? { answer: { type: "answer", sdp: answer.sdp } } : {});
            this.#tellNow();
        } catch (error) {
            const lost = (error as { code?: number }).code === WRONG_STATE;
            this.#fail(lost ? "cancelled" : asCallError(error).reason, !lost);
        }
    }

    reject(reason: RejectReason = "declined"): void {
        if (this.state !== "ringing" || this.direction !== "incoming") return this.hangup();
        this.#tell("call.reject", { reason });
        this.finish(reason);
    }

    hangup(): void {
        if (this.state === "ended") return;
        if (this.state === "ringing" && this.direction === "incoming") return this.reject();
        this.#fail("user_hangup");
    }

    // ---- while it lasts

    /** Holds or goes on: nothing is heard or seen, either way. */
    hold(held = true): void {
        if (this.held === held || !this.#peer) return;
        this.#sending.held = held;
        this.#inform({ hold: held });
        this.#peer.hold(held);
        this.#changed();
    }

    mute(muted = true, kind: Kind = "audio"): void {
        if (this.isMuted(kind) === muted) return;
        this.#sending.mute(muted, kind);
        this.#inform({ mute: this.#sending.muted });
        this.#changed();
    }

    async addVideo(video: NonNullable<Media["video"]> = true): Promise<void> {
        const [track] = await this.#capture({ video });
        await this.#change(() => this.#sending.replace("video", track!));
    }

    async removeVideo(): Promise<void> {
        await this.#change(() => this.#sending.removeVideo());
    }

    /** Shows a screen or a window in place of the camera, until stopScreen() or the browser's own button. */
    async shareScreen(): Promise<void> {
        await this.#change(() => this.#sending.shareScreen(() => void this.stopScreen()));
    }

    async stopScreen(): Promise<void> {
        if (this.sharing) await this.#change(() => this.#sending.stopScreen());
    }

    /** Sends this track in place of the one of its kind. The page stops it, as it made it. */
    async replaceTrack(track: MediaStreamTrack): Promise<void> {
        await this.#change(() => this.#sending.replace(track.kind as Kind, track));
    }

    /** Takes another microphone or camera. */
    async useDevice(kind: Kind, deviceId: string): Promise<void> {
        const wanted = { [kind]: { deviceId: { exact: deviceId } } };
        const [track] = await this.#capture(wanted).catch((error: CallError) => {
            if (error.reason !== "device_busy") throw error;
            this.#peer?.track(kind)?.stop();  // phones open one camera at a time
            return this.#capture(wanted);
        });
        await this.#change(() => this.#sending.replace(kind, track!));
    }

    /** Presses digits: 0-9, A-D, * and #; a comma waits. They travel with the sound (RFC 4733). */
    sendDTMF(digits: string): void {
        const dtmf = this.#connection().transceiver("audio")?.sender.dtmf;
        const pressed = digits.toUpperCase().replace(/[^0-9A-D*#,]/g, "");
        if (!pressed) return;
        if (!dtmf?.canInsertDTMF) throw new CallError("incompatible", this.line.lang, "no telephone-event");
        dtmf.insertDTMF(dtmf.toneBuffer + pressed, 120);
    }

    // ---- for the phone, not for pages

    /** @internal */
    async dial(media: Media): Promise<void> {
        try {
            const peer = this.#open(await this.#capture(media));
            if (media.video && !peer.track("video")) this.media.splice(0, 2, "audio");
            const offer = await peer.offer();
            await this.#ask("call.invite", {
                ...(this.address ? { to: this.address } : {}),
                media: this.media, lifetime: RING, offer: { type: "offer", sdp: offer.sdp },
            });
            this.placed = true;
            this.#timers.after("ring", RING + RING_GRACE, () => this.#fail("invite_timeout"));
        } catch (error) {
            const refused = asCallError(error, this.line.lang);
            this.finish(refused.reason);
            throw refused;
        }
    }

    /** @internal Rings here. */
    ring(lifetime: number): void {
        this.#tell("call.ringing", {});
        this.#timers.after("ring", lifetime + RING_GRACE, () => this.finish("cancelled"));
    }

    /** @internal This page was loaded again, and the call is still there: offer anew. */
    restore({ media, state }: LiveCall): void {
        this.restored = this.placed = true;
        this.#rang = true;
        if (state === "ringing") {
            this.#become("ringing");
            return this.#timers.after("ring", RING + RING_GRACE, () => this.#fail("invite_timeout"));
        }
        this.#become("reconnecting");
        this.#lost();
        void this.#offerAnew(media);
    }

    async #offerAnew(media: MediaKind[]): Promise<void> {
        try {
            const tracks = await this.#capture({ audio: media.includes("audio"), video: media.includes("video") });
            const peer = this.#open(tracks, true);
            // Of a page that was loaded again at the same time.
            for (const step of this.#early.splice(0)) peer.receive(step);
        } catch (error) {
            this.#fail(asCallError(error).reason);
        }
    }

    /** @internal Something may have been lost on the way: the session is new, or the network is. */
    refresh(lost = false): void {
        if (this.state === "ended" || !this.#peer) return;
        if (this.#peer.ready || this.#peer.fresh) this.#peer.restart(lost);
        else if (lost) this.#peer.restarts = true;
    }

    /** @internal The same: what is shown at the other end may be of before. Told now, or when the call is taken. */
    tellAgain(taken: boolean): void {
        this.#untold = true;
        if (taken) this.#tellNow();
    }

    #inform(info: { hold?: boolean; mute?: MediaKind[] }): void {
        this.#untold = false;
        this.line.session.request("call.info", { call_id: this.id, party_id: this.line.partyId, ...info })
            .catch((error: Error) => {
                console.debug(`carillon: call.info: ${error.message}`);
                this.#untold = true;
            });
    }

    /** @internal Invited to it again: that it was taken here is not known there. */
    invitedAgain(): void {
        const answer = this.#peer?.pc.localDescription?.sdp;
        if (this.state === "ringing" || !this.#peer || (this.#offer && !answer)) return;
        this.#tell("call.accept", this.#offer ? { answer: { type: "answer", sdp: answer } } : {});
        this.tellAgain(!!this.#offer);
    }

    /** @internal */
    get settled(): boolean {
        return this.#peer?.pc.connectionState === "connected" && !this.#peer.pending;
    }

    /** @internal */
    configure(servers: RTCIceServer[]): void {
        this.#peer?.configure(servers);
    }

    /** @internal */
    rings(): void {
        if (this.direction !== "outgoing" || this.state !== "connecting" || this.#rang) return;
        this.#rang = true;
        this.#become("ringing");
    }

    /** @internal Taken up by the other side, which has no offer: it was lost when this page was loaded again. */
    taken(): void {
        if (this.#peer) return;
        this.#timers.never("ring");
        this.#become("connecting");
        this.#timers.after("connect", CONNECT_WITHIN, () => this.#fail("ice_failed"));
        void this.#offerAnew(this.media);
    }

    /** @internal */
    describe(description: Description): void {
        this.#timers.never("ring");
        if (this.direction === "outgoing" && (this.state === "ringing" || !this.#rang)) {
            this.#rang = true;
            this.#become("connecting");
            this.#timers.after("connect", CONNECT_WITHIN, () => this.#fail("ice_failed"));
        }
        this.#receive({ description });
        this.#tellNow();
    }

    /** @internal */
    candidates(candidates: Candidate[]): void {
        this.#receive({ candidates });
    }

    /** @internal */
    inform({ hold, mute, dtmf }: CallInfo): void {
        if (hold !== undefined) this.remoteHeld = hold;
        if (mute !== undefined) this.remoteMuted = mute;
        if (hold !== undefined || mute !== undefined) this.emit("change", undefined);
        if (dtmf !== undefined) this.emit("dtmf", dtmf);
    }

    /** @internal Over, for this reason; says nothing to the other side. */
    finish(reason: string): void {
        if (this.state === "ended") return;
        this.reason = reason;
        this.#timers.clear();
        this.#peer?.close();
        this.#sending.stop();
        this.#players.stop();
        this.line.over(this);
        this.#become("ended");
    }

    // ---- inside

    #become(state: CallState): void {
        if (this.state === state) return;
        this.state = state;
        this.emit("state", state);
    }

    #fail(reason: string, tell = true): void {
        if (this.state === "ended") return;
        const relayWanted = JSON.stringify(this.#peer?.config.iceServers ?? []).includes("turn");
        const shown = reason === "ice_failed" && relayWanted && !this.#peer!.sawRelay ? "no_relay" : reason;
        if (tell) this.#tell("call.hangup", { reason: REASONS.has(reason) ? reason as Reason : "media_error" });
        this.finish(shown);
    }

    #ask(method: "call.invite" | "call.accept" | "call.negotiate", params: object): Promise<unknown> {
        return this.line.session.request(method, { call_id: this.id, party_id: this.line.partyId, ...params } as never);
    }

    /** For what needs no answer: a call that is over at the other end refuses it, and that is said in another way. */
    #tell(method: "call.ringing" | "call.accept" | "call.candidates" | "call.reject" | "call.hangup" | "call.stats", params: object): void {
        this.line.session.request(method, { call_id: this.id, party_id: this.line.partyId, ...params } as never)
            .catch((error: Error) => console.debug(`carillon: ${method}: ${error.message}`));
    }

    #connection(): Peer {
        if (!this.#peer) throw new CallError("gone", this.line.lang);
        return this.#peer;
    }

    async #capture(media: Media): Promise<MediaStreamTrack[]> {
        const tracks = await this.#sending.capture(media);
        if (this.state !== "ended") return tracks;
        this.#sending.stop();
        throw new CallError(this.reason, this.line.lang);
    }

    async #change(what: () => Promise<void>): Promise<void> {
        await what();
        this.#play();
        this.#changed();
    }

    /** Of what is sent, muted or held. */
    #changed(): void {
        if (this.#peer) this.#sending.enable();
        this.emit("change", undefined);
    }

    #open(tracks: MediaStreamTrack[], fresh = false): Peer {
        this.#timers.never("ring");
        const peer = new Peer(this.line.configuration(), this.direction === "incoming", {
            describe: (description) => this.#describe(description),
            candidates: (candidates) => this.#tell("call.candidates", { candidates }),
            track: (track) => this.#hears(track),
            connection: (state) => this.#connected(state),
            renewed: () => this.#renewed(),
            refused: (error) => this.emit("refused", asCallError(error, this.line.lang)),
            failed: (error) => {
                console.debug("carillon: the first offer and answer do not fit", error);
                this.#fail("incompatible");
            },
        });
        peer.fresh = fresh;
        for (const track of tracks) {
            peer.stream.addTrack(track);
            peer.pc.addTrack(track, peer.stream);
        }
        this.#peer = peer;
        this.#sending.enable();
        this.#play();
        return peer;
    }

    async #describe({ type, sdp }: RTCSessionDescriptionInit): Promise<void> {
        await this.#ask("call.negotiate", { description: { type, sdp } });
        if (type === "answer") this.#tellNow();
    }

    /** What was held or muted before the call was taken: it was refused then. */
    #tellNow(): void {
        if (this.#untold) this.#inform({ hold: this.held, mute: this.#sending.muted });
    }

    #receive(step: Parameters<Peer["receive"]>[0]): void {
        if (this.#peer) this.#peer.receive(step);
        else this.#early.push(step);
    }

    #hears(track: MediaStreamTrack): void {
        this.remoteStream.addTrack(track);
        track.onmute = track.onunmute = track.onended = () => this.emit("change", undefined);
        this.#play();
        this.emit("change", undefined);
    }

    #renewed(): void {
        for (const track of this.remoteStream.getTracks()) this.remoteStream.removeTrack(track);
        this.emit("change", undefined);
    }

    #play(): void {
        if (this.state === "ended" || !this.#peer) return;
        this.#players.play({ remote: this.remoteStream, local: this.#peer.stream });
    }

    #connected(state: RTCPeerConnectionState): void {
        if (state === "connected") {
            this.#timers.never("connect", "lost", "restart");
            this.connectedAt ||= Date.now();
            this.#become("connected");
            if (this.line.stats) this.#report();
        } else if ((state === "failed" || state === "disconnected") && this.connectedAt + Number(this.restored) > 0) {
            this.#become("reconnecting");
            this.#lost();
        } else if (state === "failed") {
            this.#fail("ice_failed");
        }
    }

    /** Tries to find another path, from time to time, for as long as the other side may come back. */
    #lost(): void {
        this.#timers.never("connect");
        this.#timers.after("lost", LOST_FOR, () => this.#fail("ice_failed"));
        const again = () => {
            if (this.line.session.state === "open") this.refresh();
            this.#timers.after("restart", RESTART_EVERY, again);
        };
        this.#timers.after("restart", RESTART_AFTER[this.direction === "outgoing" ? "caller" : "callee"], again);
    }

    #report(): void {
        this.#timers.after("stats", STATS_EVERY, async () => {
            const found = await selectedPath(await this.getStats());
            if (found) this.#tell("call.stats", found);
            this.#report();
        });
    }
}

