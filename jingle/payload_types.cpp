#include "jingle/payload_types.hpp"

#include <algorithm>
#include <array>

#include "base/scan.hpp"
#include "jingle/feedback.hpp"
#include "jingle/fmtp.hpp"
#include "jingle/limits.hpp"
#include "jingle/number_text.hpp"
#include "jingle/static_payload_types.hpp"

namespace jingle {

namespace {

/// Where each payload type stands in its list; -1 for those that do not.
class Positions {
public:
    Positions() { positions_.fill(-1); }

    [[nodiscard]] bool has(std::uint8_t id) const { return id < payload_type_count && positions_[id] >= 0; }
    [[nodiscard]] std::size_t of(std::uint8_t id) const { return static_cast<std::size_t>(positions_[id]); }
    void set(std::uint8_t id, std::size_t position) { positions_[id] = static_cast<std::int8_t>(position); }

private:
    std::array<std::int8_t, payload_type_count> positions_;
};
static_assert(limits::payload_types <= 127);

/// The texts "0" to "127", so that none is made per call.
struct IdText {
    std::array<char, 3> digits{};
    std::uint8_t size = 0;

    [[nodiscard]] constexpr std::string_view view() const { return { digits.data(), size }; }
};

constexpr std::array<IdText, payload_type_count> make_id_texts()
{
    std::array<IdText, payload_type_count> texts{};
    for (std::size_t id = 0; id < texts.size(); ++id) {
        auto& text = texts[id];
        for (auto divisor = std::size_t{ 100 }; divisor != 0; divisor /= 10)
            if (id >= divisor || divisor == 1)
                text.digits[text.size++] = static_cast<char>('0' + id / divisor % 10);
    }
    return texts;
}
constexpr auto id_texts = make_id_texts();

/// 0 to 127 without a leading zero.
std::optional<std::uint8_t> parse_id(std::string_view text)
{
    const auto id = base::parse_number<std::uint8_t>(text, "payload type");
    if (!id || *id >= payload_type_count || (text.size() > 1 && text.front() == '0'))
        return std::nullopt;
    return *id;
}

void read_formats(const sdp::Media& media, base::List<PayloadType>& out, Positions& positions, Report& report,
                  base::Arena& arena)
{
    if (media.formats.size() > limits::payload_types)
        return report.refuse(base::Errc::too_long, "payload types of one m-line");
    out.reserve(arena, media.formats.size());
    for (const auto format : media.formats) {
        const auto id = parse_id(format);
        if (!id)
            return report.refuse(base::Errc::malformed, "payload type in the m-line");
        if (positions.has(*id))
            return report.refuse(base::Errc::duplicate, "payload type in the m-line");
        positions.set(*id, out.size());
        PayloadType payload_type;
        payload_type.id = *id;
        out.push_back(arena, payload_type);
    }
}

void read_rtpmaps(const sdp::Media& media, base::List<PayloadType>& out, const Positions& positions,
                  Report& report)
{
    for (const auto& rtpmap : media.rtpmaps) {
        if (!positions.has(rtpmap.payload_type)) {
            report.left_out(Loss::payload_type_not_listed, rtpmap.name);
            continue;
        }
        auto& payload_type = out[positions.of(rtpmap.payload_type)];
        if (payload_type.name)
            return report.refuse(base::Errc::duplicate, "a=rtpmap of a payload type");
        payload_type.name = rtpmap.name;
        payload_type.clockrate = rtpmap.clock_rate;
        if (rtpmap.channels && *rtpmap.channels != 1)
            payload_type.channels = rtpmap.channels;
    }
}

/// What RFC 3551 says about a payload type without a=rtpmap, or without @name.
void fill_in(PayloadType& payload_type)
{
    const auto* assigned = find_static_payload_type(payload_type.id);
    if (payload_type.name && !payload_type.clockrate) {
        const auto same = assigned != nullptr && equals_ignoring_case(assigned->name, *payload_type.name);
        payload_type.clockrate = same ? assigned->clockrate : usual_clockrate(*payload_type.name);
    }
    if (payload_type.name || assigned == nullptr)
        return;
    payload_type.name = assigned->name;
    payload_type.clockrate = assigned->clockrate;
    if (assigned->channels != 1)
        payload_type.channels = assigned->channels;
}

void read_parameters(const sdp::Media& media, base::List<PayloadType>& out, const Positions& positions,
                     Report& report, base::Arena& arena)
{
    for (const auto& fmtp : media.fmtps) {
        if (positions.has(fmtp.payload_type))
            split_fmtp(fmtp.parameters, out[positions.of(fmtp.payload_type)].parameters, report, arena);
        else
            report.left_out(Loss::payload_type_not_listed, fmtp.parameters);
    }
    const auto* const end = media.rtcp_fbs.end();
    for (const auto* at = media.rtcp_fbs.begin(); at != end; ++at) {
        if (!at->payload_type)
            continue;
        if (!positions.has(*at->payload_type)) {
            report.left_out(Loss::payload_type_not_listed, at->value);
            continue;
        }
        auto& feedback = out[positions.of(*at->payload_type)].feedback;
        // Those of one payload type stand together.
        if (feedback.messages.empty()) {
            const auto* const next = std::find_if(
                at, end, [at](const sdp::RtcpFb& other) { return other.payload_type != at->payload_type; });
            feedback.messages.reserve(arena, static_cast<std::size_t>(next - at));
        }
        add_feedback(at->value, feedback, report, arena);
    }
}

std::optional<std::uint32_t> milliseconds(const std::optional<std::string_view>& text)
{
    if (!text)
        return std::nullopt;
    const auto number = base::parse_number<std::uint32_t>(*text, "ptime");
    return number && *number != 0 ? std::optional{ *number } : std::nullopt;
}

bool is_named(const PayloadType& payload_type, std::string_view name)
{
    return payload_type.name && equals_ignoring_case(*payload_type.name, name);
}

/// rtx: the primary payload type must be there and be none of rtx itself (RFC 4588, 8.6).
bool has_target(const PayloadType& rtx, const std::bitset<payload_type_count>& usable,
                const base::List<PayloadType>& payload_types, const Positions& positions)
{
    for (const auto& parameter : rtx.parameters) {
        if (!equals_ignoring_case(parameter.name, "apt"))
            continue;
        const auto target = parse_id(parameter.value.value_or(""));
        return target && usable[*target] && !is_named(payload_types[positions.of(*target)], "rtx");
    }
    return false;
}

/// red: "111/111", the payload types of its blocks (RFC 2198, 5). Without a list there is nothing to miss.
bool has_blocks(const PayloadType& red, const std::bitset<payload_type_count>& usable)
{
    for (const auto& parameter : red.parameters) {
        if (!parameter.name.empty() && parameter.name != "fmtp")
            continue;
        auto blocks = parameter.value.value_or("");
        while (!blocks.empty()) {
            const auto id = parse_id(base::next_token(blocks, '/'));
            if (!id || !usable[*id] || *id == red.id)
                return false;
        }
    }
    return true;
}

/// An answer may use another number for what was offered (RFC 3264, 6.1), but nothing that was not.
bool was_offered(const PayloadType& payload_type, const sdp::Media& offered)
{
    const auto same_codec = [&](const sdp::RtpMap& rtpmap) {
        return equals_ignoring_case(rtpmap.name, *payload_type.name)
            && rtpmap.clock_rate == *payload_type.clockrate
            && rtpmap.channels.value_or(1) == payload_type.channels.value_or(1);
    };
    for (const auto format : offered.formats)
        if (format == id_texts[payload_type.id].view())
            return true;
    for (const auto& rtpmap : offered.rtpmaps)
        if (same_codec(rtpmap))
            return true;
    return false;
}

void write_one(const PayloadType& payload_type, sdp::Media& out, Report& report, base::Arena& arena)
{
    out.formats.push_back(arena, id_texts[payload_type.id].view());
    sdp::RtpMap rtpmap{ payload_type.id, report.token(*payload_type.name, "name of a payload type"),
                        *payload_type.clockrate, std::nullopt };
    if (payload_type.channels.value_or(1) != 1)
        rtpmap.channels = payload_type.channels;
    out.rtpmaps.push_back(arena, rtpmap);
    if (const auto fmtp = join_fmtp(payload_type.parameters, *payload_type.name, report, arena);
        !fmtp.empty())
        out.fmtps.push_back(arena, { payload_type.id, fmtp });
    feedback_to_sdp(payload_type.feedback, payload_type.id, out.rtcp_fbs, report, arena);
}

/// The names and rates filled in, repeated ids and nameless ones gone.
base::List<PayloadType> complete(const base::List<PayloadType>& payload_types, Report& report,
                                 base::Arena& arena)
{
    base::List<PayloadType> kept;
    kept.reserve(arena, payload_types.size());
    std::bitset<payload_type_count> seen;
    for (auto payload_type : payload_types) {
        if (payload_type.id >= payload_type_count) {
            report.refuse(base::Errc::out_of_range, "id of a payload type");
            return kept;
        }
        fill_in(payload_type);
        if (seen[payload_type.id])
            report.left_out(Loss::payload_type_repeated, payload_type.name.value_or(""));
        else if (!payload_type.name || !payload_type.clockrate)
            report.left_out(Loss::payload_type_without_name, payload_type.name.value_or(""));
        else
            kept.push_back(arena, payload_type);
        seen.set(payload_type.id);
    }
    return kept;
}

}  // namespace

std::bitset<payload_type_count> usable_payload_types(const base::List<PayloadType>& payload_types)
{
    std::bitset<payload_type_count> usable;
    Positions positions;
    for (std::size_t i = 0; i < payload_types.size(); ++i) {
        usable.set(payload_types[i].id);
        positions.set(payload_types[i].id, i);
    }
    // What loses its target may have been a target itself: rtx of red of a codec.
    for (auto before = usable.count() + 1; before != usable.count();) {
        before = usable.count();
        for (const auto& payload_type : payload_types) {
            const auto lost = (is_named(payload_type, "rtx")
                               && !has_target(payload_type, usable, payload_types, positions))
                || (is_named(payload_type, "red") && !has_blocks(payload_type, usable));
            if (lost)
                usable.reset(payload_type.id);
        }
    }
    return usable;
}

base::List<PayloadType> payload_types_from_sdp(const sdp::Media& media, Report& report, base::Arena& arena)
{
    base::List<PayloadType> all;
    Positions positions;
    read_formats(media, all, positions, report, arena);
    read_rtpmaps(media, all, positions, report);
    read_parameters(media, all, positions, report, arena);
    if (report.is_refused())
        return {};
    const auto ptime = milliseconds(media.ptime);
    const auto maxptime = milliseconds(media.maxptime);
    for (auto& payload_type : all) {
        fill_in(payload_type);
        payload_type.ptime = ptime;
        payload_type.maxptime = maxptime;
    }
    all.erase_if([&](const PayloadType& payload_type) {
        if (!payload_type.name)
            report.left_out(Loss::payload_type_without_name, id_texts[payload_type.id].view());
        return !payload_type.name;
    });
    const auto usable = usable_payload_types(all);
    all.erase_if([&](const PayloadType& payload_type) {
        if (!usable[payload_type.id])
            report.left_out(Loss::payload_type_without_target, *payload_type.name);
        return !usable[payload_type.id];
    });
    return all;
}

void payload_types_to_sdp(const base::List<PayloadType>& payload_types, const sdp::Media* offered,
                          sdp::Media& out, Report& report, base::Arena& arena)
{
    auto kept = complete(payload_types, report, arena);
    if (offered != nullptr)
        kept.erase_if([&](const PayloadType& payload_type) {
            const auto missing = !was_offered(payload_type, *offered);
            if (missing)
                report.left_out(Loss::payload_type_not_offered, *payload_type.name);
            return missing;
        });
    const auto usable = usable_payload_types(kept);
    out.formats.reserve(arena, kept.size());
    out.rtpmaps.reserve(arena, kept.size());
    out.fmtps.reserve(arena, kept.size());
    std::size_t messages = out.rtcp_fbs.size();
    for (const auto& payload_type : kept)
        messages += payload_type.feedback.messages.size() + payload_type.feedback.trr_ints.size();
    out.rtcp_fbs.reserve(arena, messages);
    for (const auto& payload_type : kept) {
        if (usable[payload_type.id])
            write_one(payload_type, out, report, arena);
        else
            report.left_out(Loss::payload_type_without_target, *payload_type.name);
    }
    if (kept.empty())
        return;
    const auto& first = kept.front();
    if (first.ptime)
        out.ptime = number_text(*first.ptime, arena);
    if (first.maxptime)
        out.maxptime = number_text(*first.maxptime, arena);
}

}  // namespace jingle
