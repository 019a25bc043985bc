// A published measurement, rebuilt from its description: scenarios/measured-testbed.
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sojourn/experiment/experiment.hpp"
#include "sojourn/io/study.hpp"
#include "support/catch.hpp"
#include "support/project_scenarios.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// One row of the published totals, and what the two variants' totals are over all clients.
struct Totals {
  double throughput = 0;  // answers a second
  double errors = 0;      // per cent
  double p50_ms = 0, p95_ms = 0;
};

struct Published {
  std::string file;
  Totals synchronous, asynchronous;
};

const std::vector<Published> published{
    {"baseline", {55.6, 3.51, 0.78, 16.99}, {58.1, 0, 1.50, 5.67}},
    {"medium", {178.3, 5.47, 0.67, 507.5}, {189.5, 0, 1.14, 6.43}},
    {"stress", {380.0, 7.55, 0.74, 510.6}, {420.5, 0, 1.20, 7.07}},
};

/// All clients together, as a load generator prints them.
Totals totals_of(const Measurements& measured) {
  Histogram all;
  double failed = 0;
  for (const ClientMeasurement& client : measured.clients) {
    all.merge(client.response_time);
    for (const Outcome bad : {Outcome::failed, Outcome::refused, Outcome::timed_out})
      failed += static_cast<double>(client.outcomes[static_cast<std::size_t>(bad)]);
  }
  const auto answers = static_cast<double>(all.count());
  const double seconds = measured.window_ns() * 1e-9 * static_cast<double>(measured.replications);
  return {answers / seconds, 100 * failed / answers, all.quantile(0.5).value() / 1e6, all.quantile(0.95).value() / 1e6};
}

ExperimentResult simulated(const std::string& file) {
  Study study = project_study("measured-testbed/" + file + ".json");
  for (Variant& variant : study.variants) variant.scenario.replications = 2;
  return run_experiment(study, ExperimentOptions{});
}

const VariantResult& variant_of(const ExperimentResult& result, const std::string& name) {
  for (const VariantResult& variant : result.variants)
    if (variant.name == name) return variant;
  FAIL("no variant " << name);
  return result.variants.front();
}

void check_near(const Totals& simulated, const Totals& measured) {
  CHECK(simulated.throughput == Approx(measured.throughput).epsilon(0.03));
  CHECK(std::abs(simulated.errors - measured.errors) <= 0.3);
  CHECK(simulated.p50_ms == Approx(measured.p50_ms).epsilon(0.35));
  CHECK(simulated.p95_ms == Approx(measured.p95_ms).epsilon(0.35));
}

double number(const ExperimentResult& result, const std::string& path) {
  const auto estimate = variant_of(result, "asynchronous").estimate(path);
  INFO(path);
  REQUIRE(estimate.has_value());
  return estimate->value;
}

}  // namespace

TEST_CASE("the published totals of the test bed are reproduced", "[scenarios]") {
  for (const Published& profile : published) {
    INFO(profile.file);
    const ExperimentResult result = simulated(profile.file);
    {
      INFO("synchronous");
      check_near(totals_of(variant_of(result, "synchronous").merged), profile.synchronous);
    }
    INFO("asynchronous");
    check_near(totals_of(variant_of(result, "asynchronous").merged), profile.asynchronous);
  }
}

TEST_CASE("the test bed's slow flows pass 5 % of all requests, and nothing queues", "[scenarios]") {
  const Totals light = totals_of(variant_of(simulated("baseline"), "synchronous").merged);
  const ExperimentResult medium = simulated("medium");
  const VariantResult& variant = variant_of(medium, "synchronous");
  CHECK(light.p95_ms < 25);
  CHECK(totals_of(variant.merged).p95_ms > 500);
  for (const CompiledService& service : variant.topology.services)
    CHECK(variant.estimate("services." + service.name + ".queue_length")->value < 0.01);
}

TEST_CASE("the test bed's accepted work piles up where nobody measured", "[scenarios]") {
  const ExperimentResult result = simulated("stress");
  const double runs = 2, seconds = 180;
  const std::string payments = "topics.payment-accepted.payment.settle.";
  CHECK(number(result, payments + "handled_per_s") == Approx(5).epsilon(0.02));
  CHECK(number(result, payments + "waiting") / runs / seconds == Approx(24.9).epsilon(0.02));
  CHECK(number(result, "topics.registered.email.send.waiting") / runs / seconds == Approx(9.8).epsilon(0.05));
  CHECK(number(result, "clients.S2-pay.response_time.p95") < 0.006);
  CHECK(number(result, "clients.S2-pay.incomplete") > 0);
  CHECK(number(result, "clients.S2-pay.completion_time.p50") > 10);
  CHECK(number(result, "clients.S5-order.fulfilled_ratio") == 0);
  CHECK(number(result, "clients.S5-order.broken_promise_ratio") == 1);
}

TEST_CASE("the test bed's profiles differ in load only", "[scenarios]") {
  std::vector<nlohmann::json> files;
  for (const Published& profile : published) {
    const std::string path = std::string(SOJOURN_SOURCE_DIR) + "/scenarios/measured-testbed/" + profile.file + ".json";
    std::ifstream stream(path);
    nlohmann::json file = nlohmann::json::parse(stream, nullptr, true, true);
    for (const std::string key : {"name", "horizon"}) file.erase(key);
    for (auto& client : file["clients"]) {
      if (client.contains("users")) client["users"].erase("users");
      client.erase("arrivals");
    }
    files.push_back(std::move(file));
  }
  CHECK(files[0] == files[1]);
  CHECK(files[0] == files[2]);
}
