// Units of resources, on scenarios without chance.
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

std::string three_clients(const std::string& last = "") {
  return R"("one": {"requests": "a.x", "arrivals": {"constant": "1/s"}},
            "three": {"requests": "a.x", "arrivals": {"constant": "1/s"})" +
         last + R"(}, "two": {"requests": "a.x", "arrivals": {"constant": "1/s"}})";
}

/// Three requests at 1 s; a.x runs the steps. Clients are in the order of their names: one, three, two.
Measurements run_three(const std::string& steps, const std::string& resource, const std::string& service = "",
                       const std::string& last = "", const std::string& more = "") {
  return run_text(R"({"name": "t", "horizon": "1500ms", )" + more + R"("resources": {"db": {)" + resource +
                  R"(}}, "clients": {)" + three_clients(last) + R"(}, "services": {"a": {"workers": 9, )" + service +
                  R"("operations": {"x": [)" + steps +
                  R"(]}}, "b": {"workers": 9, "operations": {"bad": [{"work": "10ms", "fails": 1}]}}}})");
}

void check_responses(const Measurements& m, double one, double three, double two) {
  check_all_ms(m.clients[0].response_time, one);
  check_all_ms(m.clients[1].response_time, three);
  check_all_ms(m.clients[2].response_time, two);
  CHECK(m.ledger.unit_limit_breaches == 0);
}

const std::string use_10ms = R"({"use": "db", "steps": [{"delay": "10ms"}]})";

}  // namespace

TEST_CASE("a unit is held while the steps of a use run, and waited for in turn", "[system]") {
  const auto m = run_three(use_10ms, R"("units": 1)");
  check_responses(m, 10, 20, 30);
  const ResourceMeasurement& db = m.resources[0];
  CHECK(db.taken == 3);
  CHECK((db.used_ns == 30'000'000));
  CHECK((db.queue_ns == 30'000'000));  // 10 ms and 20 ms
  CHECK(ms(db.waiting_time.mean()) == Approx(10));
  CHECK((m.services[0].held_ns == 60'000'000));  // the workers are held while they wait
  check_responses(run_three(use_10ms, R"("units": 2)"), 10, 10, 20);
  check_responses(run_three(use_10ms, R"("units": 3)"), 10, 10, 10);
}

TEST_CASE("an async job needs no worker while it waits for a unit or holds one", "[system]") {
  const auto m = run_three(use_10ms, R"("units": 2)", R"("waiting": "async", "replicas": 1, )");
  check_responses(m, 10, 10, 20);
  CHECK((m.services[0].held_ns == 0));
  const auto works = run_text(R"({"name": "t", "horizon": "1500ms", "resources": {"db": {"units": 2}}, "clients": {)" +
                              three_clients() +
                              R"(}, "services": {"a": {"waiting": "async", "operations": {"x": [{"use": "db", "steps": [
                                 {"work": "10ms"}]}]}}}})");
  check_responses(works, 10, 20, 30);  // two units, but one worker
}

TEST_CASE("a full queue for a resource fails the step at once, too long a wait when its turn comes", "[system]") {
  const auto full = run_three(use_10ms, R"("units": 1, "queue": {"capacity": 1})");
  check_responses(full, 10, 20, 0);
  CHECK(outcome(full.clients[2], Outcome::failed) == 1);
  CHECK(full.resources[0].refused == 1);
  const auto late = run_three(use_10ms, R"("units": 1, "queue": {"max_wait": "10ms"})");
  check_responses(late, 10, 20, 20);  // 10 ms is not longer than 10 ms, 20 ms is
  CHECK(outcome(late.clients[2], Outcome::failed) == 1);
  CHECK(late.resources[0].refused == 1);
  CHECK(late.resources[0].taken == 2);
}

TEST_CASE("the queue for a resource has a discipline", "[system]") {
  check_responses(run_three(use_10ms, R"("units": 1, "queue": {"discipline": "lifo"})"), 10, 30, 20);
  check_responses(run_three(use_10ms, R"("units": 1, "queue": {"discipline": "priority"})", "", R"(, "priority": -1)"),
                  10, 30, 20);
}

TEST_CASE("a unit comes back when a step inside fails", "[system]") {
  const auto m = run_three(R"({"use": "db", "steps": [{"call": "b.bad"}, {"delay": "1s"}]})", R"("units": 1)");
  check_responses(m, 10, 20, 30);
  const auto undone = run_three(R"({"try": [{"use": "db", "steps": [{"repeat": 2, "steps": [{"call": "b.bad"}]}]}],
      "compensate": [{"use": "db", "steps": [{"delay": "5ms"}]}]})",
                                R"("units": 1)");
  // At 10 ms the first gives its unit to the second, and waits behind the third to undo; each tries, then each undoes.
  check_responses(undone, 35, 40, 45);
  CHECK(undone.resources[0].taken == 6);
}

TEST_CASE("a unit is kept by a branch that its join no longer needs, until the branch is done", "[system]") {
  const auto m =
      run_three(R"({"parallel": [[{"use": "db", "steps": [{"delay": "10ms"}]}], [{"delay": "1ms"}]], "join": "any"})",
                R"("units": 1)");
  check_responses(m, 1, 1, 1);
  check_all_ms(m.clients[2].completion_time, 30);
}

TEST_CASE("a fork inside a use gives the unit back when its join fails", "[system]") {
  const auto m = run_three(R"({"use": "db", "steps": [{"parallel": [[{"call": "b.bad"}], [{"delay": "100ms"}]]}]})",
                           R"("units": 1)");
  check_responses(m, 10, 20, 30);
}

TEST_CASE("nothing is lost where tries, uses, awaits and branches meet", "[system]") {
  const auto m = run_text(R"({"name": "t", "horizon": "60s", "drain": "60s",
    "resources": {"db": {"units": 3, "queue": {"capacity": 2, "max_wait": "30ms"}}, "lock": {"units": 1}},
    "topics": {"t": {"subscriptions": {"b.h": {}}, "redelivery": {"delay": "10ms"}}},
    "clients": {"c": {"requests": {"a.x": 1, "a.y": 1}, "arrivals": {"poisson": "70/s"}, "timeout": "150ms",
                      "retry": {"attempts": 2, "backoff": "5ms"}}},
    "services": {
      "a": {"workers": 12, "operations": {
        "x": [{"try": [{"use": "db", "steps": [
                 {"repeat": {"geometric": 1}, "steps": [{"call": "b.coin", "timeout": "30ms", "retry": {"attempts": 2, "backoff": "1ms"}}]},
                 {"parallel": [[{"use": "lock", "steps": [{"delay": {"exponential": "4ms"}}]}],
                               [{"publish": "t"}, {"await": ["b.h"], "timeout": "50ms"}]], "join": "any"}]}],
               "compensate": [{"use": "lock", "steps": [{"delay": "1ms"}]}, {"call": "b.coin"}]}],
        "y": [{"publish": "t"}, {"notify": "client", "when": ["b.h"]}, {"use": "db", "steps": [{"work": {"exponential": "20ms"}, "declines": 0.1}]}]}},
      "b": {"workers": 3, "waiting": "async", "operations": {
        "coin": [{"use": "lock", "steps": [{"work": {"exponential": "5ms"}, "fails": 0.35}]}],
        "h": [{"work": {"exponential": "10ms"}, "fails": 0.1}]}}}})");
  CHECK(m.stopped.empty());
  const ClientMeasurement& c = m.clients[0];
  CHECK(c.response_time.count() == c.requests);
  CHECK(c.completion_time.count() == c.requests);
  CHECK(c.compensated > 100);
  CHECK(c.notification_time.count() > 1000);
  CHECK(c.fulfilled + c.compensated <= c.requests);
  CHECK(m.resources[0].refused > 100);
  CHECK(m.resources[1].taken > 1000);
  CHECK(m.ledger.unit_limit_breaches == 0);
  CHECK(m.ledger.worker_limit_breaches == 0);
  CHECK(m.ledger.jobs_started == m.ledger.jobs_ended + m.ledger.jobs_refused + m.ledger.jobs_left);
  // Little's law of what waits and of what is held; the ends of the window cut off less than a second of it.
  for (const ResourceMeasurement& resource : m.resources)
    CHECK(static_cast<double>(resource.queue_ns) >= static_cast<double>(resource.waiting_time.sum()) - 1e9);
}

TEST_CASE("units and waits for them are measured from the window's begin", "[system]") {
  const auto m = run_three(use_10ms, R"("units": 1)", "", "", R"("warmup": "1005ms", )");
  CHECK((m.resources[0].used_ns == 25'000'000));
  CHECK((m.resources[0].queue_ns == 20'000'000));  // two for 5 ms, one for 10 ms
}
