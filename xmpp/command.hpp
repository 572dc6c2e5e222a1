#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/list.hpp"
#include "base/result.hpp"
#include "xmpp/element.hpp"
#include "xmpp/form.hpp"

namespace xmpp {

/// What the user wants done with a command (XEP-0050, 3.4); none stands for execute.
enum class CommandAction : std::uint8_t { execute, cancel, prev, next, complete };

/// What a client sends to run a command, step by step.
struct CommandRequest {
    std::string_view node;
    std::string_view sessionid;  ///< empty: a new session
    CommandAction action = CommandAction::execute;
    std::optional<Form> form{};

    /// A node is required; unknown actions are refused.
    [[nodiscard]] static base::Result<CommandRequest> from_element(const Element& command,
                                                                   base::Arena& arena);
};

enum class CommandStatus : std::uint8_t { executing, completed, canceled };
enum class NoteType : std::uint8_t { info, warn, error };

/// What a client is told of a step.
struct CommandResponse {
    std::string_view node;
    std::string_view sessionid;
    CommandStatus status = CommandStatus::executing;
    bool has_prev = false;
    bool has_next = false;  ///< and no complete, as the last step has
    NoteType note_type = NoteType::info;
    std::string_view note{};  ///< empty: none
    std::optional<Form> form{};

    Element& append_to(Element& iq, base::Arena& arena) const;
};

}  // namespace xmpp
