#pragma once
// The integral over time of a number that changes in steps, for where nothing else about it matters: two additions a change.

#include <cstdint>

#include "sojourn/core/integer128.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// A level that is 0 at first, and its exact integral from time 0 on, in level times nanoseconds.
/// A change by d at t adds d (T - t) to the integral until T; so the integral is level T - the sum of all d t.
class Integral {
 public:
  /// Changes the level by delta from now on; in the order of time.
  void add(Time now, std::int64_t delta) {
    level_ += delta;
    moment_ += Int128{delta} * now.ns;
  }

  [[nodiscard]] std::int64_t current() const { return level_; }
  /// The integral over [0, end], where end is not before the last change.
  [[nodiscard]] Int128 at(Time end) const { return Int128{level_} * end.ns - moment_; }

 private:
  Int128 moment_ = 0;
  std::int64_t level_ = 0;
};

}  // namespace sojourn
