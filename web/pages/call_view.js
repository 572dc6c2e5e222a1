/** A call on the screen: who, how it stands, the pictures, and what can be done. Both pages have it. */
import { selectedPath } from "/client/v1.js";
import { avatar, clock, el, icon, round } from "./dom.js";
import { devices } from "./devices.js";
import { meter, press, ring } from "./sound.js";
import { t } from "./text.js";

const KEYS = [..."123456789*0#"];

/**
 * Shows `call` in `place` until it has ended, then says `over(call)`. `short`: without hold, screen and keypad.
 */
export function showCall(place, call, { name = call.name, short = false, over }) {
    const view = new CallView(call, name, short);
    place.replaceChildren(view.root);
    view.start(over);
    return view;
}

class CallView {
    #stop = [];
    #stopRing;
    #cameras = 0;

    constructor(call, name, short) {
        Object.assign(this, { call, name, short });
        this.far = el("video.far", { playsinline: true, "aria-label": t("far_picture", { name }), hidden: true });
        this.near = el("video.near", { playsinline: true, "aria-label": t("own_picture"), hidden: true });
        this.near.muted = true;
        this.state = el("p.state", { role: "status", id: "call-state" });
        this.time = el("p.time", { "aria-label": t("duration") });
        this.note = el("p.note", { role: "status" });
        this.level = el("div.level", {
            role: "meter", "aria-label": t("level"), "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0,
        }, el("span"));
        this.bar = el("div.bar", { role: "group", "aria-label": t("call") });
        this.keys = this.#keypad();
        this.root = el("section.call", { "aria-label": name },
            el("div.stage", {}, this.far, this.near,
                el("div.who", {}, avatar(name), el("h1", { tabindex: -1 }, name), this.state, this.time, this.note)),
            el("div.controls", {}, this.keys, this.level, this.bar));
    }

    start(over) {
        const { call } = this;
        call.attach(this.far);
        call.attach(this.near, "local");
        void devices.speakOn(this.far);
        const show = () => this.#show();
        call.addEventListener("change", show);
        call.addEventListener("refused", ({ detail }) => this.say(detail.message));
        call.addEventListener("state", ({ detail }) => {
            if (detail === "ended") {
                this.end();
                over(call);
            } else {
                show();
            }
        });
        const tick = setInterval(() => this.#tick(), 1000);
        this.#stop.push(() => clearInterval(tick));
        show();
        this.root.querySelector("h1").focus({ preventScroll: true });
    }

    end() {
        for (const stop of this.#stop.splice(0)) stop();
        this.#stopRing?.();
        this.#stopRing = undefined;
    }

    say(text) {
        this.note.textContent = text;
    }

    /** Does it, and says why when it does not go. */
    #try = (what) => async () => {
        this.say("");
        try {
            await what();
        } catch (error) {
            this.say(error.message);
        }
        this.#show();
    };

    #show() {
        const { call } = this;
        const seen = call.isReceiving("video");
        this.root.classList.toggle("seen", seen);
        this.far.hidden = !seen;
        this.near.hidden = !call.isSending("video");
        this.near.classList.toggle("mirror", !call.sharing);
        this.state.textContent = call.text;
        this.root.dataset.state = call.state;
        if (call.remoteMuted.includes("audio")) this.say(t("their_mute", { name: this.name }));
        else if (this.note.textContent === t("their_mute", { name: this.name })) this.say("");
        const rings = call.direction === "outgoing" && call.state === "ringing";
        if (rings) this.#stopRing ??= ring("outgoing");
        else if (this.#stopRing) this.#stopRing = this.#stopRing();
        this.#measure();
        void this.#countCameras();
        this.#buttons();
        this.#tick();
    }

    #measure() {
        const stream = this.call.localStream;
        if (this.measured || !stream?.getAudioTracks().length) return;
        this.measured = true;
        this.#stop.push(meter(this.level, stream));
    }

    /** A browser names them once it may use one. */
    async #countCameras() {
        const cameras = this.call.isSending("video") ? (await devices.list("videoinput")).length : 0;
        if (cameras === this.#cameras) return;
        this.#cameras = cameras;
        this.#buttons();
    }

    #tick() {
        const { call } = this;
        const lasts = call.connectedAt > 0;
        this.time.hidden = !lasts;
        if (lasts) this.time.textContent = clock(Date.now() - call.connectedAt);
    }

    #buttons() {
        const { call } = this;
        const talks = call.state === "connected" || call.state === "reconnecting";
        const muted = call.isMuted();
        const camera = call.isSending("video") && !call.sharing;
        const focused = document.activeElement?.id;
        const wanted = [
            [muted ? "muted" : "mic", muted ? "unmute" : "mute", () => call.mute(!muted), { id: "mute", pressed: muted }],
            talks && ["video", camera ? "camera_off" : "camera", this.#camera(camera), { id: "camera", pressed: camera }],
            talks && camera && this.#cameras > 1 && ["flip", "camera_switch", this.#nextCamera, { id: "flip" }],
            talks && !this.short && navigator.mediaDevices?.getDisplayMedia
                && ["screen", call.sharing ? "screen_off" : "screen", this.#screen, { id: "screen", pressed: call.sharing }],
            talks && !this.short && [call.held ? "play" : "hold", call.held ? "unhold" : "hold", () => call.hold(!call.held), { id: "hold", pressed: call.held }],
            talks && ["keypad", "keypad", () => this.#toggleKeys(), { id: "keypad", pressed: !this.keys.hidden }],
            ["hangup", "hangup", () => call.hangup(), { id: "hangup", look: "danger" }],
        ];
        this.bar.replaceChildren(...wanted.filter(Boolean).map(([name, row, what, how]) => round(name, row, this.#try(what), how)));
        if (focused) this.bar.querySelector(`#${focused}`)?.focus();
    }

    #camera = (on) => () => (on ? this.call.removeVideo() : this.call.addVideo(devices.wanted("videoinput")));
    #nextCamera = async () => {
        const [track] = this.call.localStream.getVideoTracks();
        await this.call.useDevice("video", await devices.next("videoinput", track));
    };
    #screen = () => (this.call.sharing ? this.call.stopScreen() : this.call.shareScreen());

    #toggleKeys() {
        this.keys.hidden = !this.keys.hidden;
        if (!this.keys.hidden) this.keys.querySelector("button").focus();
    }

    #keypad() {
        const pressed = (key) => this.#try(() => {
            press(key);
            this.call.sendDTMF(key);
        });
        return el("div.keys", { hidden: true, role: "group", "aria-label": t("keypad") },
            ...KEYS.map((key) => el("button", { type: "button", onclick: pressed(key) }, key)));
    }

    /** How the media goes: "relay", "host" and so on, for those who ask. */
    path = async () => selectedPath(await this.call.getStats());
}

/** A call that has ended: why, in a sentence, and what can be done now. */
export function showEnded(place, { name, text, again, back }) {
    const buttons = el("div.choices", {},
        again && el("button.primary", { type: "button", id: "again", onclick: again }, t("call_again")),
        back && el("button", { type: "button", id: "back", onclick: back }, t("back")));
    place.replaceChildren(el("section.ended", {},
        el("span.sign", {}, icon("alert")), el("h1", { tabindex: -1 }, name),
        el("p.state", { role: "status", id: "call-state" }, text), buttons));
    place.querySelector("h1").focus({ preventScroll: true });
}
