#pragma once

#include <utility>

#include "component/records.hpp"
#include "component/refusals.hpp"
#include "component/store.hpp"

namespace component {

/// Writes the record of each call with every change of it.
class Recorder {
public:
    /// The records of calls that the journal holds go on where they were; the store has closed the others.
    explicit Recorder(Store& store)
        : store_{ store }
    {
        for (auto& record : store.take_running())
            records_.resume(std::move(record));
    }

    void note(const RecordEvent& event) { write(records_.apply(event)); }
    void note_candidates(const CallKey& call, unsigned leg, CandidateKinds kinds)
    {
        write(records_.offered(call, leg, kinds));
    }

    /// True when it has a row of its own, and so is worth a line of the log.
    bool note(const jingle::call::NotLetIn& refusal, WallTime now)
    {
        const auto* record = refusals_.note(refusal, now);
        write(record);
        return record != nullptr;
    }
    [[nodiscard]] const Refusals& refusals() const noexcept { return refusals_; }
    [[nodiscard]] const Records& records() const noexcept { return records_; }

private:
    void write(const CallRecord* record)
    {
        if (record != nullptr)
            store_.put(*record);
    }

    Store& store_;
    Records records_;
    Refusals refusals_;
};

}  // namespace component
