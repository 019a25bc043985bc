#pragma once
// The axes of a sweep: which values of a scenario vary, and over what. "/services/inventory/workers=2,4,8" is a list,
// "/clients/shoppers/arrivals/poisson=20/s..200/s:10" ten evenly spaced values with both ends among them, and with ":log"
// behind it ten values of which each is the same factor above the one before.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn {

/// The most cells that a grid may have.
inline constexpr std::uint64_t most_cells = 100'000;

/// One value of the scenario, and what it becomes.
struct Axis {
  enum class Kind : std::uint8_t { number, duration, rate, text };
  std::string pointer;
  std::string written;  ///< the values as they were asked for
  Kind kind = Kind::text;
  bool is_range = false;
  std::vector<std::string> values;  ///< as "--set POINTER=VALUE" takes them; all different, at least two

  /// The value as a number: of a duration in seconds, of a rate per second. Nothing for text.
  [[nodiscard]] std::optional<double> number(std::size_t index) const;
};

/// An axis, or what is wrong with its text ("expected ..., found ...").
struct AxisResult {
  std::optional<Axis> axis;
  std::string problem;
};

/// Reads "POINTER=A,B,C", "POINTER=FROM..TO:STEPS" or "POINTER=FROM..TO:STEPS:log". Steps of numbers and rates are rounded to 14
/// digits, of durations to nanoseconds, logarithmic ones to four digits; the ends stay as they are written.
[[nodiscard]] AxisResult parse_axis(std::string_view text);

/// All combinations of the values of some axes. The last axis varies fastest.
struct SweepGrid {
  std::vector<Axis> axes;

  [[nodiscard]] std::uint64_t cells() const;
  /// The position on each axis of a cell, counted from 0.
  [[nodiscard]] std::vector<std::size_t> place(std::uint64_t cell) const;
  /// What makes the scenario that of the cell: "POINTER=VALUE" of each axis.
  [[nodiscard]] std::vector<std::string> sets(std::uint64_t cell) const;
};

/// A grid, or everything that is wrong with its axes.
struct GridResult {
  std::optional<SweepGrid> grid;
  std::vector<std::string> problems;
};

/// Reads axes. Refused: too many cells, before anything is expanded; and axes of which one lies within another.
[[nodiscard]] GridResult parse_grid(const std::vector<std::string>& texts);

/// What the axes are called in tables: the last two names of their pointers with the unit behind them,
/// "arrivals_poisson_per_s"; the whole pointer where that is not unique.
[[nodiscard]] std::vector<std::string> column_names(const std::vector<Axis>& axes);

}  // namespace sojourn
