#pragma once
// Numbers in messages: four digits are enough, and no library's formatting is needed.

#include <string>

namespace sojourn {

/// A number that is not negative, in four digits: 78.4, 1000000, 3.96e11, infinite.
[[nodiscard]] std::string short_number(double value);

/// A duration in four digits, from nanoseconds: 17.46ms.
[[nodiscard]] std::string short_duration(double ns);

}  // namespace sojourn
