#include <algorithm>
#include <array>

#include "jingle/adapt.hpp"
#include "jingle/bundling.hpp"
#include "jingle/explain.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/line_fate.hpp"
#include "sdp/inherit.hpp"
#include "sdp/lines.hpp"

namespace jingle {

namespace {

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
        while (lines.next())
            add(lines.line());
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
        const LineInContext at{ name, value, description_, resolved_, written, resolved, content(), count++ };
        const auto& row = find_line_row(name);
        Explanation added;
        added.place = { line.number, 1 };
        added.input = { line.value.data() - 2, line.value.size() + 2 };
        added.specification = row.specification;
        fill(added, at, row);
        rows_.push_back(arena_, added);
    }

    static void fill(Explanation& added, const LineInContext& at, const LineRow& row)
    {
        if (!at.is_session() && at.content == nullptr) {
            added.fate = sdp::is_rejected(*at.written) ? Fate::remembered : Fate::left_out;
            added.remark = sdp::is_rejected(*at.written) ? rejected_section : "its m-line is not understood";
            return;
        }
        added.fate = decide_fate(at).value_or(row.fate);
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
