/** Of a call or of a party. A call's id is also its Jingle sid and its JMI id. */
export type Id = string;
/** An XMPP address, as typed: bob@example.org. */
export type Address = string;
/** A name to show. It comes from somebody else: set it as text, never as HTML. */
export type DisplayName = string;
/** A JWT, the secret of a call link or a resume token. */
export type Token = string;
/** Made by the page; the answer carries it. */
export type RequestId = number | string;
export type MediaKind = "audio" | "video";
/** What the call is to have. */
export type Media = MediaKind[];
/** A whole session description. */
export type Sdp = string;
/** RTCSessionDescriptionInit. */
export type Offer = {
    type: "offer";
    sdp: Sdp;
};
/** RTCSessionDescriptionInit. */
export type Answer = {
    type: "answer";
    sdp: Sdp;
};
/** RTCSessionDescriptionInit: the last offer is withdrawn. */
export type Rollback = {
    type: "rollback";
    sdp?: string;
};
/** RTCSessionDescriptionInit. */
export type Description = Offer | Answer | Rollback;
/** RTCIceCandidateInit. An empty candidate ends those of its m-line, or all when none is named. */
export type Candidate = {
    /** The line, without a=. */
    candidate: string;
    sdpMid?: string | null;
    sdpMLineIndex?: number | null;
    usernameFragment?: string | null;
};
/** RTCIceServer. */
export type IceServer = {
    urls: string[];
    username?: string;
    credential?: string;
};
/** Why a call ended or was refused. */
export type Reason = "user_hangup" | "declined" | "busy" | "unavailable" | "cancelled" | "invite_timeout" | "answered_elsewhere" | "declined_elsewhere" | "ice_failed" | "media_error" | "incompatible" | "security" | "replaced" | "gone" | "policy" | "error";
/** Why this page does not take the call. */
export type RejectReason = "declined" | "busy" | "unavailable";
/** A token of the site's own backend. */
export type AuthJwt = {
    type: "jwt";
    token: Token;
};
/** The secret of a call link: what stands behind the # of its address. */
export type AuthGuest = {
    type: "guest";
    token: Token;
    name?: DisplayName;
};
/** An XMPP account, whose owner is asked by his own client (XEP-0070). */
export type AuthXmpp = {
    type: "xmpp";
    jid: Address;
    /** What the page shows; the question to the account has it too. */
    code?: string;
};
/** The newest resume token of a session. */
export type AuthResume = {
    type: "resume";
    token: Token;
};
export type Auth = AuthJwt | AuthGuest | AuthXmpp | AuthResume;
/** A call of this page that is not over. */
export type LiveCall = {
    call_id: Id;
    party_id?: Id;
    /** Seen from the page. */
    direction: "incoming" | "outgoing";
    /** connecting: picked up, description under way. */
    state: "ringing" | "connecting" | "active";
    address: Address;
    display_name?: DisplayName;
    media: Media;
};
/** What a page must keep to. */
export type Limits = {
    /** Bytes of a frame. */
    frame: number;
    /** Bytes of a description. */
    sdp: number;
    /** In one call.candidates. */
    candidates: number;
    /** At once. */
    calls: number;
    /** presence.watch at once. */
    watches: number;
};
export type Empty = Record<string, unknown>;
export type HelloParams = {
    auth: Auth;
    /** With resume: the highest seq that was handled. */
    last_seq?: number;
    /** For the log. */
    client?: {
        name?: string;
        version?: string;
    };
    capabilities?: ("audio" | "video" | "dtmf")[];
};
export type HelloResult = {
    /** The address of this page. */
    jid: string;
    display_name: DisplayName;
    resume_token: Token;
    /** The session goes on, and what was missed follows. Otherwise it is a new one, and calls is all there is. */
    resumed: boolean;
    /** Seconds a session outlives its connection. */
    resume_ttl: number;
    /** The highest seq given so far; what follows is newer, or is replayed up to it. */
    seq: number;
    ice_servers: IceServer[];
    /** Seconds until the credentials run out; 0: never. session.ice comes before. */
    ice_expires: number;
    /** Seconds until the session ends unless session.refresh brings a new token; absent: never. */
    expires?: number;
    /** Seconds after which an idle page sends a ping. */
    ping_interval: number;
    limits: Limits;
    features: ("presence" | "stats")[];
    /** Whom a guest calls. */
    callee?: {
        display_name: DisplayName;
    };
    /** Every call of this page that is not over. */
    calls: LiveCall[];
};
export type RefreshParams = {
    token: Token;
};
export type RefreshResult = {
    /** Seconds until the new token runs out. */
    expires: number;
};
export type Ice = {
    ice_servers: IceServer[];
    /** Seconds until the credentials run out; 0: never. */
    ice_expires: number;
};
export type NewToken = {
    resume_token: Token;
};
export type GoAway = {
    reason: "drain" | "replaced" | "expired";
    /** resume: connect again with the resume token; reconnect: with fresh credentials; stop: do not connect again. */
    action: "resume" | "reconnect" | "stop";
    /** How long to wait before that. */
    after_ms: number;
};
export type CallRef = {
    call_id: Id;
    party_id?: Id;
};
/** to may be left out by a guest: the link says who is called. */
export type InviteParams = {
    call_id: Id;
    party_id?: Id;
    to?: Address;
    media: Media;
    /** Milliseconds the call may ring. */
    lifetime?: number;
    offer?: Offer;
};
export type InviteResult = {
    state: "trying";
};
/** Without an offer when the caller has none yet: it comes in call.negotiate after call.accept. */
export type IncomingCall = {
    call_id: Id;
    party_id?: Id;
    from: Address;
    display_name: DisplayName;
    media: Media;
    /** Milliseconds the call still rings. */
    lifetime: number;
    offer?: Offer;
};
/** With the answer when the invitation had an offer. */
export type AcceptParams = {
    call_id: Id;
    party_id?: Id;
    answer?: Answer;
};
export type AnswerEvent = {
    call_id: Id;
    party_id?: Id;
    answer: Answer;
};
/** Somebody else has picked up: stop ringing. */
export type SelectAnswer = {
    call_id: Id;
    selected_party_id?: Id;
};
export type Negotiate = {
    call_id: Id;
    party_id?: Id;
    description: Description;
};
export type Candidates = {
    call_id: Id;
    party_id?: Id;
    candidates: Candidate[];
};
export type CallInfo = {
    call_id: Id;
    party_id?: Id;
    hold?: boolean;
    /** What is muted now; empty: nothing. */
    mute?: MediaKind[];
    /** Digits that were pressed; the tones themselves go with the media (RFC 4733). */
    dtmf?: string;
};
export type RejectParams = {
    call_id: Id;
    party_id?: Id;
    reason?: RejectReason;
};
export type Rejected = {
    call_id: Id;
    party_id?: Id;
    reason: Reason;
};
/** May be said twice. */
export type Hangup = {
    call_id: Id;
    party_id?: Id;
    reason?: Reason;
    /** For people. */
    text?: string;
};
export type Ended = {
    call_id: Id;
    party_id?: Id;
    reason: Reason;
    /** For people; it may come from the other side. */
    text?: string;
};
export type CandidateType = "host" | "srflx" | "prflx" | "relay";
/** The selected candidate pair, at most every 10 s. */
export type Stats = {
    call_id: Id;
    party_id?: Id;
    local: CandidateType;
    remote: CandidateType;
    /** Round trip. */
    rtt_ms?: number;
    /** Share of packets lost since the last report. */
    loss?: number;
};
export type PresenceParams = {
    jid: Address;
};
export type Presence = {
    callable: boolean;
    /** He lets this page's user see whether he is there; else he may be tried, and that is all. */
    known: boolean;
    media: MediaKind[];
    /** As in RFC 6121; absent: available, or nothing is known. */
    show?: "away" | "chat" | "dnd" | "xa";
};
export type PresenceChanged = {
    jid: Address;
    callable: boolean;
    /** He lets this page's user see whether he is there; else he may be tried, and that is all. */
    known: boolean;
    media: MediaKind[];
    /** As in RFC 6121; absent: available, or nothing is known. */
    show?: "away" | "chat" | "dnd" | "xa";
};
export type Error = {
    /** -32700 parse error, -32600 invalid request, -32601 unknown method, -32602 invalid parameters, -32603 internal error, 1001 unauthorized, 1002 forbidden, 1004 unavailable, 1005 rate limited, 1006 bad SDP, 1007 wrong state, 1008 too large, 1009 draining. */
    code: -32700 | -32600 | -32601 | -32602 | -32603 | 1001 | 1002 | 1004 | 1005 | 1006 | 1007 | 1008 | 1009;
    /** For developers. */
    message: string;
    data?: {
        /** Seconds, with 1005. */
        retry_after?: number;
        /** Of the SDP, with 1006; with 1008 when it is the SDP that is too large. */
        line?: number;
        /** What is wrong, for developers; with 1001 perhaps for the user. */
        detail?: string;
    };
};
/** What a page sends. */
export type ClientFrame = {
    jsonrpc: "2.0";
    id?: RequestId;
    /** The highest seq handled so far. */
    ack?: number;
    method: "session.hello" | "session.refresh" | "session.ice" | "session.bye" | "call.invite" | "call.ringing" | "call.accept" | "call.negotiate" | "call.candidates" | "call.info" | "call.reject" | "call.hangup" | "call.stats" | "presence.get" | "presence.watch" | "presence.unwatch" | "ping";
    params?: object;
};
/** What happens. */
export type ServerEvent = {
    jsonrpc: "2.0";
    /** Of the session: counts from 1, without gaps; 0 for session.goaway, which is about the connection. */
    seq: number;
    method: "session.ice" | "session.token" | "session.goaway" | "call.invite" | "call.accept" | "call.ringing" | "call.answer" | "call.select_answer" | "call.negotiate" | "call.candidates" | "call.info" | "call.reject" | "call.hangup" | "presence.changed";
    params: object;
};
/** The answer to a request; the result is that of its method in methods. */
export type ServerResult = {
    jsonrpc: "2.0";
    /** Of the session; 0 for what stands outside: the answer to session.hello, errors before it, and errors about frames that could not be read. */
    seq: number;
    id: RequestId;
    result: object;
};
/** A request that failed; id is null when it could not be read. */
export type ServerError = {
    jsonrpc: "2.0";
    /** Of the session; 0 for what stands outside: the answer to session.hello, errors before it, and errors about frames that could not be read. */
    seq: number;
    id: RequestId | null;
    error: Error;
};
export type ServerFrame = ServerEvent | ServerResult | ServerError;
/** What a page asks, by method. */
export interface Requests {
    /** Says who this is. The first frame; it needs an id. */
    "session.hello": {
        params: HelloParams;
        result: HelloResult;
    };
    /** Brings a new JWT for the same subject before the old one runs out. */
    "session.refresh": {
        params: RefreshParams;
        result: RefreshResult;
    };
    /** Asks for fresh TURN credentials. */
    "session.ice": {
        params: Empty;
        result: Ice;
    };
    /** Ends the session for good, its calls too; a connection that is merely closed can be resumed. */
    "session.bye": {
        params: Empty;
        result: Empty;
    };
    /** Calls somebody. */
    "call.invite": {
        params: InviteParams;
        result: InviteResult;
    };
    /** This page rings. */
    "call.ringing": {
        params: CallRef;
        result: Empty;
    };
    /** The user picked up. */
    "call.accept": {
        params: AcceptParams;
        result: Empty;
    };
    /** A new offer or an answer: the first offer of a call without one, video added, ICE restart. */
    "call.negotiate": {
        params: Negotiate;
        result: Empty;
    };
    /** ICE candidates, batched. */
    "call.candidates": {
        params: Candidates;
        result: Empty;
    };
    /** Hold, mute and the digits pressed, for the other side to show. */
    "call.info": {
        params: CallInfo;
        result: Empty;
    };
    /** This page does not take the call. */
    "call.reject": {
        params: RejectParams;
        result: Empty;
    };
    /** Ends the call, or cancels it while it rings. */
    "call.hangup": {
        params: Hangup;
        result: Empty;
    };
    /** How the media flows, for the operator. Voluntary. */
    "call.stats": {
        params: Stats;
        result: Empty;
    };
    /** Can somebody be called? */
    "presence.get": {
        params: PresenceParams;
        result: Presence;
    };
    /** The same, and presence.changed from now on. */
    "presence.watch": {
        params: PresenceParams;
        result: Presence;
    };
    /** No more presence.changed. */
    "presence.unwatch": {
        params: PresenceParams;
        result: Empty;
    };
    /** Is the connection alive? */
    "ping": {
        params: Empty;
        result: Empty;
    };
}
/** What a page is told, by method. */
export interface Events {
    /** New TURN credentials, before the old ones run out: setConfiguration(). */
    "session.ice": Ice;
    /** A new resume token takes the place of the old one. */
    "session.token": NewToken;
    /** This connection is about to be closed. */
    "session.goaway": GoAway;
    /** Somebody calls. */
    "call.invite": IncomingCall;
    /** Somebody takes up a call that had no offer: now is the time for it, by call.negotiate. */
    "call.accept": CallRef;
    /** A device of the callee rings; once per device. */
    "call.ringing": CallRef;
    /** The callee's answer to the offer of call.invite. */
    "call.answer": AnswerEvent;
    /** The call was answered elsewhere. */
    "call.select_answer": SelectAnswer;
    /** A new offer or an answer. */
    "call.negotiate": Negotiate;
    /** ICE candidates of the other side. */
    "call.candidates": Candidates;
    /** Hold, mute and digits of the other side. */
    "call.info": CallInfo;
    /** The callee does not take the call. */
    "call.reject": Rejected;
    /** The call is over. */
    "call.hangup": Ended;
    /** Somebody watched can, or cannot, be called now. */
    "presence.changed": PresenceChanged;
}
