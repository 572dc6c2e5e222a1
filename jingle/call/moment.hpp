#pragma once

#include "jingle/call/signal.hpp"
#include "roster/rows.hpp"

namespace jingle::call {

/// The same moment on both clocks. What lasts is counted in UTC: steady time ends with the machine.
struct Moment {
    Time steady;
    roster::WallTime wall;

    [[nodiscard]] roster::WallTime to_wall(Time time) const
    {
        return wall + std::chrono::floor<std::chrono::milliseconds>(time - steady);
    }
    [[nodiscard]] Time to_steady(roster::WallTime time) const { return steady + (time - wall); }
};

}  // namespace jingle::call
