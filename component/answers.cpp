#include "component/answers.hpp"

#include <algorithm>
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
constexpr std::array common_features{ ns::disco_info, ns::disco_items, ns::ping,
                                      ns::version,    ns::time,        ns::vcard };
constexpr std::array domain_features{ ns::jid_escaping, ns::gateway, ns::commands };
constexpr std::array contact_features{
    ns::jingle, ns::rtp,          ns::rtp_audio, ns::rtp_video, ns::rtcp_fb,          ns::rtp_hdrext,
    ns::ssma,   ns::dtls,         ns::grouping,  ns::ice_udp,   ns::feature_grouping, ns::feature_sources,
    ns::jmi,    ns::call_invites,
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

xmpp::Element* make_presence(std::string_view from, const xmpp::Jid& peer, std::string_view type,
                             base::Arena& arena)
{
    auto* presence = xmpp::Element::create(arena, "presence", ns::component);
    presence->set(arena, "from", arena.copy(from));
    presence->set(arena, "to", arena.copy(peer.full()));
    if (!type.empty())
        presence->set(arena, "type", arena.copy(type));
    return presence;
}

void add_name(xmpp::Element& presence, std::string_view name, base::Arena& arena)
{
    if (!name.empty())
        presence.add(arena, "nick", ns::nick).text = arena.copy(name);
}

/// What somebody types who wants to call: an address, maybe as a link, maybe ours already.
std::optional<xmpp::Jid> address_of(std::string_view typed, std::string_view domain, const Answers& answers)
{
    constexpr std::string_view blanks = " \t\r\n";
    constexpr std::string_view scheme = "xmpp:";
    typed.remove_prefix(std::min(typed.find_first_not_of(blanks), typed.size()));
    if (typed.starts_with(scheme)) {
        typed.remove_prefix(scheme.size());
        typed = typed.substr(0, typed.find('?'));
    }
    const auto user = xmpp::Jid::parse(typed.substr(0, typed.find_last_not_of(blanks) + 1));
    if (!user || user->local().empty())
        return std::nullopt;
    if (user->domain() == domain)
        return answers.stands_for_somebody(*user) ? std::optional{ user->to_bare() } : std::nullopt;
    const auto address = roster::contact_address(user->to_bare(), domain);
    return address ? std::optional{ address->to_bare() } : std::nullopt;
}

/// XEP-0100, 6: what to type, and which address comes of it, so that nobody types "\40". The result has the
/// address twice: clients from before 2005 look for it in <prompt/>.
std::optional<xmpp::StanzaError> add_prompt(const xmpp::Element& question, bool answers_prompt,
                                            std::string_view domain, const Answers& answers,
                                            xmpp::Element& result, base::Arena& arena)
{
    if (!answers_prompt) {
        auto& query = result.add(arena, "query", ns::gateway);
        query.add(arena, "desc").text = "Whom do you want to call? Enter his or her XMPP address, "
                                        "for example bob@example.org.";
        query.add(arena, "prompt").text = "XMPP address";
        return std::nullopt;
    }
    const auto* const prompt = question.child("prompt", ns::gateway);
    if (prompt == nullptr)
        return xmpp::errors::bad_request;
    const auto address = address_of(prompt->text, domain, answers);
    if (!address)
        return xmpp::errors::jid_malformed;
    auto& query = result.add(arena, "query", ns::gateway);
    query.add(arena, "jid").text = arena.copy(address->full());
    query.add(arena, "prompt").text = arena.copy(address->full());
    return std::nullopt;
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

bool Answers::stands_for_somebody(const xmpp::Jid& own) const
{
    return own.local().empty() || roster::contact_of(own) || name_of(own);
}

void Answers::announce_relays(bool are_there)
{
    auto& features = domain_.info.features;
    (void)features.erase_if([](std::string_view feature) { return feature == ns::external_services; });
    if (are_there)
        features.push_back(storage_, ns::external_services);
    domain_.ver = xmpp::verification_hash(domain_.info).value_or(std::string{});
}

const xmpp::Element* Answers::to_request(const xmpp::Element& iq, const xmpp::Jid& own, WallTime now,
                                         base::Arena& arena) const
{
    auto* result = xmpp::make_result(iq, arena);
    const auto* question = iq.first_child();
    if (result == nullptr || question == nullptr || !stands_for_somebody(own))
        return xmpp::make_error(iq, xmpp::errors::service_unavailable, arena);
    const bool get = iq.attribute_or_empty("type") == "get";
    const bool prompts = own.local().empty() && question->is("query", ns::gateway);
    std::optional<xmpp::StanzaError> error{ xmpp::errors::service_unavailable };
    if (prompts)
        error = add_prompt(*question, !get, own.domain(), *this, *result, arena);
    else if (get)
        error = add_answer(*question, own, now, *result, arena);
    return error ? xmpp::make_error(iq, *error, arena) : result;
}

std::optional<xmpp::StanzaError> Answers::add_features(const xmpp::Element& question, const xmpp::Jid& own,
                                                       xmpp::Element& result, base::Arena& arena) const
{
    const auto& face = face_of(own);
    auto info = face.info;
    info.node = question.attribute_or_empty("node");
    if (!info.node.empty() && info.node != arena.concat(caps_node, "#", face.ver))
        return xmpp::errors::item_not_found;  // XEP-0030, 7
    info.append_to(result, arena);
    return std::nullopt;
}

std::optional<xmpp::StanzaError> Answers::add_answer(const xmpp::Element& question, const xmpp::Jid& own,
                                                     WallTime now, xmpp::Element& result,
                                                     base::Arena& arena) const
{
    if (question.is("ping", ns::ping))
        return std::nullopt;
    if (question.is("query", ns::disco_info))
        return add_features(question, own, result, arena);
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
    const auto name
        = own.local().empty() ? std::string{ domain_.info.identities.front().name } : name_of(own);
    if (question.is("vCard", ns::vcard) && name) {
        auto& vcard = result.add(arena, "vCard", ns::vcard);
        vcard.add(arena, "FN").text = arena.copy(*name);
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
        : own.local().empty()
        ? std::string_view{ "This address is a gateway for calls. Nobody reads what is written to it." }
        : std::string_view{ "This address is for calls only. Nobody reads what is written to it." };
    // The error element is the only child: make_error does not echo what was sent.
    auto& holder
        = *const_cast<xmpp::Element*>(error->first_child());  // NOLINT(*-const-cast): just made, ours
    auto& text = holder.add(arena, "text", ns::stanza_errors);
    text.attributes.push_back(arena, { "lang", "en", ns::xml });
    text.text = words;
    return error;
}

const xmpp::Element* Answers::missed_call(const MissedCall& call, base::Arena& arena)
{
    auto* message = xmpp::Element::create(arena, "message", ns::component);
    message->set(arena, "from", arena.copy(call.contact.bare()));
    message->set(arena, "to", arena.copy(call.callee.bare()));
    message->set(arena, "type", "chat");
    const auto minutes = std::chrono::floor<std::chrono::minutes>(call.at);
    message->add(arena, "body").text
        = arena.copy(fmt::format("You missed a {} from {} at {:%Y-%m-%d %H:%M} UTC.",
                                 call.video ? "video call" : "call", call.caller, minutes));
    add_name(*message, call.caller, arena);
    message->add(arena, "store", ns::hints);
    return message;
}

const xmpp::Element* Answers::presence(const xmpp::Jid& own, const xmpp::Jid& peer, const Look& look,
                                       base::Arena& arena) const
{
    const auto from
        = own.local().empty() ? arena.copy(own.domain()) : arena.concat(own.bare(), "/", roster::any_device);
    if (!look.reachable)
        return make_presence(from, peer, "unavailable", arena);
    auto* presence = make_presence(from, peer, {}, arena);
    xmpp::Caps{ caps_node, face_of(own).ver, xmpp::Caps::sha1 }.append_to(*presence, arena);
    add_name(*presence, look.name, arena);
    if (look.photo)
        presence->add(arena, "x", ns::vcard_update).add(arena, "photo").text = arena.copy(*look.photo);
    return presence;
}

const xmpp::Element* Answers::subscription(std::string_view type, const xmpp::Jid& own, const xmpp::Jid& peer,
                                           std::string_view name, base::Arena& arena)
{
    auto* presence = make_presence(own.bare(), peer.to_bare(), type, arena);
    if (type == "subscribe")
        add_name(*presence, name, arena);
    return presence;
}

}  // namespace component
