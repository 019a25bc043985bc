#include "support/project_scenarios.hpp"

#include <algorithm>

#include "sojourn/io/study.hpp"
#include "support/catch.hpp"

namespace sojourn::testing {

namespace {

const std::filesystem::path folder = std::filesystem::path(SOJOURN_SOURCE_DIR) / "scenarios";

Study read(const std::filesystem::path& file) {
  StudyResult result = read_study_file(file.string(), ReadOptions{});
  for (const Issue& issue : result.issues)
    if (issue.severity == Severity::error) UNSCOPED_INFO(to_text(issue, file.string()));
  INFO(file);
  REQUIRE_FALSE(has_errors(result.issues));
  return std::move(*result.study);
}

Profile until(Time end) { return {{Time{}, 1}, {end, 1}, {end, 0}}; }

}  // namespace

std::vector<std::filesystem::path> scenario_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".json" && entry.path().filename() != "schema.json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  REQUIRE_FALSE(files.empty());
  return files;
}

Study project_study(const std::string& file) { return read(folder / file); }

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& file : scenario_files())
    for (Variant& variant : read(file).variants)
      cases.push_back(
          {file.lexically_relative(folder).generic_string() + ", " + variant.name, std::move(variant.scenario)});
  return cases;
}

Scenario shortened(Scenario scenario) {
  scenario.horizon.ns /= 20;
  scenario.warmup = {};
  scenario.drain = Duration{scenario.horizon.ns / 10};
  return scenario;
}

Scenario running_empty(Scenario scenario) {
  scenario.horizon.ns /= 2;
  scenario.warmup = {};
  const Time end{scenario.horizon.ns / 10};
  for (auto& [name, client] : scenario.clients) {
    Rate rate{100};
    if (client.users) rate = {client.users->users / 20.0};
    if (client.arrivals)
      if (const auto* poisson = std::get_if<PoissonArrivals>(&client.arrivals->law)) rate = poisson->rate;
    client.users.reset();
    client.arrivals = Arrivals{PoissonArrivals{rate, until(end)}};
  }
  return scenario;
}

}  // namespace sojourn::testing
