#pragma once
// Student's t and the normal distribution, for intervals and tests. Deterministic arithmetic; relative errors below 1e-12.

#include <cstdint>
#include <vector>

namespace sojourn {

/// P(T <= t) for Student's t with the given degrees of freedom (any positive number, whole or not).
[[nodiscard]] double student_t_cdf(double t, double degrees);

/// P(T > t), accurate relative to itself also where it is tiny.
[[nodiscard]] double student_t_upper_tail(double t, double degrees);

/// The t with P(T <= t) = p; minus or plus infinity at p = 0 and 1.
[[nodiscard]] double student_t_quantile(double p, double degrees);

/// The factors of two-sided intervals of one confidence, 0 < confidence < 1, each computed once: for thousands of intervals.
class StudentFactors {
 public:
  explicit StudentFactors(double confidence) : confidence_(confidence) {}
  /// Half-width over standard error for n values, n >= 2.
  [[nodiscard]] double of(std::uint64_t n);

 private:
  double confidence_;
  std::vector<double> known_;  // by n; 0 where not computed yet
};

/// P(Z <= x) for the standard normal Z, accurate relative to itself also in the lower tail.
[[nodiscard]] double normal_cdf(double x);

}  // namespace sojourn
