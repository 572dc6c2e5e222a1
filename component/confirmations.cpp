#include "component/confirmations.hpp"

#include <algorithm>

#include "base/arena.hpp"
#include "xmpp/ns.hpp"

namespace component {
namespace {

using Outcome = Confirmations::Outcome;
using xmpp::Element;

constexpr std::string_view blanks = " \t\r\n";

/// What somebody typed, without what clients and people put around it.
std::string word_of(std::string_view text)
{
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
    std::string word;
    for (const char c : text)
        word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    while (!word.empty() && (word.back() == '.' || word.back() == '!'))
        word.pop_back();
    return word;
}

std::optional<Outcome> outcome_of_iq(const Element& iq, std::string_view id)
{
    if (iq.attribute_or_empty("id") != id)
        return std::nullopt;
    return iq.attribute_or_empty("type") == "result" ? Outcome::confirmed : Outcome::denied;
}

std::optional<Outcome> outcome_of_message(const Element& message, std::string_view id, std::string_view code)
{
    const auto* confirm = message.child("confirm", xmpp::ns::http_auth);
    if (confirm != nullptr && confirm->attribute_or_empty("id") != code)
        return std::nullopt;
    const auto* thread = message.child("thread", xmpp::ns::component);
    const auto* body = message.child("body", xmpp::ns::component);
    if (message.attribute_or_empty("type") == "error") {
        const bool ours = message.attribute_or_empty("id") == id || (thread != nullptr && thread->text == id)
            || confirm != nullptr;
        return ours ? std::optional{ Outcome::denied } : std::nullopt;
    }
    // A thread of another question is an answer to that.
    if (thread != nullptr && thread->text != id)
        return std::nullopt;
    const auto word = body != nullptr ? word_of(body->text) : std::string{};
    if (word == "no")
        return Outcome::denied;
    if (word == "ok" || confirm != nullptr)
        return Outcome::confirmed;
    return std::nullopt;
}

}  // namespace

Confirmations::Confirmations(std::string domain, std::function<std::string()> random_id, Send send)
    : domain_{ std::move(domain) }
    , random_id_{ std::move(random_id) }
    , send_{ std::move(send) }
{
}

bool Confirmations::ask(const Question& question, Clock::time_point now, Done done)
{
    const std::string account{ question.account.bare() };
    if (open_.contains(account) || open_.size() >= max_open || !asked_.take(account, now))
        return false;
    const auto id = random_id_();
    const auto& shown = question.code.empty() ? id : question.code;
    base::Arena arena;
    const bool to_device = question.account.is_full();
    auto* stanza = Element::create(arena, to_device ? "iq" : "message", xmpp::ns::component);
    stanza->set(arena, "from", domain_);
    stanza->set(arena, "to", question.account.full());
    stanza->set(arena, "id", id);
    stanza->set(arena, "type", to_device ? "get" : "normal");
    if (!to_device) {
        const auto code = question.code.empty() ? std::string{} : " It shows the code " + question.code + ".";
        stanza->add(arena, "thread").text = id;
        stanza->add(arena, "body").text
            = arena.copy("Somebody, perhaps you, signs in as " + account + " at " + question.site
                         + " to make calls." + code + " If it is you, answer OK; if not, answer No.");
    }
    auto& confirm = stanza->add(arena, "confirm", xmpp::ns::http_auth);
    confirm.set(arena, "id", shown);
    confirm.set(arena, "method", "GET");
    confirm.set(arena, "url", question.site);
    open_.emplace(account, Open{ question.account, id, shown, now + answer_limit, std::move(done) });
    send_(*stanza);
    return true;
}

bool Confirmations::take(const Element& stanza, const xmpp::Jid& from)
{
    const auto found = open_.find(from.bare());
    if (found == open_.end() || (found->second.account.is_full() && found->second.account != from))
        return false;
    const auto outcome = stanza.name == "iq"
        ? outcome_of_iq(stanza, found->second.id)
        : outcome_of_message(stanza, found->second.id, found->second.code);
    if (!outcome)
        return false;
    finish(found, *outcome);
    return true;
}

std::optional<Confirmations::Clock::time_point> Confirmations::deadline() const
{
    if (open_.empty())
        return std::nullopt;
    const auto earliest
        = std::ranges::min_element(open_, {}, [](const auto& entry) { return entry.second.until; });
    return earliest->second.until;
}

void Confirmations::expire(Clock::time_point now)
{
    const auto is_due = [&](const auto& entry) { return entry.second.until <= now; };
    for (auto at = std::ranges::find_if(open_, is_due); at != open_.end();
         at = std::ranges::find_if(open_, is_due))
        finish(at, Outcome::unanswered);
}

/// Out of the table first: who hears it may ask again.
void Confirmations::finish(ByAccount::iterator at, Outcome outcome)
{
    const auto done = std::move(at->second.done);
    open_.erase(at);
    done(outcome);
}

}  // namespace component
