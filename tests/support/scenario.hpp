#pragma once
// Scenarios as texts in tests: read them, run one replication, look at what was measured.

#include <string>
#include <string_view>

#include "sojourn/io/study.hpp"
#include "sojourn/system/run.hpp"
#include "support/catch.hpp"

namespace sojourn::testing {

/// Reads a scenario that must be sound.
inline Study read(std::string_view text) {
  StudyResult result = read_study(text, {});
  for (const Issue& issue : result.issues)
    if (issue.severity == Severity::error) UNSCOPED_INFO(to_text(issue, "test.json"));
  REQUIRE(result.study.has_value());
  return std::move(*result.study);
}

/// One replication of a variant (the first one by default).
inline Measurements run_text(std::string_view text, std::size_t variant = 0, std::uint64_t replication = 0) {
  const Study study = read(text);
  REQUIRE(variant < study.variants.size());
  const Scenario& scenario = study.variants[variant].scenario;
  return run(compile(scenario), {.seed = scenario.seed, .replication = replication});
}

/// A scenario of one client "c" and services; both given as the inside of their JSON objects.
inline std::string scenario_text(const std::string& client, const std::string& services, const std::string& more = "") {
  return R"({"name": "test", "replications": 2, "horizon": "10s", )" + more + R"("clients": {"c": {)" + client +
         R"(}}, "services": {)" + services + "}}";
}

inline double ms(double ns) { return ns / 1e6; }
inline std::uint64_t outcome(const ClientMeasurement& client, Outcome which) {
  return client.outcomes[static_cast<std::size_t>(which)];
}

/// Every value of the histogram is this many milliseconds (exactly), and there is one.
inline void check_all_ms(const Histogram& histogram, double expected_ms) {
  CHECK(histogram.count() > 0);
  CHECK(ms(static_cast<double>(histogram.minimum())) == Approx(expected_ms).epsilon(1e-12));
  CHECK(ms(static_cast<double>(histogram.maximum())) == Approx(expected_ms).epsilon(1e-12));
}

}  // namespace sojourn::testing
