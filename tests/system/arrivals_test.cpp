// When requests come, drawn directly.
#include "sojourn/system/arrivals.hpp"

#include <cmath>
#include <optional>

#include "support/catch.hpp"

using namespace sojourn;
using namespace sojourn::literals;

TEST_CASE("bursts and calms come at their rates and last as long as they are told", "[system]") {
  // Counts of a two-state process whose rate is 0 half of the time: with n arrivals the relative variance of the time they take
  // is (1 + mean rate x t) / n at lengths of t each (Fischer and Meier-Hellstern 1993).
  constexpr int n = 4'000'000;
  const std::optional<Arrivals> arrivals{
      {BurstyArrivals{{.rate = {0}, .burst_rate = {10'000}, .calm = 200_us, .burst = 200_us}}}};
  const Sampler no_gap;
  ArrivalProcess process(arrivals, no_gap, 3, 5);
  Time last;
  for (int i = 0; i < n; ++i) last = process.next();
  const double error = std::sqrt((1 + 5'000 * 200e-6) / n);
  CHECK(std::fabs(last.seconds() / (n / 5'000.0) - 1) <= 4.5 * error);
}
