#pragma once
// Whether more comes to a queue than it can carry, told from a run of finite length: yes, no, or not to be told.

#include <cstdint>
#include <span>

#include "sojourn/experiment/growth.hpp"

namespace sojourn {

enum class Overload : std::uint8_t { no, unclear, yes };

/// What the quarters of all replications say. No: it does not grow beyond chance, or less and less. A queue that carries just
/// what comes grows, too, as the square root of time; started empty it is a reflected Brownian motion, whose mean is 1.32 times
/// its standard deviation over replications. Yes: it grows, and the mean of its last quarter is more times the standard
/// deviation than that, beyond chance. Full: a service has next to no worker to spare, so that growth which may be chance is
/// unclear, too.
[[nodiscard]] Overload overload_of(std::span<const Quarters> replications, bool full);

}  // namespace sojourn
