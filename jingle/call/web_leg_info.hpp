#pragma once

#include <utility>
#include <vector>

#include "jingle/call/page.hpp"
#include "jingle/session_info.hpp"
#include "jingle/slots.hpp"

namespace jingle::call {

/// Hold and mute of one call as a page shows them: call.info and session-info (XEP-0167, 8) say what changes.
/// They are told apart from directions: a hold that is meant for the media comes as an offer as well.
class WebLegInfo {
public:
    /// The session-infos that say what `info` of the page changes. Their names are views into `slots`.
    [[nodiscard]] std::vector<RtpInfo> said(const PageInfo& info, const Slots& slots);
    /// What the page hears of a session-info; empty when it changes nothing, and for ringing.
    [[nodiscard]] std::optional<PageInfo> heard(const RtpInfo& info, const Slots& slots);

    [[nodiscard]] bool is_held() const noexcept { return far_.hold; }
    /// All that the page is to show of the other side.
    [[nodiscard]] PageInfo shown(const Slots& slots) const { return { far_.hold, muted_kinds(slots), {} }; }
    /// Whether that is anything: a page begins by showing nothing.
    [[nodiscard]] bool is_shown(const Slots& slots) const { return far_.hold || !muted_kinds(slots).empty(); }

    struct Side {
        bool hold = false;
        std::vector<bool> muted{};  ///< per slot
    };
    WebLegInfo() = default;
    /// As they were written down.
    WebLegInfo(Side own, Side far)
        : own_{ std::move(own) }
        , far_{ std::move(far) }
    {
    }
    [[nodiscard]] const Side& own() const noexcept { return own_; }
    [[nodiscard]] const Side& far() const noexcept { return far_; }

private:
    [[nodiscard]] std::vector<std::string> muted_kinds(const Slots& slots) const;

    Side own_;
    Side far_;
};

/// What is live in `slots`.
[[nodiscard]] PageMedia media_of(const Slots& slots) noexcept;

}  // namespace jingle::call
