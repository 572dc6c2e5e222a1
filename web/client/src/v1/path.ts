/** The pair in use: the kind of path, and the round trip. */
export function selectedPath(stats: RTCStatsReport): { local: string; remote: string; rtt_ms?: number } | undefined {
    const all = [...(stats as unknown as Map<string, any>).values()];
    const pair = all.find((one) => one.type === "candidate-pair" && one.nominated && one.state === "succeeded");
    const local = pair && all.find((one) => one.id === pair.localCandidateId);
    const remote = pair && all.find((one) => one.id === pair.remoteCandidateId);
    if (!local || !remote) return undefined;
    const rtt = pair.currentRoundTripTime;
    return {
        local: local.candidateType, remote: remote.candidateType,
        ...(rtt === undefined ? {} : { rtt_ms: Math.round(rtt * 1000) }),
    };
}
