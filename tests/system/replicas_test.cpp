// Replicas that share cores, crash, scale and are struck by incidents, on scenarios without chance.
#include <string>

#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// Clients that come at the same instants, once a second, each for an operation of its own.
std::string at_once(const std::vector<std::string>& operations, const std::string& services,
                    const std::string& more = "") {
  std::string clients;
  for (std::size_t i = 0; i < operations.size(); ++i)
    clients += (i == 0 ? "" : ", ") + ("\"c" + std::to_string(i)) + R"(": {"requests": ")" + operations[i] +
               R"(", "arrivals": {"constant": "1/s"}})";
  return R"({"name": "test", "replications": 2, "horizon": "10s", )" + more + R"("clients": {)" + clients +
         R"(}, "services": {)" + services + "}}";
}

std::string service(const std::string& keys, const std::string& steps) {
  return R"("a": {)" + keys + R"("operations": {"x": [)" + steps + "]}}";
}

std::string two_works(const std::string& keys) {
  return R"("a": {)" + keys + R"("operations": {"x": [{"work": "10ms"}], "y": [{"work": "30ms"}]}})";
}

/// One request at 2 s of a client that comes every two seconds, within a run of three.
std::string single(const std::string& services, const std::string& more, const std::string& client = "") {
  return R"({"name": "test", "replications": 2, "horizon": "3s", "drain": "20s", )" + more +
         R"("clients": {"c": {"requests": "a.x", "arrivals": {"constant": "0.5/s"})" + client + R"(}}, "services": {)" +
         services + "}}";
}

std::string incident(const std::string& at, const std::string& length, const std::string& target,
                     const std::string& effect) {
  return R"("incidents": [{"at": ")" + at + R"(", "for": ")" + length + R"(", "target": ")" + target +
         R"(", "effect": )" + effect + "}], ";
}

void check_books(const Measurements& m) {
  const Ledger& l = m.ledger;
  CHECK(l.arrived == l.answered + l.unfinished);
  CHECK(l.jobs_started == l.jobs_refused + l.jobs_ended + l.jobs_left);
  CHECK(l.published ==
        l.handled + l.dead_lettered + l.lost + l.dropped + l.expired + l.refused + l.waiting + l.in_hand);
  CHECK(l.worker_limit_breaches == 0);
}

}  // namespace

TEST_CASE("jobs share the cores of their replica", "[system][replicas]") {
  const auto alike = run_text(at_once({"a.x", "a.x"}, service(R"("workers": 2, "cores": 1, )", R"({"work": "10ms"})")));
  check_all_ms(alike.clients[0].response_time, 20);
  check_all_ms(alike.clients[1].response_time, 20);
  CHECK(alike.services[0].used_ns * 2 == alike.services[0].busy_ns);
  // The short one ends at 20 ms; the long one has had 10 of its 30 ms then, and the core for itself.
  const auto unlike = run_text(at_once({"a.x", "a.y"}, two_works(R"("workers": 2, "cores": 1, )")));
  check_all_ms(unlike.clients[0].response_time, 20);
  check_all_ms(unlike.clients[1].response_time, 40);
  // Three share two cores at 2/3 each: 10 ms take 15, then two are left with 20 ms each.
  const auto three = run_text(at_once({"a.x", "a.y", "a.y"}, two_works(R"("workers": 3, "cores": 2, )")));
  check_all_ms(three.clients[0].response_time, 15);
  check_all_ms(three.clients[1].response_time, 35);
  const auto enough = run_text(at_once({"a.x", "a.y"}, two_works(R"("workers": 2, "cores": 2, )")));
  check_all_ms(enough.clients[1].response_time, 30);
  // Half a core for one job.
  const auto half = run_text(at_once({"a.x"}, two_works(R"("cores": 0.5, )")));
  check_all_ms(half.clients[0].response_time, 20);
}

TEST_CASE("contention and coherency slow the workers of a replica", "[system][replicas]") {
  const std::string law = R"("workers": 3, "scalability": {"contention": 0.5, "coherency": 0.25}, )";
  check_all_ms(run_text(at_once({"a.x"}, two_works(law))).clients[0].response_time, 10);
  // Two: 1 + 0.5 + 0.25 x 2 = 2; three: 1 + 0.5 x 2 + 0.25 x 6 = 3.5.
  check_all_ms(run_text(at_once({"a.x", "a.x"}, two_works(law))).clients[0].response_time, 20);
  check_all_ms(run_text(at_once({"a.x", "a.x", "a.x"}, two_works(law))).clients[0].response_time, 35);
}

TEST_CASE("who has waited too long is refused when his turn comes", "[system][replicas]") {
  const std::string queue = R"("queue": {"max_wait": "40ms"}, )";
  const auto m = run_text(at_once({"a.y", "a.y", "a.y"}, two_works(queue)));
  check_all_ms(m.clients[0].response_time, 30);
  check_all_ms(m.clients[1].response_time, 60);
  check_all_ms(m.clients[2].response_time, 60);
  CHECK(outcome(m.clients[2], Outcome::refused) == 9);
  CHECK(m.services[0].refused == 9);
  const auto patient = run_text(at_once({"a.y", "a.y", "a.y"}, two_works(R"("queue": {"max_wait": "60ms"}, )")));
  check_all_ms(patient.clients[2].response_time, 90);
}

TEST_CASE("a service's bucket starts full and refuses what exceeds its rate", "[system][replicas]") {
  const std::string limit = R"("workers": 3, "rate_limit": {"rate": "2/s", "burst": 2}, )";
  const auto m = run_text(at_once({"a.x", "a.x", "a.x"}, two_works(limit)));
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 9);
  CHECK(outcome(m.clients[1], Outcome::succeeded) == 9);
  CHECK(outcome(m.clients[2], Outcome::refused) == 9);
  check_all_ms(m.clients[2].response_time, 0);
}

TEST_CASE("a crash loses what a replica holds, by its mode", "[system][replicas]") {
  const auto failing = [](const std::string& mode) {
    return service(
        R"("failures": {"time_to_failure": "2100ms", "time_to_repair": "500ms", "mode": ")" + mode + R"("}, )",
        R"({"work": "250ms"})");
  };
  const auto refused = run_text(single(failing("refuse"), ""));
  CHECK(outcome(refused.clients[0], Outcome::failed) == 1);
  check_all_ms(refused.clients[0].response_time, 100);
  CHECK(refused.clients[0].fulfilled == 0);
  check_books(refused);
  const auto hung = run_text(single(failing("hang"), "", R"(, "timeout": "300ms")"));
  CHECK(outcome(hung.clients[0], Outcome::timed_out) == 1);
  check_all_ms(hung.clients[0].response_time, 300);
  check_books(hung);
  const auto silent = run_text(single(failing("hang"), ""));
  CHECK(silent.ledger.unfinished > 0);
  check_books(silent);
  const auto paused = run_text(single(failing("pause"), ""));
  CHECK(outcome(paused.clients[0], Outcome::succeeded) == 1);
  check_all_ms(paused.clients[0].response_time, 750);
  CHECK(static_cast<double>(paused.services[0].up_ns) == 2.5e9);  // of 3 s, down from 2.1 to 2.6
}

TEST_CASE("what comes to a service that is down is refused, or never answered", "[system][replicas]") {
  const auto m =
      run_text(single(service("", R"({"work": "10ms"})"), incident("1s", "3s", "a", R"({"down": "refuse"})")));
  CHECK(outcome(m.clients[0], Outcome::refused) == 1);
  check_all_ms(m.clients[0].response_time, 0);
  const auto hang = run_text(single(service("", R"({"work": "10ms"})"),
                                    incident("1s", "3s", "a", R"({"down": "hang"})"), R"(, "timeout": "1s")"));
  CHECK(outcome(hang.clients[0], Outcome::timed_out) == 1);
  check_books(hang);
  // A pause lets it in, and it starts when the pause ends at 4 s.
  const auto pause =
      run_text(single(service("", R"({"work": "10ms"})"), incident("1s", "3s", "a", R"({"down": "pause"})")));
  check_all_ms(pause.clients[0].response_time, 2010);
}

TEST_CASE("a slowdown changes running work, of a service or of one operation", "[system][replicas]") {
  // 100 ms are done when it begins; the other 100 take four times as long.
  const std::string slow = R"({"slowdown": 4})";
  for (const std::string target : {"a", "a.x"}) {
    const auto m = run_text(single(service("", R"({"work": "200ms"})"), incident("2100ms", "10s", target, slow)));
    check_all_ms(m.clients[0].response_time, 500);
    const auto ends = run_text(single(service("", R"({"work": "200ms"})"), incident("2100ms", "200ms", target, slow)));
    check_all_ms(ends.clients[0].response_time, 350);  // 100, then 200 for 50, then 50
    const auto pauses =
        run_text(single(service("", R"({"work": "200ms"})"), incident("2100ms", "1s", target, R"({"down": "pause"})")));
    check_all_ms(pauses.clients[0].response_time, 1200);
  }
  const auto other =
      run_text(at_once({"a.x", "a.y"}, two_works(R"("workers": 2, )"), incident("0s", "20s", "a.x", slow)));
  check_all_ms(other.clients[0].response_time, 40);
  check_all_ms(other.clients[1].response_time, 30);
}

TEST_CASE("incidents that overlap multiply, and leave nothing behind", "[system][replicas]") {
  const std::string both =
      R"("incidents": [{"at": "0s", "for": "20s", "target": "a", "effect": {"slowdown": 2}},
                       {"at": "1s", "for": "2s", "target": ["a", "a.x"], "effect": {"slowdown": 2}}], )";
  // At 2 s all of them count, 2 x 2 x 2: 125 ms are done when two of them end at 3 s.
  const auto m = run_text(single(service("", R"({"work": "200ms"})"), both));
  check_all_ms(m.clients[0].response_time, 1000 + 2 * 75);
}

TEST_CASE("an operation that is down leaves the others of its service alone", "[system][replicas]") {
  const auto m = run_text(at_once({"a.x", "a.y"}, two_works(R"("workers": 2, )"),
                                  incident("2500ms", "20s", "a.x", R"({"down": "refuse"})")));
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 2);
  CHECK(outcome(m.clients[0], Outcome::refused) == 7);
  CHECK(outcome(m.clients[1], Outcome::succeeded) == 9);
  check_books(m);
}

TEST_CASE("jobs fail at their end where an incident says so", "[system][replicas]") {
  const auto m = run_text(single(service("", R"({"work": "10ms"})"), incident("1s", "3s", "a.x", R"({"fails": 1})")));
  CHECK(outcome(m.clients[0], Outcome::failed) == 1);
  check_all_ms(m.clients[0].response_time, 10);
}

TEST_CASE("lost replicas are the newest, and the others take over", "[system][replicas]") {
  const std::string two = R"("replicas": 2, "balancing": "round-robin", )";
  const auto m =
      run_text(at_once({"a.x", "a.x"}, two_works(two), incident("3500ms", "20s", "a", R"({"replicas": 1})")));
  // With both, each takes one; with one, the second waits.
  CHECK(m.clients[1].response_time.minimum() == 10'000'000);
  CHECK(m.clients[1].response_time.maximum() == 20'000'000);
  CHECK(outcome(m.clients[1], Outcome::succeeded) == 9);
  CHECK(static_cast<double>(m.services[0].up_ns) == 10e9 + 3.5e9);
  CHECK(static_cast<double>(m.services[0].replicas_ns) == 20e9);
}

TEST_CASE("a shared queue survives until the last replica is down", "[system][replicas]") {
  const std::string two = R"("replicas": 2, )";
  const auto lost_one =
      run_text(at_once({"a.y", "a.y", "a.y"}, two_works(two), incident("1010ms", "1ms", "a", R"({"replicas": 1})")));
  CHECK(outcome(lost_one.clients[0], Outcome::failed) + outcome(lost_one.clients[1], Outcome::failed) == 1);
  CHECK(outcome(lost_one.clients[2], Outcome::succeeded) == 9);
  const auto lost_all =
      run_text(at_once({"a.y", "a.y", "a.y"}, two_works(two), incident("1010ms", "1ms", "a", R"({"down": "refuse"})")));
  CHECK(outcome(lost_all.clients[2], Outcome::failed) == 1);
  check_books(lost_all);
}

TEST_CASE("a message in the hands of a replica that crashes comes again", "[system][replicas]") {
  const std::string services =
      R"("a": {"operations": {"x": [{"publish": "t"}]}}, "b": {"operations": {"y": [{"work": "200ms"}]}})";
  const std::string topic = R"("topics": {"t": {"subscriptions": {"b.y": {}}, "redelivery": {"delay": "50ms"}}}, )";
  const auto m = run_text(single(services, topic + incident("2100ms", "500ms", "b", R"({"down": "hang"})")));
  // Cut at 2.1 s, available again at 2.15 s, taken when the replica is back at 2.6 s.
  check_all_ms(m.clients[0].completion_time, 800);
  CHECK(m.clients[0].fulfilled == 1);
  check_books(m);
}

TEST_CASE("a crash takes calls, branches and units with it", "[system][replicas]") {
  const std::string services =
      R"("a": {"workers": 3, "operations": {"x": [{"parallel": [[{"call": "b.y"}], [{"use": "db", "steps":
        [{"delay": "300ms"}]}], [{"work": "150ms"}, {"repeat": 2, "steps": [{"work": "100ms"}]}]]}]}},
      "b": {"operations": {"y": [{"work": "200ms"}]}})";
  const std::string resources = R"("resources": {"db": {"units": 1}}, )";
  const auto m = run_text(single(services, resources + incident("2100ms", "100ms", "a", R"({"down": "refuse"})")));
  CHECK(outcome(m.clients[0], Outcome::failed) == 1);
  check_all_ms(m.clients[0].response_time, 100);
  check_all_ms(m.clients[0].completion_time, 200);  // the call goes on, in vain
  CHECK(m.ledger.jobs_left == 0);
  CHECK(m.services[1].wasted_ns == m.services[1].busy_ns);
  check_books(m);
}

TEST_CASE("replicas follow the load, and the newest leaves first", "[system][replicas]") {
  const std::string scaling =
      R"("autoscaling": {"minimum": 1, "maximum": 5, "target_utilization": 0.5, "interval": "1s", "startup": "100ms"}, )";
  const std::string text = R"({"name": "test", "horizon": "20s", "warmup": "10s", "clients": {"c": {"requests": "a.x",
      "arrivals": {"constant": "150/s"}}}, "services": {)" +
                           service(scaling, R"({"work": "10ms"})") + "}}";
  const auto m = run_text(text);
  // 1.5 workers are busy: at half of their capacity used, three replicas.
  CHECK(static_cast<double>(m.services[0].replicas_ns) == 30e9);
  check_all_ms(m.services[0].waiting_time, 0);
  check_books(m);
}
