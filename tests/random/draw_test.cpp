#include "sojourn/random/draw.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sojourn/random/stream.hpp"
#include "support/catch.hpp"

namespace sojourn {

namespace {

constexpr std::uint64_t key = 0x0123456789abcdef, site = 0xfedcba9876543210;
constexpr std::size_t n = 200'000;

std::uint64_t word(std::uint32_t high, std::uint32_t low) { return std::uint64_t{high} << 32 | low; }

/// n values of make(i).
template <class Make>
std::vector<double> series(const Make& make) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = make(i);
  return values;
}

/// The correlation of two series of uniforms, in standard deviations.
double correlation_z(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += (a[i] - 0.5) * (b[i] - 0.5);
  return sum * 12 / std::sqrt(static_cast<double>(n));
}

/// Chi-square of counts that should be equal, as standard deviations from its mean.
double evenness_z(const std::vector<std::uint64_t>& counts) {
  double total = 0, chi_square = 0;
  for (const auto count : counts) total += static_cast<double>(count);
  const double expected = total / static_cast<double>(counts.size());
  for (const auto count : counts) chi_square += std::pow(static_cast<double>(count) - expected, 2) / expected;
  const auto degrees = static_cast<double>(counts.size() - 1);
  return (chi_square - degrees) / std::sqrt(2 * degrees);
}

std::uint64_t cell(double u, std::uint64_t cells) {
  return static_cast<std::uint64_t>(std::ceil(u * static_cast<double>(cells))) - 1;
}

/// Pairs fall evenly into the squares of a board.
double board_z(const std::vector<double>& a, const std::vector<double>& b) {
  constexpr std::uint64_t side = 16;
  std::vector<std::uint64_t> squares(side * side);
  for (std::size_t i = 0; i < n; ++i) ++squares[cell(a[i], side) * side + cell(b[i], side)];
  return evenness_z(squares);
}

void check_independent(const std::vector<double>& a, const std::vector<double>& b) {
  CHECK(std::fabs(correlation_z(a, b)) <= 4.5);
  CHECK(std::fabs(board_z(a, b)) <= 4.5);
}

}  // namespace

TEST_CASE("a draw is Philox under its key, counting number, block and site", "[random]") {
  Draw draw(key, 0x00aabbccddeeff11, site);
  for (std::uint32_t block = 0; block < 256; ++block) {
    INFO(block);
    const auto out =
        philox4x32_10({0xddeeff11, 0x00aabbcc | block << 24, 0x76543210, 0xfedcba98}, {0x89abcdef, 0x01234567});
    CHECK(draw.bits() == word(out[1], out[0]));
    CHECK(draw.bits() == word(out[3], out[2]));
  }
}

TEST_CASE("a draw's 512 numbers differ, and none is another request's", "[random]") {
  Draw draw(key, 7, site), next(key, 8, site);
  std::vector<std::uint64_t> seen;
  for (int i = 0; i < 512; ++i) {
    seen.push_back(draw.bits());
    seen.push_back(next.bits());
  }
  std::sort(seen.begin(), seen.end());
  CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
  CHECK(draw.bits() == Draw(key, 7, site).bits());  // from here on the same again
}

TEST_CASE("uniforms are the 53 upper bits, counted from above 0 to 1", "[random]") {
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t bits = Draw(key, i, site).bits();
    CHECK(Draw(key, i, site).uniform() == std::ldexp(static_cast<double>((bits >> 11) + 1), -53));
  }
}

TEST_CASE("uniforms are even over the unit interval", "[random]") {
  const auto values = series([](std::size_t i) { return Draw(key, i, site).uniform(); });
  double sum = 0, squares = 0;
  std::vector<std::uint64_t> cells(1000);
  CHECK(*std::min_element(values.begin(), values.end()) > 0);
  CHECK(*std::max_element(values.begin(), values.end()) <= 1);
  for (const double u : values) {
    sum += u - 0.5;
    squares += (u - 0.5) * (u - 0.5) - 1.0 / 12;
    ++cells[cell(u, 1000)];
  }
  const double root = std::sqrt(static_cast<double>(n));
  CHECK(std::fabs(sum / root * std::sqrt(12.0)) <= 4.5);
  CHECK(std::fabs(squares / root * std::sqrt(180.0)) <= 4.5);
  CHECK(std::fabs(evenness_z(cells)) <= 4.5);
}

TEST_CASE("neighbours in number, site, key and order are independent", "[random]") {
  const auto base = series([](std::size_t i) { return Draw(1, i, 2).uniform(); });
  const auto later = [](int skipped) {
    return series([skipped](std::size_t i) {
      Draw draw(1, i, 2);
      for (int k = 0; k < skipped; ++k) static_cast<void>(draw.bits());
      return draw.uniform();
    });
  };
  SECTION("number") {
    check_independent(base, series([](std::size_t i) { return Draw(1, i + 1, 2).uniform(); }));
  }
  SECTION("site") {
    check_independent(base, series([](std::size_t i) { return Draw(1, i, 3).uniform(); }));
  }
  SECTION("key") {
    check_independent(base, series([](std::size_t i) { return Draw(2, i, 2).uniform(); }));
  }
  SECTION("the same block") { check_independent(base, later(1)); }
  SECTION("the next block") { check_independent(base, later(2)); }
  SECTION("the next block of the next number") {
    check_independent(later(2), series([](std::size_t i) { return Draw(1, i + 1, 2).uniform(); }));
  }
}

TEST_CASE("integers below a bound are even and stay below it", "[random]") {
  for (const std::uint64_t bound : {1U, 2U, 7U, 60U}) {
    INFO(bound);
    std::vector<std::uint64_t> counts(bound);
    for (std::size_t i = 0; i < n; ++i) ++counts.at(Draw(key, i, bound).below(bound));
    CHECK(counts.back() > 0);
    if (bound > 1) CHECK(std::fabs(evenness_z(counts)) <= 4.5);
  }
}

TEST_CASE("an integer below a huge bound is the bits' share of it", "[random]") {
  CHECK(Draw(key, 1, site).below(std::uint64_t{1} << 63) == Draw(key, 1, site).bits() >> 1);
  CHECK(Draw(key, 1, site).below(std::uint64_t{1} << 40) == Draw(key, 1, site).bits() >> 24);
}

TEST_CASE("a stream gives the draws of numbers 0, 1, 2 under its key and site", "[random]") {
  Stream stream(key, site), copy = stream, other(key, site + 1);
  for (std::uint64_t i = 0; i < 100; ++i) {
    const std::uint64_t bits = stream.next().bits();
    CHECK(bits == Draw(key, i, site).bits());
    CHECK(bits == copy.next().bits());
    CHECK(bits != other.next().bits());
  }
}

}  // namespace sojourn
