// The bare rewriting relay with npm @xmpp/component: node component_relay.mjs DOMAIN PORT SECRET
//
// alice@a.example calls bob\40b.example@DOMAIN: bob gets the stanza from alice\40a.example@DOMAIN. Nothing is checked, kept
// or logged. It takes the Component class without the middleware around it, which would answer every request with an
// error of its own and cost more.
import { Component } from "@xmpp/component-core";

const [domain, port, secret] = process.argv.slice(2);

/** alice@a.example/phone as the other side sees it. */
function inside(address) {
  const slash = address.indexOf("/");
  const bare = slash < 0 ? address : address.slice(0, slash);
  return bare.replace("@", "\\40") + "@" + domain + (slash < 0 ? "" : address.slice(slash));
}

/** The user behind a contact address. */
function outside(address) {
  const at = address.indexOf("@");
  const slash = address.indexOf("/", at);
  return address.slice(0, at).replace("\\40", "@") + (slash < 0 ? "" : address.slice(slash));
}

const component = new Component({ service: `xmpp://127.0.0.1:${port}`, domain });
component.on("open", (header) => component.authenticate(header.attrs.id, secret));
component.on("error", (error) => console.error(error));
component.on("stanza", (stanza) => {
  if (stanza.name === "presence") return;
  stanza.attrs.from = inside(stanza.attrs.from);
  stanza.attrs.to = outside(stanza.attrs.to);
  const jingle = stanza.getChild("jingle", "urn:xmpp:jingle:1");
  for (const name of ["initiator", "responder"])
    if (jingle?.attrs[name]) jingle.attrs[name] = stanza.attrs.from;
  component.send(stanza).catch(console.error);
});
process.on("SIGTERM", () => process.exit(0));
component.start().catch(console.error);
