#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "component/call_record.hpp"

namespace component {

/// A step of a call, as the record sees it.
enum class RecordStep : std::uint8_t {
    started,
    tried,  ///< a device was asked
    ringing,
    proceeded,
    initiated,
    accepted,
    refused,  ///< by a device; not yet the end of the call
    stopped,  ///< a device was told to stop
    gone,
    resumed,  ///< it goes on after all: its end was written, and the process died before the call was
    ended,
};

/// What happened to a call. Views are not kept. Leg 0 is the caller's.
struct RecordEvent {
    CallKey call{};
    WallTime at{};
    RecordStep step = RecordStep::started;
    unsigned leg = 0;
    std::string_view address{};  ///< of the leg; with started: the caller's
    std::string_view callee{};  ///< with started: as dialled
    std::string_view sid{};  ///< with started
    std::string_view reason{};  ///< with refused, stopped, ended
    std::string_view rule{};  ///< with started
    bool audio = false;  ///< media that was offered by now; never taken back
    bool video = false;
};

/// Puts the records of the running calls together. Pure; one value for each call that has not ended.
class Records {
public:
    /// A hunt group of thousands is not worth a row each; those beyond are left out of the record.
    static constexpr std::size_t max_devices = 64;
    /// An address or a reason may be as long as a peer likes; the record keeps so much of it.
    static constexpr std::size_t max_text = 1024;

    /// The record to write, valid until the next call here; null when the event changed nothing or belongs to
    /// no call that is known. A call that ended is forgotten with the next event.
    [[nodiscard]] const CallRecord* apply(const RecordEvent& event);
    /// The same, for candidates that a side offered.
    [[nodiscard]] const CallRecord* offered(const CallKey& call, unsigned leg, CandidateKinds kinds);

    /// The record of a call that the journal brought back: it goes on. Of several with one id the one without
    /// an end counts: the others are of calls that were not let in under it.
    void resume(CallRecord record);
    /// Room for so many, before they are resumed one by one.
    void reserve(std::size_t calls) { calls_.reserve(calls); }
    [[nodiscard]] std::size_t size() const noexcept { return calls_.size(); }
    /// Null when it is not known; of a call that ended, until the next event.
    [[nodiscard]] const CallRecord* find(const CallKey& call) const;
    /// The newest calls that have not ended, the newest first. Valid until the next call here.
    [[nodiscard]] std::vector<const CallRecord*> newest(std::size_t limit) const;

private:
    void forget_ended();

    std::unordered_map<CallKey, CallRecord, CallKeyHash> calls_;
    std::optional<CallKey> ended_;
};

/// Applies one event to the record of its call; true when that changed it.
bool apply(CallRecord& record, const RecordEvent& event);

}  // namespace component
