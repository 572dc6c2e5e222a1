#include "base/result.hpp"

namespace base {

std::string_view to_string(Errc code) noexcept
{
    switch (code) {
    case Errc::missing: return "missing";
    case Errc::malformed: return "malformed";
    case Errc::out_of_range: return "out of range";
    case Errc::unknown_token: return "unknown token";
    case Errc::duplicate: return "duplicate";
    case Errc::too_long: return "too long";
    case Errc::forbidden: return "forbidden";
    case Errc::unsupported: return "unsupported";
    }
    return "unknown error";
}

}  // namespace base
