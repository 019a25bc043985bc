#include "sojourn/messaging/zipf.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"

using namespace sojourn;

namespace {

/// How far the counts of so many draws are from Zipf's law: chi square, as a number of standard deviations.
double chi_square_score(std::uint32_t keys, double exponent, int draws) {
  const ZipfSampler sampler(keys, exponent);
  std::vector<double> counts(keys, 0);
  for (int i = 0; i < draws; ++i) {
    Draw draw(7, static_cast<std::uint64_t>(i), 11);
    const std::uint32_t rank = sampler(draw);
    ++counts.at(rank);
  }
  double total = 0;
  for (std::uint32_t r = 1; r <= keys; ++r) total += std::pow(r, -exponent);
  double chi = 0;
  for (std::uint32_t r = 1; r <= keys; ++r) {
    const double expected = draws * std::pow(r, -exponent) / total;
    chi += (counts[r - 1] - expected) * (counts[r - 1] - expected) / expected;
  }
  const double freedom = keys - 1;
  return (chi - freedom) / std::sqrt(2 * freedom);
}

}  // namespace

TEST_CASE("ranks come as Zipf's law says, whatever the exponent", "[messaging]") {
  CHECK(std::fabs(chi_square_score(10, 1.1, 100'000)) < 4.5);
  CHECK(std::fabs(chi_square_score(100, 1, 200'000)) < 4.5);
  CHECK(std::fabs(chi_square_score(100, 0.5, 200'000)) < 4.5);
  CHECK(std::fabs(chi_square_score(50, 0, 100'000)) < 4.5);
  CHECK(std::fabs(chi_square_score(20, 2, 400'000)) < 4.5);
  CHECK(std::fabs(chi_square_score(40, 1.0000001, 200'000)) < 4.5);
  CHECK(std::fabs(chi_square_score(2, 3, 100'000)) < 4.5);
}

TEST_CASE("one key is always itself, and a steep law has hardly another", "[messaging]") {
  const ZipfSampler one(1, 1.2), steep(1000, 100);
  std::uint32_t others = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    Draw first(1, i, 2), second(1, i, 2);
    others += one(first) + steep(second);
  }
  CHECK(others == 0);
}

TEST_CASE("ten million keys need no table", "[messaging]") {
  const ZipfSampler sampler(10'000'000, 1);
  const double total = std::log(1e7) + 0.5772156649015329;
  int first = 0, upper_half = 0, beyond = 0;
  constexpr int draws = 100'000;
  for (int i = 0; i < draws; ++i) {
    Draw draw(3, static_cast<std::uint64_t>(i), 5);
    const std::uint32_t rank = sampler(draw);
    beyond += rank >= 10'000'000;
    first += rank == 0;
    upper_half += rank >= 5'000'000;
  }
  const auto score = [](int count, double p) { return (count - draws * p) / std::sqrt(draws * p * (1 - p)); };
  CHECK(beyond == 0);
  CHECK(std::fabs(score(first, 1 / total)) < 4.5);
  CHECK(std::fabs(score(upper_half, std::log(2) / total)) < 4.5);
}
