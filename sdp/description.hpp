#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "base/enum_table.hpp"
#include "base/list.hpp"
#include "base/result.hpp"
#include "sdp/attributes.hpp"
#include "sdp/candidate.hpp"

namespace sdp {

/// Limits of one description (docs/limits.md). How often an attribute may stand is in the table of rules.cpp.
inline constexpr std::size_t max_bytes = 64 * 1024;
inline constexpr std::size_t max_line = 8 * 1024;
inline constexpr std::size_t max_lines = 2000;
inline constexpr std::size_t max_media = 128;
inline constexpr std::size_t max_formats = 64;
inline constexpr std::size_t max_feedback = 16;  ///< a=rtcp-fb of one payload type
inline constexpr std::size_t max_sources = 128;  ///< of one m-section
inline constexpr std::size_t max_source_attributes = 8;  ///< a=ssrc of one source

/// o=<username> <sess-id> <sess-version> <nettype> <addrtype> <address>
struct Origin {
    std::string_view username = "-";
    std::string_view sess_id = "0";
    std::string_view sess_version = "0";
    std::string_view net_type = "IN";
    std::string_view address_type = "IP4";
    std::string_view address = "0.0.0.0";

    friend bool operator==(const Origin&, const Origin&) = default;
};

/// c=<nettype> <addrtype> <address>
struct Connection {
    std::string_view net_type = "IN";
    std::string_view address_type = "IP4";
    std::string_view address = "0.0.0.0";

    friend bool operator==(const Connection&, const Connection&) = default;
};

/// b=<type>:<value>
struct Bandwidth {
    std::string_view type;
    std::string_view value;

    friend bool operator==(const Bandwidth&, const Bandwidth&) = default;
};

/// A line of a type that has no member: i= u= e= p= k= z= r=, and t= from the second on.
struct OtherLine {
    char type = ' ';
    std::string_view value;

    friend bool operator==(const OtherLine&, const OtherLine&) = default;
};

/// A line that the reader left out, and why: a candidate that cannot be used, a hash nobody may use, an
/// attribute at a level where it has no meaning. Kept so that nothing goes without a word; never printed.
struct Dropped {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    base::Errc code = base::Errc::malformed;
    std::string_view what;

    friend bool operator==(const Dropped&, const Dropped&) = default;
};

/// What may stand at session level for every medium, and at media level (RFC 8839, 8122, 8285, 8841).
struct TransportAttributes {
    std::optional<std::string_view> ice_ufrag;
    std::optional<std::string_view> ice_pwd;
    base::List<std::string_view> ice_options;
    base::List<Fingerprint> fingerprints;
    std::optional<Setup> setup;
    std::optional<std::string_view> tls_id;
    base::List<ExtMap> extmaps;
    bool extmap_allow_mixed = false;
    std::optional<Direction> direction;

    friend bool operator==(const TransportAttributes&, const TransportAttributes&) = default;
};

/// One m-section.
struct Media {
    std::string_view media;  ///< "audio", "video", "application", ...
    std::uint16_t port = 9;
    std::optional<std::uint32_t> port_count;  ///< m=audio 5004/2
    std::string_view proto;
    base::List<std::string_view> formats;

    std::optional<Connection> connection;
    base::List<Bandwidth> bandwidths;
    base::List<OtherLine> other_lines;

    TransportAttributes transport;
    std::optional<std::string_view> mid;
    base::List<Candidate> candidates;
    base::List<RemoteCandidate> remote_candidates;
    bool end_of_candidates = false;

    std::optional<Rtcp> rtcp;
    bool rtcp_mux = false;
    bool rtcp_rsize = false;
    bool bundle_only = false;
    base::List<RtpMap> rtpmaps;
    base::List<Fmtp> fmtps;
    base::List<RtcpFb> rtcp_fbs;
    std::optional<std::string_view> ptime;
    std::optional<std::string_view> maxptime;
    base::List<Msid> msids;
    base::List<SsrcAttribute> ssrcs;
    base::List<SsrcGroup> ssrc_groups;
    base::List<std::string_view> content;  ///< a=content (RFC 4796)
    base::List<Crypto> cryptos;
    base::List<ZrtpHash> zrtp_hashes;
    std::optional<std::uint32_t> sctp_port;
    std::optional<std::string_view> max_message_size;
    std::optional<SctpMap> sctpmap;
    base::List<Attribute> other;  ///< every attribute without a member, in order

    friend bool operator==(const Media&, const Media&) = default;
};

/// A session description (RFC 8866) as WebRTC endpoints write it (RFC 9429). Its texts are views into the
/// text that was parsed and into the arena.
struct Description {
    Origin origin;
    std::string_view session_name = "-";
    std::string_view timing = "0 0";
    std::optional<Connection> connection;
    base::List<Bandwidth> bandwidths;
    base::List<OtherLine> other_lines;
    TransportAttributes transport;  ///< defaults for every medium
    bool ice_lite = false;
    bool end_of_candidates = false;  ///< for every medium (RFC 8840)
    base::List<Group> groups;
    base::List<Attribute> other;  ///< every session attribute without a member, in order
    base::List<Media> media;
    base::List<Dropped> dropped;

    /// Liberal: LF line ends, a missing last line end, empty lines at the end, trailing blanks, any order of
    /// attributes. Refuses
    /// control characters (TAB too), invalid UTF-8, and what breaks its grammar or a limit, with line and
    /// column. Other lines that no endpoint could use are left out and listed in `dropped`. Payload
    /// attributes come in the order of the m= line. `text` must outlive the result.
    static base::Result<Description> parse(std::string_view text, base::Arena& arena);
    /// Canonical (the rows of rules.cpp are the order of attributes), CRLF. Whatever stands in a value, it
    /// cannot start a line of its own: a control character, or a blank within a field, is an error and
    /// nothing is appended.
    [[nodiscard]] base::Result<std::string> to_string() const;
    [[nodiscard]] base::Result<void> append_to(std::string& out) const;

    /// The same for a fragment (application/trickle-ice-sdpfrag, RFC 8840, 9): no v= o= s= t= lines.
    static base::Result<Description> parse_fragment(std::string_view text, base::Arena& arena);
    [[nodiscard]] base::Result<std::string> fragment_to_string() const;
    [[nodiscard]] base::Result<void> append_fragment_to(std::string& out) const;

    friend bool operator==(const Description&, const Description&) = default;
};

}  // namespace sdp
