/** The pair in use: the kind of path, and the round trip. */
export declare function selectedPath(stats: RTCStatsReport): {
    local: string;
    remote: string;
    rtt_ms?: number;
} | undefined;
