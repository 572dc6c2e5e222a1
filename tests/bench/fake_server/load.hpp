#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fake_server/scanner.hpp"
#include "fake_server/stanzas.hpp"

namespace bench {

using Clock = std::chrono::steady_clock;

enum class Side : std::uint8_t { caller, callee };
enum class Flow : std::uint8_t { jmi, direct };
enum class Until : std::uint8_t { ended, accepted };
enum class Trickles : std::uint8_t { yes, no };  ///< without: only what changes the state of a call

/// What was sent, what came back, and what should have come but did not.
struct Tally {
    std::uint64_t stanzas_in = 0, bytes_in = 0;  ///< towards the component
    std::uint64_t stanzas_out = 0, bytes_out = 0;  ///< from the component
    std::uint64_t calls_done = 0;  ///< those turned away among them
    std::uint64_t turned_away = 0;  ///< told to wait, since the component was behind
    std::uint64_t relayed = 0, owed = 0;  ///< IQs and messages that reached, or had to reach, the other user
    std::uint64_t extra = 0;  ///< stanzas of the component's own: pings, disco, presence
    std::uint64_t refused = 0;  ///< proposes of the flood
    std::uint64_t errors = 0;  ///< stanza errors and stanzas to nobody
    std::vector<std::string> samples;  ///< the first few of those errors
    std::vector<float> latency_us;  ///< of each relayed stanza and each result
    std::vector<std::uint16_t> sizes;  ///< of each stanza towards the component
};

/// Both users' servers: plays calls as steps, each sent when the one before has been relayed and
/// acknowledged. Every call has users of its own while it lives (a0000017@a.test calls b0000017@b.test), so
/// an address tells call and side whatever the component does with ids and sids.
class Load {
public:
    /// From the `pairs`th pair of users on, those who are free call again; 0: everybody calls once.
    Load(Flow flow, std::string component, std::size_t pairs = 0, Trickles trickles = Trickles::yes);

    /// Of the calls that start from now on; between calls only.
    void set_trickles(Trickles trickles) noexcept { trickles_ = trickles; }

    void start_call(Until until, Clock::time_point now);
    /// One JID proposes so many calls to one user, beside the others.
    void flood(std::size_t proposes);
    void take(const Envelope& stanza, Clock::time_point now);
    /// The bytes for the component; the caller takes from its front.
    [[nodiscard]] std::string& output() noexcept { return output_; }
    [[nodiscard]] std::size_t calls_running() const noexcept { return running_; }
    [[nodiscard]] const Tally& tally() const noexcept { return tally_; }
    /// Starts counting anew; calls that live go on.
    void reset_tally();

private:
    struct Call {
        std::uint8_t step = 0;
        std::uint8_t last_step = 0;
        bool acknowledged = false;
        bool delivered = false;
        bool running = false;
        unsigned round = 0;  ///< calls that these users had before
        Clock::time_point sent;
        std::array<std::string, 2> peer, sid;  ///< by side: whom it talks to, about which session
    };
    struct Target {
        Call* call = nullptr;
        std::size_t number = 0;
        Side side = Side::caller;
    };

    [[nodiscard]] std::size_t free_pair();
    [[nodiscard]] Target find(std::string_view address);
    void send(Kind kind, const Blanks& blanks);
    void send_step(std::size_t number, Call& call, Clock::time_point now);
    void advance(std::size_t number, Call& call, Clock::time_point now);
    [[nodiscard]] bool is_turned_away(const Target& target, const Envelope& stanza) const;
    void turn_away(Call& call);
    void take_request(const Target& target, const Envelope& stanza, Clock::time_point now);
    void take_result(const Target& target, const Envelope& stanza, Clock::time_point now);
    void deliver(const Target& target, std::string_view word, const Envelope& stanza, Clock::time_point now);
    void answer(const Envelope& stanza);
    void record_error(const Envelope& stanza);

    Flow flow_;
    Trickles trickles_;
    std::string component_;
    std::array<Template, kinds> templates_ = make_templates();
    std::size_t pairs_;
    std::size_t next_pair_ = 0;
    std::vector<Call> calls_;
    std::size_t running_ = 0;
    std::size_t flooded_ = 0;
    std::string output_;
    Tally tally_;
};

}  // namespace bench
