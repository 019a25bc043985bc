// One station: what a queue with a known exact result must give.
#include "support/oracle.hpp"

#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "support/markov_chain.hpp"
#include "support/theory.hpp"

using namespace sojourn::testing;
using namespace sojourn::theory;

namespace {

const std::string mean = "clients.c.response_time.mean";
const std::string p50 = "clients.c.response_time.p50";
const std::string p95 = "clients.c.response_time.p95";
const std::string p99 = "clients.c.response_time.p99";
const std::string exponential_10ms = R"({"exponential": "10ms"})";

/// Two workers' queues of which an arrival joins the shorter, 80 % busy.
double join_shorter_of_two() {
  const MarkovChain<2> chain({0, 0}, [](const auto& n, const auto& go) {
    const double left = n[0] < n[1] ? 160 : n[0] == n[1] ? 80 : 0;
    if (n[0] < 90 && n[1] < 90) {
      go({n[0] + 1, n[1]}, left);
      go({n[0], n[1] + 1}, 160 - left);
    }
    if (n[0] > 0) go({n[0] - 1, n[1]}, 100);
    if (n[1] > 0) go({n[0], n[1] - 1}, 100);
  });
  return chain.mean([](const auto& n) { return n[0] + n[1]; }) / 160;
}

/// 40/s in calms of 2 s, 140/s in bursts of 1 s, at a worker that does 100/s.
double bursty_mean() {
  const MarkovChain<2> chain({0, 0}, [](const auto& at, const auto& go) {
    const auto [jobs, bursting] = at;
    if (jobs < 600) go({jobs + 1, bursting}, bursting != 0 ? 140 : 40);
    if (jobs > 0) go({jobs - 1, bursting}, 100);
    go({jobs, 1 - bursting}, bursting != 0 ? 1 : 0.5);
  });
  return chain.mean([](const auto& at) { return at[0]; }) / (40.0 * 2 / 3 + 140.0 / 3);
}

/// Random choice among very many queues, but the shorter of two drawn (Mitzenmacher 2001; Vvedenskaya et al. 1996).
double power_of_two_mean(double rho, double service) {
  double sum = 0;
  for (int i = 1; i < 20; ++i) sum += std::pow(rho, std::pow(2, i) - 2);
  return sum * service;
}

std::string with_arrivals(const std::string& arrivals) {
  return scenario_text("1200s", R"("c": {"requests": "a.x", "arrivals": )" + arrivals + "}",
                       R"("a": {"operations": {"x": [{"work": {"exponential": "10ms"}}]}})");
}

std::string two_priorities() {
  return scenario_text("300s",
                       R"("high": {"requests": "a.x", "arrivals": {"poisson": "100/s"}, "priority": 2},
                          "low": {"requests": "a.x", "arrivals": {"poisson": "220/s"}})",
                       R"("a": {"workers": 4, "queue": {"discipline": "priority"},
                                "operations": {"x": [{"work": {"exponential": "10ms"}}]}})");
}

}  // namespace

TEST_CASE("one worker and many agree with M/M/c", "[oracle]") {
  check({
      {"M/M/1",
       station("1200s", "80/s", exponential_10ms),
       {{mean, 0.050},
        {p50, std::log(2) / 20},
        {p95, std::log(20) / 20},
        {p99, std::log(100) / 20},
        {"services.a.utilization", 0.8},
        {"services.a.queue_length", 0.8 * 0.8 / 0.2},
        {"services.a.waiting_time.mean", 0.040},
        {"services.a.waiting_time.p99", std::log(80) / 20},
        {"clients.c.completion_time.mean", 0.050}}},
      {"M/M/4",
       station("250s", "320/s", exponential_10ms, R"("workers": 4, )"),
       {{mean, mmc_mean(320, 100, 4)}, {p99, falls_to(0.01, [](double t) { return mmc_tail(320, 100, 4, t); })}}},
      {"two replicas of two workers on one queue are M/M/4",
       station("250s", "320/s", exponential_10ms, R"("replicas": 2, "workers": 2, )"),
       {{mean, mmc_mean(320, 100, 4)}}},
      {"M/G/infinity",
       station("250s", "200/s", R"({"lognormal": {"mean": "20ms", "cv": 2}})", R"("workers": "unlimited", )"),
       {{"services.a.busy_workers", 4}, {mean, 0.020}}},
  });
}

TEST_CASE("the law of the work matters as Pollaczek and Khinchine say", "[oracle]") {
  const auto mg1 = [](double first, double second) { return mg1_mean(70, first, second); };
  const double mild = pareto_moment(2.5, 6e-3, 0.6, 1), square = pareto_moment(2.5, 6e-3, 0.6, 2);
  const auto wait_p = [](double p) { return falls_to(1 - p, [](double t) { return md1_wait_tail(80, 0.010, t); }); };
  check({
      {"constant", station("1200s", "70/s", R"("10ms")"), {{mean, mg1(0.010, 1e-4)}}},
      {"constant, its percentiles",
       station("1200s", "80/s", R"("10ms")"),
       {{"services.a.waiting_time.p50", wait_p(0.5)}, {"services.a.waiting_time.p95", wait_p(0.95)}}},
      {"uniform",
       station("400s", "70/s", R"({"uniform": {"low": "4ms", "high": "16ms"}})"),
       {{mean, mg1(0.010, 1.12e-4)}}},
      {"Erlang", station("400s", "70/s", R"({"erlang": {"k": 4, "mean": "10ms"}})"), {{mean, mg1(0.010, 1.25e-4)}}},
      {"gamma", station("400s", "70/s", R"({"gamma": {"mean": "10ms", "cv": 1.5}})"), {{mean, mg1(0.010, 3.25e-4)}}},
      {"exponential", station("400s", "70/s", exponential_10ms), {{mean, mg1(0.010, 2e-4)}}},
      {"lognormal", station("400s", "70/s", R"({"lognormal": {"mean": "10ms", "cv": 1}})"), {{mean, mg1(0.010, 2e-4)}}},
      {"hyperexponential",
       station("1200s", "70/s", R"({"hyperexponential": {"mean": "10ms", "cv": 2}})"),
       {{mean, mg1(0.010, 5e-4)}}},
      {"Pareto",
       station("1200s", "70/s", R"({"pareto": {"shape": 2.5, "minimum": "6ms", "maximum": "600ms"}})"),
       {{mean, mg1(mild, square)}}},
  });
}

TEST_CASE("the law of the gaps matters as G over M over 1 says", "[oracle]") {
  const double even = gm1_sigma(100, [](double s) { return std::exp(-s / 80); });
  const double erlang = gm1_sigma(100, [](double s) { return std::pow(160 / (160 + s), 2); });
  check({
      {"D/M/1",
       with_arrivals(R"({"constant": "80/s"})"),
       {{mean, 1 / (100 * (1 - even))}, {p99, std::log(100) / (100 * (1 - even))}}},
      {"E2/M/1",
       with_arrivals(R"({"renewal": {"erlang": {"k": 2, "mean": "12.5ms"}}})"),
       {{mean, 1 / (100 * (1 - erlang))}, {p50, std::log(2) / (100 * (1 - erlang))}}},
      {"every second arrival of a Poisson stream",
       station("600s", "160/s", exponential_10ms, R"("replicas": 2, "balancing": "round-robin", )"),
       {{mean, 1 / (100 * (1 - erlang))}}},
      {"bursts",
       with_arrivals(R"({"bursty": {"rate": "40/s", "burst_rate": "140/s", "calm": "2s", "burst": "1s"}})"),
       {{mean, bursty_mean()}}},
  });
}

TEST_CASE("who is next changes the spread of the waits but not their mean", "[oracle]") {
  const double waits = erlang_c(4, 3.2) / 400;  // Cobham 1954: before the division by the shares left over
  check({
      {"last come, first served",
       station("1200s", "80/s", exponential_10ms, R"("queue": {"discipline": "lifo"}, )"),
       {{mean, 0.050}}},
      {"in random order",
       station("1200s", "80/s", exponential_10ms, R"("queue": {"discipline": "random"}, )"),
       {{mean, 0.050}}},
      {"priorities",
       two_priorities(),
       {{"clients.high.response_time.mean", 0.010 + waits / 0.75},
        {"clients.low.response_time.mean", 0.010 + waits / 0.75 / 0.2}}},
  });
}

TEST_CASE("queues of their own wait longer than one, and two choices repair most of it", "[oracle]") {
  const std::string four = R"("replicas": 4, "balancing": "random", )";
  const double shorter = join_shorter_of_two();
  check({
      {"four queues at random",
       station("250s", "320/s", exponential_10ms, four),
       {{mean, 0.050}, {p99, std::log(100) / 20}}},
      {"the shorter of two",
       station("600s", "160/s", exponential_10ms, R"("replicas": 2, "balancing": "least-loaded", )"),
       {{mean, shorter}}},
      {"the shorter of two drawn from two",
       station("600s", "160/s", exponential_10ms, R"("replicas": 2, "balancing": "power-of-two", )"),
       {{mean, shorter}}},
  });
}

TEST_CASE("the shorter of two drawn from many comes near its limit", "[oracle]") {
  const auto result =
      simulate(station("15s", "9k/s", exponential_10ms, R"("replicas": 100, "balancing": "power-of-two", )"));
  const double limit = power_of_two_mean(0.9, 0.010);
  CHECK(result.variants.front().estimate(mean)->value == Approx(limit).epsilon(0.03));
}

TEST_CASE("a bounded queue refuses what Erlang and M/M/1/K say", "[oracle]") {
  const double lost = erlang_b(100, 90);
  const double full = 0.2 * std::pow(0.8, 5) / (1 - std::pow(0.8, 6));
  double inside = 0;
  for (int n = 0; n <= 5; ++n) inside += n * 0.2 * std::pow(0.8, n) / (1 - std::pow(0.8, 6));
  check({
      {"no queue",
       station("15s", "9k/s", exponential_10ms, R"("workers": 100, "queue": {"capacity": 0}, )"),
       {{"clients.c.success_ratio", 1 - lost}, {"services.a.utilization", 0.9 * (1 - lost)}}},
      {"no queue, work of any law",
       station("15s", "9k/s", R"({"lognormal": {"mean": "10ms", "cv": 3}})",
               R"("workers": 100, "queue": {"capacity": 0}, )"),
       {{"clients.c.success_ratio", 1 - lost}}},
      {"room for four",
       station("600s", "80/s", exponential_10ms, R"("queue": {"capacity": 4}, )"),
       {{"clients.c.success_ratio", 1 - full},
        {"services.a.refused_per_s", 80 * full},
        {"services.a.sojourn_time.mean", inside / (80 * (1 - full))}}},
  });
}

// The gateway holds one of its workers for each job at the station; the window is a millisecond about the instant.
TEST_CASE("a queue that begins empty fills as its chain of states says", "[oracle]") {
  const auto begun = [](const std::string& from, const std::string& to, int replications) {
    return R"({"name": "begun", "seed": 7, "replications": )" + std::to_string(replications) + R"(, "warmup": ")" +
           from + R"(", "horizon": ")" + to + R"(", "drain": "1ms", "clients": {)" + poisson_client("80/s") +
           R"(}, "services": {"a": {"workers": "unlimited", "operations": {"x": [{"call": "s.x"}]}},
              "s": {"operations": {"x": [{"work": )" +
           exponential_10ms + "}]}}}}";
  };
  CHECK(mm1_jobs_after(80, 100, 0.1) == Approx(2.03028156358));  // Abate and Whitt 1987, by other means
  CHECK(mm1_jobs_after(80, 100, 1) == Approx(3.79187269258));
  const std::string jobs = "services.a.held_workers";
  check({{"100 ms later", begun("99500us", "100500us", 6000), {{jobs, mm1_jobs_after(80, 100, 0.1)}}},
         {"1 s later", begun("999500us", "1000500us", 3000), {{jobs, mm1_jobs_after(80, 100, 1)}}}});
}
