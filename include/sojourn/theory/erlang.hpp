#pragma once
// Stations with Poisson arrivals and exponential work: M/M/1, M/M/c and M/M/c/K. Rates per second, times in seconds.

#include <cstdint>

namespace sojourn {

/// The share of arrivals that find all servers taken where nothing may wait (M/G/c/c); offered = arrival rate x mean work.
/// Erlang B, as the sum 1/B = 1 + c/a + c(c-1)/a^2 + ..., whose terms are all positive.
/// Source: Erlang 1917; Gross and Harris, Fundamentals of Queueing Theory, 2.5.
[[nodiscard]] double erlang_b(std::uint64_t servers, double offered);

/// The chance that an arrival waits at M/M/c (Erlang C); 1 when the servers are not enough.
/// Source: Gross and Harris, Fundamentals of Queueing Theory, 2.3.
[[nodiscard]] double erlang_c(std::uint64_t servers, double offered);

/// M/M/c: Poisson arrivals, exponential work, one queue without bound, first come first served; M/M/1 with one server.
/// Times are infinite unless it is stable. Source: Gross and Harris, Fundamentals of Queueing Theory, 2.2 and 2.3.
struct MultiServerQueue {
  double arrivals_per_s = 0;
  double work_s = 0;
  std::uint64_t servers = 1;

  [[nodiscard]] double offered() const { return arrivals_per_s * work_s; }
  [[nodiscard]] double utilization() const { return offered() / static_cast<double>(servers); }
  [[nodiscard]] bool stable() const { return utilization() < 1; }
  [[nodiscard]] double chance_of_waiting() const { return erlang_c(servers, offered()); }
  [[nodiscard]] double mean_wait_s() const;
  [[nodiscard]] double mean_response_s() const { return mean_wait_s() + work_s; }
  /// The time that a share p of arrivals waits at most, 0 <= p < 1.
  [[nodiscard]] double wait_quantile_s(double p) const;
  /// The same for waiting and work together.
  [[nodiscard]] double response_quantile_s(double p) const;
  /// P(waiting and work together take longer than t).
  [[nodiscard]] double response_tail(double t) const;
};

/// M/M/c/K: at most `places` jobs wait, further arrivals are refused. Source: Gross and Harris, 2.4.
struct FiniteQueue {
  double arrivals_per_s = 0;
  double work_s = 0;
  std::uint64_t servers = 1;
  std::uint64_t places = 0;

  /// The share of arrivals that are refused.
  [[nodiscard]] double refused() const;
  /// Mean wait of those that are let in.
  [[nodiscard]] double mean_wait_s() const;
  [[nodiscard]] double utilization() const;
};

}  // namespace sojourn
