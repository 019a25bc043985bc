#pragma once
// Random scenarios that are valid: every key of the language comes up in some of them.

#include <cstdint>
#include <string>

namespace sojourn::testing {

/// The text of a scenario; the same for the same number. It may name files of the folder below.
[[nodiscard]] std::string random_scenario(std::uint64_t number);

/// Where the files are that random scenarios name.
[[nodiscard]] std::string random_scenario_folder();

}  // namespace sojourn::testing
