#pragma once
// What a sweep found: as one long table for machines, as JSON, and in words and columns for people. No clock, host or number of
// threads is in it, nor how often it was interrupted.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/sweep.hpp"
#include "sojourn/io/axis.hpp"
#include "sojourn/io/summary.hpp"

namespace sojourn {

/// A sweep, finished or not.
struct Sweep {
  std::string name;
  std::string question;
  std::string scenario_sha256;  ///< of the scenario's text
  SweepGrid grid;
  std::vector<std::optional<SweptCell>> cells;

  [[nodiscard]] std::uint64_t finished() const;
  [[nodiscard]] bool complete() const { return finished() == cells.size(); }
  [[nodiscard]] std::uint64_t fingerprint() const;
  /// "/services/inventory/workers=4, /clients/shoppers/arrivals/poisson=60/s".
  [[nodiscard]] std::string named(std::uint64_t cell) const;
};

/// One row a cell, variant, thing and measure: cell, a column an axis, variant, section, name, metric, value, half_width.
[[nodiscard]] std::string sweep_csv(const Sweep& sweep);

/// All numbers and doubts, and which cells a guard stopped.
[[nodiscard]] std::string sweep_json(const Sweep& sweep);

/// A table a client and variant, a line a cell; those whose queues grow are marked.
[[nodiscard]] Summary summary_of(const Sweep& sweep);

}  // namespace sojourn
