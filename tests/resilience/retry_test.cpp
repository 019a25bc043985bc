#include "sojourn/resilience/retry.hpp"

#include <cstdint>

#include "support/catch.hpp"

using namespace sojourn;
using namespace sojourn::literals;

namespace {

Duration wait(const Retry& retry, std::uint32_t k, std::uint64_t number = 0) {
  Draw draw(1, number, 2);
  return backoff_before(retry, k, draw);
}

double mean_total_s(Retry retry, std::uint32_t waits) {
  constexpr int rounds = 40'000;
  double sum = 0;
  for (std::uint64_t round = 0; round < rounds; ++round)
    for (std::uint32_t k = 1; k <= waits; ++k) sum += wait(retry, k, round * 16 + k).seconds();
  return sum / rounds;
}

}  // namespace

TEST_CASE("backoff grows by its factor up to its maximum", "[resilience]") {
  const Retry retry{.attempts = 9, .backoff = 100_ms, .factor = 3, .max_backoff = 1_s, .jitter = Jitter::none};
  CHECK(wait(retry, 1) == 100_ms);
  CHECK(wait(retry, 2) == 300_ms);
  CHECK(wait(retry, 3) == 900_ms);
  CHECK(wait(retry, 4) == 1_s);
  CHECK(wait(retry, 1'000'000) == 1_s);
}

TEST_CASE("a backoff of zero stays zero, and a maximum below the backoff wins", "[resilience]") {
  CHECK(wait({.backoff = 0_ns, .jitter = Jitter::full}, 3) == 0_ns);
  CHECK(wait({.backoff = 2_s, .max_backoff = 1_s, .jitter = Jitter::none}, 1) == 1_s);
}

TEST_CASE("jitter stays in its range", "[resilience]") {
  for (std::uint64_t n = 0; n < 2'000; ++n) {
    const Duration full = wait({.backoff = 100_ms, .jitter = Jitter::full}, 1, n);
    CHECK((full > 0_ns && full <= 100_ms));
    const Duration equal = wait({.backoff = 100_ms, .jitter = Jitter::equal}, 1, n);
    CHECK((equal >= 50_ms && equal <= 100_ms));
  }
}

TEST_CASE("four waits from 100 ms, doubled, with full jitter sum to 750 ms on average", "[resilience]") {
  // Sum of base x 2^i / 2 (AWS Architecture Blog). Standard deviation of one total: sqrt(sum b^2/12) = 0.266 s.
  const double error = 0.2661 / std::sqrt(40'000.0);
  CHECK(std::abs(mean_total_s({.attempts = 5}, 4) - 0.750) < 4.5 * error);
  CHECK(std::abs(mean_total_s({.attempts = 5, .jitter = Jitter::equal}, 4) - 1.125) < 4.5 * error / 2);
}
