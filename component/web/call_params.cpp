#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "component/web/params.hpp"
#include "component/web/words.hpp"

namespace component::web::params {
namespace {

using namespace jingle::call;

constexpr std::uint64_t shortest_ring = 1'000;
constexpr std::uint64_t longest_ring = 600'000;
constexpr std::size_t max_mid = 64;
constexpr std::size_t max_ufrag = 256;
constexpr std::size_t max_digits = 32;
constexpr std::uint64_t max_m_line = 65'535;
constexpr std::uint64_t max_rtt = 600'000;

bool is_id_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || std::string_view{ "._~-" }.find(c) != std::string_view::npos;
}

Read<std::string_view> check_id(std::string_view key, std::string_view id)
{
    if (!std::ranges::all_of(id, is_id_character))
        return wants(key, "letters, digits and . _ ~ - only");
    return id;
}

Read<PageCallRef> read_call(const json::object& params)
{
    TRY(const auto call, read_text(params, "call_id", { .low = 1, .high = max_id }));
    TRY(const auto call_id, check_id("call_id", call));
    TRY(const auto party, read_optional_text(params, "party_id", { .low = 1, .high = max_id }));
    TRY(const auto party_id, check_id("party_id", party.value_or("")));
    return PageCallRef{ std::string{ call_id }, std::string{ party_id } };
}

template <class What>
Read<Request> says(const json::object& params, What what)
{
    TRY(auto call, read_call(params));
    return Request{ CallSays{ std::move(call), PageSays{ std::move(what) } } };
}

Read<PageDescription> read_description(std::string_view key, const json::object& description)
{
    PageDescription result;
    TRY(result.type, read_word(description, "type", description_words));
    if (result.type == PageDescription::Type::rollback)
        return result;
    const TextLimits limits{ .low = 1, .high = max_sdp, .controls = Controls::line_ends };
    TRY(const auto sdp, read_text(description, "sdp", limits));
    if (sdp.size() > max_sdp)
        return wants(key, "at most 65536 bytes of SDP");
    result.sdp = sdp;
    return result;
}

/// The SDP of a description that has to be of `type`; empty when the member is absent.
Read<std::optional<std::string>> read_sdp(const json::object& params, std::string_view key,
                                          PageDescription::Type type)
{
    TRY(const auto* member, read_optional_object(params, key));
    if (member == nullptr)
        return std::optional<std::string>{};
    TRY(auto description, read_description(key, *member));
    if (description.type != type)
        return wants(key, "a description of that type");
    return std::optional{ std::move(description.sdp) };
}

Read<PageCandidate> read_candidate(const json::value& value)
{
    if (!value.is_object())
        return wants("candidates", "objects");
    const auto& object = value.get_object();
    PageCandidate candidate;
    TRY(candidate.candidate, read_text(object, "candidate", { .high = max_candidate }));
    TRY(const auto mid, read_optional_text(object, "sdpMid", { .high = max_mid }));
    if (mid)
        candidate.sdp_mid = *mid;
    TRY(const auto line, read_optional_number(object, "sdpMLineIndex", 0, max_m_line));
    if (line)
        candidate.sdp_m_line_index = static_cast<std::uint16_t>(*line);
    TRY(const auto ufrag, read_optional_text(object, "usernameFragment", { .high = max_ufrag }));
    if (ufrag)
        candidate.username_fragment = *ufrag;
    return candidate;
}

std::vector<std::string> media_words(const PageMedia& media)
{
    std::vector<std::string> words;
    if (media.audio)
        words.emplace_back("audio");
    if (media.video)
        words.emplace_back("video");
    return words;
}

bool is_digit_key(char c)
{
    return std::string_view{ "0123456789ABCD*#," }.find(c) != std::string_view::npos;
}

}  // namespace

Read<Request> read_invite(const json::object& params)
{
    PageInvite invite;
    TRY(const auto to, read_optional_text(params, "to", { .low = 1, .high = max_address }));
    invite.address = to.value_or("");
    TRY(const auto media, read_media(params, "media", 1));
    if (!media)
        return wants("media", "to be there");
    invite.media = *media;
    TRY(const auto lifetime, read_optional_number(params, "lifetime", shortest_ring, longest_ring));
    if (lifetime)
        invite.lifetime = std::chrono::milliseconds{ *lifetime };
    TRY(invite.offer, read_sdp(params, "offer", PageDescription::Type::offer));
    return says(params, std::move(invite));
}

Read<Request> read_ringing(const json::object& params)
{
    return says(params, PageRinging{});
}

Read<Request> read_accept(const json::object& params)
{
    PageAccept accept;
    TRY(accept.answer, read_sdp(params, "answer", PageDescription::Type::answer));
    return says(params, std::move(accept));
}

Read<Request> read_negotiate(const json::object& params)
{
    TRY(const auto* member, read_object(params, "description"));
    TRY(auto description, read_description("description", *member));
    return says(params, PageNegotiate{ std::move(description) });
}

Read<Request> read_candidates(const json::object& params)
{
    TRY(const auto* list, read_optional_array(params, "candidates", 1, max_candidates));
    if (list == nullptr)
        return wants("candidates", "to be there");
    PageCandidates candidates;
    candidates.candidates.reserve(list->size());
    for (const auto& item : *list) {
        TRY(auto candidate, read_candidate(item));
        candidates.candidates.push_back(std::move(candidate));
    }
    return says(params, std::move(candidates));
}

Read<Request> read_info(const json::object& params)
{
    PageInfo info;
    TRY(info.hold, read_optional_flag(params, "hold"));
    TRY(const auto mute, read_media(params, "mute", 0));
    if (mute)
        info.mute = media_words(*mute);
    TRY(const auto digits, read_optional_text(params, "dtmf", { .low = 1, .high = max_digits }));
    if (digits && !std::ranges::all_of(*digits, is_digit_key))
        return wants("dtmf", "keys of a phone: 0-9 A-D * # and a comma for a pause");
    if (digits)
        info.dtmf = *digits;
    return says(params, std::move(info));
}

Read<Request> read_reject(const json::object& params)
{
    TRY(const auto reason, read_optional_word(params, "reason", reject_words));
    return says(params, PageReject{ reason.value_or(PageReason::declined) });
}

Read<Request> read_hangup(const json::object& params)
{
    TRY(const auto reason, read_optional_word(params, "reason", reason_words));
    TRY(const auto text, read_optional_text(params, "text", { .high = max_name }));
    return says(params,
                PageHangup{ reason.value_or(PageReason::user_hangup), std::string{ text.value_or("") } });
}

Read<Request> read_stats(const json::object& params)
{
    TRY(auto call, read_call(params));
    PageStats stats;
    TRY(stats.local, read_word(params, "local", candidate_words));
    TRY(stats.remote, read_word(params, "remote", candidate_words));
    TRY(const auto rtt, read_optional_number(params, "rtt_ms", 0, max_rtt));
    if (rtt)
        stats.rtt_ms = static_cast<std::uint32_t>(*rtt);
    if (const auto* loss = params.if_contains("loss"); loss != nullptr && !loss->is_null()) {
        boost::system::error_code error;
        const auto share = loss->to_number<double>(error);
        if (error || !(share >= 0 && share <= 1))
            return wants("loss", "a number from 0 to 1");
        stats.loss = share;
    }
    return Request{ Reports{ std::move(call), stats } };
}

}  // namespace component::web::params
