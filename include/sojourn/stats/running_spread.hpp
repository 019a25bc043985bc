#pragma once
// The spread of values that come one after the other and are not kept.

#include <cstdint>
#include <optional>

#include "sojourn/stats/estimate.hpp"
#include "sojourn/stats/student.hpp"

namespace sojourn {

/// Count, mean and sum of squared deviations by Welford's recursion (1962), which is exact where all values are equal.
class RunningSpread {
 public:
  void add(double value) {
    ++count_;
    const double step = value - mean_;
    mean_ += step / static_cast<double>(count_);
    squares_ += step * (value - mean_);
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// 0 without a value.
  [[nodiscard]] double mean() const { return mean_; }

  /// An estimate with its Student-t interval, from the spread of the values about this centre; no half-width below two values.
  [[nodiscard]] Estimate about(double centre, StudentFactors& factors) const;

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

}  // namespace sojourn
