#pragma once
// The designs of a flow: with n calls that may be deferred there are 2^n, from "all wait" to "all are events". Which of them
// can be run, in which cases they are judged, and what a person calls them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// Which calls a design defers: bit i stands for the space's operation i.
using DesignMask = std::uint32_t;

/// All designs of one flow.
struct DesignSpace {
  std::string name;
  std::string question;
  std::string sha256;
  std::string base_variant;  ///< whose patch the flow has
  Scenario base;             ///< nothing is deferred in it
  Topic topic_defaults;      ///< what topics take that a deferral makes
  std::vector<OperationName> operations;

  /// How many designs there are.
  [[nodiscard]] std::size_t size() const { return std::size_t{1} << operations.size(); }
};

/// More deferrable calls than these make too many designs to run.
inline constexpr std::size_t most_deferrable = 16;

/// What stands against a search in this flow, or "": it has no deferrable call, or too many.
[[nodiscard]] std::string obstacle_to_search(const DesignSpace& space);

/// The operations that a design defers.
[[nodiscard]] std::vector<OperationName> deferred_by(const DesignSpace& space, DesignMask design);

/// "all-wait", "defer inventory.reserve + shipping.book", "defer-all".
[[nodiscard]] std::string design_name(const DesignSpace& space, DesignMask design);

/// The scenario of a design, as the file has it otherwise.
[[nodiscard]] Scenario design_scenario(const DesignSpace& space, DesignMask design);

/// Circumstances in which designs are judged.
struct DesignCase {
  std::string name;             ///< "ordinary", "incidents", "load x2"
  std::string sentence;         ///< "inventory down (refuse) from 60s for 30s"
  bool with_incidents = false;  ///< those of the file
  double load = 1;              ///< of all clients
};

/// The ordinary case first: without the file's incidents. Then those with stress: the incidents, and twice the load.
[[nodiscard]] std::vector<DesignCase> design_cases(const DesignSpace& space);

/// Which case is the file as it is written: there its objectives are judged, as when it is run.
[[nodiscard]] std::size_t case_as_written(const std::vector<DesignCase>& cases);

/// Brings a scenario into a case.
void put_in_case(Scenario& scenario, const DesignCase& which);

/// Why a design need not be run, or "": its flow is not sound, or its load exceeds what a service carries in the ordinary
/// case, by an exact result of theory, or by an approximation with a fifth to spare.
[[nodiscard]] std::string why_not_run(const DesignSpace& space, DesignMask design);

}  // namespace sojourn
