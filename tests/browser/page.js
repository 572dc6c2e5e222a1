// What runs inside the browser. What window gets takes and returns plain values, so that any driver can call it.

const peers = new Map();
let certificate;

/** One certificate for all connections: making one takes longer than all the rest. */
async function connection() {
    certificate ??= await RTCPeerConnection.generateCertificate({ name: 'ECDSA', namedCurve: 'P-256' });
    return new RTCPeerConnection({ certificates: [certificate] });
}

/** Runs named steps in turn: what the last one returned, or which one the browser refused and why. */
async function inSteps(steps) {
    const pc = await connection();
    let at = '';
    try {
        let made;
        for (const [name, step] of steps) {
            at = name;
            made = await step(pc, made);
        }
        return { accepted: true, ...made };
    } catch (error) {
        return { accepted: false, error: `${at}: ${error.name}: ${error.message}` };
    } finally {
        pc.close();
    }
}

const sorted = (list, key) => [...(list ?? [])].sort((a, b) => (key(a) < key(b) ? -1 : 1));

/** What the connection has understood: all that does not change from run to run. */
function understood(pc) {
    const parameters = (side) => ({
        codecs: side.codecs,
        extensions: sorted(side.headerExtensions, (extension) => extension.id),
        rids: side.encodings?.map((encoding) => encoding.rid),
    });
    return {
        transceivers: pc.getTransceivers().map((t) => ({
            mid: t.mid,
            direction: t.direction,
            current: t.currentDirection,
            sender: parameters(t.sender.getParameters()),
            receiver: t.receiver.getParameters ? parameters(t.receiver.getParameters()) : null,
        })),
        sctp: pc.sctp ? { maxMessageSize: pc.sctp.maxMessageSize } : null,
        trickle: pc.canTrickleIceCandidates,
    };
}

/** Has the browser answer an offer of somebody else's. */
const takeOffer = ({ sdp }) => inSteps([
    ['setRemoteDescription', (pc) => pc.setRemoteDescription({ type: 'offer', sdp })],
    ['createAnswer', (pc) => pc.createAnswer()],
    ['setLocalDescription', async (pc, answer) => {
        await pc.setLocalDescription(answer);
        return { answer: answer.sdp, understood: understood(pc) };
    }],
]);

/** Adds what `shape` lists, in its order: [{kind, rids}]. A data channel would go last if nothing pinned its place. */
async function addShape(pc, shape) {
    for (const [index, { kind, rids }] of shape.entries()) {
        if (kind === 'application') {
            pc.createDataChannel('data');
            if (index + 1 < shape.length) await pc.setLocalDescription();
        } else {
            pc.addTransceiver(kind, rids.length > 0 ? { sendEncodings: rids.map((rid) => ({ rid })) } : {});
        }
    }
}

/** Without the header extensions that the own offer did not have there: an answer to it would not have them. */
function withoutForeignExtensions(answer, offer) {
    const parts = (sdp) => sdp.split(/^(?=m=)/m);
    const extensions = (part) => new Set([...part.matchAll(/^a=extmap:\S+ (\S+)/gm)].map(([, uri]) => uri));
    const offered = parts(offer).map(extensions);
    const keepOffered = (part, at) => part.replace(
        /^a=extmap:\S+ (\S+).*\r?\n/gm, (line, uri) => (offered[at]?.has(uri) ? line : ''));
    return parts(answer).map(keepOffered).join('');
}

const takenAnswer = (answer, trim) => ['setRemoteDescription', async (pc) => {
    const sdp = trim ? withoutForeignExtensions(answer, pc.localDescription.sdp) : answer;
    await pc.setRemoteDescription({ type: 'answer', sdp });
    return { understood: understood(pc) };
}];

/** Has the browser offer m-lines of the same kinds as `shape`, then take `answer` for it. */
const takeAnswer = ({ shape, answer }) => inSteps([
    ['own offer', async (pc) => {
        await addShape(pc, shape);
        await pc.setLocalDescription();
    }],
    takenAnswer(answer),
]);

/** Has the browser take over the m-lines, mids and payload types of `offer`, offer them itself, then take `answer`. */
const takeAnswerReflected = ({ offer, answer, trim }) => inSteps([
    ['other offer', (pc) => pc.setRemoteDescription({ type: 'offer', sdp: offer })],
    ['own answer', (pc) => pc.setLocalDescription()],
    ['own offer', async (pc) => {
        pc.restartIce();
        for (const transceiver of pc.getTransceivers()) {
            if (transceiver.currentDirection !== 'stopped') transceiver.direction = 'sendrecv';
        }
        await pc.setLocalDescription();
    }],
    takenAnswer(answer, trim),
]);

/** One side of a call: what it would send, what it heard. */
class Peer {
    constructor(pc) {
        this.pc = pc;
        this.candidates = [];
        this.messages = [];
        this.tracks = [];
        pc.onicecandidate = ({ candidate }) => this.candidates.push(candidate ? candidate.toJSON() : null);
        pc.ondatachannel = ({ channel }) => this.use(channel);
    }

    use(channel) {
        this.channel = channel;
        channel.onmessage = ({ data }) => this.messages.push(data);
    }

    async addTracks(kinds) {
        if (kinds.length === 0) return;
        const small = { width: 160, height: 120, frameRate: 15 };
        const stream = await navigator.mediaDevices.getUserMedia({
            audio: kinds.includes('audio'),
            video: kinds.includes('video') && small,
        });
        this.tracks = stream.getTracks();
        for (const track of this.tracks) this.pc.addTrack(track, stream);
    }

    /** The description that was set, at once or with all its candidates. */
    async described(gathered) {
        await this.pc.setLocalDescription();
        while (gathered && this.pc.iceGatheringState !== 'complete') await new Promise((done) => setTimeout(done, 10));
        return this.pc.localDescription.sdp;
    }
}

async function offerCall({ name, kinds, gathered }) {
    const peer = new Peer(await connection());
    peers.set(name, peer);
    await peer.addTracks(kinds.filter((kind) => kind !== 'data'));
    if (kinds.includes('data')) peer.use(peer.pc.createDataChannel('chat', { maxRetransmits: 3, protocol: 'echo' }));
    return peer.described(gathered);
}

async function answerCall({ name, kinds, gathered, sdp }) {
    const peer = new Peer(await connection());
    peers.set(name, peer);
    await peer.pc.setRemoteDescription({ type: 'offer', sdp });
    await peer.addTracks(kinds.filter((kind) => kind !== 'data'));
    return peer.described(gathered);
}

const finishCall = ({ name, sdp }) => peers.get(name).pc.setRemoteDescription({ type: 'answer', sdp });

/** The candidates found since the last time; null is the end. */
const takeCandidates = ({ name }) => peers.get(name).candidates.splice(0);

async function addCandidates({ name, candidates }) {
    for (const candidate of candidates) await peers.get(name).pc.addIceCandidate(candidate);
}

/** Says something when it can; tells how far the call is. */
async function progress({ name }) {
    const peer = peers.get(name);
    if (peer.channel?.readyState === 'open') peer.channel.send(`hello from ${name}`);
    const heard = { audio: 0, video: 0, data: peer.messages.length };
    for (const report of (await peer.pc.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue;
        if (report.kind === 'audio') heard.audio += report.packetsReceived;
        if (report.kind === 'video') heard.video += report.framesDecoded ?? 0;
    }
    return { state: peer.pc.connectionState, ice: peer.pc.iceConnectionState, heard };
}

function endCall({ name }) {
    const peer = peers.get(name);
    if (!peer) return;
    for (const track of peer.tracks) track.stop();
    peer.pc.close();
    peers.delete(name);
}

Object.assign(window, {
    takeOffer, takeAnswer, takeAnswerReflected, offerCall, answerCall, finishCall, takeCandidates, addCandidates,
    progress, endCall, version: () => navigator.userAgent,
});
