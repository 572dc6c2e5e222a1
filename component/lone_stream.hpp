#pragma once

#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "xmpp/reader.hpp"

namespace component {

/// The server's side of XEP-0114 for `carillon demo --embedded`, without the socket: bytes in, bytes out. It
/// takes the handshake, answers pings of the component, and nobody is behind it: whatever else is asked or
/// said comes back as service-unavailable. It is no XMPP server.
class LoneStream final : private xmpp::StreamHandler {
public:
    LoneStream(std::string secret, std::string stream_id);

    /// False when the connection is to be closed once out() is sent.
    [[nodiscard]] bool feed(std::string_view bytes);
    [[nodiscard]] std::string& out() noexcept { return out_; }
    [[nodiscard]] bool is_authenticated() const noexcept { return authenticated_; }

private:
    void on_stream_open(const xmpp::Element& header) override;
    void on_stanza(xmpp::Element& stanza) override;
    void on_skipped(const xmpp::Element& envelope, xmpp::SkipReason reason) override;
    void on_stream_close() override;

    std::string secret_;
    std::string id_;
    std::string out_;
    base::Arena arena_;
    bool authenticated_ = false;
    bool over_ = false;
    xmpp::Reader reader_;
};

}  // namespace component
