#include "jingle/session_to_sdp.hpp"

#include <algorithm>
#include <optional>

#include "base/names.hpp"
#include "jingle/bundling.hpp"
#include "jingle/carry.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

namespace {

constexpr std::string_view mid_extension = "urn:ietf:params:rtp-hdrext:sdes:mid";

bool is_mid_extension(const sdp::ExtMap& extmap)
{
    return extmap.uri == mid_extension;
}

/// The session section of one description in the making.
class SessionTranslation {
public:
    SessionTranslation(const Jingle& jingle, const ToSdp& how, Groups groups, const Slots& slots,
                       sdp::Description& out, base::Arena& arena)
        : jingle_{ jingle }
        , how_{ how }
        , groups_{ groups }
        , slots_{ slots }
        , out_{ out }
        , arena_{ arena }
    {
    }

    base::Result<void> run()
    {
        Report report{ {}, how_.notes, arena_ };
        if (how_.current != nullptr)
            keep_session(*how_.current);
        else
            TRY_VOID(add_carried_session(report));
        // Groups come with added contents only; else they stay, without what is no longer there.
        if (groups_ == Groups::kept)
            out_.groups = live_groups(how_.current->groups, out_, arena_);
        else
            for (const auto& group : jingle_.groups)
                add_group(group, report);
        settle_mid_extension();
        return report.result();
    }

private:
    base::Result<void> add_carried_session(Report& report)
    {
        TRY(const auto carry, Carry::read(jingle_.extra, how_.trust, report, arena_));
        for (const auto& attribute : carry.attributes)
            add_session_attribute(attribute);
        for (const auto& line : carry.lines)
            add_session_line(line, report);
        return {};
    }

    /// A change of contents says nothing new about the session.
    void keep_session(const sdp::Description& current)
    {
        out_.session_name = current.session_name;
        out_.timing = current.timing;
        out_.bandwidths = current.bandwidths;
        out_.other_lines = current.other_lines;
        out_.ice_lite = current.ice_lite;
        out_.other = current.other;
    }

    void add_session_attribute(const sdp::Attribute& attribute)
    {
        if (attribute.name == "ice-lite")
            out_.ice_lite = true;
        else if (attribute.name != "rtpmap")
            out_.other.push_back(arena_, attribute);
    }

    void add_session_line(const CarriedLine& line, Report& report)
    {
        const auto colon = line.value.find(':');
        if (line.type == 's')
            out_.session_name = line.value;
        else if (line.type == 't')
            out_.timing = report.checked(sdp::is_timing, line.value, "carried t=");
        else if (line.type == 'b' && colon != std::string_view::npos)
            out_.bandwidths.push_back(
                arena_,
                { report.token(line.value.substr(0, colon), "carried b="),
                  report.checked(sdp::is_digits, line.value.substr(colon + 1), "carried b=") });
        else if (line.type == 'b' || line.type == 'c')
            report.refuse(base::Errc::malformed, "carried line of the session");
        else if (line.type != 'k' || how_.audience != Audience::webrtc)
            out_.other_lines.push_back(arena_, { line.type, line.value });
        else
            report.left_out(Loss::carried_not_allowed, "k");
    }

    /// Members that are no live m-line are left out: a rejected one must not be bundled.
    void add_group(const Group& group, Report& report)
    {
        sdp::Group added{ report.token(group.semantics, "semantics of a group"), {} };
        for (const auto name : group.contents) {
            const auto slot = slots_.find_name(name);
            if (!slot || *slot >= out_.media.size() || sdp::is_rejected(out_.media[*slot])) {
                report.left_out(Loss::group_member_unknown, name);
                continue;
            }
            const auto mid = *out_.media[*slot].mid;
            if (group.semantics == bundle && is_in_bundle(mid, added))
                return report.refuse(base::Errc::duplicate, "content that is bundled twice");
            added.mids.push_back(arena_, mid);
        }
        if (!added.mids.empty())
            out_.groups.push_back(arena_, added);
    }

    [[nodiscard]] bool is_in_bundle(std::string_view mid, const sdp::Group& added) const
    {
        const auto has = [&](const sdp::Group& group) {
            return group.semantics == bundle && base::contains(group.mids, mid);
        };
        return has(added) || std::any_of(out_.groups.begin(), out_.groups.end(), has);
    }

    /// With one id in the whole bundle (RFC 9143, 9.1) the m-line of a packet can be told: the first that is
    /// said stands, others are left out.
    void settle_mid_extension()
    {
        for (const auto& group : out_.groups) {
            if (group.semantics != bundle)
                continue;
            std::optional<std::uint32_t> id;
            for (auto& media : out_.media) {
                if (!media.mid || !base::contains(group.mids, *media.mid))
                    continue;
                const auto& extmaps = media.transport.extmaps;
                const auto* const found = std::find_if(extmaps.begin(), extmaps.end(), is_mid_extension);
                if (found == extmaps.end())
                    continue;
                if (!id)
                    id = found->id;
                else if (*id != found->id)
                    drop_mid_extension(media);
            }
        }
    }

    /// A new list: the old one may be shared with the description that was said before.
    void drop_mid_extension(sdp::Media& media)
    {
        Report report{ *media.mid, how_.notes, arena_ };
        base::List<sdp::ExtMap> kept;
        for (const auto& extmap : media.transport.extmaps)
            if (!is_mid_extension(extmap))
                kept.push_back(arena_, extmap);
        media.transport.extmaps = kept;
        report.left_out(Loss::header_extension_conflict, mid_extension);
    }

    const Jingle& jingle_;
    const ToSdp& how_;
    Groups groups_;
    const Slots& slots_;
    sdp::Description& out_;
    base::Arena& arena_;
};

}  // namespace

base::Result<void> session_to_sdp(const Jingle& jingle, const ToSdp& how, Groups groups, const Slots& slots,
                                  sdp::Description& out, base::Arena& arena)
{
    return SessionTranslation{ jingle, how, groups, slots, out, arena }.run();
}

}  // namespace jingle
