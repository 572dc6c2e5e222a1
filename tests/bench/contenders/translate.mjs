// SDP <-> Jingle with the npm packages: node translate.mjs OFFER.sdp ITERATIONS [JINGLE.xml]
//
// Prints the CPU time of each translation in microseconds as JSON. stanza goes all the way to XML text and back;
// sdp-jingle-json stops at JSON in Jingle's shape, sdp-transform at JSON in SDP's shape: parts of the job only. JINGLE.xml
// is what stanza reads in the way back; without it that is its own output.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { Registry, parse } = require("stanza/jxt");
const protocol = require("stanza/protocol").default;
const { importFromSDP, exportToSDP } = require("stanza/jingle/sdp/Intermediate");
const { convertIntermediateToRequest, convertRequestToIntermediate } = require("stanza/jingle/sdp/Protocol");
const sdpJingleJson = require("sdp-jingle-json");
const sdpTransform = require("sdp-transform");

const [offerFile, iterations, jingleFile] = process.argv.slice(2);
const sdp = readFileSync(offerFile, "utf8");
const ice = "urn:xmpp:jingle:transports:ice-udp:1";

const registry = new Registry();
registry.define(protocol);

function stanzaToXml() {
  const jingle = convertIntermediateToRequest(importFromSDP(sdp), "initiator", ice);
  Object.assign(jingle, { action: "session-initiate", sid: "a73sjjvkla37jfea", initiator: "romeo@montague.example/orchard" });
  return registry.export("iq.jingle", jingle).toString();
}

const xml = jingleFile ? readFileSync(jingleFile, "utf8") : stanzaToXml();

function stanzaToSdp() {
  return exportToSDP(convertRequestToIntermediate(registry.import(parse(xml)), "responder"));
}

const json = sdpJingleJson.toOutgoingJSONOffer(sdp);
const lines = sdpTransform.parse(sdp);
const work = {
  "stanza: SDP to XML": stanzaToXml,
  "stanza: XML to SDP": stanzaToSdp,
  "sdp-jingle-json: SDP to JSON": () => sdpJingleJson.toOutgoingJSONOffer(sdp),
  "sdp-jingle-json: JSON to SDP": () => sdpJingleJson.toIncomingSDPOffer(json),
  "sdp-transform: parse": () => sdpTransform.parse(sdp),
  "sdp-transform: write": () => sdpTransform.write(lines),
};

function cpuMicroseconds(translate, count) {
  const before = process.cpuUsage();
  for (let i = 0; i < count; ++i) translate();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

if (!xml.includes("fingerprint") || !stanzaToSdp().includes("a=fingerprint"))
  throw new Error("the translation lost the fingerprint: the bench would compare nothing");
const result = {};
for (const [name, translate] of Object.entries(work)) {
  cpuMicroseconds(translate, Math.ceil(iterations / 2));
  result[name] = Number(cpuMicroseconds(translate, Number(iterations)).toFixed(2));
}
console.log(JSON.stringify(result));
