#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "component/ad_hoc_form.hpp"
#include "component/operations.hpp"
#include "roster/roster.hpp"

namespace component {

/// Fills the bytes with randomness nobody can guess.
using RandomBytes = std::function<void(std::span<std::uint8_t>)>;

struct AdHocSettings {
    std::vector<std::string> administrators;  ///< bare and prepared
    std::string public_url{};  ///< where the pages are, "https://call.example.org"; empty: not known
    bool lets_guests_in = true;
};

/// What a command works with.
struct CommandContext {
    roster::Roster& roster;
    Operations* operations;  ///< null: the commands that need it are not offered
    const AdHocSettings& settings;
    const RandomBytes& random;
    const xmpp::Jid& from;  ///< full; who runs it
    roster::WallTime now;
};

/// An address of ours wants to see the user's presence, so that his clients know it and ring.
struct AskSubscription {
    xmpp::Jid contact;
    xmpp::Jid user;

    friend bool operator==(const AskSubscription&, const AskSubscription&) = default;
};
/// The address is no more: subscriptions both ways end.
struct WithdrawSubscription {
    xmpp::Jid contact;
    xmpp::Jid user;

    friend bool operator==(const WithdrawSubscription&, const WithdrawSubscription&) = default;
};
using CommandEffect = std::variant<AskSubscription, WithdrawSubscription>;

struct CommandOutcome {
    std::string note;
    std::optional<AdHocForm> form{};
    std::vector<CommandEffect> effects{};
    /// When set, the outcome is not known yet: this is to be called, and hands it over when it is. Without
    /// effects and without another `later`.
    std::function<void(std::function<void(CommandOutcome)>)> later{};
};
/// What is wrong with what was filled in, in words for the user: he may mend it.
using CommandResult = tl::expected<CommandOutcome, std::string>;

enum class Audience : std::uint8_t {
    user,  ///< users of served domains
    administrator,
};

struct AdHocCommand {
    std::string_view node;
    std::string_view title;
    Audience audience;
    bool needs_operations;
    std::size_t steps;  ///< forms to fill in; 0: it answers at once
    AdHocForm (*form)(const CommandContext& context, std::size_t step, const FormValues& values);
    CommandResult (*finish)(const CommandContext& context, const FormValues& values);
};

[[nodiscard]] std::span<const AdHocCommand> user_commands() noexcept;
[[nodiscard]] std::span<const AdHocCommand> administrator_commands() noexcept;

// What both tables use.

/// One line for a list of calls.
[[nodiscard]] std::string to_line(const CallSummary& call);
/// A form that only shows lines.
[[nodiscard]] AdHocForm show_lines(std::string_view title, std::vector<std::string> lines);
/// Block and unblock, of `owner` or, without, of the operator.
[[nodiscard]] AdHocForm block_form();
[[nodiscard]] CommandResult do_block(const CommandContext& context, std::optional<xmpp::Jid> owner,
                                     const FormValues& values);
[[nodiscard]] AdHocForm unblock_form(const CommandContext& context, std::string_view owner);
[[nodiscard]] CommandResult do_unblock(const CommandContext& context, const std::optional<xmpp::Jid>& owner,
                                       const FormValues& values);

}  // namespace component
