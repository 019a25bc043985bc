#include "sojourn/experiment/load_limits.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sojourn/experiment/assumptions.hpp"

namespace sojourn {

namespace {

class Saturations {
 public:
  explicit Saturations(const Layers& layers) : layers_(layers), inexact_(inexactness(layers, Exactness::of_loads)) {
    std::vector<double> requests;
    for (const Source& source : layers.sources()) requests.push_back(source.rate_per_s);
    jobs_ = layers.job_rates(requests);
  }

  [[nodiscard]] std::vector<Saturation> all() {
    for (std::uint32_t i = 0; i < layers_.layers().size(); ++i) by_work(i);
    for (std::uint32_t i = 0; i < layers_.layers().size(); ++i)
      if (layers_.layers()[i].holds) by_held_workers(i);
    by_concurrency();
    by_resources();
    return std::move(found_);
  }

 private:
  [[nodiscard]] Basis basis_of(std::string result, bool exact) const {
    if (exact && inexact_.empty()) return {std::move(result), true, ""};
    return {result + (exact ? "" : " (approximation)"), false, exact ? inexact_ : ""};
  }

  void by_work(std::uint32_t i) {
    const Layer& layer = layers_.layers()[i];
    const double factor = most_of(layer);
    if (!layer.holds && !std::isinf(factor))
      found_.push_back({layer.name, i, factor, basis_of("utilization law", true)});
  }

  [[nodiscard]] std::vector<double> scaled(double factor) const {
    std::vector<double> jobs = jobs_;
    for (double& rate : jobs) rate *= factor;
    return jobs;
  }

  /// The largest factor at which what comes is less than what gets through; `most` is never exceeded.
  template <class Held>
  [[nodiscard]] static double largest(double arrivals, double most, const Held& held) {
    constexpr double endless = 1e9;
    const auto holds = [&](double factor) { return factor * arrivals < held(factor).rates.back(); };
    double low = 0, high = std::min(1.0, most);
    while (high < most && high < endless && holds(high)) {
      low = high;
      high = std::min(2 * high, most);
    }
    if (high >= endless) return infinite;
    for (int i = 0; i < 45; ++i) {
      const double middle = (low + high) / 2;
      (holds(middle) ? low : high) = middle;
    }
    return low;
  }

  /// The factor at which the work alone takes a whole layer.
  [[nodiscard]] double most_of(const Layer& layer) const {
    const double work = layers_.load_of(layer, jobs_).work_per_s();
    return work > 0 ? layer.capacity() / work : infinite;
  }

  void by_held_workers(std::uint32_t i) {
    const Layer& layer = layers_.layers()[i];
    const double arrivals = layers_.load_of(layer, jobs_).jobs_per_s;
    if (!(arrivals > 0)) return;
    const auto held = [&](double factor) { return layers_.held(i, scaled(factor)); };
    const double factor = largest(arrivals, most_of(layer), held);
    if (std::isinf(factor)) return;
    const std::string workers = std::to_string(static_cast<std::uint64_t>(layer.workers));
    found_.push_back(
        {layer.name, i, factor, basis_of("closed network of " + workers + " held workers", held(factor).exact)});
  }

  void by_concurrency() {
    for (const auto& [name, topic] : layers_.scenario().topics)
      for (const auto& [operation, options] : topic.subscriptions) {
        if (!options.concurrency && !topic.partitions) continue;
        const std::uint32_t node = layers_.graph().index_of(operation);
        const double jobs = layers_.messages_to(node, jobs_);
        const double time = layers_.passages()[node].time_s;
        if (!(jobs > 0) || !(time > 0)) continue;
        const double most = static_cast<double>(topic.partitions.value_or(0xffffffffU));
        const double customers = std::min(most, static_cast<double>(options.concurrency.value_or(0xffffffffU)));
        std::vector<double> shares(jobs_.size(), 0);
        shares[node] = 1;
        const auto held = [&](double factor) {
          return layers_.held_by(shares, customers, scaled(factor), factor * jobs);
        };
        const double factor = largest(jobs, infinite, held);
        if (!std::isinf(factor))
          found_.push_back(
              {name == operation.text() ? name : name + " for " + operation.text(), std::nullopt, factor,
               basis_of(std::to_string(static_cast<std::uint64_t>(customers)) + " messages in hand", false)});
      }
  }

  void by_resources() {
    for (const auto& [name, resource] : layers_.scenario().resources) {
      const double held = held_of(layers_, name, jobs_);
      bool works_only = true;  // what else is done with a unit takes longer under load
      for (std::uint32_t node = 0; node < jobs_.size(); ++node)
        for (const Holding& holding : layers_.passages()[node].holdings)
          if (holding.resource == name && jobs_[node] > 0)
            works_only = works_only && layers_.passages()[node].legs.empty() && layers_.passages()[node].idle_s == 0;
      if (held > 0)
        found_.push_back({name, std::nullopt, resource.units / held, basis_of("utilization law", works_only)});
    }
  }

  static constexpr double infinite = std::numeric_limits<double>::infinity();
  const Layers& layers_;
  std::string inexact_;
  std::vector<double> jobs_;
  std::vector<Saturation> found_;
};

}  // namespace

double held_of(const Layers& layers, const std::string& resource, const std::vector<double>& jobs_per_s) {
  double held = 0;
  for (std::uint32_t node = 0; node < jobs_per_s.size(); ++node)
    for (const Holding& holding : layers.passages()[node].holdings)
      if (holding.resource == resource) held += jobs_per_s[node] * holding.held_s;
  return held;
}

std::vector<Saturation> saturations_of(const Layers& layers) { return Saturations(layers).all(); }

}  // namespace sojourn
