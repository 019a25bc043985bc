#pragma once
// report.json: all numbers of an experiment. Times in seconds, rates per second. No clock, host or number of threads is in
// it: the same scenario, seed and version give the same bytes.

#include <string>

#include "sojourn/experiment/findings.hpp"

namespace sojourn {

/// The report as JSON text with a line break at its end.
[[nodiscard]] std::string report_json(const Findings& findings);

/// A fingerprint as sixteen hexadecimal digits.
[[nodiscard]] std::string fingerprint_text(std::uint64_t fingerprint);

}  // namespace sojourn
