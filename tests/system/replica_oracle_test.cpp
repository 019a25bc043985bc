// Shared cores, patience, breakdowns and contention against exact results.
#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "support/markov_chain.hpp"
#include "support/oracle.hpp"
#include "support/theory.hpp"

using namespace sojourn::testing;
using namespace sojourn::theory;

namespace {

const std::string mean = "clients.c.response_time.mean";
const std::string success = "clients.c.success_ratio";

/// Jobs at one worker that breaks down at rate 0.5/s, whether it works or not, and is repaired at 5/s.
double with_breakdowns(double arrivals, double service) {
  const MarkovChain<2> chain({0, 1}, [&](const auto& at, const auto& go) {
    const auto [jobs, up] = at;
    if (jobs < 900) go({jobs + 1, up}, arrivals);
    if (jobs > 0 && up != 0) go({jobs - 1, up}, service);
    go({jobs, 1 - up}, up != 0 ? 0.5 : 5);
  });
  return chain.mean([](const auto& at) { return at[0]; }) / arrivals;
}

std::string failures(const std::string& mode) {
  return R"("failures": {"time_to_failure": {"exponential": "2s"}, "time_to_repair": {"exponential": "200ms"}, "mode": ")" +
         mode + R"("}, )";
}

}  // namespace

TEST_CASE("shared cores are insensitive to the law of the work", "[oracle]") {
  // M/G/1-PS: E[T] = E[S] / (1 - rho) for every law (Kleinrock 1967).
  const std::string shared = R"("workers": "unlimited", "cores": 1, )";
  const std::string two_cores = R"("workers": 40, "cores": 2, )";
  check({
      {"exponential",
       station("600s", "80/s", R"({"exponential": "10ms"})", shared),
       {{mean, 0.050}, {"services.a.utilization", 0.8}}},
      {"constant", station("600s", "80/s", R"("10ms")", shared), {{mean, 0.050}}},
      {"hyperexponential",
       station("600s", "70/s", R"({"hyperexponential": {"mean": "10ms", "cv": 2}})", shared),
       {{mean, 0.010 / 0.3}}},
      // With exponential work, sharing two cores moves between states as two workers do.
      {"two cores", station("300s", "160/s", R"({"exponential": "10ms"})", two_cores), {{mean, mmc_mean(160, 100, 2)}}},
  });
}

TEST_CASE("a wait that is too long ends in a refusal", "[oracle]") {
  // The work ahead of an arrival has density p0 l e^-(m-l)x up to w and decays with m beyond: nobody joins there.
  const double l = 80, m = 100, w = 0.030;
  const double stays = std::exp(-(m - l) * w);
  const double empty = 1 / (1 + l * (1 - stays) / (m - l) + l * stays / m);
  const double refused = empty * l * stays / m;
  check({{"patience of 30 ms",
          station("600s", "80/s", R"({"exponential": "10ms"})", R"("queue": {"max_wait": "30ms"}, )"),
          {{success, 1 - refused}, {"services.a.utilization", 0.8 * (1 - refused)}}}});
}

TEST_CASE("a worker that stands still from time to time makes the others wait", "[oracle]") {
  check({{"pauses",
          station("2000s", "70/s", R"({"exponential": "10ms"})", failures("pause")),
          {{mean, with_breakdowns(70, 100)}, {"services.a.availability", 1 / 1.1}}}});
}

TEST_CASE("availability multiplies in series and helps in parallel", "[oracle]") {
  const double a = 1 / 1.1;
  const std::string instant = R"({"work": "0s"})";
  const auto one = [&](const std::string& name, const std::string& keys, const std::string& steps) {
    return "\"" + name + R"(": {)" + keys + failures("refuse") + R"("operations": {"x": [)" + steps + "]}}";
  };
  check({
      {"alone", scenario_text("1500s", poisson_client("40/s"), one("a", "", instant)), {{success, a}}},
      {"in series",
       scenario_text("1500s", poisson_client("40/s"),
                     one("a", "", R"({"call": "b.x"})") + ", " + one("b", "", instant)),
       {{success, a * a}}},
      {"two in parallel",
       scenario_text("1500s", poisson_client("40/s"), one("a", R"("replicas": 2, )", instant)),
       {{success, 1 - (1 - a) * (1 - a)}}},
      {"two in parallel, in turn",
       scenario_text("1500s", poisson_client("40/s"),
                     one("a", R"("replicas": 2, "balancing": "round-robin", )", instant)),
       {{success, 1 - (1 - a) * (1 - a)}}},
  });
}

TEST_CASE("contention and coherency cap what a replica carries", "[oracle]") {
  // Saturated, n workers do n / (1 + c (n-1) + k n (n-1)) times what one does (Gunther 2007).
  const double n = 8, capacity = n / (1 + 0.05 * (n - 1) + 0.01 * n * (n - 1));
  check({{"eight workers",
          scenario_text("300s", R"("c": {"requests": "a.x", "users": {"users": 20, "think": "0s"}})",
                        R"("a": {"workers": 8, "scalability": {"contention": 0.05, "coherency": 0.01},
                             "operations": {"x": [{"work": {"exponential": "10ms"}}]}})"),
          {{"clients.c.succeeded_per_s", 100 * capacity}}}});
}

TEST_CASE("a backlog drains in as long as capacity beyond the load needs", "[oracle]") {
  // 80/s for 10 s of outage leave 800; at 100/s against 80/s they are gone 40 s later.
  const auto result = simulate(R"({"name": "outage", "replications": 5, "horizon": "100s",
      "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "80/s"}}},
      "services": {"a": {"operations": {"x": [{"publish": "t"}]}}, "b": {"operations": {"y": [{"work": "10ms"}]}}},
      "topics": {"t": {"subscriptions": {"b.y": {}}}},
      "incidents": [{"at": "20s", "for": "10s", "target": "b", "effect": {"down": "pause"}}]})");
  const auto& buckets = result.variants.front().merged.timeline.subscriptions.at(0);
  const auto waiting = [&](std::size_t second) { return static_cast<double>(buckets.at(second).backlog_ns) / 5e9; };
  CHECK(waiting(19) < 1);
  CHECK(waiting(30) > 770);
  CHECK(waiting(68) > 10);
  CHECK(waiting(72) < 1);
}
