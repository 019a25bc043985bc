// Runs that get nowhere are stopped, and say why; those that only look so go on.
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;
using Catch::Contains;

namespace {

/// Two requests at one instant: each holds a worker of the shop, calls payment, and payment calls the shop.
std::string mutual(const std::string& shop, const std::string& payment, const std::string& options = "") {
  return R"({"name": "t", "horizon": "10s", "clients": {
      "c1": {"requests": "shop.order", "arrivals": {"constant": "1/s"}, "timeout": "300ms"},
      "c2": {"requests": "shop.order", "arrivals": {"constant": "1/s"}}},
    "services": {
      "shop": {)" +
         shop + R"("workers": 2, "operations": {"order": [{"call": "payment.charge")" + options +
         R"(}], "confirm": [{"work": "1ms"}]}},
      "payment": {)" +
         payment + R"("operations": {"charge": [{"work": "10ms"},
         {"choose": [{"probability": 1, "steps": [{"call": "shop.confirm"}]}]}]}}}})";
}

std::string one_service(const std::string& steps, const std::string& client, const std::string& more = "") {
  return R"({"name": "t", "horizon": "10s", )" + more + R"("clients": {"c": {"requests": "a.x", )" + client +
         R"(}}, "services": {"a": {"queue": {"capacity": 0}, "operations": {"x": [)" + steps +
         R"(], "y": [{"work": "1ms"}]}}}})";
}

const std::string once_a_second = R"("arrivals": {"constant": "1/s"})";

}  // namespace

TEST_CASE("workers of two services that wait for each other stop the run", "[system]") {
  const auto m = run_text(mutual("", ""));
  CHECK_THAT(m.stopped, Contains("payment (1 of 1 workers) waits for shop.confirm; shop (2 of 2 workers) waits for "
                                 "payment.charge"));
  CHECK(m.ledger.arrived == m.ledger.answered + m.ledger.unfinished);
  const auto own_queues = run_text(mutual(R"("balancing": "round-robin", )", ""));
  CHECK_THAT(own_queues.stopped, Contains("waits for"));
}

TEST_CASE("a timeout, an async service, or one more worker is no deadlock", "[system]") {
  CHECK(run_text(mutual("", "", R"(, "timeout": "100ms")")).stopped.empty());
  CHECK(run_text(mutual(R"("waiting": "async", )", "")).stopped.empty());
  CHECK(run_text(mutual(R"("replicas": 2, )", "")).stopped.empty());
  // Held up for long, but by one who goes on: 2 orders wait for a confirmation that takes its time.
  CHECK(run_text(mutual(R"("replicas": 2, )", R"("queue": {"max_wait": "1h"}, )")).stopped.empty());
}

TEST_CASE("a job that calls its own service's last worker stops the run", "[system]") {
  const auto m = run_text(R"({"name": "t", "horizon": "10s", "clients": {"c": {"requests": "a.x", "users": {"users": 3,
    "think": "100ms"}}}, "services": {"a": {"operations": {"x": [{"call": "a.y"}], "y": [{"work": "1ms"}]}}}})");
  CHECK_THAT(m.stopped, Contains("a (1 of 1 workers) waits for a.y"));
}

TEST_CASE("workers that share cores can wait for each other, too", "[system]") {
  CHECK_THAT(run_text(mutual(R"("cores": 1, )", "")).stopped,
             Contains("shop (2 of 2 workers) waits for payment.charge"));
  CHECK(run_text(mutual(R"("cores": 1, "replicas": 2, )", "")).stopped.empty());
}

TEST_CASE("publishers that wait for room on each other's topics stop the run", "[system]") {
  const auto ping_pong = [](const std::string& topic) {
    return run_text(R"({"name": "t", "horizon": "10s", "messaging": {"capacity": 1, "overflow": ")" + topic + R"("},
      "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "20/s"}}},
      "topics": {"there": {"subscriptions": {"b.y": {}}}, "back": {"subscriptions": {"a.z": {}}}},
      "services": {
        "a": {"operations": {"x": [{"publish": "there"}], "z": [{"work": "1ms"}]}},
        "b": {"operations": {"y": [{"work": "100ms"}, {"publish": "back"}]}}}})");
  };
  // Those who ask a.x keep its worker as long as "there" is full; then nobody empties "back".
  CHECK_THAT(ping_pong("block").stopped, Contains("a (1 of 1 workers) waits for room on there") &&
                                             Contains("b (1 of 1 workers) waits for room on back"));
  CHECK(ping_pong("refuse").stopped.empty());
}

TEST_CASE("units and workers may wait for each other, too", "[system]") {
  const auto self = run_text(one_service(R"({"use": "db", "steps": [{"use": "db", "steps": []}]})", once_a_second,
                                         R"("resources": {"db": {"units": 1}}, )"));
  CHECK_THAT(self.stopped, Contains("db (1 of 1 units) waits for db"));
  const auto crossed =
      run_text(R"({"name": "t", "horizon": "10s", "resources": {"left": {"units": 1}, "right": {"units": 1}},
    "clients": {"c1": {"requests": "a.x", "arrivals": {"constant": "1/s"}}, "c2": {"requests": "a.y", "arrivals": {"constant": "1/s"}}},
    "services": {"a": {"workers": 9, "waiting": "async", "operations": {
      "x": [{"use": "left", "steps": [{"delay": "10ms"}, {"use": "right", "steps": []}]}],
      "y": [{"use": "right", "steps": [{"delay": "10ms"}, {"use": "left", "steps": []}]}]}}}})");
  CHECK_THAT(crossed.stopped, Contains("left (1 of 1 units) waits for right; right (1 of 1 units) waits for left"));
}

TEST_CASE("a worker that awaits what only itself could handle stops the run", "[system]") {
  const std::string steps = R"({"publish": "t"}, {"await": ["a.y"])";
  const std::string topic = R"("topics": {"t": {"subscriptions": {"a.y": {}}}}, )";
  const auto m = run_text(one_service(steps + "}", once_a_second, topic));
  CHECK_THAT(m.stopped, Contains("a (1 of 1 workers) waits for a.y"));
  CHECK(run_text(one_service(steps + R"(, "timeout": "100ms"})", once_a_second, topic)).stopped.empty());
}

TEST_CASE("a loop that takes no time stops the run and is named", "[system]") {
  const auto steps = run_text(one_service(R"({"repeat": 2000000, "steps": [{"delay": "0s"}]})", once_a_second));
  CHECK_THAT(steps.stopped, Contains("more than 1000000 steps at 1s, of a.x"));
  const auto fork = run_text(one_service(
      R"({"parallel": [[{"delay": "1ms"}], [{"repeat": 2000000, "steps": []}]]}, {"work": "1ms"})", once_a_second));
  CHECK_THAT(fork.stopped, Contains("a.x"));
  const auto users = run_text(one_service(R"({"work": "0s"})", R"("users": {"users": 1, "think": "0s"})"));
  CHECK_THAT(users.stopped, Contains("a loop that takes no time") && Contains("a.x"));
  const auto refused = run_text(one_service(R"({"work": "1s"})", R"("users": {"users": 2, "think": "0s"})"));
  CHECK_THAT(refused.stopped, Contains("a loop that takes no time"));
  CHECK(run_text(one_service(R"({"repeat": 200000, "steps": [{"delay": "0s"}]})", once_a_second)).stopped.empty());
}

TEST_CASE("what piles up beyond the memory stops the run", "[system]") {
  const Study study = read(R"({"name": "t", "horizon": "100s", "clients": {"c": {"requests": "a.x",
    "arrivals": {"poisson": "2k/s"}}}, "services": {"a": {"operations": {"x": [{"work": "10ms"}]}}}})");
  const Topology topology = compile(study.variants[0].scenario);
  const auto m = run(topology, {.max_memory = 10 << 20});
  CHECK_THAT(m.stopped, Contains("out of memory") && Contains("more than 10MiB") && Contains("requests"));
  CHECK(run(topology, {}).stopped.empty());
}
