// A real XMPP client in a page: stanza, logged in over the server's WebSocket; it knows plain Jingle and no JMI.
// Takes and returns what empty.js does, so that tests need not know who is who.
import { createClient } from "/test/stanza.js";

let client, session, stream, accepting, ringing = false;
let ended = "", told = {};

const capture = (media) => navigator.mediaDevices.getUserMedia(media);

function follow(next) {
    session = next;
    ended = "";
    told = {};
    return session;
}

async function answer(media) {
    stream = await capture(media);
    for (const track of stream.getTracks()) await session.addTrack(track, stream);
    await session.accept();
}

window.t = {
    /** Presence to the component says that this device takes calls. */
    signIn({ token: { jid, password, websocket, component }, accept }) {
        accepting = accept;
        client = createClient({ jid, password, transports: { websocket, bosh: false }, autoReconnect: true, allowResumption: false });
        client.on("session:started", () => {
            client.updateCaps();
            client.sendPresence({ legacyCapabilities: client.disco.getCaps() });
            client.sendPresence({ to: component, legacyCapabilities: client.disco.getCaps() });
        });
        client.on("jingle:incoming", (incoming) => {
            follow(incoming);
            ringing = true;
            if (accepting) answer(accepting);
            else session.ring();
        });
        client.on("jingle:terminated", (_, reason) => (ended = reason?.condition ?? "success"));
        client.on("jingle:hold", () => (told.held = true));
        client.on("jingle:resumed", () => (told.held = false));
        client.on("jingle:mute", () => (told.muted = true));
        client.on("jingle:unmute", () => (told.muted = false));
        client.on("message", ({ from, body, thread }) => body && (told.message = { from, body, thread }));
        const online = new Promise((resolve) => client.on("session:started", () => resolve({ jid: client.jid })));
        const refused = new Promise((resolve) => client.on("auth:failed", () => resolve({ refused: "auth", message: "login refused" })));
        client.connect();
        return Promise.race([online, refused]);
    },
    async dial({ to, media }) {
        stream = await capture(media);
        follow(client.jingle.createMediaSession(`${to}/call`, undefined, stream));
        await session.start();
        return {};
    },
    async act({ method, args: [argument] = [] }) {
        if (method === "accept") await answer(argument);
        if (method === "say") client.sendMessage(argument);
        if (method === "hangup") session.end("success");
        if (method === "reject") session.end("decline");
        return {};
    },
    state: () => ({
        ...told, ended, sid: session?.sid,
        state: ended ? "ended" : !session ? "none" : session.pc.connectionState === "connected" ? "connected"
            : ringing && session.state === "pending" ? "ringing" : "connecting",
    }),
    async counted() {
        const found = { audio: 0, video: 0, frames: 0 };
        for (const one of (await session.pc.getStats()).values()) {
            if (one.type !== "inbound-rtp") continue;
            found[one.kind] += one.packetsReceived ?? 0;
            if (one.kind === "video") found.frames += one.framesDecoded ?? 0;
        }
        return found;
    },
};
