#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "component/commands.hpp"
#include "jingle/locate.hpp"
#include "jingle/session.hpp"
#include "sdp/description.hpp"

namespace jingle {
struct Profile;
}

/// What the commands sdp2jingle and jingle2sdp do, without the reading and printing.
namespace component {

inline constexpr std::size_t max_xml_bytes = 256 * 1024;

/// A description with the text and arena that it lives in.
struct SdpText {
    std::string text;
    base::Arena arena;
    sdp::Description description;

    static base::Result<std::unique_ptr<SdpText>> parse(std::string text);
};

struct SdpToJingle {
    jingle::Action action = jingle::Action::session_initiate;
    jingle::Role writer = jingle::Role::initiator;
    std::string sid;
    std::optional<std::string> initiator;
    std::optional<std::string> responder;
    const jingle::Profile* profile = nullptr;
    const sdp::Description* offer = nullptr;
};

struct JingleToSdp {
    std::optional<jingle::Role> writer;  ///< absent: from the action
    const sdp::Description* offer = nullptr;
    const sdp::Description* current = nullptr;
};

/// Something that was left out or changed.
struct Remark {
    jingle::Place place;
    std::string text;
};

struct Translated {
    std::vector<std::string> texts;
    std::vector<Remark> remarks;
};

/// The options as values; the error is for the user.
[[nodiscard]] tl::expected<SdpToJingle, std::string> parse_sdp2jingle(const Arguments& arguments);
[[nodiscard]] tl::expected<JingleToSdp, std::string> parse_jingle2sdp(const Arguments& arguments);
/// The value of --for, null without it.
[[nodiscard]] tl::expected<const jingle::Profile*, std::string> parse_profile(const Arguments& arguments);
/// The profiles for `--for help`, one a line.
[[nodiscard]] std::string profile_list();

/// Errors have their place.
[[nodiscard]] base::Result<Translated> sdp_to_jingle(std::string_view text, const SdpToJingle& how);
[[nodiscard]] base::Result<Translated> jingle_to_sdp(std::string_view xml, const JingleToSdp& how);

}  // namespace component
