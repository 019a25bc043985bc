#include "sojourn/experiment/warmup.hpp"

#include <string>

#include "sojourn/experiment/warnings.hpp"
#include "support/catch.hpp"
#include "support/oracle.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// A queue that starts empty under a load of 98 %, and takes its time to fill.
std::string slow_to_fill(const std::string& horizon, const std::string& more) {
  return R"({"name": "slow", "replications": 20, "horizon": ")" + horizon + R"(", "warmup": "auto", )" + more +
         R"("clients": {"c": {"requests": "a.x", "arrivals": {"poisson": "98/s"}}},
            "services": {"a": {"operations": {"x": [{"work": {"exponential": "10ms"}}]}}}})";
}

Measurements with_series(const std::vector<double>& response_ms) {
  Measurements measured;
  measured.timeline.bucket = Duration{1'000'000'000};
  measured.timeline.clients.emplace_back(response_ms.size());
  for (std::size_t i = 0; i < response_ms.size(); ++i)
    measured.timeline.clients[0][i].response_time.add(static_cast<std::int64_t>(1e6 * response_ms[i]));
  return measured;
}

/// The first values are high, the rest alternate about a level.
std::vector<double> settling(std::size_t length, std::size_t high) {
  std::vector<double> series;
  for (std::size_t i = 0; i < length; ++i) series.push_back(i < high ? 400.0 : i % 2 == 0 ? 90.0 : 110.0);
  return series;
}

}  // namespace

TEST_CASE("a run has settled where the last of its series has") {
  const std::vector<Measurements> both{with_series(settling(200, 15)), with_series(settling(200, 40))};
  CHECK(settled_after(both) == Duration{40'000'000'000});
  const std::vector<Measurements> late{with_series(settling(200, 15)), with_series(settling(200, 130))};
  CHECK_FALSE(settled_after(late).has_value());
}

TEST_CASE("an automatic warm-up cuts what a queue needs to fill, and no more than half") {
  const ExperimentResult result = simulate(slow_to_fill("10min", ""));
  CHECK(result.warmup_found);
  CHECK(result.warmup.seconds() >= 5);
  CHECK(result.warmup.seconds() <= 300);
  CHECK(result.variants.front().merged.warmup == result.warmup);
}

TEST_CASE("one replication alone does not say where it has settled: five do") {
  const auto warmup_with = [](std::uint32_t replications) {
    Study study = study_of(slow_to_fill("2min", ""));
    study.variants.front().scenario.replications = replications;
    const ExperimentResult result = run_experiment(study, ExperimentOptions{});
    CHECK(result.replications == replications);
    return result.warmup;
  };
  const Duration five = warmup_with(5);
  CHECK(warmup_with(1) == five);
  CHECK(warmup_with(3) == five);
  CHECK(five.ns > 0);
}

TEST_CASE("what never settles is told, and half of it is cut") {
  std::string overloaded = slow_to_fill("10s", "");
  overloaded.replace(overloaded.find("98/s"), 4, "150/s");
  const ExperimentResult hasty = simulate(overloaded);
  CHECK_FALSE(hasty.warmup_found);
  CHECK(hasty.warmup == Duration{5'000'000'000});
  const auto warnings = warnings_of(hasty);
  REQUIRE_FALSE(warnings.empty());
  CHECK(warnings.front().name == "warmup-not-found");
}

TEST_CASE("where something happens at a given time, an automatic warm-up cuts nothing") {
  const std::string incident = R"("incidents": [{"at": "1s", "for": "1s", "target": "a", "effect": {"fails": 0.1}}], )";
  CHECK(simulate(slow_to_fill("20s", incident)).warmup == Duration{});
  const std::string in_a_variant =
      R"("variants": {"calm": {}, "struck": {)" + incident.substr(0, incident.size() - 2) + "}}, ";
  CHECK(simulate(slow_to_fill("20s", in_a_variant)).warmup == Duration{});
  Scenario scenario = study_of(slow_to_fill("20s", "")).variants.front().scenario;
  CHECK_FALSE(is_terminating(scenario));
  std::get<PoissonArrivals>(scenario.clients.at("c").arrivals->law).profile = {{Time{}, 1}};
  CHECK(is_terminating(scenario));
}

TEST_CASE("a run has not settled before its work, its waits and its messages have") {
  const auto with_levels = [](std::size_t high, const auto& set) {
    Measurements measured = with_series(settling(201, 0));  // the response has settled from the start
    measured.timeline.services.emplace_back(201);
    measured.timeline.subscriptions.emplace_back(201);
    const std::vector<double> levels = settling(201, high);
    for (std::size_t i = 0; i < levels.size(); ++i)
      set(measured.timeline.services[0][i], measured.timeline.subscriptions[0][i], Int128(levels[i]));
    return std::vector<Measurements>{measured};
  };
  const auto check_levels = [&](const auto& set) {
    CHECK(settled_after(with_levels(60, set)) == Duration{60'000'000'000});
    CHECK_FALSE(settled_after(with_levels(130, set)).has_value());
  };
  check_levels([](TimelineService& service, TimelineSubscription&, Int128 ns) { service.busy_ns = ns; });
  check_levels([](TimelineService& service, TimelineSubscription&, Int128 ns) { service.held_ns = ns; });
  check_levels([](TimelineService& service, TimelineSubscription&, Int128 ns) { service.queue_ns = ns; });
  check_levels([](TimelineService&, TimelineSubscription& topic, Int128 ns) { topic.backlog_ns = ns; });
}
