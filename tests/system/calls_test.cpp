// Calls, retries, branches and early answers, on scenarios without chance.
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

const std::string once_a_second = R"("requests": "a.x", "arrivals": {"constant": "1/s"})";

/// Service a runs the steps; b.ok works 100 ms, b.bad works 10 ms and fails, b.no declines, c.ok works 40 ms.
Measurements run_steps(const std::string& steps, const std::string& client = once_a_second,
                       const std::string& more = "") {
  return run_text(scenario_text(client, R"("a": {"workers": 9, "operations": {"x": [)" + steps + R"(]}},
      "b": {"workers": 9, "operations": {"ok": [{"work": "100ms"}], "bad": [{"work": "10ms", "fails": 1}],
                                         "no": [{"work": "10ms", "declines": 1}]}},
      "c": {"workers": 9, "operations": {"ok": [{"work": "40ms"}]}})",
                                more));
}

const CallMeasurement& first_call(const Measurements& m) { return m.calls.front(); }

}  // namespace

TEST_CASE("a call waits for its answer", "[system]") {
  const auto m = run_steps(R"({"work": "10ms"}, {"call": "b.ok"}, {"work": "5ms"})");
  check_all_ms(m.clients[0].response_time, 115);
  check_all_ms(first_call(m).response_time, 100);
}

TEST_CASE("every hop of a network counts, client to service too", "[system]") {
  const auto m = run_steps(R"({"call": "b.ok"})", once_a_second, R"("network": {"latency": "3ms"}, )");
  check_all_ms(m.clients[0].response_time, 112);    // two hops there, two back
  check_all_ms(m.clients[0].completion_time, 109);  // the last job ended before its answer arrived
  check_all_ms(first_call(m).response_time, 106);
}

TEST_CASE("a failure fails the caller, and reaches the client as failed", "[system]") {
  const auto m = run_steps(R"({"call": "b.bad"}, {"work": "1s"})");
  CHECK(outcome(m.clients[0], Outcome::failed) == 9);
  check_all_ms(m.clients[0].response_time, 10);
  CHECK(m.clients[0].fulfilled == 0);
  CHECK(first_call(m).failed == 9);
}

TEST_CASE("retries wait longer and longer, and count as attempts", "[system]") {
  const auto m =
      run_steps(R"({"call": "b.bad", "retry": {"attempts": 3, "backoff": "100ms", "factor": 2, "jitter": "none"}})");
  check_all_ms(m.clients[0].response_time, 10 + 100 + 10 + 200 + 10);
  CHECK(first_call(m).calls == 9);
  CHECK(first_call(m).attempts == 27);
  CHECK(first_call(m).failed == 27);
  CHECK(outcome(m.clients[0], Outcome::failed) == 9);
}

TEST_CASE("a timeout deeper down reaches the client as failed, its own as timed out", "[system]") {
  const auto deep = run_steps(R"({"call": "b.ok", "timeout": "30ms"})");
  CHECK(outcome(deep.clients[0], Outcome::failed) == 9);
  check_all_ms(deep.clients[0].response_time, 30);
  check_all_ms(deep.clients[0].completion_time, 100);
  CHECK(first_call(deep).timed_out == 9);
  const auto own = run_steps(R"({"call": "b.ok"})", once_a_second + R"(, "timeout": "30ms")");
  CHECK(outcome(own.clients[0], Outcome::timed_out) == 9);
  CHECK(own.services[1].wasted_ns == Int128{9} * 100'000'000);
}

TEST_CASE("an attempt that comes too late does not answer the retry", "[system]") {
  // Every attempt takes 100 ms and is given up after 60 ms; the answer of the first comes at 100 ms, to nobody.
  const auto m = run_steps(R"({"call": "b.ok", "timeout": "60ms", "retry": {"attempts": 2, "backoff": "0s"}})");
  check_all_ms(m.clients[0].response_time, 120);
  check_all_ms(m.clients[0].completion_time, 160);
  CHECK(outcome(m.clients[0], Outcome::failed) == 9);
}

TEST_CASE("a client may retry, too, and is told what happened to its last attempt", "[system]") {
  const auto m = run_steps(R"({"call": "b.bad"})",
                           once_a_second + R"(, "retry": {"attempts": 2, "backoff": "50ms", "jitter": "none"})");
  check_all_ms(m.clients[0].response_time, 10 + 50 + 10);
  CHECK(outcome(m.clients[0], Outcome::failed) == 9);
}

TEST_CASE("declined is an answer: never retried, passed up, and not fulfilled", "[system]") {
  const auto m = run_steps(R"({"call": "b.no", "retry": {"attempts": 5}}, {"work": "1s"})");
  CHECK(outcome(m.clients[0], Outcome::declined) == 9);
  check_all_ms(m.clients[0].response_time, 10);
  CHECK(first_call(m).attempts == 9);
  CHECK(first_call(m).failed == 0);
  CHECK(m.clients[0].fulfilled == 0);
  CHECK(m.clients[0].broken_promises == 0);
}

TEST_CASE("after a reply the rest runs on and can no longer change the answer", "[system]") {
  const auto m = run_steps(R"({"work": "10ms"}, {"reply": "accepted"}, {"call": "b.ok"})");
  check_all_ms(m.clients[0].response_time, 10);
  check_all_ms(m.clients[0].completion_time, 110);
  CHECK(m.clients[0].fulfilled == 9);
  const auto broken = run_steps(R"({"work": "10ms"}, {"reply": "accepted"}, {"call": "b.bad"})");
  CHECK(outcome(broken.clients[0], Outcome::succeeded) == 9);
  CHECK(broken.clients[0].fulfilled == 0);
  CHECK(broken.clients[0].broken_promises == 9);
}

TEST_CASE("a client is notified once", "[system]") {
  const auto m = run_steps(R"({"work": "10ms"}, {"notify": "client"}, {"work": "10ms"}, {"notify": "client"})");
  check_all_ms(m.clients[0].notification_time, 10);
  CHECK(m.clients[0].notification_time.count() == 9);
}

TEST_CASE("calls of parallel branches overlap", "[system]") {
  const auto all = run_steps(R"({"parallel": [[{"call": "b.ok"}], [{"call": "c.ok"}]]}, {"work": "1ms"})");
  check_all_ms(all.clients[0].response_time, 101);
  const auto any =
      run_steps(R"({"parallel": [[{"call": "b.ok"}], [{"call": "c.ok"}]], "join": "any"}, {"work": "1ms"})");
  check_all_ms(any.clients[0].response_time, 41);
  check_all_ms(any.clients[0].completion_time, 100);
  CHECK(any.clients[0].fulfilled == 9);
}

TEST_CASE("work in branches shares the job's one worker in turn", "[system]") {
  const auto m = run_steps(R"({"parallel": [[{"work": "10ms"}, {"work": "1ms"}], [{"work": "20ms"}]]})");
  check_all_ms(m.clients[0].response_time, 31);
  const auto any =
      run_steps(R"({"parallel": [[{"work": "10ms"}, {"work": "1ms"}], [{"work": "20ms"}]], "join": "any"})");
  check_all_ms(any.clients[0].response_time, 30);  // the other branch's 20 ms come before the last 1 ms
}

TEST_CASE("a join fails as soon as it cannot be reached", "[system]") {
  const auto all = run_steps(R"({"parallel": [[{"call": "b.ok"}], [{"call": "b.bad"}]]})");
  check_all_ms(all.clients[0].response_time, 10);
  check_all_ms(all.clients[0].completion_time, 100);
  CHECK(all.clients[0].fulfilled == 0);
  const auto two =
      run_steps(R"({"parallel": [[{"call": "b.ok"}], [{"call": "b.bad"}], [{"call": "c.ok"}]], "join": 2})");
  check_all_ms(two.clients[0].response_time, 100);
  CHECK(two.clients[0].fulfilled == 9);  // the branch that was not needed does not matter
}

TEST_CASE("a repeat runs its steps again and again, and a choice takes one branch", "[system]") {
  const auto m = run_steps(R"({"repeat": 3, "steps": [{"work": "10ms"}, {"repeat": 2, "steps": [{"work": "1ms"}]}]})");
  check_all_ms(m.clients[0].response_time, 36);
  const auto none_at_all = run_steps(R"({"repeat": 0, "steps": [{"work": "10ms"}]}, {"work": "2ms"})");
  check_all_ms(none_at_all.clients[0].response_time, 2);
  const auto chosen = run_steps(R"({"choose": [{"probability": 0, "steps": [{"work": "1s"}]},
                                               {"probability": 1, "steps": [{"work": "7ms"}]}]}, {"work": "1ms"})");
  check_all_ms(chosen.clients[0].response_time, 8);
}
