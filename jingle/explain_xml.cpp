#include <algorithm>

#include "jingle/adapt.hpp"
#include "jingle/explain.hpp"
#include "jingle/proto.hpp"
#include "jingle/to_sdp.hpp"
#include "xmpp/reader.hpp"

namespace jingle {

namespace {

bool is_description(Action action)
{
    return action == Action::session_initiate || action == Action::session_accept
        || action == Action::content_add || action == Action::content_accept;
}

/// All elements of one request.
class Explainer {
public:
    Explainer(std::string_view xml, const Profile* profile, base::Arena& arena)
        : xml_{ xml }
        , profile_{ profile }
        , arena_{ arena }
    {
    }

    base::Result<Explanations> run()
    {
        const auto document = xmpp::parse_document(xml_, arena_, xmpp::Pretty::yes);
        if (!document)
            return tl::unexpected{ document.error() };
        const ElementPlaces places{ xml_, **document };
        const auto* jingle = find_jingle(**document);
        if (jingle == nullptr)
            return fail(base::Errc::missing, no_jingle(**document), {});
        auto request = Jingle::from_element(*jingle, arena_);
        if (!request)
            return fail(request.error(), places, *jingle);
        if (is_description(request->action))
            if (auto translated = translate(*request); !translated)
                return fail(translated.error(), places, *jingle);
        add(*jingle, places, 0);
        apply_notes(*jingle, places);
        if (profile_ != nullptr) {
            TRY_VOID(apply_profile(*request, *jingle, places));
        }
        return rows_;
    }

private:
    static tl::unexpected<base::Error> fail(base::Errc code, std::string_view what, Place place)
    {
        return tl::unexpected{ base::Error{ code, std::string{ what }, place.line, place.column } };
    }
    static tl::unexpected<base::Error> fail(const base::Error& error, const ElementPlaces& places,
                                            const xmpp::Element& jingle)
    {
        return fail(error.code, error.what, places.of(locate(jingle, error.what)));
    }

    base::Result<void> translate(const Jingle& request)
    {
        Slots slots;
        const ToSdp how{ .slots = slots, .trust = Trust::trusted, .origin = {}, .notes = &notes_ };
        TRY_VOID(to_sdp(request, how, arena_));
        return {};
    }

    void add(const xmpp::Element& element, const ElementPlaces& places, std::uint32_t depth)
    {
        if (element.is("content", xmpp::ns::jingle))
            content_ = &element;
        const auto place = places.of(element);
        const auto* row = find_element_row(element.ns, element.name, {});
        add_row(row, arena_.concat("<", element.name, ">"), {}, place, depth);
        if (row == nullptr)
            return;
        for (const auto& attribute : element.attributes) {
            const auto* known
                = attribute.ns.empty() ? find_element_row(element.ns, element.name, attribute.name) : nullptr;
            add_row(known, arena_.concat(attribute.name, "='", attribute.value, "'"), attribute.value, place,
                    depth + 1);
            if (known != nullptr && !counts(element, *known))
                leave_out(rows_.back(), known->remark);
        }
        if (const auto* text = find_element_row(element.ns, element.name, "text()");
            text != nullptr && !element.text.empty())
            add_row(text, element.text, element.text, place, depth + 1);
        // A session ends or goes on by what stands there: no SDP.
        if (row->fate == Fate::remembered)
            return;
        for (const auto& child : element.children())
            add(child, places, depth + 1);
    }

    void add_row(const ElementRow* row, std::string_view input, std::string_view value, Place place,
                 std::uint32_t depth)
    {
        Explanation added;
        added.place = place;
        added.depth = depth;
        added.input = input;
        if (row == nullptr) {
            added.fate = Fate::left_out;
            added.remark = "not understood: passed on to XMPP clients, not to SDP";
        } else {
            added.fate = row->fate;
            added.target = row->fate == Fate::translated ? row->line : std::string_view{};
            added.specification = row->specification;
            added.remark = row->fate == Fate::translated ? std::string_view{} : row->remark;
        }
        rows_.push_back(arena_, added);
        values_.push_back(arena_, value);
    }

    /// False where the remark of a translated attribute says that it counts only elsewhere.
    [[nodiscard]] bool counts(const xmpp::Element& element, const ElementRow& row) const
    {
        if (row.element == "sctpmap" && row.attribute == "streams")
            return content_ != nullptr && has_old_protocol(*content_);
        if (row.element == "description" && row.attribute == "ssrc")
            return element.child("source", xmpp::ns::ssma) == nullptr;
        return true;
    }

    static bool has_old_protocol(const xmpp::Element& element)
    {
        if (element.is("m", xmpp::ns::carry))
            return is_old_data_channel(element.attribute_or_empty("proto"));
        const auto children = element.children();
        return std::any_of(children.begin(), children.end(), has_old_protocol);
    }

    static void leave_out(Explanation& row, std::string_view why)
    {
        row.fate = Fate::left_out;
        row.target = {};
        row.remark = why;
    }

    /// Notes whose value is an attribute that stands for what was left out; those of the others are words.
    static bool names_attribute(Loss loss)
    {
        return loss == Loss::candidate_unusable || loss == Loss::component_muxed
            || loss == Loss::fingerprint_unusable || loss == Loss::header_extension_conflict
            || loss == Loss::remote_candidates;
    }

    void apply_notes(const xmpp::Element& jingle, const ElementPlaces& places)
    {
        for (const auto& note : notes_) {
            const auto why = base::find_token(loss_rows, note.loss);
            auto& row = find(note.content, names_attribute(note.loss) ? note.value : "", jingle, places);
            if (!row.input.starts_with('<')) {
                leave_out(row, why);
                continue;
            }
            const auto words = note.value.empty() ? why : arena_.concat(why, ": ", note.value);
            row.remark = row.remark.empty() ? words : arena_.concat(row.remark, "; ", words);
            if (note.loss == Loss::content_unsupported)
                leave_out(row, why);
        }
    }

    base::Result<void> apply_profile(Jingle& request, const xmpp::Element& jingle,
                                     const ElementPlaces& places)
    {
        Adjustments adjustments;
        Outgoing leg;
        leg.adjustments = &adjustments;
        const auto adapted = adapt(*profile_, request, leg, arena_);
        if (adapted.verdict == Verdict::refused)
            return fail(base::Errc::unsupported, arena_.concat(profile_->id, ": ", adapted.words), {});
        for (const auto& adjustment : adjustments) {
            auto& row = find(adjustment.content, adjustment.what, jingle, places);
            if (row.lost.empty())
                row.lost = row_of(adjustment.trait).words;
        }
        return {};
    }

    /// The row of that very value (two candidates may have one address), else one with that text in that
    /// content, else the content's, else the first.
    Explanation& find(std::string_view content, std::string_view value, const xmpp::Element& jingle,
                      const ElementPlaces& places)
    {
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (!value.empty() && values_[i].data() == value.data())
                return rows_[i];
        const auto head = places.of(locate(jingle, arena_.concat("content '", content, "': ")));
        auto inside = content.empty();
        Explanation* first = nullptr;
        for (auto& row : rows_) {
            if (row.depth == 1 && row.input == "<content>")
                inside = row.place == head;
            if (inside && first == nullptr)
                first = &row;
            const auto& own = values_[static_cast<std::size_t>(&row - rows_.begin())];
            if (inside && !value.empty() && own == value)
                return row;
        }
        return first != nullptr ? *first : rows_.front();
    }

    std::string_view xml_;
    const Profile* profile_;
    base::Arena& arena_;
    Notes notes_;
    Explanations rows_;
    base::List<std::string_view> values_;  ///< of the attribute or text that each row is about
    const xmpp::Element* content_ = nullptr;  ///< in which the walk is
};

}  // namespace

base::Result<Explanations> explain_xml(std::string_view xml, const Profile* profile, base::Arena& arena)
{
    return Explainer{ xml, profile, arena }.run();
}

}  // namespace jingle
