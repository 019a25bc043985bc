#pragma once
// Sums of doubles that lose nothing visible to rounding, always in the order given.

#include <cmath>
#include <span>

namespace sojourn {

/// A compensated sum (Neumaier 1974): its error is about one rounding of the result, even after cancellation.
class CompensatedSum {
 public:
  void add(double x) {
    const double sum = sum_ + x;
    lost_ += std::fabs(sum_) >= std::fabs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
    sum_ = sum;
  }
  [[nodiscard]] double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

/// The mean of at least one finite value. Equal values have exactly that value as their mean.
[[nodiscard]] inline double mean_value(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  CompensatedSum sum;
  for (const double x : values) sum.add(x);
  const double rough = sum.value() / n;
  CompensatedSum rest;
  for (const double x : values) rest.add(x - rough);
  return rough + rest.value() / n;
}

}  // namespace sojourn
