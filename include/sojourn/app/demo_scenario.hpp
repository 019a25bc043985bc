#pragma once
// The scenario of `sojourn demo`: scenarios/online-shop.json as it was when the program was built.

#include <string_view>

namespace sojourn {

[[nodiscard]] std::string_view demo_scenario();

}  // namespace sojourn
