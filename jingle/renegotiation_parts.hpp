#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "jingle/session.hpp"
#include "sdp/description.hpp"

/// What the files of Renegotiation share; internal to them.
namespace jingle::renegotiate {

[[nodiscard]] std::string written(const Jingle& request);
/// What was written by us, or was read before: it reads.
[[nodiscard]] base::Result<Jingle> read_back(std::string_view xml, base::Arena& arena);
[[nodiscard]] base::Error error(base::Errc code, std::string_view what);
/// True when a live m-line of both has another certificate now.
[[nodiscard]] bool is_renewed(const sdp::Description& before, const sdp::Description& now,
                              base::Arena& arena);
/// The role of the side that said `own`, in the DTLS association of the two; absent when neither says.
[[nodiscard]] std::optional<sdp::Setup> settled_role(const sdp::Description& own,
                                                     const sdp::Description& peer);
[[nodiscard]] bool is_live(const sdp::Description& description, std::size_t index);
/// What the direction of an m-line says, written by `writer`; both where there is none to say.
[[nodiscard]] Senders senders_of(const sdp::Description& description, std::size_t index, Role writer);
/// Everybody else.
[[nodiscard]] Senders complement(Senders senders);

}  // namespace jingle::renegotiate
