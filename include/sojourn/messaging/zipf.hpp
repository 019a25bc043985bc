#pragma once
// Keys by Zipf's law, drawn in constant time and memory whatever their number.

#include <cstdint>

#include "sojourn/random/draw.hpp"

namespace sojourn {

/// Draws ranks from 0 to keys - 1, rank r with probability proportional to (r + 1)^-exponent, exactly. A few uniform
/// numbers each, and logarithms and exponentials.
/// Source: Hoermann and Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions",
/// ACM TOMACS 6 (1996).
class ZipfSampler {
 public:
  ZipfSampler(std::uint32_t keys, double exponent);

  [[nodiscard]] std::uint32_t operator()(Draw& draw) const;

 private:
  [[nodiscard]] double hat(double x) const;           // x^-exponent
  [[nodiscard]] double area(double x) const;          // its integral from 1 to x
  [[nodiscard]] double area_inverse(double y) const;  // where the integral is y

  std::uint32_t keys_;
  double exponent_;
  double area_of_first_;  // where the hat's area begins, so that rank 0 gets just its share
  double area_of_all_;
  double sure_;  // a point so close above its rank is accepted without more ado
};

}  // namespace sojourn
