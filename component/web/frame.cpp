#include "component/web/frame.hpp"

#include <algorithm>
#include <array>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "component/web/params.hpp"

// A frame is a JSON-RPC 2.0 request: {"jsonrpc": "2.0", "id": ..., "ack": ..., "method": ..., "params":
// {...}}. Batches are refused.

namespace component::web {
namespace {

constexpr std::size_t max_request_id = 64;
constexpr std::uint64_t max_number = 9007199254740991;  // Number.MAX_SAFE_INTEGER

template <class T>
Read<Request> nothing(const json::object&)
{
    return Request{ T{} };
}

template <AskPresence::What What>
Read<Request> presence(const json::object& params)
{
    return params::read_presence(params, What);
}

/// A method of a page.
struct Method {
    std::string_view name;
    Read<Request> (*read)(const json::object& params);
    bool wants_id = false;  ///< it makes no sense without its answer
};

// clang-format off
constexpr std::array methods{
    Method{"session.hello", params::read_hello, true},
    Method{"session.refresh", params::read_refresh, true},
    Method{"session.ice", nothing<AskIce>, true},
    Method{"session.bye", nothing<Bye>},
    Method{"call.invite", params::read_invite, true},
    Method{"call.ringing", params::read_ringing},
    Method{"call.accept", params::read_accept},
    Method{"call.negotiate", params::read_negotiate},
    Method{"call.candidates", params::read_candidates},
    Method{"call.info", params::read_info},
    Method{"call.reject", params::read_reject},
    Method{"call.hangup", params::read_hangup},
    Method{"call.stats", params::read_stats},
    Method{"presence.get", presence<AskPresence::What::get>, true},
    Method{"presence.watch", presence<AskPresence::What::watch>, true},
    Method{"presence.unwatch", presence<AskPresence::What::unwatch>},
    Method{"ping", nothing<Ping>},
};
// clang-format on

constexpr auto method_names = [] {
    std::array<std::string_view, methods.size()> names;
    std::ranges::transform(methods, names.begin(), &Method::name);
    return names;
}();

constexpr std::array<std::string_view, 14> event_names{
    "session.ice",  "session.token", "session.goaway",     "call.invite",      "call.accept",
    "call.ringing", "call.answer",   "call.select_answer", "call.negotiate",   "call.candidates",
    "call.info",    "call.reject",   "call.hangup",        "presence.changed",
};

/// What stands around the parameters.
struct Envelope {
    std::optional<RequestId> id;
    std::optional<std::uint64_t> ack;
};

Read<std::optional<RequestId>> read_id(const json::object& frame)
{
    const auto* id = frame.if_contains("id");
    if (id == nullptr)
        return std::optional<RequestId>{};
    if (id->is_string()) {
        TRY(const auto text, read_text(frame, "id", { .low = 1, .high = max_request_id }));
        return std::optional{ RequestId{ std::string{ text } } };
    }
    TRY(const auto number, read_optional_number(frame, "id", 0, max_number));
    if (!number)
        return wants("id", "a text or a whole number");
    return std::optional{ RequestId{ static_cast<std::int64_t>(*number) } };
}

tl::unexpected<FrameError> refuse(ErrorCode code, std::string detail, Envelope envelope, bool answered = true)
{
    return tl::unexpected<FrameError>{ FrameError{ RequestError{ .code = code, .detail = std::move(detail) },
                                                   std::move(envelope.id), envelope.ack, answered } };
}

Read<Envelope> read_envelope(const json::object& frame)
{
    Envelope envelope;
    const auto* version = frame.if_contains("jsonrpc");
    if (version == nullptr || !version->is_string() || version->get_string() != "2.0")
        return wants("jsonrpc", "\"2.0\"");
    TRY(envelope.id, read_id(frame));
    TRY(envelope.ack, read_optional_number(frame, "ack", 0, max_number));
    return envelope;
}

tl::expected<Frame, FrameError> read_frame(const json::object& object)
{
    auto envelope = read_envelope(object);
    if (!envelope)
        return refuse(ErrorCode::invalid_request, std::move(envelope).error(), {});
    const auto* name = object.if_contains("method");
    if (name == nullptr || !name->is_string())
        return refuse(ErrorCode::invalid_request, "method wants a text", *std::move(envelope));
    const std::string_view wanted{ name->get_string().data(), name->get_string().size() };
    const auto* method = std::ranges::find(methods, wanted, &Method::name);
    const auto answered = envelope->id.has_value();
    if (method == methods.end())
        return refuse(ErrorCode::unknown_method, {}, *std::move(envelope), answered);
    if (method->wants_id && !answered)
        return refuse(ErrorCode::invalid_request, "this method wants an id", *std::move(envelope));

    const auto* params = object.if_contains("params");
    const json::object none;
    if (params != nullptr && !params->is_object())
        return refuse(ErrorCode::invalid_params, "params wants an object", *std::move(envelope), answered);
    auto request = method->read(params == nullptr ? none : params->get_object());
    if (!request)
        return refuse(ErrorCode::invalid_params, std::move(request).error(), *std::move(envelope), answered);
    return Frame{ std::move(envelope->id), envelope->ack, *std::move(request) };
}

}  // namespace

tl::expected<Frame, FrameError> parse_frame(std::string_view text)
{
    if (text.size() > max_frame)
        return refuse(ErrorCode::too_large, {}, {});
    std::array<unsigned char, std::size_t{ 8 } * 1024> first_block;  // NOLINT: not worth clearing
    json::monotonic_resource memory{ first_block.data(), first_block.size() };
    json::parse_options options;
    options.max_depth = max_depth;
    boost::system::error_code error;
    const auto value = json::parse(json::string_view{ text.data(), text.size() }, error, &memory, options);
    if (error)
        return refuse(ErrorCode::parse_error, {}, {});
    if (!value.is_object())
        return refuse(ErrorCode::invalid_request, "a frame is one object", {});
    return read_frame(value.get_object());
}

std::span<const std::string_view> client_methods() noexcept
{
    return method_names;
}

std::span<const std::string_view> server_methods() noexcept
{
    return event_names;
}

}  // namespace component::web
