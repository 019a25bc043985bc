// Theory beside the simulation: only where it is exact, and as far apart as chance allows.
#include "sojourn/experiment/theory_check.hpp"

#include "sojourn/io/formats.hpp"
#include "sojourn/stats/student.hpp"
#include "support/scenario.hpp"

using namespace sojourn;
using Catch::Contains;

namespace {

Findings findings_for(const std::string& text) {
  const Study study = testing::read(text);
  return findings_of(study, run_experiment(study, ExperimentOptions{.jobs = 1}));
}

std::string queue(const std::string& span, const std::string& queue = "", const std::string& work = "8ms") {
  return R"({"name": "q", "replications": 10, )" + span +
         R"("clients": {"c": {"requests": "a.x", "arrivals": {"poisson": "100/s"}}}, "services": {"a": {)" + queue +
         R"("operations": {"x": [{"work": {"exponential": ")" + work + R"("}}]}}}})";
}

const std::string settled = R"("horizon": "110s", "warmup": "10s", )";

}  // namespace

TEST_CASE("what is exact stands beside what was simulated, standard errors apart", "[experiment]") {
  const Findings findings = findings_for(queue(settled));
  REQUIRE(findings.theory.size() == 6);
  CHECK(findings.theory[0].path == "clients.c.response_time.mean");
  CHECK(findings.theory[0].exact == Approx(0.04));
  CHECK(findings.theory[0].result == "M/M/1");
  CHECK(findings.theory[5].path == "services.a.waiting_time.mean");
  CHECK(findings.theory[5].exact == Approx(0.032));
  for (const TheoryCheck& check : findings.theory) {
    INFO(check.path);
    REQUIRE(check.standard_errors);
    CHECK(std::abs(*check.standard_errors) < 4.5);
    const double t = student_t_quantile(0.975, 9);
    CHECK(*check.standard_errors ==
          Approx((check.simulated.value - check.exact) / (*check.simulated.half_width / t)).epsilon(1e-9));
  }
  const std::string text = format_named("table")->text_of(findings, {});
  CHECK_THAT(text, Contains("theory, where it is exact") && Contains("40.0 ms exact,") && Contains("standard errors"));
  CHECK_THAT(text, !Contains("no chance"));
  CHECK_THAT(format_named("json")->text_of(findings, {}), Contains("\"standard_errors\""));
}

TEST_CASE("a run that begins empty and ends soon is said to differ from theory", "[experiment]") {
  // The queue of a worker that is busy 98 % of the time fills in minutes, not in two seconds.
  const Findings findings = findings_for(queue(R"("horizon": "2s", )", "", "9800us"));
  REQUIRE(findings.theory.size() == 6);
  CHECK(*findings.theory[0].standard_errors < -4.5);
  CHECK_THAT(format_named("table")->text_of(findings, {}), Contains("more than 4.5 standard errors are no chance"));
}

TEST_CASE("what is not exact is not compared", "[experiment]") {
  CHECK(findings_for(queue(settled, R"("queue": {"max_wait": "5ms"}, )")).theory.empty());
}

TEST_CASE("jobs that share a core wait in no queue: only their response is compared", "[experiment]") {
  const Findings findings = findings_for(queue(settled, R"("workers": "unlimited", "cores": 1, )"));
  REQUIRE_FALSE(findings.theory.empty());
  for (const TheoryCheck& check : findings.theory) CHECK_THAT(check.path, !Contains("waiting_time"));
}

TEST_CASE("a queue that is full beyond what it carries is compared too", "[experiment]") {
  const Findings findings = findings_for(queue(settled, R"("queue": {"capacity": 3}, )", "12ms"));
  REQUIRE(findings.theory.size() == 3);
  for (const TheoryCheck& check : findings.theory) {
    INFO(check.path << " " << check.exact << " " << check.simulated.value);
    CHECK(check.result == "M/M/1/4");
    CHECK(std::abs(check.standard_errors.value()) < 4.5);
  }
}

TEST_CASE("messages wait in their topic: the queue of their consumer is not compared", "[experiment]") {
  const Findings findings = findings_for(R"({"name": "q", "replications": 10, "horizon": "60s", "warmup": "5s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"poisson": "100/s"}}},
    "services": {"a": {"operations": {"x": [{"work": {"exponential": "5ms"}}, {"publish": "t"}]}},
                 "b": {"operations": {"y": [{"work": {"exponential": "6ms"}}]}}},
    "topics": {"t": {"subscriptions": {"b.y": {}}}}})");
  bool completion = false, own = false;
  for (const TheoryCheck& check : findings.theory) {
    CHECK_THAT(check.path, !Contains("services.b"));
    completion = completion || check.path == "clients.c.completion_time.mean";
    own = own || check.path == "services.a.waiting_time.mean";
    CHECK(std::abs(check.standard_errors.value()) < 4.5);
  }
  CHECK(completion);
  CHECK(own);
}
