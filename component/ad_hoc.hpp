#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/arena.hpp"
#include "component/ad_hoc_commands.hpp"
#include "roster/text_map.hpp"
#include "xmpp/command.hpp"
#include "xmpp/disco.hpp"
#include "xmpp/element.hpp"
#include "xmpp/stanza_error.hpp"

namespace component {

/// The commands of the component's own address (XEP-0050), and what disco says of them. Sessions are bound to
/// the full JID that began them, bounded in number, and forgotten when they are left alone.
class AdHoc {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::minutes session_lifetime{ 10 };
    static constexpr std::size_t max_sessions = 1000;
    static constexpr std::size_t max_sessions_of_user = 5;  ///< the oldest goes

    using Send = std::function<void(const xmpp::Element&)>;
    struct Answer {
        const xmpp::Element* reply = nullptr;
        std::vector<CommandEffect> effects{};
        /// Without a reply: to be called, and sends it when it is known. Needs nothing of the turn.
        std::function<void(Send)> later{};
    };

    AdHoc(roster::Roster& roster, Operations* operations, AdHocSettings settings, RandomBytes random);

    /// Before the first answer, when they were not there yet.
    void connect(Operations& operations) { operations_ = &operations; }

    void configure(AdHocSettings settings) { settings_ = std::move(settings); }

    /// The answer to an iq for the component's own address; empty when it is about no command.
    [[nodiscard]] std::optional<Answer> answer(const xmpp::Element& iq, const xmpp::Jid& from, Time now,
                                               roster::WallTime wall, base::Arena& arena);
    [[nodiscard]] std::size_t sessions() const noexcept { return sessions_.size(); }

private:
    struct Session {
        xmpp::Jid owner;
        const AdHocCommand* command = nullptr;
        std::size_t step = 0;
        FormValues values{};
        Time deadline;
    };
    struct Turn;

    [[nodiscard]] bool may_run(const AdHocCommand& command, const xmpp::Jid& user) const;
    [[nodiscard]] std::vector<const AdHocCommand*> commands_of(const xmpp::Jid& user) const;
    [[nodiscard]] const xmpp::Element* disco_items(const Turn& turn) const;
    [[nodiscard]] const xmpp::Element* disco_info(const Turn& turn, std::string_view node) const;

    Answer run(const Turn& turn, const xmpp::CommandRequest& request);
    Answer begin(const Turn& turn, const xmpp::CommandRequest& request);
    Answer proceed(const Turn& turn, const xmpp::CommandRequest& request, const std::string& id);
    Answer submit(const Turn& turn, const xmpp::CommandRequest& request, const std::string& id);
    Answer show(const Turn& turn, const std::string& id, std::string_view complaint = {});
    Answer finish(const Turn& turn, const std::string& id);

    /// Empty when there is room for no more.
    [[nodiscard]] std::optional<std::string> make_room(const Turn& turn);
    [[nodiscard]] std::string new_id();

    roster::Roster& roster_;
    Operations* operations_;
    AdHocSettings settings_;
    RandomBytes random_;
    roster::TextMap<Session> sessions_;
};

}  // namespace component
