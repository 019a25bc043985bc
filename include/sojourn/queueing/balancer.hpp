#pragma once
// Which replica's queue an arrival joins.

#include <algorithm>
#include <cstdint>
#include <numeric>
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
    if (all_.size() != chosen_at_.size()) {
      all_.resize(chosen_at_.size());
      std::iota(all_.begin(), all_.end(), 0U);
    }
    return choose_from(all_, load, draw);
  }

  /// The same among those of n replicas that can be chosen; at least one can. New replicas are the last ones.
  template <class Eligible, class Load>
  std::uint32_t choose_among(std::uint32_t n, Eligible&& eligible, Load&& load, Draw&& draw) {
    if (chosen_at_.size() < n) chosen_at_.resize(n, 0);
    some_.clear();
    for (std::uint32_t i = 0; i < n; ++i)
      if (eligible(i)) some_.push_back(i);
    return choose_from(some_, load, draw);
  }

 private:
  template <class Load>
  std::uint32_t choose_from(const std::vector<std::uint32_t>& from, Load& load, Draw& draw) {
    const std::uint32_t pick = pick_one(from, load, draw);
    last_ = pick;
    chosen_at_[pick] = ++choices_;
    return pick;
  }

  template <class Load>
  std::uint32_t pick_one(const std::vector<std::uint32_t>& from, Load& load, Draw& draw) const {
    switch (rule_) {
      case Balancing::shared_queue: return from.front();
      case Balancing::round_robin: return next_in_turn(from);
      case Balancing::random: return from[draw.below(from.size())];
      case Balancing::least_loaded: return least_loaded(from, load);
      case Balancing::power_of_two: return less_loaded_of_two(from, load, draw);
    }
    return from.front();
  }

  [[nodiscard]] std::uint32_t next_in_turn(const std::vector<std::uint32_t>& from) const {
    const auto after = choices_ == 0 ? from.begin() : std::upper_bound(from.begin(), from.end(), last_);
    return after == from.end() ? from.front() : *after;
  }

  // Fewest waiting and running; ties: the one chosen longest ago.
  template <class Load>
  std::uint32_t least_loaded(const std::vector<std::uint32_t>& from, Load& load) const {
    std::uint32_t best = from.front();
    for (const std::uint32_t i : from) {
      const auto a = load(i), b = load(best);
      if (a < b || (a == b && chosen_at_[i] < chosen_at_[best])) best = i;
    }
    return best;
  }

  // Two different replicas are drawn; the less loaded one, the first at a tie.
  template <class Load>
  static std::uint32_t less_loaded_of_two(const std::vector<std::uint32_t>& from, Load& load, Draw& draw) {
    const std::size_t n = from.size();
    if (n == 1) return from.front();
    const std::size_t first = draw.below(n);
    std::size_t second = draw.below(n - 1);
    if (second >= first) ++second;
    return load(from[second]) < load(from[first]) ? from[second] : from[first];
  }

  Balancing rule_ = Balancing::shared_queue;
  std::vector<std::uint64_t> chosen_at_;
  std::uint64_t choices_ = 0;
  std::uint32_t last_ = 0;  // the one chosen last
  std::vector<std::uint32_t> all_, some_;
};

}  // namespace sojourn
