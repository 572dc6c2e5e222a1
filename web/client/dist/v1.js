// Carillon's client library. MIT, see LICENSE; the sources are in web/client/src.
class Emitter extends EventTarget {
addEventListener(type, listener, options) {
super.addEventListener(type, listener, options);
}
emit(type, detail) {
this.dispatchEvent(new CustomEvent(type, { detail }));
}
}
class Timers {
#set = new Map();
after(name, delay, what) {
clearTimeout(this.#set.get(name));
this.#set.set(name, setTimeout(what, Math.min(delay, 2 ** 31 - 1)));
}
never(...names) {
for (const name of names)
clearTimeout(this.#set.get(name));
}
clear() {
this.never(...this.#set.keys());
}
}
const en = {
user_hangup: "The call has ended.",
declined: "The call was declined.",
busy: "Busy on another call.",
unavailable: "Cannot be reached right now.",
cancelled: "The caller gave up.",
invite_timeout: "Nobody answered.",
answered_elsewhere: "Answered on another device.",
declined_elsewhere: "Declined on another device.",
ice_failed: "No path was found between the two of you. A firewall may be in the way.",
media_error: "Sound or picture failed.",
incompatible: "The two devices have no sound or picture format in common.",
security: "The call could not be encrypted, so it was not made.",
replaced: "The call goes on elsewhere.",
gone: "The other side has gone.",
policy: "This call is not allowed.",
error: "Something went wrong. Please try again.",
no_relay: "No path was found: the relay server (TURN) did not answer. Another network may help.",
microphone_refused: "The browser may not use the microphone. Allow it in the address bar, then try again.",
no_microphone: "No microphone was found. Plug one in, then try again.",
camera_refused: "The browser may not use the camera. Allow it in the address bar, then try again.",
no_camera: "No camera was found.",
device_busy: "Another program is using the microphone or camera.",
insecure: "Browsers give microphone and camera only to pages served by https.",
screen_refused: "The screen was not shared.",
unauthorized: "This sign-in or link is not valid, or no longer.",
wrong_origin: "This page may not call here.",
rate_limited: "Too many calls in a short time. Please wait a moment.",
draining: "The service is about to restart. Please try again in a minute.",
offline: "The call service cannot be reached.",
elsewhere: "This sign-in is now open in another tab.",
ringing: "Ringing",
calling: "Calling",
incoming: "Incoming call",
connecting: "Connecting",
connected: "Connected",
reconnecting: "Connection lost, trying again",
held: "On hold",
ended: "Call ended",
call: "Call",
hangup: "Hang up",
mute: "Mute",
unmute: "Unmute",
};
const words = { en };
function say(word, lang = "en") {
const table = words[lang] ?? words[lang.split("-")[0]] ?? en;
return table[word] ?? table.error;
}
class CallError extends Error {
reason;
detail;
name = "CallError";
constructor(reason, lang, detail) {
super(say(reason, lang));
this.reason = reason;
this.detail = detail;
}
}
const KINDS = ["audio", "video"];
const NAMES = {
NotAllowedError: (kind) => (kind === "audio" ? "microphone_refused" : "camera_refused"),
SecurityError: (kind) => (kind === "audio" ? "microphone_refused" : "camera_refused"),
NotFoundError: (kind) => (kind === "audio" ? "no_microphone" : "no_camera"),
OverconstrainedError: (kind) => (kind === "audio" ? "no_microphone" : "no_camera"),
NotReadableError: () => "device_busy",
AbortError: () => "device_busy",
};
function refused(error, kind, lang) {
const { name, message } = error;
return new CallError((NAMES[name] ?? (() => "media_error"))(kind), lang, message);
}
async function ask(wanted, kind, lang) {
if (!navigator.mediaDevices)
throw new CallError("insecure", lang);
try {
return (await navigator.mediaDevices.getUserMedia(wanted)).getTracks();
}
catch (error) {
throw refused(error, kind, lang);
}
}
async function capture(media, lang) {
const given = KINDS.map((kind) => media[kind]).filter((one) => one instanceof MediaStreamTrack);
const wanted = {};
for (const kind of KINDS) {
const one = media[kind];
if (one && !(one instanceof MediaStreamTrack))
wanted[kind] = one;
}
if (!wanted.audio && !wanted.video)
return given;
try {
return [...given, ...(await ask(wanted, wanted.audio ? "audio" : "video", lang))];
}
catch (error) {
if (!wanted.audio || !wanted.video)
throw error;
return [...given, ...(await ask({ audio: wanted.audio }, "audio", lang))];
}
}
async function captureScreen(lang) {
try {
const [track] = (await navigator.mediaDevices.getDisplayMedia({ video: true })).getVideoTracks();
return track;
}
catch (error) {
throw new CallError("screen_refused", lang, String(error));
}
}
function selectedPath(stats) {
const all = [...stats.values()];
const pair = all.find((one) => one.type === "candidate-pair" && one.nominated && one.state === "succeeded");
const local = pair && all.find((one) => one.id === pair.localCandidateId);
const remote = pair && all.find((one) => one.id === pair.remoteCandidateId);
if (!local || !remote)
return undefined;
const rtt = pair.currentRoundTripTime;
return {
local: local.candidateType, remote: remote.candidateType,
...(rtt === undefined ? {} : { rtt_ms: Math.round(rtt * 1000) }),
};
}
class Players {
#elements = new Map();
#speaker;
add(element, side) {
this.#elements.set(element, side);
element.autoplay = true;
element.setAttribute("playsinline", "");
if (side === "local")
element.muted = true;
}
remove(element) {
if (this.#elements.delete(element))
element.srcObject = null;
}
play(streams) {
let heard = false;
for (const [element, side] of this.#elements) {
const stream = streams[side];
if (element.srcObject !== stream || element.readyState === 0)
element.srcObject = stream;
if (stream.getTracks().length > 0)
element.play().catch(() => { });
heard ||= side === "remote";
}
if (!heard && !this.#speaker) {
this.#speaker = new Audio();
this.#speaker.autoplay = true;
}
if (this.#speaker) {
this.#speaker.srcObject = heard ? null : streams.remote;
if (!heard)
this.#speaker.play().catch(() => { });
}
}
stop() {
for (const element of this.#elements.keys())
element.srcObject = null;
if (this.#speaker)
this.#speaker.srcObject = null;
}
}
class RequestError extends Error {
code;
data;
name = "RequestError";
constructor(code, message, data) {
super(message);
this.code = code;
this.data = data;
}
}
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;
const OPEN_WITHIN = 15_000;
const HELLO_WITHIN = 180_000;
const UNAUTHORIZED = 1001;
const CLOSED = { 4401: "unauthorized", 4403: "wrong_origin", 4409: "elsewhere" };
const GOAWAY = { replaced: "elsewhere", expired: "unauthorized", drain: "draining" };
class Session extends Emitter {
options;
state = "connecting";
hello;
reason = "";
#socket;
#waiting = new Map();
#ids = 0;
#lastSeq = 0;
#acked = 0;
#resumeToken;
#replayTo = 0;
#attempts = 0;
#retry;
#watch;
#opened;
#online = () => this.#connectSoon(0);
constructor(options) {
super();
this.options = options;
this.#resumeToken = options.resumeToken;
}
get resumeToken() {
return this.#resumeToken;
}
open() {
globalThis.addEventListener?.("online", this.#online);
return new Promise((resolve, reject) => {
this.#opened = { resolve, reject };
void this.#connect();
});
}
request(method, params) {
if (this.state === "closed")
return Promise.reject(new CallError(this.reason, this.options.lang));
return new Promise((resolve, reject) => {
const id = ++this.#ids;
const waiting = { frame: { jsonrpc: "2.0", id, method, params }, resolve, reject, sent: false };
this.#waiting.set(id, waiting);
if (this.state === "open" && this.#replayTo <= this.#lastSeq)
this.#send(waiting);
});
}
close(reason = "user_hangup") {
if (this.state === "closed")
return;
this.reason = reason;
clearTimeout(this.#retry);
clearTimeout(this.#watch);
globalThis.removeEventListener?.("online", this.#online);
const socket = this.#socket;
this.#socket = undefined;
socket?.close(1000);
const error = new CallError(reason, this.options.lang);
for (const { reject } of this.#waiting.values())
reject(error);
this.#waiting.clear();
this.#become("closed");
this.#opened?.reject(error);
this.#opened = undefined;
}
#become(state) {
if (this.state === state)
return;
this.state = state;
this.emit("state", state);
}
#send(waiting) {
waiting.sent = true;
this.#write(waiting.frame);
}
#write(frame) {
if (this.#socket?.readyState !== WebSocket.OPEN)
return;
const ack = this.#lastSeq > this.#acked ? { ack: this.#lastSeq } : {};
this.#acked = this.#lastSeq;
this.#socket.send(JSON.stringify({ ...frame, ...ack }));
}
async #connect() {
clearTimeout(this.#retry);
let auth;
try {
auth = this.#resumeToken ? { type: "resume", token: this.#resumeToken } : await this.options.auth();
}
catch (error) {
return this.#lost(0, error);
}
if (this.state === "closed" || this.#socket)
return;
const socket = new WebSocket(this.options.url, "carillon.v1");
this.#socket = socket;
this.#watchFor(OPEN_WITHIN);
socket.onopen = () => {
this.#watchFor(HELLO_WITHIN);
socket.send(JSON.stringify({ jsonrpc: "2.0", id: 0, method: "session.hello", params: this.#helloParams(auth) }));
};
socket.onmessage = ({ data }) => this.#socket === socket && this.#receive(JSON.parse(data));
socket.onclose = ({ code }) => this.#socket === socket && this.#lost(code);
}
#helloParams(auth) {
return {
auth,
...(auth.type === "resume" && this.#lastSeq > 0 ? { last_seq: this.#lastSeq } : {}),
client: this.options.client,
capabilities: ["audio", "video", "dtmf"],
};
}
#receive(frame) {
if (frame.id === 0)
return this.#greeted(frame);
if (frame.seq > 0 && frame.seq <= this.#lastSeq)
return;
this.#lastSeq = Math.max(this.#lastSeq, frame.seq);
this.#alive();
if (frame.method !== undefined) {
this.#happened(frame);
}
else if (frame.id != null) {
this.#answered(frame);
}
if (this.#replayTo > 0 && this.#lastSeq >= this.#replayTo)
this.#replayed();
}
#happened(event) {
if (event.method === "session.goaway")
return this.#goAway(event.params);
if (event.method === "session.token")
this.#resumeToken = event.params.resume_token;
this.emit("event", event);
}
#answered({ id, result, error }) {
const waiting = this.#waiting.get(id);
if (!waiting)
return;
this.#waiting.delete(id);
if (error)
waiting.reject(new RequestError(error.code, error.message, error.data));
else
waiting.resolve(result);
}
#greeted({ result, error }) {
if (error)
return this.#refused(error);
const hello = result;
this.hello = hello;
this.#resumeToken = hello.resume_token;
this.#attempts = 0;
if (!hello.resumed)
this.#lastSeq = this.#acked = hello.seq;
for (const waiting of this.#waiting.values())
waiting.sent = false;
this.#replayTo = hello.resumed ? hello.seq : 0;
this.#become("open");
this.emit("hello", hello);
if (this.#lastSeq >= this.#replayTo)
this.#replayed();
this.#opened?.resolve(hello);
this.#opened = undefined;
this.#alive();
}
#replayed() {
this.#replayTo = 0;
for (const waiting of [...this.#waiting.values()])
if (!waiting.sent)
this.#send(waiting);
}
#refused(error) {
if (this.#resumeToken && error.code === UNAUTHORIZED) {
this.#resumeToken = undefined;
this.#drop();
void this.#connect();
return;
}
if (error.code === UNAUTHORIZED)
return this.close("unauthorized");
const { reason } = asCallError(new RequestError(error.code, error.message, error.data));
this.#lost(0, new CallError(reason, this.options.lang, error.message));
}
#goAway({ reason, action, after_ms }) {
if (action === "stop")
return this.close(GOAWAY[reason] ?? "unavailable");
if (action === "reconnect")
this.#resumeToken = undefined;
this.#connectSoon(after_ms);
}
#connectSoon(after) {
clearTimeout(this.#retry);
this.#retry = setTimeout(() => {
if (this.state === "closed" || this.state === "connecting")
return;
this.#drop();
this.#become("reconnecting");
void this.#connect();
}, after);
}
#drop() {
const socket = this.#socket;
this.#socket = undefined;
clearTimeout(this.#watch);
socket?.close();
}
#lost(code, error) {
this.#drop();
const reason = CLOSED[code];
if (reason === "unauthorized" && this.#resumeToken) {
this.#resumeToken = undefined;
}
else if (reason) {
return this.close(reason);
}
if (this.state === "connecting" && !(reason && this.#attempts === 0)) {
return this.close(error instanceof CallError ? error.reason : "offline");
}
if (this.state !== "connecting")
this.#become("reconnecting");
const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
this.#retry = setTimeout(() => void this.#connect(), code === 4429 ? LONGEST_PAUSE : pause);
}
#alive() {
const interval = (this.hello?.ping_interval ?? 20) * 1000;
clearTimeout(this.#watch);
this.#watch = setTimeout(() => {
this.#write({ jsonrpc: "2.0", id: ++this.#ids, method: "ping", params: {} });
this.#watchFor(interval / 2);
}, interval);
}
#watchFor(patience) {
clearTimeout(this.#watch);
this.#watch = setTimeout(() => this.#lost(0), patience);
}
}
const CODES = {
1001: "unauthorized", 1002: "policy", 1004: "unavailable", 1005: "rate_limited", 1006: "incompatible", 1009: "draining",
};
function asCallError(error, lang) {
if (error instanceof CallError)
return error;
const reason = error instanceof RequestError ? CODES[error.code] : undefined;
return new CallError(reason ?? "error", lang, String(error?.message ?? error));
}
const BATCH = 50;
const MOST_CANDIDATES = 64;
const MOST_REFUSALS = 4;
const ANSWER_WITHIN = 6_000;
const fingerprintsOf = (sdp) => [...sdp.matchAll(/^a=fingerprint:(.*?)\s*$/gim)].map(([, one]) => one.toLowerCase());
function sameEnd(before, now) {
const known = fingerprintsOf(before);
return fingerprintsOf(now).some((one) => known.includes(one));
}
class Peer {
config;
polite;
hooks;
pc;
ready = false;
restarts = false;
fresh = false;
held = false;
sawRelay = false;
stream = new MediaStream();
#due = false;
#offered;
#ignoring = false;
#refusals = 0;
#offeredAt = 0;
#pending = [];
#found = [];
#batch;
#turn = Promise.resolve();
constructor(config, polite, hooks) {
this.config = config;
this.polite = polite;
this.hooks = hooks;
this.#open();
}
#open() {
const pc = new RTCPeerConnection(this.config);
this.pc = pc;
this.#pending = [];
this.#due = this.#ignoring = false;
this.#offered = undefined;
pc.onnegotiationneeded = () => {
if (!this.ready && !this.fresh)
return;
this.#due = true;
this.#offerSoon();
};
pc.onicecandidate = ({ candidate }) => this.#candidate(candidate);
pc.ontrack = ({ track }) => this.hooks.track(track);
pc.onconnectionstatechange = () => this.hooks.connection(pc.connectionState);
for (const track of this.stream.getTracks())
pc.addTrack(track, this.stream);
}
#renew() {
this.close();
this.hooks.renewed();
this.#open();
this.#direct();
}
get pending() {
return !!this.#offered || this.pc.signalingState !== "stable";
}
close() {
clearTimeout(this.#batch);
const { pc } = this;
pc.onnegotiationneeded = pc.onicecandidate = pc.ontrack = pc.onconnectionstatechange = null;
pc.close();
}
configure(iceServers) {
this.config = { ...this.config, iceServers };
this.pc.setConfiguration(this.config);
}
track(kind) {
return this.stream.getTracks().find((track) => track.kind === kind);
}
transceiver(kind) {
return this.pc.getTransceivers().find(({ receiver, direction, currentDirection }) => receiver.track.kind === kind
&& direction !== "stopped" && currentDirection !== "stopped");
}
async send(kind, track) {
const before = this.track(kind);
if (before)
this.stream.removeTrack(before);
if (track)
this.stream.addTrack(track);
if (this.#refusals >= MOST_REFUSALS)
this.#due = true;
this.#refusals = 0;
const there = this.transceiver(kind);
if (there) {
await there.sender.replaceTrack(track);
there.sender.setStreams?.(this.stream);
this.#direct();
}
else if (track) {
this.pc.addTrack(track, this.stream);
}
this.#offerSoon();
return before;
}
hold(held) {
this.held = held;
this.#direct();
}
#direct() {
for (const kind of KINDS) {
const there = this.transceiver(kind);
if (!there)
continue;
const sends = this.track(kind) !== undefined;
const direction = this.held ? (sends ? "sendonly" : "inactive") : sends ? "sendrecv" : "recvonly";
if (there.direction !== direction)
there.direction = direction;
}
}
async offer() {
await this.pc.setLocalDescription();
return this.pc.localDescription;
}
async answer(offer) {
return this.#do(() => this.#answer(offer));
}
restart(lost = false) {
this.#change(async () => {
if (this.#offered && (lost || Date.now() - this.#offeredAt > ANSWER_WITHIN)) {
this.#offered = undefined;
await this.hooks.describe({ type: "rollback" }).catch(() => { });
}
this.pc.restartIce();
});
}
receive(step) {
this.#change(() => ("description" in step ? this.#described(step.description) : this.#add(step.candidates)));
}
#do(what) {
const done = this.#turn.then(what);
this.#turn = done.catch(() => { });
return done;
}
#change(what) {
this.#do(async () => {
if (this.pc.signalingState !== "closed")
await what();
}).catch((error) => {
if (this.pc.signalingState === "closed")
return;
if (this.pc.currentRemoteDescription)
this.hooks.refused(error);
else
this.hooks.failed(error);
});
}
#offerSoon() {
this.#change(async () => {
if (this.#due && (this.ready || this.fresh) && !this.pending)
await this.#negotiate();
});
}
async #negotiate() {
this.#due = false;
const offer = await this.pc.createOffer();
this.#offeredAt = Date.now();
try {
await this.hooks.describe(offer);
this.#offered = offer;
}
catch (error) {
this.#dropped(error);
}
}
#dropped(error) {
this.fresh = this.ready = false;
this.#due = ++this.#refusals < MOST_REFUSALS;
if (!this.#due && this.pc.signalingState !== "closed")
this.hooks.refused(error);
setTimeout(() => {
this.ready = true;
this.#offerSoon();
}, 200 + Math.random() * 1800);
}
async #described(description) {
if (description.type === "rollback") {
if (this.#offered)
this.#dropped(new Error("the offer was taken back"));
this.#offered = undefined;
return;
}
const before = this.pc.currentRemoteDescription?.sdp;
const fresh = before !== undefined && !sameEnd(before, description.sdp);
if (description.type === "answer")
return this.#answered(description, fresh);
if (fresh)
this.#renew();
this.#ignoring = this.pending && (!this.polite || this.fresh);
if (!this.#ignoring)
await this.hooks.describe(await this.#answer(description));
}
async #answer(offer) {
this.#offered = undefined;
await this.#take(offer);
this.#direct();
this.#due = false;
await this.pc.setLocalDescription();
this.ready = true;
this.fresh = false;
return this.pc.localDescription;
}
async #answered(description, fresh) {
if (!this.pending)
return;
if (this.#offered)
await this.pc.setLocalDescription(this.#offered);
this.#offered = undefined;
this.fresh = false;
this.ready = true;
this.#refusals = 0;
if (!fresh) {
await this.#take(description);
if (this.restarts)
this.pc.restartIce();
this.restarts = false;
return;
}
this.#renew();
if (this.stream.getTracks().length === 0)
this.pc.addTransceiver("audio", { direction: "recvonly" });
}
async #take(description) {
await this.pc.setRemoteDescription(description);
const pending = this.#pending;
this.#pending = [];
await this.#add(pending);
}
async #add(candidates) {
if (!this.pc.remoteDescription) {
this.#pending.push(...candidates);
return;
}
for (const candidate of candidates) {
try {
await this.pc.addIceCandidate(candidate);
}
catch (error) {
if (!this.#ignoring && candidate.candidate)
console.debug("carillon: candidate left out", error);
}
}
}
#candidate(candidate) {
if (candidate?.candidate === "")
return;
if (candidate?.candidate.includes(" typ relay"))
this.sawRelay = true;
this.#found.push(candidate?.toJSON() ?? { candidate: "" });
this.#batch ??= setTimeout(() => {
this.#batch = undefined;
while (this.#found.length > 0)
this.hooks.candidates(this.#found.splice(0, MOST_CANDIDATES));
}, BATCH);
}
}
class Sending {
peer;
lang;
held = false;
sharing = false;
#own = new Set();
#muted = new Set();
#camera;
constructor(peer, lang) {
this.peer = peer;
this.lang = lang;
}
get muted() {
return [...this.#muted];
}
mute(muted, kind) {
if (muted)
this.#muted.add(kind);
else
this.#muted.delete(kind);
}
async capture(media) {
const tracks = await capture(media, this.lang);
for (const track of tracks)
if (!Object.values(media).includes(track))
this.#own.add(track);
return tracks;
}
async replace(kind, track, keep) {
const before = await this.peer().send(kind, track);
if (before && before !== track && before !== keep && this.#own.delete(before))
before.stop();
}
async removeVideo() {
this.sharing = false;
this.#camera = undefined;
await this.replace("video", null);
}
async shareScreen(ended) {
const track = await captureScreen(this.lang);
this.#own.add(track);
const camera = this.sharing ? this.#camera : this.peer().track("video");
track.onended = ended;
this.sharing = true;
await this.replace("video", track, camera);
this.#camera = camera;
}
async stopScreen() {
const camera = this.#camera;
this.sharing = false;
this.#camera = undefined;
await this.replace("video", camera?.readyState === "live" ? camera : null);
}
enable() {
for (const kind of KINDS) {
const track = this.peer().track(kind);
if (track)
track.enabled = !this.held && !this.#muted.has(kind);
}
}
stop() {
for (const track of this.#own)
track.stop();
}
}
const RING = 60_000;
const RING_GRACE = 5_000;
const CONNECT_WITHIN = 45_000;
const LOST_FOR = 75_000;
const RESTART_AFTER = { caller: 2_000, callee: 4_000 };
const RESTART_EVERY = 8_000;
const STATS_EVERY = 10_000;
const WRONG_STATE = 1007;
const REASONS = new Set(["user_hangup", "invite_timeout", "ice_failed", "media_error", "incompatible", "error"]);
class Call extends Emitter {
line;
id;
direction;
address;
name;
media;
state;
reason = "";
remoteHeld = false;
remoteMuted = [];
restored = false;
connectedAt = 0;
remoteStream = new MediaStream();
placed = false;
#peer;
#offer;
#early = [];
#sending;
#players = new Players();
#timers = new Timers();
#rang = false;
#untold = false;
constructor(line, id, direction, address, name, media, offer) {
super();
this.line = line;
this.id = id;
this.direction = direction;
this.address = address;
this.name = name;
this.media = media;
this.#offer = offer;
this.#sending = new Sending(() => this.#connection(), line.lang);
this.state = direction === "incoming" ? "ringing" : "connecting";
}
get text() {
const row = this.state === "ended" ? this.reason
: this.state === "connecting" && this.direction === "outgoing" && !this.#rang ? "calling"
: this.state === "connected" && (this.held || this.remoteHeld) ? "held" : this.state;
return say(row, this.line.lang);
}
get localStream() {
return this.#peer?.stream;
}
get held() {
return this.#sending.held;
}
get sharing() {
return this.#sending.sharing;
}
isMuted(kind = "audio") {
return this.#sending.muted.includes(kind);
}
isSending(kind) {
return this.#peer?.track(kind) !== undefined;
}
isReceiving(kind) {
const there = this.#peer?.transceiver(kind);
return !!there?.currentDirection?.includes("recv") && !there.receiver.track.muted;
}
getStats() {
return this.#connection().pc.getStats();
}
attach(element, which = "remote") {
this.#players.add(element, which);
this.#play();
}
detach(element) {
this.#players.remove(element);
this.#play();
}
async accept(media = { audio: true }) {
if (this.direction !== "incoming" || this.state !== "ringing" || this.#peer)
return;
const tracks = await this.#capture(media);
const peer = this.#open(tracks);
this.#become("connecting");
this.#timers.after("connect", CONNECT_WITHIN, () => this.#fail("ice_failed"));
try {
const answered = this.#offer && peer.answer(this.#offer);
for (const step of this.#early.splice(0))
peer.receive(step);
const answer = await answered;
await this.#ask("call.accept", answer ? { answer: { type: "answer", sdp: answer.sdp } } : {});
this.#tellNow();
}
catch (error) {
const lost = error.code === WRONG_STATE;
this.#fail(lost ? "cancelled" : asCallError(error).reason, !lost);
}
}
reject(reason = "declined") {
if (this.state !== "ringing" || this.direction !== "incoming")
return this.hangup();
this.#tell("call.reject", { reason });
this.finish(reason);
}
hangup() {
if (this.state === "ended")
return;
if (this.state === "ringing" && this.direction === "incoming")
return this.reject();
this.#fail("user_hangup");
}
hold(held = true) {
if (this.held === held || !this.#peer)
return;
this.#sending.held = held;
this.#inform({ hold: held });
this.#peer.hold(held);
this.#changed();
}
mute(muted = true, kind = "audio") {
if (this.isMuted(kind) === muted)
return;
this.#sending.mute(muted, kind);
this.#inform({ mute: this.#sending.muted });
this.#changed();
}
async addVideo(video = true) {
const [track] = await this.#capture({ video });
await this.#change(() => this.#sending.replace("video", track));
}
async removeVideo() {
await this.#change(() => this.#sending.removeVideo());
}
async shareScreen() {
await this.#change(() => this.#sending.shareScreen(() => void this.stopScreen()));
}
async stopScreen() {
if (this.sharing)
await this.#change(() => this.#sending.stopScreen());
}
async replaceTrack(track) {
await this.#change(() => this.#sending.replace(track.kind, track));
}
async useDevice(kind, deviceId) {
const wanted = { [kind]: { deviceId: { exact: deviceId } } };
const [track] = await this.#capture(wanted).catch((error) => {
if (error.reason !== "device_busy")
throw error;
this.#peer?.track(kind)?.stop();
return this.#capture(wanted);
});
await this.#change(() => this.#sending.replace(kind, track));
}
sendDTMF(digits) {
const dtmf = this.#connection().transceiver("audio")?.sender.dtmf;
const pressed = digits.toUpperCase().replace(/[^0-9A-D*#,]/g, "");
if (!pressed)
return;
if (!dtmf?.canInsertDTMF)
throw new CallError("incompatible", this.line.lang, "no telephone-event");
dtmf.insertDTMF(dtmf.toneBuffer + pressed, 120);
}
async dial(media) {
try {
const peer = this.#open(await this.#capture(media));
if (media.video && !peer.track("video"))
this.media.splice(0, 2, "audio");
const offer = await peer.offer();
await this.#ask("call.invite", {
...(this.address ? { to: this.address } : {}),
media: this.media, lifetime: RING, offer: { type: "offer", sdp: offer.sdp },
});
this.placed = true;
this.#timers.after("ring", RING + RING_GRACE, () => this.#fail("invite_timeout"));
}
catch (error) {
const refused = asCallError(error, this.line.lang);
this.finish(refused.reason);
throw refused;
}
}
ring(lifetime) {
this.#tell("call.ringing", {});
this.#timers.after("ring", lifetime + RING_GRACE, () => this.finish("cancelled"));
}
restore({ media, state }) {
this.restored = this.placed = true;
this.#rang = true;
if (state === "ringing") {
this.#become("ringing");
return this.#timers.after("ring", RING + RING_GRACE, () => this.#fail("invite_timeout"));
}
this.#become("reconnecting");
this.#lost();
void this.#offerAnew(media);
}
async #offerAnew(media) {
try {
const tracks = await this.#capture({ audio: media.includes("audio"), video: media.includes("video") });
const peer = this.#open(tracks, true);
for (const step of this.#early.splice(0))
peer.receive(step);
}
catch (error) {
this.#fail(asCallError(error).reason);
}
}
refresh(lost = false) {
if (this.state === "ended" || !this.#peer)
return;
if (this.#peer.ready || this.#peer.fresh)
this.#peer.restart(lost);
else if (lost)
this.#peer.restarts = true;
}
tellAgain(taken) {
this.#untold = true;
if (taken)
this.#tellNow();
}
#inform(info) {
this.#untold = false;
this.line.session.request("call.info", { call_id: this.id, party_id: this.line.partyId, ...info })
.catch((error) => {
console.debug(`carillon: call.info: ${error.message}`);
this.#untold = true;
});
}
invitedAgain() {
const answer = this.#peer?.pc.localDescription?.sdp;
if (this.state === "ringing" || !this.#peer || (this.#offer && !answer))
return;
this.#tell("call.accept", this.#offer ? { answer: { type: "answer", sdp: answer } } : {});
this.tellAgain(!!this.#offer);
}
get settled() {
return this.#peer?.pc.connectionState === "connected" && !this.#peer.pending;
}
configure(servers) {
this.#peer?.configure(servers);
}
rings() {
if (this.direction !== "outgoing" || this.state !== "connecting" || this.#rang)
return;
this.#rang = true;
this.#become("ringing");
}
taken() {
if (this.#peer)
return;
this.#timers.never("ring");
this.#become("connecting");
this.#timers.after("connect", CONNECT_WITHIN, () => this.#fail("ice_failed"));
void this.#offerAnew(this.media);
}
describe(description) {
this.#timers.never("ring");
if (this.direction === "outgoing" && (this.state === "ringing" || !this.#rang)) {
this.#rang = true;
this.#become("connecting");
this.#timers.after("connect", CONNECT_WITHIN, () => this.#fail("ice_failed"));
}
this.#receive({ description });
this.#tellNow();
}
candidates(candidates) {
this.#receive({ candidates });
}
inform({ hold, mute, dtmf }) {
if (hold !== undefined)
this.remoteHeld = hold;
if (mute !== undefined)
this.remoteMuted = mute;
if (hold !== undefined || mute !== undefined)
this.emit("change", undefined);
if (dtmf !== undefined)
this.emit("dtmf", dtmf);
}
finish(reason) {
if (this.state === "ended")
return;
this.reason = reason;
this.#timers.clear();
this.#peer?.close();
this.#sending.stop();
this.#players.stop();
this.line.over(this);
this.#become("ended");
}
#become(state) {
if (this.state === state)
return;
this.state = state;
this.emit("state", state);
}
#fail(reason, tell = true) {
if (this.state === "ended")
return;
const relayWanted = JSON.stringify(this.#peer?.config.iceServers ?? []).includes("turn");
const shown = reason === "ice_failed" && relayWanted && !this.#peer.sawRelay ? "no_relay" : reason;
if (tell)
this.#tell("call.hangup", { reason: REASONS.has(reason) ? reason : "media_error" });
this.finish(shown);
}
#ask(method, params) {
return this.line.session.request(method, { call_id: this.id, party_id: this.line.partyId, ...params });
}
#tell(method, params) {
this.line.session.request(method, { call_id: this.id, party_id: this.line.partyId, ...params })
.catch((error) => console.debug(`carillon: ${method}: ${error.message}`));
}
#connection() {
if (!this.#peer)
throw new CallError("gone", this.line.lang);
return this.#peer;
}
async #capture(media) {
const tracks = await this.#sending.capture(media);
if (this.state !== "ended")
return tracks;
this.#sending.stop();
throw new CallError(this.reason, this.line.lang);
}
async #change(what) {
await what();
this.#play();
this.#changed();
}
#changed() {
if (this.#peer)
this.#sending.enable();
this.emit("change", undefined);
}
#open(tracks, fresh = false) {
this.#timers.never("ring");
const peer = new Peer(this.line.configuration(), this.direction === "incoming", {
describe: (description) => this.#describe(description),
candidates: (candidates) => this.#tell("call.candidates", { candidates }),
track: (track) => this.#hears(track),
connection: (state) => this.#connected(state),
renewed: () => this.#renewed(),
refused: (error) => this.emit("refused", asCallError(error, this.line.lang)),
failed: (error) => {
console.debug("carillon: the first offer and answer do not fit", error);
this.#fail("incompatible");
},
});
peer.fresh = fresh;
for (const track of tracks) {
peer.stream.addTrack(track);
peer.pc.addTrack(track, peer.stream);
}
this.#peer = peer;
this.#sending.enable();
this.#play();
return peer;
}
async #describe({ type, sdp }) {
await this.#ask("call.negotiate", { description: { type, sdp } });
if (type === "answer")
this.#tellNow();
}
#tellNow() {
if (this.#untold)
this.#inform({ hold: this.held, mute: this.#sending.muted });
}
#receive(step) {
if (this.#peer)
this.#peer.receive(step);
else
this.#early.push(step);
}
#hears(track) {
this.remoteStream.addTrack(track);
track.onmute = track.onunmute = track.onended = () => this.emit("change", undefined);
this.#play();
this.emit("change", undefined);
}
#renewed() {
for (const track of this.remoteStream.getTracks())
this.remoteStream.removeTrack(track);
this.emit("change", undefined);
}
#play() {
if (this.state === "ended" || !this.#peer)
return;
this.#players.play({ remote: this.remoteStream, local: this.#peer.stream });
}
#connected(state) {
if (state === "connected") {
this.#timers.never("connect", "lost", "restart");
this.connectedAt ||= Date.now();
this.#become("connected");
if (this.line.stats)
this.#report();
}
else if ((state === "failed" || state === "disconnected") && this.connectedAt + Number(this.restored) > 0) {
this.#become("reconnecting");
this.#lost();
}
else if (state === "failed") {
this.#fail("ice_failed");
}
}
#lost() {
this.#timers.never("connect");
this.#timers.after("lost", LOST_FOR, () => this.#fail("ice_failed"));
const again = () => {
if (this.line.session.state === "open")
this.refresh();
this.#timers.after("restart", RESTART_EVERY, again);
};
this.#timers.after("restart", RESTART_AFTER[this.direction === "outgoing" ? "caller" : "callee"], again);
}
#report() {
this.#timers.after("stats", STATS_EVERY, async () => {
const found = await selectedPath(await this.getStats());
if (found)
this.#tell("call.stats", found);
this.#report();
});
}
}
function keyOf(url, { token, jid }) {
let hash = 0;
for (const char of `${jid ?? ""} ${typeof token === "string" ? token : ""}`)
hash = (hash * 31 + char.charCodeAt(0)) | 0;
return `carillon ${url} ${hash}`;
}
function keepToken(url, whose, token) {
try {
if (token)
sessionStorage.setItem(keyOf(url, whose), token);
}
catch {
}
}
function takeToken(url, whose) {
try {
const key = keyOf(url, whose);
const token = sessionStorage.getItem(key) ?? undefined;
sessionStorage.removeItem(key);
return token;
}
catch {
return undefined;
}
}
const VERSION = "1.0.0";
const GUEST_TOKEN = /^[^.]+$/;
class Phone extends Emitter {
options;
calls = new Map();
partyId = randomId();
session;
#iceServers = [];
#watched = new Set();
#timers = new Timers();
#mayRestore = true;
#leave = () => this.#left();
#networkChanged = () => this.#refresh();
constructor(options, url) {
super();
this.options = options;
this.session = new Session({
url, auth: () => this.#auth(), resumeToken: options.reload === false ? undefined : takeToken(url, options),
client: { name: "carillon-client", version: VERSION }, lang: options.lang,
});
this.session.addEventListener("hello", ({ detail }) => this.#greeted(detail));
this.session.addEventListener("event", ({ detail }) => this.#happened(detail));
this.session.addEventListener("state", ({ detail }) => this.#became(detail));
globalThis.addEventListener("pagehide", this.#leave);
globalThis.addEventListener("online", this.#networkChanged);
navigator.connection?.addEventListener?.("change", this.#networkChanged);
}
get state() {
return this.session.state;
}
get reason() {
return this.session.reason;
}
get lang() {
return this.options.lang ?? "en";
}
get stats() {
return !!this.options.stats && !!this.session.hello?.features.includes("stats");
}
get jid() {
return this.session.hello?.jid ?? "";
}
get displayName() {
return this.session.hello?.display_name ?? "";
}
get callee() {
return this.session.hello?.callee?.display_name;
}
async call(to, media = { audio: true }, options = {}) {
options.signal?.throwIfAborted();
const kinds = ["audio", "video"].filter((kind) => media[kind]);
const call = new Call(this, randomId(), "outgoing", to ?? "", to ?? this.callee ?? "", kinds);
this.calls.set(call.id, call);
options.signal?.addEventListener("abort", () => call.hangup(), { once: true });
await call.dial(media);
return call;
}
presence(jid) {
return this.session.request("presence.get", { jid });
}
watch(jid) {
this.#watched.add(jid);
return this.session.request("presence.watch", { jid });
}
async unwatch(jid) {
if (this.#watched.delete(jid))
await this.session.request("presence.unwatch", { jid });
}
async close() {
for (const call of [...this.calls.values()])
call.hangup();
if (this.state === "open")
await Promise.race([this.session.request("session.bye", {}), pause(2_000)]).catch(() => { });
this.session.close();
}
configuration() {
return { ...this.options.rtc, iceServers: [...(this.options.rtc?.iceServers ?? []), ...this.#iceServers] };
}
over(call) {
this.calls.delete(call.id);
}
async #auth() {
const { token, jid = "", name, confirm } = this.options;
if (token === undefined) {
const code = randomId().slice(0, 6).toUpperCase();
confirm?.(code);
return { type: "xmpp", jid, ...(confirm ? { code } : {}) };
}
const text = typeof token === "function" ? await token() : token;
return GUEST_TOKEN.test(text) ? { type: "guest", token: text, ...(name ? { name } : {}) } : { type: "jwt", token: text };
}
#greeted(hello) {
this.#useServers(hello.ice_servers, hello.ice_expires);
this.#refreshToken(hello.expires);
if (hello.resumed && !this.#mayRestore)
return;
for (const live of hello.calls)
if (!this.calls.has(live.call_id))
this.#restore(live);
const there = new Map(hello.calls.map((live) => [live.call_id, live]));
for (const call of [...this.calls.values()]) {
const live = there.get(call.id);
if (!live && !hello.resumed && (call.direction === "incoming" || call.placed))
call.finish("gone");
call.tellAgain(live?.state === "active");
if (live?.state !== "active")
continue;
if (!this.#mayRestore && !call.settled)
call.refresh(true);
}
this.#mayRestore = false;
for (const jid of this.#watched)
void this.#watchAgain(jid);
}
async #watchAgain(jid) {
const presence = await this.session.request("presence.watch", { jid }).catch(() => undefined);
if (presence)
this.emit("presence", { jid, ...presence });
}
#restore(live) {
const call = new Call(this, live.call_id, live.direction, live.address, live.display_name ?? live.address, live.media);
this.calls.set(call.id, call);
if (live.state === "ringing" && live.direction === "incoming")
return this.#rings(call, 60_000);
call.restore(live);
this.emit("restored", call);
}
#rings(call, lifetime) {
call.ring(lifetime);
this.emit("call", call);
}
#happened(event) {
switch (event.method) {
case "session.ice": return this.#useServers(event.params.ice_servers, event.params.ice_expires);
case "presence.changed": return this.emit("presence", event.params);
case "call.invite": {
const { call_id, from, display_name, media, lifetime, offer } = event.params;
if (this.calls.has(call_id))
return this.calls.get(call_id).invitedAgain();
const call = new Call(this, call_id, "incoming", from, display_name || from, media, offer);
this.calls.set(call_id, call);
return this.#rings(call, lifetime);
}
case "session.token":
case "session.goaway": return;
default: return this.#happenedTo(this.calls.get(event.params.call_id), event);
}
}
#happenedTo(call, event) {
if (!call)
return;
switch (event.method) {
case "call.ringing": return call.rings();
case "call.accept": return call.taken();
case "call.answer": return call.describe(event.params.answer);
case "call.negotiate": return call.describe(event.params.description);
case "call.candidates": return call.candidates(event.params.candidates);
case "call.info": return call.inform(event.params);
case "call.select_answer":
if (event.params.selected_party_id !== this.partyId)
call.finish("answered_elsewhere");
return;
case "call.reject":
case "call.hangup": return call.finish(event.params.reason);
default: return;
}
}
#became(state) {
if (state === "closed") {
this.#timers.clear();
for (const call of [...this.calls.values()])
call.finish(call.connectedAt ? "gone" : this.reason);
globalThis.removeEventListener("pagehide", this.#leave);
globalThis.removeEventListener("online", this.#networkChanged);
navigator.connection?.removeEventListener?.("change", this.#networkChanged);
}
this.emit("state", state);
}
#refresh() {
for (const call of this.calls.values())
call.refresh();
}
#useServers(servers, expires) {
this.#iceServers = servers;
const { iceServers = [] } = this.configuration();
for (const call of this.calls.values())
call.configure(iceServers);
if (expires > 0)
this.#timers.after("ice", expires * 800, () => void this.#askServers());
}
async #askServers() {
const ice = await this.session.request("session.ice", {}).catch(() => undefined);
if (ice)
this.#useServers(ice.ice_servers, ice.ice_expires);
}
#refreshToken(expires) {
const { token } = this.options;
if (expires === undefined || typeof token !== "function")
return;
this.#timers.after("token", Math.max(expires - 60, expires / 2) * 1000, async () => {
try {
const refreshed = await this.session.request("session.refresh", { token: await token() });
this.#refreshToken(refreshed.expires);
}
catch (error) {
console.debug("carillon: no new token", error);
this.#refreshToken(20);
}
});
}
#left() {
if (this.options.reload !== false)
return keepToken(this.session.options.url, this.options, this.session.resumeToken);
for (const call of [...this.calls.values()])
call.hangup();
void this.session.request("session.bye", {}).catch(() => { });
}
}
const pause = (delay) => new Promise((_, reject) => setTimeout(reject, delay));
function randomId() {
return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
function besideThisFile() {
return new URL("../ws", import.meta.url).href;
}
async function connect(options) {
const url = new URL(options.url ?? besideThisFile(), globalThis.location?.href);
url.protocol = url.protocol.replace("http", "ws");
const phone = new Phone(options, url.href);
await phone.session.open();
return phone;
}
export { connect };
export { Call };
export { selectedPath };
export { Phone, VERSION };
export { CallError, say, words };
