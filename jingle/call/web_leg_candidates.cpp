#include "jingle/call/web_leg_candidates.hpp"

#include <algorithm>

#include "sdp/grammar.hpp"
#include "sdp/inherit.hpp"

namespace jingle::call {
namespace {

std::string_view extension(const sdp::Candidate& candidate, std::string_view name)
{
    for (const auto& extension : candidate.extensions)
        if (extension.name == name)
            return extension.value;
    return {};
}

/// What a candidate is about; RTCIceCandidate may name the m-line either way or not at all.
std::string_view mid_of(const PageCandidate& candidate, const Slots& slots, base::Arena& arena)
{
    if (candidate.sdp_mid)
        return arena.copy(*candidate.sdp_mid);
    if (candidate.sdp_m_line_index && *candidate.sdp_m_line_index < slots.size())
        return arena.copy(slots[*candidate.sdp_m_line_index].mid);
    for (const auto& slot : slots)
        if (slot.state == SlotState::active)
            return arena.copy(slot.mid);
    return {};
}

}  // namespace

std::vector<WebCredentials> credentials_of(const sdp::Description& description, base::Arena& arena)
{
    auto resolved = description;
    resolved.media = {};
    for (const auto& media : description.media)
        resolved.media.push_back(arena, media);
    sdp::inherit(resolved, arena);
    std::vector<WebCredentials> out;
    for (const auto& media : resolved.media)
        if (!sdp::is_rejected(media) && media.transport.ice_ufrag && media.transport.ice_pwd)
            out.push_back({ std::string{ media.mid.value_or("") }, std::string{ *media.transport.ice_ufrag },
                            std::string{ *media.transport.ice_pwd } });
    return out;
}

const WebCredentials* find_mid(const std::vector<WebCredentials>& all, std::string_view mid) noexcept
{
    const auto found
        = std::find_if(all.begin(), all.end(), [&](const WebCredentials& one) { return one.mid == mid; });
    return found == all.end() ? nullptr : &*found;
}

bool has_ufrag(const std::vector<WebCredentials>& all, std::string_view ufrag) noexcept
{
    return std::any_of(all.begin(), all.end(), [&](const WebCredentials& one) { return one.ufrag == ufrag; });
}

base::Result<ReadCandidate> read_candidate(const PageCandidate& candidate, const Slots& slots,
                                           base::Arena& arena)
{
    if (candidate.candidate.size() > max_candidate_bytes)
        return base::fail(base::Errc::too_long, "candidate");
    ReadCandidate out{ mid_of(candidate, slots, arena), arena.copy(candidate.username_fragment.value_or("")),
                       std::nullopt };
    if (candidate.candidate.empty())
        return out;
    const auto text = arena.copy(candidate.candidate);
    if (!sdp::is_safe_text(text))
        return base::fail(base::Errc::malformed, "control characters in a candidate");
    TRY(out.candidate, sdp::Candidate::parse(text, arena));
    if (out.ufrag.empty())
        out.ufrag = extension(*out.candidate, "ufrag");
    return out;
}

sdp::Description fragment_of(const WebCredentials& credentials,
                             const std::vector<const ReadCandidate*>& candidates, base::Arena& arena)
{
    sdp::Media media;  // its m-line is a dummy
    media.media = "audio";
    media.proto = "UDP/TLS/RTP/SAVPF";
    media.formats.push_back(arena, "0");
    media.mid = arena.copy(credentials.mid);
    media.transport.ice_ufrag = arena.copy(credentials.ufrag);
    media.transport.ice_pwd = arena.copy(credentials.pwd);
    for (const auto* candidate : candidates)
        if (candidate->candidate)
            media.candidates.push_back(arena, *candidate->candidate);
        else
            media.end_of_candidates = true;
    sdp::Description out;
    out.media.push_back(arena, media);
    return out;
}

base::Result<PageCandidates> to_page(const sdp::Description& fragment, const Slots& slots)
{
    PageCandidates out;
    for (const auto& media : fragment.media) {
        PageCandidate common;
        if (media.mid) {
            common.sdp_mid = std::string{ *media.mid };
            if (const auto index = slots.find_mid(*media.mid))
                common.sdp_m_line_index = static_cast<std::uint16_t>(*index);
        }
        if (media.transport.ice_ufrag)
            common.username_fragment = std::string{ *media.transport.ice_ufrag };
        for (const auto& candidate : media.candidates) {
            auto& added = out.candidates.emplace_back(common);
            TRY(added.candidate, candidate.to_string());
        }
        if (media.end_of_candidates || fragment.end_of_candidates)
            out.candidates.push_back(common);
    }
    return out;
}

void add_ufrags(const Jingle& request, std::vector<std::string>& out)
{
    for (const auto& content : request.contents)
        if (content.ice() != nullptr && content.ice()->ufrag)
            out.emplace_back(*content.ice()->ufrag);
}

bool has_candidates(const Jingle& request) noexcept
{
    return std::any_of(request.contents.begin(), request.contents.end(), [](const Content& content) {
        const auto* ice = content.ice();
        return ice != nullptr
            && (!ice->candidates.empty() || ice->gathering_complete || ice->gathering_complete_in_own_ns);
    });
}

}  // namespace jingle::call
