#include "sojourn/io/bound_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "sojourn/core/time.hpp"

namespace sojourn {

std::string shortest(double value) {
  constexpr double plainly = 1e10;  // whole numbers below it have no exponent
  if (std::fabs(value) < plainly && std::trunc(value) == value) return std::to_string(static_cast<std::int64_t>(value));
  std::array<char, 32> buffer{};
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

std::string bounded(std::string noun, const Bound& bound, std::string (*text)(double)) {
  const bool below = std::isfinite(bound.minimum), above = std::isfinite(bound.maximum);
  if (below && above && !bound.above_minimum)
    return noun + " from " + text(bound.minimum) + " to " + text(bound.maximum);
  if (below) noun += (bound.above_minimum ? " above " : " of at least ") + text(bound.minimum);
  if (above) noun += (below ? " and at most " : " of at most ") + text(bound.maximum);
  return noun;
}

std::string duration_text(double seconds) { return to_text(from_ns(seconds * 1e9)); }
std::string rate_text(double per_second) { return to_text(Rate{per_second}); }

}  // namespace sojourn
