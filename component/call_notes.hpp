#pragma once

#include "component/recorder.hpp"
#include "jingle/call/signal.hpp"
#include "jingle/media_kinds.hpp"

namespace component {

/// Tells the log and the record what the calls do.
class CallNotes {
public:
    explicit CallNotes(Recorder& recorder)
        : recorder_{ recorder }
    {
    }

    /// An output of `call`, at `now`.
    void take(const jingle::call::Call& call, const jingle::call::Output& output, WallTime now);

    /// A call that was not let in.
    void take(const jingle::call::NotLetIn& refusal, WallTime now);
    /// A call that the journal brought back: what its record may lack.
    void take_up(const jingle::call::Call& call, WallTime now);
    /// A call that it could not bring back.
    void give_up(const CallKey& call, WallTime now);

private:
    void record(const jingle::call::Call& call, const jingle::call::Noted& noted, WallTime now);
    void record_offer(const jingle::call::Call& call, const jingle::call::Request& request, WallTime now);
    void record_tried(const jingle::call::Call& call, jingle::call::LegIndex leg, jingle::MediaKinds media,
                      WallTime now);

    Recorder& recorder_;
};

}  // namespace component
