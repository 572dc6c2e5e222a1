#include "xmpp/command.hpp"

#include <array>

#include "base/enum_table.hpp"
#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

using base::EnumRow;

constexpr std::array actions{
    EnumRow<CommandAction>{ CommandAction::execute, "execute" },
    EnumRow<CommandAction>{ CommandAction::cancel, "cancel" },
    EnumRow<CommandAction>{ CommandAction::prev, "prev" },
    EnumRow<CommandAction>{ CommandAction::next, "next" },
    EnumRow<CommandAction>{ CommandAction::complete, "complete" },
};
constexpr std::array statuses{
    EnumRow<CommandStatus>{ CommandStatus::executing, "executing" },
    EnumRow<CommandStatus>{ CommandStatus::completed, "completed" },
    EnumRow<CommandStatus>{ CommandStatus::canceled, "canceled" },
};
constexpr std::array note_types{
    EnumRow<NoteType>{ NoteType::info, "info" },
    EnumRow<NoteType>{ NoteType::warn, "warn" },
    EnumRow<NoteType>{ NoteType::error, "error" },
};

}  // namespace

base::Result<CommandRequest> CommandRequest::from_element(const Element& command, base::Arena& arena)
{
    if (!command.is("command", ns::commands))
        return base::fail(base::Errc::malformed, "command");
    CommandRequest request{ command.attribute_or_empty("node"), command.attribute_or_empty("sessionid") };
    if (request.node.empty())
        return base::fail(base::Errc::missing, "node");
    if (const auto word = command.attribute("action")) {
        const auto action = base::find_value(actions, *word);
        if (!action)
            return base::fail(base::Errc::unknown_token, "action");
        request.action = *action;
    }
    if (const auto* x = command.child("x", ns::data_forms)) {
        TRY(request.form, Form::from_element(*x, arena));
    }
    return request;
}

Element& CommandResponse::append_to(Element& iq, base::Arena& arena) const
{
    auto& command = iq.add(arena, "command", ns::commands);
    command.set(arena, "node", node);
    command.set(arena, "sessionid", sessionid);
    command.set(arena, "status", base::find_token(statuses, status));
    if (status == CommandStatus::executing) {
        const std::string_view onward = has_next ? "next" : "complete";
        auto& element = command.add(arena, "actions");
        element.set(arena, "execute", onward);
        if (has_prev)
            element.add(arena, "prev");
        element.add(arena, onward);
    }
    if (!note.empty()) {
        auto& element = command.add(arena, "note");
        element.set(arena, "type", base::find_token(note_types, note_type));
        element.text = note;
    }
    if (form)
        form->append_to(command, arena);
    return command;
}

}  // namespace xmpp
