#pragma once
// One replication of one compiled scenario: the only function of the floors up to here whose inside changes over time.

#include <atomic>
#include <cstdint>
#include <optional>

#include "sojourn/system/measurements.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// A request whose life is to be told.
struct WatchedRequest {
  std::uint32_t client = 0;
  std::optional<std::uint64_t> number = {};  ///< from 0, in the order of their start; none: the first that is measured
};

/// What distinguishes one replication from another.
struct RunOptions {
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;
  bool timeline = true;                   ///< record the run in buckets of time
  bool audit = false;                     ///< keep second books, from which the laws of queueing can be checked exactly
  const BlameWindows* blame = nullptr;    ///< when given: keep account of what each request's time is spent on
  const WatchedRequest* watch = nullptr;  ///< when given: the life of this request is told
  const std::atomic<bool>* interrupted =
      nullptr;  ///< when it becomes true the run ends early and its result is to be discarded
  std::uint64_t max_memory = std::uint64_t{2}
                             << 30;  ///< bytes that things in flight may take before a guard stops the run
};

/// Runs one replication from empty until every measured request has ended, or the drain is over.
/// The same topology and options give the same measurements on every machine.
[[nodiscard]] Measurements run(const Topology& topology, const RunOptions& options);

}  // namespace sojourn
