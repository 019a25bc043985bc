#pragma once
// Exact results of queueing theory, for the tests: rates per second, times in seconds. C's mathematics is fine here: these
// numbers are compared with simulated ones within their noise.

#include <cmath>
#include <cstddef>
#include <vector>

namespace sojourn::theory {

/// Where a decreasing function of t >= 0 falls to this value.
template <class Tail>
double falls_to(double value, const Tail& tail) {
  double low = 0, high = 1e-6;
  while (tail(high) > value) high *= 2;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (tail(middle) > value ? low : high) = middle;
  }
  return high;
}

/// The chance that an arrival waits at M/M/c (Erlang C); a = arrival rate x mean service time.
inline double erlang_c(int c, double a) {
  double blocked = 1;  // Erlang B, by its recursion
  for (int k = 1; k <= c; ++k) blocked = a * blocked / (k + a * blocked);
  return c * blocked / (c - a * (1 - blocked));
}

/// The chance that an arrival is lost at M/G/c/c (Erlang B).
inline double erlang_b(int c, double a) {
  double blocked = 1;
  for (int k = 1; k <= c; ++k) blocked = a * blocked / (k + a * blocked);
  return blocked;
}

/// Mean time at M/M/c (Gross and Harris, Fundamentals of Queueing Theory, 2.3).
inline double mmc_mean(double lambda, double mu, int c) {
  return erlang_c(c, lambda / mu) / (c * mu - lambda) + 1 / mu;
}

/// P(time at M/M/c > t): the wait is 0 or exponential with rate c mu - lambda, which must differ from mu.
inline double mmc_tail(double lambda, double mu, int c, double t) {
  const double waits = erlang_c(c, lambda / mu), eta = c * mu - lambda;
  return (1 - waits) * std::exp(-mu * t) + waits * (eta * std::exp(-mu * t) - mu * std::exp(-eta * t)) / (eta - mu);
}

/// Mean number of jobs at M/M/1 so long after it was empty: the chain of states by uniformization (Jensen 1953), which is what
/// Takacs, Introduction to the Theory of Queues (1962), 1.2, gives by Bessel functions.
inline double mm1_jobs_after(double lambda, double mu, double t) {
  std::vector<double> chance(400, 0);
  chance[0] = 1;
  const double events = (lambda + mu) * t, up = lambda / (lambda + mu);
  double jobs = 0, poisson = std::exp(-events);
  for (int k = 1; k < events + 12 * std::sqrt(events) + 30; ++k) {
    std::vector<double> next(chance.size(), 0);
    for (std::size_t n = 0; n + 1 < chance.size(); ++n) {
      next[n + 1] += up * chance[n];
      next[n > 0 ? n - 1 : 0] += (1 - up) * chance[n];
    }
    chance = std::move(next);
    poisson *= events / k;
    double mean = 0;
    for (std::size_t n = 0; n < chance.size(); ++n) mean += static_cast<double>(n) * chance[n];
    jobs += poisson * mean;
  }
  return jobs;
}

/// Mean time at M/G/1 from the first two moments of the work (Pollaczek and Khinchine).
inline double mg1_mean(double lambda, double mean, double second_moment) {
  return mean + lambda * second_moment / 2 / (1 - lambda * mean);
}

/// The n-th moment of a Pareto law that is conditioned on not exceeding a maximum; n differs from the shape.
inline double pareto_moment(double shape, double minimum, double maximum, int n) {
  const double kept = 1 - std::pow(minimum / maximum, shape);
  return shape * std::pow(minimum, shape) * (std::pow(minimum, n - shape) - std::pow(maximum, n - shape)) /
         (shape - n) / kept;
}

/// P(wait at M/D/1 > t) (Erlang 1909; Crommelin 1932).
inline double md1_wait_tail(double lambda, double service, double t) {
  double sum = 0, factorial = 1;
  for (int k = 0; k * service <= t; ++k) {
    if (k > 0) factorial *= k;
    const double x = lambda * (k * service - t);
    sum += std::pow(x, k) / factorial * std::exp(-x);
  }
  return 1 - (1 - lambda * service) * sum;
}

/// The share of arrivals that wait at G/M/1: sigma = transform of the gap at mu (1 - sigma). The time at the station is
/// exponential with rate mu (1 - sigma) (Kleinrock, Queueing Systems, vol. 1, 6.4).
template <class Transform>
double gm1_sigma(double mu, const Transform& gap) {
  double sigma = 0.5;
  for (int i = 0; i < 10'000; ++i) sigma = gap(mu * (1 - sigma));
  return sigma;
}

/// P(sum of independent exponentials > t), rates all different.
inline double hypoexponential_tail(const std::vector<double>& rates, double t) {
  double tail = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    double weight = 1;
    for (std::size_t j = 0; j < rates.size(); ++j)
      if (j != i) weight *= rates[j] / (rates[j] - rates[i]);
    tail += weight * std::exp(-rates[i] * t);
  }
  return tail;
}

/// P(sum of k exponentials with one rate > t).
inline double erlang_tail(int k, double rate, double t) {
  double term = std::exp(-rate * t), tail = 0;
  for (int i = 0; i < k; ++i) {
    tail += term;
    term *= rate * t / (i + 1);
  }
  return tail;
}

/// 1 + 1/2 + ... + 1/n.
inline double harmonic(int n) {
  double sum = 0;
  for (int i = 1; i <= n; ++i) sum += 1.0 / i;
  return sum;
}

/// What a closed network of single-worker stations does, each with an exponential time.
struct ClosedNetwork {
  double throughput = 0;
  double response = 0;
};

/// Mean value analysis (Reiser and Lavenberg 1980).
inline ClosedNetwork mean_value_analysis(int users, double think, const std::vector<double>& services) {
  std::vector<double> queue(services.size(), 0);
  ClosedNetwork network;
  for (int n = 1; n <= users; ++n) {
    network.response = 0;
    for (std::size_t i = 0; i < services.size(); ++i) network.response += services[i] * (1 + queue[i]);
    network.throughput = n / (think + network.response);
    for (std::size_t i = 0; i < services.size(); ++i) queue[i] = network.throughput * services[i] * (1 + queue[i]);
  }
  return network;
}

}  // namespace sojourn::theory
