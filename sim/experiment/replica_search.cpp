#include "sojourn/experiment/replica_search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "sojourn/experiment/layers.hpp"
#include "sojourn/experiment/load_limits.hpp"

namespace sojourn {

namespace {

constexpr std::size_t most_tried = 300;
constexpr std::uint32_t most_replicas = 1'000'000;

std::string why_left_alone(const Service& service) {
  if (service.autoscaling) return "autoscaling sets its replicas";
  if (service.workers.unlimited() && !service.cores) return "its workers are unlimited";
  return "";
}

class OneSearch {
 public:
  OneSearch(const Variant& variant, const ReplicaSearchOptions& options, Trials& trials)
      : scenario_(variant.scenario), options_(options), trials_(trials) {
    found_.variant = variant.name;
    for (const auto& [name, service] : scenario_.services) {
      if (const std::string why = why_left_alone(service); !why.empty())
        found_.left_alone.push_back(name + ": " + why);
      else
        found_.services.push_back({.name = name,
                                   .written = service.replicas,
                                   .least = least_of(name),
                                   .cost_per_hour = service.cost_per_hour});
    }
  }

  /// False when interrupted.
  bool search() {
    Replicas replicas;
    if (rise(replicas) && settle(replicas, false)) {
      found_.best = replicas;
      if (tell_margins(replicas) && options_.survive_one) survive(replicas);
    }
    found_.complete = !interrupted_;
    return found_.complete;
  }

  VariantReplicas found() { return std::move(found_); }

 private:
  [[nodiscard]] std::size_t size() const { return found_.services.size(); }

  // ---- theory ----

  /// The work that comes must be less than what the replicas have.
  [[nodiscard]] std::uint32_t least_of(const std::string& name) const {
    Scenario one = scenario_;
    one.services.at(name).replicas = 1;
    const Layers layers(one);
    std::vector<double> open;
    for (const Source& source : layers.sources()) open.push_back(source.rate_per_s);
    const std::vector<double> jobs = layers.job_rates(open);
    for (const Layer& layer : layers.layers()) {
      if (layer.name != name) continue;
      const double needed = layers.load_of(layer, jobs).work_per_s() / layer.capacity();
      return static_cast<std::uint32_t>(std::min(std::floor(needed) + 1, static_cast<double>(most_replicas)));
    }
    return 1;
  }

  /// The lower bound, and more where workers are held while others work.
  [[nodiscard]] Replicas start() const {
    constexpr int most_added = 64;
    Replicas replicas;
    for (const ScaledService& service : found_.services) replicas.push_back(service.least);
    for (int added = 0; added < most_added; ++added) {
      const Scenario scenario = with(replicas);
      const Layers layers(scenario);
      std::size_t short_of = size();
      for (const Saturation& found : saturations_of(layers))
        for (std::size_t i = 0; i < size() && found.factor <= 1 && short_of == size(); ++i)
          if (found.layer && found_.services[i].name == found.name) short_of = i;
      if (short_of == size()) break;
      ++replicas[short_of];
    }
    return replicas;
  }

  // ---- trials ----

  [[nodiscard]] Scenario with(const Replicas& replicas) const {
    Scenario scenario = scenario_;
    for (std::size_t i = 0; i < size(); ++i) scenario.services.at(found_.services[i].name).replicas = replicas[i];
    return scenario;
  }

  /// What becomes of these; nothing when the search must end.
  const Trial* at(const Replicas& replicas) {
    if (const Trial* known = found_.trial(replicas)) return known;
    if (interrupted_ || found_.tried.size() >= most_tried) return nullptr;
    auto trial = trials_.run(found_.variant, with(replicas));
    if (!trial) {
      interrupted_ = true;
      return nullptr;
    }
    found_.tried.push_back({replicas, std::move(*trial)});
    return &found_.tried.back().trial;
  }

  bool meets(const Replicas& replicas) {
    const Trial* trial = at(replicas);
    return trial != nullptr && trial->verdict == Judgement::met;
  }

  /// Whether these do; with one lost as well, where that is asked.
  bool does(const Replicas& replicas, bool with_one_lost) {
    if (with_one_lost && std::find(replicas.begin(), replicas.end(), 1U) != replicas.end()) return false;
    if (!meets(replicas)) return false;
    for (std::size_t i = 0; i < size() && with_one_lost; ++i) {
      Replicas fewer = replicas;
      --fewer[i];
      if (!meets(fewer)) return false;
    }
    return true;
  }

  // ---- upwards ----

  /// Adds where it helps most until the objectives are met; false when they cannot be.
  bool rise(Replicas& replicas) {
    replicas = start();
    for (const std::uint32_t n : replicas) found_.most.push_back(std::min(most_replicas, 3 * n + 3));
    if (meets(replicas)) return true;
    if (!meets(found_.most)) return false;
    while (!meets(replicas)) {
      const auto next = best_addition(replicas);
      if (!next) return false;
      ++replicas[*next];
    }
    return true;
  }

  /// The services that may have one more, the one with the most taken first.
  [[nodiscard]] std::vector<std::size_t> candidates(const Replicas& replicas, const Trial& trial) const {
    const auto taken = [&](std::size_t i) {
      const auto share = trial.taken.find(found_.services[i].name);
      return share == trial.taken.end() ? 0.0 : share->second;
    };
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < size(); ++i)
      if (replicas[i] < found_.most[i]) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return taken(a) > taken(b); });
    return order;
  }

  /// Where queues grow, the service with the most taken; else, of the three with the most taken, the one whose next replica
  /// lessens what is missed by most for its cost.
  std::optional<std::size_t> best_addition(const Replicas& replicas) {
    constexpr std::size_t most_compared = 3;
    const Trial* now = at(replicas);
    if (now == nullptr) return std::nullopt;
    const std::vector<std::size_t> order = candidates(replicas, *now);
    if (order.empty()) return std::nullopt;
    const auto before = now->excess();
    if (now->growth != Judgement::met || !before || order.size() == 1) return order.front();
    std::size_t best = order.front();
    double most = 0;
    for (std::size_t k = 0; k < std::min(most_compared, order.size()); ++k) {
      Replicas more = replicas;
      ++more[order[k]];
      const Trial* trial = at(more);
      if (trial == nullptr) return std::nullopt;
      const double cost = found_.has_costs() ? std::max(1e-9, found_.services[order[k]].cost_per_hour) : 1;
      const double gain = (*before - trial->excess().value_or(*before)) / cost;
      if (gain <= most) continue;
      most = gain;
      best = order[k];
    }
    return best;
  }

  // ---- downwards ----

  /// One fewer, the dearest first, until none can be spared; then cheaper ones in place of a dearer one. False when interrupted.
  bool settle(Replicas& replicas, bool with_one_lost) {
    while (spare_one(replicas, with_one_lost) || exchange(replicas, with_one_lost)) {
    }
    return !interrupted_;
  }

  [[nodiscard]] std::vector<std::size_t> dearest_first() const {
    std::vector<std::size_t> order(size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return found_.services[a].cost_per_hour > found_.services[b].cost_per_hour;
    });
    return order;
  }

  bool spare_one(Replicas& replicas, bool with_one_lost) {
    for (const std::size_t i : dearest_first()) {
      if (replicas[i] < 2) continue;
      Replicas fewer = replicas;
      --fewer[i];
      if (!does(fewer, with_one_lost)) continue;
      replicas = std::move(fewer);
      return true;
    }
    return false;
  }

  bool exchange(Replicas& replicas, bool with_one_lost) {
    constexpr std::uint32_t most_in_place = 3;
    for (const std::size_t i : dearest_first())
      for (std::size_t j = 0; j < size() && replicas[i] > 1; ++j)
        for (std::uint32_t m = 1; m <= most_in_place; ++m) {
          if (m * found_.services[j].cost_per_hour >= found_.services[i].cost_per_hour) break;
          Replicas other = replicas;
          --other[i];
          other[j] += m;
          if (!does(other, with_one_lost)) continue;
          replicas = std::move(other);
          return true;
        }
    return false;
  }

  // ---- around the optimum ----

  /// One more and one fewer of each.
  bool tell_margins(const Replicas& replicas) {
    for (std::size_t i = 0; i < size(); ++i) {
      Replicas other = replicas;
      ++other[i];
      if (at(other) == nullptr) return false;
      other[i] -= 2;
      if (replicas[i] > 1 && at(other) == nullptr) return false;
    }
    return true;
  }

  /// One more of each does with any one lost, and often more than is needed.
  void survive(Replicas replicas) {
    constexpr int most_rounds = 3;
    for (int round = 0; round < most_rounds; ++round) {
      for (std::uint32_t& n : replicas) ++n;
      if (!does(replicas, true)) continue;
      if (settle(replicas, true)) found_.surviving = replicas;
      return;
    }
  }

  const Scenario& scenario_;
  const ReplicaSearchOptions& options_;
  Trials& trials_;
  VariantReplicas found_;
  bool interrupted_ = false;
};

}  // namespace

const Trial* VariantReplicas::trial(const Replicas& replicas) const {
  const auto found =
      std::find_if(tried.begin(), tried.end(), [&](const TriedReplicas& one) { return one.replicas == replicas; });
  return found == tried.end() ? nullptr : &found->trial;
}

double VariantReplicas::cost_per_hour(const Replicas& replicas) const {
  double cost = 0;
  for (std::size_t i = 0; i < services.size(); ++i) cost += replicas[i] * services[i].cost_per_hour;
  return cost;
}

std::uint64_t VariantReplicas::count(const Replicas& replicas) const {
  return std::accumulate(replicas.begin(), replicas.end(), std::uint64_t{0});
}

bool VariantReplicas::has_costs() const {
  return std::any_of(services.begin(), services.end(), [](const ScaledService& s) { return s.cost_per_hour > 0; });
}

std::string obstacle_to_replica_search(const Study& study) {
  for (const Variant& variant : study.variants) {
    if (variant.scenario.objectives.empty())
      return "expected \"objectives\": without one, nothing says how many are enough";
    const auto& services = variant.scenario.services;
    if (std::none_of(services.begin(), services.end(), [](const auto& s) { return why_left_alone(s.second).empty(); }))
      return "variant " + variant.name +
             " has no service whose replicas could be searched: their workers are unlimited, "
             "or autoscaling sets their replicas";
  }
  return "";
}

ReplicaSearch search_replicas(const Study& study, const ReplicaSearchOptions& options) {
  const Scenario& baseline = study.variants.front().scenario;
  ReplicaSearch search{.name = study.name,
                       .question = study.question,
                       .sha256 = study.sha256,
                       .seed = baseline.seed,
                       .replications = baseline.replications,
                       .confidence = options.experiment.confidence,
                       .horizon = baseline.horizon,
                       .survive_one = options.survive_one,
                       .variants = {}};
  Trials trials(options.experiment);
  for (const Variant& variant : study.variants) {
    OneSearch one(variant, options, trials);
    search.complete = one.search();
    search.variants.push_back(one.found());
    if (!search.complete) break;
  }
  search.runs = trials.runs();
  search.events = trials.events();
  return search;
}

}  // namespace sojourn
