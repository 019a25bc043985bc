#pragma once
// A level that changes in steps over time (jobs in a queue, busy workers) and its exact integral over a window.

#include <algorithm>
#include <cstdint>

#include "sojourn/core/integer128.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// Integral and maximum of a level over the window [from, to); changes before it carry in, changes after it are ignored.
/// Times are given in order. Several changes at one instant are one change: only a level that lasts is ever counted.
class Level {
 public:
  Level(Time from, Time to, std::int64_t initial = 0) : level_(initial), last_(from.ns), to_(to.ns) {}

  /// The level from now on.
  void set(Time now, std::int64_t level) {
    pass(now);
    level_ = level;
  }
  /// Changes the level by delta from now on.
  void add(Time now, int delta) {
    pass(now);
    level_ += delta;
  }

  /// The largest level is looked for from now on.
  void forget_maximum(Time now) {
    pass(now);
    maximum_ = 0;
  }

  [[nodiscard]] std::int64_t current() const { return level_; }
  /// The largest level that lasted for some time within the window, 0 if none was above 0. While the window is open the
  /// current level counts as lasting.
  [[nodiscard]] std::int64_t maximum() const { return last_ < to_ ? std::max(maximum_, level_) : maximum_; }
  /// Level times nanoseconds over the part of the window before end, which is not before the last change.
  [[nodiscard]] Int128 integral_at(Time end) const {
    const std::int64_t until = std::min(end.ns, to_);
    return until > last_ ? integral_ + Int128{level_} * (until - last_) : integral_;
  }

 private:
  void pass(Time now) {
    const std::int64_t until = std::min(now.ns, to_);
    if (until <= last_) return;
    integral_ += Int128{level_} * (until - last_);
    maximum_ = std::max(maximum_, level_);
    last_ = until;
  }

  Int128 integral_ = 0;
  std::int64_t level_;
  std::int64_t maximum_ = 0;
  std::int64_t last_;  // the integral is complete up to here, within the window
  std::int64_t to_;
};

}  // namespace sojourn
