// The search among designs: the same frontier as running all of them to the end, for less work.

#include "sojourn/experiment/design_search.hpp"

#include "sojourn/experiment/design_rules.hpp"
#include "sojourn/model/defer.hpp"
#include "support/catch.hpp"
#include "support/project_scenarios.hpp"
#include "support/scenario.hpp"

using namespace sojourn;
using Catch::Contains;

namespace {

DesignSpace space_of(Scenario base) {
  DesignSpace space{.name = base.name,
                    .question = "",
                    .sha256 = "",
                    .base_variant = "",
                    .base = std::move(base),
                    .topic_defaults = {},
                    .operations = {}};
  for (const OperationName& name : deferrable_operations(space.base)) space.operations.push_back(name);
  return space;
}

DesignSpace shop(Duration horizon) {
  Scenario base = testing::project_study("online-shop.json").variants.front().scenario;
  base.horizon = horizon;
  base.warmup.length = Duration{5'000'000'000};
  return space_of(std::move(base));
}

DesignSearch searched(const DesignSpace& space, bool race = true) {
  auto found = search_designs(space, {.experiment = {.jobs = 2}, .margins = {}, .race = race});
  REQUIRE(found.has_value());
  return std::move(*found);
}

std::vector<std::string> names_of(const std::vector<const DesignOutcome*>& designs) {
  std::vector<std::string> names;
  for (const DesignOutcome* design : designs) names.push_back(design->name);
  return names;
}

/// A front that calls so many services, each of 2 ms more work than the last.
std::string wide(int calls, int workers) {
  std::string steps = R"({"work": {"exponential": "1ms"}})", services;
  for (int i = 0; i < calls; ++i) {
    const std::string name = "s" + std::to_string(i);
    steps += R"(, {"call": ")" + name + R"(.x", "deferrable": true})";
    services += R"(, ")" + name + R"(": {"workers": 4, "operations": {"x": [{"work": {"exponential": ")" +
                std::to_string(5 + 2 * i) + R"(ms"}}]}})";
  }
  return testing::scenario_text(
      R"("requests": "front.go", "arrivals": {"poisson": "40/s"}, "timeout": "2s")",
      R"("front": {"workers": )" + std::to_string(workers) + R"(, "operations": {"go": [)" + steps + "]}}" + services);
}

}  // namespace

TEST_CASE("the race finds the frontier that all designs at full length show", "[design]") {
  const DesignSpace space = shop(Duration{65'000'000'000});
  const DesignSearch raced = searched(space);
  const DesignSearch full = searched(space, false);
  CHECK(names_of(raced.frontier()) == names_of(full.frontier()));
  CHECK(names_of(raced.choices()) == names_of(full.choices()));
  CHECK(full.runs == full.full_runs());
  CHECK(raced.runs * 2 <= full.runs);
  CHECK(raced.events * 2 <= full.events);
}

TEST_CASE("a call whose answer matters is to be waited for", "[design]") {
  Scenario base = shop(Duration{25'000'000'000}).base;
  base.objectives.clear();
  base.replications = 6;
  const DesignSearch search = searched(space_of(std::move(base)));
  for (const DesignOutcome* design : search.choices()) CHECK_THAT(design->name, !Contains("payment"));
  const auto rules = deferral_rules(search);
  REQUIRE(rules.size() == 3);
  CHECK(rules[1].operation.text() == "payment.charge");
  CHECK(rules[1].advice == DeferralRule::Advice::wait);
  for (const DeferralEffect& effect : rules[1].effects) {
    if (search.criteria[effect.criterion].metric != "broken_promise_ratio") continue;
    CHECK(effect.worse == 4);
    CHECK(effect.least == Approx(0.02).margin(0.005));
  }
}

TEST_CASE("theory takes out the designs whose workers are held too long", "[design]") {
  const DesignSpace space = space_of(testing::read(wide(12, 4)).variants.front().scenario);
  REQUIRE(space.size() == 4096);
  std::size_t out = 0;
  for (DesignMask mask = 0; mask < 4096; mask += 15) out += why_not_run(space, mask).empty() ? 0U : 1U;
  CHECK(out > 50);
  CHECK_THAT(why_not_run(space, 0), Contains("front carries only 0.") && Contains("held workers"));
  CHECK(why_not_run(space, 4095).empty());
  CHECK(design_name(space, 4095) == "defer-all");
}

TEST_CASE("many designs are screened in shortened runs before they race", "[design]") {
  const DesignSearch search = searched(space_of(testing::read(wide(7, 16)).variants.front().scenario));
  CHECK(search.designs.size() == 128);
  REQUIRE(search.screening.has_value());
  CHECK(search.screening->ns == 1'250'000'000);
  std::size_t screened = 0;
  for (const DesignOutcome& design : search.designs) screened += design.fate == DesignOutcome::Fate::screened ? 1U : 0U;
  CHECK(screened > 0);
  CHECK_FALSE(search.frontier().empty());
}

TEST_CASE("incidents make a case with stress, and the ordinary case is without them", "[design]") {
  Scenario base = shop(Duration{65'000'000'000}).base;
  base.incidents.push_back({.at = Duration{20'000'000'000},
                            .length = Duration{10'000'000'000},
                            .targets = {"inventory"},
                            .effect = Effect{.kind = DownEffect{}}});
  const DesignSpace space = space_of(std::move(base));
  const auto cases = design_cases(space);
  REQUIRE(cases.size() == 3);
  CHECK(cases[1].sentence == "inventory down (refuse) for 10 s");
  CHECK(case_as_written(cases) == 1);
  Scenario ordinary = design_scenario(space, 7);
  put_in_case(ordinary, cases[0]);
  CHECK(ordinary.incidents.empty());
  CHECK(ordinary.topics.contains("payment.charge"));
  Scenario stressed = design_scenario(space, 0);
  put_in_case(stressed, cases[2]);
  REQUIRE(stressed.incidents.size() == 1);
  CHECK(stressed.incidents[0].targets == std::vector<std::string>{"shoppers"});
}

TEST_CASE("a flow without deferrable calls, or with too many, is not searched", "[design]") {
  CHECK(obstacle_to_search(space_of(testing::read(wide(0, 4)).variants.front().scenario)) ==
        "nothing to decide: mark calls \"deferrable\": true");
  CHECK_THAT(obstacle_to_search(space_of(testing::read(wide(17, 4)).variants.front().scenario)),
             Contains("expected at most 16 deferrable calls") && Contains("found 17"));
  CHECK(obstacle_to_search(space_of(testing::read(wide(16, 4)).variants.front().scenario)).empty());
}
