#pragma once
// The long-run distribution of a finite Markov chain in continuous time, solved numerically: exact results for models that
// have no formula, independent of the simulator.

#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

namespace sojourn::theory {

/// The states that can be reached from a first one, and how likely each is in the long run.
/// leave(state, go) calls go(next state, rate) for every transition; a model with infinitely many states cuts them off
/// where they no longer matter.
template <std::size_t parts>
class MarkovChain {
 public:
  using State = std::array<int, parts>;

  template <class Leave>
  MarkovChain(const State& first, const Leave& leave) {
    index_of(first);
    for (std::size_t from = 0; from < states_.size(); ++from) {
      const State state = states_[from];
      leave(state, [&](const State& next, double rate) {
        if (rate <= 0) return;
        const std::size_t to = index_of(next);
        into_[to].push_back({from, rate});
        out_[from] += rate;
      });
    }
    solve();
  }

  /// The long-run mean of a function of the state.
  template <class Function>
  [[nodiscard]] double mean(const Function& function) const {
    double sum = 0;
    for (std::size_t i = 0; i < states_.size(); ++i) sum += p_[i] * static_cast<double>(function(states_[i]));
    return sum;
  }

 private:
  struct Into {
    std::size_t from;
    double rate;
  };

  std::size_t index_of(const State& state) {
    const auto [place, is_new] = index_.try_emplace(state, states_.size());
    if (is_new) {
      states_.push_back(state);
      into_.emplace_back();
      out_.push_back(0);
    }
    return place->second;
  }

  // Gauss and Seidel: what flows in equals what flows out, state by state, to and fro.
  void solve() {
    p_.assign(states_.size(), 1.0 / static_cast<double>(states_.size()));
    for (int sweep = 0; sweep < 100'000; ++sweep) {
      double change = 0;
      for (std::size_t i = 0; i < p_.size(); ++i) change += renew(sweep % 2 == 0 ? i : p_.size() - 1 - i);
      double total = 0;
      for (const double p : p_) total += p;
      for (double& p : p_) p /= total;
      if (change < 1e-13 * total) return;
    }
  }

  double renew(std::size_t i) {
    double flow = 0;
    for (const Into& into : into_[i]) flow += p_[into.from] * into.rate;
    const double before = p_[i];
    p_[i] = flow / out_[i];
    return std::fabs(p_[i] - before);
  }

  std::map<State, std::size_t> index_;
  std::vector<State> states_;
  std::vector<std::vector<Into>> into_;
  std::vector<double> out_;
  std::vector<double> p_;
};

}  // namespace sojourn::theory
