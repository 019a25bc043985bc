#pragma once
// The state of a resource in a run: units taken, and those who wait for one.

#include <cstdint>

#include "sojourn/core/time.hpp"
#include "sojourn/queueing/waiting_line.hpp"
#include "sojourn/random/stream.hpp"
#include "sojourn/stats/level.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// A line's place in the queue for a unit. One that was withdrawn stays in the queue until its turn would have come.
struct Claim {
  std::uint32_t line = none;
  Time began;
  bool withdrawn = false;
};

/// Units of one resource.
struct Stock {
  Stock(const CompiledResource& resource, std::uint64_t run_key, Time warmup, Time horizon);

  std::uint32_t taken = 0;
  std::uint32_t waiting = 0;  ///< claims in the queue that were not withdrawn
  WaitingLine queue;          ///< of claims
  Stream order;               ///< the random discipline's choices
  Level used, queued;         ///< within the window
};

}  // namespace sojourn
