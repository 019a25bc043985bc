#include "sojourn/stats/mser.hpp"

#include <limits>
#include <vector>

#include "sojourn/stats/sum.hpp"

namespace sojourn {

namespace {

constexpr std::size_t batch = 5;
constexpr std::size_t least_batches = 10;
constexpr std::size_t least_remaining = 5;

std::vector<double> batch_means(std::span<const double> series) {
  std::vector<double> means(series.size() / batch);
  for (std::size_t j = 0; j < means.size(); ++j) means[j] = mean_value(series.subspan(j * batch, batch));
  return means;
}

/// The number of leading values whose removal minimises sum (x - mean)^2 / n^2 of the rest; the smallest of equals.
/// From the back, so that one pass (Welford 1962) knows the rest's mean and squares at every cut.
std::size_t best_cut(std::span<const double> values) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  double mean = 0;
  double squares = 0;
  double n = 0;
  for (std::size_t cut = values.size(); cut-- > 0;) {
    n += 1;
    const double from_old = values[cut] - mean;
    mean += from_old / n;
    squares += from_old * (values[cut] - mean);
    const double statistic = squares / (n * n);
    if (values.size() - cut >= least_remaining && statistic <= least) {
      least = statistic;
      best = cut;
    }
  }
  return best;
}

}  // namespace

std::optional<std::size_t> mser5(std::span<const double> series) {
  const std::vector<double> means = batch_means(series);
  if (means.size() < least_batches) return std::nullopt;
  const std::size_t cut = best_cut(means) * batch;
  if (cut > series.size() / 2) return std::nullopt;
  return cut;
}

}  // namespace sojourn
