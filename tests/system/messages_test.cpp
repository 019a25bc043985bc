// Topics, on scenarios without chance.
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// The client asks a.x, which works 10 ms and publishes on "t"; its subscription b.y runs the steps.
Measurements run_topic(const std::string& topic, const std::string& steps, const std::string& b = "",
                       const std::string& more = "", const std::string& rate = "1/s") {
  return run_text(scenario_text(R"("requests": "a.x", "arrivals": {"constant": ")" + rate + R"("})",
                                R"("a": {"workers": 99, "operations": {"x": [{"work": "10ms"}, {"publish": "t"}]}},
         "b": {)" + b + R"("operations": {"y": [)" +
                                    steps + R"(], "z": [{"work": "200ms"}]}})",
                                R"("topics": {"t": {)" + topic + R"("subscriptions": {"b.y": {}}}}, )" + more));
}

}  // namespace

TEST_CASE("a publisher does not wait but completion does", "[system]") {
  const auto m = run_topic("", R"({"work": "50ms"}, {"notify": "client"})");
  check_all_ms(m.clients[0].response_time, 10);
  check_all_ms(m.clients[0].completion_time, 60);
  check_all_ms(m.clients[0].notification_time, 60);
  check_all_ms(m.subscriptions[0].lag, 50);
  CHECK(m.clients[0].fulfilled == 9);
  CHECK(m.subscriptions[0].handled == 9);
}

TEST_CASE("a message passes two hops and the broker", "[system]") {
  const auto m = run_topic(R"("latency": "20ms", )", R"({"work": "50ms"})", "", R"("network": {"latency": "3ms"}, )");
  check_all_ms(m.clients[0].response_time, 16);
  check_all_ms(m.clients[0].completion_time, 3 + 10 + 3 + 20 + 3 + 50);
  check_all_ms(m.subscriptions[0].lag, 76);
}

TEST_CASE("every subscription gets every message", "[system]") {
  const auto m = run_text(scenario_text(
      R"("requests": "a.x", "arrivals": {"constant": "1/s"})",
      R"("a": {"operations": {"x": [{"publish": "t"}]}}, "b": {"workers": 2, "operations": {"y": [{"work": "50ms"}],
         "z": [{"work": "200ms"}]}})",
      R"("topics": {"t": {"subscriptions": {"b.y": {}, "b.z": {}}}}, )"));
  CHECK(m.subscriptions[0].handled == 9);
  CHECK(m.subscriptions[1].handled == 9);
  check_all_ms(m.clients[0].completion_time, 200);
}

TEST_CASE("what a handler fails on comes again, then is dead, and the promise is broken", "[system]") {
  const auto m = run_topic(R"("redelivery": {"delay": "100ms", "factor": 2, "max_deliveries": 3}, )",
                           R"({"work": "50ms", "fails": 1})");
  check_all_ms(m.clients[0].completion_time, 10 + 50 + 100 + 50 + 200 + 50);
  CHECK(m.subscriptions[0].dead_lettered == 9);
  CHECK(m.subscriptions[0].redelivered == 18);
  CHECK(m.subscriptions[0].handled == 0);
  CHECK(m.clients[0].broken_promises == 9);
}

TEST_CASE("at most once loses what fails", "[system]") {
  const auto m = run_topic(R"("delivery": "at-most-once", )", R"({"work": "50ms", "fails": 1})");
  CHECK(m.subscriptions[0].lost == 9);
  CHECK(m.subscriptions[0].redelivered == 0);
  CHECK(m.clients[0].broken_promises == 9);
}

TEST_CASE("a handler that declines has handled its message, and the request is not fulfilled", "[system]") {
  const auto m = run_topic("", R"({"work": "50ms", "declines": 1})");
  CHECK(m.subscriptions[0].handled == 9);
  CHECK(m.subscriptions[0].redelivered == 0);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 9);
  CHECK(m.clients[0].broken_promises == 9);
}

TEST_CASE("a full backlog refuses what comes", "[system]") {
  // 10/s against 250 ms each: a message in hand, one that waits; what comes while both are there is refused.
  const auto m = run_topic(R"("capacity": 1, )", R"({"work": "250ms"})", "", "", "10/s");
  CHECK(m.subscriptions[0].refused > 50);
  CHECK(m.subscriptions[0].backlog_max == 1);
  CHECK(m.subscriptions[0].published == m.subscriptions[0].handled + m.subscriptions[0].refused +
                                            m.subscriptions[0].waiting + m.subscriptions[0].in_hand);
  CHECK(m.clients[0].broken_promises == m.subscriptions[0].refused);
}

TEST_CASE("a full backlog may drop its oldest message", "[system]") {
  const auto m = run_topic(R"("capacity": 1, "overflow": "drop-oldest", )", R"({"work": "250ms"})", "", "", "10/s");
  CHECK(m.subscriptions[0].dropped > 50);
  CHECK(m.subscriptions[0].refused == 0);
  CHECK(m.subscriptions[0].backlog_max == 1);
  // The newest one waits: at most 100 ms until the next comes and drops it, unless it is taken first.
  CHECK(ms(static_cast<double>(m.subscriptions[0].lag.maximum())) <= 350);
}

TEST_CASE("a full backlog may block its publishers", "[system]") {
  const auto m = run_topic(R"("capacity": 1, "overflow": "block", )", R"({"work": "250ms"})", "", "", "10/s");
  CHECK(m.subscriptions[0].refused == 0);
  CHECK(m.subscriptions[0].backlog_max == 1);
  CHECK(ms(static_cast<double>(m.clients[0].response_time.maximum())) > 5000);  // backpressure reaches the client
  CHECK(m.services[0].held_ns > 0);
}

TEST_CASE("with capacity 0 a message must be taken at once or its publisher waits", "[system]") {
  const auto refuse = run_topic(R"("capacity": 0, )", R"({"work": "150ms"})", "", "", "10/s");
  CHECK(refuse.subscriptions[0].backlog_max == 0);
  CHECK(refuse.subscriptions[0].handled + refuse.subscriptions[0].in_hand == 50);
  const auto block = run_topic(R"("capacity": 0, "overflow": "block", )", R"({"work": "150ms"})", "", "", "5/s");
  check_all_ms(block.clients[0].response_time, 10);
  const auto wait = run_topic(R"("capacity": 0, "overflow": "block", )", R"({"work": "250ms"})", "", "", "5/s");
  CHECK(wait.subscriptions[0].handled == 39);  // one every 250 ms from 210 ms on
}

TEST_CASE("queued calls go first, then the message that has been there longest", "[system]") {
  // At 1 s: the worker of b takes the message (50 ms); calls that queue meanwhile run before the next message.
  const auto m = run_text(R"({"name": "t", "horizon": "1500ms",
    "clients": {"a": {"requests": "b.p", "arrivals": {"constant": "1/s"}},
                "b": {"requests": "b.z", "arrivals": {"constant": "1/s"}}},
    "topics": {"t": {"subscriptions": {"b.y": {}}}},
    "services": {"b": {"operations": {"p": [{"publish": "t"}, {"publish": "t"}, {"work": "10ms"}],
                                      "y": [{"work": "50ms"}], "z": [{"work": "200ms"}]}}}})");
  check_all_ms(m.clients[1].response_time, 210);
  check_all_ms(m.clients[0].completion_time, 310);
}

TEST_CASE("concurrency limits how many messages are in hand", "[system]") {
  const auto m = run_text(scenario_text(
      R"("requests": "a.x", "arrivals": {"constant": "10/s"})",
      R"("a": {"operations": {"x": [{"publish": "t"}]}}, "b": {"workers": 9, "operations": {"y": [{"work": "190ms"}]}})",
      R"("topics": {"t": {"subscriptions": {"b.y": {"concurrency": 2}}}}, )"));
  CHECK(static_cast<double>(m.services[1].busy_ns) <= 2 * 10e9);
  CHECK(ms(static_cast<double>(m.subscriptions[0].lag.maximum())) == 190);
}

TEST_CASE("a deferred call does the same work at the same cost", "[system]") {
  const std::string text = R"({"name": "t", "horizon": "60s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"poisson": "5/s"}}},
    "services": {"a": {"workers": 50, "operations": {"x": [{"work": {"exponential": "5ms"}},
                                                           {"call": "b.y", "deferrable": true}]}},
                 "b": {"workers": 50, "operations": {"y": [{"work": {"exponential": "20ms"}}]}}},
    "variants": {"called": {}, "deferred": {"defer": "all"}, "nothing": {"defer": []}}})";
  const auto called = run_text(text, 0);
  const auto deferred = run_text(text, 1);
  const auto nothing = run_text(text, 2);
  CHECK(called.fingerprint == nothing.fingerprint);
  // With a worker for everybody nobody waits: the same milliseconds, wherever they are spent.
  CHECK(called.clients[0].completion_time == deferred.clients[0].completion_time);
  CHECK(deferred.clients[0].response_time.mean() < called.clients[0].response_time.mean());
  CHECK(called.services[1].busy_ns == deferred.services[1].busy_ns);
}

TEST_CASE("a backlog is measured from the window's begin", "[system]") {
  // Messages at 1.01, 2.01, ... 9.01 s; the handler takes one every 2.5 s. Those of 3.01 s and later wait in the window.
  const auto m = run_topic("", R"({"work": "2500ms"})", "", R"("warmup": "4010ms", )");
  CHECK(m.subscriptions[0].backlog_ns ==
        Int128{2'000 + 4'500 + 5'000 + 4'000 + 3'000 + 2'000 + 1'000 - 50} * 1'000'000);
  // Five at once, 50 ms each: four wait at first, two are left when the window opens.
  const auto settled = run_text(scenario_text(
      R"("requests": "a.x", "arrivals": {"constant": "1/s", "profile": [["0s", 1], ["1500ms", 1], ["1500ms", 0]]})",
      R"("a": {"operations": {"x": [{"repeat": 5, "steps": [{"publish": "t"}]}]}},
         "b": {"operations": {"y": [{"work": "50ms"}]}})",
      R"("topics": {"t": {"subscriptions": {"b.y": {}}}}, "warmup": "1120ms", )"));
  CHECK(settled.subscriptions[0].backlog_max == 2);
}
