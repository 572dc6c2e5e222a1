#pragma once

#include <memory>
#include <set>
#include <string>

#include <gloox/client.h>
#include <gloox/connectionlistener.h>
#include <gloox/connectiontcpclient.h>

namespace e2e {

/// An XMPP client on gloox that shows every stanza it receives as a line of JSON on stdout.
/// Jingle requests are acknowledged by itself, as a real client does, unless hold_replies() says otherwise.
class Client : public gloox::Client, public gloox::ConnectionListener {
public:
    Client(const gloox::JID& jid, const std::string& password, const std::string& host, int port);

    /// The socket to wait on, -1 while there is none.
    [[nodiscard]] int socket() const;

    /// Leaves as a crashed phone does: the TCP connection is cut, no stream is closed.
    void vanish();

    /// From now on Jingle requests with this action are left for the user of this program to answer.
    void hold_replies(const std::string& action) { held_.insert(action); }

    void send_jingle(const std::string& action, const std::string& to, const std::string& sid,
                     const std::string& id, const std::string& children);
    void send_jmi(const std::string& name, const std::string& to, const std::string& sid,
                  const std::string& id, const std::string& children);
    void send_result(const std::string& to, const std::string& id);
    /// `conditions` is the content of the <error/> element.
    void send_error(const std::string& to, const std::string& id, const std::string& type,
                    const std::string& conditions);
    /// A whole stanza as text.
    void send_xml(const std::string& xml);

private:
    void handleTag(gloox::Tag* tag) override;
    void onConnect() override;
    void onDisconnect(gloox::ConnectionError reason) override;
    bool onTLSConnect(const gloox::CertInfo& /*info*/) override { return true; }

    gloox::ConnectionTCPClient* connection_ = nullptr;  // owned by gloox::ClientBase
    std::set<std::string> held_;
};

}  // namespace e2e
