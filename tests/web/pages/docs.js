// Calls and is called by what docs/web-protocol.md says, without the library: a WebSocket and an RTCPeerConnection.
const answers = new Map();
const early = [];
let socket, ids = 0, seen = 0, peer, call_id, state = "none", accepting;

function send(method, params) {
    const id = ++ids;
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params, ...(seen ? { ack: seen } : {}) }));
    return new Promise((resolve) => answers.set(id, resolve));
}

async function open(media) {
    peer = new RTCPeerConnection({ iceServers: open.servers });
    peer.onicecandidate = ({ candidate }) => candidate?.candidate !== ""
        && send("call.candidates", { call_id, candidates: [candidate?.toJSON() ?? { candidate: "" }] });
    peer.onconnectionstatechange = () => peer.connectionState === "connected" && (state = "connected");
    const stream = await navigator.mediaDevices.getUserMedia(media);
    for (const track of stream.getTracks()) peer.addTrack(track, stream);
}

async function take(description) {
    await peer.setRemoteDescription(description);
    for (const candidate of early.splice(0)) await peer.addIceCandidate(candidate);
    if (description.type !== "offer") return undefined;
    await peer.setLocalDescription();
    return { type: "answer", sdp: peer.localDescription.sdp };
}

const EVENTS = {
    async "call.invite"(invited) {
        call_id = invited.call_id;
        state = "ringing";
        await send("call.ringing", { call_id });
        if (!accepting) return;
        await open(accepting);
        await send("call.accept", { call_id, ...(invited.offer ? { answer: await take(invited.offer) } : {}) });
    },
    "call.ringing": () => (state = "ringing"),
    "call.answer": ({ answer }) => take(answer),
    async "call.negotiate"({ description }) {
        const answer = await take(description);
        if (answer) await send("call.negotiate", { call_id, description: answer });
    },
    async "call.candidates"({ candidates }) {
        for (const candidate of candidates) {
            if (peer?.remoteDescription) await peer.addIceCandidate(candidate);
            else early.push(candidate);
        }
    },
    "call.reject": () => (state = "ended"),
    "call.hangup": () => (state = "ended"),
};

let turn = Promise.resolve();
function receive({ data }) {
    const frame = JSON.parse(data);
    seen = Math.max(seen, frame.seq);
    if (frame.method) turn = turn.then(() => EVENTS[frame.method]?.(frame.params));
    else answers.get(frame.id)?.(frame);
}

window.t = {
    async signIn({ token, accept }) {
        accepting = accept;
        socket = new WebSocket(new URL("/ws", location.href.replace("http", "ws")), "carillon.v1");
        await new Promise((resolve) => (socket.onopen = resolve));
        socket.onmessage = receive;
        const { result, error } = await send("session.hello",
            { auth: { type: "jwt", token }, client: { name: "by the book", version: "1" } });
        open.servers = result?.ice_servers;
        return error ? { refused: error.code, message: error.message } : { jid: result.jid };
    },
    async dial({ to, media }) {
        call_id = crypto.randomUUID();
        await open(media);
        await peer.setLocalDescription();
        const { error } = await send("call.invite", {
            call_id, to, media: Object.keys(media), offer: { type: "offer", sdp: peer.localDescription.sdp } });
        return error ? { refused: error.code } : {};
    },
    async act() {
        await send("call.hangup", { call_id });
        state = "ended";
        return {};
    },
    state: () => ({ state }),
    async counted() {
        const found = { audio: 0, video: 0, frames: 0 };
        for (const one of (await peer.getStats()).values()) {
            if (one.type !== "inbound-rtp") continue;
            found[one.kind] += one.packetsReceived ?? 0;
            if (one.kind === "video") found.frames += one.framesDecoded ?? 0;
        }
        return found;
    },
};
