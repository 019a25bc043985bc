// What calls, messages and promises mean to the letter, on runs that can be worked out by hand.
#include <string>

#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

const std::string once_a_second = R"("requests": "a.x", "arrivals": {"constant": "1/s"})";

/// Service a calls b.y with these options; b.y runs these steps.
Measurements calling(const std::string& options, const std::string& callee, const std::string& client = once_a_second,
                     const std::string& more = "") {
  return run_text(scenario_text(client,
                                R"("a": {"workers": 99, "operations": {"x": [{"call": "b.y")" + options +
                                    R"(}]}}, "b": {"workers": 99, "operations": {"y": [)" + callee + "]}}",
                                more));
}

/// a.x publishes on t, b.y handles it with one worker.
Measurements publishing(const std::string& topic, const std::string& steps, const std::string& rate,
                        const std::string& more, const std::string& b = "") {
  return run_text(scenario_text(R"("requests": "a.x", "arrivals": {"constant": ")" + rate + R"("})",
                                R"("a": {"workers": 99, "operations": {"x": [{"publish": "t"}]}}, "b": {)" + b +
                                    R"("operations": {"y": [)" + steps + "]}}",
                                R"("topics": {"t": {)" + topic + R"("subscriptions": {"b.y": {}}}}, )" + more));
}

const std::string failing = R"({"work": "10ms", "fails": 1})";

}  // namespace

TEST_CASE("a retry without words is three attempts, waiting 100 and 200 ms at most", "[system][meanings]") {
  const auto m = calling(R"(, "retry": {"jitter": "none"})", failing);
  CHECK(m.calls[0].attempts == 27);
  check_all_ms(m.clients[0].response_time, 10 + 100 + 10 + 200 + 10);
  const auto jittered = calling(R"(, "retry": {})", failing);
  CHECK(jittered.calls[0].attempts == 27);
  const Histogram& times = jittered.clients[0].response_time;
  CHECK(ms(static_cast<double>(times.maximum())) <= 330);
  CHECK(ms(static_cast<double>(times.maximum())) > 200);  // nine draws of the sum of two: the chance is 1e-5
  CHECK(ms(static_cast<double>(times.minimum())) < 200);
}

TEST_CASE("a wait before a retry is 10 s at most when nobody says otherwise", "[system][meanings]") {
  const auto m =
      calling(R"(, "retry": {"attempts": 10, "jitter": "none"})", failing, once_a_second, R"("drain": "1min", )");
  check_all_ms(m.clients[0].response_time, 100 + 100 * (1 + 2 + 4 + 8 + 16 + 32 + 64) + 2 * 10'000);
}

TEST_CASE("no is no fault to a breaker, to a redelivery or to a join of copies", "[system][meanings]") {
  const std::string no = R"({"work": "10ms", "declines": 1})";
  const auto broken = calling(R"(, "circuit_breaker": {"minimum_calls": 1})", no);
  CHECK(broken.calls[0].open == 0);
  CHECK(outcome(broken.clients[0], Outcome::declined) == 9);
  const auto sent = publishing("", no, "1/s", "");
  CHECK(sent.subscriptions[0].handled == 9);
  CHECK(sent.subscriptions[0].redelivered == 0);
  CHECK(sent.clients[0].fulfilled == 0);
}

TEST_CASE("an outcome that comes after its breaker has changed is ignored", "[system][meanings]") {
  // Calls at 0.5, 1.0, ... take 600 ms. Those of 0.5 and 1.0 s fail and open it at 1.6 s; from 1.9 s on two may look:
  // those of 2.0 and 2.5 s, which go well; 3.0 s is one too many; at 3.1 s it closes. The failure of 1.5 s comes in between,
  // at 2.1 s: were it counted, it would open the breaker again.
  const auto m = calling(R"(, "circuit_breaker": {"minimum_calls": 2, "window": 2, "wait_in_open": "300ms",
                                                   "permitted_calls_in_half_open": 2})",
                         R"({"work": "600ms"})", R"("requests": "a.x", "arrivals": {"constant": "2/s"})",
                         R"("incidents": [{"at": "0s", "for": "2200ms", "target": "b.y", "effect": {"fails": 1}}], )");
  CHECK(m.calls[0].failed == 3);
  CHECK(m.calls[0].open == 1);
}

TEST_CASE("a breaker judges the last calls of its window only", "[system][meanings]") {
  const auto m = calling(R"(, "circuit_breaker": {"minimum_calls": 4, "window": 4, "failure_rate_threshold": 0.75,
                                                   "wait_in_open": "1h"})",
                         R"({"work": "1ms"})", once_a_second,
                         R"("incidents": [{"at": "0s", "for": "2500ms", "target": "b.y", "effect": {"fails": 1}},
                                           {"at": "6500ms", "for": "2s", "target": "b.y", "effect": {"fails": 1}}], )");
  // Failures at 1, 2, 7 and 8 s: at no time are three of them among the last four; of all eight they are half.
  CHECK(m.calls[0].failed == 4);
  CHECK(m.calls[0].open == 0);
  const auto open =
      calling(R"(, "circuit_breaker": {"minimum_calls": 4, "window": 4, "failure_rate_threshold": 0.5,
                                                      "wait_in_open": "1h"})",
              R"({"work": "1ms"})", once_a_second,
              R"("incidents": [{"at": "6500ms", "for": "2s", "target": "b.y", "effect": {"fails": 1}}], )");
  CHECK(open.calls[0].failed == 2);  // at 7 and 8 s, two of the last four: open from then on
  CHECK(open.calls[0].open == 1);
}

TEST_CASE("a breaker that looked through a caller that crashed looks again", "[system][meanings]") {
  // It opens at 1 s; the call of 2 s looks, and is lost with its caller at 2.2 s; that of 3 s looks again.
  const auto m = run_text(scenario_text(
      once_a_second,
      R"("a": {"workers": 9, "operations": {"x": [{"call": "b.y", "circuit_breaker": {"minimum_calls": 1, "window": 1,
                                                     "wait_in_open": "500ms", "permitted_calls_in_half_open": 1}}]}},
         "b": {"workers": 9, "operations": {"y": [{"work": "400ms"}]}})",
      R"("incidents": [{"at": "0s", "for": "1900ms", "target": "b.y", "effect": {"fails": 1}},
                       {"at": "2200ms", "for": "300ms", "target": "a", "effect": {"down": "refuse"}}], )"));
  CHECK(m.calls[0].open == 0);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 7);
}

TEST_CASE("a message is never refused by the queue of its service", "[system][meanings]") {
  const auto m = publishing("", R"({"work": "500ms"})", "4/s", R"("drain": "1min", )", R"("queue": {"capacity": 0}, )");
  CHECK(m.services[1].refused == 0);
  CHECK(m.clients[0].fulfilled == 39);
}

TEST_CASE("concurrency is of the whole service, and by default its workers times its replicas", "[system][meanings]") {
  const auto longest = [](const std::string& options) {
    const auto m = run_text(scenario_text(R"("requests": "a.x", "users": {"users": 8, "think": "1s"})",
                                          R"("a": {"workers": 99, "operations": {"x": [{"publish": "t"}]}},
           "b": {"replicas": 2, "workers": 2, "operations": {"y": [{"work": "100ms"}]}})",
                                          R"("topics": {"t": {"subscriptions": {"b.y": )" + options + R"(}}}, )"));
    return ms(static_cast<double>(m.clients[0].completion_time.maximum()));
  };
  CHECK(longest("{}") == 200);
  CHECK(longest(R"({"concurrency": 4})") == 200);
  CHECK(longest(R"({"concurrency": 1})") == 800);
}

TEST_CASE("who waits for another delivery takes no room, and comes back at the tail", "[system][meanings]") {
  // One worker, 950 ms a message, no room to wait. The message of 1 s fails at 1.95 s and is due again at 4.45 s, while the
  // one of 4 s is at work: it waits for the worker until 4.95 s all the same, and the one of 5 s finds it busy.
  const auto m =
      publishing(R"("capacity": 0, "redelivery": {"delay": "2500ms"}, )", R"({"work": "950ms"})", "1/s",
                 R"("incidents": [{"at": "0s", "for": "1980ms", "target": "b.y", "effect": {"fails": 1}}], )");
  CHECK(m.subscriptions[0].refused == 1);
  CHECK(m.subscriptions[0].lost + m.subscriptions[0].dead_lettered == 0);
  CHECK(ms(static_cast<double>(m.subscriptions[0].lag.maximum())) == 4900);
  // Messages at 200, 400, 600 and 800 ms, 400 ms each. The first fails at 600 ms, is due at 700 ms, and goes behind the
  // second and third, before the fourth: it ends at 1800 ms.
  const auto tail = run_text(
      R"({"name": "test", "horizon": "1s", "drain": "10s",
          "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "5/s"}}},
          "services": {"a": {"operations": {"x": [{"publish": "t"}]}}, "b": {"operations": {"y": [{"work": "400ms"}]}}},
          "topics": {"t": {"redelivery": {"delay": "100ms"}, "subscriptions": {"b.y": {}}}},
          "incidents": [{"at": "0s", "for": "650ms", "target": "b.y", "effect": {"fails": 1}}]})");
  CHECK(ms(static_cast<double>(tail.clients[0].completion_time.maximum())) == 1600);
}

TEST_CASE("the partition of a message is its request's number modulo the partitions", "[system][meanings]") {
  // At 1/s and 1.5 s each, two partitions keep up only when they take turns.
  const auto m =
      publishing(R"("partitions": 2, )", R"({"work": "1500ms"})", "1/s", R"("drain": "1min", )", R"("workers": 9, )");
  check_all_ms(m.clients[0].completion_time, 1500);
}

TEST_CASE("what was done although the client had given up is fulfilled", "[system][meanings]") {
  const auto m = run_text(scenario_text(R"("requests": "a.x", "arrivals": {"constant": "1/s"}, "timeout": "50ms")",
                                        R"("a": {"operations": {"x": [{"work": "100ms"}]}})"));
  CHECK(outcome(m.clients[0], Outcome::timed_out) == 9);
  CHECK(m.clients[0].fulfilled == 9);
  CHECK(m.clients[0].broken_promises == 0);
}

TEST_CASE("what failed and was not needed breaks no promise", "[system][meanings]") {
  const auto branches = run_text(scenario_text(
      once_a_second,
      R"("a": {"operations": {"x": [{"parallel": [[{"call": "b.y"}], [{"call": "b.w"}]], "join": "any"}]}},
         "b": {"workers": 9, "operations": {"y": [{"work": "10ms"}], "w": [{"work": "5ms", "fails": 1}]}})"));
  CHECK(outcome(branches.clients[0], Outcome::succeeded) == 9);
  CHECK(branches.clients[0].fulfilled == 9);
  // The first attempt fails, the second does not: the incident ends in between.
  const auto retried =
      calling(R"(, "retry": {"backoff": "50ms", "jitter": "none"})", R"({"work": "10ms"})", once_a_second,
              R"("incidents": [{"at": "1s", "for": "40ms", "target": "b.y", "effect": {"fails": 1}}], )");
  CHECK(retried.calls[0].failed == 1);
  CHECK(retried.clients[0].fulfilled == 9);
}
