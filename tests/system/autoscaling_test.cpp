// Replicas by need, by hand arithmetic.
#include <vector>

#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// A service under constant arrivals with 100 ms of work, for 60 s.
Measurements scaled(const std::string& rate, const std::string& profile, const std::string& keys,
                    const std::string& scaling) {
  return run_text(R"({"name": "t", "horizon": "60s", "clients": {"c": {"requests": "a.x",
    "arrivals": {"constant": ")" +
                  rate + R"(", "profile": [)" + profile + R"(]}}},
    "services": {"a": {)" +
                  keys + R"("autoscaling": {)" + scaling + R"(}, "operations": {"x": [{"work": "100ms"}]}}}})");
}

double replica_seconds(const Measurements& m) { return static_cast<double>(m.services[0].replicas_ns) / 1e9; }

}  // namespace

TEST_CASE("every interval as many replicas as bring utilization to its target", "[autoscaling]") {
  // 16/s x 0.1 s at 4 workers: 40 %. Target 0.1: 4 replicas from 10 s on; they are at 10 % each: nothing changes.
  const auto m = scaled("16/s", R"(["0s", 1])", R"("workers": 4, "cost_per_hour": 3, )",
                        R"("minimum": 1, "maximum": 9, "target_utilization": 0.1, "interval": "10s")");
  CHECK(replica_seconds(m) == 10 + 4 * 50);
  CHECK(m.services[0].refused == 0);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 959);
  CHECK((m.services[0].up_ns == m.services[0].replicas_ns));
}

TEST_CASE("the bounds hold from the start on", "[autoscaling]") {
  const std::string wide = R"("target_utilization": 0.1, "interval": "10s", )";
  CHECK(replica_seconds(scaled("16/s", R"(["0s", 1])", R"("workers": 4, )", wide + R"("minimum": 2, "maximum": 3)")) ==
        10 * 2 + 3 * 50);
  CHECK(replica_seconds(scaled("1/h", R"(["0s", 1])", R"("replicas": 8, )", wide + R"("minimum": 2, "maximum": 5)")) ==
        10 * 5 + 2 * 50);
}

TEST_CASE("a new replica serves after its startup, and counts from its order on", "[autoscaling]") {
  // 16/s at one replica of one worker: saturated, 100 %. Target 0.5: 2 at 10 s, which serves at 14 s.
  const auto m = scaled("16/s", R"(["0s", 1])", R"("queue": {"capacity": 0}, )",
                        R"("minimum": 1, "maximum": 2, "target_utilization": 0.5, "interval": "10s", "startup": "4s")");
  CHECK(replica_seconds(m) == 10 + 2 * 50);
  // One worker serves every second arrival, 8/s; from 14 s on, two serve all 16/s.
  const auto& rows = m.timeline.clients[0];
  CHECK(rows[12].succeeded == 8);
  CHECK(rows[13].succeeded == 8);
  CHECK(rows[20].succeeded == 16);
}

TEST_CASE("one that leaves finishes its work, and the newest leaves", "[autoscaling]") {
  // The load ends at 9 s; at 20 s nothing was at work: back to one. A job of 30 s keeps its replica meanwhile.
  const auto m = run_text(R"({"name": "t", "horizon": "60s", "drain": "1h", "clients": {
      "first": {"requests": "a.long", "arrivals": {"constant": "1/s", "profile": [["0s", 1], ["1500ms", 1], ["1500ms", 0]]}},
      "second": {"requests": "a.long", "arrivals": {"constant": "1/s", "profile": [["0s", 1], ["1500ms", 1], ["1500ms", 0]]}},
      "third": {"requests": "a.short", "arrivals": {"constant": "1/s", "profile": [["0s", 0], ["25s", 0], ["25s", 1]]}}},
    "services": {"a": {"replicas": 3, "workers": 2,
      "autoscaling": {"minimum": 1, "maximum": 3, "target_utilization": 1, "interval": "20s"},
      "operations": {"long": [{"work": "30s"}], "short": [{"work": "1ms"}]}}}})");
  // To 20 s: 2 jobs in 6 workers, 31.7 %: ceil(3 x 0.317) = 1. Replica 2 had nothing and is gone at once, replica 1 at 31 s.
  CHECK(replica_seconds(m) == 20 * 3 + 11 * 2 + 29);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 1);
  CHECK(outcome(m.clients[1], Outcome::succeeded) == 1);
  check_all_ms(m.clients[2].response_time, 1);
}

TEST_CASE("a replica that leaves works off its own queue", "[autoscaling]") {
  // Ten at 1 s by turns to two replicas, 2 s each: both are done at 11 s. Replica 1 leaves at 4 s: 3 of its 5 still to do.
  std::string text = R"({"name": "t", "horizon": "60s", "clients": {)";
  for (int i = 0; i < 10; ++i)
    text +=
        (i > 0 ? ", \"" : "\"") + std::to_string(i) +
        R"(": {"requests": "a.x", "arrivals": {"constant": "1/s", "profile": [["0s", 1], ["1500ms", 1], ["1500ms", 0]]}})";
  const auto m = run_text(text + R"(}, "services": {"a": {"replicas": 2, "balancing": "round-robin",
      "autoscaling": {"minimum": 1, "maximum": 2, "target_utilization": 1, "interval": "100ms"},
      "operations": {"x": [{"work": "2s"}]}}}})");
  // At 0.1 s already nothing is at work: one replica. All ten go to it, and it is at 100 %.
  for (const auto& client : m.clients) CHECK(outcome(client, Outcome::succeeded) == 1);
  CHECK(m.clients[9].response_time.maximum() == 20'000'000'000);
  CHECK(replica_seconds(m) == Approx(0.2 + 59.9).epsilon(1e-9));
}

TEST_CASE("utilization is that of cores where workers share them", "[autoscaling]") {
  // One job of 100 ms ten times a second keeps the one core of ten workers busy: target 0.5 asks for two.
  const auto m = scaled("10/s", R"(["0s", 1])", R"("workers": 10, "cores": 1, )",
                        R"("minimum": 1, "maximum": 9, "target_utilization": 0.5, "interval": "10s")");
  CHECK(replica_seconds(m) == Approx(10 + 2 * 50).epsilon(1e-9));
}
