#include "sojourn/experiment/design_runs.hpp"

#include "sojourn/model/defer.hpp"
#include "support/catch.hpp"
#include "support/project_scenarios.hpp"

using namespace sojourn;

namespace {

/// The shop as it is written, in runs so short that none has the 299 requests that a p99 needs.
Scenario short_shop() {
  Scenario base = testing::project_study("online-shop.json").variants.front().scenario;
  base.horizon = Duration{4'000'000'000};
  base.warmup.length = Duration{1'000'000'000};
  base.replications = 20;
  base.objectives = {testing::project_study("online-shop.json").variants.front().scenario.objectives.front()};
  base.objectives.front().path = "clients.shoppers.notification_time.p99";
  return base;
}

}  // namespace

TEST_CASE("a search reads a design as a plain run does: short replications are put together") {
  const Scenario base = short_shop();
  DesignSpace space{.name = base.name,
                    .question = "",
                    .sha256 = "",
                    .base_variant = "",
                    .base = base,
                    .topic_defaults = {},
                    .operations = {}};
  for (const OperationName& name : deferrable_operations(space.base)) space.operations.push_back(name);
  const std::vector<DesignCase> cases = design_cases(space);
  const ExperimentOptions options{.jobs = 2};
  DesignRuns runs(space, cases, {.seed = base.seed, .warmup = base.warmup.length, .horizon = std::nullopt}, options);
  REQUIRE(runs.extend({0}, 8));
  REQUIRE(runs.extend({0}, 20));

  Study study{.name = base.name, .question = "", .sha256 = "", .variants = {}};
  study.variants.push_back({"as written", design_scenario(space, 0)});
  put_in_case(study.variants.front().scenario, cases[case_as_written(cases)]);
  const ExperimentResult result = run_experiment(study, options);

  const DesignCell& cell = (*runs.cells(0))[case_as_written(cases)];
  for (const char* path : {"clients.shoppers.notification_time.p99", "clients.shoppers.response_time.p99",
                           "clients.shoppers.completion_time.p99", "clients.shoppers.fulfilled_ratio"}) {
    CAPTURE(path);
    const auto plain = result.variants.front().estimate(path);
    REQUIRE(plain.has_value());
    CHECK(plain->half_width.has_value());
    CHECK(cell.estimate(path, 0.95) == plain);
  }
  CHECK(cell.estimate("clients.shoppers.response_time.p99", 0.95)->n < 20);
}
