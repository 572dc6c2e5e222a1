/**
 * One RTCPeerConnection and its perfect negotiation (the callee is polite). Knows descriptions and candidates, but
 * nothing of who carries them. When the other side comes back with a fresh connection of its own (its page was
 * reloaded), this one is replaced as well.
 */
import { KINDS, type Kind } from "./media.js";

export interface PeerHooks {
    /** Carries an offer or an answer across; rejects when it is refused. */
    describe(description: RTCSessionDescription): Promise<unknown>;
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
    /** After a reload: our first offer goes before any of theirs. */
    fresh = false;
    held = false;
    sawRelay = false;
    readonly stream = new MediaStream();

    #making = false;
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
        this.#making = this.#ignoring = false;
        pc.onnegotiationneeded = () => void this.#negotiate();
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
        this.#refusals = 0;
        const there = this.transceiver(kind);
        if (there) {
            await there.sender.replaceTrack(track);
            there.sender.setStreams?.(this.stream);
            this.#direct();
        } else if (track) {
            this.pc.addTrack(track, this.stream);
        }
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
        await this.#take(offer);
        this.#direct();
        await this.pc.setLocalDescription();
        this.ready = true;
        return this.pc.localDescription!;
    }

    /** Looks for another path; an offer that nobody answered is made anew. */
    async restart(): Promise<void> {
        const { pc } = this;
        const overdue = Date.now() - this.#offeredAt > ANSWER_WITHIN;
        if (pc.signalingState === "have-local-offer" && overdue && (this.ready || this.fresh)) {
            await pc.setLocalDescription({ type: "rollback" });
        }
        pc.restartIce();
    }

    /** Descriptions and candidates of the other side, in the order they came. */
    receive(step: { description: RTCSessionDescriptionInit } | { candidates: RTCIceCandidateInit[] }): void {
        this.#turn = this.#turn
            .then(() => ("description" in step ? this.#described(step.description) : this.#add(step.candidates)))
            .catch((error: Error) => (this.pc.currentRemoteDescription ? this.hooks.refused(error) : this.hooks.failed(error)));
    }

    async #negotiate(): Promise<void> {
        const { pc } = this;
        if (!this.ready && !this.fresh) return;
        try {
            this.#making = true;
            await pc.setLocalDescription();
        } catch (error) {
            return this.hooks.refused(error as Error);
        } finally {
            this.#making = false;
        }
        const description = pc.localDescription!;
        this.#offeredAt = Date.now();
        try {
            await this.hooks.describe(description);
            this.#refusals = 0;
        } catch (error) {
            await this.#withdraw(pc, description, error as Error);
        }
    }

    /** Our offer was refused, most often since theirs was under way: take it back, try again a little later. */
    async #withdraw(pc: RTCPeerConnection, description: RTCSessionDescription, error: Error): Promise<void> {
        this.fresh = false;
        if (this.pc !== pc || pc.pendingLocalDescription?.sdp !== description.sdp) return;
        this.ready = false;
        await pc.setLocalDescription({ type: "rollback" });
        const again = ++this.#refusals < MOST_REFUSALS;
        if (!again) this.hooks.refused(error);
        setTimeout(() => {
            this.ready = true;
            if (again && pc.signalingState === "stable") void this.#negotiate();
        }, 200 + Math.random() * 1800);
    }

    async #described(description: RTCSessionDescriptionInit): Promise<void> {
        if (description.type === "rollback") {
            if (this.pc.signalingState === "have-remote-offer") await this.pc.setRemoteDescription(description);
            return;
        }
        const before = this.pc.currentRemoteDescription?.sdp;
        const fresh = before !== undefined && !sameEnd(before, description.sdp!);
        if (description.type === "answer") return this.#answered(description, fresh);
        if (fresh) this.#renew();
        const collision = this.#making || this.pc.signalingState !== "stable";
        this.#ignoring = collision && (!this.polite || this.fresh);
        if (this.#ignoring) return;
        await this.#take(description);
        this.#direct();
        await this.pc.setLocalDescription();
        this.ready = true;
        await this.hooks.describe(this.pc.localDescription!);
    }

    async #answered(description: RTCSessionDescriptionInit, fresh: boolean): Promise<void> {
        if (this.pc.signalingState !== "have-local-offer") return;
        this.fresh = false;
        this.ready = true;
        if (!fresh) return this.#take(description);
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
