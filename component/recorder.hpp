#pragma once

#include <chrono>
#include <deque>
#include <unordered_set>
#include <utility>
#include <vector>

#include "component/net/asio.hpp"
#include "component/records.hpp"
#include "component/refusals.hpp"
#include "component/store.hpp"

namespace component {

/// Writes the record of each call: with the turn in which it starts or is answered, at its end, and within
/// `delay` after any other step.
class Recorder {
public:
    static constexpr std::chrono::seconds delay{ 1 };
    /// Records written at once after their delay, and the time until the next of them.
    static constexpr std::size_t portion = 256;
    static constexpr std::chrono::milliseconds pause{ 20 };

    /// The records of calls that the journal holds go on where they were; the store has closed the others.
    Recorder(asio::io_context& io, Store& store);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    void note(const RecordEvent& event);
    void note_candidates(const CallKey& call, unsigned leg, CandidateKinds kinds);
    /// True when it has a row of its own, and so is worth a line of the log.
    bool note(const jingle::call::NotLetIn& refusal, WallTime now);

    /// At the end of a turn of the loop, with the journal's commit: a call and its record are one
    /// transaction.
    void commit();
    /// What is put off is written too: the process ends.
    void write_all();

    [[nodiscard]] const Refusals& refusals() const noexcept { return refusals_; }
    [[nodiscard]] const Records& records() const noexcept { return records_; }

private:
    using Clock = std::chrono::steady_clock;

    void write(const CallRecord& record);
    void put_off(const CallKey& call);
    void arm(Clock::time_point at);
    void write_some();

    Store& store_;
    Records records_;
    Refusals refusals_;
    std::vector<CallKey> due_;  ///< at the end of this turn
    std::unordered_set<CallKey, CallKeyHash> untold_;  ///< calls that the store has taken nothing of yet
    std::unordered_set<CallKey, CallKeyHash> put_off_;
    std::deque<std::pair<Clock::time_point, CallKey>> queue_;  ///< of those, some of which are written by now
    Timer timer_;
};

}  // namespace component
