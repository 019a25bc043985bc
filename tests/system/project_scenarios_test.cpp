// What the project's own scenarios are there to show.
#include <string>

#include "sojourn/experiment/objectives.hpp"
#include "support/catch.hpp"
#include "support/project_scenarios.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

double value(const VariantResult& variant, const std::string& path) {
  INFO(variant.name << " " << path);
  const auto estimate = variant.estimate(path);
  REQUIRE(estimate.has_value());
  return estimate->value;
}

const VariantResult& variant_of(const ExperimentResult& result, const std::string& name) {
  for (const VariantResult& variant : result.variants)
    if (variant.name == name) return variant;
  FAIL("no variant " << name);
  return result.variants.front();
}

}  // namespace

TEST_CASE("online shop: only the mixed design meets both objectives", "[scenarios]") {
  Study study = project_study("online-shop.json");
  const std::uint32_t written = study.variants.front().scenario.replications;
  for (Variant& variant : study.variants) variant.scenario.replications = 6;
  const ExperimentResult result = run_experiment(study, ExperimentOptions{});
  CHECK(result.events * written / 6 < 12'000'000);
  std::string met;
  for (const ObjectiveResult& objective : judge_objectives(study, result)) {
    REQUIRE(objective.met.has_value());
    met += objective.variant + (*objective.met ? " yes " : " no ");
  }
  CHECK(met.find("request-driven no request-driven yes") != std::string::npos);
  CHECK(met.find("event-driven yes event-driven no") != std::string::npos);
  CHECK(met.find("hybrid yes hybrid yes") != std::string::npos);
}

TEST_CASE("restaurant: a board frees the waiters and the dish comes sooner", "[scenarios]") {
  const ExperimentResult result = run_experiment(project_study("restaurant.json"), ExperimentOptions{});
  const VariantResult& waits = variant_of(result, "wait-at-the-chef");
  const VariantResult& board = variant_of(result, "orders-on-a-board");
  CHECK(value(board, "clients.guests.response_time.mean") < value(waits, "clients.guests.response_time.mean") / 5);
  CHECK(value(board, "clients.guests.notification_time.mean") <
        value(waits, "clients.guests.notification_time.mean") * 0.9);
  CHECK(value(waits, "services.waiters.held_workers") > 1.5);
  CHECK(value(board, "services.waiters.held_workers") == 0);
}

TEST_CASE("hello: the exact 50 ms lie in the interval that is printed", "[scenarios]") {
  const ExperimentResult result = run_experiment(project_study("hello.json"), ExperimentOptions{});
  const auto mean = result.variants.front().estimate("clients.visitors.response_time.mean");
  REQUIRE(mean.has_value());
  CHECK(std::abs(mean->value - 0.050) <= *mean->half_width * 2);
  CHECK(*mean->half_width < 0.002);
}
