#pragma once
// The life of one request in each variant: for people, for pictures, and for trace viewers.

#include <string>
#include <vector>

#include "sojourn/system/measurements.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// What became of the request in one variant.
struct VariantLife {
  std::string variant;
  const Topology* topology = nullptr;
  RequestLife life;
};

/// One request of one client in all variants.
struct LifeReport {
  std::string scenario, client;
  std::vector<VariantLife> lives;
};

/// A table for each variant: when, where and what, in the order of time.
[[nodiscard]] std::string life_text(const LifeReport& report);

/// One row a stretch of time: variant, where, why, begin_s, end_s since the request's start; and rows of the moments "answered",
/// "notified" and "complete", whose begin is their end.
[[nodiscard]] std::string life_csv(const LifeReport& report);

/// Trace events as Chrome's and Perfetto's viewers read them: a process for each variant, a thread for each place, times in
/// microseconds since the request's start.
[[nodiscard]] std::string life_trace_json(const LifeReport& report);

}  // namespace sojourn
