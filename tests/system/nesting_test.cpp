// Steps that hold steps: try and compensate, and repeats of random length.
#include <cmath>

#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

const std::string once_a_second = R"("requests": "a.x", "arrivals": {"constant": "1/s"})";

/// Service a runs the steps; b.bad works 10 ms and fails, b.no declines, c.ok works 40 ms.
Measurements run_steps(const std::string& steps, const std::string& waiting = "blocking",
                       const std::string& client = once_a_second) {
  return run_text(scenario_text(
      client, R"("a": {"workers": 9, "waiting": ")" + waiting + R"(", "operations": {"x": [)" + steps + R"(]}},
      "b": {"workers": 9, "operations": {"bad": [{"work": "10ms", "fails": 1}], "no": [{"work": "10ms", "declines": 1}],
                                         "coin": [{"work": "10ms", "fails": 0.5}]}},
      "c": {"workers": 9, "operations": {"ok": [{"work": "40ms"}]}})"));
}

/// All nine requests ended so, after so long; and so many were compensated.
void check_all(const Measurements& m, Outcome which, double expected_ms, std::uint64_t compensated) {
  CHECK(outcome(m.clients[0], which) == 9);
  check_all_ms(m.clients[0].response_time, expected_ms);
  CHECK(m.clients[0].compensated == compensated);
  CHECK(m.clients[0].fulfilled == (which == Outcome::succeeded ? 9 : 0));
  CHECK(m.ledger.jobs_started == m.ledger.jobs_ended);
}

}  // namespace

TEST_CASE("a failed try is compensated, and then the job fails", "[system]") {
  for (const char* waiting : {"blocking", "async"}) {
    check_all(run_steps(R"({"try": [{"work": "1ms"}, {"call": "b.bad"}, {"work": "1s"}],
                            "compensate": [{"call": "c.ok"}, {"work": "2ms"}]}, {"work": "1s"})",
                        waiting),
              Outcome::failed, 1 + 10 + 40 + 2, 9);
    check_all(run_steps(R"({"try": [{"call": "c.ok"}], "compensate": [{"work": "1s"}]}, {"work": "1ms"})", waiting),
              Outcome::succeeded, 41, 0);
  }
  check_all(run_steps(R"({"try": [{"call": "b.bad"}], "compensate": []})"), Outcome::failed, 10, 9);
}

TEST_CASE("a try compensates what was declined, and the no passes up", "[system]") {
  check_all(run_steps(R"({"try": [{"call": "b.no"}], "compensate": [{"work": "5ms"}]})"), Outcome::declined, 15, 9);
}

TEST_CASE("tries are undone from the inside out, counted once a request", "[system]") {
  check_all(run_steps(R"({"try": [{"try": [{"call": "b.bad"}], "compensate": [{"work": "5ms"}]}, {"work": "1s"}],
                          "compensate": [{"work": "7ms"}]})"),
            Outcome::failed, 10 + 5 + 7, 9);
}

TEST_CASE("a failure inside compensate ends the job as failed, and undoes the try around it", "[system]") {
  check_all(run_steps(R"({"try": [{"call": "b.no"}], "compensate": [{"call": "b.bad"}, {"work": "1s"}]})"),
            Outcome::failed, 20, 0);
  check_all(run_steps(R"({"try": [{"try": [{"call": "b.bad"}], "compensate": [{"call": "b.no"}]}],
                          "compensate": [{"work": "3ms"}]})"),
            Outcome::failed, 23, 9);
}

TEST_CASE("a try in a branch is the branch's own", "[system]") {
  check_all(
      run_steps(
          R"({"parallel": [[{"try": [{"call": "b.bad"}], "compensate": [{"delay": "30ms"}]}], [{"delay": "5ms"}]]})"),
      Outcome::failed, 40, 9);
  // The branch that failed is compensated, and not needed: but a compensated request is not fulfilled.
  const auto any = run_steps(
      R"({"parallel": [[{"try": [{"call": "b.bad"}], "compensate": [{"delay": "30ms"}]}], [{"delay": "5ms"}]], "join": "any"})");
  check_all_ms(any.clients[0].response_time, 5);
  check_all_ms(any.clients[0].completion_time, 40);
  CHECK(any.clients[0].compensated == 9);
  CHECK(any.clients[0].fulfilled == 0);
  CHECK(any.clients[0].broken_promises == 9);
}

TEST_CASE("a try around branches is undone as soon as their join fails", "[system]") {
  const auto m = run_steps(
      R"({"try": [{"parallel": [[{"call": "b.bad"}], [{"call": "c.ok"}]]}], "compensate": [{"delay": "5ms"}]})");
  check_all_ms(m.clients[0].response_time, 15);
  check_all_ms(m.clients[0].completion_time, 40);
}

TEST_CASE("a try is undone from the middle of a repeat", "[system]") {
  check_all(run_steps(R"({"repeat": 2, "steps": [{"try": [{"repeat": 3, "steps": [{"work": "1ms"}, {"call": "b.bad"}]}],
                          "compensate": [{"repeat": 2, "steps": [{"work": "4ms"}]}]}]})"),
            Outcome::failed, 1 + 10 + 8, 9);
}

TEST_CASE("what is undone after the answer was given breaks the promise", "[system]") {
  const auto m = run_steps(R"({"reply": "accepted"}, {"try": [{"call": "b.bad"}], "compensate": [{"work": "5ms"}]})");
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 9);
  check_all_ms(m.clients[0].completion_time, 15);
  CHECK(m.clients[0].compensated == 9);
  CHECK(m.clients[0].broken_promises == 9);
}

TEST_CASE("a saga's numbers are those of its step's failures", "[system]") {
  const auto m = run_steps(R"({"try": [{"call": "b.coin"}], "compensate": [{"work": "1ms"}]})", "async",
                           R"("requests": "a.x", "arrivals": {"poisson": "400/s"}, "retry": {"attempts": 2})");
  const ClientMeasurement& c = m.clients[0];
  const auto n = static_cast<double>(c.requests);
  // Half of the first attempts fail and are undone; half of the second ones of those fail, too.
  CHECK(std::fabs(static_cast<double>(c.compensated) - n / 2) < 4.5 * std::sqrt(n / 4));
  CHECK(std::fabs(static_cast<double>(outcome(c, Outcome::failed)) - n / 4) < 4.5 * std::sqrt(n * 3 / 16));
  CHECK(c.fulfilled + c.compensated == c.requests);  // also where the second attempt succeeded
}

TEST_CASE("a geometric repeat has its mean and its share of zeros", "[system]") {
  const std::string client = R"("requests": "a.x", "arrivals": {"constant": "1k/s"})";
  for (const double mean : {0.0, 0.5, 3.0}) {
    const auto m = run_text(scenario_text(client, R"("a": {"workers": "unlimited", "operations": {"x": [
        {"repeat": {"geometric": )" + std::to_string(mean) +
                                                      R"(}, "steps": [{"delay": "1ms"}]}]}})"));
    const Histogram& times = m.clients[0].response_time;
    const auto n = static_cast<double>(times.count());
    REQUIRE(n == 9999);
    CHECK(std::fabs(ms(times.mean()) - mean) <= 4.5 * std::sqrt(mean * (1 + mean) / n));
    const double zeros = 1 / (1 + mean);
    CHECK(times.quantile(zeros * 0.96).value() == 0);
    if (mean > 0) CHECK(ms(times.quantile(zeros * 1.04).value()) == Approx(1).epsilon(0.01));
  }
}
