#pragma once
// Simulated against exact: small scenarios written as text, run, and compared by z-scores.

#include <string>
#include <string_view>
#include <vector>

#include "sojourn/experiment/experiment.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn::testing {

/// A number of the report and its exact value; times in seconds.
struct Figure {
  std::string path;
  double exact = 0;
};

/// A scenario whose numbers are known.
struct Oracle {
  std::string name;
  std::string scenario;
  std::vector<Figure> figures;
};

/// Reads the text; fails the test when it has errors.
[[nodiscard]] Study study_of(const std::string& text);

/// All replications of a scenario, run.
[[nodiscard]] ExperimentResult simulate(const std::string& text);

/// How many standard errors the simulated number lies above the exact one.
[[nodiscard]] double z_score(const Estimate& simulated, double exact, double confidence);

/// Runs every scenario and checks that every number lies within 4.5 standard errors. By Student's t with 19 degrees that
/// fails by chance once in 4,100 numbers; the seeds are fixed, so a test that passes once keeps passing.
void check(const std::vector<Oracle>& oracles);

/// A scenario of 20 replications. Clients and services as they stand in a scenario, without the outer braces.
[[nodiscard]] std::string scenario_text(std::string_view horizon, std::string_view clients, std::string_view services,
                                        std::string_view more = "");

/// A client that asks for a.x in a Poisson stream.
[[nodiscard]] std::string poisson_client(std::string_view rate);

/// One service "a" with one operation "x" that works once, under a Poisson stream. Extra: further keys of the service, each
/// followed by a comma.
[[nodiscard]] std::string station(std::string_view horizon, std::string_view rate, std::string_view work,
                                  std::string_view extra = "");

}  // namespace sojourn::testing
