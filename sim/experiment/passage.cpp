#include "sojourn/experiment/passage.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "sojourn/theory/fork_join.hpp"
#include "sojourn/theory/retries.hpp"

namespace sojourn {

namespace {

/// a, and where it goes on, b.
void append(Passage& a, Passage b) {
  const double g = a.goes_on;
  a.work.second += g * (2 * a.work.mean * b.work.mean + b.work.second);
  a.work.mean += g * b.work.mean;
  const double joined = std::min(a.ends_working, b.starts_working);
  a.stretches += g * (b.stretches - joined);
  a.answer_stretches += g * (1 - a.replied) * (b.answer_stretches - joined);
  a.answer_s += g * (1 - a.replied) * b.answer_s;
  a.idle_s += g * b.idle_s;
  a.time_s += g * b.time_s;
  a.fails += g * b.fails;
  a.declines += g * b.declines;
  a.replied += (1 - a.replied) * b.replied;
  if (a.is_instant) a.starts_working = b.starts_working;
  if (!b.is_instant) a.ends_working = b.ends_working;
  a.is_instant = a.is_instant && b.is_instant;
  a.goes_on *= b.goes_on;
  a.works += g * b.works;
  a.forks = a.forks || b.forks || (a.messages > 0 && (!b.is_instant || b.messages > 0));
  a.messages += b.messages;
  for (Leg& leg : b.legs) {
    leg.times *= g;
    a.legs.push_back(leg);
  }
}

/// Adds a share p of b to a mixture.
void mix_in(Passage& a, const Passage& b, double p) {
  a.work.second += p * b.work.second;
  a.work.mean += p * b.work.mean;
  a.stretches += p * b.stretches;
  a.answer_stretches += p * b.answer_stretches;
  a.answer_s += p * b.answer_s;
  a.idle_s += p * b.idle_s;
  a.time_s += p * b.time_s;
  a.fails += p * b.fails;
  a.declines += p * b.declines;
  a.replied += p * b.replied;
  a.goes_on += p * b.goes_on;
  a.starts_working += p * b.starts_working;
  a.ends_working += p * b.ends_working;
  a.is_instant = a.is_instant && b.is_instant;
  a.works += p * b.works;
  a.messages = std::max(a.messages, b.messages);
  a.forks = a.forks || b.forks;
  for (Leg leg : b.legs) {
    leg.times *= p;
    a.legs.push_back(leg);
  }
}

/// A round that is made so often on average; `square`: mean square of that number.
Passage repeated(Passage round, double rounds, double square, double goes_on) {
  const double variance = round.work.variance();
  const double joined = std::min(round.ends_working, round.starts_working);
  round.work.second = rounds * variance + square * round.work.mean * round.work.mean;
  round.work.mean *= rounds;
  const double joints = std::max(0.0, rounds - 1) * joined;
  round.stretches = rounds * round.stretches - joints;
  round.answer_stretches = rounds * round.answer_stretches - joints;
  for (double* sum : {&round.answer_s, &round.idle_s, &round.time_s, &round.fails, &round.declines, &round.works})
    *sum *= rounds;
  round.forks = round.forks || round.messages > 0;
  for (Leg& leg : round.legs) leg.times *= rounds;
  round.goes_on = goes_on;
  return round;
}

/// Walks the steps of one service.
class Walk {
 public:
  Walk(const Scenario& scenario, const FlowGraph& graph, const std::vector<double>& response_s,
       const std::vector<Passage>& known, std::string service)
      : scenario_(scenario), graph_(graph), response_s_(response_s), known_(known), service_(std::move(service)) {}

  [[nodiscard]] Passage of(const Steps& steps) const {
    Passage all;
    for (const Step& step : steps) append(all, std::visit([&](const auto& kind) { return one(kind); }, step.kind));
    return all;
  }

 private:
  [[nodiscard]] Passage one(const Work& work) const {
    Passage p;
    const double mean = mean_ns(work.time) * 1e-9;
    p.work = {mean, mean * mean + variance_ns2(work.time) * 1e-18};
    p.time_s = p.answer_s = mean;
    p.fails = work.fails;
    p.declines = (1 - work.fails) * work.declines;
    p.goes_on = 1 - p.fails - p.declines;
    if (is_zero(work.time)) return p;
    p.is_instant = false;
    p.works = 1;
    p.stretches = p.answer_stretches = p.starts_working = p.ends_working = 1;
    return p;
  }

  [[nodiscard]] static Passage idle(double seconds) {
    Passage p;
    p.idle_s = p.time_s = p.answer_s = seconds;
    p.is_instant = false;
    return p;
  }

  [[nodiscard]] Passage one(const Call& call) const {
    const std::uint32_t to = graph_.index_of(call.operation);
    const Passage& callee = known_[to];
    const bool retries = call.retry && call.retry->answers_to(RetryOn::failed);
    const Attempts attempts = attempts_of(retries ? call.retry->attempts : 1, callee.fails);
    const double hops = hop_s(scenario_.network, service_, call.operation.service) * 2;
    Passage p = idle(attempts.mean * hops + (retries ? mean_backoff_s(*call.retry, callee.fails) : 0));
    const double response = response_s_.empty() ? callee.answer_s : response_s_[to];
    p.time_s += attempts.mean * response;
    p.answer_s = p.time_s;
    p.fails = attempts.fails;
    p.declines = callee.declines * attempts.mean;
    p.goes_on = 1 - p.fails - p.declines;
    p.legs.push_back({.operation = to, .times = attempts.mean, .waits = true});
    if (call.fallback) {
      const Passage instead = of(*call.fallback);
      const double share = std::exchange(p.fails, 0);
      mix_in(p, instead, share);
      p.is_instant = false;
    }
    return p;
  }

  [[nodiscard]] Passage one(const Publish& publish) const {
    const Topic& topic = scenario_.topics.at(publish.topic);
    const double to_broker = hop_s(scenario_.network, service_, publish.topic);
    Passage p = publish.confirm ? idle(2 * to_broker) : Passage{};
    for (const auto& [operation, options] : topic.subscriptions) {
      const std::uint32_t to = graph_.index_of(operation);
      const std::uint32_t most = topic.delivery == Delivery::at_most_once ? 1 : topic.redelivery.max_deliveries;
      const double deliveries = attempts_of(most, known_[to].fails).mean;
      const double copies = topic.delivery == Delivery::deduplicated ? 1 : 1 + topic.duplicates;
      p.legs.push_back({.operation = to,
                        .times = deliveries * copies,
                        .waits = false,
                        .on_way_s = to_broker + mean_ns(topic.latency) * 1e-9 +
                                    hop_s(scenario_.network, publish.topic, operation.service)});
      p.messages += 1;
    }
    p.forks = p.messages > 1;
    return p;
  }

  [[nodiscard]] Passage one(const Reply&) const {
    Passage p;
    p.replied = 1;
    return p;
  }
  [[nodiscard]] Passage one(const Notify&) const { return {}; }
  [[nodiscard]] Passage one(const Await&) const { return idle(0); }
  [[nodiscard]] Passage one(const Delay& delay) const { return idle(mean_ns(delay.time) * 1e-9); }
  [[nodiscard]] Passage one(const Use& use) const { return of(use.steps); }

  [[nodiscard]] Passage one(const Choose& choose) const {
    Passage p;
    p.goes_on = 0;
    double rest = 1;
    for (const ChooseBranch& branch : choose.branches) {
      mix_in(p, of(branch.steps), branch.probability);
      rest -= branch.probability;
    }
    p.goes_on += std::max(0.0, rest);
    return p;
  }

  [[nodiscard]] Passage one(const Repeat& repeat) const {
    const Passage round = of(repeat.steps);
    const double g = round.goes_on;
    if (repeat.times.geometric_mean) {
      const double again = *repeat.times.geometric_mean / (1 + *repeat.times.geometric_mean);
      const double left = 1 - again * g;
      return repeated(round, again / left, again * (1 + again * g) / (left * left), (1 - again) / left);
    }
    const auto n = static_cast<double>(repeat.times.count);
    if (g >= 1) return repeated(round, n, n * n, 1);
    double rounds = 0, square = 0, reached = 1;
    for (double k = 0; k < n && reached > 1e-15; ++k, reached *= g) {
      rounds += reached;
      square += (2 * k + 1) * reached;
    }
    return repeated(round, rounds, square, rounds < n ? std::max(0.0, 1 - rounds * (1 - g)) : reached);
  }

  [[nodiscard]] Passage one(const Parallel& parallel) const {
    Passage p;
    const std::size_t needed = parallel.join.needed(static_cast<std::uint32_t>(parallel.branches.size()));
    std::vector<double> times, ends(needed + 1, 0);  // ends[k]: k have succeeded, the last: enough
    ends[0] = 1;
    double declined = 0, missed = 0;
    for (const Steps& steps : parallel.branches) {
      Passage branch = of(steps);
      times.push_back(branch.time_s);
      for (std::size_t k = needed; k-- > 0;) {
        ends[k + 1] += ends[k] * branch.goes_on;
        ends[k] *= 1 - branch.goes_on;
      }
      declined += branch.declines;
      missed += branch.declines + branch.fails;
      const double replied = branch.replied;
      branch.goes_on = 1;
      branch.fails = branch.declines = branch.replied = 0;
      append(p, std::move(branch));
      p.replied = std::max(p.replied, replied);
    }
    p.goes_on = ends[needed];
    p.declines = missed > 0 ? (1 - p.goes_on) * declined / missed : 0;
    p.fails = std::max(0.0, 1 - p.goes_on - p.declines);
    p.time_s = std::max(p.work.mean, mean_time_until(needed, times));
    p.answer_s = p.time_s;
    p.forks = true;
    return p;
  }

  [[nodiscard]] Passage one(const Try& attempt) const {
    Passage p = of(attempt.steps);
    const Passage back = of(attempt.compensate);
    const double goes_on = p.goes_on, fails = p.fails, declines = p.declines, replied = p.replied;
    mix_in(p, back, fails + declines);
    p.goes_on = goes_on;
    p.fails = fails;
    p.declines = declines;
    p.replied = replied;
    return p;
  }

  const Scenario& scenario_;
  const FlowGraph& graph_;
  const std::vector<double>& response_s_;
  const std::vector<Passage>& known_;
  std::string service_;
};

}  // namespace

double hop_s(const Network& network, const std::string& from, const std::string& to) {
  const auto link = network.links.find({from, to});
  const bool differs = link != network.links.end() && link->second.latency;
  return mean_ns(differs ? *link->second.latency : network.latency) * 1e-9;
}

double mean_backoff_s(const Retry& retry, double fails) {
  const double share = retry.jitter == Jitter::full ? 0.5 : retry.jitter == Jitter::equal ? 0.75 : 1;
  double sum = 0, chance = fails, wait = retry.backoff.seconds();
  for (std::uint32_t k = 1; k < retry.attempts && chance > 1e-15; ++k, chance *= fails) {
    sum += chance * share * std::min(wait, retry.max_backoff.seconds());
    wait = std::min(wait * retry.factor, retry.max_backoff.seconds());
    if (k > 100'000) break;
  }
  return sum;
}

std::vector<Passage> passages_of(const Scenario& scenario, const FlowGraph& graph,
                                 const std::vector<double>& response_s) {
  std::vector<Passage> passages(graph.nodes.size());
  const auto walk = [&](std::uint32_t node) {
    const OperationName& name = graph.nodes[node].name;
    const Walk steps(scenario, graph, response_s, passages, name.service);
    passages[node] = steps.of(scenario.services.at(name.service).operations.at(name.operation));
  };
  // Those who are called come first; a second round knows how all handlers of messages end.
  const Components order = components_of(graph, true);
  for (int round = 0; round < 2; ++round)
    for (const auto& group : order)
      for (const std::uint32_t node : group) walk(node);
  return passages;
}

}  // namespace sojourn
