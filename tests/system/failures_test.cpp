// Replicas that go down, on scenarios without chance: who learns what when, and what is lost.
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// Up for 3 s, down for 1 s: down in [3, 4) and [7, 8).
std::string failing(const std::string& mode) {
  return R"("failures": {"time_to_failure": "3s", "time_to_repair": "1s", "mode": ")" + mode + R"("}, )";
}

/// Ten requests a second from 0.1 s on, for 8 s, at a service with these keys and steps.
Measurements ten_a_second(const std::string& keys, const std::string& steps, const std::string& more = "",
                          const std::string& client = "") {
  return run_text(R"({"name": "t", "horizon": "8s", )" + more + R"("clients": {"c": {"requests": "a.x", )" + client +
                  R"("arrivals": {"constant": "10/s"}}}, "services": {"a": {)" + keys + R"("operations": {"x": [)" +
                  steps + R"(]}}, "b": {"workers": "unlimited", "operations": {"y": [{"work": "150ms"}]}}}})");
}

std::string incident(const std::string& at, const std::string& length, const std::string& target,
                     const std::string& effect) {
  return R"("incidents": [{"at": ")" + at + R"(", "for": ")" + length + R"(", "target": ")" + target +
         R"(", "effect": {)" + effect + "}}], ";
}

double share(Int128 part, Int128 whole) { return static_cast<double>(part) / static_cast<double>(whole); }

void check_books(const Measurements& m) {
  CHECK(m.ledger.arrived == m.ledger.answered + m.ledger.unfinished);
  CHECK(m.ledger.jobs_started == m.ledger.jobs_ended + m.ledger.jobs_refused + m.ledger.jobs_left);
  CHECK(m.ledger.worker_limit_breaches == 0);
}

}  // namespace

TEST_CASE("while the only replica is down its callers are refused, and what it did has failed", "[failures]") {
  const auto m = ten_a_second(failing("refuse") + R"("workers": 2, )", R"({"work": "150ms"})");
  CHECK(m.clients[0].requests == 79);
  CHECK(outcome(m.clients[0], Outcome::refused) == 20);  // 3.0 to 3.9 and 7.0 to 7.9
  CHECK(outcome(m.clients[0], Outcome::failed) == 2);    // those of 2.9 and 6.9 were at work
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 57);
  CHECK(m.services[0].refused == 20);
  CHECK(m.services[0].completed == 59);
  CHECK(share(m.services[0].up_ns, m.services[0].replicas_ns) == 0.75);
  CHECK(m.services[0].busy_ns == Int128{57} * 150'000'000 + Int128{2} * 100'000'000);
  CHECK(m.clients[0].fulfilled == 57);
  CHECK(m.services[0].held_ns == 0);
  check_books(m);
}

TEST_CASE("work that ends at the instant of the failure has ended", "[failures]") {
  const auto m = ten_a_second(failing("refuse"), R"({"work": "100ms"})");
  CHECK(outcome(m.clients[0], Outcome::failed) == 0);
  CHECK(outcome(m.clients[0], Outcome::refused) == 20);
}

TEST_CASE("what waited in the queue of a replica that goes down has failed too", "[failures]") {
  // 10 a second, 200 ms each. At 3 s 29 have come and 14 have ended; at 7 s 30 more have come and 15 have ended.
  const auto m = ten_a_second(failing("refuse"), R"({"work": "200ms"})");
  CHECK(outcome(m.clients[0], Outcome::refused) == 20);
  CHECK(outcome(m.clients[0], Outcome::failed) == 15 + 15);
  CHECK(m.services[0].queue_ns > 0);
  check_books(m);
}

TEST_CASE("a replica that hangs answers nothing, and has forgotten all when it comes back", "[failures]") {
  const auto m =
      ten_a_second(failing("hang") + R"("workers": 2, )", R"({"work": "150ms"})", "", R"("timeout": "1500ms", )");
  CHECK(outcome(m.clients[0], Outcome::timed_out) == 22);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 57);
  CHECK(m.services[0].refused == 0);
  CHECK(m.clients[0].response_time.minimum() == 150'000'000);
  CHECK(m.clients[0].response_time.maximum() == 1'500'000'000);
  CHECK(m.clients[0].fulfilled == 57);
  CHECK(share(m.services[0].up_ns, m.services[0].replicas_ns) == 0.75);
  check_books(m);
}

TEST_CASE("a request without a timeout waits for a hanging replica for ever", "[failures]") {
  const auto m = ten_a_second(failing("hang") + R"("workers": 2, )", R"({"work": "150ms"})");
  CHECK(m.ledger.unfinished >= 22);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 57);
  check_books(m);
}

TEST_CASE("a pause loses nothing", "[failures]") {
  const auto m = ten_a_second(failing("pause") + R"("workers": 2, )", R"({"work": "150ms"})");
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 79);
  CHECK(m.clients[0].response_time.maximum() > 1'100'000'000);
  CHECK(share(m.services[0].up_ns, m.services[0].replicas_ns) == 0.75);
  check_books(m);
}

TEST_CASE("jobs that only wait on a replica that goes down are lost, and their answers find nobody", "[failures]") {
  for (const std::string waiting : {"blocking", "async"}) {
    const auto m = ten_a_second(failing("refuse") + R"("workers": 4, "waiting": ")" + waiting + R"(", )",
                                R"({"call": "b.y"}, {"work": "10ms"})");
    INFO(waiting);
    CHECK(outcome(m.clients[0], Outcome::failed) == 2);  // those of 2.9 and 6.9: b.y takes 150 ms
    CHECK(outcome(m.clients[0], Outcome::refused) == 20);
    CHECK(outcome(m.clients[0], Outcome::succeeded) == 57);
    CHECK(m.services[1].wasted_ns == Int128{2} * 150'000'000);
    check_books(m);
  }
}

TEST_CASE("balancers pass over a replica that refuses, and cannot see one that hangs", "[failures]") {
  const std::string two = R"("replicas": 2, "workers": 4, "balancing": "round-robin", )";
  const std::string lost = incident("3s", "2s", "a", R"("replicas": 1)");
  const auto one_less = ten_a_second(two, R"({"work": "10ms"})", lost);
  CHECK(outcome(one_less.clients[0], Outcome::succeeded) == 79);
  CHECK(share(one_less.services[0].up_ns, one_less.services[0].replicas_ns) == 14.0 / 16);
  const auto none_left = ten_a_second(two, R"({"work": "10ms"})", incident("3s", "2s", "a", R"("down": "refuse")"));
  CHECK(outcome(none_left.clients[0], Outcome::refused) == 20);
  // Both hang together when their clocks are constant; so every arrival of [3, 4) is swallowed by one of them.
  const auto hanging = ten_a_second(two + failing("hang"), R"({"work": "10ms"})", "", R"("timeout": "200ms", )");
  CHECK(outcome(hanging.clients[0], Outcome::timed_out) == 20);
}

TEST_CASE("one queue for all outlives every replica but the last", "[failures]") {
  // Two workers, 300 ms each, 10 a second: the queue grows by a third of what comes.
  const std::string two = R"("replicas": 2, )";
  const auto survives = ten_a_second(two, R"({"work": "300ms"})", incident("3s", "1s", "a", R"("replicas": 1)"), "");
  CHECK(outcome(survives.clients[0], Outcome::failed) == 1);
  CHECK(outcome(survives.clients[0], Outcome::succeeded) == 78);
  const auto gone = ten_a_second(two, R"({"work": "300ms"})", incident("3s", "1s", "a", R"("replicas": 2)"), "");
  // Of 29 that came before 3 s, those that started at 0.1, 0.2, 0.4, 0.5, ... 2.6 s have ended: 18.
  CHECK(outcome(gone.clients[0], Outcome::failed) == 11);
  CHECK(outcome(gone.clients[0], Outcome::refused) == 10);
  CHECK(outcome(gone.clients[0], Outcome::succeeded) == 58);
}

TEST_CASE("what waits for one replica alone is lost with it", "[failures]") {
  const auto m = ten_a_second(R"("replicas": 2, "balancing": "round-robin", )", R"({"work": "300ms"})",
                              incident("3s", "1s", "a", R"("replicas": 1)"));
  // Replica 2 has the even tenths 0.2 to 2.8: 14, started every 300 ms from 0.2 on; 9 have ended at 2.9, 5 are lost.
  CHECK(outcome(m.clients[0], Outcome::failed) == 5);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 74);
}

TEST_CASE("incidents that overlap hold a replica down until the last one ends", "[incidents]") {
  const auto m = ten_a_second(R"("workers": 2, )", R"({"work": "10ms"})",
                              R"("incidents": [{"at": "2s", "for": "2s", "target": "a", "effect": {"down": "refuse"}},
                                               {"at": "3s", "for": "2s", "target": "a", "effect": {"replicas": 1}}], )");
  CHECK(outcome(m.clients[0], Outcome::refused) == 30);
  CHECK(share(m.services[0].up_ns, m.services[0].replicas_ns) == 5.0 / 8);
}

TEST_CASE("an operation that is down takes its own jobs with it, and no others", "[incidents]") {
  const auto with = [](const std::string& mode) {
    return run_text(R"({"name": "t", "horizon": "8s", "drain": "20s", )" +
                    incident("3050ms", "1s", "a.x", R"("down": ")" + mode + "\"") +
                    R"("clients": {"x": {"requests": "a.x", "arrivals": {"constant": "10/s"}, "timeout": "2s"},
                                   "y": {"requests": "a.y", "arrivals": {"constant": "10/s"}}},
      "services": {"a": {"workers": 4, "operations": {"x": [{"work": "80ms"}], "y": [{"work": "80ms"}]}}}})");
  };
  const auto refusing = with("refuse");  // the one of 3.0 s is at work; 3.1 to 4.0 come meanwhile
  CHECK(outcome(refusing.clients[0], Outcome::failed) == 1);
  CHECK(outcome(refusing.clients[0], Outcome::refused) == 10);
  CHECK(outcome(refusing.clients[0], Outcome::succeeded) == 68);
  check_all_ms(refusing.clients[1].response_time, 80);
  CHECK(share(refusing.services[0].up_ns, refusing.services[0].replicas_ns) == 1);
  const auto hanging = with("hang");
  CHECK(outcome(hanging.clients[0], Outcome::timed_out) == 11);
  check_all_ms(hanging.clients[1].response_time, 80);
  const auto paused = with("pause");  // its jobs keep their workers, and so stop the other operation as well
  CHECK(outcome(paused.clients[0], Outcome::succeeded) == 79);
  CHECK(outcome(paused.clients[1], Outcome::succeeded) == 79);
  CHECK(paused.clients[0].response_time.maximum() >= 1'080'000'000);
  CHECK(paused.clients[1].response_time.maximum() > 500'000'000);
}

TEST_CASE("messages in the hand of a replica that goes down come again", "[failures]") {
  for (const std::string mode : {"refuse", "hang"}) {
    INFO(mode);
    const auto m = run_text(R"({"name": "t", "horizon": "8s", )" +
                            incident("3050ms", "1s", "w", R"("down": ")" + mode + "\"") + R"(
      "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "10/s"}}},
      "services": {"a": {"operations": {"x": [{"publish": "t"}]}}, "w": {"workers": 2, "operations": {"y": [{"work": "80ms"}]}}},
      "topics": {"t": {"subscriptions": {"w.y": {}}, "redelivery": {"delay": "2s"}}}})");
    CHECK(outcome(m.clients[0], Outcome::succeeded) == 79);
    CHECK(m.clients[0].fulfilled == 79);
    CHECK(m.clients[0].broken_promises == 0);
    CHECK(m.subscriptions[0].redelivered == 1);
    // That of 3.0 s waits until 5.05 s; that of 3.1 s until 4.05 s, and so on.
    CHECK(m.subscriptions[0].lag.maximum() >= 2'130'000'000);
    CHECK(m.subscriptions[0].lag.maximum() < 2'300'000'000);
    CHECK(m.clients[0].completion_time.maximum() == m.subscriptions[0].lag.maximum());
    CHECK(m.ledger.published == m.ledger.handled + m.ledger.waiting + m.ledger.in_hand);
  }
}

TEST_CASE("a delivery that a crash cuts off counts", "[failures]") {
  const auto m =
      run_text(R"({"name": "t", "horizon": "8s", )" + incident("3050ms", "1s", "w", R"("down": "refuse")") + R"(
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "10/s"}}},
    "services": {"a": {"operations": {"x": [{"publish": "t"}]}}, "w": {"workers": 2, "operations": {"y": [{"work": "80ms"}]}}},
    "topics": {"t": {"subscriptions": {"w.y": {}}, "redelivery": {"max_deliveries": 1}}}})");
  CHECK(m.subscriptions[0].dead_lettered == 1);
  CHECK(m.clients[0].broken_promises == 1);
}

TEST_CASE("the backlog of an outage drains in backlog over spare capacity", "[failures]") {
  // 40/s at 2 workers of 20/s with 25 ms each: 80/s. Down from 2 s to 5 s: 120 wait, and are gone 3 s later.
  const auto m = run_text(R"({"name": "t", "horizon": "20s", )" + incident("2s", "3s", "w", R"("down": "refuse")") + R"(
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "40/s"}}},
    "services": {"a": {"operations": {"x": [{"publish": "t"}]}}, "w": {"workers": 2, "operations": {"y": [{"work": "25ms"}]}}},
    "topics": {"t": {"subscriptions": {"w.y": {}}}}})");
  CHECK(m.subscriptions[0].backlog_max >= 119);
  CHECK(m.subscriptions[0].backlog_max <= 121);
  const auto& rows = m.timeline.subscriptions[0];
  const auto backlog_at = [&](double seconds) {
    const auto bucket = static_cast<std::size_t>(seconds * 1e9 / static_cast<double>(m.timeline.bucket.ns));
    return static_cast<double>(rows[bucket].backlog_ns) / static_cast<double>(m.timeline.bucket.ns);
  };
  CHECK(backlog_at(6.5) == Approx(60 - 40 / 6.0).margin(8));
  CHECK(backlog_at(7.5) > 5);
  CHECK(backlog_at(8.4) < 1);
}

TEST_CASE("the replica that is in use least serves next, the first at a tie", "[failures]") {
  // Two at once on two replicas of two workers with one core: each has a core of its own.
  const auto m = run_text(R"({"name": "t", "horizon": "1999ms",
    "clients": {"p": {"requests": "a.x", "arrivals": {"constant": "1/s"}}, "q": {"requests": "a.x", "arrivals": {"constant": "1/s"}},
                "r": {"requests": "a.x", "arrivals": {"constant": "1/s"}}},
    "services": {"a": {"replicas": 2, "workers": 2, "cores": 1, "operations": {"x": [{"work": "10ms"}]}}}})");
  check_all_ms(m.clients[0].response_time, 20);  // shares the first replica with the third
  check_all_ms(m.clients[1].response_time, 10);
  check_all_ms(m.clients[2].response_time, 20);
}
