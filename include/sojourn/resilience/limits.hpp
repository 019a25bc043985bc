#pragma once
// Limits that a caller sets itself: how many calls at once, and when a second copy goes out.

#include <cstdint>
#include <string_view>
#include <tuple>

#include "sojourn/core/describe.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// Calls at once, per calling service and operation; what exceeds it is refused.
struct Bulkhead {
  std::uint32_t max_concurrent_calls = 1;

  static constexpr std::string_view sentence = "calls at once; what exceeds it is refused";
  static constexpr auto fields() {
    return std::tuple{required("max_concurrent_calls", &Bulkhead::max_concurrent_calls,
                               "a permit returns when the caller stops waiting", at_least(1))};
  }
};

/// Further copies of a slow call; the first success counts.
struct Hedge {
  Duration after;
  std::uint32_t attempts = 2;

  static constexpr std::string_view sentence =
      "a further copy is sent when no answer has come; the first success counts";
  static constexpr auto fields() {
    return std::tuple{required("after", &Hedge::after, "copy k goes out (k-1) times this after the first"),
                      optional("attempts", &Hedge::attempts, "copies in all, the first included", between(1, 1000))};
  }
};

}  // namespace sojourn
