/**
 * One RTCPeerConnection and its perfect negotiation (the callee is polite). Knows descriptions and candidates, but
 * nothing of who carries them. When the other side comes back with a fresh connection of its own (its page was
 * reloaded), this one is replaced as well.
 *
 * Descriptions are dealt with one after the other, each with all that comes of it: an offer of theirs with our answer,
 * one of ours with its refusal. An offer of ours is set when its answer has come: until then it costs nothing to drop it.
 * Rolling one back does: Chromium keeps ids of header extensions, and then takes no offer that has others.
 */
import { KINDS, type Kind } from "./media.js";

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

const BATCH = 50;
const MOST_CANDIDATES = 64;
const MOST_REFUSALS = 4;
/** Milliseconds after which an offer, or its answer, is taken for lost. */
const ANSWER_WITHIN = 6_000;

const fingerprintsOf = (sdp: string) => [...sdp.matchAll(/^a=fingerprint:(.*?)\s*$/gim)].map(([, one]) => one!.toLowerCase());

function sameEnd(before: string, now: string): boolean {
    const known = fingerprintsOf(before);
    return fingerprintsOf(now).some((one) => known.includes(one));
}

export class Peer {
    pc!: RTCPeerConnection;
    /** Changes are offered once the first offer has been answered. */
    ready = false;
    /** Candidates were lost before the first answer: look for another path once it is here. */
    restarts = false;
    /** After a reload: our first offer goes before any of theirs. */
    fresh = false;
    held = false;
    sawRelay = false;
    readonly stream = new MediaStream();

    /** There is something to offer. */
    #due = false;
    /** Our offer, until it is answered. */
    #offered: RTCSessionDescriptionInit | undefined;
    #ignoring = false;
    #refusals = 0;
    #offeredAt = 0;
    #pending: RTCIceCandidateInit[] = [];
    #found: RTCIceCandidateInit[] = [];
    #batch: ReturnType<typeof setTimeout> | undefined;
    #turn: Promise<unknown> = Promise.resolve();

    constructor(public config: RTCConfiguration, readonly polite: boolean, readonly hooks: PeerHooks) {
        this.#open();
    }

    #open(): void {
        const pc = new RTCPeerConnection(this.config);
        this.pc = pc;
        this.#pending = [];
        this.#due = this.#ignoring = false;
        this.#offered = undefined;
        pc.onnegotiationneeded = () => {
            if (!this.ready && !this.fresh) return;  // said again after the first answer, or it was refused just now
            this.#due = true;
            this.#offerSoon();
        };
        pc.onicecandidate = ({ candidate }) => this.#candidate(candidate);
        pc.ontrack = ({ track }) => this.hooks.track(track);
        pc.onconnectionstatechange = () => this.hooks.connection(pc.connectionState);
        for (const track of this.stream.getTracks()) pc.addTrack(track, this.stream);
    }

    #renew(): void {
        this.close();
        this.hooks.renewed();
        this.#open();
        this.#direct();
    }

    /** An offer of ours has no answer yet. */
    get pending(): boolean {
        return !!this.#offered || this.pc.signalingState !== "stable";
    }

    close(): void {
        clearTimeout(this.#batch);
        const { pc } = this;
        pc.onnegotiationneeded = pc.onicecandidate = pc.ontrack = pc.onconnectionstatechange = null;
        pc.close();
    }

    configure(iceServers: RTCIceServer[]): void {
        this.config = { ...this.config, iceServers };
        this.pc.setConfiguration(this.config);
    }

    track(kind: Kind): MediaStreamTrack | undefined {
        return this.stream.getTracks().find((track) => track.kind === kind);
    }

    transceiver(kind: Kind): RTCRtpTransceiver | undefined {
        return this.pc.getTransceivers().find(
            ({ receiver, direction, currentDirection }) => receiver.track.kind === kind
                && (direction as string) !== "stopped" && (currentDirection as string) !== "stopped");
    }

    /** Sends `track` from now on, or nothing of that kind. Gives the track it takes the place of. */
    async send(kind: Kind, track: MediaStreamTrack | null): Promise<MediaStreamTrack | undefined> {
        const before = this.track(kind);
        if (before) this.stream.removeTrack(before);
        if (track) this.stream.addTrack(track);
        if (this.#refusals >= MOST_REFUSALS) this.#due = true;  // of which the browser thinks it has told us
        this.#refusals = 0;
        const there = this.transceiver(kind);
        if (there) {
            await there.sender.replaceTrack(track);
            there.sender.setStreams?.(this.stream);
            this.#direct();
        } else if (track) {
            this.pc.addTrack(track, this.stream);
        }
        this.#offerSoon();
        return before;
    }

    hold(held: boolean): void {
        this.held = held;
        this.#direct();
    }

    /** Each direction follows from what is sent and whether we hold: the one place where it is set. */
    #direct(): void {
        for (const kind of KINDS) {
            const there = this.transceiver(kind);
            if (!there) continue;
            const sends = this.track(kind) !== undefined;
            const direction = this.held ? (sends ? "sendonly" : "inactive") : sends ? "sendrecv" : "recvonly";
            if (there.direction !== direction) there.direction = direction;
        }
    }

    /** The first offer, for whoever carries it in the invitation. */
    async offer(): Promise<RTCSessionDescription> {
        await this.pc.setLocalDescription();
        return this.pc.localDescription!;
    }

    /** The answer to the offer of an invitation. */
    async answer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescription> {
        return this.#do(() => this.#answer(offer));
    }

    /** Looks for another path; an offer that nobody answered, or whose answer may be lost, is made anew. */
    restart(lost = false): void {
        this.#change(async () => {
            if (this.#offered && (lost || Date.now() - this.#offeredAt > ANSWER_WITHIN)) {
                this.#offered = undefined;
                await this.hooks.describe({ type: "rollback" }).catch(() => {});  // it may know of none
            }
            this.pc.restartIce();
        });
    }

    /** Descriptions and candidates of the other side, in the order they came. */
    receive(step: { description: RTCSessionDescriptionInit } | { candidates: RTCIceCandidateInit[] }): void {
        this.#change(() => ("description" in step ? this.#described(step.description) : this.#add(step.candidates)));
    }

    /** When all that came before has been dealt with. */
    #do<T>(what: () => Promise<T>): Promise<T> {
        const done = this.#turn.then(what);
        this.#turn = done.catch(() => {});
        return done;
    }

    #change(what: () => Promise<void>): void {
        this.#do(async () => {
            if (this.pc.signalingState !== "closed") await what();
        }).catch((error: Error) => {
            if (this.pc.signalingState === "closed") return;
            if (this.pc.currentRemoteDescription) this.hooks.refused(error);
            else this.hooks.failed(error);
        });
    }

    #offerSoon(): void {
        this.#change(async () => {
            if (this.#due && (this.ready || this.fresh) && !this.pending) await this.#negotiate();
        });
    }

    async #negotiate(): Promise<void> {
        this.#due = false;
        const offer = await this.pc.createOffer();
        this.#offeredAt = Date.now();
        try {
            await this.hooks.describe(offer);
            this.#offered = offer;
        } catch (error) {
            this.#dropped(error as Error);
        }
    }

    /** Our offer was refused, most often since theirs was under way: try again a little later. */
    #dropped(error: Error): void {
        this.fresh = this.ready = false;
        this.#due = ++this.#refusals < MOST_REFUSALS;
        if (!this.#due && this.pc.signalingState !== "closed") this.hooks.refused(error);
        setTimeout(() => {
            this.ready = true;
            this.#offerSoon();
        }, 200 + Math.random() * 1800);
    }

    async #described(description: RTCSessionDescriptionInit): Promise<void> {
        if (description.type === "rollback") {
            if (this.#offered) this.#dropped(new Error("the offer was taken back"));
            this.#offered = undefined;
            return;
        }
        const before = this.pc.currentRemoteDescription?.sdp;
        const fresh = before !== undefined && !sameEnd(before, description.sdp!);
        if (description.type === "answer") return this.#answered(description, fresh);
        if (fresh) this.#renew();
        this.#ignoring = this.pending && (!this.polite || this.fresh);
        if (!this.#ignoring) await this.hooks.describe(await this.#answer(description));
    }

    /** What was to be offered may go with the answer; when it does not, the browser says so again. */
    async #answer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescription> {
        this.#offered = undefined;
        await this.#take(offer);
        this.#direct();
        this.#due = false;
        await this.pc.setLocalDescription();
        this.ready = true;
        this.fresh = false;
        return this.pc.localDescription!;
    }

    async #answered(description: RTCSessionDescriptionInit, fresh: boolean): Promise<void> {
        if (!this.pending) return;
        if (this.#offered) await this.pc.setLocalDescription(this.#offered);
        this.#offered = undefined;
        this.fresh = false;
        this.ready = true;
        this.#refusals = 0;
        if (!fresh) {
            await this.#take(description);
            if (this.restarts) this.pc.restartIce();
            this.restarts = false;
            return;
        }
        this.#renew();
        if (this.stream.getTracks().length === 0) this.pc.addTransceiver("audio", { direction: "recvonly" });
    }

    async #take(description: RTCSessionDescriptionInit): Promise<void> {
        await this.pc.setRemoteDescription(description);
        const pending = this.#pending;
        this.#pending = [];
        await this.#add(pending);
    }

    async #add(candidates: RTCIceCandidateInit[]): Promise<void> {
        if (!this.pc.remoteDescription) {
            this.#pending.push(...candidates);
            return;
        }
        for (const candidate of candidates) {
            try {
                await this.pc.addIceCandidate(candidate);
            } catch (error) {
                // One candidate that a browser does not like ends no call: the others may do.
                if (!this.#ignoring && candidate.candidate) console.debug("carillon: candidate left out", error);
            }
        }
    }

    #candidate(candidate: RTCIceCandidate | null): void {
        if (candidate?.candidate === "") return;  // of one m-line: that of all follows
        if (candidate?.candidate.includes(" typ relay")) this.sawRelay = true;
        this.#found.push(candidate?.toJSON() ?? { candidate: "" });
        this.#batch ??= setTimeout(() => {
            this.#batch = undefined;
            while (this.#found.length > 0) this.hooks.candidates(this.#found.splice(0, MOST_CANDIDATES));
        }, BATCH);
    }
}
