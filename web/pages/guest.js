/** The guest page: one button that calls whoever the link leads to. */
import { connect } from "/client/v1.js";
import { showCall, showEnded } from "./call_view.js";
import { devices } from "./devices.js";
import { $, avatar, el, icon, round } from "./dom.js";
import { meter } from "./sound.js";
import { lang, t, translate } from "./text.js";

const place = $("#place");
const token = location.hash.slice(1);
let phone;
let name = "";

function problem(title, text, again) {
    place.replaceChildren(el("section.ended", {}, el("span.sign", {}, icon("alert")), el("h1", {}, title),
        el("p.state", { role: "alert", id: "call-state" }, text),
        again && el("div.choices", {}, el("button.primary", { type: "button", id: "again", onclick: again }, t("try_again")))));
}

const linkOver = () => problem(t("link_over"), t("link_over_hint"));

async function open() {
    if (!token) return problem(t("no_link"), t("no_link_hint"));
    place.replaceChildren(el("p.state", { role: "status" }, t("opening")));
    try {
        phone = await connect({ token, lang });
    } catch (error) {
        return error.reason === "unauthorized" ? linkOver() : problem(t("offline"), error.message, open);
    }
    name = phone.callee ?? "";
    document.title = t("guest_title", { name });
    phone.addEventListener("state", ({ detail }) => phoneState(detail));
    phone.addEventListener("restored", ({ detail }) => talk(detail));
    const [there] = phone.calls.values();
    if (there) talk(there);
    else ready();
}

function phoneState(state) {
    $("#banner").hidden = state !== "reconnecting";
    $("#banner").textContent = state === "reconnecting" ? t("lost") : "";
    if (state !== "closed" || place.querySelector("[data-state]")) return;
    if (phone.reason === "unauthorized") linkOver();
    else problem(t("link_over"), t(phone.reason));
}

function ready() {
    const video = el("input", { type: "checkbox", id: "with-video" });
    const note = el("p.wrong", { role: "alert", id: "note" });
    const check = el("div.check");
    const testing = el("button.link", { type: "button", id: "check", onclick: () => checkMicrophone(check, note) }, t("check"));
    check.append(testing);
    place.replaceChildren(el("section.guest", {}, avatar(name), el("h1", {}, name),
        el("p.state", {}, t("guest_lead")),
        el("button.huge", { type: "button", id: "call", onclick: () => dial(video.checked) }, icon("phone"), el("span", {}, t("guest_title", { name }))),
        note, el("label.tick", {}, video, el("span", {}, t("guest_video"))), check));
}

let stopCheck = () => {};

async function checkMicrophone(check, note) {
    note.textContent = "";
    let stream;
    try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: devices.wanted("audioinput") });
    } catch ({ name: why }) {
        note.textContent = t(why === "NotFoundError" ? "no_microphone" : "microphone_refused");
        return;
    }
    const level = el("div.level", { role: "meter", "aria-label": t("level"), "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0 }, el("span"));
    check.replaceChildren(level, el("p.hint", {}, t("speak")));
    const stop = meter(level, stream);
    stopCheck = () => {
        stop();
        for (const track of stream.getTracks()) track.stop();
        stopCheck = () => {};
    };
}

async function dial(video) {
    stopCheck();
    const trying = new AbortController();
    place.replaceChildren(el("section.call", {},
        el("div.stage", {}, el("div.who", {}, avatar(name), el("h1", {}, name), el("p.state", { role: "status", id: "call-state" }, t("connecting")))),
        el("div.controls", {}, el("div.bar", {}, round("hangup", "hangup", () => trying.abort(), { look: "danger", id: "hangup" })))));
    try {
        talk(await phone.call(undefined, devices.media(video), { signal: trying.signal }));
    } catch (error) {
        if (trying.signal.aborted) return ready();
        showEnded(place, { name, text: error.message, again: () => dial(video), back: ready });
    }
}

function talk(call) {
    showCall(place, call, { name, short: true, over: () => {
        const again = call.reason === "user_hangup" && call.connectedAt ? undefined : () => dial(false);
        showEnded(place, { name, text: call.text, again, back: phone.state === "closed" ? undefined : ready });
    } });
}

translate();
void open();
