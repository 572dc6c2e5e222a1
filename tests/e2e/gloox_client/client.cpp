#include "client.hpp"

#include <iostream>
#include <stdexcept>
#include <vector>

#include <gloox/disco.h>
#include <gloox/parser.h>
#include <gloox/tag.h>
#include <gloox/taghandler.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "json.hpp"

namespace e2e {
namespace {

constexpr auto ns_jingle = "urn:xmpp:jingle:1";
constexpr auto ns_jmi = "urn:xmpp:jingle-message:0";
constexpr auto ns_hints = "urn:xmpp:hints";

void say(const std::string& line)
{
    std::cout << line << std::endl;  // flushed: the reader waits for it
}

/// Text to tags; gloox's parser hands over each element below an outer one when it is closed.
std::vector<std::unique_ptr<gloox::Tag>> parse_elements(const std::string& xml)
{
    struct Collector : gloox::TagHandler {
        std::unique_ptr<gloox::Tag> root;
        void handleTag(gloox::Tag* tag) override { root.reset(tag->clone()); }
    } collector;

    gloox::Parser parser{ &collector };
    std::string wrapped = "<all>" + xml + "</all>";
    if (parser.feed(wrapped) != -1 || !collector.root)
        throw std::invalid_argument{ "not well-formed: " + xml };

    std::vector<std::unique_ptr<gloox::Tag>> children;
    for (const gloox::Tag* child : collector.root->children())
        children.emplace_back(child->clone());
    return children;
}

void add_children(gloox::Tag& parent, const std::string& xml)
{
    if (xml.empty())
        return;
    for (auto& child : parse_elements(xml))
        parent.addChild(child.release());
}

gloox::Tag* new_stanza(const char* name, const std::string& to, const std::string& type,
                       const std::string& id)
{
    auto* tag = new gloox::Tag{ name };
    tag->addAttribute("to", to);
    tag->addAttribute("type", type);
    tag->addAttribute("id", id);
    return tag;
}

}  // namespace

Client::Client(const gloox::JID& jid, const std::string& password, const std::string& host, int port)
    : gloox::Client{ jid, password }
{
    disableRoster();
    setTls(gloox::TLSDisabled);
    setCompression(false);
    registerConnectionListener(this);
    disco()->setIdentity("client", "phone", "gloox test client");
    for (const char* feature : { ns_jingle, ns_jmi, "urn:xmpp:jingle:apps:rtp:1",
                                 "urn:xmpp:jingle:apps:rtp:audio", "urn:xmpp:jingle:apps:rtp:video",
                                 "urn:xmpp:jingle:apps:dtls:0", "urn:xmpp:jingle:transports:ice-udp:1" })
        disco()->addFeature(feature);
    connection_ = new gloox::ConnectionTCPClient{ this, logInstance(), host, port };
    setConnectionImpl(connection_);
}

int Client::socket() const
{
    return connection_->socket();
}

void Client::vanish()
{
    const linger at_once{ .l_onoff = 1,
                          .l_linger = 0 };  // close() sends RST instead of the end of the stream
    ::setsockopt(socket(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    connection_->disconnect();
    onDisconnect(gloox::ConnUserDisconnected);  // gloox tells nobody when the connection goes this way
}

void Client::send_jingle(const std::string& action, const std::string& to, const std::string& sid,
                         const std::string& id, const std::string& children)
{
    auto* iq = new_stanza("iq", to, "set", id);
    auto* jingle = new gloox::Tag{ iq, "jingle" };
    jingle->setXmlns(ns_jingle);
    jingle->addAttribute("action", action);
    jingle->addAttribute("sid", sid);
    if (action == "session-initiate")
        jingle->addAttribute("initiator", this->jid().full());
    if (action == "session-accept")
        jingle->addAttribute("responder", this->jid().full());
    add_children(*jingle, children);
    send(iq);
}

void Client::send_jmi(const std::string& name, const std::string& to, const std::string& sid,
                      const std::string& id, const std::string& children)
{
    auto* message = new_stanza("message", to, "chat", id);
    auto* jmi = new gloox::Tag{ message, name };
    jmi->setXmlns(ns_jmi);
    jmi->addAttribute("id", sid);
    add_children(*jmi, children);
    (new gloox::Tag{ message, "store" })->setXmlns(ns_hints);
    send(message);
}

void Client::send_result(const std::string& to, const std::string& id)
{
    send(new_stanza("iq", to, "result", id));
}

void Client::send_error(const std::string& to, const std::string& id, const std::string& type,
                        const std::string& conditions)
{
    auto* iq = new_stanza("iq", to, "error", id);
    auto* error = new gloox::Tag{ iq, "error" };
    error->addAttribute("type", type);
    add_children(*error, conditions);
    send(iq);
}

void Client::send_xml(const std::string& xml)
{
    for (auto& stanza : parse_elements(xml))
        send(stanza.release());
}

void Client::handleTag(gloox::Tag* tag)
{
    const std::string name = tag->name();
    if (name != "iq" && name != "message" && name != "presence")
        return gloox::Client::handleTag(tag);

    say(json_object({ { "event", "stanza" }, { "xml", tag->xml() } }));
    const gloox::Tag* jingle = tag->findChild("jingle", "xmlns", ns_jingle);
    if (!jingle || tag->findAttribute("type") != "set")
        return gloox::Client::handleTag(tag);
    if (!held_.contains(jingle->findAttribute("action")))
        send_result(tag->findAttribute("from"), tag->findAttribute("id"));
}

void Client::onConnect()
{
    const int at_once = 1;  // or Nagle's algorithm makes 40 ms of every second stanza
    ::setsockopt(socket(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    say(json_object({ { "event", "online" }, { "jid", jid().full() } }));
}

void Client::onDisconnect(gloox::ConnectionError reason)
{
    say(json_object({ { "event", "offline" }, { "reason", std::to_string(static_cast<int>(reason)) } }));
}

}  // namespace e2e
