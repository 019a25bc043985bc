#include "sojourn/model/job_times.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

#include "sojourn/model/walk.hpp"

namespace sojourn {
namespace {

JobTime work_time(const Work& work) {
  const double mean = mean_ns(work.time);
  const bool once = work.per == Per::batch;
  return {.message_work = once ? 0 : mean, .batch_work = once ? mean : 0, .elapsed = mean, .response = mean};
}

JobTime waiting_time(double ns) { return {.elapsed = ns, .response = ns}; }

/// Adds what happens so many times on average; the answer goes out at the first reply.
void add(JobTime& sum, const JobTime& part, double times) {
  if (!(times > 0)) return;
  sum.message_work += times * part.message_work;
  sum.batch_work += times * part.batch_work;
  sum.elapsed += times * part.elapsed;
  if (!sum.has_replied) sum.response += times * part.response;
  sum.has_replied = sum.has_replied || part.has_replied;
}

JobTime repeated(const JobTime& once, double times) {
  JobTime sum;
  add(sum, once, times);
  return sum;
}

/// A mean time cut at a limit; nothing is known of a law without a mean.
double cut(double mean, const std::optional<Duration>& limit) {
  if (!limit) return mean;
  return std::isfinite(mean) ? std::min(mean, static_cast<double>(limit->ns)) : 0;
}

}  // namespace

// Callees come before callers. Where calls go round, each round comes nearer to the mean, from below.
JobTimes::JobTimes(const Scenario& scenario, const FlowGraph& graph)
    : scenario_(scenario), graph_(graph), times_(graph.nodes.size()) {
  constexpr int rounds_of_cycles = 100;
  for (const auto& group : components_of(graph, true)) {
    const bool goes_round = !cycle_through(graph, group, group.front(), true).empty();
    for (int round = 0; round < (goes_round ? rounds_of_cycles : 1); ++round)
      for (const std::uint32_t node : group) {
        const OperationName& name = graph.nodes[node].name;
        times_[node] = of(scenario.services.at(name.service).operations.at(name.operation), name.service);
      }
  }
}

JobTime JobTimes::of(const Steps& steps, const std::string& service) const {
  JobTime sum;
  double times = 1;
  for (const Step& step : steps) {
    add(sum, of(step, service), times);
    times *= detail::share_that_goes_on(step);
  }
  return sum;
}

JobTime JobTimes::of(const Step& step, const std::string& service) const {
  if (const auto* work = std::get_if<Work>(&step.kind)) return work_time(*work);
  if (const auto* call = std::get_if<Call>(&step.kind)) return of(*call, service);
  if (const auto* delay = std::get_if<Delay>(&step.kind)) return waiting_time(mean_ns(delay->time));
  if (const auto* choose = std::get_if<Choose>(&step.kind)) return of(*choose, service);
  if (const auto* parallel = std::get_if<Parallel>(&step.kind)) return of(*parallel, service);
  if (const auto* repeat = std::get_if<Repeat>(&step.kind))
    return repeated(of(repeat->steps, service), repeat->times.mean());
  if (const auto* use = std::get_if<Use>(&step.kind)) return of(use->steps, service);
  if (const auto* attempt = std::get_if<Try>(&step.kind)) return of(attempt->steps, service);
  return {.has_replied = std::holds_alternative<Reply>(step.kind)};
}

JobTime JobTimes::of(const Call& call, const std::string& service) const {
  const std::string& asked = call.operation.service;
  const double there = hop_ns(service, asked), back = std::min(there, hop_ns(asked, service));
  const double response = there + times_[graph_.index_of(call.operation)].response + back;
  return waiting_time(cut(cut(response, call.hedge ? std::optional{call.hedge->after} : std::nullopt), call.timeout));
}

JobTime JobTimes::of(const Choose& choose, const std::string& service) const {
  JobTime sum;
  bool replied = false;
  for (const ChooseBranch& branch : choose.branches) {
    add(sum, of(branch.steps, service), branch.probability);
    replied = std::exchange(sum.has_replied, false) || replied;  // branches exclude each other
  }
  sum.has_replied = replied;
  return sum;
}

// All branches do their work, on one worker. A join of all lasts as long as its longest branch.
JobTime JobTimes::of(const Parallel& parallel, const std::string& service) const {
  JobTime sum;
  double longest = 0;
  for (const Steps& branch : parallel.branches) {
    const JobTime time = of(branch, service);
    longest = std::max(longest, time.elapsed);
    sum.message_work += time.message_work;
    sum.batch_work += time.batch_work;
    sum.has_replied = sum.has_replied || time.has_replied;
  }
  const bool joins_all = parallel.join.needed(static_cast<std::uint32_t>(parallel.branches.size())) ==
                         static_cast<std::uint32_t>(parallel.branches.size());
  sum.elapsed = joins_all ? std::max(longest, sum.work()) : sum.work();
  sum.response = joins_all && !sum.has_replied ? sum.elapsed : 0;
  return sum;
}

double JobTimes::hop_ns(const std::string& from, const std::string& to) const {
  const auto link = scenario_.network.links.find({from, to});
  const bool differs = link != scenario_.network.links.end() && link->second.latency;
  return mean_ns(differs ? *link->second.latency : scenario_.network.latency);
}

}  // namespace sojourn
