#include "support/oracle.hpp"

#include <cmath>

#include "sojourn/io/study.hpp"
#include "sojourn/stats/student.hpp"
#include "support/catch.hpp"

namespace sojourn::testing {

Study study_of(const std::string& text) {
  StudyResult read = read_study(text, ReadOptions{});
  for (const Issue& issue : read.issues)
    if (issue.severity == Severity::error) UNSCOPED_INFO(to_text(issue, "scenario"));
  INFO(text);
  REQUIRE_FALSE(has_errors(read.issues));
  return std::move(*read.study);
}

ExperimentResult simulate(const std::string& text) { return run_experiment(study_of(text), ExperimentOptions{}); }

double z_score(const Estimate& simulated, double exact, double confidence) {
  const double quantile = student_t_quantile((1 + confidence) / 2, static_cast<double>(simulated.n - 1));
  const double off = simulated.value - exact;
  const double error = simulated.half_width.value() / quantile;
  if (error == 0) return std::fabs(off) <= 1e-9 * std::fabs(exact) ? 0 : HUGE_VAL;
  return off / error;
}

void check(const std::vector<Oracle>& oracles) {
  for (const Oracle& oracle : oracles) {
    const ExperimentResult result = simulate(oracle.scenario);
    REQUIRE(result.complete());
    for (const Figure& figure : oracle.figures) {
      const auto simulated = result.variants.front().estimate(figure.path);
      INFO(oracle.name << ", " << figure.path << ", exact " << figure.exact);
      REQUIRE(simulated.has_value());
      REQUIRE(simulated->half_width.has_value());
      INFO("simulated " << simulated->value << " +- " << *simulated->half_width);
      CHECK(std::fabs(z_score(*simulated, figure.exact, result.confidence)) <= 4.5);
    }
  }
}

std::string scenario_text(std::string_view horizon, std::string_view clients, std::string_view services,
                          std::string_view more) {
  std::string text = R"({"name": "oracle", "seed": 7, "replications": 20, "horizon": ")";
  text.append(horizon).append(R"(", "warmup": "10s", )").append(more);
  text.append(R"("clients": {)").append(clients);
  text.append(R"(}, "services": {)").append(services).append("}}");
  return text;
}

std::string poisson_client(std::string_view rate) {
  return std::string(R"("c": {"requests": "a.x", "arrivals": {"poisson": ")").append(rate).append(R"("}})");
}

std::string station(std::string_view horizon, std::string_view rate, std::string_view work, std::string_view extra) {
  std::string service = R"("a": {)";
  service.append(extra).append(R"("operations": {"x": [{"work": )").append(work).append("}]}}");
  return scenario_text(horizon, poisson_client(rate), service);
}

}  // namespace sojourn::testing
