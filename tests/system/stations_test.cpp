// Workers, queues and instants, on scenarios without chance: every number can be read off by hand.
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

const std::string once_a_second = R"("requests": "a.x", "arrivals": {"constant": "1/s"})";
const std::string ten_a_second = R"("requests": "a.x", "arrivals": {"constant": "10/s"})";

std::string service(const std::string& keys, const std::string& steps) {
  return R"("a": {)" + keys + R"("operations": {"x": [)" + steps + "]}}";
}

}  // namespace

TEST_CASE("a request to an idle worker takes its service time", "[system]") {
  const auto m = run_text(scenario_text(once_a_second, service("", R"({"work": "10ms"})")));
  CHECK(m.clients[0].requests == 9);  // the first one gap after 0, none at the horizon
  check_all_ms(m.clients[0].response_time, 10);
  check_all_ms(m.clients[0].completion_time, 10);
  CHECK(m.clients[0].fulfilled == 9);
  check_all_ms(m.services[0].waiting_time, 0);
  CHECK(static_cast<double>(m.services[0].busy_ns) == 9 * 10e6);
}

TEST_CASE("at one instant a worker is freed before the next request comes", "[system]") {
  const auto m =
      run_text(scenario_text(ten_a_second, service(R"("queue": {"capacity": 0}, )", R"({"work": "100ms"})")));
  CHECK(m.clients[0].requests == 99);
  CHECK(outcome(m.clients[0], Outcome::refused) == 0);
  check_all_ms(m.services[0].waiting_time, 0);
}

TEST_CASE("without room a job that finds no worker is refused, and its client learns so at once", "[system]") {
  const auto m =
      run_text(scenario_text(ten_a_second, service(R"("queue": {"capacity": 0}, )", R"({"work": "150ms"})")));
  CHECK(outcome(m.clients[0], Outcome::refused) == 49);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 50);
  CHECK(m.clients[0].response_time.minimum() == 0);
  CHECK(m.clients[0].fulfilled == 50);
  CHECK(m.services[0].refused == 49);
}

TEST_CASE("capacity counts waiting jobs only", "[system]") {
  // Two users without thinking time at one worker: one runs, one waits; a third would be refused.
  const std::string users = R"("requests": "a.x", "users": {"users": 2, "think": "1ms"})";
  const auto m = run_text(scenario_text(users, service(R"("queue": {"capacity": 1}, )", R"({"work": "100ms"})")));
  CHECK(m.services[0].refused == 0);
  CHECK(m.clients[0].requests > 90);
}

TEST_CASE("an answer at the very instant of its timeout is in time", "[system]") {
  const std::string client = once_a_second + R"(, "timeout": "100ms")";
  const auto in_time = run_text(scenario_text(client, service("", R"({"work": "100ms"})")));
  CHECK(outcome(in_time.clients[0], Outcome::succeeded) == 9);
  const auto late = run_text(scenario_text(client, service("", R"({"work": "101ms"})")));
  CHECK(outcome(late.clients[0], Outcome::timed_out) == 9);
  check_all_ms(late.clients[0].response_time, 100);
  check_all_ms(late.clients[0].completion_time, 101);
  CHECK(late.clients[0].fulfilled == 9);  // given up, but all its work was done
  CHECK(late.clients[0].broken_promises == 0);
  CHECK(late.services[0].wasted_ns == Int128{9} * 101'000'000);
}

TEST_CASE("a blocking worker is held during its job's calls, an async one is not", "[system]") {
  const auto with = [](const std::string& waiting) {
    return run_text(scenario_text(
        R"("requests": "a.x", "arrivals": {"constant": "10/s"})",
        R"("a": {"waiting": ")" + waiting + R"(", "operations": {"x": [{"work": "50ms"}, {"call": "b.y"}]}},
           "b": {"workers": "unlimited", "operations": {"y": [{"work": "100ms"}]}})"));
  };
  const auto async = with("async");
  check_all_ms(async.clients[0].response_time, 150);
  CHECK(async.services[0].held_ns == 0);
  const auto blocking = with("blocking");  // 150 ms a request at 10/s: every next one waits 50 ms more
  CHECK(ms(static_cast<double>(blocking.clients[0].response_time.minimum())) == 150);
  CHECK(ms(static_cast<double>(blocking.clients[0].response_time.maximum())) > 3000);
  // Busy 50 ms and held 100 ms of every 150 ms from the first arrival at 0.1 s on.
  CHECK(ms(static_cast<double>(blocking.services[0].busy_ns + blocking.services[0].held_ns)) == 9900);
}

TEST_CASE("an async job that goes on after a wait queues for a worker at the tail", "[system]") {
  // Both jobs come at 1 s. The first works 10 ms, waits 10 ms, works again; the second works 30 ms meanwhile.
  const auto m = run_text(R"({"name": "t", "horizon": "1500ms",
    "clients": {"c1": {"requests": "a.x", "arrivals": {"constant": "1/s"}},
                "c2": {"requests": "a.y", "arrivals": {"constant": "1/s"}}},
    "services": {"a": {"waiting": "async", "operations": {
      "x": [{"work": "10ms"}, {"delay": "10ms"}, {"work": "5ms"}], "y": [{"work": "30ms"}]}}}})");
  check_all_ms(m.clients[0].response_time, 45);  // 10 work, then the worker is busy until 40, then 5
  check_all_ms(m.clients[1].response_time, 40);
}

TEST_CASE("an async job whose first step is not work needs no worker to start", "[system]") {
  const auto m = run_text(
      scenario_text(ten_a_second, service(R"("waiting": "async", "queue": {"capacity": 0}, )", R"({"delay": "1s"})")));
  check_all_ms(m.clients[0].response_time, 1000);
  CHECK(m.services[0].refused == 0);
}

TEST_CASE("priority decides who starts next and never interrupts", "[system]") {
  // At 1 s all three arrive; "low" has the worker already since it comes first by name.
  const auto m = run_text(R"({"name": "t", "horizon": "1500ms",
    "clients": {"a_low":  {"requests": "a.x", "arrivals": {"constant": "1/s"}},
                "b_low":  {"requests": "a.x", "arrivals": {"constant": "1/s"}},
                "c_high": {"requests": "a.x", "priority": 5, "arrivals": {"constant": "1/s"}}},
    "services": {"a": {"queue": {"discipline": "priority"}, "operations": {"x": [{"work": "10ms"}]}}}})");
  check_all_ms(m.clients[0].response_time, 10);
  check_all_ms(m.clients[1].response_time, 30);
  check_all_ms(m.clients[2].response_time, 20);
}

TEST_CASE("lifo takes the last one that came", "[system]") {
  const auto m = run_text(R"({"name": "t", "horizon": "1500ms",
    "clients": {"a": {"requests": "a.x", "arrivals": {"constant": "1/s"}},
                "b": {"requests": "a.x", "arrivals": {"constant": "1/s"}},
                "c": {"requests": "a.x", "arrivals": {"constant": "1/s"}}},
    "services": {"a": {"queue": {"discipline": "lifo"}, "operations": {"x": [{"work": "10ms"}]}}}})");
  check_all_ms(m.clients[1].response_time, 30);
  check_all_ms(m.clients[2].response_time, 20);
}

TEST_CASE("round robin gives every replica its turn, a queue each", "[system]") {
  // Three at one instant over two replicas: the third waits behind the first although it could not know better.
  const auto m = run_text(R"({"name": "t", "horizon": "1500ms",
    "clients": {"a": {"requests": "s.x", "arrivals": {"constant": "1/s"}},
                "b": {"requests": "s.y", "arrivals": {"constant": "1/s"}},
                "c": {"requests": "s.y", "arrivals": {"constant": "1/s"}}},
    "services": {"s": {"replicas": 2, "balancing": "round-robin",
                       "operations": {"x": [{"work": "100ms"}], "y": [{"work": "10ms"}]}}}})");
  check_all_ms(m.clients[1].response_time, 10);
  check_all_ms(m.clients[2].response_time, 110);
}

TEST_CASE("users think, ask, wait for the answer, and think again", "[system]") {
  const std::string users = R"("requests": "a.x", "users": {"users": 3, "think": "900ms"})";
  const auto m = run_text(scenario_text(users, service(R"("workers": 3, )", R"({"work": "100ms"})")));
  CHECK(m.clients[0].requests == 30);  // at 0.9 s, 1.9 s, ... 9.9 s
  check_all_ms(m.clients[0].response_time, 100);
}
