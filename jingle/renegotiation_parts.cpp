#include "jingle/renegotiation_parts.hpp"

#include <algorithm>

#include "jingle/bundling.hpp"
#include "jingle/direction.hpp"
#include "jingle/renegotiation.hpp"
#include "jingle/reoffer.hpp"
#include "sdp/inherit.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"

namespace jingle {

base::Result<KeptDescription> KeptDescription::copy(const sdp::Description& description)
{
    TRY(const auto text, description.to_string());
    KeptDescription kept;
    kept.arena_ = std::make_unique<base::Arena>(text.size() * 4 + 1024);
    TRY(const auto parsed, sdp::Description::parse(kept.arena_->copy(text), *kept.arena_));
    kept.description_ = kept.arena_->make<sdp::Description>(parsed);
    return kept;
}

namespace renegotiate {

std::string written(const Jingle& request)
{
    std::string xml;
    xmpp::Writer writer{ xml, xmpp::ns::component };
    request.write(writer);
    return xml;
}

base::Result<Jingle> read_back(std::string_view xml, base::Arena& arena)
{
    TRY(const auto* element, xmpp::parse_document(arena.copy(xml), arena));
    return Jingle::from_element(*element, arena);
}

base::Error error(base::Errc code, std::string_view what)
{
    return { code, std::string{ what } };
}

bool is_renewed(const sdp::Description& before, const sdp::Description& now, base::Arena& arena)
{
    const auto old = resolve(before, arena);
    const auto next = resolve(now, arena);
    for (std::size_t i = 0; i < std::min(old.media.size(), next.media.size()); ++i) {
        const auto& was = old.media[i].transport.fingerprints;
        const auto& is = next.media[i].transport.fingerprints;
        const auto is_new = std::none_of(is.begin(), is.end(), [&](const auto& one) {
            return std::find(was.begin(), was.end(), one) != was.end();
        });
        if (!was.empty() && !is.empty() && is_new)
            return true;
    }
    return false;
}

std::optional<sdp::Setup> settled_role(const sdp::Description& own, const sdp::Description& peer)
{
    for (const auto& media : own.media)
        if (!sdp::is_rejected(media) && opposite(media.transport.setup))
            return media.transport.setup;
    for (const auto& media : peer.media)
        if (!sdp::is_rejected(media) && opposite(media.transport.setup))
            return opposite(media.transport.setup);
    return std::nullopt;
}

bool is_live(const sdp::Description& description, std::size_t index)
{
    return index < description.media.size() && !sdp::is_rejected(description.media[index]);
}

Senders senders_of(const sdp::Description& description, std::size_t index, Role writer)
{
    const auto& media = description.media[index];
    if (!is_live_rtp(media))
        return Senders::both;
    return to_senders(media.transport.direction.value_or(sdp::Direction::sendrecv), writer);
}

Senders complement(Senders senders)
{
    switch (senders) {
    case Senders::both: return Senders::none;
    case Senders::initiator: return Senders::responder;
    case Senders::responder: return Senders::initiator;
    case Senders::none:
    case Senders::rejected: return Senders::both;
    }
    return Senders::both;
}

}  // namespace renegotiate

}  // namespace jingle
