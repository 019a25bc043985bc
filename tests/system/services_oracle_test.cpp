// Services that share, slow down, refuse and fail, against theory.
#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "support/oracle.hpp"
#include "support/theory.hpp"

using namespace sojourn::testing;
using namespace sojourn::theory;

namespace {

const std::string mean = "clients.c.response_time.mean";
const std::string exponential_10ms = R"({"exponential": "10ms"})";
// Replicas are told apart, but nothing ever happens to them.
const std::string apart = R"("failures": {"time_to_failure": "100000h", "time_to_repair": "1s"}, )";

/// The chance to be refused at M/M/1 whose customers are refused at their turn when they have waited longer than w. The
/// work that is ahead then is that of an M/M/1 below w, and falls by exp(-mu x) above: level crossing (Baccelli, Boyer and
/// Hebuterne 1984 for queues with impatient customers; Perry and Asmussen 1995 for rejection above a level of work).
double outwaited(double lambda, double mu, double w) {
  const double fall = std::exp(-(mu - lambda) * w);
  const double empty = 1 / (1 + lambda * (1 - fall) / (mu - lambda) + lambda * fall / mu);
  return lambda * empty * fall / mu;
}

/// Mean time at M/M/1 whose server breaks at rate eta, busy or not, and is repaired at rate r, work going on where it
/// stopped (White and Christie 1958; Avi-Itzhak and Naor 1963).
double breaking_mean(double lambda, double mu, double eta, double r) {
  const double up = r / (r + eta);
  return (1 / up + eta * lambda / (r * r)) / (mu - lambda / up) + eta * up / (r * r);
}

/// The chance that M/M/c with room for k turns an arrival away.
double full(int c, int k, double a) {
  double term = 1, sum = 0;
  for (int n = 0; n <= k; ++n) {
    if (n > 0) term *= a / std::min(n, c);
    sum += term;
  }
  return term / sum;
}

std::string failing(const std::string& keys) {
  return keys +
         R"("failures": {"time_to_failure": {"exponential": "1600ms"}, "time_to_repair": {"exponential": "400ms"}}, )";
}

}  // namespace

TEST_CASE("shared cores take the mean of M/G/1 with processor sharing, whatever the law of the work", "[oracle]") {
  const std::string one = R"("workers": "unlimited", "cores": 1, )";
  check({
      {"constant", station("400s", "60/s", R"("10ms")", one), {{mean, 0.025}, {"services.a.utilization", 0.6}}},
      {"cv 2", station("400s", "60/s", R"({"hyperexponential": {"mean": "10ms", "cv": 2}})", one), {{mean, 0.025}}},
      {"two cores for exponential work are M/M/2",
       station("250s", "160/s", exponential_10ms, R"("workers": "unlimited", "cores": 2, )"),
       {{mean, mmc_mean(160, 100, 2)}, {"services.a.utilization", 0.8}}},
  });
}

TEST_CASE("who waited too long is refused as often as level crossing says", "[oracle]") {
  const std::string patience = R"("queue": {"max_wait": "20ms"}, )";
  for (const double lambda : {80.0, 150.0}) {
    const double lost = outwaited(lambda, 100, 0.020);
    check({{"patience of 20 ms",
            station("250s", std::to_string(static_cast<int>(lambda)) + "/s", exponential_10ms, patience),
            {{"services.a.refused_per_s", lambda * lost}, {"services.a.utilization", lambda / 100 * (1 - lost)}}}});
  }
}

TEST_CASE("limited room refuses as Erlang B and M/M/c/K say, however replicas are kept", "[oracle]") {
  const std::string four = R"("replicas": 2, "workers": 2, )";
  for (const std::string& kept : {std::string(), apart})
    check({
        {"Erlang B",
         station("100s", "320/s", exponential_10ms, kept + four + R"("queue": {"capacity": 0}, )"),
         {{"services.a.refused_per_s", 320 * erlang_b(4, 3.2)}}},
        {"M/M/4/10",
         station("100s", "320/s", exponential_10ms, kept + four + R"("queue": {"capacity": 6}, )"),
         {{"services.a.refused_per_s", 320 * full(4, 10, 3.2)}}},
    });
}

TEST_CASE("replicas are up for MTTF over MTTF and MTTR, in series and in parallel", "[oracle]") {
  const std::string series = R"("a": {)" + failing("") + R"("operations": {"x": [{"call": "b.y"}]}}, "b": {)" +
                             failing("") + R"("operations": {"y": [{"work": "0s"}]}})";
  check({
      {"alone",
       station("400s", "50/s", R"("0s")", failing("")),
       {{"services.a.availability", 0.8}, {"clients.c.success_ratio", 0.8}}},
      {"in series",
       scenario_text("400s", poisson_client("50/s"), series),
       {{"clients.c.success_ratio", 0.64}, {"services.b.availability", 0.8}}},
      {"in parallel",
       station("400s", "50/s", R"("0s")", failing(R"("replicas": 2, )")),
       {{"services.a.availability", 0.8}, {"clients.c.success_ratio", 0.96}}},
      {"in parallel, a queue each",
       station("400s", "50/s", R"("0s")", failing(R"("replicas": 2, "balancing": "random", )")),
       {{"clients.c.success_ratio", 0.96}}},
      {"in parallel, hanging unseen",
       scenario_text("400s", R"("c": {"requests": "a.x", "arrivals": {"poisson": "50/s"}, "timeout": "10ms"})",
                     R"("a": {"replicas": 2, "balancing": "random", "failures": {"mode": "hang",
                        "time_to_failure": {"exponential": "1600ms"}, "time_to_repair": {"exponential": "400ms"}},
                        "operations": {"x": [{"work": "0s"}]}})"),
       {{"clients.c.success_ratio", 0.8}}},
  });
}

TEST_CASE("a worker that stands still now and then takes the mean of Avi-Itzhak and Naor", "[oracle]") {
  check({{"breakdowns",
          station("400s", "40/s", exponential_10ms,
                  R"("failures": {"mode": "pause", "time_to_failure": {"exponential": "500ms"},
                                  "time_to_repair": {"exponential": "100ms"}}, )"),
          {{mean, breaking_mean(40, 100, 2, 10)}, {"services.a.availability", 10.0 / 12}}}});
}

TEST_CASE("a saturated replica does what the universal scalability law says", "[oracle]") {
  for (const int n : {1, 4, 16}) {
    const auto result = simulate(R"({"name": "usl", "replications": 2, "horizon": "60s", "warmup": "10s",
          "clients": {"c": {"requests": "a.x", "users": {"users": 40, "think": "0s"}}},
          "services": {"a": {"workers": )" +
                                 std::to_string(n) + R"(, "scalability": {"contention": 0.05, "coherency": 0.002},
            "operations": {"x": [{"work": {"exponential": "10ms"}}]}}}})");
    const double law = n / (1 + 0.05 * (n - 1) + 0.002 * n * (n - 1)) / 0.010;
    CHECK(result.variants.front().estimate("services.a.completed_per_s")->value ==
          Approx(law).margin(4.5 * std::sqrt(law / 100)));
  }
}
