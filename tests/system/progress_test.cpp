// Work whose speed changes: shared cores, contention, slowdowns and pauses, on scenarios without chance.
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// One request each of a.x, a.y and a.z (10, 20 and 30 ms of work), all at 1 s.
std::string three_at_once(const std::string& keys, const std::string& more = "") {
  const auto client = [](const std::string& name) {
    return "\"" + name + R"(": {"requests": "a.)" + name + R"(", "arrivals": {"constant": "1/s"}})";
  };
  return R"({"name": "t", "horizon": "1999ms", )" + more + R"("clients": {)" + client("x") + ", " + client("y") + ", " +
         client("z") + R"(}, "services": {"a": {)" + keys +
         R"("operations": {"x": [{"work": "10ms"}], "y": [{"work": "20ms"}], "z": [{"work": "30ms"}]}}}})";
}

/// One request of 100 ms at 1 s, with these incidents.
Measurements one_with(const std::string& incidents, const std::string& keys = "") {
  return run_text(scenario_text(R"("requests": "a.x", "arrivals": {"constant": "1/s"})",
                                R"("a": {)" + keys + R"("operations": {"x": [{"work": "100ms"}]}})",
                                R"("drain": "5s", "incidents": [)" + incidents + "], "));
}

std::string incident(const std::string& at, const std::string& length, const std::string& target,
                     const std::string& effect) {
  return R"({"at": ")" + at + R"(", "for": ")" + length + R"(", "target": ")" + target + R"(", "effect": {)" + effect +
         "}}";
}

double ms_of(Int128 ns) { return ms(static_cast<double>(ns)); }

}  // namespace

TEST_CASE("jobs in work share the cores evenly", "[progress]") {
  const auto m = run_text(three_at_once(R"("workers": 3, "cores": 1, )"));
  check_all_ms(m.clients[0].response_time, 30);
  check_all_ms(m.clients[1].response_time, 50);
  check_all_ms(m.clients[2].response_time, 60);
  CHECK(ms_of(m.services[0].busy_ns) == 140);
  CHECK(ms_of(m.services[0].used_ns) == 60);
  const auto half = run_text(three_at_once(R"("workers": 3, "cores": 1.5, )"));
  check_all_ms(half.clients[0].response_time, 20);
  CHECK(half.clients[1].response_time.maximum() == 33'333'333);  // 10 ms left at 20 ms, two on 1.5 cores
  CHECK(half.clients[2].response_time.maximum() == 43'333'333);
  CHECK(ms_of(half.services[0].used_ns) == Approx(60).epsilon(1e-7));
}

TEST_CASE("as many cores as workers change nothing", "[progress]") {
  const auto plain = run_text(three_at_once(R"("workers": 2, )"));
  const auto cores = run_text(three_at_once(R"("workers": 2, "cores": 2, )"));
  CHECK(plain.fingerprint == cores.fingerprint);
  CHECK(plain.events == cores.events);
}

TEST_CASE("replicas that are told apart but never differ give the same run", "[progress]") {
  for (const std::string balancing : {"shared-queue", "round-robin", "least-loaded", "power-of-two", "random"})
    for (const std::string waiting : {"blocking", "async"}) {
      const auto text = [&](const std::string& failures) {
        return R"({"name": "t", "horizon": "20s", "clients": {"c": {"requests": "a.x", "arrivals": {"poisson": "300/s"}}},
          "services": {"a": {"replicas": 3, "workers": 2, )" +
               failures + R"("waiting": ")" + waiting + R"(", "balancing": ")" + balancing +
               R"(", "queue": {"capacity": 5}, "operations": {
            "x": [{"work": {"exponential": "8ms"}}, {"call": "b.y"}, {"work": {"exponential": "8ms"}}]}},
          "b": {"workers": "unlimited", "operations": {"y": [{"work": {"exponential": "3ms"}}]}}}})";
      };
      INFO(balancing << " " << waiting);
      const auto plain = run_text(text(""));
      const auto apart = run_text(text(R"("failures": {"time_to_failure": "1h", "time_to_repair": "1s"}, )"));
      CHECK(plain.fingerprint == apart.fingerprint);
      CHECK((plain.services[0].busy_ns == apart.services[0].busy_ns));
      CHECK((plain.services[0].used_ns == apart.services[0].used_ns));
      CHECK((plain.services[0].queue_ns == apart.services[0].queue_ns));
      CHECK(plain.services[0].refused == apart.services[0].refused);
      CHECK((apart.services[0].up_ns == apart.services[0].replicas_ns));
      CHECK((plain.services[0].replicas_ns == apart.services[0].replicas_ns));
    }
}

TEST_CASE("busy workers slow each other down as the universal scalability law says", "[progress]") {
  // x and y: 1 + 0.5 + 0.2 = 1.7 times as long while two are in work, until 17 ms; then y alone.
  const auto two = run_text(three_at_once(R"("workers": 2, "scalability": {"contention": 0.5, "coherency": 0.1}, )"));
  check_all_ms(two.clients[0].response_time, 17);
  check_all_ms(two.clients[1].response_time, 34);  // z began at 17: both in work until y's other 10 are done
  check_all_ms(two.clients[2].response_time, 34 + 20);
  const auto both =
      run_text(three_at_once(R"("workers": 2, "cores": 1, "scalability": {"contention": 0.5, "coherency": 0.1}, )"));
  check_all_ms(both.clients[0].response_time, 34);
}

TEST_CASE("a slowdown changes running work too", "[incidents]") {
  const std::string four = R"("slowdown": 4)";
  CHECK(one_with(incident("1050ms", "800ms", "a", four)).clients[0].response_time.maximum() == 250'000'000);
  // 50 ms as before, 60 ms at a quarter of the speed, 35 ms after the end of the incident.
  CHECK(one_with(incident("1050ms", "60ms", "a", four)).clients[0].response_time.maximum() == 145'000'000);
  CHECK(one_with(incident("1050ms", "60ms", "a.x", four)).clients[0].response_time.maximum() == 145'000'000);
  const auto both = one_with(incident("1050ms", "800ms", "a", four) + ", " +
                             incident("1050ms", "800ms", "a.x", R"("slowdown": 0.5)"));
  CHECK(both.clients[0].response_time.maximum() == 150'000'000);
}

TEST_CASE("a slowdown of an operation leaves the others alone", "[incidents]") {
  const auto m = run_text(three_at_once(
      R"("workers": 3, )", R"("incidents": [)" + incident("1005ms", "1h", "a.y", R"("slowdown": 3)") + "], "));
  check_all_ms(m.clients[0].response_time, 10);
  check_all_ms(m.clients[1].response_time, 50);
  check_all_ms(m.clients[2].response_time, 30);
}

TEST_CASE("in a pause work stops, nothing new starts, and all goes on afterwards", "[incidents]") {
  for (const std::string target : {"a", "a.x"}) {
    const auto m = one_with(incident("1050ms", "200ms", target, R"("down": "pause")"));
    CHECK(m.clients[0].response_time.maximum() == 300'000'000);
    CHECK(m.clients[0].fulfilled == 9);
    CHECK(ms_of(m.services[0].up_ns) == (target == "a" ? 9800 : 10000));
  }
  // The request at 2 s finds the service standing, and starts at 2.3 s.
  const auto later = one_with(incident("1900ms", "400ms", "a", R"("down": "pause")"));
  CHECK(later.clients[0].response_time.maximum() == 400'000'000);
  CHECK(later.services[0].waiting_time.maximum() == 300'000'000);
}

TEST_CASE("work that ends when a pause begins has ended", "[incidents]") {
  const auto m = one_with(incident("1100ms", "200ms", "a", R"("down": "pause")"));
  CHECK(m.clients[0].response_time.maximum() == 100'000'000);
}

TEST_CASE("an incident of failures strikes at the end of the job, and combines", "[incidents]") {
  const auto m = one_with(incident("1050ms", "100ms", "a", R"("fails": 1)"));
  CHECK(outcome(m.clients[0], Outcome::failed) == 1);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 8);
  CHECK(m.clients[0].response_time.minimum() == 100'000'000);
  CHECK(m.clients[0].fulfilled == 8);
  // Two halves on operation and service: 1 - 0.25 of 1,000; 4.5 deviations are 62.
  const auto half = run_text(scenario_text(R"("requests": "a.x", "arrivals": {"constant": "100/s"})",
                                           R"("a": {"operations": {"x": [{"work": "1ms"}]}})",
                                           R"("incidents": [)" + incident("0s", "1h", "a", R"("fails": 0.5)") + ", " +
                                               incident("0s", "1h", "a.x", R"("fails": 0.5)") + "], "));
  CHECK(std::abs(static_cast<int>(outcome(half.clients[0], Outcome::failed)) - 749) < 62);
}
