#pragma once
// Scenario texts for tests of reading: a small sound one, and a way to break it.

#include <string>
#include <string_view>

#include "sojourn/core/issue.hpp"
#include "sojourn/io/study.hpp"

namespace sojourn {

/// A sound scenario, one thing a line, so that tests can name lines.
inline constexpr std::string_view small_scenario = R"({
  "name": "small",
  "horizon": "10min",
  "warmup": "1min",
  "clients": {
    "web": { "requests": "shop.order", "arrivals": { "poisson": "10/s" }, "timeout": "2s" }
  },
  "services": {
    "shop": { "workers": 4, "operations": { "order": [
      { "work": { "exponential": "4ms" } },
      { "call": "stock.reserve", "timeout": "500ms", "deferrable": true },
      { "publish": "orders" }
    ] } },
    "stock": { "workers": 2, "operations": {
      "reserve": [ { "work": "20ms" } ],
      "note": []
    } }
  },
  "topics": {
    "orders": { "subscriptions": { "stock.note": {} } }
  },
  "variants": {
    "waits": {},
    "hurries": { "defer": "all" }
  },
  "objectives": [ "clients.web.response_time.p99 <= 300ms" ]
}
)";

/// The text with a part of it, which must be there, replaced.
inline std::string with(std::string_view part, std::string_view other, std::string_view text = small_scenario) {
  std::string result(text);
  const std::size_t at = result.find(part);
  return at == std::string::npos ? "the part is not there: " + std::string(part)
                                 : result.replace(at, part.size(), other);
}

/// All issues of a text, one a line, as a user sees them.
inline std::string issues_of(std::string_view text, const ReadOptions& options = {}) {
  std::string lines;
  for (const Issue& issue : read_study(text, options).issues)
    lines += (lines.empty() ? "" : "\n") + (issue.name.empty() ? "" : issue.name + " ") + to_text(issue, "s.json");
  return lines;
}

}  // namespace sojourn
