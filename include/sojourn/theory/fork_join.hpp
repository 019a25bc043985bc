#pragma once
// Branches that run at once, and the time until enough of them are done.

#include <cstddef>
#include <span>

namespace sojourn {

/// Mean time until both halves are done where every arrival (Poisson) sends one job to each of two equal M/M/1 stations:
/// (12 - load) / 8 times their mean response. Exact; infinite unless stable. Source: Flatto and Hahn 1984; Nelson and Tantawi
/// 1988.
[[nodiscard]] double mean_response_of_two_branches(double arrivals_per_s, double work_s);

/// Mean time until so many of several independent exponential times have passed, by their means: H_n x mean for all of n
/// equal ones. Exact for independent exponential times, an approximation for others.
[[nodiscard]] double mean_time_until(std::size_t needed, std::span<const double> means_s);

}  // namespace sojourn
