/** The softphone: sign in, call, be called. */
import { connect } from "/client/v1.js";
import { showCall, showEnded } from "./call_view.js";
import { devices } from "./devices.js";
import { $, avatar, el, icon, round } from "./dom.js";
import { People, shownAddress } from "./people.js";
import { ring } from "./sound.js";
import { lang, LANGUAGES, storage, t, translate } from "./text.js";

const KEPT = "carillon.signed-in";
const TITLE = document.title;
let phone;
let people;
let current;

/** One of the views is shown: sign-in, home, call. */
function view(name) {
    for (const one of document.querySelectorAll("main > [data-view]")) one.hidden = one.dataset.view !== name;
    document.body.dataset.view = name;
}

// ---- signing in

function askForToken(byToken) {
    $("#by-token").hidden = !byToken;
    $("#by-address").hidden = byToken;
    $("#other-way").textContent = t(byToken ? "use_address" : "use_token");
    $("#other-way").onclick = () => askForToken(!byToken);
    $(byToken ? "#token" : "#address").focus({ preventScroll: true });
}

/** A token in the address, as scripts/demo prints it, must not stay there. */
function fromAddress() {
    const token = new URLSearchParams(location.hash.slice(1)).get("token");
    if (token) history.replaceState(null, "", location.pathname + location.search);
    return token ? { token } : undefined;
}

// Only this tab keeps it, so that a reload does not ask again.
const kept = {
    get: () => { try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch { return null; } },
    set: (how) => { try { sessionStorage.setItem(KEPT, JSON.stringify(how)); } catch { /* asked again, then */ } },
    forget: () => { try { sessionStorage.removeItem(KEPT); } catch { /* nothing was kept */ } },
};

async function signIn(how) {
    const status = $("#sign-in-status");
    status.className = "";
    status.textContent = t("signing_in");
    $("#sign-in-button").disabled = true;
    try {
        const confirm = (code) => (status.textContent = t("confirm", { code }));
        phone = await connect({ ...how, lang, stats: true, confirm });
    } catch (error) {
        kept.forget();
        view("sign-in");
        status.className = "wrong";
        status.textContent = error.message;
        return;
    } finally {
        $("#sign-in-button").disabled = false;
    }
    status.textContent = "";
    kept.set(how);
    home();
}

function home() {
    const address = shownAddress(phone.jid);
    const name = phone.displayName || address;
    $("#me").replaceChildren(avatar(name), el("span", {}, el("strong", {}, name), el("small", {}, address)));
    $("#account").hidden = false;
    people = new People(phone, dial);
    people.start($("#contacts"), $("#recent"));
    phone.addEventListener("call", ({ detail }) => rings(detail));
    phone.addEventListener("restored", ({ detail }) => talk(detail));
    phone.addEventListener("state", ({ detail }) => phoneState(detail));
    showSettings();
    view("home");
    const there = [...phone.calls.values()];
    for (const call of there) call.restored ? talk(call) : rings(call);
    if (there.length === 0) $("#whom").focus({ preventScroll: true });
}

function phoneState(state) {
    $("#banner").hidden = state === "open";
    $("#banner").textContent = state === "open" ? "" : state === "closed" ? t(phone.reason) : t("lost");
    if (state !== "closed") return;
    kept.forget();
    $("#account").hidden = true;
    $("#sign-in-status").textContent = phone.reason === "user_hangup" ? "" : t(phone.reason);
    $("#banner").hidden = true;
    view("sign-in");
}

// ---- calling

async function dial(to, video) {
    if (current) return;
    const trying = new AbortController();
    current = trying;
    $("#dial-status").textContent = "";
    view("call");
    showTrying(to, trying);
    try {
        const call = await phone.call(to, devices.media(video), { signal: trying.signal });
        people.add(to);
        talk(call);
    } catch (error) {
        current = undefined;
        if (trying.signal.aborted) return view("home");
        people.note({ direction: "outgoing", address: to, name: to, connectedAt: 0, reason: error.reason });
        ended(to, error.message, () => dial(to, video));
    }
}

function showTrying(name, trying) {
    $("#call").replaceChildren(el("section.call", {},
        el("div.stage", {}, el("div.who", {}, avatar(name), el("h1", {}, name), el("p.state", { role: "status", id: "call-state" }, t("connecting")))),
        el("div.controls", {}, el("div.bar", {}, round("hangup", "hangup", () => trying.abort(), { look: "danger", id: "hangup" })))));
}

function talk(call) {
    current = call;
    view("call");
    showCall($("#call"), call, { name: people.nameOf(call.address) ?? call.name, over });
    void devices.show($("#devices"), changeDevice);
}

function over(call) {
    current = undefined;
    people.note(call);
    if (call.connectedAt && ["user_hangup", "gone"].includes(call.reason)) {
        $("#dial-status").textContent = call.text;
        return view("home");
    }
    if (call.reason === "user_hangup" || call.direction === "incoming") {
        $("#dial-status").textContent = call.reason === "user_hangup" ? "" : call.text;
        return view("home");
    }
    ended(call.name, call.text, () => dial(call.address, false));
}

function ended(name, text, again) {
    view("call");
    showEnded($("#call"), { name, text, again, back: () => view("home") });
}

// ---- being called

function rings(call) {
    if (current) {
        call.addEventListener("state", () => call.state === "ended" && people.note(call));
        return call.reject("busy");
    }
    current = call;
    const dialog = $("#incoming");
    const video = call.media.includes("video");
    const note = el("p.wrong", { role: "alert" });
    const name = people.nameOf(call.address) ?? call.name;
    const accept = (withVideo) => () => call.accept(devices.media(withVideo)).catch((error) => (note.textContent = error.message));
    dialog.replaceChildren(avatar(name), el("h1", { id: "incoming-name" }, name),
        // A name is what the caller likes it to be; the address is his.
        ...(name === call.address ? [] : [el("p.address", { id: "incoming-address" }, call.address)]),
        el("p.state", {}, t(video ? "incoming_video" : "incoming_call")), note,
        el("div.bar", {},
            round("hangup", "decline", () => call.reject(), { look: "danger", id: "decline" }),
            video && round("video", "accept_video", accept(true), { look: "good", id: "accept-video" }),
            round("phone", "accept", accept(false), { look: "good", id: "accept" })));
    dialog.showModal();
    $("#accept").focus();
    const stop = [ring("incoming"), notify(call), flash(call)];
    call.addEventListener("state", ({ detail }) => {
        for (const one of stop.splice(0)) one();
        dialog.close();
        if (!dialog.dataset.done && detail !== "ended") talk(call);
        if (detail === "ended" && document.body.dataset.view !== "call") over(call);
    }, { once: true });
}

function notify(call) {
    if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return () => {};
    const shown = new Notification(t("incoming_call"), { body: people.nameOf(call.address) ?? call.name, tag: call.id, icon: "/pages/icon.svg", requireInteraction: true });
    shown.onclick = () => window.focus();
    return () => shown.close();
}

function flash(call) {
    document.title = `${t("incoming_call")}: ${call.name}`;
    return () => (document.title = TITLE);
}

// ---- devices and notifications

function showSettings() {
    void devices.show($("#devices"), changeDevice);
    navigator.mediaDevices?.addEventListener("devicechange", () => devices.show($("#devices"), changeDevice));
    showNotify();
}

function changeDevice(kind, id) {
    if (!current?.useDevice || !id) return;
    const change = kind === "audiooutput" ? devices.speakOn($("video.far")) : changeInput(kind, id);
    change?.catch((error) => ($("#banner").textContent = error.message));
}

function changeInput(kind, id) {
    const media = kind === "audioinput" ? "audio" : "video";
    return current.isSending(media) ? current.useDevice(media, id) : undefined;
}

function showNotify() {
    const place = $("#notify");
    if (!("Notification" in window)) return place.replaceChildren();
    const ask = async () => {
        await Notification.requestPermission();
        showNotify();
    };
    place.replaceChildren({
        granted: () => el("p.hint", {}, t("notified")),
        denied: () => el("p.hint", {}, t("not_notified")),
        default: () => el("button", { type: "button", onclick: ask }, t("notify")),
    }[Notification.permission]());
}

// ---- all together

function start() {
    translate();
    for (const [id, name] of [["call-audio", "phone"], ["call-video", "video"]]) $(`#${id}`).prepend(icon(name));
    $("#sign-in").onsubmit = (event) => {
        event.preventDefault();
        const [token, jid] = [$("#token").value.trim(), $("#address").value.trim()];
        const how = $("#by-token").hidden ? { jid } : { token };
        if (how.token || how.jid) void signIn(how);
    };
    $("#dial").onsubmit = (event) => {
        event.preventDefault();
        const to = $("#whom").value.trim();
        if (to) void dial(to, event.submitter?.id === "call-video");
    };
    $("#sign-out").onclick = () => void phone.close();
    $("#incoming").addEventListener("cancel", (event) => {
        event.preventDefault();
        if (current?.direction === "incoming") current.reject();
    });
    $("#language").replaceChildren(...Object.entries(LANGUAGES).map(([code, name]) => el("option", { value: code, selected: code === lang }, name)));
    $("#language").onchange = ({ target }) => {
        storage.set("carillon.lang", target.value);
        location.search = "";
    };
    askForToken(true);
    const how = fromAddress() ?? kept.get();
    view("sign-in");
    if (how) void signIn(how);
}

start();
