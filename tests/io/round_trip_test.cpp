#include <algorithm>
#include <string>

#include "io/scenario_text.hpp"
#include "io/scenario_writer.hpp"
#include "sojourn/io/files.hpp"
#include "sojourn/model/validation.hpp"
#include "support/catch.hpp"
#include "support/project_scenarios.hpp"

using namespace sojourn;

namespace {

/// A scenario without generated topics, written out with all its values.
std::string written(const Scenario& scenario) { return ScenarioWriter::write(scenario).dump(1); }

/// Every variant that is not deferred is read, written, and read again: nothing may be lost.
int check_round_trip(const std::string& text, const std::string& folder) {
  const ReadOptions options{.folder = folder};
  const StudyResult first = read_study(text, options);
  REQUIRE(first.study);
  int checked = 0;
  for (const Variant& variant : first.study->variants) {
    const auto& topics = variant.scenario.topics;
    const bool generated =
        std::any_of(topics.begin(), topics.end(), [](const auto& topic) { return !is_name(topic.first); });
    if (generated) continue;
    const std::string once = written(variant.scenario);
    const StudyResult second = read_study(once, options);
    for (const Issue& issue : second.issues) UNSCOPED_INFO(to_text(issue, "written"));
    REQUIRE(second.study);
    CHECK(written(second.study->variants[0].scenario) == once);
    ++checked;
  }
  return checked;
}

constexpr std::string_view everything = R"({
  "name": "everything", "question": "What is lost?", "seed": 18446744073709551615, "replications": 3,
  "horizon": "1h30m", "warmup": "1.5s", "drain": "0s", "network": { "latency": { "uniform": { "low": "0s", "high": "1ms" } } },
  "clients": {
    "a": { "requests": { "s.x": 1, "s.y": 0.25 }, "arrivals": { "constant": "0.1/s", "profile": [["0s", 1], ["5min", 0]] },
           "retry": { "attempts": 2, "jitter": "none" }, "timeout": "3s", "priority": -4 },
    "b": { "requests": "s.x", "users": { "users": 3, "think": { "mixture": [ { "weight": 1, "of": "1s" },
           { "weight": 2, "of": { "shifted": { "by": "1s", "of": { "weibull": { "shape": 2, "scale": "1s" } } } } } ] } } },
    "c": { "requests": "s.x", "arrivals": { "bursty": { "rate": "1/s", "burst_rate": "2/s", "calm": "3s", "burst": "4s" } } },
    "d": { "requests": "s.x", "arrivals": { "renewal": { "lognormal": { "p50": "1s", "p99": "2s" } } } } },
  "services": {
    "s": { "replicas": 3, "workers": "unlimited", "waiting": "async", "queue": { "capacity": 0, "discipline": "priority" },
           "balancing": "power-of-two", "cost_per_hour": 0.125, "operations": {
             "x": [ { "choose": [ { "probability": 0.5, "steps": [ { "reply": "yes" }, { "notify": "client" } ] } ] },
                    { "parallel": [ [], [ { "delay": { "pareto": { "shape": 3, "minimum": "1ms" } } } ] ], "join": 1 },
                    { "repeat": 3, "steps": [ { "publish": "t", "priority": 1 } ] },
                    { "work": { "hyperexponential": { "mean": "1ms", "cv": 2 } }, "fails": 0.1, "declines": 0.2 } ],
             "y": [ { "call": "s.z", "timeout": "1ns", "deferrable": true, "priority": 2, "retry": {} } ],
             "z": [ { "work": { "quantiles": { "0": "0s", "0.5": "1us", "1": "1d" } } } ] } } },
  "topics": { "t": { "subscriptions": { "s.z": { "concurrency": 2 } }, "latency": { "gamma": { "mean": "1ms", "cv": 0.5 } },
              "capacity": 10, "overflow": "drop-oldest", "delivery": "deduplicated",
              "redelivery": { "delay": "1s", "factor": 2, "max_deliveries": 3 } } },
  "objectives": [ "clients.a.response_time.p99 <= 300ms", "services.s.utilization >= 0.5" ]
})";

}  // namespace

TEST_CASE("whatever is written in a scenario comes back from it") {
  CHECK(check_round_trip(std::string(everything), "") == 1);
  CHECK(check_round_trip(std::string(small_scenario), "") == 1);
}

TEST_CASE("the project's scenarios come back whole") {
  int checked = 0;
  for (const auto& file : testing::scenario_files()) {
    CAPTURE(file.string());
    checked += check_round_trip(read_file(file.string(), 1U << 20U).text, file.parent_path().string());
  }
  CHECK(checked > 0);
}
