// Several services: calls, messages, branches and users that wait, against exact results for networks of queues.
#include "support/oracle.hpp"

#include <algorithm>
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
const std::string p99 = "clients.c.response_time.p99";
const std::string complete = "clients.c.completion_time.mean";

/// "name": one worker, or as many as the keys say, whose operation does these steps.
std::string service(const std::string& name, const std::string& keys, const std::string& steps) {
  return '"' + name + R"(": {)" + keys + R"("operations": {"x": [)" + steps + "]}}";
}

std::string work(const std::string& mean_time) { return R"({"work": {"exponential": ")" + mean_time + R"("}})"; }

std::string users(const std::string& count, const std::string& think) {
  return R"("c": {"requests": "a.x", "users": {"users": )" + count + R"(, "think": )" + think + "}}";
}

std::string topic(const std::string& name, const std::string& operation) {
  return '"' + name + R"(": {"subscriptions": {")" + operation + R"(": {}}})";
}

/// Own work of 30 ms, then a call that waits for one worker's 10 ms.
std::string nested(const std::string& client, const std::string& waiting) {
  return scenario_text(
      "1200s", client,
      service("a", R"("workers": 8, "waiting": ")" + waiting + R"(", )", work("30ms") + R"(, {"call": "b.x"})") + ", " +
          service("b", "", work("10ms")));
}

/// A caller that is no bottleneck itself, with these steps, on a service with unlimited workers and exponential 10 ms.
std::string fan_out(const std::string& rate, const std::string& horizon, const std::string& steps) {
  return scenario_text(horizon, poisson_client(rate),
                       service("a", R"("workers": "unlimited", )", steps) + ", " +
                           service("b", R"("workers": "unlimited", )", work("10ms")));
}

std::string branches(int n, const std::string& join) {
  std::string all;
  for (int i = 0; i < n; ++i) all += (i > 0 ? R"(, [{"call": "b.x"}])" : R"([{"call": "b.x"}])");
  return R"({"parallel": [)" + all + R"(], "join": )" + join + "}";
}

/// Eight workers of a hold a job through its call: mean time, by Little's law from the states (own work, call, queue).
double held_workers_mean() {
  const MarkovChain<3> chain({0, 0, 0}, [](const auto& at, const auto& go) {
    const auto [own, calls, queue] = at;
    if (own + calls < 8) go({own + 1, calls, queue}, 80);
    if (own + calls == 8 && queue < 300) go({own, calls, queue + 1}, 80);
    if (own > 0) go({own - 1, calls + 1, queue}, own / 0.030);
    if (calls > 0 && queue > 0) go({own + 1, calls - 1, queue - 1}, 100);
    if (calls > 0 && queue == 0) go({own, calls - 1, queue}, 100);
  });
  return chain.mean([](const auto& at) { return at[0] + at[1] + at[2]; }) / 80;
}

/// The same when there is always another request: what eight threads let through.
double held_workers_capacity() {
  const MarkovChain<1> chain({8}, [](const auto& own, const auto& go) {
    if (own[0] > 0) go({own[0] - 1}, own[0] / 0.030);
    if (own[0] < 8) go({own[0] + 1}, 100);
  });
  return chain.mean([](const auto& own) { return own[0] < 8 ? 100 : 0; });
}

/// Ten users who think 500 ms and share two workers of 125 ms: throughput.
double repair_throughput() {
  const MarkovChain<1> chain({0}, [](const auto& at, const auto& go) {
    go({at[0] + 1}, (10 - at[0]) / 0.5);
    if (at[0] > 0) go({at[0] - 1}, std::min(at[0], 2) / 0.125);
  });
  return chain.mean([](const auto& at) { return std::min(at[0], 2) / 0.125; });
}

/// A first stage that never lacks work, room for three messages, a second stage of 100/s: throughput.
double blocked_throughput(double first_rate) {
  const MarkovChain<2> chain({0, 0}, [first_rate](const auto& at, const auto& go) {
    const auto [second, blocked] = at;  // waiting and in work at the second stage; the first stage waits for room
    if (blocked == 0) go({std::min(second + 1, 4), second == 4 ? 1 : 0}, first_rate);
    if (second > 0) go({blocked != 0 ? second : second - 1, 0}, 100);
  });
  return chain.mean([](const auto& at) { return at[0] > 0 ? 100 : 0; });
}

std::string pipeline(const std::string& first_mean) {
  return scenario_text(
      "300s", users("8", R"("0s")"),
      service("a", "", work(first_mean) + R"(, {"publish": "t"})") + ", " + service("b", "", work("10ms")),
      R"("topics": {"t": {"subscriptions": {"b.x": {}}, "capacity": 3, "overflow": "block"}}, )");
}

/// A gateway, orders, for 60 % of them payments, and the stock, joined by messages.
std::string jackson() {
  const std::string to_stock = R"({"publish": "to-stock"})";
  return scenario_text("500s", poisson_client("100/s"),
                       service("a", "", work("5ms") + R"(, {"publish": "to-orders"})") + ", " +
                           service("orders", R"("workers": 2, )",
                                   R"({"work": {"exponential": "16666667ns"}}, {"choose": [
                     {"probability": 0.6, "steps": [{"publish": "to-payments"}]},
                     {"probability": 0.4, "steps": [)" +
                                       to_stock + "]}]}") +
                           ", " + service("payments", "", work("12.5ms") + ", " + to_stock) + ", " +
                           service("stock", R"("workers": 3, )", work("22222222ns")),
                       R"("topics": {)" + topic("to-orders", "orders.x") + ", " + topic("to-payments", "payments.x") +
                           ", " + topic("to-stock", "stock.x") + "}, ");
}

}  // namespace

TEST_CASE("a worker that is held through a call costs what the chain of states says", "[oracle]") {
  const double held = held_workers_mean();
  REQUIRE(held == Approx(0.0810059).epsilon(1e-6));
  check({
      {"held", nested(poisson_client("80/s"), "blocking"), {{mean, held}}},
      {"not held: M/M/8, then M/M/1",
       nested(poisson_client("80/s"), "async"),
       {{mean, mmc_mean(80, 1 / 0.030, 8) + 0.050},
        {"services.a.sojourn_time.mean", mmc_mean(80, 1 / 0.030, 8) + 0.050},
        {"calls.a->b.x.response_time.mean", 0.050}}},
      {"held, and never without work",
       nested(users("20", R"("0s")"), "blocking"),
       {{"clients.c.succeeded_per_s", held_workers_capacity()}}},
  });
}

TEST_CASE("two stations joined by messages are a tandem", "[oracle]") {
  const auto both = [](double t) { return erlang_tail(2, 20, t); };
  check({
      {"tandem",
       scenario_text("1200s", poisson_client("80/s"),
                     service("a", "", work("10ms") + R"(, {"publish": "t"})") + ", " + service("b", "", work("10ms")),
                     R"("topics": {)" + topic("t", "b.x") + "}, "),
       {{mean, 0.050},
        {complete, 0.100},
        {"clients.c.completion_time.p50", falls_to(0.5, both)},
        {"clients.c.completion_time.p99", falls_to(0.01, both)},
        {"topics.t.b.x.lag.mean", 0.050},
        {"topics.t.b.x.backlog", 3.2}}},
      {"a Jackson network",
       jackson(),
       {{complete, mmc_mean(100, 200, 1) + mmc_mean(100, 60, 2) + 0.6 * mmc_mean(60, 80, 1) + mmc_mean(100, 45, 3)}}},
  });
}

TEST_CASE("a full topic holds its publisher back", "[oracle]") {
  check({
      {"equal stages", pipeline("10ms"), {{"topics.t.b.x.handled_per_s", blocked_throughput(100)}}},
      {"a faster first stage", pipeline("8333333ns"), {{"topics.t.b.x.handled_per_s", blocked_throughput(120)}}},
  });
}

TEST_CASE("a fork waits for the slower of two queues", "[oracle]") {
  // Flatto and Hahn 1984; Nelson and Tantawi 1988: (12 - rho) / 8 of one branch's mean.
  check({
      {"fork and join",
       scenario_text(
           "900s", poisson_client("80/s"),
           service("a", R"("workers": "unlimited", )", R"({"parallel": [[{"call": "b.x"}], [{"call": "d.x"}]]})") +
               ", " + service("b", "", work("10ms")) + ", " + service("d", "", work("10ms"))),
       {{mean, (12 - 0.8) / 8 * 0.050}}},
  });
}

TEST_CASE("without queues a chain adds up and a fan-out takes the slowest it needs", "[oracle]") {
  const auto k_of_n = [](int k, int n) { return 0.010 * (harmonic(n) - harmonic(n - k)); };
  const auto slowest_p99 = [](int n) { return -0.010 * std::log(1 - std::pow(0.99, 1.0 / n)); };
  const auto two_of_three = [](double t) {
    const double done = 1 - std::exp(-t / 0.010);
    return 1 - (3 * done * done - 2 * done * done * done);
  };
  check({
      {"five calls",
       fan_out("50/s", "200s", R"({"repeat": 5, "steps": [{"call": "b.x"}]})"),
       {{p50, falls_to(0.5, [](double t) { return erlang_tail(5, 100, t); })},
        {p99, falls_to(0.01, [](double t) { return erlang_tail(5, 100, t); })}}},
      {"works of 5, 10 and 20 ms",
       scenario_text(
           "200s", poisson_client("50/s"),
           service("a", R"("workers": "unlimited", )", work("5ms") + ", " + work("10ms") + ", " + work("20ms"))),
       {{p99, falls_to(0.01,
                       [](double t) {
                         return hypoexponential_tail({200, 100, 50}, t);
                       })}}},
      {"all of two", fan_out("50/s", "200s", branches(2, R"("all")")), {{mean, k_of_n(2, 2)}, {p99, slowest_p99(2)}}},
      {"any of two",
       fan_out("50/s", "200s", branches(2, R"("any")")),
       {{mean, k_of_n(1, 2)}, {complete, k_of_n(2, 2)}}},
      {"two of three",
       fan_out("50/s", "200s", branches(3, "2")),
       {{mean, k_of_n(2, 3)}, {p99, falls_to(0.01, two_of_three)}}},
      {"all of a hundred",
       fan_out("20/s", "60s", branches(100, R"("all")")),
       {{mean, k_of_n(100, 100)}, {p99, slowest_p99(100)}}},
  });
}

TEST_CASE("users who wait for their answers obey the closed network", "[oracle]") {
  const ClosedNetwork network = mean_value_analysis(10, 0.5, {0.020, 0.050});
  const double repair = repair_throughput();
  check({
      {"two stations",
       scenario_text("600s", users("10", R"({"exponential": "500ms"})"),
                     service("a", R"("waiting": "async", )", work("20ms") + R"(, {"call": "b.x"})") + ", " +
                         service("b", "", work("50ms"))),
       {{mean, network.response}, {"clients.c.succeeded_per_s", network.throughput}}},
      {"two workers",
       scenario_text("600s", users("10", R"({"exponential": "500ms"})"),
                     service("a", R"("workers": 2, )", work("125ms"))),
       {{mean, 10 / repair - 0.5}, {"clients.c.succeeded_per_s", repair}}},
  });
}
