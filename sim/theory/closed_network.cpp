#include "sojourn/theory/closed_network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace sojourn {

namespace {

/// A number >= 0 with an exponent of its own: weights of closed networks leave the range of a double.
struct Weight {
  double part = 0;  ///< 0, or in [0.5, 1)
  int exponent = 0;
};

Weight weight_of(double value, int exponent = 0) {
  int shift = 0;
  const double part = std::frexp(value, &shift);
  return {part, part == 0 ? 0 : exponent + shift};
}

Weight operator*(const Weight& a, const Weight& b) { return weight_of(a.part * b.part, a.exponent + b.exponent); }

Weight operator+(const Weight& a, const Weight& b) {
  if (a.part == 0) return b;
  if (b.part == 0) return a;
  const Weight& large = a.exponent >= b.exponent ? a : b;
  const Weight& small = a.exponent >= b.exponent ? b : a;
  const int apart = large.exponent - small.exponent;
  if (apart > 60) return large;
  return weight_of(large.part + std::ldexp(small.part, -apart), large.exponent);
}

double ratio(const Weight& a, const Weight& b) {
  return a.part == 0 ? 0 : std::ldexp(a.part / b.part, std::clamp(a.exponent - b.exponent, -2000, 2000));
}

using Weights = std::vector<Weight>;

/// The weights of 0, 1, 2, ... customers at a station.
Weights weights_of(const ClosedStation& station, std::size_t customers) {
  Weights weights{weight_of(1)};
  for (std::size_t n = 1; n <= customers; ++n)
    weights.push_back(station.takes_time() ? weights.back() * weight_of(1 / station.rate(n)) : Weight{});
  return weights;
}

Weights convolved(const Weights& a, const Weights& b) {
  Weights sums(a.size());
  for (std::size_t n = 0; n < a.size(); ++n)
    for (std::size_t k = 0; k <= n; ++k) sums[n] = sums[n] + a[k] * b[n - k];
  return sums;
}

/// The same with a station whose rates do not fall: its weights are a short polynomial and a geometric series, so that time
/// grows with the number of its rates only.
Weights convolved(const Weights& a, const ClosedStation& station) {
  const std::size_t customers = a.size() - 1;
  const Weights weights = weights_of(station, customers);
  Weights start{weight_of(1)};
  for (std::size_t n = 1; n <= customers && n < station.rates.size(); ++n) {
    const double share = 1 - station.rates[n - 1] / station.rates.back();
    if (share < 0) return convolved(a, weights);
    start.push_back(weights[n] * weight_of(share));
  }
  Weights sums(a.size());
  const Weight step = weight_of(1 / station.rates.back());
  for (std::size_t n = 0; n < a.size(); ++n) {
    for (std::size_t k = 0; k <= n && k < start.size(); ++k) sums[n] = sums[n] + start[k] * a[n - k];
    if (n > 0) sums[n] = sums[n] + sums[n - 1] * step;
  }
  return sums;
}

/// The time of a station that serves this many customers at once.
std::optional<double> delay_of(const ClosedStation& station, std::size_t customers) {
  if (station.rates.empty()) return station.delay_s;
  if (station.rates.size() < customers) return std::nullopt;
  for (std::size_t n = 1; n <= customers; ++n)
    if (std::fabs(station.rates[n - 1] - static_cast<double>(n) * station.rates[0]) > 1e-12 * station.rates[n - 1])
      return std::nullopt;
  return 1 / station.rates[0];
}

/// The weights of all stations but one; of all when there is no such station.
Weights weights_without(const std::vector<Weights>& stations, std::size_t left_out, std::size_t customers) {
  Weights all(customers + 1);
  all[0] = weight_of(1);
  for (std::size_t i = 0; i < stations.size(); ++i)
    if (i != left_out) all = convolved(all, stations[i]);
  return all;
}

}  // namespace

ClosedStation delay_station(double delay_s) { return {.delay_s = delay_s}; }

ClosedStation server_station(double demand_s, std::uint64_t servers, std::uint64_t most_customers) {
  ClosedStation station;
  const std::uint64_t most = std::max<std::uint64_t>(1, std::min(servers, most_customers));
  for (std::uint64_t n = 1; n <= most && demand_s > 0; ++n) station.rates.push_back(static_cast<double>(n) / demand_s);
  return station;
}

ClosedNetwork closed_network(std::span<const ClosedStation> stations, std::size_t customers) {
  std::vector<Weights> weights;
  for (const ClosedStation& station : stations) weights.push_back(weights_of(station, customers));
  const Weights all = weights_without(weights, weights.size(), customers);
  ClosedNetwork network;
  if (customers == 0) return {0, std::vector<double>(stations.size(), 0)};
  if (all[customers].part == 0) return {std::numeric_limits<double>::infinity(), {}};
  network.throughput_per_s = ratio(all[customers - 1], all[customers]);
  for (std::size_t i = 0; i < stations.size(); ++i) {
    const Weights others = weights_without(weights, i, customers);
    double mean = 0;
    for (std::size_t n = 1; n <= customers; ++n)
      mean += static_cast<double>(n) * ratio(weights[i][n] * others[customers - n], all[customers]);
    network.customers.push_back(mean);
  }
  return network;
}

std::vector<double> closed_throughputs(std::span<const ClosedStation> stations, std::size_t customers) {
  Weights all(customers + 1);
  all[0] = weight_of(1);
  ClosedStation delays;  // all of them are one
  for (const ClosedStation& station : stations) {
    if (const auto delay = delay_of(station, customers))
      delays.delay_s += *delay;
    else
      all = convolved(all, station);
  }
  if (delays.takes_time()) all = convolved(all, weights_of(delays, customers));
  std::vector<double> throughputs;
  for (std::size_t n = 1; n <= customers; ++n)
    throughputs.push_back(all[n].part == 0 ? std::numeric_limits<double>::infinity() : ratio(all[n - 1], all[n]));
  return throughputs;
}

ClosedNetwork mean_value_analysis(std::span<const StationDemand> demands, std::uint64_t customers) {
  ClosedNetwork network{0, std::vector<double>(demands.size(), 0)};
  std::vector<double> times(demands.size(), 0);
  for (std::uint64_t n = 1; n <= customers; ++n) {
    double round = 0;
    for (std::size_t i = 0; i < demands.size(); ++i) {
      times[i] = demands[i].seconds * (demands[i].queues ? 1 + network.customers[i] : 1);
      round += times[i];
    }
    if (!(round > 0)) return {std::numeric_limits<double>::infinity(), {}};
    network.throughput_per_s = static_cast<double>(n) / round;
    for (std::size_t i = 0; i < demands.size(); ++i) network.customers[i] = network.throughput_per_s * times[i];
  }
  return network;
}

ClosedNetwork approximate_closed_network(std::span<const ClosedStation> stations, double customers) {
  std::vector<double> queued(stations.size(), 0);  // those at the fast server of a station
  ClosedNetwork network{0, std::vector<double>(stations.size(), 0)};
  for (int round = 0; round < 10'000; ++round) {
    double time = 0;
    std::vector<double> fast(stations.size(), 0), whole(stations.size(), 0);
    for (std::size_t i = 0; i < stations.size(); ++i) {
      const ClosedStation& station = stations[i];
      if (!station.rates.empty()) {
        fast[i] = (1 + queued[i] * (customers - 1) / customers) / station.rates.back();
        whole[i] = fast[i] + 1 / station.rates.front() - 1 / station.rates.back();
      } else {
        whole[i] = station.delay_s;
      }
      time += whole[i];
    }
    if (!(time > 0)) return {std::numeric_limits<double>::infinity(), {}};
    const double before = network.throughput_per_s;
    network.throughput_per_s = customers / time;
    for (std::size_t i = 0; i < stations.size(); ++i) {
      queued[i] = network.throughput_per_s * fast[i];
      network.customers[i] = network.throughput_per_s * whole[i];
    }
    if (std::fabs(network.throughput_per_s - before) <= 1e-13 * before) break;
  }
  return network;
}

AsymptoticBounds asymptotic_bounds(double customers, double think_s, double demand_s, double largest_s) {
  const double infinite = std::numeric_limits<double>::infinity();
  const auto per = [&](double a, double b) { return b > 0 ? a / b : infinite; };
  return {.throughput_low = per(customers, think_s + customers * demand_s),
          .throughput_high = std::min(per(1, largest_s), per(customers, think_s + demand_s)),
          .response_low = std::max(demand_s, customers * largest_s - think_s),
          .response_high = customers * demand_s,
          .knee = per(demand_s + think_s, largest_s)};
}

}  // namespace sojourn
