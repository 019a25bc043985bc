#pragma once
// The functions of analysis that statistics needs, from + - * / and sqrt only: the bits are the same on every machine,
// which a C library does not promise. Relative errors are below 1e-14 unless said otherwise. Not for hot paths.

namespace sojourn::special {

inline constexpr double pi = 3.141592653589793238462643383280;

/// The natural logarithm of a positive, finite x.
[[nodiscard]] double log(double x);

/// log(1 + x) for x > -1, accurate for small x.
[[nodiscard]] double log1p(double x);

/// e to the x; the relative error is below 1e-15 * max(1, |x|); 0 below -745.2, infinite above 709.8.
[[nodiscard]] double exp(double x);

/// Gamma(a + 1/2) / Gamma(a) for a > 0.
[[nodiscard]] double gamma_ratio(double a);

// The regularised incomplete beta function is I_x(a, b) = x^a (1-x)^b / B(a, b) * R. Two ways to R, for a, b > 0:

/// R as a series of positive terms (DLMF 8.17.8), quick for x below about (a + 1) / (a + b + 2).
[[nodiscard]] double beta_series(double x, double a, double b);

/// R as a continued fraction (DiDonato and Morris 1992, equation 9), quick for the same x.
/// y is 1 - x, given apart because near 0 it must not be rounded away.
[[nodiscard]] double beta_fraction(double x, double y, double a, double b);

}  // namespace sojourn::special
