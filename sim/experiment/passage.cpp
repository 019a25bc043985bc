#include "sojourn/experiment/passage.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <variant>

#include "sojourn/theory/fork_join.hpp"
#include "sojourn/theory/retries.hpp"

namespace sojourn {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// a, and where it goes on, b.
void append(Passage& a, Passage b) {
  const double g = a.goes_on;
  if (!(g > 0)) return;
  const bool answers_on_some_ways = a.replied > 0 && a.replied < 1;
  a.rough = a.rough || b.rough || (answers_on_some_ways && g < 1);
  a.work.second += 2 * a.work_on_s * b.work.mean + g * b.work.second;
  a.work.mean += g * b.work.mean;
  a.work_on_s = a.work_on_s * b.goes_on + g * b.work_on_s;
  a.stretches += g * (b.stretches - a.ends_working * b.starts_working);
  a.answer_stretches += g * (1 - a.replied) * (b.answer_stretches - a.ends_working * b.starts_before_answer);
  a.answer_s += g * (1 - a.replied) * b.answer_s;
  a.answer_work_s += g * (1 - a.replied) * b.answer_work_s;
  a.idle_s += g * b.idle_s;
  a.time_s += g * b.time_s;
  a.fails += g * b.fails;
  a.declines += g * b.declines;
  a.starts_before_answer += a.is_instant * (1 - a.replied) * b.starts_before_answer;
  a.replied += (1 - a.replied) * b.replied;
  a.starts_working += a.is_instant * b.starts_working;
  a.ends_working = b.ends_working + b.is_instant * a.ends_working;
  a.goes_on *= b.goes_on;
  a.works += g * b.works;
  a.forks = a.forks || b.forks || (a.messages > 0 && (b.is_instant < 1 || b.messages > 0));
  a.is_instant *= b.is_instant;
  a.messages += b.messages;
  for (Leg& leg : b.legs) {
    leg.times *= g;
    a.legs.push_back(leg);
  }
  for (Holding& holding : b.holdings) {
    holding.held_s *= g;
    a.holdings.push_back(std::move(holding));
  }
}

/// Adds a share p of b to a mixture.
void mix_in(Passage& a, const Passage& b, double p) {
  if (!(p > 0)) return;
  a.work.second += p * b.work.second;
  a.work.mean += p * b.work.mean;
  a.stretches += p * b.stretches;
  a.answer_stretches += p * b.answer_stretches;
  a.answer_s += p * b.answer_s;
  a.answer_work_s += p * b.answer_work_s;
  a.idle_s += p * b.idle_s;
  a.time_s += p * b.time_s;
  a.fails += p * b.fails;
  a.declines += p * b.declines;
  a.replied += p * b.replied;
  a.goes_on += p * b.goes_on;
  a.starts_working += p * b.starts_working;
  a.starts_before_answer += p * b.starts_before_answer;
  a.ends_working += p * b.ends_working;
  a.is_instant += p * b.is_instant;
  a.works += p * b.works;
  a.work_on_s += p * b.work_on_s;
  a.rough = a.rough || b.rough;
  a.messages = std::max(a.messages, b.messages);
  a.forks = a.forks || b.forks;
  for (Leg leg : b.legs) {
    leg.times *= p;
    a.legs.push_back(leg);
  }
  for (const Holding& holding : b.holdings) a.holdings.push_back({holding.resource, holding.held_s * p});
}

/// How often a round is made.
struct Rounds {
  double mean = 0;
  double square = 0;  ///< mean of the square
  double any = 1;     ///< chance of at least one
  double again = 1;   ///< chance that one that was made is followed by another
  double on = 0;      ///< mean of the number where all of them go on, over the chance that one does
  double most = 1;
};

/// Mean number of places where a round begins with work, and the one before it that was not instant ended with it.
double joints_of(const Passage& round, const Rounds& number, double starts) {
  double left = number.mean - number.any, chance = number.any, ends = 0, joints = 0;
  for (int k = 1; k < 64 && left > 1e-15 * number.mean; ++k) {
    ends = round.ends_working + round.is_instant * ends;
    chance = std::min(left, chance * number.again);
    joints += chance * ends * starts;
    left -= chance;
  }
  return joints + std::max(0.0, left) * ends * starts;
}

/// Mean number of rounds that are made and have only instant ones before them.
double firsts_of(const Passage& round, const Rounds& number) {
  double left = number.mean, chance = number.any, instant = 1, firsts = 0;
  for (int k = 0; k < 64 && left > 0 && instant > 0; ++k) {
    firsts += chance * instant;
    left -= chance;
    chance = std::min(std::max(0.0, left), chance * number.again);
    instant *= round.is_instant;
  }
  return firsts;
}

Passage repeated(Passage round, const Rounds& number, double goes_on) {
  const double rounds = number.mean, square = number.square;
  const double even_s = round.work.mean * round.goes_on;  // work of those that go on, when all work alike
  round.rough = round.rough || (round.goes_on < 1 && std::fabs(round.work_on_s - even_s) > 1e-12 * even_s) ||
                (round.replied > 0 && round.replied < 1);
  const double variance = round.work.variance();
  const double before_answer = joints_of(round, number, round.starts_before_answer);
  const double joints = joints_of(round, number, round.starts_working);
  round.work.second = rounds * variance + square * round.work.mean * round.work.mean;
  round.work.mean *= rounds;
  round.stretches = rounds * round.stretches - joints;
  // What answers, answers in its first round.
  const bool answers = round.replied >= 1;
  round.answer_stretches =
      answers ? number.any * round.answer_stretches : rounds * round.answer_stretches - before_answer;
  for (double* sum : {&round.answer_s, &round.answer_work_s}) *sum *= answers ? number.any : rounds;
  for (double* sum : {&round.idle_s, &round.time_s, &round.fails, &round.declines, &round.works}) *sum *= rounds;
  round.replied *= number.any;
  const double firsts = firsts_of(round, number);
  for (double* share : {&round.starts_working, &round.starts_before_answer, &round.ends_working}) *share *= firsts;
  round.is_instant = 1 - firsts * (1 - round.is_instant);
  round.forks = round.forks || round.messages > 0;
  for (Leg& leg : round.legs) {
    leg.times *= rounds;
    leg.most *= number.most;
  }
  for (Holding& holding : round.holdings) holding.held_s *= rounds;
  round.goes_on = goes_on;
  round.work_on_s *= number.on;
  return round;
}

/// Mean time that a message waits between a failure and its next delivery, all of them together.
double wait_for_more_s(const Topic& topic, std::uint32_t most, double fails) {
  double sum = 0, chance = fails;
  for (std::uint32_t k = 1; k < most && chance > 1e-15; ++k, chance *= fails)
    sum += chance * static_cast<double>(topic.redelivery.wait_after(k).ns) * 1e-9;
  return sum;
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
    p.time_s = p.answer_s = p.answer_work_s = mean;
    p.fails = work.fails;
    p.declines = (1 - work.fails) * work.declines;
    p.goes_on = 1 - p.fails - p.declines;
    p.work_on_s = mean * p.goes_on;
    if (is_zero(work.time)) return p;
    p.is_instant = 0;
    p.works = 1;
    p.stretches = p.answer_stretches = p.starts_working = p.starts_before_answer = p.ends_working = 1;
    return p;
  }

  [[nodiscard]] static Passage idle(double seconds) {
    Passage p;
    p.idle_s = p.time_s = p.answer_s = seconds;
    p.is_instant = 0;
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
    const double most = callee.fails > 0 && retries ? call.retry->attempts : 1;
    p.legs.push_back({.operation = to, .times = attempts.mean, .most = most, .waits = true});
    p.forks = callee.replied > 0;  // it may go on beside its caller
    if (call.fallback) {
      const Passage instead = of(*call.fallback);
      const double share = std::exchange(p.fails, 0);
      mix_in(p, instead, share);
      p.is_instant = p.starts_working = p.starts_before_answer = 0;
    }
    return p;
  }

  [[nodiscard]] Passage one(const Publish& publish) const {
    const Topic& topic = scenario_.topics.at(publish.topic);
    const double to_broker = hop_s(scenario_.network, service_, publish.topic);
    Passage p = publish.confirm ? idle(2 * to_broker) : Passage{};
    const bool confirms_later = p.idle_s > 0;  // the message is on its way meanwhile
    for (const auto& [operation, options] : topic.subscriptions) {
      const std::uint32_t to = graph_.index_of(operation);
      const std::uint32_t most = topic.delivery == Delivery::at_most_once ? 1 : topic.redelivery.max_deliveries;
      const double deliveries = attempts_of(most, known_[to].fails).mean;
      const double copies = topic.delivery == Delivery::deduplicated ? 1 : 1 + topic.duplicates;
      const double once_s = to_broker + mean_ns(topic.latency) * 1e-9 + wait_for_more_s(topic, most, known_[to].fails);
      p.legs.push_back({.operation = to,
                        .times = deliveries * copies,
                        .most = known_[to].fails > 0 ? static_cast<double>(most) : 1,
                        .waits = false,
                        .on_way_s = once_s / deliveries + hop_s(scenario_.network, publish.topic, operation.service)});
      p.messages += 1;
    }
    p.forks = p.messages > 1 || confirms_later;
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
  [[nodiscard]] Passage one(const Use& use) const {
    Passage p = of(use.steps);
    p.holdings.push_back({use.resource, p.time_s});
    return p;
  }

  [[nodiscard]] Passage one(const Choose& choose) const {
    Passage p;
    p.goes_on = p.is_instant = 0;
    double rest = 1;
    for (const ChooseBranch& branch : choose.branches) {
      mix_in(p, of(branch.steps), branch.probability);
      rest -= branch.probability;
    }
    p.goes_on += std::max(0.0, rest);
    p.is_instant = rest < 1e-12 ? p.is_instant : p.is_instant + rest;
    return p;
  }

  [[nodiscard]] Passage one(const Repeat& repeat) const {
    const Passage round = of(repeat.steps);
    const double g = round.goes_on;
    if (repeat.times.geometric_mean) {
      const double again = *repeat.times.geometric_mean / (1 + *repeat.times.geometric_mean);
      const double left = 1 - again * g;
      const Rounds rounds{.mean = again / left,
                          .square = again * (1 + again * g) / (left * left),
                          .any = again,
                          .again = again * g,
                          .on = (1 - again) * again / (left * left),
                          .most = infinite};
      return repeated(round, rounds, (1 - again) / left);
    }
    const auto n = static_cast<double>(repeat.times.count);
    Rounds rounds{.any = n > 0 ? 1.0 : 0.0, .again = g, .most = n};
    if (g >= 1) {
      rounds.mean = rounds.on = n;
      rounds.square = n * n;
      return repeated(round, rounds, 1);
    }
    double reached = 1;
    for (double k = 0; k < n && reached > 1e-15; ++k, reached *= g) {
      rounds.mean += reached;
      rounds.square += (2 * k + 1) * reached;
      rounds.on = k + 1 < n ? 0 : n * reached;
    }
    return repeated(round, rounds, rounds.mean < n ? std::max(0.0, 1 - rounds.mean * (1 - g)) : reached);
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
    p.work_on_s = p.work.mean * p.goes_on;
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
    const double work_on_s = p.work_on_s, undone_s = p.work.mean - work_on_s;
    const double is_instant = p.is_instant, starts = p.starts_working, before = p.starts_before_answer;
    mix_in(p, back, fails + declines);
    p.work.second += 2 * undone_s * back.work.mean;
    p.rough = p.rough || (replied > 0 && replied < 1);
    p.work_on_s = work_on_s;
    p.is_instant = back.is_instant < 1 ? std::min(is_instant, goes_on) : is_instant;
    p.starts_working = starts;
    p.starts_before_answer = before;
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
