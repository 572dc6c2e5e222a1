#include "component/web/error.hpp"

#include "base/enum_table.hpp"

namespace component::web {
namespace {

using base::EnumRow;

constexpr std::array messages{
    EnumRow<ErrorCode>{ ErrorCode::parse_error, "this is no JSON" },
    EnumRow<ErrorCode>{ ErrorCode::invalid_request, "this is no request" },
    EnumRow<ErrorCode>{ ErrorCode::unknown_method, "there is no such method" },
    EnumRow<ErrorCode>{ ErrorCode::invalid_params, "the parameters are wrong" },
    EnumRow<ErrorCode>{ ErrorCode::internal, "this went wrong here" },
    EnumRow<ErrorCode>{ ErrorCode::unauthorized, "not authorised" },
    EnumRow<ErrorCode>{ ErrorCode::forbidden, "not allowed" },
    EnumRow<ErrorCode>{ ErrorCode::unavailable, "nobody can be reached there" },
    EnumRow<ErrorCode>{ ErrorCode::rate_limited, "too often" },
    EnumRow<ErrorCode>{ ErrorCode::bad_sdp, "the description cannot be used" },
    EnumRow<ErrorCode>{ ErrorCode::wrong_state, "not now" },
    EnumRow<ErrorCode>{ ErrorCode::too_large, "too large" },
    EnumRow<ErrorCode>{ ErrorCode::draining, "no new calls here: this server is about to stop" },
};

ErrorCode code_of(jingle::call::PageError::Code code)
{
    using Code = jingle::call::PageError::Code;
    switch (code) {
    case Code::forbidden: return ErrorCode::forbidden;
    case Code::unavailable: return ErrorCode::unavailable;
    case Code::rate_limited: return ErrorCode::rate_limited;
    case Code::bad_sdp: return ErrorCode::bad_sdp;
    case Code::wrong_state: return ErrorCode::wrong_state;
    case Code::too_large: return ErrorCode::too_large;
    case Code::draining: return ErrorCode::draining;
    }
    return ErrorCode::internal;
}

}  // namespace

std::string_view message_of(ErrorCode code) noexcept
{
    return base::find_token(messages, code);
}

RequestError to_error(const jingle::call::PageError& error)
{
    RequestError result{ .code = code_of(error.code), .detail = error.detail, .line = error.line };
    if (result.code == ErrorCode::rate_limited)
        result.retry_after = 60;
    return result;
}

}  // namespace component::web
