#include "sojourn/theory/open_network.hpp"

#include <Eigen/SparseLU>
#include <limits>

namespace sojourn {

std::optional<std::vector<double>> traffic(const std::vector<double>& outside, std::span<const Route> routes) {
  const auto size = static_cast<int>(outside.size());
  if (size == 0) return std::vector<double>{};
  std::vector<Eigen::Triplet<double>> entries;
  for (int i = 0; i < size; ++i) entries.emplace_back(i, i, 1);
  for (const Route& route : routes)
    entries.emplace_back(static_cast<int>(route.to), static_cast<int>(route.from), -route.times);
  Eigen::SparseMatrix<double> system(size, size);
  system.setFromTriplets(entries.begin(), entries.end());
  Eigen::SparseLU<Eigen::SparseMatrix<double>> solver(system);
  if (solver.info() != Eigen::Success) return std::nullopt;
  const Eigen::VectorXd rates = solver.solve(Eigen::Map<const Eigen::VectorXd>(outside.data(), size));
  std::vector<double> result(rates.data(), rates.data() + size);
  for (double& rate : result) {
    if (rate < -1e-9) return std::nullopt;  // a loop that grows: the solution has no meaning
    if (rate < 0) rate = 0;
  }
  return result;
}

double mean_response_of_jackson(std::span<const MultiServerQueue> stations, double requests_per_s) {
  double jobs = 0;
  for (const MultiServerQueue& station : stations)
    if (station.arrivals_per_s > 0) jobs += station.arrivals_per_s * station.mean_response_s();
  return jobs / requests_per_s;
}

LoadDependentQueue load_dependent_queue(double arrivals_per_s, std::span<const double> rates) {
  if (!(arrivals_per_s > 0)) return {};
  const double infinite = std::numeric_limits<double>::infinity();
  if (rates.empty() || arrivals_per_s >= rates.back()) return {infinite, infinite};
  // Weights relative to the largest so far, so that nothing overflows.
  double weight = 1, total = 1, jobs = 0;
  for (std::size_t n = 1; n <= rates.size(); ++n) {
    weight *= arrivals_per_s / rates[n - 1];
    total += weight;
    jobs += static_cast<double>(n) * weight;
    if (total > 1e200) {
      weight /= total;
      jobs /= total;
      total = 1;
    }
  }
  const double ratio = arrivals_per_s / rates.back();
  const double beyond = weight * ratio / (1 - ratio);
  const auto most = static_cast<double>(rates.size());
  total += beyond;
  return {(jobs + beyond * most + beyond / (1 - ratio)) / total, (jobs + beyond * most) / total};
}

}  // namespace sojourn
