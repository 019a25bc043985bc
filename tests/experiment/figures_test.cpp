// What people read off a report, where it was once misleading.
#include "sojourn/experiment/experiment.hpp"
#include "sojourn/io/formats.hpp"
#include "support/scenario.hpp"

using namespace sojourn;
using Catch::Contains;

namespace {

Findings findings_for(const std::string& text) {
  const Study study = testing::read(text);
  return findings_of(study, run_experiment(study, ExperimentOptions{.jobs = 1}));
}

}  // namespace

TEST_CASE("messages of high priority go first among all topics of a service", "[experiment]") {
  // Non-preemptive M/M/1 at 80 %, half of it each: waits of 80 / (1 - 0.4) and 80 / (1 - 0.4) / (1 - 0.8) x 10 ms / 10.
  const Findings findings = findings_for(R"({"name": "p", "replications": 20, "warmup": "5s", "horizon": "205s",
    "clients": {"low": {"requests": "a.low", "arrivals": {"poisson": "40/s"}},
                "high": {"requests": "a.high", "priority": 5, "arrivals": {"poisson": "40/s"}}},
    "services": {"a": {"workers": "unlimited", "operations": {"low": [{"publish": "t"}], "high": [{"publish": "u"}]}},
                 "b": {"queue": {"discipline": "priority"}, "operations": {
                       "x": [{"work": {"exponential": "10ms"}}], "y": [{"work": {"exponential": "10ms"}}]}}},
    "topics": {"t": {"subscriptions": {"b.x": {}}}, "u": {"subscriptions": {"b.y": {}}}}})");
  const VariantResult& result = findings.result.variants[0];
  const double residual = 0.008, own = 1 - 0.4;
  CHECK(result.estimate("clients.high.completion_time.mean")->value == Approx(0.010 + residual / own).epsilon(0.05));
  CHECK(result.estimate("clients.low.completion_time.mean")->value ==
        Approx(0.010 + residual / own / 0.2).epsilon(0.05));
}

TEST_CASE("an objective may name the figures of a call", "[experiment]") {
  const Findings findings = findings_for(R"({"name": "o", "replications": 2, "horizon": "20s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "10/s"}}},
    "services": {"a": {"operations": {"x": [{"call": "b.y"}]}}, "b": {"operations": {"y": [{"work": "1ms"}]}}},
    "objectives": ["calls.a->b.y.amplification <= 1.5", "calls.a->b.y.calls_per_s >= 20/s"]})");
  REQUIRE(findings.objectives.size() == 2);
  CHECK(findings.objectives[0].met == true);
  CHECK(findings.objectives[1].met == false);
}

TEST_CASE("an objective that nothing is known of is not met, and says so", "[experiment]") {
  const Findings findings = findings_for(R"({"name": "o", "replications": 2, "horizon": "5s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "1/s"}}},
    "services": {"a": {"operations": {"x": [{"work": "1ms"}]}}},
    "objectives": ["clients.c.response_time.p99 <= 1s"]})");
  CHECK(findings.objectives[0].met == false);
  CHECK_THAT(format_named("table")->text_of(findings, {}), Contains("not known: see the doubts"));
}

TEST_CASE("what takes no time at all is sooner than what takes some", "[experiment]") {
  const Findings findings = findings_for(R"({"name": "z", "replications": 3, "horizon": "100s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "20/s"}}},
    "services": {"a": {"workers": "unlimited", "operations": {"x": [{"call": "b.y", "deferrable": true}]}},
                 "b": {"workers": "unlimited", "operations": {"y": [{"work": "2ms"}]}}},
    "variants": {"rd": {}, "ev": {"defer": "all"}}})");
  const std::string text = format_named("table")->text_of(findings, {});
  CHECK_THAT(text, Contains("sooner than rd") && !Contains("inf"));
  CHECK_THAT(text, !Contains("0 ms at p99, no different"));
}

TEST_CASE("deliveries that are lost on their way count as redelivered, too", "[experiment]") {
  // Half of the deliveries are lost and come again: one redelivery a message on average, among those of the second try on.
  const Findings findings = findings_for(R"({"name": "l", "replications": 4, "horizon": "100s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "100/s"}}},
    "services": {"a": {"workers": "unlimited", "operations": {"x": [{"publish": "t"}]}},
                 "b": {"workers": "unlimited", "operations": {"y": [{"work": "1ms"}]}}},
    "topics": {"t": {"redelivery": {"delay": "1ms", "max_deliveries": 60}, "subscriptions": {"b.y": {}}}},
    "network": {"links": {"t->b": {"loss": 0.5}}}})");
  CHECK(findings.result.variants[0].merged.subscriptions[0].redelivered == Approx(40000).epsilon(0.03));
}
