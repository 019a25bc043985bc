// What must not change a result, and what must change it in a known way.
#include <string>

#include "sojourn/experiment/comparison.hpp"
#include "sojourn/experiment/experiment.hpp"
#include "sojourn/system/run.hpp"
#include "support/catch.hpp"
#include "support/oracle.hpp"
#include "support/project_scenarios.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// A shop with two deferrable calls, with these variants and these further services.
std::string shop(const std::string& variants, const std::string& more_services = "",
                 const std::string& replications = "5") {
  return R"({"name": "shop", "seed": 3, "replications": )" + replications + R"(, "horizon": "20s", "warmup": "2s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"poisson": "80/s"}, "timeout": "300ms"}},
    "services": {
      "a": {"workers": 8, "operations": {"x": [
        {"work": {"exponential": "10ms"}},
        {"call": "b.x", "retry": {"attempts": 2}, "deferrable": true},
        {"call": "d.x", "deferrable": true}]}},
      "b": {"workers": 2, "operations": {"x": [{"work": {"exponential": "15ms"}, "fails": 0.01, "declines": 0.02}]}},
      "d": {"operations": {"x": [{"work": {"exponential": "8ms"}}]}})" +
         more_services + R"(}, "variants": {)" + variants + "}}";
}

/// One station with every rate multiplied and every time divided by the factor.
std::string station_at_scale(int factor) {
  const std::string rate = std::to_string(80 * factor) + "/s", time = std::to_string(10'000'000 / factor) + "ns";
  const std::string horizon = std::to_string(400 / factor) + "s", warmup = std::to_string(20'000 / factor) + "ms";
  return R"({"name": "scale", "horizon": ")" + horizon + R"(", "warmup": ")" + warmup +
         R"(", "clients": {"c": {"requests": "a.x", "arrivals": {"poisson": ")" + rate +
         R"("}}}, "services": {"a": {"operations": {"x": [{"work": {"exponential": ")" + time + R"("}}]}}}})";
}

std::string pooled(int workers) {
  return R"({"name": "pool", "horizon": "60s", "clients": {"c": {"requests": "a.x", "arrivals": {"poisson": "170/s"}}},
    "services": {"a": {"workers": )" +
         std::to_string(workers) + R"(, "operations": {"x": [{"work": {"exponential": "10ms"}}]}}}})";
}

/// Equal trajectories and equal numbers in all columns that both have.
void check_same(const VariantResult& one, const VariantResult& other) {
  CHECK(one.fingerprint == other.fingerprint);
  REQUIRE(one.columns.size() <= other.columns.size());
  for (std::size_t c = 0; c < one.columns.size(); ++c) {
    const std::string path = one.columns[c].dotted();
    const auto place = position_of(other.columns, path);
    if (!one.columns[c].present) continue;
    INFO(path);
    REQUIRE(place.has_value());
    CHECK(one.values[c] == other.values[*place]);
    CHECK(one.estimates[c] == other.estimates[*place]);
  }
}

}  // namespace

TEST_CASE("a variant compared with itself differs by exactly nothing", "[relations]") {
  const ExperimentResult result = simulate(shop(R"("one": {}, "two": {})"));
  check_same(result.variants[0], result.variants[1]);
  const auto comparisons = compare_variants(result);
  REQUIRE(comparisons.size() > 5);
  for (const Comparison& comparison : comparisons) {
    if (!comparison.paired) continue;
    INFO(comparison.metric);
    CHECK(comparison.paired->difference.value == 0);
    CHECK(comparison.paired->difference.half_width == 0);
    CHECK(comparison.verdict == Verdict::equal);
  }
}

TEST_CASE("nothing deferred is the plain variant, everything deferred is each listed", "[relations]") {
  const ExperimentResult result = simulate(shop(
      R"("plain": {}, "none": {"defer": []}, "all": {"defer": "all"}, "each": {"defer": ["d.x", "b.x"]}, "one": {"defer": ["d.x"]})"));
  const auto variant = [&](const std::string& name) -> const VariantResult& {
    for (const VariantResult& v : result.variants)
      if (v.name == name) return v;
    FAIL("no variant " << name);
    return result.variants.front();
  };
  check_same(variant("plain"), variant("none"));
  check_same(variant("all"), variant("each"));
  CHECK(variant("plain").fingerprint != variant("all").fingerprint);
  CHECK(variant("one").fingerprint != variant("all").fingerprint);
}

TEST_CASE("comments and the order of keys change nothing", "[relations]") {
  const std::string plain = R"({"name": "n", "replications": 3, "horizon": "10s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"poisson": "50/s"}}, "d": {"requests": "b.x", "arrivals": {"poisson": "20/s"}}},
    "services": {"a": {"workers": 2, "operations": {"x": [{"work": {"exponential": "10ms"}, "fails": 0.1}, {"call": "b.x"}]}},
                 "b": {"operations": {"x": [{"work": "5ms"}]}}}})";
  const std::string other = R"({ // a comment
    "services": {"b": {"operations": {"x": [{"work": "5ms"}]}}, /* another */
                 "a": {"operations": {"x": [{"fails": 1e-1, "work": {"exponential": "10ms"}}, {"call": "b.x"}]}, "workers": 2}},
    "clients": {"d": {"arrivals": {"poisson": "20/s"}, "requests": "b.x"}, "c": {"arrivals": {"poisson": "50/s"}, "requests": "a.x"}},
    "horizon": "10s", "replications": 3, "name": "n"})";
  const ExperimentResult one = simulate(plain), two = simulate(other);
  check_same(one.variants.front(), two.variants.front());
  CHECK(one.sha256 == two.sha256);
}

TEST_CASE("a service that nobody asks changes nothing", "[relations]") {
  const ExperimentResult without = simulate(shop(R"("all": {"defer": "all"})"));
  const ExperimentResult with =
      simulate(shop(R"("all": {"defer": "all"})",
                    R"(, "aa": {"workers": 3, "operations": {"y": [{"work": "1ms"}, {"call": "d.x"}]}})"));
  check_same(without.variants.front(), with.variants.front());
}

TEST_CASE("a replication does not depend on how many there are, nor a result on the threads", "[relations]") {
  const Study ten = study_of(shop(R"("plain": {}, "all": {"defer": "all"})", "", "10"));
  const ExperimentResult many = run_experiment(ten, ExperimentOptions{.jobs = 3});
  const ExperimentResult alone = run_experiment(ten, ExperimentOptions{.jobs = 1});
  const ExperimentResult few = simulate(shop(R"("plain": {}, "all": {"defer": "all"})", "", "5"));
  for (std::size_t v = 0; v < 2; ++v) {
    check_same(many.variants[v], alone.variants[v]);
    for (std::size_t c = 0; c < few.variants[v].columns.size(); ++c) {
      const auto &first = few.variants[v].values[c], &all = many.variants[v].values[c];
      // Replications that share a section have fewer values, and the last of them takes what is left over.
      const bool shared = few.variants[v].columns[c].statistic == Statistic::quantile && first.size() != 5;
      if (!shared) REQUIRE(first.size() == 5);
      for (std::size_t r = 0; r + (shared ? 1 : 0) < first.size(); ++r) CHECK(first[r] == all.at(r));
    }
  }
}

TEST_CASE("twice the rates and half the times give the same picture", "[relations]") {
  const ExperimentResult slow = simulate(station_at_scale(1)), fast = simulate(station_at_scale(2));
  const VariantResult &a = slow.variants.front(), &b = fast.variants.front();
  for (const std::string figure : {"mean", "p50", "p99", "max"}) {
    const std::string path = "clients.c.response_time." + figure;
    CHECK(b.estimate(path)->value * 2 == Approx(a.estimate(path)->value).epsilon(1e-3));
  }
  CHECK(b.estimate("services.a.utilization")->value ==
        Approx(a.estimate("services.a.utilization")->value).epsilon(1e-3));
}

TEST_CASE("more workers never make a request wait longer", "[relations]") {
  const Topology two = compile(study_of(pooled(2)).variants.front().scenario);
  const Topology three = compile(study_of(pooled(3)).variants.front().scenario);
  for (std::uint64_t replication = 0; replication < 5; ++replication) {
    const Measurements few = run(two, {.replication = replication}), many = run(three, {.replication = replication});
    const Histogram &longer = few.clients[0].response_time, &shorter = many.clients[0].response_time;
    REQUIRE(longer.count() == shorter.count());
    CHECK(shorter.mean() < longer.mean());
    for (const double p : {0.1, 0.5, 0.9, 0.99, 1.0}) CHECK(shorter.quantile(p).value() <= longer.quantile(p).value());
  }
}

TEST_CASE("the timeline is an observer only", "[relations]") {
  for (const Case& c : all_cases()) {
    INFO(c.name);
    const Topology topology = compile(shortened(c.scenario));
    const Measurements seen = run(topology, {.timeline = true}), unseen = run(topology, {.timeline = false});
    CHECK(seen.fingerprint == unseen.fingerprint);
    for (std::size_t i = 0; i < seen.clients.size(); ++i)
      CHECK(seen.clients[i].response_time == unseen.clients[i].response_time);
  }
}
