#pragma once
// Results as CSV for machines: snake_case names with the unit last, one row a thing, an empty field where a number is
// unknown, numbers in the shortest form that reads back as the same value.

#include <string>

#include "sojourn/experiment/findings.hpp"
#include "sojourn/io/output_file.hpp"

namespace sojourn {

/// One row a client and variant; every estimate with its half-width.
[[nodiscard]] std::string clients_csv(const Findings& findings);
[[nodiscard]] std::string services_csv(const Findings& findings);
[[nodiscard]] std::string calls_csv(const Findings& findings);
/// One row a subscription and variant.
[[nodiscard]] std::string topics_csv(const Findings& findings);
[[nodiscard]] std::string resources_csv(const Findings& findings);
/// The run over time, averaged over replications: variant, time_s (the start of the bucket), section, name, metric, value,
/// half_width (empty where there is none), n (replications). In pieces: it is by far the longest.
void timeline_csv(const Findings& findings, TextSink& sink);
/// The pieces together.
[[nodiscard]] std::string timeline_csv(const Findings& findings);
/// The whole spectrum of each client's times: variant, client, metric, percentile, value_s; nothing for percentiles that the
/// samples do not carry.
[[nodiscard]] std::string percentiles_csv(const Findings& findings);
/// What the mean and the p99 of clients' times are made of: variant, client, time, statistic, where, why, value_s.
[[nodiscard]] std::string blame_csv(const Findings& findings);
/// The paired comparisons with the baseline.
[[nodiscard]] std::string comparisons_csv(const Findings& findings);

/// What a measure is called in a file: in snake_case with its unit last, "response_time_p99_s".
[[nodiscard]] std::string metric_name(const Column& column);

/// The shortest text that reads back as the same number.
[[nodiscard]] std::string number_text(double value);

}  // namespace sojourn
