#pragma once
// The integral over time of a number that changes in steps, for where nothing else about it matters: two additions a change.

#include <cstdint>

#include "sojourn/core/integer128.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// A level that is 0 at first, and its exact integral from time 0 on, in level times nanoseconds.
/// A rise at t adds T - t to the integral until T, a fall takes as much away; so the integral is the level times T, less the
/// instants of all rises, plus those of all falls.
class Integral {
 public:
  /// One more from now on; in the order of time.
  void rise(Time now) {
    ++level_;
    high_ += __builtin_add_overflow(low_, static_cast<std::uint64_t>(now.ns), &low_) ? 1U : 0U;
  }
  /// One less from now on.
  void fall(Time now) {
    --level_;
    high_ -= __builtin_sub_overflow(low_, static_cast<std::uint64_t>(now.ns), &low_) ? 1U : 0U;
  }

  [[nodiscard]] std::int64_t current() const { return level_; }
  /// The integral over [0, end], where end is not before the last change.
  [[nodiscard]] Int128 at(Time end) const {
    return Int128{level_} * end.ns - static_cast<Int128>(UInt128{high_} << 64 | low_);
  }

 private:
  std::uint64_t low_ = 0, high_ = 0;  // instants of rises less those of falls, modulo 2^128, which they never come near
  std::int64_t level_ = 0;
};

}  // namespace sojourn
