#include "component/translation.hpp"

#include <algorithm>
#include <array>

#include "component/suggest.hpp"
#include "jingle/adapt.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/profile.hpp"
#include "jingle/to_sdp.hpp"
#include "xmpp/jid.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

namespace component {
namespace {

using jingle::Action;
using jingle::Role;
using tl::unexpected;

constexpr std::array no_sdp{ Action::session_info, Action::session_terminate, Action::security_info };

/// All words of a table, for an error.
template <class E, std::size_t N>
std::string list(const std::array<base::EnumRow<E>, N>& rows)
{
    std::string text;
    for (const auto& row : rows)
        text.append(text.empty() ? "" : ", ").append(row.token);
    return text;
}

/// "; did you mean 'dino'?"; empty when no word is near.
std::string meant_instead(std::string_view text, std::span<const std::string_view> words)
{
    const auto meant = suggest(text, words);
    return meant.empty() ? std::string{} : "; did you mean '" + std::string{ meant } + "'?";
}

template <class E, std::size_t N>
tl::expected<E, std::string> parse_word(const Arguments& arguments, std::string_view option,
                                        const std::array<base::EnumRow<E>, N>& rows, E otherwise)
{
    if (!arguments.has(option))
        return otherwise;
    const auto word = arguments.value(option);
    if (const auto value = base::find_value(rows, word))
        return *value;
    std::array<std::string_view, N> words{};
    std::transform(rows.begin(), rows.end(), words.begin(), [](const auto& row) { return row.token; });
    return unexpected<std::string>{ std::string{ option } + ": '" + std::string{ word } + "' is none of "
                                    + list(rows) + meant_instead(word, words) };
}

tl::expected<std::optional<std::string>, std::string> parse_jid(const Arguments& arguments,
                                                                std::string_view option)
{
    if (!arguments.has(option))
        return std::nullopt;
    std::string text{ arguments.value(option) };
    if (!xmpp::Jid::parse(text))
        return unexpected<std::string>{ std::string{ option } + ": '" + text + "' is no JID" };
    return text;
}

/// Who writes such a request when nothing else is known.
Role usual_writer(Action action)
{
    const auto answers = action == Action::session_accept || action == Action::content_accept;
    return answers ? Role::responder : Role::initiator;
}

/// Who wrote the SDP that a request came from. Content actions are relative to who made the content.
Role writer_of(const jingle::Jingle& jingle)
{
    const auto creator = jingle.contents.empty() ? Role::initiator : jingle.contents.front().creator;
    switch (jingle.action) {
    case Action::session_accept: return Role::responder;
    case Action::content_add: return creator;
    case Action::content_accept:
    case Action::content_reject: return creator == Role::initiator ? Role::responder : Role::initiator;
    default: return Role::initiator;
    }
}

std::string in_words(const jingle::Note& note)
{
    std::string text;
    if (!note.content.empty())
        text.append("content '").append(note.content).append("': ");
    text.append("left out: ").append(base::find_token(jingle::loss_rows, note.loss));
    if (!note.value.empty())
        text.append(": ").append(note.value);
    return text;
}

base::Error with_place(base::Error error, jingle::Place place)
{
    if (error.line == 0)
        error.line = place.line;
    error.column = std::max(error.column, std::uint32_t{ 1 });
    return error;
}

void add_dropped(const sdp::Description& description, Translated& out)
{
    for (const auto& dropped : description.dropped)
        out.remarks.push_back(
            { { dropped.line, dropped.column }, "left out: " + std::string{ dropped.what } });
}

void add_notes(const jingle::Notes& notes, std::string_view sdp, Translated& out)
{
    for (const auto& note : notes) {
        auto place = jingle::place_of(sdp, note.value);
        if (place.line == 0)
            place = jingle::locate_content(sdp, note.content);
        out.remarks.push_back({ place, in_words(note) });
    }
}

std::string to_xml(const jingle::Jingle& jingle)
{
    std::string out;
    xmpp::Writer writer{ out, {} };
    jingle.write(writer);
    return out;
}

/// What the client gets: one request or several.
base::Result<void> write_for(const SdpToJingle& how, jingle::Jingle& request, base::Arena& arena,
                             Translated& out)
{
    if (how.profile == nullptr) {
        out.texts.push_back(to_xml(request));
        return {};
    }
    jingle::Adjustments adjustments;
    jingle::Outgoing leg;
    leg.own_role = how.writer;
    leg.adjustments = &adjustments;
    const auto adapted = jingle::adapt(*how.profile, request, leg, arena);
    for (const auto& adjustment : adjustments) {
        std::string text;
        if (!adjustment.content.empty())
            text.append("content '").append(adjustment.content).append("': ");
        text.append("for ").append(how.profile->id).append(": ").append(adjustment.what);
        text.append(" (").append(jingle::row_of(adjustment.trait).words).append(")");
        out.remarks.push_back({ {}, std::move(text) });
    }
    if (adapted.verdict == jingle::Verdict::refused || adapted.verdict == jingle::Verdict::absorbed)
        return base::fail(base::Errc::unsupported,
                          std::string{ how.profile->id } + ": " + std::string{ adapted.words });
    if (adapted.verdict != jingle::Verdict::split)
        out.texts.push_back(to_xml(request));
    for (const auto* part : adapted.requests)
        out.texts.push_back(to_xml(*part));
    return {};
}

/// transport-info speaks of m-lines that are known already: here nothing is known but what it says itself.
void add_sections(const sdp::Description& description, jingle::Slots& slots)
{
    for (const auto& media : description.media)
        slots.add(Role::initiator, media.mid.value_or(media.media));
}

base::Result<sdp::Description> parse(std::string_view text, Action action, base::Arena& arena)
{
    const auto fragment = action == Action::transport_info && !text.starts_with("v=");
    return fragment ? sdp::Description::parse_fragment(text, arena) : sdp::Description::parse(text, arena);
}

}  // namespace

base::Result<std::unique_ptr<SdpText>> SdpText::parse(std::string text)
{
    auto parsed = std::make_unique<SdpText>();
    parsed->text = std::move(text);
    auto description = sdp::Description::parse(parsed->text, parsed->arena);
    if (!description)
        return unexpected<base::Error>{ with_place(description.error(), {}) };
    parsed->description = *description;
    return parsed;
}

tl::expected<const jingle::Profile*, std::string> parse_profile(const Arguments& arguments)
{
    if (!arguments.has("--for"))
        return nullptr;
    const auto id = arguments.value("--for");
    if (const auto* profile = jingle::find_profile(id))
        return profile;
    std::vector<std::string_view> ids;
    for (const auto& profile : jingle::profiles())
        ids.push_back(profile.id);
    return unexpected<std::string>{ "--for: no profile '" + std::string{ id } + "'" + meant_instead(id, ids)
                                    + "\nThere are\n" + profile_list() };
}

std::string profile_list()
{
    std::size_t width = 0;
    for (const auto& profile : jingle::profiles())
        width = std::max(width, profile.id.size());
    std::string text;
    for (const auto& profile : jingle::profiles())
        text.append("  ")
            .append(profile.id)
            .append(width - profile.id.size() + 2, ' ')
            .append(profile.title)
            .append("\n");
    return text;
}

tl::expected<SdpToJingle, std::string> parse_sdp2jingle(const Arguments& arguments)
{
    SdpToJingle how;
    TRY(how.action, parse_word(arguments, "--action", jingle::action_rows, Action::session_initiate));
    if (std::find(no_sdp.begin(), no_sdp.end(), how.action) != no_sdp.end())
        return unexpected<std::string>{ "--action: no SDP says "
                                        + std::string{ arguments.value("--action") } };
    TRY(how.writer, parse_word(arguments, "--as", jingle::role_rows, usual_writer(how.action)));
    how.sid = arguments.has("--sid") ? arguments.value("--sid") : "sdp2jingle";
    if (jingle::check_text(how.sid, jingle::sid_rule.refused, jingle::sid_rule.shortest,
                           jingle::sid_rule.longest))
        return unexpected<std::string>{
            "--sid: must be 1 to 128 visible ASCII characters without quotes, < and &"
        };
    TRY(how.initiator, parse_jid(arguments, "--initiator"));
    TRY(how.responder, parse_jid(arguments, "--responder"));
    TRY(how.profile, parse_profile(arguments));
    return how;
}

tl::expected<JingleToSdp, std::string> parse_jingle2sdp(const Arguments& arguments)
{
    JingleToSdp how;
    if (arguments.has("--as")) {
        TRY(how.writer, parse_word(arguments, "--as", jingle::role_rows, Role::initiator));
    }
    return how;
}

base::Result<Translated> sdp_to_jingle(std::string_view text, const SdpToJingle& how)
{
    base::Arena arena;
    Translated out;
    const auto description = parse(text, how.action, arena);
    if (!description)
        return unexpected<base::Error>{ with_place(description.error(), {}) };
    jingle::Slots slots;
    jingle::Notes notes;
    const jingle::FromSdp from{ .action = how.action,
                                .writer = how.writer,
                                .sid = how.sid,
                                .initiator = how.initiator,
                                .responder = how.responder,
                                .slots = slots,
                                .offer = how.offer,
                                .only = {},
                                .notes = &notes };
    if (how.action == Action::transport_info)
        add_sections(*description, slots);
    auto request = jingle::from_sdp(*description, from, arena);
    if (!request)
        return unexpected<base::Error>{ with_place(request.error(),
                                                   jingle::locate(text, request.error().what)) };
    add_dropped(*description, out);
    add_notes(notes, text, out);
    if (auto written = write_for(how, *request, arena, out); !written)
        return unexpected<base::Error>{ with_place(written.error(), {}) };
    return out;
}

base::Result<Translated> jingle_to_sdp(std::string_view xml, const JingleToSdp& how)
{
    base::Arena arena;
    const auto document = xmpp::parse_document(xml, arena, xmpp::Pretty::yes);
    if (!document)
        return unexpected<base::Error>{ with_place(document.error(), {}) };
    const jingle::ElementPlaces places{ xml, **document };
    const auto* element = jingle::find_jingle(**document);
    if (element == nullptr)
        return unexpected<base::Error>{ base::Error{ base::Errc::missing, jingle::no_jingle(**document), 1,
                                                     1 } };
    const auto located = [&](base::Error error) {
        const auto place = places.of(jingle::locate(*element, error.what));
        error.line = place.line;
        error.column = place.column;
        return unexpected<base::Error>{ std::move(error) };
    };
    const auto request = jingle::Jingle::from_element(*element, arena);
    if (!request)
        return located(request.error());

    jingle::Slots slots;
    jingle::Notes notes;
    const jingle::ToSdp to{ .writer = how.writer.value_or(writer_of(*request)),
                            .slots = slots,
                            .offer = how.offer,
                            .current = how.current,
                            .trust = jingle::Trust::trusted,
                            .origin = {},
                            .notes = &notes };
    if (how.current != nullptr)
        if (auto learnt = slots.learn(*how.current, to.writer); !learnt)
            return located(learnt.error());
    const auto is_fragment = request->action == Action::transport_info;
    if (is_fragment)
        for (const auto& content : request->contents)
            slots.add(content.creator, content.name);
    const auto description
        = is_fragment ? jingle::to_sdp_fragment(*request, to, arena) : jingle::to_sdp(*request, to, arena);
    if (!description)
        return located(description.error());
    auto text = is_fragment ? description->fragment_to_string() : description->to_string();
    if (!text)
        return located(text.error());
    Translated out;
    out.texts.push_back(std::move(*text));
    for (const auto& note : notes) {
        const auto key = "content '" + std::string{ note.content } + "': ";
        out.remarks.push_back({ places.of(jingle::locate(*element, key)), in_words(note) });
    }
    return out;
}

}  // namespace component
