#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <tl/expected.hpp>

#include "component/web/error.hpp"
#include "component/web/ports.hpp"

namespace component::web {

/// The limits of a frame; the schema has the same ones.
inline constexpr std::size_t max_frame = std::size_t{ 128 } * 1024;
inline constexpr std::size_t max_sdp = std::size_t{ 64 } * 1024;
inline constexpr std::size_t max_candidates = 64;
inline constexpr std::size_t max_candidate = 1024;
inline constexpr std::size_t max_id = 255;
inline constexpr std::size_t max_token
    = std::size_t{ 16 } * 1024;  ///< a resume token repeats what its JWT says
inline constexpr std::size_t max_address = 3071;
inline constexpr std::size_t max_name = 256;
inline constexpr std::size_t max_depth = 16;  ///< of the JSON

using RequestId = std::variant<std::int64_t, std::string>;

/// session.hello
struct Hello {
    enum class Auth : std::uint8_t { jwt, guest, xmpp, resume };

    Auth auth = Auth::jwt;
    std::string token;  ///< all but xmpp
    std::string jid;  ///< xmpp
    std::string code;  ///< xmpp: shown by the page, to be compared; may be empty
    std::string guest_name;
    std::optional<std::uint64_t> last_seq;  ///< none: a page that was loaded again knows nothing
    std::string client;  ///< "name version", for the log
    PageMedia media{ .audio = true, .video = true };  ///< that the page can do
};
struct Refresh {
    std::string token;
};
struct AskIce { };
struct Bye { };
struct Ping { };
/// The methods call.* but call.stats.
struct CallSays {
    PageCallRef call;
    jingle::call::PageSays what;
};
struct Reports {
    PageCallRef call;
    PageStats stats;
};
struct AskPresence {
    enum class What : std::uint8_t { get, watch, unwatch };
    What what = What::get;
    std::string jid;
};

using Request = std::variant<Hello, Refresh, AskIce, Bye, CallSays, Reports, AskPresence, Ping>;

/// A frame of a page. Without an id nothing is answered.
struct Frame {
    std::optional<RequestId> id;
    std::optional<std::uint64_t> ack;
    Request request;
};

/// A frame that is refused. It is answered when `answered`: what has no id and could be read is not.
struct FrameError {
    RequestError error;
    std::optional<RequestId> id;
    std::optional<std::uint64_t> ack;
    bool answered = true;
};

/// Reads a frame of at most max_frame bytes; never throws. Members that are not known are skipped.
[[nodiscard]] tl::expected<Frame, FrameError> parse_frame(std::string_view text);

/// The methods of either side, in the order of the schema.
[[nodiscard]] std::span<const std::string_view> client_methods() noexcept;
[[nodiscard]] std::span<const std::string_view> server_methods() noexcept;

}  // namespace component::web
