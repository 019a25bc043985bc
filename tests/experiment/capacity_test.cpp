// The highest load and the cheapest replicas, where theory or arithmetic knows the answer.

#include <cmath>

#include "sojourn/experiment/load_search.hpp"
#include "sojourn/experiment/overload.hpp"
#include "sojourn/experiment/replica_search.hpp"
#include "sojourn/io/capacity_report.hpp"
#include "sojourn/random/scaled.hpp"
#include "sojourn/theory/erlang.hpp"
#include "support/catch.hpp"
#include "support/scenario.hpp"

using namespace sojourn;
using Catch::Contains;

namespace {

const std::string ten_runs = R"("horizon": "60s", "warmup": "5s", "replications": 10, )";

std::string text_of(const std::string& client, const std::string& services, const std::string& objectives,
                    const std::string& runs = ten_runs) {
  return R"({"name": "test", )" + runs + R"("clients": {"c": {"requests": "a.x", )" + client + R"(}}, "services": {)" +
         services + R"(}, "objectives": [)" + objectives + "]}";
}

VariantCapacity found(const std::string& text, bool theory = true, unsigned jobs = 2) {
  const Study study = testing::read(text);
  REQUIRE(obstacle_to_load_search(study, {}).empty());
  return search_loads(study, {.experiment = {.jobs = jobs}, .theory = theory}).variants.front();
}

VariantReplicas replicas_of(const std::string& text, bool survive_one = false) {
  const Study study = testing::read(text);
  REQUIRE(obstacle_to_replica_search(study).empty());
  return search_replicas(study, {.experiment = {.jobs = 2}, .survive_one = survive_one}).variants.front();
}

const std::string at_100 = R"("arrivals": {"poisson": "100/s"})";
const std::string held =
    R"("a": {"workers": 8, "operations": {"x": [{"work": {"exponential": "30ms"}}, {"call": "b.x"}]}},
                            "b": {"operations": {"x": [{"work": {"exponential": "10ms"}}]}})";
/// The throughput of a machine-repairman model M/M/1//8 with 30 ms up and 10 ms of repair: mu (1 - p0).
constexpr double held_limit = 99.1867560603;

/// Equal gaps and equal work: with enough replicas nobody waits, with one fewer the queue grows.
std::string even_text(const std::string& limit) {
  return text_of(
      R"("arrivals": {"constant": "100/s"})",
      R"("a": {"cost_per_hour": 1, "operations": {"x": [{"work": "25ms"}, {"call": "b.x"}]}, "waiting": "async"},
                    "b": {"cost_per_hour": 0.5, "operations": {"x": [{"work": "35ms"}]}})",
      "\"clients.c.response_time.p99 <= " + limit + "\"", R"("horizon": "20s", "warmup": "1s", "replications": 2, )");
}

}  // namespace

TEST_CASE("the highest load of M/M/c with a bound on its p99 is the exact one", "[capacity]") {
  const VariantCapacity capacity =
      found(text_of(at_100, R"("a": {"workers": 4, "operations": {"x": [{"work": {"exponential": "20ms"}}]}})",
                    R"("clients.c.response_time.p99 <= 150ms")"));
  double low = 0, high = 200;
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + high) / 2;
    (MultiServerQueue{middle, 0.020, 4}.response_quantile_s(0.99) <= 0.150 ? low : high) = middle;
  }
  REQUIRE((capacity.met && capacity.missed && capacity.value));
  CHECK(capacity.load_at(*capacity.met) < low);
  CHECK(capacity.load_at(*capacity.missed) > low);
  CHECK(capacity.load_at(*capacity.missed) < 1.15 * capacity.load_at(*capacity.met));
  CHECK(capacity.load_at(*capacity.value) == Approx(low).epsilon(0.05));
  CHECK(capacity.first.name == "a");
  CHECK(capacity.why == "clients.c.response_time.p99 <= 150ms");
  CHECK_FALSE(capacity.missed_by_theory);
  CHECK(capacity.theory->requests_per_s == Approx(200));
}

TEST_CASE("held threads: runs alone bracket the exact limit, and theory knows it", "[capacity]") {
  const std::string text = text_of(at_100, held, "");
  const VariantCapacity run = found(text, false);
  REQUIRE((run.met && run.missed));
  CHECK_FALSE(run.missed_by_theory);
  CHECK(run.load_at(*run.met) < held_limit);
  CHECK(run.load_at(*run.missed) > held_limit);
  CHECK(run.load_at(*run.met) > 0.9 * held_limit);
  CHECK(run.load_at(*run.missed) < 1.1 * held_limit);
  CHECK(run.first.name == "a");
  CHECK(run.first.held > 0.3);
  const VariantCapacity known = found(text);
  CHECK(known.tried.empty());
  CHECK(known.missed_by_theory);
  CHECK(known.load_at(*known.value) == Approx(held_limit).epsilon(1e-9));
  CHECK(known.first.name == "a");
}

TEST_CASE("users are counted: eleven of them wait no longer than they may", "[capacity]") {
  // A round of n users takes n x 10 ms once the worker is never idle: each then waits n x 10 ms - 90 ms for the answer.
  const std::string users = R"("users": {"users": 4, "think": "90ms"})";
  const VariantCapacity capacity = found(text_of(users, R"("a": {"operations": {"x": [{"work": "10ms"}]}})",
                                                 R"("clients.c.response_time.p99 <= 25ms")",
                                                 R"("horizon": "10s", "warmup": "2s", "replications": 2, )"));
  CHECK(capacity.load_at(*capacity.met) == 11);
  CHECK(capacity.load_at(*capacity.missed) == 12);
}

TEST_CASE("what no load can meet is told, and not searched for long", "[capacity]") {
  const VariantCapacity capacity =
      found(text_of(at_100, R"("a": {"workers": 4, "operations": {"x": [{"work": {"exponential": "20ms"}}]}})",
                    R"("clients.c.response_time.p99 <= 30ms")"));
  CHECK_FALSE(capacity.met.has_value());
  CHECK_FALSE(capacity.value.has_value());
  CHECK(capacity.why == "clients.c.response_time.p99 <= 30ms");
  CHECK(capacity.tried.size() < 12);
}

TEST_CASE("loads that cannot grow are refused", "[capacity]") {
  const std::string a = R"("a": {"operations": {"x": [{"work": "1ms"}]}})";
  const auto refusal = [&](const std::string& client, const std::vector<std::string>& clients) {
    return obstacle_to_load_search(testing::read(text_of(client, a, "")), clients);
  };
  CHECK(refusal(at_100, {}).empty());
  CHECK_THAT(refusal(at_100, {"d"}), Contains("found 'd'; did you mean 'c'?"));
  CHECK_THAT(refusal(R"("users": {"users": 4, "think": "90ms"})", {}), Contains("expected \"objectives\""));
  Study study = testing::read(text_of(at_100, a, ""));
  study.variants.front().scenario.clients.at("c").arrivals = Arrivals{.law = TraceArrivals{.file = "t", .offsets = {}}};
  CHECK_THAT(obstacle_to_load_search(study, {}), Contains("recorded in a trace"));
  CHECK_THAT(obstacle_to_replica_search(study), Contains("expected \"objectives\""));
}

TEST_CASE("every law of arrivals brings so many times its load", "[capacity]") {
  for (const std::string law :
       {R"({"poisson": "100/s"})", R"({"constant": "100/s", "profile": [["0s", 1], ["30s", 3]]})",
        R"({"renewal": {"gamma": {"mean": "10ms", "cv": 2}}})",
        R"({"renewal": {"lognormal": {"p50": "8ms", "p99": "40ms"}}})",
        R"({"renewal": {"uniform": {"low": "2ms", "high": "30ms"}}})",
        R"({"renewal": {"erlang": {"k": 3, "mean": "5ms"}}})",
        R"({"renewal": {"hyperexponential": {"mean": "5ms", "cv": 2}}})", R"({"renewal": {"exponential": "5ms"}})",
        R"({"renewal": {"weibull": {"shape": 2, "scale": "5ms"}}})",
        R"({"renewal": {"pareto": {"shape": 2.5, "minimum": "5ms", "maximum": "1s"}}})",
        R"({"renewal": {"quantiles": {"0": "1ms", "0.5": "4ms", "1": "20ms"}}})",
        R"({"renewal": {"mixture": [{"weight": 1, "of": "4ms"}, {"weight": 3, "of": {"exponential": "8ms"}}]}})",
        R"({"renewal": {"shifted": {"by": "2ms", "of": {"exponential": "8ms"}}}})",
        R"({"bursty": {"rate": "10/s", "burst_rate": "200/s", "calm": "3s", "burst": "1s"}})"}) {
    CAPTURE(law);
    const Scenario scenario = testing::read(text_of("\"arrivals\": " + law, held, "")).variants.front().scenario;
    const double before = load_of(scenario, {}).requests_per_s;
    CHECK(before > 0);
    CHECK(load_of(with_load(scenario, 2.5, {}), {}).requests_per_s == Approx(2.5 * before).epsilon(1e-6));
    CHECK(load_of(with_load(scenario, 2.5, {"d"}), {}).requests_per_s == before);
  }
  CHECK(round_load(96.13) == 96.2);
  CHECK(round_load(1003) == 1005);
  CHECK(round_load(0.2347) == 0.235);
}

TEST_CASE("a queue at its limit is not told from one beyond it, one far beyond is", "[capacity]") {
  std::vector<Quarters> beyond, at_limit, settled;
  for (int r = 0; r < 20; ++r) {
    const double wiggle = std::sqrt((r + 0.5) / 20);  // from 0.16 to 0.99: about as spread as a half-normal
    beyond.push_back({100 + 10 * wiggle, 300 + 10 * wiggle, 500 + 20 * wiggle, 700 + 30 * wiggle});
    const double half_normal = 2.2 * (r + 0.5) / 20 * (r + 0.5) / 20;
    at_limit.push_back({33 * half_normal, 61 * half_normal, 79 * half_normal, 94 * half_normal});
    settled.push_back({50 + 10 * wiggle, 52 - 10 * wiggle, 49 + 5 * wiggle, 51 - wiggle});
  }
  CHECK(overload_of(beyond, false) == Overload::yes);
  CHECK(overload_of(at_limit, true) == Overload::unclear);
  CHECK(overload_of(settled, false) == Overload::no);
  CHECK(overload_of(settled, true) == Overload::no);
  CHECK(overload_of({}, true) == Overload::no);
}

TEST_CASE("an overload must stand out from the spread of few runs", "[capacity]") {
  // Four runs: 1.3236 + 2.3 sqrt((1 + 1.3236^2 / 2) / 4) = 2.899 standard deviations.
  const auto with_ratio = [](double ratio) {
    std::vector<Quarters> runs;
    for (const double sign : {-1, 1, -1, 1}) {
      const double noise = sign * std::sqrt(3.0 / 4);  // of deviation 1
      runs.push_back({ratio + noise - 0.6, ratio + noise - 0.4, ratio + noise - 0.2, ratio + noise});
      for (double& quarter : runs.back()) quarter *= 100;
    }
    return overload_of(runs, false);
  };
  CHECK(with_ratio(2.95) == Overload::yes);
  CHECK(with_ratio(2.85) == Overload::unclear);
}

TEST_CASE("the cheapest replicas are those that arithmetic says", "[capacity]") {
  // a: 100/s x 25 ms = 2.5, b: 100/s x 35 ms = 3.5; nobody waits with 3 and 4, the answer comes after 60 ms.
  const VariantReplicas found = replicas_of(even_text("61ms"), true);
  REQUIRE(found.best.has_value());
  CHECK(*found.best == Replicas{3, 4});
  CHECK(found.cost_per_hour(*found.best) == 5);
  CHECK(found.services[0].least == 3);
  CHECK(found.services[1].least == 4);
  for (const Replicas& fewer : {Replicas{2, 4}, Replicas{3, 3}})
    CHECK(found.trial(fewer)->verdict == Judgement::missed);
  CHECK(found.trial({4, 4})->verdict == Judgement::met);
  REQUIRE(found.surviving.has_value());
  CHECK(*found.surviving == Replicas{4, 5});
}

TEST_CASE("replicas that cannot help are not added for ever", "[capacity]") {
  const VariantReplicas found = replicas_of(even_text("59ms"));
  CHECK_FALSE(found.best.has_value());
  CHECK(found.tried.size() == 2);
  CHECK(found.trial(found.most)->verdict == Judgement::missed);
}
