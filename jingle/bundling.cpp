#include "jingle/bundling.hpp"

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

bool is_bundled(const sdp::Description& description, const sdp::Media& media) noexcept
{
    return find_bundle(description, media) != nullptr;
}

}  // namespace jingle
