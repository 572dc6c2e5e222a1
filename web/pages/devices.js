/** Which microphone, camera and speaker: chosen once, kept in this browser. */
import { el } from "./dom.js";
import { storage, t } from "./text.js";

const KINDS = { audioinput: "microphone", videoinput: "camera_device", audiooutput: "speaker" };
const keyOf = (kind) => `carillon.${kind}`;

class Devices {
    /** The constraints for a kind of input. */
    wanted(kind) {
        const deviceId = storage.get(keyOf(kind));
        return deviceId ? { deviceId: { ideal: deviceId } } : true;
    }

    /** What a call is made or taken with. */
    media(video) {
        return { audio: this.wanted("audioinput"), video: video ? this.wanted("videoinput") : false };
    }

    async speakOn(element) {
        const sink = storage.get(keyOf("audiooutput"));
        // A speaker that is gone leaves the sound where the browser puts it.
        if (sink && element.setSinkId) await element.setSinkId(sink).catch(() => {});
    }

    /** What there is of a kind, by the browser's names. */
    async list(kind) {
        const known = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
        return known.filter((one) => one.kind === kind && one.deviceId && one.deviceId !== "default");
    }

    /** The device after the one that `track` comes from, for a button that goes round; chosen from now on. */
    async next(kind, track) {
        const ids = (await this.list(kind)).map(({ deviceId }) => deviceId);
        const id = ids[(ids.indexOf(track?.getSettings().deviceId) + 1) % ids.length];
        storage.set(keyOf(kind), id);
        return id;
    }

    /** Fills `place` with a choice for each kind there is more than nothing of. `changed(kind, id)` may follow at once. */
    async show(place, changed) {
        const kinds = Object.entries(KINDS);
        const lists = await Promise.all(kinds.map(([kind]) => this.list(kind)));
        place.replaceChildren(...kinds.flatMap(([kind, row], at) => (
            lists[at].length > 0 ? [this.#choice(kind, row, lists[at], changed)] : [])));
    }

    #choice(kind, row, these, changed) {
        const chosen = storage.get(keyOf(kind)) ?? "";
        const select = el("select", { id: kind, onchange: () => {
            storage.set(keyOf(kind), select.value);
            changed?.(kind, select.value);
        } }, el("option", { value: "" }, t("standard")), ...these.map((one, at) => (
            el("option", { value: one.deviceId, selected: one.deviceId === chosen }, one.label || t("device", { number: at + 1 })))));
        return el("label.field", {}, el("span", {}, t(row)), select);
    }
}

export const devices = new Devices();
