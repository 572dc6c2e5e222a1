#include "component/relaying.hpp"

#include <algorithm>
#include <utility>

#include "base/arena.hpp"
#include "component/wall_time.hpp"
#include "xmpp/external_services.hpp"
#include "xmpp/ns.hpp"

namespace component {
namespace {

std::optional<roster::WallTime> first_end(const Relays& relays)
{
    std::optional<roster::WallTime> first;
    for (const auto& service : relays.services)
        if (service.expires && (!first || *service.expires < *first))
            first = service.expires;
    return first;
}

/// Half of the way from `now` to the first end.
std::optional<roster::WallTime> half_life(const Relays& relays, roster::WallTime now)
{
    const auto first = first_end(relays);
    if (!first)
        return std::nullopt;
    return now + std::max(*first - now, std::chrono::milliseconds{ 0 }) / 2;
}

/// As a URI of ours, so that what the server says passes the same checks as what the operator writes.
std::optional<RelayService> to_relay(const xmpp::ExternalService& service)
{
    const auto is_literal = service.host.find(':') != std::string_view::npos;
    std::string text{ service.type };
    text += ':';
    if (is_literal)
        text.append("[").append(service.host).append("]");
    else
        text += service.host;
    if (service.port)
        text += ":" + std::to_string(*service.port);
    if (service.type.starts_with("turn") && !service.transport.empty())
        text.append("?transport=").append(service.transport);
    auto uri = TurnUri::parse(text);
    if (!uri)
        return std::nullopt;
    return RelayService{ *std::move(uri), std::string{ service.username }, std::string{ service.password },
                         wall_time_of(service.expires) };
}

}  // namespace

Relaying::Relaying(const TurnConfig& config, std::string secret, AskServer ask_server)
    : ask_server_{ std::move(ask_server) }
{
    configure(config, std::move(secret));
}

void Relaying::configure(const TurnConfig& config, std::string secret)
{
    source_ = config.source;
    ttl_ = config.ttl;
    secret_ = std::move(secret);
    username_ = config.username;
    uris_.clear();
    for (const auto& text : config.uris)
        if (auto uri = TurnUri::parse(text))
            uris_.push_back(*std::move(uri));
}

void Relaying::relays_for(std::string_view user, roster::WallTime now, Done done)
{
    if (source_ != TurnSource::xep0215)
        return done(minted(user, now));
    if ((waiting_.empty() && now < ask_again_) || waiting_.size() >= max_waiting)
        return done(answer_);
    waiting_.push_back(std::move(done));
    if (waiting_.size() == 1)
        ask(now);
}

Relays Relaying::minted(std::string_view user, roster::WallTime now) const
{
    Relays relays;
    if (source_ == TurnSource::none)
        return relays;
    const auto credentials = source_ == TurnSource::secret ? mint_turn_credentials(secret_, user, now, ttl_)
                                                           : TurnCredentials{ username_, secret_, {} };
    for (const auto& uri : uris_) {
        RelayService service{ uri, {}, {}, std::nullopt };
        if (uri.is_relay()) {
            service.username = credentials.username;
            service.password = credentials.password;
            if (source_ == TurnSource::secret)
                service.expires = credentials.expires;
        }
        relays.services.push_back(std::move(service));
    }
    relays.renew_at = half_life(relays, now);
    return relays;
}

void Relaying::ask(roster::WallTime now)
{
    base::Arena arena;
    auto* payload = xmpp::Element::create(arena, "services", xmpp::ns::external_services);
    ask_server_(*payload, [this, now](const xmpp::Element* iq) { on_answer(iq, now); });
}

void Relaying::on_answer(const xmpp::Element* iq, roster::WallTime asked_at)
{
    if (iq != nullptr && iq->attribute_or_empty("type") == "result") {
        answer_ = read_answer(*iq, asked_at);
        ask_again_ = std::min(asked_at + answer_life, answer_.renew_at.value_or(roster::WallTime::max()));
    } else {
        // What it said before is better than nothing, for as long as it is good.
        ask_again_ = asked_at + retry_after;
        if (const auto end = first_end(answer_); end && *end <= ask_again_)
            answer_ = {};
    }
    const auto relays = answer_;
    for (const auto& done : std::exchange(waiting_, {}))
        done(relays);
}

Relays Relaying::read_answer(const xmpp::Element& iq, roster::WallTime now)
{
    Relays relays;
    base::Arena arena;
    const auto* payload = iq.child("services", xmpp::ns::external_services);
    const auto value = payload != nullptr
        ? xmpp::ExternalServices::from_element(*payload, arena)
        : base::Result<xmpp::ExternalServices>{ base::fail(base::Errc::missing, "services") };
    if (!value)
        return relays;
    for (const auto& service : value->services) {
        auto relay = to_relay(service);
        // A relay whose credentials have to be asked for one by one, or are over, helps nobody.
        const auto is_usable = relay && (!relay->uri.is_relay() || !relay->username.empty())
            && (!relay->expires || *relay->expires > now);
        if (is_usable)
            relays.services.push_back(*std::move(relay));
    }
    relays.renew_at = half_life(relays, now);
    return relays;
}

}  // namespace component
