// Breakers, limits, copies, fallbacks, deadlines and budgets, on scenarios without chance.
#include <string>

#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

const std::string twice_a_second = R"("requests": "a.x", "arrivals": {"constant": "2/s"})";

/// Service a calls b.y with these options; b.y runs these steps.
Measurements calling(const std::string& options, const std::string& callee, const std::string& client = twice_a_second,
                     const std::string& more = "") {
  return run_text(scenario_text(client,
                                R"("a": {"workers": 20, "operations": {"x": [{"call": "b.y")" + options + R"(}]}},
      "b": {"workers": 20, "operations": {"y": [)" +
                                    callee + R"(]}},
      "c": {"operations": {"z": [{"work": "7ms"}]}})",
                                more));
}

std::string at_once(const std::string& n) {
  return R"("requests": "a.x", "users": {"users": )" + n + R"(, "think": "1s"})";
}

const std::string failing = R"({"work": "10ms", "fails": 1})";

}  // namespace

TEST_CASE("a breaker opens at its threshold and lets a few calls look again", "[system][calls]") {
  // Requests at 0.5, 1.0, ... 9.5 s. Four fail and open it at 2.01 s for 2 s: those of 2.5 to 4.0 s are stopped; the two of
  // 4.5 and 5.0 s are let through, fail, and open it at 5.01 s: 5.5 to 7.0 s are stopped; 7.5 and 8.0 s look again; the rest is stopped.
  const auto m = calling(R"(, "circuit_breaker": {"minimum_calls": 4, "window": 4, "wait_in_open": "2s",
                                                   "permitted_calls_in_half_open": 2})",
                         failing);
  CHECK(m.calls[0].calls == 19);
  CHECK(m.calls[0].attempts == 4 + 2 + 2);
  CHECK(m.calls[0].open == 4 + 4 + 3);
  CHECK(m.calls[0].failed == 8);
  CHECK(outcome(m.clients[0], Outcome::failed) == 19);  // an open breaker deeper down is a failure to the client
}

TEST_CASE("a breaker closes when the calls that looked again went well", "[system][calls]") {
  const auto m =
      calling(R"(, "circuit_breaker": {"minimum_calls": 2, "wait_in_open": "1s", "permitted_calls_in_half_open": 1})",
              R"({"work": "10ms"})", twice_a_second,
              R"("incidents": [{"at": "0s", "for": "1200ms", "target": "b.y", "effect": {"fails": 1}}], )");
  // 0.5 and 1.0 s fail; 1.5 and 2.0 s are stopped; 2.5 s goes well, and so does all the rest.
  CHECK(m.calls[0].open == 2);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 15);
}

TEST_CASE("slow calls open a breaker, too", "[system][calls]") {
  const auto m = calling(R"(, "circuit_breaker": {"minimum_calls": 2, "wait_in_open": "60s",
                              "slow_call": {"longer_than": "50ms", "rate_threshold": 1}})",
                         R"({"work": "60ms"})");
  CHECK(m.calls[0].attempts == 2);
  CHECK(m.calls[0].open == 17);
}

TEST_CASE("a bulkhead refuses what exceeds its calls, and its permit returns when the caller stops waiting",
          "[system][calls]") {
  const std::string slow = R"({"work": "300ms"})";
  const auto m = calling(R"(, "bulkhead": {"max_concurrent_calls": 2})", slow, at_once("3"));
  // Three ask at the same instants of a second; one of them is refused each time.
  CHECK(m.calls[0].refused > 0);
  CHECK(m.calls[0].attempts + m.calls[0].refused == m.calls[0].calls);
  CHECK(m.services[1].busy_ns < m.services[1].arrivals * 300'000'001);
  // The callee works 300 ms, but its callers wait 50 ms only: at 20/s one of them waits at a time.
  const auto gone = calling(R"(, "timeout": "40ms", "bulkhead": {"max_concurrent_calls": 1})", slow,
                            R"("requests": "a.x", "arrivals": {"constant": "20/s"})");
  CHECK(gone.calls[0].refused == 0);
  CHECK(gone.calls[0].timed_out == 199);
}

TEST_CASE("a rate limit on a call refuses what exceeds it, before it is sent", "[system][calls]") {
  const auto m = calling(R"(, "rate_limit": {"rate": "1/s", "burst": 1})", R"({"work": "10ms"})");
  CHECK(m.calls[0].attempts == 10);  // of 19: the one at 0.5 s and every second one
  CHECK(m.calls[0].refused == 9);
  CHECK(outcome(m.clients[0], Outcome::failed) == 9);
}

TEST_CASE("copies go out at their times, and the first success counts", "[system][calls]") {
  const std::string hedge = R"(, "hedge": {"after": "50ms", "attempts": 3})";
  const auto quick = calling(hedge, R"({"work": "40ms"})");
  CHECK(quick.services[1].arrivals == 19);
  const auto slow = calling(hedge, R"({"work": "120ms"})");
  check_all_ms(slow.clients[0].response_time, 120);
  check_all_ms(slow.clients[0].completion_time, 220);  // the third copy started at 100 ms
  CHECK(slow.services[1].arrivals == 3 * 19);
  CHECK(slow.calls[0].attempts == 19);
  CHECK(slow.clients[0].fulfilled == 19);
  CHECK(static_cast<double>(slow.services[1].wasted_ns) == 19 * 2 * 120e6);
}

TEST_CASE("a hedged call fails only when all its copies have", "[system][calls]") {
  const auto m = calling(R"(, "hedge": {"after": "50ms", "attempts": 3})", failing);
  check_all_ms(m.clients[0].response_time, 110);
  CHECK(m.calls[0].failed == 19);
  CHECK(m.services[1].arrivals == 3 * 19);
  const auto declined = calling(R"(, "hedge": {"after": "50ms"})", R"({"work": "10ms", "declines": 1})");
  check_all_ms(declined.clients[0].response_time, 10);
  CHECK(declined.services[1].arrivals == 19);
}

TEST_CASE("a fallback runs when the call has finally failed, and the promise is not kept by it", "[system][calls]") {
  const std::string fallback =
      R"(, "retry": {"attempts": 2, "backoff": "5ms", "jitter": "none"}, "fallback": [{"call": "c.z"}])";
  const auto m = calling(fallback, failing);
  CHECK(outcome(m.clients[0], Outcome::degraded) == 19);
  check_all_ms(m.clients[0].response_time, 10 + 5 + 10 + 7);
  CHECK(m.clients[0].fulfilled == 0);
  CHECK(m.clients[0].broken_promises == 19);
  CHECK(m.calls[0].fallback == 19);
  const auto well = calling(fallback, R"({"work": "10ms"})");
  CHECK(outcome(well.clients[0], Outcome::succeeded) == 19);
  CHECK(well.calls[1].calls == 0);
  const auto declined = calling(fallback, R"({"work": "10ms", "declines": 1})");
  CHECK(outcome(declined.clients[0], Outcome::declined) == 19);
  CHECK(declined.calls[0].fallback == 0);
}

TEST_CASE("retries answer to the kinds that they are told", "[system][calls]") {
  const auto never = calling(R"(, "retry": {"attempts": 3, "on": ["timed_out", "refused"]})", failing);
  CHECK(never.calls[0].attempts == 19);
  const auto always = calling(R"(, "retry": {"attempts": 3, "backoff": "1ms", "on": ["failed"]})", failing);
  CHECK(always.calls[0].attempts == 57);
}

TEST_CASE("a budget is full at the start and gives out", "[system][calls]") {
  // Ten tokens, and 0.1 for each of 19 first attempts: eleven retries.
  const auto m = calling(R"(, "retry": {"attempts": 2, "backoff": "1ms", "budget": 0.1})", failing);
  CHECK(m.calls[0].attempts == 19 + 11);
  const auto client =
      calling("", failing, twice_a_second + R"(, "retry": {"attempts": 2, "backoff": "1ms", "budget": 0.1})");
  CHECK(client.calls[0].calls == 19 + 11);
}

TEST_CASE("a job whose caller has given up is dropped when its turn comes, and stops at its next step",
          "[system][calls]") {
  const auto chain = [](const std::string& deadline) {
    return run_text(scenario_text(
        twice_a_second,
        R"("a": {"workers": 20, "operations": {"x": [{"call": "b.y", "timeout": "50ms")" + deadline + R"(}]}},
        "b": {"workers": 20, "operations": {"y": [{"work": "80ms"}, {"call": "c.z"}, {"work": "10ms"}]}},
        "c": {"operations": {"z": [{"work": "7ms"}]}})"));
  };
  const auto ignored = chain("");
  CHECK(ignored.services[2].arrivals == 19);
  check_all_ms(ignored.clients[0].completion_time, 97);
  const auto propagated = chain(R"(, "deadline": "propagate")");
  CHECK(propagated.services[2].arrivals == 0);
  check_all_ms(propagated.clients[0].completion_time, 80);  // running work is not interrupted
  CHECK(propagated.ledger.jobs_left == 0);
  // One worker: the second of two jobs waits 80 ms for its turn, and its caller 50.
  const auto queued = run_text(scenario_text(
      R"("requests": "a.x", "arrivals": {"constant": "2/s"})",
      R"("a": {"workers": 20, "operations": {"x": [{"parallel": [[{"call": "b.y", "timeout": "50ms", "deadline": "propagate"}],
                                                                 [{"call": "b.y", "timeout": "50ms", "deadline": "propagate"}]]}]}},
         "b": {"operations": {"y": [{"work": "80ms"}]}})"));
  CHECK(static_cast<double>(queued.services[1].busy_ns) == 19 * 80e6);
  CHECK(queued.ledger.jobs_started == queued.ledger.jobs_ended);
}

TEST_CASE("a deadline is inherited by the callee's calls, never by messages", "[system][calls]") {
  const auto m = run_text(scenario_text(
      twice_a_second,
      R"("a": {"workers": 20, "operations": {"x": [{"call": "b.y", "timeout": "50ms", "deadline": "propagate"}]}},
         "b": {"workers": 20, "operations": {"y": [{"publish": "t"}, {"call": "c.z"}]}},
         "c": {"workers": 20, "operations": {"z": [{"work": "80ms"}, {"delay": "20ms"}]}},
         "d": {"workers": 20, "operations": {"w": [{"work": "80ms"}, {"delay": "30ms"}]}})",
      R"("topics": {"t": {"subscriptions": {"d.w": {}}}}, )"));
  check_all_ms(m.services[2].sojourn_time, 80);   // stops before its delay
  check_all_ms(m.services[3].sojourn_time, 110);  // a message's job runs to its end
}
