// Topics: what queues of messages with a known exact result must give.
#include <algorithm>
#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "support/markov_chain.hpp"
#include "support/oracle.hpp"
#include "support/theory.hpp"

using namespace sojourn::testing;
using namespace sojourn::theory;

namespace {

const std::string lag = "topics.t.b.y.lag.mean";
const std::string lag_p99 = "topics.t.b.y.lag.p99";
const std::string backlog = "topics.t.b.y.backlog";
const std::string exponential_10ms = R"({"work": {"exponential": "10ms"}})";

/// Requests publish on "t" in a Poisson stream, and b.y handles the messages.
struct Flow {
  std::string horizon, rate;
  std::string topic = "";  // further keys of the topic, and so on; each followed by a comma
  std::string subscription = "";
  std::string handle = exponential_10ms;
  std::string publish = R"({"publish": "t"})";
  std::string handler = "";
  std::string publisher = R"("workers": "unlimited", )";
  std::string more = "";

  operator std::string() const {
    return scenario_text(
        horizon, poisson_client(rate),
        R"("a": {)" + publisher + R"("operations": {"x": [)" + publish + R"(]}}, "b": {)" + handler +
            R"("operations": {"y": [)" + handle + "]}}",
        R"("topics": {"t": {)" + topic + R"("subscriptions": {"b.y": {)" + subscription + "}}}}, " + more);
  }
};

/// Mean number of messages that wait when one consumer takes what is there, up to most, for an exponential time.
double bulk_service_queue(double lambda, double mu, int most) {
  const MarkovChain<2> chain({0, 0}, [=](const auto& at, const auto& go) {
    const auto [waiting, busy] = at;
    if (busy == 0) return go({0, 1}, lambda);
    if (waiting < 400) go({waiting + 1, 1}, lambda);
    if (waiting == 0) return go({0, 0}, mu);
    go({waiting - std::min(waiting, most), 1}, mu);
  });
  return chain.mean([](const auto& at) { return at[0]; });
}

/// Two stations with room for some messages between them; the first is blocked where there is none.
struct BlockingTandem {
  double lambda, first, second;
  int room;
  MarkovChain<3> chain{{0, 0, 0}, [this](const auto& at, const auto& go) {
                         const auto [at_first, at_second, blocked] = at;
                         if (at_first < 300) go({at_first + 1, at_second, blocked}, lambda);
                         if (at_first > 0 && blocked == 0) {
                           if (at_second < room + 1)
                             go({at_first - 1, at_second + 1, 0}, first);
                           else
                             go({at_first, at_second, 1}, first);
                         }
                         if (at_second > 0) {
                           if (blocked != 0)
                             go({at_first - 1, at_second, 0}, second);
                           else
                             go({at_first, at_second - 1, 0}, second);
                         }
                       }};
};

}  // namespace

TEST_CASE("a consumer of batches is a bulk server", "[oracle]") {
  const double five = bulk_service_queue(150, 50, 5), two = bulk_service_queue(80, 50, 2);
  const std::string per_batch = R"({"work": {"exponential": "20ms"}, "per": "batch"})";
  check({
      {"up to five",
       Flow{.horizon = "200s", .rate = "150/s", .subscription = R"("batch": {"size": 5})", .handle = per_batch},
       {{backlog, five}, {lag, five / 150 + 0.020}}},
      {"up to two",
       Flow{.horizon = "400s", .rate = "80/s", .subscription = R"("batch": {"size": 2})", .handle = per_batch},
       {{backlog, two}, {lag, two / 80 + 0.020}}},
  });
}

TEST_CASE("batches of any size that work per message keep the worker as busy", "[oracle]") {
  // A batch of the queue does not change when the worker is busy, only who is done when.
  check({{"per message",
          Flow{.horizon = "400s", .rate = "70/s", .subscription = R"("batch": {"size": 3})"},
          {{"services.b.utilization", 0.7}}}});
}

TEST_CASE("a polling consumer takes vacations", "[oracle]") {
  // Fuhrmann and Cooper 1985: the wait at M/G/1, and what is left of a vacation, V/2 when it is constant.
  check({
      {"exponential work",
       Flow{.horizon = "400s", .rate = "60/s", .subscription = R"("poll": "50ms")"},
       {{lag, mg1_mean(60, 0.010, 2e-4) + 0.025}}},
      {"constant work",
       Flow{.horizon = "400s", .rate = "70/s", .subscription = R"("poll": "400ms")", .handle = R"({"work": "10ms"})"},
       {{lag, mg1_mean(70, 0.010, 1e-4) + 0.200}}},
      {"many consumers, hardly any work",
       Flow{.horizon = "200s",
            .rate = "100/s",
            .subscription = R"("poll": "100ms")",
            .handle = R"({"work": "1us"})",
            .handler = R"("workers": 1000, )"},
       {{"topics.t.b.y.handled_per_s", 100}}},
  });
}

TEST_CASE("messages in bursts wait for each other", "[oracle]") {
  // M[X]/M/1 with X = 4 (Gross and Harris 3.1): rho (1 + 4) / 2 / (1 - rho) messages.
  const double inside = 0.8 * 2.5 / 0.2;
  check({{"fours",
          Flow{.horizon = "1000s", .rate = "20/s", .publish = R"({"repeat": 4, "steps": [{"publish": "t"}]})"},
          {{lag, inside / 80}, {backlog, inside - 0.8}}}});
}

TEST_CASE("a topic that blocks makes a tandem of its services", "[oracle]") {
  const BlockingTandem tandem{.lambda = 50, .first = 100, .second = 80, .room = 2};
  const double at_first = tandem.chain.mean([](const auto& at) { return at[0]; });
  const double at_second = tandem.chain.mean([](const auto& at) { return at[1] + at[2]; });
  const double blocked = tandem.chain.mean([](const auto& at) { return at[2]; });
  check({{"room for two",
          Flow{.horizon = "600s",
               .rate = "50/s",
               .topic = R"("capacity": 2, "overflow": "block", )",
               .handle = R"({"work": {"exponential": "12.5ms"}})",
               .publish = exponential_10ms + R"(, {"publish": "t"})",
               .publisher = ""},
          {{"clients.c.response_time.mean", at_first / 50},
           {lag, at_second / 50},
           {"services.a.held_workers", blocked}}}});
}

TEST_CASE("a full topic that refuses loses what M/M/1/K loses", "[oracle]") {
  const double lost = 0.2 * std::pow(0.8, 5) / (1 - std::pow(0.8, 6));
  const Flow told{.horizon = "400s", .rate = "80/s", .topic = R"("capacity": 4, )"};
  Flow confirmed = told;
  confirmed.publish = R"({"publish": "t", "confirm": true})";
  check({
      {"in silence", told, {{"clients.c.fulfilled_ratio", 1 - lost}, {"clients.c.broken_promise_ratio", lost}}},
      {"confirmed", confirmed, {{"clients.c.success_ratio", 1 - lost}, {"clients.c.fulfilled_ratio", 1 - lost}}},
  });
}

TEST_CASE("as many messages die as fail every time", "[oracle]") {
  const std::string topic = R"("redelivery": {"delay": "20ms", "max_deliveries": 3}, )";
  const std::string handle = R"({"work": "1ms", "fails": 0.5})";
  check({
      {"one by one",
       Flow{.horizon = "200s", .rate = "100/s", .topic = topic, .handle = handle},
       {{"clients.c.fulfilled_ratio", 1 - 0.125}, {"services.b.busy_workers", 0.1 * 1.75}}},
      {"in batches",
       Flow{.horizon = "200s",
            .rate = "100/s",
            .topic = topic,
            .subscription = R"("batch": {"size": 8, "wait": "50ms"})",
            .handle = handle},
       {{"clients.c.fulfilled_ratio", 1 - 0.125}, {"services.b.busy_workers", 0.1 * 1.75}}},
  });
}

TEST_CASE("deliveries that happen twice work twice", "[oracle]") {
  Flow flow{.horizon = "200s", .rate = "100/s", .topic = R"("duplicates": 0.3, )", .handler = R"("workers": 9, )"};
  Flow deduplicated = flow;
  deduplicated.topic = R"("duplicates": 0.3, "delivery": "deduplicated", )";
  check({
      {"at least once", flow, {{"services.b.busy_workers", 1.3}, {"topics.t.b.y.handled_per_s", 100}}},
      {"deduplicated", deduplicated, {{"services.b.busy_workers", 1}}},
  });
}

TEST_CASE("a hot key holds up its partition and nobody else", "[oracle]") {
  // Two partitions, of which one gets two thirds: each an M/M/1, however many workers there are.
  const double hot = 100 - 90 * 2.0 / 3, cold = 100 - 90 / 3.0;
  const double p99 = falls_to(0.01, [=](double t) { return (2 * std::exp(-hot * t) + std::exp(-cold * t)) / 3; });
  const std::string key = R"({"publish": "t", "key": {"zipf": {"keys": 2, "exponent": 1}}})";
  check({
      {"partitioned",
       Flow{.horizon = "400s",
            .rate = "90/s",
            .topic = R"("partitions": 2, )",
            .publish = key,
            .handler = R"("workers": 50, )"},
       {{lag, (2 / hot + 1 / cold) / 3}, {lag_p99, p99}, {"topics.t.b.y.hottest_partition_share", 2.0 / 3}}},
      {"not partitioned",
       Flow{.horizon = "200s", .rate = "90/s", .publish = key, .handler = R"("workers": 50, )"},
       {{lag, 0.010}, {lag_p99, std::log(100) / 100}}},
      {"three keys on three partitions",
       Flow{.horizon = "200s",
            .rate = "90/s",
            .topic = R"("partitions": 3, )",
            .publish = R"({"publish": "t", "key": {"zipf": {"keys": 3, "exponent": 1}}})",
            .handler = R"("workers": 50, )"},
       {{"topics.t.b.y.hottest_partition_share", 6.0 / 11}}},
      {"one partition with workers for all is one worker",
       Flow{.horizon = "600s", .rate = "80/s", .topic = R"("partitions": 1, )", .handler = R"("workers": 50, )"},
       {{lag, 0.050}, {lag_p99, std::log(100) / 20}}},
  });
}

TEST_CASE("a broker is down for its share of the time", "[oracle]") {
  const std::string failures =
      R"("failures": {"time_to_failure": {"exponential": "400ms"}, "time_to_repair": {"exponential": "100ms"}}, )";
  check({
      {"confirmed",
       Flow{.horizon = "400s",
            .rate = "20/s",
            .topic = failures,
            .handle = R"({"work": "1ms"})",
            .publish = R"({"publish": "t", "confirm": true})"},
       {{"clients.c.success_ratio", 0.8}}},
      {"in silence",
       Flow{.horizon = "400s", .rate = "20/s", .topic = failures, .handle = R"({"work": "1ms"})"},
       {{"clients.c.broken_promise_ratio", 0.2}}},
  });
}

TEST_CASE("messages cost what was published", "[oracle]") {
  Flow flow{.horizon = "110s", .rate = "100/s", .topic = R"("cost_per_million": 40, )", .handle = R"({"work": "1ms"})"};
  check({{"100 s of 100/s", flow, {{"topics.t.b.y.cost", 0.4}}}});
}
