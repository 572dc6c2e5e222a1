#pragma once

#include <array>

#include "base/enum_table.hpp"

namespace jingle {

/// Who a content belongs to, and the two roles of a session (XEP-0166).
enum class Role { initiator, responder };

inline constexpr std::array<base::EnumRow<Role>, 2> role_rows{ {
    { Role::initiator, "initiator" },
    { Role::responder, "responder" },
} };

/// content/@senders of XEP-0166. `rejected` is Jitsi's word for a rejected m-line: read, never written.
enum class Senders { both, initiator, responder, none, rejected };

inline constexpr std::array<base::EnumRow<Senders>, 5> senders_rows{ {
    { Senders::both, "both" },
    { Senders::initiator, "initiator" },
    { Senders::responder, "responder" },
    { Senders::none, "none" },
    { Senders::rejected, "rejected" },
} };

constexpr const auto& enum_rows(Role)
{
    return role_rows;
}
constexpr const auto& enum_rows(Senders)
{
    return senders_rows;
}

}  // namespace jingle
