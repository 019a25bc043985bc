#pragma once
// The spread of values that come one after the other and are not kept.

#include <cstdint>
#include <optional>

#include "sojourn/stats/estimate.hpp"
#include "sojourn/stats/student.hpp"

namespace sojourn {

/// Mean and sum of squared deviations by Welford's recursion (1962), which is exact where all values are equal. How many values
/// there are is kept by whoever has thousands of these for the same number of values.
class RunningSpread {
 public:
  /// The n-th value, n from 1.
  void add(double value, std::uint64_t n) {
    const double step = value - mean_;
    mean_ += step / static_cast<double>(n);
    squares_ += step * (value - mean_);
  }

  /// 0 without a value.
  [[nodiscard]] double mean() const { return mean_; }

  /// An estimate with its Student-t interval, from the spread of the n values about this centre; no half-width below two.
  [[nodiscard]] Estimate about(double centre, std::uint64_t n, StudentFactors& factors) const;

 private:
  double mean_ = 0;
  double squares_ = 0;
};

}  // namespace sojourn
