// What a test calls in the page, through window.t. Takes and returns plain values, so that any driver can call it.
import { connect } from "/client/v1.js";

const calls = [];
let phone, code;

// Which tones went out: the browser says so as each is played.
const { insertDTMF } = RTCDTMFSender.prototype;
let tones = "";
RTCDTMFSender.prototype.insertDTMF = function (...how) {
    this.ontonechange = ({ tone }) => (tones += tone);
    insertDTMF.apply(this, how);
};

function follow(call, how) {
    const entry = { call, how, states: [call.state], refused: [], digits: "" };
    call.addEventListener("state", ({ detail }) => entry.states.push(detail));
    call.addEventListener("refused", ({ detail }) => entry.refused.push(`${detail.reason}: ${detail.detail}`));
    call.addEventListener("dtmf", ({ detail }) => (entry.digits += detail));
    call.attach(document.querySelector("#far"));
    calls.push(entry);
    return call;
}

const last = () => calls[calls.length - 1];

window.t = {
    async signIn({ accept, ...options }) {
        try {
            phone = await connect({ ...options, confirm: (named) => (code = named) });
        } catch (error) {
            return { refused: error.reason, message: error.message };
        }
        const answer = (call) => accept && call.accept(accept).catch((error) => (last().error = error.reason));
        phone.addEventListener("call", ({ detail }) => answer(follow(detail, "incoming")));
        phone.addEventListener("restored", ({ detail }) => follow(detail, "restored"));
        // A call restored from before the reload may have come while connect() was under way.
        for (const call of phone.calls.values()) {
            if (!calls.some((entry) => entry.call === call)) follow(call, call.restored ? "restored" : "incoming");
        }
        return { jid: phone.jid, callee: phone.callee };
    },
    async dial({ to, media }) {
        try {
            follow(await phone.call(to, media), "outgoing");
            return {};
        } catch (error) {
            return { refused: error.reason, message: error.message };
        }
    },
    async act({ method, args = [] }) {
        try {
            await last().call[method](...args);
            return {};
        } catch (error) {
            return { refused: error.reason ?? String(error) };
        }
    },
    who: () => ({ name: last().call.name, address: last().call.address }),
    state() {
        const base = { phone: phone?.state, phoneReason: phone?.reason, calls: calls.length };
        if (calls.length === 0) return base;
        const { call, how, states, refused, digits, error } = last();
        return {
            ...base, how, states, refused, digits, error, state: call.state, reason: call.reason, text: call.text,
            remoteHeld: call.remoteHeld, remoteMuted: call.remoteMuted, name: call.name,
            sees: call.isReceiving("video"), hears: call.isReceiving("audio"), restored: call.restored,
        };
    },
    /** Packets and decoded frames of what arrived, and which ICE generation it came by. */
    async counted() {
        const found = { audio: 0, video: 0, frames: 0, ufrag: "" };
        try {
            for (const one of (await last().call.getStats()).values()) {
                if (one.type === "inbound-rtp") found[one.kind] += one.packetsReceived ?? 0;
                if (one.type === "inbound-rtp" && one.kind === "video") found.frames += one.framesDecoded ?? 0;
                if (one.type === "transport") found.ufrag = one.iceLocalUsernameFragment ?? "";
            }
        } catch {
            // No connection yet: nothing has arrived.
        }
        return found;
    },
    tones: () => tones,
    code: () => code,
    online: () => window.dispatchEvent(new Event("online")),
    close: () => phone?.close(),
};
