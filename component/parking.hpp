#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "jingle/call/calls.hpp"

namespace component {

/// What calls have to say to somebody behind the server while that is away. Nobody can be called there: who
/// was to be is told to be unavailable, so that the caller hears it now and pages ring all the same. All
/// else, the end of a call above all, is kept for the return of the server.
class Parking {
public:
    static constexpr std::size_t max_bytes = std::size_t{ 1 } << 20U;

    /// More may be put out because of it.
    void take(const jingle::call::Done& done, jingle::call::Calls& calls, jingle::call::Turn& turn);
    /// Stanzas that were to be sent just when the server went away.
    void keep(std::string_view stanzas);
    /// The stanzas that waited, in order.
    [[nodiscard]] std::string release() { return std::exchange(stanzas_, {}); }

private:
    std::string stanzas_;
};

/// Whether an output begins a call for who it is for.
[[nodiscard]] bool begins_call(const jingle::call::Output& output);

/// The leg that an output is for.
[[nodiscard]] jingle::call::LegIndex leg_of(const jingle::call::Output& output);

}  // namespace component
