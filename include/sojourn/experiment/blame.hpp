#pragma once
// Blame: what the mean and the p99 of a client's times are made of, by place and reason. A few replications are run once
// more for it, with account kept of every nanosecond on the chain that an answer, or the end of a request, waited for.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/experiment/experiment.hpp"

namespace sojourn {

/// The share of one place and reason.
struct BlamePart {
  std::string place;  ///< a service, topic or client
  Blame why = Blame::work;
  double seconds = 0;
};

/// What some of a client's times were spent on, on average; the parts add up to the whole.
struct BlameStory {
  std::string variant, client;
  std::string_view time;       ///< "response_time" or "completion_time"
  std::string_view statistic;  ///< "mean", of all requests, or "p99", of those between the p98.5 and the p99.5
  std::uint64_t requests = 0;
  double seconds = 0;            ///< the mean of these requests' times
  std::vector<BlamePart> parts;  ///< the largest first
};

/// "queue", "work", "held", "network", "back_off", "delay", "topic".
[[nodiscard]] std::string_view name_of(Blame why);

/// The service, topic or client that a slot of blame_slot names, by its place in that order.
[[nodiscard]] std::string place_name(const Topology& topology, std::size_t place);

/// Runs as many replications again as are needed for some 20,000 requests of each client, or the first part of one; nothing for
/// an experiment that is not complete.
void add_blame(ExperimentResult& result, const ExperimentOptions& options);

/// For every variant and client with requests, mean and p99 of response and completion.
[[nodiscard]] std::vector<BlameStory> stories_of(const ExperimentResult& result);

}  // namespace sojourn
