#include "component/gateway.hpp"

#include <algorithm>

#include "component/log.hpp"
#include "component/turn_answers.hpp"
#include "component/wall_time.hpp"
#include "jingle/call/nick.hpp"
#include "jingle/call/xmpp_leg.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reply.hpp"
#include "xmpp/writer.hpp"

namespace component {

using jingle::call::Turn;

namespace {

/// A carbon or a forwarded stanza (XEP-0280, XEP-0297): nobody but the own server of a user says with
/// authority what he sent or got, and a component is not that.
bool wraps_another(const xmpp::Element& stanza)
{
    for (const auto& child : stanza.children())
        if (child.ns == xmpp::ns::carbons || child.ns == xmpp::ns::forward)
            return true;
    return false;
}

bool is_bad_request(const xmpp::Element* reply)
{
    const auto* error = reply != nullptr ? reply->child("error", xmpp::ns::component) : nullptr;
    return error != nullptr
        && xmpp::StanzaError::from_element(*error).condition == xmpp::Condition::bad_request;
}

/// How old a propose may be that somebody held back, as clients do whose connection broke (XEP-0203).
constexpr auto max_age = std::chrono::seconds{ 60 };

/// Out of an archive or an offline store: whoever has called has given up by now. What was said later about a
/// call counts however late it is.
bool is_late(const xmpp::Element& stanza)
{
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return std::ranges::any_of(stanza.children(), [&](const auto& child) {
        if (!child.is("delay", xmpp::ns::delay))
            return false;
        const auto since = wall_time_of(child.attribute_or_empty("stamp"));
        return !since || now - *since > max_age || *since - now > max_age;
    });
}

bool has_child_of(const xmpp::Element& stanza, std::string_view ns)
{
    return std::ranges::any_of(stanza.children(), [&](const auto& child) { return child.ns == ns; });
}

}  // namespace

/// A stanza with its addresses prepared.
struct Gateway::Incoming {
    const xmpp::Element& stanza;
    xmpp::Jid from;
    xmpp::Jid to;
    std::string_view id;
    std::string_view type;
};

Gateway::Gateway(asio::io_context& io, Link& link, jingle::call::Settings settings, GatewayParts parts)
    : link_{ link }
    , domain_{ settings.domain }
    , answers_{ parts.answers }
    , presence_{ parts.presence }
    , notes_{ parts.recorder }
    , recorder_{ parts.recorder }
    , tells_missed_calls_{ std::move(parts.tells_missed_calls) }
    , commands_{ parts.commands }
    , relaying_{ parts.relaying }
    , questions_{ parts.question_prefix }
    , calls_{ std::move(settings), parts.directory }
    , journal_{ parts.journal }
    , store_{ parts.journal }
    , call_timer_{ io.get_executor() }
    , again_timer_{ io.get_executor() }
    , presence_timer_{ io.get_executor() }
{
}

void Gateway::on_online()
{
    presence_.start_over();
    send_presence_again();
    link_.out() += parking_.release();
    link_.flush();
    calls_.say_again(jingle::call::Clock::now());
    arm_timer();
}

void Gateway::on_offline()
{
    // The calls stay: media flows without us, and pages hear us all the same.
    again_timer_.cancel();
    presence_timer_.cancel();
    presence_armed_ = Presence::Clock::time_point::max();
    presence_.link_lost(Presence::Clock::now());
    questions_.expire_all();
    watch_backlog();
    arm_timer();
}

void Gateway::on_stanza(xmpp::Element& stanza)
{
    watch_backlog();
    auto from = xmpp::Jid::parse(stanza.attribute_or_empty("from"));
    auto to = xmpp::Jid::parse(stanza.attribute_or_empty("to"));
    if (!from || !to || to->domain() != domain_ || from->domain() == domain_) {
        log::debug(log::no_call, "a stanza from '{}' to '{}' is dropped: not an address we can answer",
                   stanza.attribute_or_empty("from"), stanza.attribute_or_empty("to"));
        return;
    }
    counts_.wrapped += wraps_another(stanza) ? 1 : 0;
    const Incoming in{ stanza, *std::move(from), *std::move(to), stanza.attribute_or_empty("id"),
                       stanza.attribute_or_empty("type") };
    if (stanza.name == "iq")
        on_iq(in);
    else if (stanza.name == "message")
        on_message(in);
    else if (stanza.name == "presence")
        on_presence(in);
    arena_.reset();
}

void Gateway::on_skipped(const xmpp::Element& envelope, xmpp::SkipReason)
{
    refuse(envelope, xmpp::errors::policy_violation);
    arena_.reset();
}

void Gateway::on_batch_end()
{
    flush();
    arm_timer();
    arm_presence_timer();
}

void Gateway::on_iq(const Incoming& in)
{
    if (in.type == "result" || in.type == "error") {
        if (confirms(in))
            return;
        auto now = presence_turn();
        if (!presence_.take_reply(in.stanza, now) && !questions_.take(in.stanza))
            on_reply(in);
        send(now);
        return;
    }
    if (in.type != "get" && in.type != "set")
        return refuse(in.stanza, xmpp::errors::bad_request);
    on_request(in);
}

void Gateway::on_request(const Incoming& in)
{
    const auto payloads = in.stanza.children();
    const bool single = !payloads.empty() && ++payloads.begin() == payloads.end();
    if (in.id.empty() || !single)
        return refuse(in.stanza, xmpp::errors::bad_request);  // RFC 6120, 8.2.3
    if (payloads.begin()->is("jingle", xmpp::ns::jingle) && in.type == "set")
        return on_jingle(in, *payloads.begin());
    if (in.to.local().empty() && on_command(in))
        return;
    if (in.type == "get" && on_services_question(in, *payloads.begin()))
        return;
    auto now = presence_turn();
    if (presence_.take_request(in.stanza, in.to, in.from, now))
        return send(now);
    send(answers_.to_request(in.stanza, in.to, Answers::WallTime::clock::now(), arena_));
}

bool Gateway::on_command(const Incoming& in)
{
    const auto wall = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto answer = commands_.answer(in.stanza, in.from, AdHoc::Time::clock::now(), wall, arena_);
    if (!answer)
        return false;
    send(answer->reply);
    counts_.malformed += is_bad_request(answer->reply) ? 1 : 0;
    if (answer->later)
        answer->later([this](const xmpp::Element& reply) {
            if (!link_.online())
                return;  // The question is gone with the stream it came on.
            send(&reply);
            link_.flush();
        });
    for (const auto& effect : answer->effects)
        carry_out(effect);
    return true;
}

void Gateway::carry_out(const CommandEffect& effect)
{
    auto now = presence_turn();
    if (const auto* ask = std::get_if<AskSubscription>(&effect))
        presence_.ask(ask->contact, ask->user, now);
    else if (const auto* end = std::get_if<WithdrawSubscription>(&effect))
        presence_.withdraw(end->contact, end->user, now);
    send(now);
}

void Gateway::take_effect(const CommandEffect& effect)
{
    if (!link_.online() && std::holds_alternative<AskSubscription>(effect))
        return;
    carry_out(effect);
    arena_.reset();
    link_.flush();
}

/// Relays for a user (XEP-0215): at once, or when the server has been asked.
bool Gateway::on_services_question(const Incoming& in, const xmpp::Element& payload)
{
    if (!is_services_question(payload) || !in.to.local().empty())
        return false;
    auto question
        = take_services_question(in.stanza, in.from, in.to, calls_.settings().served_domains, arena_);
    if (!question) {
        refuse(in.stanza, question.error());
        return true;
    }
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    relaying_.relays_for(in.from.bare(), now, [this, question = *std::move(question)](const Relays& relays) {
        if (!link_.online())
            return;  // The question is gone with the stream it came on.
        base::Arena arena;
        send(answer_services(question, relays, arena));
        link_.flush();
    });
    return true;
}

void Gateway::ask_server(const xmpp::Jid& server, const xmpp::Element& payload, IqTracker::Done done)
{
    if (!link_.online())
        return done(nullptr);
    const auto deadline = IqTracker::Clock::now() + IqTracker::answer_timeout;
    const auto id = questions_.track(server, deadline, done);
    if (!id)
        return done(nullptr);
    xmpp::Writer writer{ link_.out(), xmpp::ns::component };
    writer.open("iq")
        .attribute("from", domain_)
        .attribute("to", server.full())
        .attribute("id", *id)
        .attribute("type", "get");
    writer.element(payload);
    writer.close();
    link_.flush();
    arm_timer();
}

void Gateway::say(const xmpp::Element& stanza)
{
    send(&stanza);
    link_.flush();
    arm_timer();
}

bool Gateway::confirms(const Incoming& in)
{
    return confirmations_ != nullptr && !in.to.is_full() && in.to.local().empty()
        && confirmations_->take(in.stanza, in.from);
}

void Gateway::on_jingle(const Incoming& in, const xmpp::Element& payload)
{
    const auto value = jingle::Jingle::from_element(payload, arena_);
    if (!value) {
        log::debug(log::no_call, "a Jingle request of {} is refused: {}", in.from.full(), value.error().what);
        const bool too_large = value.error().code == base::Errc::too_long;
        counts_.too_large += too_large ? 1 : 0;
        return refuse(in.stanza, too_large ? xmpp::errors::resource_constraint : xmpp::errors::bad_request);
    }
    auto now = turn();
    if (const auto error = calls_.request(in.to, in.from, *value, in.id, now))
        refuse(in.stanza, *error);
    perform(now);
}

void Gateway::on_reply(const Incoming& in)
{
    const auto path = jingle::call::ReturnPath::parse(in.id);
    if (!path)
        return;
    std::optional<xmpp::StanzaError> error;
    if (in.type == "error") {
        const auto* element = in.stanza.child("error", xmpp::ns::component);
        error = element != nullptr ? xmpp::StanzaError::from_element(*element) : xmpp::StanzaError{};
    }
    auto now = turn();
    calls_.reply(in.from, *path, error, now);
    perform(now);
}

void Gateway::on_message(const Incoming& in)
{
    if (confirms(in))
        return;
    if (in.type == "error")
        return on_bounce(in);
    if (in.type == "groupchat" || in.type == "headline")
        return;
    // Who says it in both ways means one call.
    if (has_child_of(in.stanza, xmpp::ns::jmi))
        return on_jingle_message(in);
    if (has_child_of(in.stanza, xmpp::ns::call_invites))
        return on_call_invite(in);
    send(answers_.to_text(in.stanza, in.to, arena_));
}

void Gateway::on_jingle_message(const Incoming& in)
{
    auto value = jingle::Message::from_stanza(in.stanza, arena_);
    if (!value)
        return refuse(in.stanza, xmpp::errors::bad_request);
    if (value->kind == jingle::MessageKind::propose) {
        if (is_late(in.stanza))
            return;
        value->extra = with_nick_of(in, value->extra);
    }
    auto now = turn();
    if (const auto error = calls_.message(in.to, in.from, *value, in.id, now))
        refuse(in.stanza, *error);
    perform(now);
}

void Gateway::on_call_invite(const Incoming& in)
{
    const auto value = jingle::CallInvite::from_stanza(in.stanza, arena_);
    if (!value)
        return refuse(in.stanza, xmpp::errors::bad_request);
    if (value->kind == jingle::InviteKind::invite && is_late(in.stanza))
        return;
    auto now = turn();
    if (const auto error = calls_.invite(in.to, in.from, *value, with_nick_of(in, {}), in.id, now))
        refuse(in.stanza, *error);
    perform(now);
}

/// What the caller calls himself stands beside the propose or the invite (XEP-0172).
jingle::Extra Gateway::with_nick_of(const Incoming& in, const jingle::Extra& extra)
{
    const auto* const nick = in.stanza.child("nick", xmpp::ns::nick);
    return nick == nullptr ? extra
                           : jingle::call::with_nick(extra, jingle::call::plain_nick(nick->text), arena_);
}

void Gateway::on_bounce(const Incoming& in)
{
    if (!in.id.starts_with(jingle::call::propose_id_prefix))
        return;
    auto now = turn();
    calls_.bounced(in.to, in.from, in.id.substr(jingle::call::propose_id_prefix.size()), now);
    perform(now);
}

void Gateway::on_presence(const Incoming& in)
{
    if (in.type == "unavailable" && in.from.is_full()) {
        auto now = turn();
        calls_.device_gone(in.from, now);
        perform(now);
    }
    auto seen = presence_turn();
    presence_.received(in.stanza, in.to, in.from, seen);
    send(seen);
}

void Gateway::refuse(const xmpp::Element& stanza, const xmpp::StanzaError& error)
{
    counts_.malformed += error.condition == xmpp::Condition::bad_request ? 1 : 0;
    counts_.too_large += error.condition == xmpp::Condition::policy_violation ? 1 : 0;
    send(xmpp::make_error(stanza, error, arena_));
}

void Gateway::send(const xmpp::Element* stanza)
{
    if (stanza != nullptr)
        xmpp::Writer{ link_.out(), xmpp::ns::component }.element(*stanza);
}

void Gateway::send(const Presence::Turn& turn)
{
    for (const auto* stanza : turn.out)
        send(stanza);
}

}  // namespace component
