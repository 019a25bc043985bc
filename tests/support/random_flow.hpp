#pragma once
// Random scenarios of ordinary flows: calls with timeouts and retries, messages, answers in between, nothing breaks. Most of
// their services are plain, so their jobs take the short way; some have one key more, and stand next to those.

#include <cstdint>
#include <string>

namespace sojourn::testing {

/// The text of a scenario; the same for the same number.
[[nodiscard]] std::string random_flow(std::uint64_t number);

}  // namespace sojourn::testing
