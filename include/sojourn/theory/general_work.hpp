#pragma once
// Stations whose work, or whose gaps between arrivals, follow any law. Rates per second, times in seconds.

#include <cstdint>

#include "sojourn/theory/erlang.hpp"

namespace sojourn {

/// Mean and mean square of a time.
struct Moments {
  double mean = 0;
  double second = 0;

  [[nodiscard]] double variance() const { return second - mean * mean; }
  /// Square of the coefficient of variation: 1 for exponential times, 0 for constant ones.
  [[nodiscard]] double cv2() const { return mean > 0 ? variance() / (mean * mean) : 0; }
};

/// Mean wait at M/G/1, first come first served; infinite unless it is stable and the mean square exists.
/// Source: Pollaczek 1930, Khinchine 1932; Kleinrock, Queueing Systems, vol. 1, 5.6.
[[nodiscard]] double mean_wait_of_one_server(double arrivals_per_s, const Moments& work);

/// Mean response at M/G/1 where all jobs share the server evenly: only the mean of the work matters.
/// Source: Kleinrock, Queueing Systems, vol. 2, 4.4.
[[nodiscard]] double mean_response_when_sharing(double arrivals_per_s, double work_s);

/// Mean wait at G/G/c: that of M/M/c times (cv2 of the gaps + cv2 of the work) / 2. An approximation; exact for M/M/c and M/G/1.
/// Source: Allen, Probability, Statistics and Queueing Theory (1990), 5.3 (the Allen-Cunneen approximation).
[[nodiscard]] double mean_wait_allen_cunneen(const MultiServerQueue& queue, double gaps_cv2, double work_cv2);

/// The share sigma of arrivals that wait at G/M/1: the root below 1 of sigma = transform of the gap at mu (1 - sigma).
/// The response is exponential with mean work / (1 - sigma). transform(s) = E[e^(-s gap)].
/// Source: Kleinrock, Queueing Systems, vol. 1, 6.4.
template <class Transform>
[[nodiscard]] double chance_of_waiting_after_gaps(double work_s, const Transform& transform) {
  double low = 0, high = 1;  // sigma - transform is below 0 at 0, and above it just left of 1 when stable
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (middle < transform((1 - middle) / work_s) ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace sojourn
