#include "sdp/inherit.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace sdp {
namespace {

/// A list of its own: lists that share their items must not both grow.
template <class T>
base::List<T> copy(const base::List<T>& list, base::Arena& arena)
{
    base::List<T> result;
    for (const auto& item : list)
        result.push_back(arena, item);
    return result;
}

template <class T>
void fill(std::optional<T>& to, const std::optional<T>& from)
{
    if (!to)
        to = from;
}

template <class T>
void fill(base::List<T>& to, const base::List<T>& from, base::Arena& arena)
{
    if (to.empty())
        to = copy(from, arena);
}

void fill_transport(TransportAttributes& to, const TransportAttributes& from, base::Arena& arena)
{
    fill(to.ice_ufrag, from.ice_ufrag);
    fill(to.ice_pwd, from.ice_pwd);
    fill(to.ice_options, from.ice_options, arena);
    fill(to.fingerprints, from.fingerprints, arena);
    fill(to.setup, from.setup);
    fill(to.tls_id, from.tls_id);
}

void add_extmaps(base::List<ExtMap>& to, const base::List<ExtMap>& from, base::Arena& arena)
{
    const auto own = to.size();
    for (const auto& map : from) {
        const auto has_id = [&map](const ExtMap& other) { return other.id == map.id; };
        if (std::none_of(to.begin(), to.begin() + own, has_id))
            to.push_back(arena, map);
    }
}

void inherit_session(Media& media, const Description& session, base::Arena& arena)
{
    fill(media.connection, session.connection);
    fill(media.transport.direction, session.transport.direction);
    fill_transport(media.transport, session.transport, arena);
    add_extmaps(media.transport.extmaps, session.transport.extmaps, arena);
    media.transport.extmap_allow_mixed |= session.transport.extmap_allow_mixed;
    media.end_of_candidates |= session.end_of_candidates;
}

Media* find_alive(Description& description, std::string_view mid)
{
    const auto found
        = std::find_if(description.media.begin(), description.media.end(), [mid](const Media& media) {
              return media.mid && base::is_same_name(*media.mid, mid);
          });
    return found != description.media.end() && !is_rejected(*found) ? found : nullptr;
}

void inherit_bundle(Description& description, const Group& group, base::Arena& arena)
{
    const Media* tagged = nullptr;
    for (const auto mid : group.mids) {
        auto* media = find_alive(description, mid);
        if (media == nullptr)
            continue;
        if (tagged == nullptr)
            tagged = media;
        else if (!media->transport.ice_ufrag)
            fill_transport(media->transport, tagged->transport, arena);
    }
}

}  // namespace

void inherit(Description& description, base::Arena& arena)
{
    if (description.media.empty())
        return;
    for (auto& media : description.media)
        inherit_session(media, description, arena);
    description.connection.reset();
    description.transport = {};
    description.end_of_candidates = false;
    for (const auto& group : description.groups)
        if (group.semantics == "BUNDLE")
            inherit_bundle(description, group, arena);
}

}  // namespace sdp
