#pragma once
// Student's t and the normal distribution, for intervals and tests. Deterministic arithmetic; relative errors below 1e-12.

namespace sojourn {

/// P(T <= t) for Student's t with the given degrees of freedom (any positive number, whole or not).
[[nodiscard]] double student_t_cdf(double t, double degrees);

/// P(T > t), accurate relative to itself also where it is tiny.
[[nodiscard]] double student_t_upper_tail(double t, double degrees);

/// The t with P(T <= t) = p; minus or plus infinity at p = 0 and 1.
[[nodiscard]] double student_t_quantile(double p, double degrees);

/// P(Z <= x) for the standard normal Z, accurate relative to itself also in the lower tail.
[[nodiscard]] double normal_cdf(double x);

}  // namespace sojourn
