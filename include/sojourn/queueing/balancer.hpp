#pragma once
// Which replica's queue an arrival joins.

#include <cstdint>
#include <vector>

#include "sojourn/queueing/discipline.hpp"
#include "sojourn/random/draw.hpp"

namespace sojourn {

/// Chooses among replicas by a rule; remembers whom it chose when.
class Balancer {
 public:
  Balancer() = default;
  Balancer(Balancing rule, std::uint32_t replicas) : rule_(rule), chosen_at_(replicas, 0) {}

  /// The replica for an arrival. load(i): jobs waiting and running there. The draw decides random choices.
  template <class Load>
  std::uint32_t choose(Load&& load, Draw&& draw) {
    const std::uint32_t pick = pick_one(load, draw);
    chosen_at_[pick] = ++choices_;
    return pick;
  }

 private:
  template <class Load>
  std::uint32_t pick_one(Load& load, Draw& draw) const {
    const auto n = static_cast<std::uint32_t>(chosen_at_.size());
    switch (rule_) {
      case Balancing::shared_queue: return 0;
      case Balancing::round_robin: return static_cast<std::uint32_t>(choices_ % n);
      case Balancing::random: return static_cast<std::uint32_t>(draw.below(n));
      case Balancing::least_loaded: return least_loaded(load, n);
      case Balancing::power_of_two: return less_loaded_of_two(load, draw, n);
    }
    return 0;
  }

  // Fewest waiting and running; ties: the one chosen longest ago.
  template <class Load>
  std::uint32_t least_loaded(Load& load, std::uint32_t n) const {
    std::uint32_t best = 0;
    for (std::uint32_t i = 1; i < n; ++i) {
      const auto a = load(i), b = load(best);
      if (a < b || (a == b && chosen_at_[i] < chosen_at_[best])) best = i;
    }
    return best;
  }

  // Two different replicas are drawn; the less loaded one, the first at a tie.
  template <class Load>
  static std::uint32_t less_loaded_of_two(Load& load, Draw& draw, std::uint32_t n) {
    if (n == 1) return 0;
    const auto first = static_cast<std::uint32_t>(draw.below(n));
    auto second = static_cast<std::uint32_t>(draw.below(n - 1));
    if (second >= first) ++second;
    return load(second) < load(first) ? second : first;
  }

  Balancing rule_ = Balancing::shared_queue;
  std::vector<std::uint64_t> chosen_at_;
  std::uint64_t choices_ = 0;
};

}  // namespace sojourn
