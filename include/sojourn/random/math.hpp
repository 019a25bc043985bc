#pragma once
// Logarithm, exponential and normal quantile from + - * / and sqrt only: the same bits on every machine and compiler,
// which a C library does not promise (with -ffp-contract=off).

#include <bit>
#include <cstdint>

namespace sojourn {

/// The natural logarithm of a positive, finite, normal x; error below 1 ulp.
/// Source: the argument reduction and polynomial of fdlibm's e_log.c (Sun Microsystems 1993).
[[nodiscard]] inline double natural_log(double x) {
  constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  // x = m * 2^k with m in [sqrt(1/2), sqrt(2))
  const std::uint64_t shifted = bits + (0x3ff0000000000000ULL - 0x3fe6a09e667f3bcdULL);
  const double k = std::bit_cast<double>(shifted >> 52 | std::bit_cast<std::uint64_t>(0x1p52)) - (0x1p52 + 1023);
  const double f = std::bit_cast<double>((shifted & 0xfffffffffffffULL) + 0x3fe6a09e667f3bcdULL) - 1;
  const double s = f / (2 + f);
  const double z = s * s;
  const double w = z * z;
  const double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double odd =
      z * (6.666666666666735130e-01 +
           w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  const double half_square = 0.5 * f * f;
  return k * ln2_high - ((half_square - (s * (half_square + even + odd) + k * ln2_low)) - f);
}

inline constexpr double one_over_ln2 = 1.44269504088896338700;

/// e to the x, divided by 2 to the k, where k is x / ln 2 rounded to the nearest integer; error below 1 ulp.
/// Source: fdlibm's e_exp.c (Sun Microsystems 1993).
[[nodiscard]] inline double reduced_exponential(double x, double k) {
  constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
  const double high = x - k * ln2_high;
  const double low = k * ln2_low;
  const double r = high - low;
  const double t = r * r;
  const double c =
      r -
      t * (1.66666666666666019037e-01 +
           t * (-2.77777777770155933842e-03 +
                t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
  return 1 - ((low - (r * c) / (2 - c)) - high);
}

/// e to the x: 0 below -745.1, infinite above 709.7; error below 1 ulp where the result is normal.
/// Source: fdlibm's e_exp.c (Sun Microsystems 1993).
[[nodiscard]] double exponential(double x);

/// x to the y for x > 0, as e^(y ln x); relative error about 1e-16 (1 + |y ln x|).
[[nodiscard]] double power(double x, double y);

/// The p-quantile of the standard normal law, 0 < p < 1; relative error about 1e-16.
/// Source: Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988).
[[nodiscard]] double normal_quantile(double p);

}  // namespace sojourn
