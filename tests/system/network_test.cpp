// Links, losses and what incidents do to them, and the pace of clients.
#include <cmath>
#include <string>

#include "support/oracle.hpp"
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

const std::string once_a_second = R"("requests": "a.x", "arrivals": {"constant": "1/s"})";

/// Client c asks a.x, which calls b.y with these options; b.y works 10 ms.
Measurements calling(const std::string& more, const std::string& options = "", const std::string& client = "") {
  return run_text(testing::scenario_text(once_a_second + client,
                                         R"("a": {"workers": 9, "operations": {"x": [{"call": "b.y")" + options +
                                             R"(}]}}, "b": {"workers": 9, "operations": {"y": [{"work": "10ms"}]}})",
                                         more));
}

std::string incident(const std::string& target, const std::string& effect) {
  return R"("incidents": [{"at": "0s", "for": "60s", "target": ")" + target + R"(", "effect": )" + effect + "}], ";
}

void check_books(const Measurements& m) {
  const Ledger& l = m.ledger;
  CHECK(l.arrived == l.answered + l.unfinished);
  CHECK(l.jobs_started == l.jobs_refused + l.jobs_ended + l.jobs_left);
  CHECK(l.published ==
        l.handled + l.dead_lettered + l.lost + l.dropped + l.expired + l.refused + l.waiting + l.in_hand);
}

}  // namespace

TEST_CASE("links differ from the rest of the network, there and back", "[system][network]") {
  const auto m =
      calling(R"("network": {"latency": "3ms", "links": {"a->b": {"latency": "20ms"}, "c->a": {"latency": "1ms"}}}, )");
  check_all_ms(m.clients[0].response_time, 1 + 20 + 10 + 20 + 1);
  check_all_ms(m.calls[0].response_time, 50);
  const auto only = calling(R"("network": {"links": {"a->b": {"latency": "20ms"}}}, )");
  check_all_ms(only.clients[0].response_time, 50);
}

TEST_CASE("latencies of incidents add, on a link, a service, an operation or a client", "[system][network]") {
  for (const std::string target : {"a->b", "b", "b.y"})
    check_all_ms(calling(incident(target, R"({"latency": "7ms"})")).clients[0].response_time, 10 + 2 * 7);
  check_all_ms(calling(incident("c", R"({"latency": "7ms"})")).clients[0].response_time, 10 + 2 * 7);
  // To and from service a: the client's two hops and the call's two.
  check_all_ms(calling(incident("a", R"({"latency": "7ms"})")).clients[0].response_time, 10 + 4 * 7);
  check_all_ms(
      calling(R"("network": {"latency": "2ms"}, )" + incident("a->b", R"({"slowdown": 5})")).clients[0].response_time,
      2 + 10 + 10 + 10 + 2);
}

TEST_CASE("a link refuses calls at once, hangs in silence, or holds them for a while", "[system][network]") {
  const auto refuses = calling(incident("a->b", R"({"down": "refuse"})"));
  CHECK(outcome(refuses.clients[0], Outcome::failed) == 9);
  check_all_ms(refuses.clients[0].response_time, 0);
  CHECK(refuses.services[1].arrivals == 0);
  check_books(refuses);
  const auto hangs = calling(incident("a->b", R"({"down": "hang"})"), R"(, "timeout": "50ms")");
  CHECK(hangs.calls[0].timed_out == 9);
  check_all_ms(hangs.clients[0].response_time, 50);
  check_books(hangs);
  const auto pauses =
      calling(R"("incidents": [{"at": "900ms", "for": "600ms", "target": "a->b", "effect": {"down": "pause"}}], )");
  CHECK(pauses.clients[0].response_time.maximum() == 510'000'000);
  CHECK(outcome(pauses.clients[0], Outcome::succeeded) == 9);
  const auto fails = calling(incident("a->b", R"({"fails": 1})"));
  CHECK(fails.calls[0].failed == 9);
}

TEST_CASE("what a lost reply leaves behind is done, though nobody hears of it", "[system][network]") {
  const auto m = calling(incident("b", R"({"loss": 1})"), R"(, "timeout": "50ms")", R"(, "timeout": "1s")");
  CHECK(m.services[1].arrivals == 0);  // the call is lost already
  CHECK(m.clients[0].fulfilled == 0);
  check_books(m);
}

TEST_CASE("attempts over a lossy link succeed as often as both hops do", "[oracle]") {
  const double passes = 0.9 * 0.9;
  const std::string lossy = R"("network": {"links": {"a->b": {"loss": 0.1}}}, )";
  const std::string retry = R"(, "timeout": "50ms", "retry": {"attempts": 3, "backoff": "0s"})";
  check({{"three attempts",
          scenario_text("200s", poisson_client("100/s"),
                        R"("a": {"workers": "unlimited", "operations": {"x": [{"call": "b.x")" + retry +
                            R"(}]}}, "b": {"workers": "unlimited", "operations": {"x": [{"work": "1ms"}]}})",
                        lossy),
          {{"clients.c.success_ratio", 1 - std::pow(1 - passes, 3)},
           {"calls.a->b.x.amplification", 1 + (1 - passes) + (1 - passes) * (1 - passes)},
           {"services.b.arrivals_per_s", 100 * 0.9 * (1 + (1 - passes) + (1 - passes) * (1 - passes))}}}});
}

TEST_CASE("a lost publish is lost, a lost delivery comes again", "[system][network]") {
  const std::string flow =
      R"("a": {"workers": 9, "operations": {"x": [{"publish": "t"}]}}, "b": {"workers": 9, "operations": {"y": [{"work": "10ms"}]}})";
  const std::string topic =
      R"("topics": {"t": {"subscriptions": {"b.y": {}}, "redelivery": {"delay": "100ms", "max_deliveries": 3}}}, )";
  const auto publish =
      run_text(testing::scenario_text(once_a_second, flow, topic + R"("network": {"links": {"a->t": {"loss": 1}}}, )"));
  CHECK(publish.subscriptions[0].lost == 9);
  CHECK(publish.clients[0].fulfilled == 0);
  check_books(publish);
  const auto delivery =
      run_text(testing::scenario_text(once_a_second, flow, topic + R"("network": {"links": {"t->b": {"loss": 1}}}, )"));
  CHECK(delivery.subscriptions[0].dead_lettered == 9);
  check_all_ms(delivery.clients[0].completion_time, 200);  // three deliveries, two waits
  check_books(delivery);
  const auto outbox = run_text(testing::scenario_text(
      once_a_second,
      R"("a": {"workers": 9, "operations": {"x": [{"publish": "t", "outbox": true}]}}, "b": {"workers": 9, "operations": {"y": [{"work": "10ms"}]}})",
      topic + R"("network": {"links": {"a->t": {"loss": 1}}}, )"));
  CHECK(outbox.subscriptions[0].handled == 9);
}

TEST_CASE("an incident compresses the gaps of a client, from its very beginning", "[system][network]") {
  // Constant gaps of 1 s: 1, 2, 3; from 3.5 s on three times as fast for 2 s: half a gap is left, 1/6 s; then every 1/3 s.
  const auto text = [](const std::string& effect) {
    return testing::scenario_text(
        once_a_second, R"("a": {"workers": 9, "operations": {"x": [{"work": "1ms"}]}})",
        R"("incidents": [{"at": "3500ms", "for": "2s", "target": "c", "effect": )" + effect + "}], ");
  };
  // Operational time at 10 s: 3.5 + 6 + 4.5 = 14: thirteen arrivals before it, the fourteenth at the horizon.
  CHECK(run_text(text(R"({"rate": 3})")).clients[0].requests == 13);
  // Nobody comes for 2 s: the gap that runs goes on afterwards.
  CHECK(run_text(text(R"({"rate": 0})")).clients[0].requests == 7);
  CHECK(run_text(text(R"({"down": "refuse"})")).clients[0].requests == 7);
}

TEST_CASE("an incident divides the thinking of users", "[system][network]") {
  const std::string users = R"("requests": "a.x", "users": {"users": 1, "think": "1s"})";
  const auto m = run_text(testing::scenario_text(
      users, R"("a": {"workers": 9, "operations": {"x": [{"work": "0s"}]}})",
      R"("incidents": [{"at": "2500ms", "for": "60s", "target": "c", "effect": {"rate": 2}}], )"));
  CHECK(m.clients[0].requests == 2 + 15);  // at 1 and 2 s, at 2.75 s and every half second after
}

TEST_CASE("a follow-up sees what its request has caused so far", "[system][network]") {
  const auto m = [](const std::string& think) {
    return run_text(testing::scenario_text(
        once_a_second + R"(, "then": [{"think": ")" + think + R"(", "requests": "a.status", "expects": "b.y"}])",
        R"("a": {"workers": 9, "operations": {"x": [{"publish": "t"}], "status": [{"work": "1ms"}]}},
           "b": {"workers": 9, "operations": {"y": [{"work": "30ms"}]}})",
        R"("topics": {"t": {"subscriptions": {"b.y": {}}}}, )"));
  };
  const auto soon = m("29ms");
  CHECK(soon.clients[0].follow_ups == 9);
  CHECK(soon.clients[0].stale == 9);
  CHECK(soon.clients[0].requests == 9);
  check_all_ms(soon.clients[0].response_time, 0);
  CHECK(soon.ledger.arrived == 18);
  const auto late = m("31ms");
  CHECK(late.clients[0].follow_ups == 9);
  CHECK(late.clients[0].stale == 0);
  check_books(late);
}

TEST_CASE("the stale ratio is the share of handlers that take longer than the thinking", "[oracle]") {
  check(
      {{"exponential handlers",
        scenario_text(
            "200s",
            R"("c": {"requests": "a.x", "arrivals": {"poisson": "50/s"}, "then": [{"think": "20ms", "requests": "a.status", "expects": "b.y"}]})",
            R"("a": {"workers": "unlimited", "operations": {"x": [{"publish": "t"}], "status": [{"work": "1ms"}]}},
                           "b": {"workers": "unlimited", "operations": {"y": [{"work": {"exponential": "30ms"}}]}})",
            R"("topics": {"t": {"subscriptions": {"b.y": {}}}}, )"),
        {{"clients.c.stale_ratio", std::exp(-20.0 / 30)}}}});
}

TEST_CASE("users who wait their turn hide a stall that arrivals show", "[oracle]") {
  // A stall of 5 s in 100 s: one request in twenty comes into it when requests come whatever happens, but only
  // those of the ten users when each waits for his answer: coordinated omission (Tene 2013).
  const auto p99 = [](const std::string& client) {
    const auto result = simulate(
        scenario_text("100s", client, R"("a": {"workers": 20, "operations": {"x": [{"work": "1ms"}]}})",
                      R"("incidents": [{"at": "50s", "for": "5s", "target": "a", "effect": {"down": "pause"}}], )"));
    return result.variants.front().estimate("clients.c.response_time.p99")->value;
  };
  CHECK(p99(R"("c": {"requests": "a.x", "arrivals": {"poisson": "100/s"}})") > 3);
  CHECK(p99(R"("c": {"requests": "a.x", "users": {"users": 10, "think": "99ms"}})") < 0.01);
}

TEST_CASE("a link may name the topic that a deferred call becomes", "[system]") {
  const std::string text = R"({"name": "test", "horizon": "10s",
      "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "1/s"}}},
      "services": {"a": {"operations": {"x": [{"call": "b.y", "deferrable": true}]}},
                   "b": {"operations": {"y": [{"work": "5ms"}]}}},
      "network": {"links": {"a->b.y": {"latency": "20ms"}, "b.y->b": {"latency": "300ms"}}},
      "variants": {"waits": {}, "goes-on": {"defer": "all"}}})";
  check_all_ms(run_text(text, 0).clients[0].completion_time, 5);
  check_all_ms(run_text(text, 1).clients[0].completion_time, 20 + 300 + 5);
}

TEST_CASE("a link's failures and its losses strike apart from each other", "[oracle]") {
  // Both hops must pass both.
  const double passes = 0.7 * 0.6;
  check({{"fails and loses",
          scenario_text("200s", poisson_client("100/s"),
                        R"("a": {"workers": "unlimited", "operations": {"x": [{"call": "b.x", "timeout": "50ms"}]}},
                           "b": {"workers": "unlimited", "operations": {"x": [{"work": "1ms"}]}})",
                        R"("network": {"links": {"a->b": {"loss": 0.4}}}, "incidents": [{"at": "0s", "for": "1h",
                           "target": "a->b", "effect": {"fails": 0.3}}], )"),
          {{"clients.c.success_ratio", passes * passes}, {"services.b.arrivals_per_s", 100 * passes}}}});
}

TEST_CASE("a delivery that is lost on its way to a partition counts, and the next one waits longer",
          "[system][network]") {
  const auto m = run_text(testing::scenario_text(
      once_a_second,
      R"("a": {"workers": 9, "operations": {"x": [{"publish": "t"}]}}, "b": {"operations": {"y": [{"work": "10ms"}]}})",
      R"("network": {"links": {"t->b": {"loss": 1}}}, "topics": {"t": {"partitions": 4, "subscriptions": {"b.y": {}},
         "redelivery": {"delay": "100ms", "factor": 3, "max_deliveries": 3}}}, )"));
  CHECK(m.subscriptions[0].dead_lettered == 9);
  CHECK(m.subscriptions[0].redelivered == 18);
  check_all_ms(m.clients[0].completion_time, 100 + 300);
  check_books(m);
}
