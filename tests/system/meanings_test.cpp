// What the language means to the letter: windows, draws, queues and what holds a worker, on runs that can be worked out
// by hand. What other tests show already is not shown here again.
#include <string>

#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

const std::string once_a_second = R"("requests": "a.x", "arrivals": {"constant": "1/s"})";

/// One client, one service "a" with this inside and this operation "x".
Measurements run_service(const std::string& client, const std::string& service, const std::string& steps,
                         const std::string& more = "") {
  return run_text(scenario_text(client, R"("a": {)" + service + R"("operations": {"x": [)" + steps + "]}}", more));
}

/// So many users who all ask for a.x once, at 1 s, and then never again.
std::string at_one_second(int users) {
  return R"("requests": "a.x", "users": {"users": )" + std::to_string(users) + R"(, "think": "1s"})";
}

/// A scenario whose horizon leaves time for the first round of users only.
std::string one_round(const std::string& clients, const std::string& services, const std::string& more = "") {
  return R"({"name": "test", "horizon": "1001ms", "drain": "1min", )" + more + R"("clients": {)" + clients +
         R"(}, "services": {)" + services + "}}";
}

}  // namespace

TEST_CASE("clients count what starts in the window, services what happens in it", "[system][meanings]") {
  // Requests at 1, 2, ... 9 s take 2.5 s each. The window is [2 s, 10 s).
  const auto m =
      run_service(once_a_second, R"("workers": "unlimited", )", R"({"work": "2500ms"})", R"("warmup": "2s", )");
  CHECK(m.clients[0].requests == 8);  // the drain lets all of them end
  CHECK(m.clients[0].response_time.count() == 8);
  CHECK(m.services[0].arrivals == 8);
  CHECK(m.services[0].completed == 7);  // of 1 s to 7 s, which end at 3.5 s to 9.5 s: the first one, too
  CHECK(m.services[0].sojourn_time.count() == 7);
  CHECK(static_cast<double>(m.services[0].busy_ns) == 1.5e9 + 6 * 2.5e9 + 2e9 + 1e9);
}

TEST_CASE("answered requests with work left at the end are incomplete, and not fulfilled", "[system][meanings]") {
  const auto m = run_service(once_a_second, R"("workers": "unlimited", )", R"({"reply": "accepted"}, {"work": "20s"})",
                             R"("drain": "5s", )");
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 9);
  CHECK(m.clients[0].response_time.count() == 9);
  CHECK(m.clients[0].incomplete == 9);
  CHECK(m.clients[0].completion_time.count() == 0);
  CHECK(m.clients[0].fulfilled == 0);
}

TEST_CASE("a run ends when all that is measured has ended", "[system][meanings]") {
  const auto m = run_service(once_a_second, "", R"({"work": "10ms"})", R"("drain": "1h", )");
  CHECK(m.ledger.arrived <= 10);
}

TEST_CASE("delays of the network leave the draws of work alone", "[system][meanings]") {
  const auto worked = [](const std::string& more) {
    const auto m = run_service(once_a_second, R"("replicas": 3, "balancing": "random", )",
                               R"({"work": {"exponential": "10ms"}})", more);
    return static_cast<double>(m.services[0].busy_ns);
  };
  const double plain = worked("");
  CHECK(plain > 0);
  CHECK(worked(R"("network": {"latency": {"exponential": "20ms"}}, )") == plain);
}

TEST_CASE("every attempt has draws of its own", "[system][meanings]") {
  const auto m = run_text(scenario_text(
      once_a_second, R"("a": {"operations": {"x": [{"call": "b.y", "retry": {"attempts": 2, "jitter": "none"}}]}},
                        "b": {"operations": {"y": [{"work": {"exponential": "1ms"}, "fails": 1}]}})"));
  const Histogram& times = m.services[1].sojourn_time;
  CHECK(times.count() == 18);
  const auto one =
      run_text(scenario_text(once_a_second, R"("a": {"operations": {"x": [{"call": "b.y", "retry": {"attempts": 1}}]}},
                        "b": {"operations": {"y": [{"work": {"exponential": "1ms"}, "fails": 1}]}})"));
  const UInt128 first = one.services[1].sojourn_time.sum();
  CHECK(times.sum() > first);
  CHECK(times.sum() != first + first);  // as it would be, were the second attempt a copy of the first
}

TEST_CASE("a request's no is the same whatever happened before it", "[system][meanings]") {
  const auto declined = [](const std::string& fails) {
    const auto m = run_text(scenario_text(R"("requests": "a.x", "arrivals": {"constant": "50/s"})",
                                          R"("a": {"workers": "unlimited", "operations": {"x": [{"call": "b.y",
              "retry": {"attempts": 60, "backoff": "1ms", "factor": 1}}]}},
           "b": {"workers": "unlimited", "operations": {"y": [{"work": "1ms", "fails": )" +
                                              fails + R"(}, {"work": "1ms", "declines": 0.3}]}})"));
    return outcome(m.clients[0], Outcome::declined);
  };
  const std::uint64_t calm = declined("0");
  CHECK(calm > 100);
  CHECK(declined("0.5") == calm);
}

TEST_CASE("a refusal deeper down reaches the client as failed", "[system][meanings]") {
  const auto m = run_text(scenario_text(once_a_second, R"("a": {"workers": 9, "operations": {"x": [{"call": "b.y"}]}},
                        "b": {"queue": {"capacity": 0}, "operations": {"y": [{"work": "60s"}]}})",
                                        R"("drain": "1min", )"));
  CHECK(outcome(m.clients[0], Outcome::failed) == 8);
  CHECK(outcome(m.clients[0], Outcome::refused) == 0);
}

TEST_CASE("capacity is one queue's: of each replica without a shared one", "[system][meanings]") {
  const std::string five = R"("c": {)" + at_one_second(5) + "}";
  const auto refused = [&](const std::string& balancing) {
    const auto m = run_text(one_round(five, R"("a": {"replicas": 2, "queue": {"capacity": 1}, )" + balancing +
                                                R"("operations": {"x": [{"work": "10s"}]}})"));
    return outcome(m.clients[0], Outcome::refused);
  };
  CHECK(refused("") == 2);                                 // two at work, one waits
  CHECK(refused(R"("balancing": "round-robin", )") == 1);  // two at work, two wait
}

TEST_CASE("a service's rate limit is one for all its replicas", "[system][meanings]") {
  const auto m =
      run_service(R"("requests": "a.x", "arrivals": {"constant": "2/s"})",
                  R"("replicas": 2, "balancing": "round-robin", "rate_limit": {"rate": "1/s", "burst": 1}, )",
                  R"({"work": "1ms"})");
  CHECK(m.services[0].refused == 9);  // of 19, every second one
}

TEST_CASE("a job that goes on after a wait is never refused for want of room", "[system][meanings]") {
  // The first works 0 to 100 ms after its second and again from 200 ms; the other one works from 150 to 250 ms.
  const auto m = run_text(
      R"({"name": "test", "horizon": "1300ms", "drain": "10s", "clients": {
          "c": {"requests": "a.x", "users": {"users": 1, "think": "1s"}},
          "d": {"requests": "a.z", "users": {"users": 1, "think": "1150ms"}}},
          "services": {"a": {"waiting": "async", "queue": {"capacity": 0}, "operations": {
            "x": [{"work": "100ms"}, {"delay": "100ms"}, {"work": "100ms"}], "z": [{"work": "100ms"}]}}}})");
  check_all_ms(m.clients[0].response_time, 350);
  check_all_ms(m.clients[1].response_time, 100);
  CHECK(m.services[0].refused == 0);
}

TEST_CASE("calls and messages inherit priority, unless they have one of their own", "[system][meanings]") {
  const auto urgent = [](const std::string& step, const std::string& more = "") {
    const auto m = run_text(one_round(
        R"("a": {"requests": "a.x", "users": {"users": 3, "think": "1s"}},
           "z": {"requests": "a.x", "priority": 1, "users": {"users": 1, "think": "1s"}})",
        R"("a": {"workers": 9, "operations": {"x": [)" + step +
            R"(]}}, "b": {"queue": {"discipline": "priority"}, "operations": {"y": [{"work": "100ms"}]}})",
        more));
    REQUIRE(m.clients[1].completion_time.count() == 1);
    return ms(static_cast<double>(m.clients[1].completion_time.maximum()));
  };
  const std::string topic = R"("topics": {"t": {"subscriptions": {"b.y": {}}}}, )";
  CHECK(urgent(R"({"call": "b.y"})") == 200);  // right behind the one that was there already
  CHECK(urgent(R"({"call": "b.y", "priority": 0})") == 400);
  CHECK(urgent(R"({"publish": "t"})", topic) == 200);
  CHECK(urgent(R"({"publish": "t", "priority": 0})", topic) == 400);
}

TEST_CASE("a blocking worker is held during whatever its job waits for", "[system][meanings]") {
  // Two ask at one instant for steps of 100 ms without work: a second worker is what the other one needs, or none.
  const std::string callee = R"(, "b": {"workers": 9, "operations": {"y": [{"delay": "100ms"}],
                                  "w": [{"work": "0s", "fails": 1}]}})";
  const std::string topics = R"("topics": {"t": {"subscriptions": {"b.y": {}}}}, "network": {"links": {
                                  "a->t": {"latency": "50ms"}}}, )";
  const auto last = [&](const std::string& waiting, const std::string& step) {
    const auto m = run_text(
        one_round(R"("c": {)" + at_one_second(2) + "}",
                  R"("a": {"waiting": ")" + waiting + R"(", "operations": {"x": [)" + step + "]}}" + callee, topics));
    REQUIRE(m.clients[0].response_time.count() == 2);
    return ms(static_cast<double>(m.clients[0].response_time.maximum()));
  };
  for (const std::string step : {R"({"delay": "100ms"})", R"({"call": "b.y"})", R"({"publish": "t", "confirm": true})",
                                 R"({"parallel": [[{"delay": "100ms"}], [{"delay": "50ms"}]]})",
                                 R"({"call": "b.w", "retry": {"attempts": 2, "jitter": "none"}})",
                                 R"({"call": "b.w", "fallback": [{"delay": "100ms"}]})"}) {
    INFO(step);
    CHECK(last("blocking", step) == 200);
    CHECK(last("async", step) == 100);
  }
}

TEST_CASE("branches that a join needs no more run on, and hold no worker while they only wait", "[system][meanings]") {
  const auto m = run_text(
      one_round(R"("c": {)" + at_one_second(2) + "}",
                R"("a": {"operations": {"x": [{"parallel": [[{"delay": "10ms"}], [{"call": "b.y"}]], "join": "any"}]}},
         "b": {"workers": 9, "operations": {"y": [{"work": "300ms"}]}})"));
  CHECK(ms(static_cast<double>(m.clients[0].response_time.maximum())) == 20);
  CHECK(ms(static_cast<double>(m.clients[0].completion_time.maximum())) == 310);
  CHECK(m.clients[0].fulfilled == 2);
}

TEST_CASE("work for branches that nobody waits for is wasted", "[system][meanings]") {
  const auto m = run_text(scenario_text(
      once_a_second,
      R"("a": {"operations": {"x": [{"parallel": [[{"delay": "10ms"}], [{"call": "b.y"}]], "join": "any"}]}},
         "b": {"workers": 9, "operations": {"y": [{"work": "300ms"}]}})"));
  CHECK(static_cast<double>(m.services[1].wasted_ns) == 9 * 300e6);
}

TEST_CASE("whatever an attempt draws is its own", "[system][meanings]") {
  // Were the draws of the second attempt those of the first, all sums would double to the nanosecond.
  const auto sum_of = [](const std::string& step, const std::string& call, const std::string& client = "") {
    const auto m =
        run_text(scenario_text(once_a_second + client, R"("a": {"operations": {"x": [{"call": "b.y")" + call + R"(}]}},
        "b": {"operations": {"y": [)" + step + R"(, {"work": "0s", "fails": 1}]}})"));
    CHECK(m.clients[0].response_time.count() == 9);
    return m.clients[0].response_time.sum();
  };
  const auto attempts = [](int n, const std::string& more) {
    return R"(, "retry": {"backoff": )" + more + R"(, "factor": 1, "attempts": )" + std::to_string(n) + "}";
  };
  const std::string at_once = R"("0s")", jitter = R"("100ms")";
  const std::string either =
      R"({"choose": [{"probability": 0.5, "steps": [{"delay": "1ms"}]}, {"probability": 0.3, "steps": [{"delay": "7ms"}]}]})";
  for (const std::string& step :
       {std::string(R"({"work": {"exponential": "1ms"}})"), either, std::string(R"({"delay": {"exponential": "1ms"}})"),
        std::string(R"({"repeat": {"geometric": 3}, "steps": [{"delay": "1ms"}]})")}) {
    INFO(step);
    const UInt128 once = sum_of(step, "");
    CHECK(once > 0);
    CHECK(sum_of(step, attempts(2, at_once)) != once + once);
    CHECK(sum_of(step, "", attempts(2, at_once)) != once + once);
  }
  const std::string nothing = R"({"delay": "0s"})";
  const UInt128 wait = sum_of(nothing, attempts(2, jitter));
  CHECK(sum_of(nothing, attempts(3, jitter)) != wait + wait);
  const UInt128 client_wait = sum_of(nothing, "", attempts(2, jitter));
  CHECK(sum_of(nothing, "", attempts(3, jitter)) != client_wait + client_wait);
}

TEST_CASE("held workers are counted from the window's begin", "[system][meanings]") {
  // Requests at 1, 2, ... 9 s hold a worker of a for 2.5 s each. The window is [2 s, 10 s).
  const auto m = run_text(scenario_text(once_a_second,
                                        R"("a": {"workers": 99, "operations": {"x": [{"call": "b.y"}]}},
         "b": {"workers": 99, "operations": {"y": [{"work": "2500ms"}]}})",
                                        R"("warmup": "2s", )"));
  CHECK(static_cast<double>(m.services[0].held_ns) == 1.5e9 + 6 * 2.5e9 + 2e9 + 1e9);
}
