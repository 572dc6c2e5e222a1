#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "component/config.hpp"
#include "component/turn.hpp"
#include "xmpp/element.hpp"

namespace component {

/// Where relays come from, as [turn] says. Time comes in, questions to the server go out.
class Relaying {
public:
    using Done = std::function<void(const Relays&)>;
    /// Asks the XMPP server with an iq get that holds `payload`, and hands over the answer: type result or
    /// error, or null when there was none in time. See IqTracker.
    using AskServer
        = std::function<void(const xmpp::Element& payload, std::function<void(const xmpp::Element*)>)>;

    /// What the server answered is used for so long when it names no end.
    static constexpr std::chrono::seconds answer_life{ 600 };
    /// A server that gave no answer is not asked again at once.
    static constexpr std::chrono::seconds retry_after{ 30 };
    /// Questions that wait for the server's answer.
    static constexpr std::size_t max_waiting = 1000;

    /// `secret` is what [turn] secret_file holds.
    Relaying(const TurnConfig& config, std::string secret, AskServer ask_server);

    /// Another [turn], for who asks from now on; who waits for the server's answer gets it.
    void configure(const TurnConfig& config, std::string secret);

    /// Calls `done` with what `user` (any name; it shows in the relay's log) may use: at once, or when the
    /// server has answered. Nothing, where nothing is to be had. What it gets is younger than half of its
    /// life, unless the server does not answer any more.
    void relays_for(std::string_view user, roster::WallTime now, Done done);

    /// The server's answer to the question, as relays; of what was not understood, nothing.
    [[nodiscard]] static Relays read_answer(const xmpp::Element& iq, roster::WallTime now);

private:
    [[nodiscard]] Relays minted(std::string_view user, roster::WallTime now) const;
    void ask(roster::WallTime now);
    void on_answer(const xmpp::Element* iq, roster::WallTime asked_at);

    TurnSource source_{};
    std::chrono::seconds ttl_{};
    std::string secret_;
    std::string username_;
    std::vector<TurnUri> uris_;
    AskServer ask_server_;
    Relays answer_;  ///< of the server; empty: none that is good
    roster::WallTime ask_again_{};
    std::vector<Done> waiting_;
};

}  // namespace component
