#pragma once

#include <array>

#include "base/enum_table.hpp"
#include "component/web/ports.hpp"

/// The closed lists of words of carillon.v1, as tables; the schema has the same ones.
namespace component::web {

using base::EnumRow;
using jingle::call::PageDescription;
using jingle::call::PageReason;

inline constexpr std::array reason_words{
    EnumRow<PageReason>{ PageReason::user_hangup, "user_hangup" },
    EnumRow<PageReason>{ PageReason::declined, "declined" },
    EnumRow<PageReason>{ PageReason::busy, "busy" },
    EnumRow<PageReason>{ PageReason::unavailable, "unavailable" },
    EnumRow<PageReason>{ PageReason::cancelled, "cancelled" },
    EnumRow<PageReason>{ PageReason::invite_timeout, "invite_timeout" },
    EnumRow<PageReason>{ PageReason::answered_elsewhere, "answered_elsewhere" },
    EnumRow<PageReason>{ PageReason::declined_elsewhere, "declined_elsewhere" },
    EnumRow<PageReason>{ PageReason::ice_failed, "ice_failed" },
    EnumRow<PageReason>{ PageReason::media_error, "media_error" },
    EnumRow<PageReason>{ PageReason::incompatible, "incompatible" },
    EnumRow<PageReason>{ PageReason::security, "security" },
    EnumRow<PageReason>{ PageReason::replaced, "replaced" },
    EnumRow<PageReason>{ PageReason::gone, "gone" },
    EnumRow<PageReason>{ PageReason::policy, "policy" },
    EnumRow<PageReason>{ PageReason::error, "error" },
};

/// Those with which a page may refuse.
inline constexpr std::array reject_words{
    EnumRow<PageReason>{ PageReason::declined, "declined" },
    EnumRow<PageReason>{ PageReason::busy, "busy" },
    EnumRow<PageReason>{ PageReason::unavailable, "unavailable" },
};

inline constexpr std::array description_words{
    EnumRow<PageDescription::Type>{ PageDescription::Type::offer, "offer" },
    EnumRow<PageDescription::Type>{ PageDescription::Type::answer, "answer" },
    EnumRow<PageDescription::Type>{ PageDescription::Type::rollback, "rollback" },
};

inline constexpr std::array candidate_words{
    EnumRow<CandidateType>{ CandidateType::host, "host" },
    EnumRow<CandidateType>{ CandidateType::srflx, "srflx" },
    EnumRow<CandidateType>{ CandidateType::prflx, "prflx" },
    EnumRow<CandidateType>{ CandidateType::relay, "relay" },
};

inline constexpr std::array direction_words{
    EnumRow<LiveCall::Direction>{ LiveCall::Direction::incoming, "incoming" },
    EnumRow<LiveCall::Direction>{ LiveCall::Direction::outgoing, "outgoing" },
};

inline constexpr std::array state_words{
    EnumRow<LiveCall::State>{ LiveCall::State::ringing, "ringing" },
    EnumRow<LiveCall::State>{ LiveCall::State::connecting, "connecting" },
    EnumRow<LiveCall::State>{ LiveCall::State::active, "active" },
};

/// Available has no word: it is the absence of one (RFC 6121, 4.7.2.1).
inline constexpr std::array show_words{
    EnumRow<Callability::Show>{ Callability::Show::away, "away" },
    EnumRow<Callability::Show>{ Callability::Show::chat, "chat" },
    EnumRow<Callability::Show>{ Callability::Show::dnd, "dnd" },
    EnumRow<Callability::Show>{ Callability::Show::xa, "xa" },
};

}  // namespace component::web
