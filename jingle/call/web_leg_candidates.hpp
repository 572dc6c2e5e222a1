#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "jingle/call/page.hpp"
#include "jingle/session.hpp"
#include "jingle/slots.hpp"
#include "sdp/description.hpp"

namespace jingle::call {

/// Most candidates of one call.candidates, and most that wait for their description.
inline constexpr std::size_t max_page_candidates = 100;
inline constexpr std::size_t max_waiting_candidates = 200;
inline constexpr std::size_t max_candidate_bytes = 1024;

/// ICE credentials of an m-line, as a description said them last.
struct WebCredentials {
    std::string mid;
    std::string ufrag;
    std::string pwd;

    friend bool operator==(const WebCredentials&, const WebCredentials&) = default;
};

/// Those of each live m-line; the tagged one's for what is bundled without its own.
[[nodiscard]] std::vector<WebCredentials> credentials_of(const sdp::Description& description,
                                                         base::Arena& arena);
[[nodiscard]] const WebCredentials* find_mid(const std::vector<WebCredentials>& all,
                                             std::string_view mid) noexcept;
[[nodiscard]] bool has_ufrag(const std::vector<WebCredentials>& all, std::string_view ufrag) noexcept;

/// A candidate of a page, read. Its texts are views into the arena.
struct ReadCandidate {
    std::string_view mid;  ///< empty: the first live m-line
    std::string_view ufrag;  ///< empty: the current one
    std::optional<sdp::Candidate> candidate;  ///< absent: no more of them
};

/// Errc::unsupported and Errc::forbidden (host names but mDNS ones): no endpoint may use it, and it alone is
/// left out; anything else refuses the batch.
[[nodiscard]] base::Result<ReadCandidate> read_candidate(const PageCandidate& candidate, const Slots& slots,
                                                         base::Arena& arena);

/// Candidates of one m-line as the fragment that a transport-info is made from (RFC 8840, 9).
[[nodiscard]] sdp::Description fragment_of(const WebCredentials& credentials,
                                           const std::vector<const ReadCandidate*>& candidates,
                                           base::Arena& arena);

/// What the fragment of a transport-info says, for the page. `slots` gives the m-lines their index.
[[nodiscard]] base::Result<PageCandidates> to_page(const sdp::Description& fragment, const Slots& slots);

/// Adds the ufrags that a request says.
void add_ufrags(const Jingle& request, std::vector<std::string>& out);

/// True when a content of the request has a candidate, or says that there are no more.
[[nodiscard]] bool has_candidates(const Jingle& request) noexcept;

}  // namespace jingle::call
