#include "sojourn/io/report.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

Findings findings(std::uint32_t replications = 8, unsigned jobs = 1) {
  Study study = synthetic::study(replications, {"plain", "slower"});
  for (Variant& variant : study.variants)
    variant.scenario.objectives = {
        {"clients.web.notification_time.mean <= 1s", "clients.web.notification_time.mean", true, "1s"}};
  return findings_of(study,
                     synthetic::experiment(study, {synthetic::topology(), synthetic::topology(500'000, false)}, jobs));
}

nlohmann::json report() { return nlohmann::json::parse(report_json(findings())); }

std::vector<std::string> keys(const nlohmann::ordered_json& json) {
  std::vector<std::string> names;
  for (const auto& [name, value] : json.items()) names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("the report has the documented shape and order") {
  using Names = std::vector<std::string>;
  const auto json = nlohmann::ordered_json::parse(report_json(findings()));
  CHECK(keys(json) == Names{"scenario", "seed", "replications", "confidence", "horizon_s", "warmup_s", "fingerprint",
                            "events", "status", "warnings", "variants", "comparisons", "objectives", "theory",
                            "blame"});
  const auto& variant = json["variants"]["plain"];
  CHECK(keys(variant) == Names{"fingerprint", "clients", "services", "calls", "topics", "resources", "flow"});
  CHECK(keys(variant["clients"]["web"]) == Names{"requests", "offered_per_s", "succeeded_per_s", "outcomes",
                                                 "success_ratio", "fulfilled_ratio", "broken_promise_ratio",
                                                 "response_time", "completion_time", "notification_time", "stale_ratio",
                                                 "compensated", "incomplete"});
  CHECK(keys(variant["clients"]["web"]["outcomes"]) ==
        Names{"succeeded", "degraded", "declined", "failed", "refused", "timed_out", "unfinished"});
  CHECK(keys(variant["clients"]["web"]["response_time"]) == Names{"mean", "p50", "p90", "p95", "p99", "p99.9", "max"});
  CHECK(keys(variant["services"]["shop"]) == Names{"utilization", "busy_workers", "held_workers", "queue_length",
                                                   "waiting_time", "sojourn_time", "arrivals_per_s", "completed_per_s",
                                                   "refused_per_s", "wasted_work_ratio", "availability", "replicas",
                                                   "cost_per_hour"});
  CHECK(keys(variant["calls"]["shop->pool.take"]) == Names{"calls_per_s", "attempts_per_s", "amplification",
                                                           "failed_per_s", "refused_per_s", "timed_out_per_s",
                                                           "open_per_s", "fallback_per_s", "response_time"});
  CHECK(keys(variant["topics"]["orders"]["stock.reserve"]) ==
        Names{"published_per_s", "handled_per_s", "backlog", "backlog_max", "lag", "redelivered", "dead_lettered",
              "lost", "refused", "duplicates", "dropped", "expired", "waiting", "in_hand", "published", "handled",
              "hottest_partition_share", "cost"});
  CHECK(keys(json["comparisons"][0]) ==
        Names{"client", "metric", "baseline", "variant", "difference", "ratio", "correlation", "verdict"});
  CHECK(keys(json["objectives"][0]) == Names{"variant", "objective", "value", "half_width", "met"});
}

TEST_CASE("numbers stand as they should: counts whole, estimates with their half-width, unknown ones null") {
  const auto json = report();
  CHECK(json["scenario"]["name"] == "small");
  CHECK(json["warmup_s"] == 2.0);
  CHECK(json["horizon_s"] == 12.0);
  CHECK(json["status"] == "complete");
  CHECK(json["fingerprint"].get<std::string>().size() == 16);
  const auto& client = json["variants"]["plain"]["clients"]["web"];
  CHECK(client["requests"].is_number_integer());
  CHECK(client["requests"] == 3200);
  CHECK(client["outcomes"]["declined"] == 80);
  CHECK(client["fulfilled_ratio"]["value"] == 0.975);
  CHECK(client["fulfilled_ratio"]["half_width"] == 0.0);
  CHECK(client["response_time"]["p99"]["half_width"].get<double>() > 0);
  CHECK(client["response_time"]["max"]["half_width"].is_null());
  CHECK(client["notification_time"].is_object());
  CHECK(json["variants"]["slower"]["clients"]["web"]["notification_time"].is_null());
  CHECK(json["variants"]["plain"]["services"]["pool"]["utilization"].is_null());
  CHECK(json["variants"]["plain"]["topics"]["orders"]["stock.reserve"]["lag"]["p99"]["value"].is_null());
  CHECK(json["variants"]["plain"]["topics"]["orders"]["stock.reserve"]["backlog_max"]["value"] == 14.0);
}

TEST_CASE("an interval that rests on fewer values than there are replications says on how many") {
  Findings found = findings();
  VariantResult& variant = found.result.variants[0];
  const std::size_t mean = *position_of(variant.columns, "clients.web.response_time.mean");
  variant.estimates[mean] = Estimate{.value = 1, .half_width = 0.5, .n = 5};
  const auto times = nlohmann::json::parse(report_json(found))["variants"]["plain"]["clients"]["web"]["response_time"];
  CHECK(times["mean"]["n"] == 5);
  CHECK_FALSE(times["p50"].contains("n"));
}

TEST_CASE("a report of a run that changes over time says that it is pooled") {
  Findings found = findings();
  CHECK_FALSE(nlohmann::json::parse(report_json(found)).contains("pooled_over_time"));
  found.result.terminating = true;
  CHECK(nlohmann::json::parse(report_json(found))["pooled_over_time"] == true);
}

TEST_CASE("comparisons, objectives and warnings are in the report") {
  const auto json = report();
  CHECK(json["comparisons"].size() == 8);
  CHECK(json["comparisons"][0]["verdict"] == "higher");
  CHECK(json["objectives"][0]["met"] == true);
  CHECK(json["objectives"][1]["met"].is_null());  // nobody notifies there
  CHECK(json["objectives"][1]["value"].is_null());
  CHECK(json["warnings"][0]["name"] == "too-few-samples");
}

TEST_CASE("the same bytes whatever the number of threads") {
  const std::string one = report_json(findings(8, 1));
  CHECK(report_json(findings(8, 2)) == one);
  CHECK(report_json(findings(8, 5)) == one);
}

TEST_CASE("an experiment that finished nothing still has a report") {
  const std::atomic<bool> stopped{true};
  const Study study = synthetic::study(3, {"plain"});
  const Findings nothing = findings_of(
      study,
      run_experiment(study, {synthetic::topology()}, {.jobs = 1, .interrupted = &stopped, .run = synthetic::run}));
  const auto json = nlohmann::json::parse(report_json(nothing));
  CHECK(json["status"] == "partial");
  CHECK(json["replications"] == 0);
  CHECK(json["variants"]["plain"]["clients"]["web"]["requests"].is_null());
}

TEST_CASE("fingerprints are sixteen digits") {
  CHECK(fingerprint_text(0) == "0000000000000000");
  CHECK(fingerprint_text(0x0123456789abcdefULL) == "0123456789abcdef");
}
