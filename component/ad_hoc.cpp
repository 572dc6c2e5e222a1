#include "component/ad_hoc.hpp"

#include <algorithm>
#include <array>

#include "xmpp/ns.hpp"
#include "xmpp/reply.hpp"

namespace component {
namespace {

namespace ns = xmpp::ns;
using xmpp::CommandAction;
using xmpp::CommandStatus;

constexpr std::size_t session_id_bytes = 16;

/// XEP-0050, 4.4: what is wrong, beside the general condition.
const xmpp::Element* make_command_error(const xmpp::Element& iq, std::string_view condition,
                                        const xmpp::StanzaError& general, base::Arena& arena)
{
    auto* reply = xmpp::make_error(iq, general, arena);
    if (reply != nullptr)
        // NOLINTNEXTLINE(*-const-cast): just made, ours
        const_cast<xmpp::Element*>(reply->first_child())->add(arena, condition, ns::commands);
    return reply;
}

constexpr xmpp::StanzaError malformed{ xmpp::ErrorType::modify, xmpp::Condition::bad_request, {} };
constexpr xmpp::StanzaError too_late{ xmpp::ErrorType::cancel, xmpp::Condition::not_allowed, {} };

const xmpp::Element* completed(const xmpp::Element& iq, std::string_view node, std::string_view session,
                               const CommandOutcome& outcome, base::Arena& arena)
{
    xmpp::CommandResponse response{ .node = node,
                                    .sessionid = arena.copy(session),
                                    .status = CommandStatus::completed,
                                    .note = arena.copy(outcome.note) };
    if (outcome.form)
        response.form = to_form(*outcome.form, "result", {}, arena);
    auto* reply = xmpp::make_result(iq, arena);
    response.append_to(*reply, arena);
    return reply;
}

/// Keeps what a reply needs of its request until the outcome is known.
std::function<void(AdHoc::Send)>
answer_later(const xmpp::Element& iq, std::string_view node, std::string session,
             std::function<void(std::function<void(CommandOutcome)>)> outcome)
{
    struct Asked {
        std::string from, to, id, node, session;
    };
    Asked asked{ std::string{ iq.attribute_or_empty("from") }, std::string{ iq.attribute_or_empty("to") },
                 std::string{ iq.attribute_or_empty("id") }, std::string{ node }, std::move(session) };
    return [asked = std::move(asked), outcome = std::move(outcome)](AdHoc::Send send) {
        outcome([asked, send = std::move(send)](const CommandOutcome& known) {
            base::Arena arena;
            auto* request = xmpp::Element::create(arena, "iq", ns::component);
            request->set(arena, "from", asked.from);
            request->set(arena, "to", asked.to);
            request->set(arena, "id", asked.id);
            request->set(arena, "type", "set");
            send(*completed(*request, asked.node, asked.session, known, arena));
        });
    };
}

}  // namespace

/// What one stanza is worked on with.
struct AdHoc::Turn {
    const xmpp::Element& iq;
    const xmpp::Jid& from;
    Time now;
    roster::WallTime wall;
    base::Arena& arena;

    [[nodiscard]] Answer refused(const xmpp::StanzaError& error) const
    {
        return { xmpp::make_error(iq, error, arena) };
    }
    [[nodiscard]] Answer refused(std::string_view condition, const xmpp::StanzaError& error = malformed) const
    {
        return { make_command_error(iq, condition, error, arena) };
    }
    [[nodiscard]] Answer respond(const xmpp::CommandResponse& response) const
    {
        auto* reply = xmpp::make_result(iq, arena);
        response.append_to(*reply, arena);
        return { reply };
    }
};

AdHoc::AdHoc(roster::Roster& roster, Operations* operations, AdHocSettings settings, RandomBytes random)
    : roster_{ roster }
    , operations_{ operations }
    , settings_{ std::move(settings) }
    , random_{ std::move(random) }
{
}

std::optional<AdHoc::Answer> AdHoc::answer(const xmpp::Element& iq, const xmpp::Jid& from, Time now,
                                           roster::WallTime wall, base::Arena& arena)
{
    const auto* payload = iq.first_child();
    const auto type = iq.attribute_or_empty("type");
    if (payload == nullptr || (type != "get" && type != "set"))
        return std::nullopt;
    const Turn turn{ iq, from, now, wall, arena };
    if (payload->is("command", ns::commands)) {
        if (type != "set")
            return turn.refused(xmpp::errors::bad_request);
        const auto request = xmpp::CommandRequest::from_element(*payload, arena);
        if (request)
            return run(turn, *request);
        return request.error().code == base::Errc::unknown_token ? turn.refused("malformed-action")
                                                                 : turn.refused("bad-payload");
    }
    const auto node = payload->attribute_or_empty("node");
    if (type == "get" && payload->is("query", ns::disco_items) && node == ns::commands)
        return Answer{ disco_items(turn) };
    if (type == "get" && payload->is("query", ns::disco_info))
        if (const auto* info = disco_info(turn, node))
            return Answer{ info };
    return std::nullopt;
}

bool AdHoc::may_run(const AdHocCommand& command, const xmpp::Jid& user) const
{
    if (user.local().empty() || (command.needs_operations && operations_ == nullptr))
        return false;
    switch (command.audience) {
    case Audience::user: return roster_.serves(user.domain());
    case Audience::administrator:
        return std::ranges::find(settings_.administrators, user.bare()) != settings_.administrators.end();
    }
    return false;
}

std::vector<const AdHocCommand*> AdHoc::commands_of(const xmpp::Jid& user) const
{
    std::vector<const AdHocCommand*> all;
    for (const auto table : { user_commands(), administrator_commands() })
        for (const auto& command : table)
            if (may_run(command, user))
                all.push_back(&command);
    return all;
}

const xmpp::Element* AdHoc::disco_items(const Turn& turn) const
{
    xmpp::DiscoItems items{ ns::commands, {} };
    for (const auto* command : commands_of(turn.from))
        items.items.push_back(turn.arena,
                              { turn.arena.copy(roster_.domain()), command->node, command->title });
    auto* reply = xmpp::make_result(turn.iq, turn.arena);
    items.append_to(*reply, turn.arena);
    return reply;
}

const xmpp::Element* AdHoc::disco_info(const Turn& turn, std::string_view node) const
{
    xmpp::DiscoInfo info;
    info.node = node;
    if (node == ns::commands)
        info.identities.push_back(turn.arena, { "automation", "command-list", "Commands", {} });
    for (const auto* command : commands_of(turn.from))
        if (command->node == node) {
            info.identities.push_back(turn.arena, { "automation", "command-node", command->title, {} });
            info.features.push_back(turn.arena, ns::data_forms);
        }
    if (info.identities.empty())
        return nullptr;
    info.features.push_back(turn.arena, ns::commands);
    auto* reply = xmpp::make_result(turn.iq, turn.arena);
    info.append_to(*reply, turn.arena);
    return reply;
}

AdHoc::Answer AdHoc::run(const Turn& turn, const xmpp::CommandRequest& request)
{
    if (request.sessionid.empty())
        return begin(turn, request);
    const auto found = sessions_.find(request.sessionid);
    if (found == sessions_.end() || found->second.owner != turn.from
        || found->second.command->node != request.node)
        return turn.refused("bad-sessionid");
    const auto id = found->first;
    if (turn.now >= found->second.deadline) {
        sessions_.erase(found);
        return turn.refused("session-expired", too_late);
    }
    // What was allowed when it began may not be any more.
    if (!may_run(*found->second.command, turn.from)) {
        sessions_.erase(found);
        return turn.refused(xmpp::errors::forbidden);
    }
    found->second.deadline = turn.now + session_lifetime;
    return proceed(turn, request, id);
}

AdHoc::Answer AdHoc::begin(const Turn& turn, const xmpp::CommandRequest& request)
{
    const AdHocCommand* command = nullptr;
    for (const auto table : { user_commands(), administrator_commands() })
        for (const auto& row : table)
            if (row.node == request.node && (!row.needs_operations || operations_ != nullptr))
                command = &row;
    if (command == nullptr)
        return turn.refused(xmpp::errors::item_not_found);
    if (!may_run(*command, turn.from))
        return turn.refused(xmpp::errors::forbidden);
    if (request.action != CommandAction::execute)
        return turn.refused("bad-action");
    const auto id = make_room(turn);
    if (!id)
        return turn.refused(xmpp::errors::resource_constraint);
    sessions_.emplace(*id, Session{ turn.from, command, 0, {}, turn.now + session_lifetime });
    return command->steps == 0 ? finish(turn, *id) : show(turn, *id);
}

AdHoc::Answer AdHoc::proceed(const Turn& turn, const xmpp::CommandRequest& request, const std::string& id)
{
    auto& session = sessions_.at(id);
    const bool is_last = session.step + 1 == session.command->steps;
    switch (request.action) {
    case CommandAction::cancel: {
        const auto node = session.command->node;
        sessions_.erase(id);
        return turn.respond(
            { .node = node, .sessionid = request.sessionid, .status = CommandStatus::canceled });
    }
    case CommandAction::prev:
        if (session.step == 0)
            return turn.refused("bad-action");
        --session.step;
        return show(turn, id);
    case CommandAction::next:
        if (is_last)
            return turn.refused("bad-action");
        break;
    case CommandAction::complete:
        if (!is_last)
            return turn.refused("bad-action");
        break;
    case CommandAction::execute: break;  // whichever of the two it is
    }
    return submit(turn, request, id);
}

AdHoc::Answer AdHoc::submit(const Turn& turn, const xmpp::CommandRequest& request, const std::string& id)
{
    auto& session = sessions_.at(id);
    if (!request.form)
        return turn.refused("bad-payload");
    const CommandContext context{ roster_, operations_, settings_, random_, turn.from, turn.wall };
    auto values = read_values(*request.form, session.command->form(context, session.step, session.values));
    if (!values)
        return values.error().code == base::Errc::missing ? show(turn, id, values.error().what)
                                                          : turn.refused("bad-payload");
    for (auto& [var, given] : *values)
        session.values.insert_or_assign(var, std::move(given));
    if (session.step + 1 == session.command->steps)
        return finish(turn, id);
    ++session.step;
    return show(turn, id);
}

AdHoc::Answer AdHoc::show(const Turn& turn, const std::string& id, std::string_view complaint)
{
    const auto& session = sessions_.at(id);
    const CommandContext context{ roster_, operations_, settings_, random_, turn.from, turn.wall };
    const auto form = session.command->form(context, session.step, session.values);
    return turn.respond({ .node = session.command->node,
                          .sessionid = turn.arena.copy(id),
                          .status = CommandStatus::executing,
                          .has_prev = session.step > 0,
                          .has_next = session.step + 1 < session.command->steps,
                          .note_type = xmpp::NoteType::error,
                          .note = turn.arena.copy(complaint),
                          .form = to_form(form, "form", session.values, turn.arena) });
}

AdHoc::Answer AdHoc::finish(const Turn& turn, const std::string& id)
{
    const auto& session = sessions_.at(id);
    const CommandContext context{ roster_, operations_, settings_, random_, turn.from, turn.wall };
    auto outcome = session.command->finish(context, session.values);
    if (!outcome)
        return show(turn, id, outcome.error());
    const auto node = session.command->node;
    const auto kept = std::string{ id };  // `id` may be the key of the session
    sessions_.erase(kept);
    if (outcome->later)
        return { .later = answer_later(turn.iq, node, kept, std::move(outcome->later)) };
    return { completed(turn.iq, node, kept, *outcome, turn.arena), std::move(outcome->effects) };
}

std::optional<std::string> AdHoc::make_room(const Turn& turn)
{
    std::erase_if(sessions_, [&](const auto& entry) { return turn.now >= entry.second.deadline; });
    std::size_t count = 0;
    auto oldest = sessions_.end();
    for (auto at = sessions_.begin(); at != sessions_.end(); ++at) {
        if (at->second.owner.bare() != turn.from.bare())
            continue;
        ++count;
        if (oldest == sessions_.end() || at->second.deadline < oldest->second.deadline)
            oldest = at;
    }
    if (count >= max_sessions_of_user)
        sessions_.erase(oldest);
    if (sessions_.size() >= max_sessions)
        return std::nullopt;
    return new_id();
}

std::string AdHoc::new_id()
{
    std::array<std::uint8_t, session_id_bytes> bytes{};
    random_(bytes);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string id;
    for (const auto byte : bytes) {
        id += digits[byte >> 4U];
        id += digits[byte & 15U];
    }
    return id;
}

}  // namespace component
