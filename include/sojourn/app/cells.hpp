#pragma once
// The cells of a sweep as scenarios: each read, checked and costed before any of them runs.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/app/input.hpp"
#include "sojourn/io/axis.hpp"

namespace sojourn {

/// A scenario's text with what the command line says of it, and the grid that varies it.
struct SweptScenario {
  const Command& command;
  const SweepGrid& grid;
  std::string text;

  /// The study of a cell.
  [[nodiscard]] Input read(std::uint64_t cell) const;
};

/// What is known of a grid before it runs.
struct Plan {
  std::string name;
  std::string question;
  std::vector<std::string> errors;    ///< lines for the person; the rest is worth nothing when there are any
  std::vector<std::string> warnings;  ///< likewise
  std::vector<double> events;         ///< that each cell is expected to take
  std::uint64_t runs = 0;             ///< cells x variants x replications
  std::size_t variants = 0;           ///< of the first cell
  std::uint64_t replications = 0;     ///< of the first cell

  [[nodiscard]] double all_events() const;
};

/// Reads every cell. Ends early after 20 different errors, and as soon as the grid costs more than can be paid for.
[[nodiscard]] Plan plan_of(const SweptScenario& scenario);

}  // namespace sojourn
