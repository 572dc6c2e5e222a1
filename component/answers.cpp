#include "component/answers.hpp"

#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "roster/contact.hpp"
#include "xmpp/caps.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reply.hpp"

namespace component {
namespace {

namespace ns = xmpp::ns;

constexpr std::string_view caps_node = "urn:carillon";

/// What each address can do, as far as it is true today.
constexpr std::array common_features{ ns::disco_info, ns::disco_items, ns::ping, ns::version, ns::time };
constexpr std::array domain_features{ ns::jid_escaping };
constexpr std::array contact_features{
    ns::jingle, ns::rtp,  ns::rtp_audio, ns::rtp_video, ns::rtcp_fb,          ns::rtp_hdrext,
    ns::ssma,   ns::dtls, ns::grouping,  ns::ice_udp,   ns::feature_grouping, ns::feature_sources,
    ns::jmi,
};

template <std::size_t N>
xmpp::DiscoInfo make_info(const xmpp::Identity& identity, const std::array<std::string_view, N>& features,
                          base::Arena& arena)
{
    xmpp::DiscoInfo info;
    info.identities.push_back(arena, identity);
    for (const auto feature : common_features)
        info.features.push_back(arena, feature);
    for (const auto feature : features)
        info.features.push_back(arena, feature);
    return info;
}

bool stands_for_somebody(const xmpp::Jid& own)
{
    return own.local().empty() || roster::contact_of(own);
}

xmpp::Element* make_presence(std::string_view from, const xmpp::Jid& peer, std::string_view type,
                             base::Arena& arena)
{
    auto* presence = xmpp::Element::create(arena, "presence", ns::component);
    presence->set(arena, "from", arena.copy(from));
    presence->set(arena, "to", arena.copy(peer.full()));
    if (!type.empty())
        presence->set(arena, "type", type);
    return presence;
}

}  // namespace

Answers::Answers(std::string version)
    : version_{ std::move(version) }
{
    domain_.info = make_info({ "component", "generic", "Call gateway", {} }, domain_features, storage_);
    contact_.info = make_info({ "client", "phone", "Carillon", {} }, contact_features, storage_);
    for (auto* face : { &domain_, &contact_ })
        face->ver = xmpp::verification_hash(face->info).value_or(std::string{});
}

const xmpp::Element* Answers::to_request(const xmpp::Element& iq, const xmpp::Jid& own, WallTime now,
                                         base::Arena& arena) const
{
    auto* result = xmpp::make_result(iq, arena);
    const auto* question = iq.first_child();
    if (result == nullptr || question == nullptr || iq.attribute_or_empty("type") != "get"
        || !stands_for_somebody(own))
        return xmpp::make_error(iq, xmpp::errors::service_unavailable, arena);
    if (const auto error = add_answer(*question, own, now, *result, arena))
        return xmpp::make_error(iq, *error, arena);
    return result;
}

std::optional<xmpp::StanzaError> Answers::add_answer(const xmpp::Element& question, const xmpp::Jid& own,
                                                     WallTime now, xmpp::Element& result,
                                                     base::Arena& arena) const
{
    if (question.is("ping", ns::ping))
        return std::nullopt;
    if (question.is("query", ns::disco_info)) {
        const auto& face = face_of(own);
        auto info = face.info;
        info.node = question.attribute_or_empty("node");
        if (!info.node.empty() && info.node != arena.concat(caps_node, "#", face.ver))
            return xmpp::errors::item_not_found;  // XEP-0030, 7
        info.append_to(result, arena);
        return std::nullopt;
    }
    if (question.is("query", ns::disco_items)) {
        xmpp::DiscoItems{ question.attribute_or_empty("node"), {} }.append_to(result, arena);
        return std::nullopt;
    }
    if (question.is("query", ns::version)) {
        auto& query = result.add(arena, "query", ns::version);
        query.add(arena, "name").text = "Carillon";
        query.add(arena, "version").text = arena.copy(version_);
        return std::nullopt;
    }
    if (question.is("time", ns::time)) {
        auto& time = result.add(arena, "time", ns::time);
        time.add(arena, "tzo").text = "+00:00";
        const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
        time.add(arena, "utc").text = arena.copy(fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", seconds));
        return std::nullopt;
    }
    return xmpp::errors::service_unavailable;
}

const xmpp::Element* Answers::to_text(const xmpp::Element& message, const xmpp::Jid& own,
                                      base::Arena& arena) const
{
    const auto* body = message.child("body", ns::component);
    if (body == nullptr || body->text.empty())
        return nullptr;
    constexpr xmpp::StanzaError refused{ xmpp::ErrorType::cancel, xmpp::Condition::not_acceptable, {} };
    auto* error = xmpp::make_error(message, refused, arena);
    if (error == nullptr)
        return nullptr;
    const auto contact = roster::contact_of(own);
    const auto words = contact
        ? arena.concat("This address is for calls only. Please write to ", contact->user.bare(), " instead.")
        : std::string_view{ "This address is a gateway for calls. Nobody reads what is written to it." };
    // The error element is the only child: make_error does not echo what was sent.
    auto& holder
        = *const_cast<xmpp::Element*>(error->first_child());  // NOLINT(*-const-cast): just made, ours
    auto& text = holder.add(arena, "text", ns::stanza_errors);
    text.attributes.push_back(arena, { "lang", "en", ns::xml });
    text.text = words;
    return error;
}

std::vector<const xmpp::Element*> Answers::to_presence(std::string_view type, const xmpp::Jid& own,
                                                       const xmpp::Jid& peer, base::Arena& arena) const
{
    if (!stands_for_somebody(own))
        return {};
    const auto bare = peer.to_bare();
    if (type == "subscribe")
        return { make_presence(own.bare(), bare, "subscribed", arena), available(own, bare, arena) };
    if (type == "unsubscribe")
        return { make_presence(own.bare(), bare, "unsubscribed", arena),
                 make_presence(own.bare(), bare, "unavailable", arena) };
    if (type == "probe" || type.empty())
        return { available(own, peer, arena) };
    return {};
}

const xmpp::Element* Answers::available(const xmpp::Jid& own, const xmpp::Jid& peer, base::Arena& arena) const
{
    const auto from
        = own.local().empty() ? arena.copy(own.domain()) : arena.concat(own.bare(), "/", roster::any_device);
    auto* presence = make_presence(from, peer, {}, arena);
    xmpp::Caps{ caps_node, face_of(own).ver, xmpp::Caps::sha1 }.append_to(*presence, arena);
    return presence;
}

const xmpp::Element* Answers::probe(const xmpp::Jid& own, const xmpp::Jid& peer, base::Arena& arena) const
{
    return make_presence(own.bare(), peer.to_bare(), "probe", arena);
}

}  // namespace component
