#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "component/link.hpp"
#include "xmpp/reader.hpp"

namespace component {

/// The answer to the server's stream header: lower-case hex SHA-1 of the stream id and the secret (XEP-0114,
/// 3).
[[nodiscard]] std::string handshake_digest(std::string_view stream_id, std::string_view secret);

/// Why a stream ended.
struct StreamEnd {
    enum class Cause {
        server_closed,  ///< </stream:stream> without a word
        server_error,  ///< <stream:error/>
        broken_input,  ///< what the server sent cannot be read; it has been told
    };
    Cause cause = Cause::server_closed;
    std::string condition = {};  ///< RFC 6120, 4.9.3, for the errors
    std::string text = {};  ///< the server's own words
};

/// XEP-0114 without the socket: bytes in; stanzas to the handler, bytes to `out`.
///
///     closed --open()--> opening --header--> authenticating --<handshake/>--> online
///     each of the last three --error, </stream:stream>--> ended ; --close()--> closing --</stream:stream>-->
///     ended
class Stream final : private xmpp::StreamHandler {
public:
    enum class State { closed, opening, authenticating, online, closing, ended };

    /// The handler hears on_online, on_stanza and on_skipped from within feed(), and nothing else.
    Stream(const LinkOptions& options, LinkHandler& handler, std::string& out);

    /// Starts anew: forgets the last stream and says hello.
    void open();
    /// Takes what came in; nothing any more once the stream has ended. Throws what the handler throws.
    void feed(std::string_view bytes);
    /// Says goodbye. Stanzas that still come in are not handed over.
    void close();
    /// The connection is gone: no goodbye, and nothing of what is being fed is handed over any more.
    void abandon() noexcept;

    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] bool is_online() const noexcept { return state_ == State::online; }
    [[nodiscard]] const StreamEnd& end() const noexcept { return end_; }

private:
    void on_stream_open(const xmpp::Element& header) override;
    void on_stanza(xmpp::Element& stanza) override;
    void on_skipped(const xmpp::Element& envelope, xmpp::SkipReason reason) override;
    void on_stream_close() override;

    template <class Call>
    void tell(Call call);
    void finish(StreamEnd end);

    std::string domain_;
    std::string secret_;
    LinkHandler& handler_;
    std::string& out_;
    xmpp::Reader reader_;
    State state_ = State::closed;
    StreamEnd end_;
    std::exception_ptr thrown_;
};

}  // namespace component
