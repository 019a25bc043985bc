#pragma once
// Open networks: how often each station is visited, and what a request spends at all of them together.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "sojourn/theory/erlang.hpp"

namespace sojourn {

/// Of each job at `from` come so many at `to`, on average.
struct Route {
  std::size_t from = 0;
  std::size_t to = 0;
  double times = 0;
};

/// Arrivals per second at every node from those that come from outside: the traffic equations rate = outside + routes x rate,
/// loops included. Nothing when a loop never ends. Source: Jackson 1957.
[[nodiscard]] std::optional<std::vector<double>> traffic(const std::vector<double>& outside,
                                                         std::span<const Route> routes);

/// Mean time that a request spends at all stations of a Jackson network, at so many requests per second: by Little's law from
/// the numbers at M/M/c stations. Source: Jackson 1957.
[[nodiscard]] double mean_response_of_jackson(std::span<const MultiServerQueue> stations, double requests_per_s);

/// One station that is served faster the more jobs it holds.
struct LoadDependentQueue {
  double jobs = 0;     ///< mean number there
  double running = 0;  ///< mean number among the first rates.size()
};

/// Poisson arrivals at a station that completes rates[n - 1] jobs per second with n there, the last rate for more: a chain of
/// births and deaths. Infinite numbers when the last rate is not enough. Source: Kleinrock, Queueing Systems, vol. 1, 3.2.
[[nodiscard]] LoadDependentQueue load_dependent_queue(double arrivals_per_s, std::span<const double> rates);

}  // namespace sojourn
