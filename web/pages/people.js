/** Contacts and recent calls: kept in this browser, per account. */
import { avatar, el, icon } from "./dom.js";
import { storage, t } from "./text.js";

const MOST_CONTACTS = 50;
const MOST_RECENT = 20;
/** Of a call that came and was not taken here: its user knows of it. */
const DEALT_WITH = ["declined", "busy", "answered_elsewhere", "declined_elsewhere"];

/** How people know the address of a page: the user's own, where it is the contact address of one (XEP-0106). */
export function shownAddress(jid) {
    const [bare] = jid.split("/");
    const [local] = bare.split("@");
    if (!local.includes("\\40")) return bare;
    return local.replace(/\\(20|22|26|27|2f|3a|3c|3e|40|5c)/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

export class People {
    constructor(phone, dial) {
        Object.assign(this, { phone, dial });
        this.account = shownAddress(phone.jid);
        this.contacts = this.#read("contacts");
        this.recent = this.#read("recent");
        this.presence = new Map();
        phone.addEventListener("presence", ({ detail }) => {
            this.presence.set(detail.jid, detail);
            this.show();
        });
    }

    #key = (what) => `carillon.${what}.${this.account}`;
    #read(what) {
        try {
            return JSON.parse(storage.get(this.#key(what)) ?? "[]");
        } catch {
            return [];
        }
    }
    #write() {
        storage.set(this.#key("contacts"), JSON.stringify(this.contacts));
        storage.set(this.#key("recent"), JSON.stringify(this.recent));
    }

    start(contactsPlace, recentPlace) {
        Object.assign(this, { contactsPlace, recentPlace });
        for (const { jid } of this.contacts) void this.#watch(jid);
        this.show();
    }

    async #watch(jid) {
        // Who may not be watched is shown without a word on whether he is there.
        const found = await this.phone.watch(jid).catch(() => undefined);
        if (found) this.presence.set(jid, found);
        this.show();
    }

    add(jid, name = jid) {
        if (!jid || this.contacts.some((one) => one.jid === jid)) return;
        this.contacts = [...this.contacts, { jid, name }].slice(-MOST_CONTACTS);
        this.#write();
        void this.#watch(jid);
    }

    remove(jid) {
        this.contacts = this.contacts.filter((one) => one.jid !== jid);
        this.#write();
        void this.phone.unwatch(jid).catch(() => {});
        this.show();
    }

    /** What the user himself calls somebody. */
    nameOf = (jid) => this.contacts.find((one) => one.jid === jid && one.name !== jid)?.name;

    /** What became of a call. */
    note(call) {
        const missed = call.direction === "incoming" && !call.connectedAt && !DEALT_WITH.includes(call.reason);
        this.recent = [{
            jid: call.address, name: this.nameOf(call.address) ?? call.name, at: Date.now(), row: missed ? "missed" : call.direction,
            why: call.connectedAt ? "" : call.reason,
        }, ...this.recent].slice(0, MOST_RECENT);
        this.#write();
        this.show();
    }

    show() {
        this.contactsPlace?.replaceChildren(...this.contacts.map((one) => this.#contact(one)));
        this.recentPlace?.replaceChildren(...this.recent.slice(0, 6).map((one) => this.#call(one)));
        for (const [place, list] of [[this.contactsPlace, this.contacts], [this.recentPlace, this.recent]]) {
            const empty = place?.parentElement.querySelector(".empty");
            if (empty) empty.hidden = list.length > 0;
        }
    }

    #contact({ jid, name }) {
        const there = this.presence.get(jid);
        // Who does not show whether he is there may be called all the same: nothing is claimed of him.
        const known = there?.callable === false ? "not_callable" : there?.known ? "callable" : "";
        const shown = name.split("@")[0];
        return el(`li.person${known === "callable" ? ".there" : ""}`, { "data-jid": jid, title: jid }, avatar(name),
            el("span.names", {}, el("strong", {}, shown), el("small", {}, known ? el("span.presence", {}, t(known)) : jid)),
            this.#button("phone", "call_name", shown, () => this.dial(jid, false)),
            this.#button("video", "video_call_name", shown, () => this.dial(jid, true)),
            this.#button("remove", "forget", shown, () => this.remove(jid), "quiet"));
    }

    #call({ jid, name, at, row, why }) {
        const when = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
        const shown = name.split("@")[0];
        return el(`li.person.${row}`, {}, avatar(name),
            el("span.names", {}, el("strong", {}, shown), el("small", {}, `${t(row)} · ${when}`, why && row !== "missed" ? ` · ${t(why)}` : "")),
            this.#button("phone", "call_name", shown, () => this.dial(jid, false)));
    }

    #button = (name, row, person, onclick, look = "") => el(`button.small${look ? `.${look}` : ""}`, {
        type: "button", onclick, "aria-label": t(row, { name: person }), title: t(row, { name: person }),
    }, icon(name));
}
