#include "jingle/media_kinds.hpp"

#include <algorithm>
#include <array>

#include "jingle/message.hpp"
#include "jingle/session.hpp"
#include "xmpp/ns.hpp"

namespace jingle {
namespace {

struct KindRow {
    std::string_view media;
    bool MediaKinds::*kind;
};
constexpr std::array kinds{
    KindRow{ "audio", &MediaKinds::audio },
    KindRow{ "video", &MediaKinds::video },
    KindRow{ "text", &MediaKinds::text },
    KindRow{ "application", &MediaKinds::application },
};

bool equal_ignoring_case(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

void add(MediaKinds& sum, const MediaKinds& kind)
{
    for (const auto& row : kinds)
        sum.*row.kind = sum.*row.kind || kind.*row.kind;
    sum.other = sum.other || kind.other;
}

// Jitsi describes a data channel by its sctpmap alone.
MediaKinds kind_of(const Content& content)
{
    if (const auto* rtp = content.rtp())
        return media_kind(rtp->media.value_or(std::string_view{}));
    const auto* ice = content.ice();
    return ice != nullptr && ice->sctpmap ? MediaKinds{ .application = true } : MediaKinds{ .other = true };
}

}  // namespace

MediaKinds media_kind(std::string_view media) noexcept
{
    MediaKinds kind;
    for (const auto& row : kinds)
        if (equal_ignoring_case(media, row.media)) {
            kind.*row.kind = true;
            return kind;
        }
    kind.other = true;
    return kind;
}

MediaKinds media_kinds(const Jingle& jingle) noexcept
{
    MediaKinds sum;
    for (const auto& content : jingle.contents)
        add(sum, kind_of(content));
    return sum;
}

MediaKinds media_kinds(const Message& propose) noexcept
{
    MediaKinds sum;
    for (const auto& description : propose.descriptions)
        add(sum,
            description.ns == xmpp::ns::rtp ? media_kind(description.media.value_or(std::string_view{}))
                                            : MediaKinds{ .other = true });
    return sum;
}

}  // namespace jingle
