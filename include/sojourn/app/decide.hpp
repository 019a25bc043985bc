#pragma once
// Parts of the command decide: one decision, and a map of decisions over values of the scenario.

#include <optional>
#include <string>
#include <vector>

#include "sojourn/app/command_line.hpp"
#include "sojourn/app/exit_code.hpp"
#include "sojourn/app/interrupt.hpp"
#include "sojourn/core/issue.hpp"
#include "sojourn/io/design_report.hpp"

namespace sojourn {

/// The flow to decide on, or the issues that stand against it.
struct SpaceRead {
  std::optional<DesignSpace> space;
  Issues issues;
};
[[nodiscard]] SpaceRead read_space(const Command& command);

/// Searches with the command's options; nothing when interrupted before the first look.
[[nodiscard]] std::optional<Decision> decide_in(const Command& command, const DesignSpace& space,
                                                const InterruptWatch& watch);

/// A value that is varied: numbers with a unit at equal steps.
struct VariedValue {
  std::string pointer;
  std::string unit;  ///< "/s", "ms", or ""
  std::vector<double> values;

  /// What --set takes for one of the values.
  [[nodiscard]] std::string assignment(std::size_t i) const;
  /// "90/s".
  [[nodiscard]] std::string text(double value) const;
};
/// "/clients/web/arrivals/poisson=40/s..120/s:5", read; nothing when it is no such text.
[[nodiscard]] std::optional<VariedValue> varied_value(const std::string& text);

/// sojourn decide --vary: a decision at each point of the grid.
[[nodiscard]] ExitCode map_decisions(const Command& command);

}  // namespace sojourn
