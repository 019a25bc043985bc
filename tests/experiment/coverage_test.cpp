// Intervals hold the exact value as often as they promise: the short form of scripts/coverage.py.
#include <cmath>

#include "sojourn/experiment/experiment.hpp"
#include "support/scenario.hpp"

using namespace sojourn;

namespace {

struct Held {
  double mean = 0, p99 = 0, naive = 0;
};

/// An M/M/1 at 50 %: the response is exponential with a mean of 20 ms.
Held shares_of(int experiments) {
  const double mean = 0.020, p99 = -mean * std::log(0.01);
  Study study = testing::read(R"({"name": "q", "replications": 10, "warmup": "1s", "horizon": "41s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"poisson": "50/s"}}},
    "services": {"a": {"operations": {"x": [{"work": {"exponential": "10ms"}}]}}}})");
  Held held;
  for (int seed = 1; seed <= experiments; ++seed) {
    study.variants[0].scenario.seed = static_cast<std::uint64_t>(seed);
    const ExperimentResult result = run_experiment(study, ExperimentOptions{.jobs = 1});
    const auto value = [&](const std::string& path) { return *result.variants[0].estimate("clients.c." + path); };
    const Estimate simulated = value("response_time.mean"), slow = value("response_time.p99");
    held.mean += std::fabs(simulated.value - mean) <= simulated.half_width.value();
    held.p99 += std::fabs(slow.value - p99) <= slow.half_width.value();
    // As if all requests of a run were independent; the deviation of an exponential time is its mean.
    const double requests = 10 * 40 * value("succeeded_per_s").value;
    held.naive += std::fabs(simulated.value - mean) <= 1.96 * simulated.value / std::sqrt(requests);
  }
  return {held.mean / experiments, held.p99 / experiments, held.naive / experiments};
}

}  // namespace

TEST_CASE("intervals of 95 % hold the exact value, those of dependent requests do not", "[experiment]") {
  const int experiments = 200;
  const double chance = 3 * std::sqrt(0.05 * 0.95 / experiments);
  const Held held = shares_of(experiments);
  CHECK(held.mean == Approx(0.95).margin(chance));
  CHECK(held.p99 == Approx(0.95).margin(chance));
  CHECK(held.naive < 0.8);
}
