#include "jingle/bundling.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "sdp/inherit.hpp"

namespace jingle {
namespace {

const sdp::Group* find_bundle(const sdp::Description& description, const sdp::Media& media) noexcept
{
    if (!media.mid)
        return nullptr;
    for (const auto& group : description.groups)
        if (group.semantics == bundle && base::contains(group.mids, *media.mid))
            return &group;
    return nullptr;
}

}  // namespace

sdp::Description resolve(const sdp::Description& description, base::Arena& arena)
{
    auto resolved = description;
    resolved.media = {};
    resolved.media.reserve(arena, description.media.size());
    for (const auto& media : description.media)
        resolved.media.push_back(arena, media);
    sdp::inherit(resolved, arena);
    return resolved;
}

const sdp::Media* find_tagged(const sdp::Description& description, const sdp::Media& media) noexcept
{
    const auto* group = find_bundle(description, media);
    if (group == nullptr)
        return nullptr;
    for (const auto mid : group->mids)
        for (const auto& other : description.media)
            if (other.mid == mid && !sdp::is_rejected(other))
                return &other;
    return nullptr;
}

base::List<sdp::Group> live_groups(const base::List<sdp::Group>& groups, const sdp::Description& description,
                                   base::Arena& arena)
{
    const auto is_live = [&](std::string_view mid) {
        return std::ranges::any_of(description.media, [mid](const sdp::Media& media) {
            return media.mid == mid && !sdp::is_rejected(media);
        });
    };
    base::List<sdp::Group> live;
    for (const auto& group : groups) {
        sdp::Group kept{ group.semantics, {} };
        for (const auto mid : group.mids)
            if (is_live(mid))
                kept.mids.push_back(arena, mid);
        if (!kept.mids.empty())
            live.push_back(arena, kept);
    }
    return live;
}

bool is_bundled(const sdp::Description& description, const sdp::Media& media) noexcept
{
    return find_bundle(description, media) != nullptr;
}

}  // namespace jingle
