#pragma once
// Numbers as a person reads them: in a unit that fits, with the digits that are sure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/core/time.hpp"
#include "sojourn/experiment/columns.hpp"
#include "sojourn/stats/estimate.hpp"

namespace sojourn {

/// The nearest number to the seconds: 60, where a product with 1e-9 would give 60.00000000000001.
[[nodiscard]] constexpr double exact_seconds(Duration time) { return static_cast<double>(time.ns) / 1e9; }

/// A unit to print in: what one of it is in the unit of the report.
struct Scale {
  std::string_view name;  ///< "ms", "%", "/s", ""
  double size = 1;
};

/// The unit in which the middle one of these values is easiest to read.
[[nodiscard]] Scale scale_for(Unit unit, std::vector<double> values);

/// A value and its half-width with the same number of decimals; the half-width is rounded up.
struct Quantity {
  std::string value;       ///< "-" when unknown
  std::string half_width;  ///< empty when there is none

  /// "54.2 ± 0.3".
  [[nodiscard]] std::string text() const;
};

/// At most three digits, none of them beyond the half-width's first; shares that are close to one get what they need.
[[nodiscard]] Quantity quantity_of(const std::optional<Estimate>& estimate, Unit unit, const Scale& scale);

/// "54.2 ± 0.3 ms", in a unit of its own; an exact value stands alone.
[[nodiscard]] std::string quantity_text(const std::optional<Estimate>& estimate, Unit unit);
/// "54.2 ms", likewise without the half-width.
[[nodiscard]] std::string value_text(const std::optional<Estimate>& estimate, Unit unit);
/// "+54.2 ± 0.3 ms", with its sign; a difference of shares in percentage points, of rates per second.
[[nodiscard]] std::string difference_text(const Estimate& difference, Unit unit);

/// A number with this many digits after the point.
[[nodiscard]] std::string fixed(double value, int decimals);
/// A plain factor with about two digits: "3.1", "12", "0.40", "1.02".
[[nodiscard]] std::string factor_text(double factor);

/// How many columns the text takes on a terminal: one for each code point.
[[nodiscard]] std::size_t width_of(std::string_view text);

}  // namespace sojourn
