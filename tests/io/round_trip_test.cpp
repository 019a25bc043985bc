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
  "horizon": "1h30m", "warmup": "1.5s", "drain": "0s",
  "network": { "latency": { "uniform": { "low": "0s", "high": "1ms" } }, "loss": 0.001,
               "links": { "a->s": { "latency": "2ms" }, "s->t": { "loss": 0.25 } } },
  "clients": {
    "a": { "requests": { "s.x": 1, "s.y": 0.25 }, "arrivals": { "constant": "0.1/s", "profile": [["0s", 1], ["5min", 0]] },
           "retry": { "attempts": 2, "jitter": "none", "budget": 0.5, "on": ["timed_out", "open"] }, "timeout": "3s",
           "priority": -4, "then": [ { "think": "1s", "requests": "s.z", "expects": "s.y" } ] },
    "b": { "requests": "s.x", "timeout": "9s", "users": { "users": 3, "think": { "mixture": [ { "weight": 1, "of": "1s" },
           { "weight": 2, "of": { "shifted": { "by": "1s", "of": { "weibull": { "shape": 2, "scale": "1s" } } } } } ] } } },
    "c": { "requests": "s.x", "timeout": "9s", "arrivals": { "bursty": { "rate": "1/s", "burst_rate": "2/s", "calm": "3s", "burst": "4s" } } },
    "d": { "requests": "s.x", "timeout": "9s", "arrivals": { "renewal": { "lognormal": { "p50": "1s", "p99": "2s" } } } } },
  "services": {
    "s": { "replicas": 3, "workers": "unlimited", "cores": 2.5, "waiting": "async",
           "queue": { "capacity": 0, "discipline": "priority", "max_wait": "3s" }, "balancing": "power-of-two",
           "failures": { "time_to_failure": { "exponential": "1h" }, "time_to_repair": "1min", "mode": "hang" },
           "autoscaling": { "minimum": 1, "maximum": 5, "target_utilization": 0.6, "interval": "30s", "startup": "5s" },
           "scalability": { "contention": 0.05, "coherency": 0.001 }, "rate_limit": { "rate": "100/s", "burst": 7 },
           "cost_per_hour": 0.125, "operations": {
             "x": [ { "choose": [ { "probability": 0.5, "steps": [ { "reply": "yes" }, { "notify": "client", "when": ["s.z"] } ] } ] },
                    { "parallel": [ [], [ { "delay": { "pareto": { "shape": 3, "minimum": "1ms" } } } ] ], "join": 1 },
                    { "repeat": 3, "steps": [ { "publish": "t", "priority": 1, "confirm": true, "timeout": "1s" } ] },
                    { "repeat": { "geometric": 0.5 }, "steps": [ { "publish": "t", "outbox": true,
                      "key": { "zipf": { "keys": 10, "exponent": 1.1 } } } ] },
                    { "use": "db", "steps": [ { "await": ["s.z"], "timeout": "5s" } ] },
                    { "try": [ { "work": "1ms", "per": "batch" } ], "compensate": [ { "call": "s.z", "timeout": "1s" } ] },
                    { "work": { "hyperexponential": { "mean": "1ms", "cv": 2 } }, "fails": 0.1, "declines": 0.2 } ],
             "y": [ { "call": "s.z", "timeout": "1ns", "deferrable": true, "priority": 2, "retry": {}, "deadline": "propagate",
                      "circuit_breaker": { "window": 10, "slow_call": { "longer_than": "1s", "rate_threshold": 0.25 } },
                      "bulkhead": { "max_concurrent_calls": 3 }, "rate_limit": { "rate": "1k/s" },
                      "hedge": { "after": "50ms", "attempts": 3 }, "fallback": [ { "delay": "1ms" } ] } ],
             "z": [ { "work": { "quantiles": { "0": "0s", "0.5": "1us", "1": "1d" } } } ] } } },
  "resources": { "db": { "units": 4, "queue": { "discipline": "lifo" } } },
  "topics": { "t": { "subscriptions": { "s.z": { "concurrency": 2, "batch": { "size": 10, "wait": "50ms" }, "poll": "100ms" } },
              "latency": { "gamma": { "mean": "1ms", "cv": 0.5 } }, "partitions": 3, "duplicates": 0.01, "expires": "1h",
              "capacity": 10, "overflow": "drop-oldest", "delivery": "deduplicated", "cost_per_million": 2,
              "failures": { "time_to_failure": "1h", "time_to_repair": "1s" },
              "redelivery": { "delay": "1s", "factor": 2, "max_deliveries": 3 } } },
  "incidents": [
    { "at": "0s", "for": "1min", "target": "s", "effect": { "down": "pause" } },
    { "at": "1s", "for": "1min", "target": ["s.x", "t"], "effect": { "fails": 0.5 } },
    { "at": "2s", "for": "1min", "target": "s", "effect": { "slowdown": 4 } },
    { "at": "3s", "for": "1min", "target": "a->s", "effect": { "latency": { "exponential": "5ms" } } },
    { "at": "4s", "for": "1min", "target": "s->t", "effect": { "loss": 0.1 } },
    { "at": "5s", "for": "1min", "target": "a", "effect": { "rate": 0 } },
    { "at": "6s", "for": "1min", "target": "s", "effect": { "replicas": 2 } } ],
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
