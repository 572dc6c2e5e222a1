/** Tones made on the spot: the ringing of a call, the keys, and how loud the microphone is. */

let context;
function audio() {
    context ??= new AudioContext();
    if (context.state === "suspended") void context.resume();
    return context;
}

function tone(at, length, frequencies, loud) {
    const into = audio().createGain();
    into.gain.setValueAtTime(0, at);
    into.gain.linearRampToValueAtTime(loud, at + 0.02);
    into.gain.setValueAtTime(loud, at + length - 0.05);
    into.gain.linearRampToValueAtTime(0, at + length);
    into.connect(audio().destination);
    for (const frequency of frequencies) {
        const source = new OscillatorNode(audio(), { frequency });
        source.connect(into);
        source.start(at);
        source.stop(at + length);
    }
}

/** What rings, and how often. */
const RINGS = {
    incoming: { every: 3000, play: (now) => [659, 523, 784, 659].forEach((f, i) => tone(now + i * 0.22, 0.5, [f, f * 2], 0.09)) },
    outgoing: { every: 4000, play: (now) => tone(now, 1, [425], 0.05) },
};

/** Rings until the function it gives is called. */
export function ring(kind) {
    const { every, play } = RINGS[kind];
    const once = () => audio().state === "running" && play(audio().currentTime);
    void audio().resume().then(once);
    const timer = setInterval(once, every);
    return () => clearInterval(timer);
}

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = "123456789*0#";

/** What a key sounds like to the one who presses it. */
export function press(key) {
    const at = KEYS.indexOf(key);
    tone(audio().currentTime, 0.12, [ROWS[Math.floor(at / 3)], COLUMNS[at % 3]], 0.05);
}

/** Shows the level of a stream in an element of role "meter", until the function it gives is called. */
export function meter(element, stream) {
    const source = audio().createMediaStreamSource(stream);
    const analyser = new AnalyserNode(audio(), { fftSize: 512 });
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let level = 0;
    const timer = setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        const loud = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
        // Speech is between -50 and -10 dB.
        const now = Math.min(1, Math.max(0, (20 * Math.log10(loud + 1e-6) + 55) / 45));
        level = Math.max(now, level * 0.8);
        element.style.setProperty("--level", level.toFixed(2));
        element.setAttribute("aria-valuenow", String(Math.round(level * 100)));
    }, 80);
    return () => {
        clearInterval(timer);
        source.disconnect();
    };
}
