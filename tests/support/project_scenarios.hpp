#pragma once
// The project's own scenarios, as tests see them: found, read, made short, or made to run empty.

#include <filesystem>
#include <string>
#include <vector>

#include "sojourn/model/scenario.hpp"

namespace sojourn::testing {

/// Every scenario file of the project, by name.
[[nodiscard]] std::vector<std::filesystem::path> scenario_files();

/// A scenario of the project ("online-shop.json"), read; fails the test when it has errors.
[[nodiscard]] Study project_study(const std::string& file);

/// A variant of one of the project's scenarios.
struct Case {
  std::string name;  ///< "online-shop.json, hybrid"
  Scenario scenario;
};

/// Every variant of every scenario.
[[nodiscard]] std::vector<Case> all_cases();

/// The same for a twentieth of the time and a short drain, with no warm-up: some requests are left at its end.
[[nodiscard]] Scenario shortened(Scenario scenario);

/// The same with clients that are all open and ask no more after a tenth of the run: nothing is left at its end.
[[nodiscard]] Scenario running_empty(Scenario scenario);

}  // namespace sojourn::testing
