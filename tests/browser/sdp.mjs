/** As much of SDP as the tests themselves must read. */

export const lines = (sdp) => sdp.split(/\r?\n/).filter((line) => line !== '');

/** The m-sections, without the session part: arrays of lines. */
export function sections(sdp) {
    const found = [];
    for (const line of lines(sdp)) {
        if (line.startsWith('m=')) found.push([]);
        found.at(-1)?.push(line);
    }
    return found;
}

export const valueOf = (some, name) => some.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);

/** What somebody must add to a connection to offer the same m-lines: [{kind, rids}]. */
export const shapeOf = (sdp) => sections(sdp).map((section) => ({
    kind: section[0].slice(2).split(' ')[0],
    rids: section.map((line) => /^a=rid:(\S+) send\b/.exec(line)?.[1]).filter(Boolean),
}));

/** The mids of m-lines that were rejected or stopped before. */
export const rejectedMids = (sdp) => new Set(sections(sdp)
    .filter((section) => /^m=\S+ 0 /.test(section[0]) && !section.includes('a=bundle-only'))
    .map((section) => valueOf(section, 'mid')));

// These are new in each answer of a browser, but for the last: Carillon says it for each m-line, not for the session.
const CHANGING =
    /^o=|^a=(ice-ufrag|ice-pwd|fingerprint|ssrc|ssrc-group|msid|msid-semantic|candidate|extmap-allow-mixed)\b/;

/** The lines of an answer that are the same each time, without the m-lines that are `rejected`. */
export function lasting(sdp, rejected) {
    const all = lines(sdp);
    const session = all.slice(0, all.findIndex((line) => line.startsWith('m=')));
    const kept = sections(sdp).filter((section) => !rejected.has(valueOf(section, 'mid')));
    return [...session, ...kept.flat()].filter((line) => !CHANGING.test(line));
}

/** The lines that only one of two texts has, as "- line" and "+ line". */
export function difference(before, after) {
    const rest = [...after];
    const gone = before.filter((line) => {
        const at = rest.indexOf(line);
        if (at >= 0) rest.splice(at, 1);
        return at < 0;
    });
    return [...gone.map((line) => `- ${line}`), ...rest.map((line) => `+ ${line}`)];
}

/** Candidates as a fragment (RFC 8840) of the description they belong to; null among them is the end. */
export function fragmentOf(sdp, candidates) {
    const isEnd = candidates.includes(null);
    const session = lines(sdp);
    const known = candidates.filter((candidate) => candidate !== null && candidate.candidate !== '');
    const parts = [];
    for (const section of sections(sdp)) {
        const mid = valueOf(section, 'mid');
        const own = known.filter((candidate) => candidate.sdpMid === mid);
        if (own.length === 0 && !isEnd) continue;
        const credentials = ['ice-ufrag', 'ice-pwd']
            .map((name) => `a=${name}:${valueOf(section, name) ?? valueOf(session, name)}`);
        parts.push(section[0], `a=mid:${mid}`, ...credentials, ...own.map(({ candidate }) => `a=${candidate}`));
        if (isEnd) parts.push('a=end-of-candidates');
    }
    return parts.map((line) => `${line}\r\n`).join('');
}

/** The candidates of a fragment as addIceCandidate takes them. */
export const candidatesOf = (fragment) => sections(fragment).flatMap((section) => section
    .filter((line) => line.startsWith('a=candidate:') || line === 'a=end-of-candidates')
    .map((line) => ({
        candidate: line === 'a=end-of-candidates' ? '' : line.slice(2),
        sdpMid: valueOf(section, 'mid'),
        usernameFragment: valueOf(section, 'ice-ufrag'),
    })));
