/** Carillon's client library. Start with connect(). */
export { connect } from "./v1/connect.js";
export { Call, type CallEvents, type CallState } from "./v1/call.js";
export type { Kind, Media } from "./v1/media.js";
export { selectedPath } from "./v1/path.js";
export { Phone, VERSION, type ConnectOptions, type PhoneEvents } from "./v1/phone.js";
export type { SessionState } from "./v1/socket.js";
export { CallError, say, words, type Word, type Words } from "./v1/words.js";
export type * as protocol from "./v1/protocol.js";
