#pragma once
// What both commands do first: read the scenario, compile its variants, and check its objectives.

#include <optional>
#include <vector>

#include "sojourn/app/command_line.hpp"
#include "sojourn/core/issue.hpp"
#include "sojourn/io/study.hpp"
#include "sojourn/model/scenario.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// A study that is ready to run, or the issues that stand against it.
struct Input {
  std::optional<Study> study;        ///< nothing when there are errors
  std::vector<Topology> topologies;  ///< of the variants, in order
  Issues issues;                     ///< errors and warnings
};

[[nodiscard]] Input read_input(const Command& command);

/// What was read, compiled, with its objectives checked.
[[nodiscard]] Input input_of(StudyResult read);

}  // namespace sojourn
