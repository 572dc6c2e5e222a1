#include "jingle/inheritance.hpp"

#include <algorithm>

namespace jingle {

namespace {

const sdp::Group* find_bundle(const sdp::Description& description, const sdp::Media& media) noexcept
{
    if (!media.mid)
        return nullptr;
    for (const auto& group : description.groups)
        if (group.semantics == bundle
            && std::find(group.mids.begin(), group.mids.end(), *media.mid) != group.mids.end())
            return &group;
    return nullptr;
}

const sdp::Media* find_media(const sdp::Description& description, std::string_view mid) noexcept
{
    const auto found = std::find_if(description.media.begin(), description.media.end(),
                                    [&](const sdp::Media& media) { return media.mid == mid; });
    return found == description.media.end() ? nullptr : found;
}

/// Fills what `to` does not have: the sets that go together are taken together.
void fill_transport(sdp::TransportAttributes& to, const sdp::TransportAttributes& from)
{
    if (!to.ice_ufrag && !to.ice_pwd) {
        to.ice_ufrag = from.ice_ufrag;
        to.ice_pwd = from.ice_pwd;
    }
    if (to.ice_options.empty())
        to.ice_options = from.ice_options;
    if (to.fingerprints.empty())
        to.fingerprints = from.fingerprints;
    if (!to.setup)
        to.setup = from.setup;
    if (!to.tls_id)
        to.tls_id = from.tls_id;
}

void merge_extmaps(sdp::TransportAttributes& to, const base::List<sdp::ExtMap>& session, base::Arena& arena)
{
    if (session.empty())
        return;
    base::List<sdp::ExtMap> merged;
    for (const auto& own : to.extmaps)
        merged.push_back(arena, own);
    for (const auto& extmap : session) {
        const auto same_id = [&](const sdp::ExtMap& own) { return own.id == extmap.id; };
        if (std::none_of(to.extmaps.begin(), to.extmaps.end(), same_id))
            merged.push_back(arena, extmap);
    }
    to.extmaps = merged;
}

}  // namespace

sdp::TransportAttributes resolve(const sdp::Description& description, const sdp::Media& media,
                                 base::Arena& arena)
{
    auto resolved = media.transport;
    fill_transport(resolved, description.transport);
    if (!resolved.ice_ufrag) {
        if (const auto* tagged = find_tagged(description, media); tagged != nullptr && tagged != &media)
            fill_transport(resolved, tagged->transport);
    }
    merge_extmaps(resolved, description.transport.extmaps, arena);
    resolved.extmap_allow_mixed = resolved.extmap_allow_mixed || description.transport.extmap_allow_mixed;
    if (!resolved.direction)
        resolved.direction = description.transport.direction;
    return resolved;
}

const sdp::Media* find_tagged(const sdp::Description& description, const sdp::Media& media) noexcept
{
    const auto* group = find_bundle(description, media);
    if (group == nullptr)
        return nullptr;
    for (const auto mid : group->mids)
        if (const auto* tagged = find_media(description, mid); tagged != nullptr && tagged->port != 0)
            return tagged;
    return nullptr;
}

bool is_bundled(const sdp::Description& description, const sdp::Media& media) noexcept
{
    return find_bundle(description, media) != nullptr;
}

}  // namespace jingle
