// Sequential stopping: replications are added until an interval is narrow enough.
#include <cmath>
#include <string>

#include "sojourn/experiment/objectives.hpp"
#include "sojourn/experiment/warnings.hpp"
#include "sojourn/io/study.hpp"
#include "support/catch.hpp"
#include "support/oracle.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

std::string precise(const std::string& precision, const std::string& replications = "3") {
  return R"({"name": "precise", "replications": )" + replications + R"(, "horizon": "5s", "precision": )" + precision +
         R"(, "clients": {"c": {"requests": "a.x", "arrivals": {"poisson": "80/s"}}},
            "services": {"a": {"operations": {"x": [{"work": {"exponential": "10ms"}}]}}}})";
}

ExperimentResult run_precise(const std::string& precision, unsigned jobs) {
  const Study study = study_of(precise(precision));
  return run_experiment(study, ExperimentOptions{.jobs = jobs});
}

}  // namespace

TEST_CASE("replications come in whole rounds until the interval is narrow enough") {
  const std::string asked = R"({"client": "c", "metric": "response_time.mean", "relative": 0.1})";
  const ExperimentResult result = run_precise(asked, 1);
  REQUIRE(result.precision.has_value());
  CHECK(result.precision->met);
  CHECK(result.replications % 10 == 0);
  CHECK(result.replications > 10);
  CHECK(result.complete());
  const auto estimate = result.variants.front().estimate("clients.c.response_time.mean").value();
  CHECK(*estimate.half_width / estimate.value <= 0.1);
  for (const unsigned jobs : {2U, 5U}) {
    const ExperimentResult other = run_precise(asked, jobs);
    CHECK(other.replications == result.replications);
    CHECK(other.fingerprint == result.fingerprint);
    CHECK(other.variants.front().estimates == result.variants.front().estimates);
  }
}

TEST_CASE("a precision that is easy needs the first round only, and one that is out of reach is a named doubt") {
  const ExperimentResult easy = run_precise(R"({"client": "c", "metric": "response_time.mean", "relative": 0.9})", 2);
  CHECK(easy.replications == 10);
  CHECK(easy.precision->met);
  const ExperimentResult hard =
      run_precise(R"({"client": "c", "metric": "response_time.p99", "relative": 0.0001, "max_replications": 25})", 2);
  CHECK(hard.replications == 25);
  CHECK_FALSE(hard.precision->met);
  const auto warnings = warnings_of(hard);
  REQUIRE_FALSE(warnings.empty());
  CHECK(warnings.front().name == "precision-not-met");
  CHECK(warnings.front().path == "clients.c.response_time.p99");
}

TEST_CASE("what a precision needs is told, allowed or not, and no more than allowed is run") {
  const std::string asked =
      R"({"client": "c", "metric": "response_time.mean", "relative": 0.005, "max_replications": 15})";
  const ExperimentResult few = run_experiment(study_of(precise(asked, "20")), ExperimentOptions{.jobs = 1});
  CHECK(few.replications == 15);
  REQUIRE_FALSE(few.precision->met);
  const double times = std::pow(few.precision->relative.front().value() / 0.005, 2);
  CHECK(static_cast<double>(few.precision->replications_needed) == Approx(15 * times).margin(1));
  const auto requests = static_cast<double>(few.variants.front().merged.clients.front().requests);
  CHECK(static_cast<double>(few.precision->requests_needed) == Approx(requests * times).margin(1));
  CHECK(warnings_of(few).front().message.ends_with(
      "that needs about " + std::to_string(few.precision->replications_needed) + " replications with " +
      std::to_string(few.precision->requests_needed) + " requests, more than the 15 that are allowed"));
}

TEST_CASE("fewer replications than a round are too few to decide on a precision") {
  const auto read =
      read_study(precise(R"({"client": "c", "metric": "response_time.mean", "max_replications": 5})"), ReadOptions{});
  REQUIRE_FALSE(read.study.has_value());
  CHECK(read.issues.front().pointer == "/precision/max_replications");
}

TEST_CASE("a precision is asked for a figure that has an interval") {
  const Study study = study_of(precise(R"({"client": "c", "metric": "respnse_time.p99"})"));
  const Issues issues = check_objectives(study, compile_all(study));
  REQUIRE(issues.size() == 1);
  CHECK(issues.front().pointer == "/precision/metric");
  CHECK(issues.front().message.find("did you mean 'response_time.p99'?") != std::string::npos);
}
