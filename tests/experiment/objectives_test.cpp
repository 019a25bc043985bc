#include "sojourn/experiment/objectives.hpp"

#include "sojourn/experiment/findings.hpp"
#include "support/catch.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

Objective objective(const std::string& path, bool at_most, const std::string& value) {
  return {.text = path + (at_most ? " <= " : " >= ") + value, .path = path, .at_most = at_most, .value = value};
}

Study study_with(const std::vector<Objective>& objectives) {
  Study study = synthetic::study(4, {"a", "b"});
  for (Variant& variant : study.variants) variant.scenario.objectives = objectives;
  return study;
}

std::vector<Topology> topologies() { return {synthetic::topology(), synthetic::topology(90'000'000, false)}; }

std::string first_issue(const Objective& o) {
  const Issues issues = check_objectives(study_with({o}), topologies());
  return issues.empty() ? "" : issues[0].pointer + " " + issues[0].message;
}

std::vector<ObjectiveResult> judged(const Objective& o) {
  const Study study = study_with({o});
  return judge_objectives(study, synthetic::experiment(study, topologies()));
}

}  // namespace

TEST_CASE("values of objectives are read in the unit of what they bound") {
  CHECK(objective_value(Unit::seconds, "300ms") == 0.3);
  CHECK_FALSE(objective_value(Unit::seconds, "0.3").has_value());
  CHECK(objective_value(Unit::per_second, "80/s") == 80);
  CHECK(objective_value(Unit::per_second, "80") == 80);
  CHECK(objective_value(Unit::ratio, "0.001") == 0.001);
  CHECK(objective_value(Unit::count, "1e3") == 1000);
  CHECK(objective_value(Unit::ratio, ".5") == 0.5);
  for (const char* bad : {"", "nan", "inf", "1x", "0x10", "5ms", "1e999", " 1", "--1"}) {
    CAPTURE(bad);
    CHECK_FALSE(objective_value(Unit::ratio, bad).has_value());
  }
}

TEST_CASE("an objective whose path no variant has is an error with a hint") {
  CHECK(first_issue(objective("clients.web.response_time.p99", true, "1s")).empty());
  CHECK(first_issue(objective("topics.orders.stock.reserve.lag.p99", true, "5s")).empty());
  CHECK(first_issue(objective("clients.web.response_time.p98", true, "1s")) ==
        "/objectives/0 expected a path of the report, found 'clients.web.response_time.p98', which no variant has; did "
        "you "
        "mean 'clients.web.response_time.p90'?");
  CHECK_THAT(first_issue(objective("clients.somebody-else.requests", true, "1")),
             Catch::Contains("after 'clients' comes web"));
  CHECK_THAT(first_issue(objective("elsewhere", true, "1")),
             Catch::Contains("a path begins with calls, clients, services, topics"));
}

TEST_CASE("an objective of the wrong kind is an error") {
  CHECK_THAT(first_issue(objective("clients.web.response_time.p99", true, "0.3")),
             Catch::Contains("expected a duration"));
  CHECK_THAT(first_issue(objective("clients.web.succeeded_per_s", false, "5ms")), Catch::Contains("expected a rate"));
  CHECK_THAT(first_issue(objective("clients.web.fulfilled_ratio", false, "5ms")), Catch::Contains("expected a number"));
}

TEST_CASE("an objective that several variants share is complained about once") {
  CHECK(check_objectives(study_with({objective("nowhere", true, "1")}), topologies()).size() == 1);
}

TEST_CASE("objectives are decided on the value, in each variant") {
  const auto results = judged(objective("clients.web.response_time.mean", true, "50ms"));
  REQUIRE(results.size() == 2);
  CHECK(results[0].met == true);
  CHECK(results[1].met == false);
  CHECK(results[1].estimate.value().value == Approx(95.5e-3).epsilon(0.02));
  CHECK(judged(objective("clients.web.response_time.mean", false, "50ms"))[1].met == true);
  CHECK(judged(objective("clients.web.requests", true, "1600"))[0].met == true);  // at the bound
}

TEST_CASE("a path that only another variant has does not apply, and what cannot be known is not met") {
  const auto silent = judged(objective("clients.web.notification_time.mean", true, "1s"));
  CHECK(silent[0].met == true);
  CHECK_FALSE(silent[1].met.has_value());
  const auto unknown = judged(objective("clients.web.response_time.p99.9", true, "1h"));  // 1600 requests are too few
  CHECK(unknown[0].met == false);
  CHECK_FALSE(unknown[0].estimate.has_value());
}

TEST_CASE("findings say whether an objective is missed") {
  const auto misses = [](const Objective& o) {
    const Study study = study_with({o});
    return misses_objective(findings_of(study, synthetic::experiment(study, topologies())));
  };
  CHECK(misses(objective("clients.web.response_time.mean", true, "50ms")));
  CHECK_FALSE(misses(objective("clients.web.response_time.mean", true, "1s")));
  CHECK_FALSE(misses(objective("clients.web.notification_time.mean", true, "1s")));
}
