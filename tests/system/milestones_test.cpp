// Waiting for operations: await, and notify with a condition.
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

const std::string once_a_second = R"("requests": "a.x", "arrivals": {"constant": "1/s"})";

/// Service a runs the steps; topic t is handled by b.h in 50 ms and by c.h in 80 ms.
Measurements run_steps(const std::string& steps, const std::string& service = R"("workers": 9)",
                       const std::string& client = once_a_second) {
  return run_text(scenario_text(client, R"("a": {)" + service + R"(, "operations": {"x": [)" + steps + R"(]}},
      "b": {"workers": 9, "operations": {"h": [{"work": "50ms"}], "bad": [{"work": "10ms", "fails": 1}]}},
      "c": {"workers": 9, "operations": {"h": [{"work": "80ms"}]}})",
                                R"("topics": {"t": {"subscriptions": {"b.h": {}, "c.h": {}}}}, )"));
}

}  // namespace

TEST_CASE("await goes on when handlers of all its operations have succeeded", "[system]") {
  const auto both = run_steps(R"({"publish": "t"}, {"await": ["b.h", "c.h"]}, {"work": "1ms"})");
  check_all_ms(both.clients[0].response_time, 81);
  CHECK(both.clients[0].fulfilled == 9);
  CHECK((both.services[0].held_ns == Int128{9} * 80'000'000));  // it holds its worker
  check_all_ms(run_steps(R"({"publish": "t"}, {"await": ["b.h"]})").clients[0].response_time, 50);
  const auto later = run_steps(R"({"publish": "t"}, {"delay": "200ms"}, {"await": ["b.h", "c.h"]})");
  check_all_ms(later.clients[0].response_time, 200);
}

TEST_CASE("an async service awaits without a worker", "[system]") {
  const auto m = run_steps(R"({"publish": "t"}, {"await": ["b.h", "c.h"]}, {"work": "1ms"})", R"("waiting": "async")",
                           R"("requests": "a.x", "arrivals": {"constant": "20/s"})");
  check_all_ms(m.clients[0].response_time, 81);
  CHECK((m.services[0].held_ns == 0));
}

TEST_CASE("an await that takes too long fails the step, but not what comes at that instant", "[system]") {
  const auto late = run_steps(R"({"publish": "t"}, {"await": ["b.h", "c.h"], "timeout": "60ms"}, {"work": "1s"})");
  CHECK(outcome(late.clients[0], Outcome::failed) == 9);
  check_all_ms(late.clients[0].response_time, 60);
  check_all_ms(late.clients[0].completion_time, 80);
  const auto in_time = run_steps(R"({"publish": "t"}, {"await": ["b.h", "c.h"], "timeout": "80ms"})");
  CHECK(outcome(in_time.clients[0], Outcome::succeeded) == 9);
  const auto undone = run_steps(
      R"({"try": [{"publish": "t"}, {"await": ["c.h"], "timeout": "60ms"}], "compensate": [{"await": ["c.h"]}]})");
  CHECK(outcome(undone.clients[0], Outcome::failed) == 9);
  check_all_ms(undone.clients[0].response_time, 80);
  CHECK(undone.clients[0].compensated == 9);
}

TEST_CASE("what awaits is met by its own request only, and by a plain call, too", "[system]") {
  const auto m = run_text(R"({"name": "t", "horizon": "1500ms", "drain": "1s",
    "clients": {"asks": {"requests": "a.calls", "arrivals": {"constant": "1/s"}},
                "waits": {"requests": "a.waits", "arrivals": {"constant": "1/s"}}},
    "services": {"a": {"workers": 9, "operations": {
                   "calls": [{"parallel": [[{"call": "b.h"}, {"delay": "10ms"}], [{"await": ["b.h"]}]], "join": "any"}],
                   "waits": [{"await": ["b.h"]}]}},
                 "b": {"operations": {"h": [{"work": "50ms"}]}}}})");
  check_all_ms(m.clients[0].response_time, 50);
  CHECK(m.clients[1].response_time.empty());  // nothing that it caused ever comes there
  CHECK(m.clients[1].requests == 1);
}

TEST_CASE("a client is notified when all that is wanted has succeeded, also after the job that says so", "[system]") {
  const auto m = run_steps(R"({"publish": "t"}, {"notify": "client", "when": ["b.h", "c.h"]})");
  check_all_ms(m.clients[0].response_time, 0);
  check_all_ms(m.clients[0].notification_time, 80);
  CHECK(m.clients[0].notification_time.count() == 9);
  const auto already = run_steps(R"({"publish": "t"}, {"delay": "100ms"}, {"notify": "client", "when": ["b.h"]})");
  check_all_ms(already.clients[0].notification_time, 100);
  const auto earlier =
      run_steps(R"({"publish": "t"}, {"notify": "client", "when": ["c.h"]}, {"notify": "client", "when": ["b.h"]})");
  check_all_ms(earlier.clients[0].notification_time, 50);
  CHECK(earlier.clients[0].notification_time.count() == 9);
}

TEST_CASE("what never succeeds never notifies", "[system]") {
  const auto m = run_steps(R"({"notify": "client", "when": ["b.bad"]}, {"call": "b.bad"})");
  CHECK(m.clients[0].notification_time.empty());
  CHECK(outcome(m.clients[0], Outcome::failed) == 9);
}
