#include <algorithm>
#include <array>

#include "base/scan.hpp"
#include "jingle/adapt.hpp"
#include "jingle/bundling.hpp"
#include "jingle/explain.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/proto.hpp"
#include "sdp/inherit.hpp"
#include "sdp/lines.hpp"

namespace jingle {

namespace {

/// A line of the description with all that decides what becomes of it.
struct At {
    std::string_view name;  ///< "a=fingerprint", "c="
    std::string_view value;
    const sdp::Description& description;
    const sdp::Description& with_inheritance;
    const sdp::Media* written;  ///< null in the session section
    const sdp::Media* resolved;
    const Content* content;  ///< what the m-section became
    std::size_t count;  ///< of earlier lines of that type in the section

    [[nodiscard]] bool is_session() const noexcept { return written == nullptr; }
    [[nodiscard]] bool is_rtp() const noexcept
    {
        return is_session() || find_media_kind(resolved->proto) == MediaKind::rtp;
    }
};

using Decide = Fate (*)(const At& at);

struct Decision {
    std::string_view line;
    Decide decide;
};

/// True when some m-section takes the value from the session.
template <class Missing>
bool is_inherited(const At& at, Missing is_missing)
{
    const auto& media = at.description.media;
    return std::any_of(media.begin(), media.end(),
                       [&](const sdp::Media& m) { return !sdp::is_rejected(m) && is_missing(m); });
}

/// What stands at session level counts where an m-section has nothing of its own.
template <auto Member>
Fate by_inheritance(const At& at)
{
    if (!at.is_session())
        return Fate::translated;
    const auto is_missing = [](const sdp::Media& media) {
        const auto& own = media.transport.*Member;
        if constexpr (requires { own.empty(); })
            return own.empty();
        else
            return !own.has_value();
    };
    return is_inherited(at, is_missing) ? Fate::translated : Fate::implied;
}

Fate decide_name(const At& at)
{
    return at.value.find_first_not_of(' ') == std::string_view::npos || at.value == "-" ? Fate::implied
                                                                                        : Fate::carried;
}

Fate decide_timing(const At& at)
{
    return at.value == "0 0" && at.count == 0 ? Fate::implied : Fate::carried;
}

Fate decide_bandwidth(const At& at)
{
    return at.is_session() || at.count > 0 ? Fate::carried : Fate::translated;
}

Fate decide_connection(const At& at)
{
    const auto is_used = [](const sdp::Media& media) { return !media.connection; };
    if (at.is_session() && !is_inherited(at, is_used))
        return Fate::implied;
    const auto& all = at.with_inheritance.media;
    if (at.is_session() ? std::any_of(all.begin(), all.end(), is_raw_udp) : is_raw_udp(*at.resolved))
        return Fate::translated;
    return at.value == "IN IP4 0.0.0.0" ? Fate::implied : Fate::carried;
}

Fate decide_rtcp(const At& at)
{
    if (is_raw_udp(*at.resolved))
        return at.resolved->rtcp_mux ? Fate::implied : Fate::translated;
    return at.value == "9" || at.value == "9 IN IP4 0.0.0.0" ? Fate::implied : Fate::carried;
}

Fate decide_ice_options(const At& at)
{
    if (by_inheritance<&sdp::TransportAttributes::ice_options>(at) == Fate::implied)
        return Fate::implied;
    auto rest = at.value;
    for (auto word = base::next_token(rest); !word.empty(); word = base::next_token(rest))
        if (word == "trickle" || word == "renomination")
            return Fate::translated;
    return Fate::carried;
}

Fate decide_tls_id(const At& at)
{
    const auto fate = by_inheritance<&sdp::TransportAttributes::tls_id>(at);
    return fate == Fate::translated ? Fate::carried : fate;
}

Fate decide_setup(const At& at)
{
    if (!at.is_session() && at.resolved->transport.fingerprints.empty())
        return Fate::left_out;
    return by_inheritance<&sdp::TransportAttributes::setup>(at);
}

Fate decide_extmap(const At& at)
{
    if (!at.is_rtp())
        return Fate::left_out;
    if (!at.is_session())
        return Fate::translated;
    const auto id = at.value.substr(0, at.value.find_first_of("/ "));
    const auto number = base::parse_number<std::uint32_t>(id, "id").value_or(0U);
    const auto is_free = [number](const sdp::Media& media) {
        const auto& own = media.transport.extmaps;
        return find_media_kind(media.proto) == MediaKind::rtp
            && std::none_of(own.begin(), own.end(), [&](const auto& map) { return map.id == number; });
    };
    return is_inherited(at, is_free) ? Fate::translated : Fate::implied;
}

Fate decide_allow_mixed(const At& at)
{
    if (!at.is_rtp())
        return Fate::left_out;
    const auto is_missing = [](const sdp::Media& media) {
        return find_media_kind(media.proto) == MediaKind::rtp && !media.transport.extmap_allow_mixed;
    };
    if (at.is_session())
        return is_inherited(at, is_missing) ? Fate::translated : Fate::implied;
    return at.description.transport.extmap_allow_mixed ? Fate::implied : Fate::translated;
}

Fate decide_direction(const At& at)
{
    const auto& session = at.description.transport.direction;
    if (at.is_session()) {
        const auto is_missing = [](const sdp::Media& media) {
            return find_media_kind(media.proto) == MediaKind::rtp && !media.transport.direction;
        };
        return at.name != "a=sendrecv" && is_inherited(at, is_missing) ? Fate::translated : Fate::implied;
    }
    if (at.name != "a=sendrecv")
        return Fate::translated;
    const auto overrides = at.is_rtp() && session && *session != sdp::Direction::sendrecv;
    return overrides ? Fate::translated : Fate::implied;
}

Fate decide_end_of_candidates(const At& at)
{
    const auto is_missing = [](const sdp::Media& media) { return !media.end_of_candidates; };
    if (at.is_session())
        return is_inherited(at, is_missing) ? Fate::translated : Fate::implied;
    return at.description.end_of_candidates ? Fate::implied : Fate::translated;
}

/// Lines of a payload type go where it goes.
Fate decide_payload(const At& at)
{
    const auto id = at.value.substr(0, at.value.find(' '));
    if (id == "*")
        return Fate::translated;
    const auto number = base::parse_number<std::uint8_t>(id, "payload type");
    const auto* description = at.content->rtp();
    const auto is_kept = number && description != nullptr
        && std::any_of(description->payload_types.begin(), description->payload_types.end(),
                       [&](const PayloadType& type) { return type.id == *number; });
    return is_kept ? Fate::translated : Fate::left_out;
}

Fate decide_duration(const At& at)
{
    const auto number = base::parse_number<std::uint32_t>(at.value, "ptime");
    const auto* description = at.content->rtp();
    const auto has_place = description != nullptr && !description->payload_types.empty();
    return number && *number != 0 && has_place ? Fate::translated : Fate::carried;
}

constexpr auto decisions = std::to_array<Decision>({
    { "s=", decide_name },
    { "t=", decide_timing },
    { "b=", decide_bandwidth },
    { "c=", decide_connection },
    { "a=rtcp", decide_rtcp },
    { "a=ice-options", decide_ice_options },
    { "a=ice-ufrag", by_inheritance<&sdp::TransportAttributes::ice_ufrag> },
    { "a=ice-pwd", by_inheritance<&sdp::TransportAttributes::ice_pwd> },
    { "a=fingerprint", by_inheritance<&sdp::TransportAttributes::fingerprints> },
    { "a=setup", decide_setup },
    { "a=tls-id", decide_tls_id },
    { "a=extmap", decide_extmap },
    { "a=extmap-allow-mixed", decide_allow_mixed },
    { "a=sendrecv", decide_direction },
    { "a=sendonly", decide_direction },
    { "a=recvonly", decide_direction },
    { "a=inactive", decide_direction },
    { "a=end-of-candidates", decide_end_of_candidates },
    { "a=rtpmap", decide_payload },
    { "a=fmtp", decide_payload },
    { "a=rtcp-fb", decide_payload },
    { "a=ptime", decide_duration },
    { "a=maxptime", decide_duration },
});

/// "a=fingerprint" of a=fingerprint:..., "c=" of any other line.
std::string_view line_name(const sdp::Line& line)
{
    const auto* start = line.value.data() - 2;
    if (line.type != 'a')
        return { start, 2 };
    return { start, 2 + std::min(line.value.find(':'), line.value.size()) };
}

constexpr std::string_view rejected_section = "rejected m-line: its place is remembered";
constexpr std::string_view overridden = "each m-section has its own";

/// All lines of one description.
class Explainer {
public:
    Explainer(std::string_view text, const Profile* profile, base::Arena& arena)
        : text_{ text }
        , profile_{ profile }
        , arena_{ arena }
    {
    }

    base::Result<Explanations> run()
    {
        auto description = sdp::Description::parse(text_, arena_);
        if (!description)
            return tl::unexpected{ with_place(description.error(), {}) };
        description_ = *description;
        resolved_ = resolve(description_, arena_);
        const FromSdp how{
            .sid = {}, .initiator = {}, .responder = {}, .slots = slots_, .only = {}, .notes = &notes_
        };
        auto request = from_sdp(description_, how, arena_);
        if (!request)
            return tl::unexpected{ with_place(request.error(), locate(text_, request.error().what)) };
        request_ = *request;
        sdp::Lines lines{ text_ };
        for (auto line = lines.next(); line && *line; line = lines.next())
            add(**line);
        apply_dropped();
        apply_notes();
        if (profile_ != nullptr) {
            TRY_VOID(apply_profile());
        }
        return rows_;
    }

private:
    static base::Error with_place(base::Error error, Place place)
    {
        error.line = std::max(error.line, place.line);
        error.column = std::max(error.column, std::uint32_t{ 1 });
        return error;
    }

    void add(const sdp::Line& line)
    {
        if (line.type == 'm') {
            ++sections_;
            std::fill(counts_.begin(), counts_.end(), 0);
        }
        const auto name = line_name(line);
        auto& count = counts_[static_cast<std::size_t>(line.type - 'a')];
        const auto value = line.type == 'a' && name.size() < line.value.size() + 2
            ? line.value.substr(name.size() - 1)
            : line.value;
        const auto* written = sections_ == 0 ? nullptr : &description_.media[sections_ - 1];
        const auto* resolved = sections_ == 0 ? nullptr : &resolved_.media[sections_ - 1];
        const At at{ name, value, description_, resolved_, written, resolved, content(), count++ };
        const auto& row = find_line_row(name);
        Explanation added;
        added.place = { line.number, 1 };
        added.input = { line.value.data() - 2, line.value.size() + 2 };
        added.specification = row.specification;
        fill(added, at, row);
        rows_.push_back(arena_, added);
    }

    static void fill(Explanation& added, const At& at, const LineRow& row)
    {
        if (!at.is_session() && at.content == nullptr) {
            added.fate = sdp::is_rejected(*at.written) ? Fate::remembered : Fate::left_out;
            added.remark = sdp::is_rejected(*at.written) ? rejected_section : "its m-line is not understood";
            return;
        }
        const auto* decision = std::find_if(decisions.begin(), decisions.end(),
                                            [&](const auto& d) { return d.line == at.name; });
        const auto can_decide = decision != decisions.end() && (at.content != nullptr || at.is_session());
        added.fate = can_decide && may_stand(at, *decision) ? decision->decide(at) : row.fate;
        if (added.fate == Fate::translated)
            added.target = row.place;
        else if (added.fate == Fate::implied)
            added.remark = at.is_session() && row.fate != Fate::implied ? overridden : "the default";
        else if (added.fate == Fate::carried)
            added.remark = "no XEP";
        else if (added.fate == Fate::left_out)
            added.remark = "has no meaning here";
        else
            added.remark = row.remark;
    }

    /// Attributes of m-sections mean nothing at session level: the reader dropped them.
    static bool may_stand(const At& at, const Decision& decision)
    {
        const auto wants_section = decision.decide == decide_rtcp || decision.decide == decide_payload
            || decision.decide == decide_duration;
        return !at.is_session() || !wants_section;
    }

    /// What the current m-section became; null when it became nothing.
    [[nodiscard]] const Content* content() const
    {
        if (sections_ == 0 || slots_[sections_ - 1].state != SlotState::active)
            return nullptr;
        return find_content(slots_[sections_ - 1].name);
    }

    [[nodiscard]] const Content* find_content(std::string_view name) const
    {
        for (const auto& content : request_.contents)
            if (content.name == name)
                return &content;
        return nullptr;
    }

    Explanation* find_row(std::uint32_t line)
    {
        return line != 0 && line <= rows_.size() ? &rows_[line - 1] : nullptr;
    }

    void apply_dropped()
    {
        for (const auto& dropped : description_.dropped)
            if (auto* row = find_row(dropped.line))
                leave_out(*row, dropped.what);
    }

    static void leave_out(Explanation& row, std::string_view why)
    {
        row.fate = Fate::left_out;
        row.target = {};
        row.remark = why;
    }

    /// A note's value is a part of the line that it is about, wherever it is a text of the description.
    void apply_notes()
    {
        for (const auto& note : notes_) {
            auto* row = find_row(place_of(text_, note.value).line);
            if (row == nullptr)
                continue;
            const auto why = base::find_token(loss_rows, note.loss);
            if (note.loss == Loss::group_member_unknown && !request_.groups.empty())
                row->remark = arena_.concat(note.value, ": ", why);
            else
                leave_out(*row, why);
        }
    }

    base::Result<void> apply_profile()
    {
        Adjustments adjustments;
        Outgoing leg;
        leg.adjustments = &adjustments;
        const auto adapted = adapt(*profile_, request_, leg, arena_);
        if (adapted.verdict == Verdict::refused)
            return tl::unexpected{ base::Error{ base::Errc::unsupported,
                                                arena_text(profile_->id, ": ", adapted.words), 1, 1 } };
        for (const auto& adjustment : adjustments)
            lose(adjustment);
        return {};
    }

    static std::string arena_text(std::string_view a, std::string_view b, std::string_view c)
    {
        return std::string{ a }.append(b).append(c);
    }

    /// Marks the lines that an adjustment is about: that with the text it names, else the m-line of its
    /// content, else the first line.
    void lose(const Adjustment& adjustment)
    {
        const auto why = row_of(adjustment.trait).words;
        auto* row = find_row(place_of(text_, adjustment.what).line);
        if (row == nullptr)
            row = find_named(adjustment);
        if (row != nullptr)
            row->lost = row->lost.empty() ? why : row->lost;
    }

    /// The line of that text in the section of the adjustment's content.
    Explanation* find_named(const Adjustment& adjustment)
    {
        const auto section = locate_content(text_, adjustment.content).line;
        Explanation* head = find_row(section);
        bool inside = adjustment.content.empty();
        for (auto& row : rows_) {
            if (row.input.starts_with("m="))
                inside = row.place.line == section && !adjustment.content.empty();
            const auto has_text = row.input == adjustment.what || row.input.substr(2) == adjustment.what;
            if (inside && has_text)
                return &row;
        }
        return head;
    }

    std::string_view text_;
    const Profile* profile_;
    base::Arena& arena_;
    sdp::Description description_;
    sdp::Description resolved_;
    Slots slots_;
    Notes notes_;
    Jingle request_;
    Explanations rows_;
    std::size_t sections_ = 0;
    std::array<std::size_t, 26> counts_{};
};

}  // namespace

base::Result<Explanations> explain_sdp(std::string_view sdp, const Profile* profile, base::Arena& arena)
{
    return Explainer{ sdp, profile, arena }.run();
}

}  // namespace jingle
