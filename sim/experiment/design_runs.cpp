#include "sojourn/experiment/design_runs.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "sojourn/experiment/warmup.hpp"
#include "sojourn/stats/sum.hpp"

namespace sojourn {

namespace {

constexpr std::string_view client_metrics[] = {"response_time.p99", "completion_time.p99", "fulfilled_ratio",
                                               "broken_promise_ratio", "success_ratio"};

std::string path_of(const std::string& client, std::string_view metric) {
  return "clients." + client + "." + std::string(metric);
}

/// The columns that a search reads in a case.
std::vector<Column> columns_judged(const Topology& topology, const Scenario& base, bool with_objectives) {
  std::set<std::string> wanted;
  for (const auto& [name, client] : base.clients)
    for (const std::string_view metric : client_metrics) wanted.insert(path_of(name, metric));
  if (with_objectives)
    for (const Objective& objective : base.objectives) wanted.insert(objective.path);
  std::vector<Column> columns = columns_of(topology);
  std::erase_if(columns, [&](const Column& column) { return !column.present || !wanted.contains(column.dotted()); });
  return columns;
}

/// Services and brokers, per hour of the measured span.
double cost_per_hour(const Topology& topology, const Measurements& m) {
  const double window = m.window_ns();
  if (!(window > 0)) return 0;
  double cost = 0;
  for (std::size_t i = 0; i < topology.services.size(); ++i)
    cost += static_cast<double>(m.services[i].replicas_ns) / window * topology.services[i].cost_per_hour;
  for (const CompiledTopic& topic : topology.topics) {
    if (topic.subscriptions == 0) continue;
    const std::size_t first = topic.first_subscription;
    cost += static_cast<double>(m.subscriptions[first].published) / 1e6 *
            topology.subscriptions[first].cost_per_million * 3600e9 / window;
  }
  return cost;
}

std::vector<double> known(const std::vector<std::optional<double>>& values) {
  std::vector<double> numbers;
  for (const auto& value : values)
    if (value) numbers.push_back(*value);
  return numbers;
}

/// The times that nothing here is judged by take most of the memory.
void forget_times(Measurements& m) {
  for (auto& service : m.services) service.waiting_time = service.sojourn_time = {};
  for (auto& call : m.calls) call.response_time = {};
  for (auto& subscription : m.subscriptions) subscription.lag = {};
  for (auto& resource : m.resources) resource = {};
}

bool has_cost(const DesignSpace& space) {
  const auto costs = [](const auto& named) { return named.second.cost_per_million > 0; };
  return space.topic_defaults.cost_per_million > 0 ||
         std::any_of(space.base.topics.begin(), space.base.topics.end(), costs) ||
         std::any_of(space.base.services.begin(), space.base.services.end(),
                     [](const auto& named) { return named.second.cost_per_hour > 0; });
}

}  // namespace

std::vector<Criterion> criteria_of(const DesignSpace& space) {
  std::vector<Criterion> criteria;
  for (const auto& [name, client] : space.base.clients) {
    criteria.push_back({name, "response_time.p99", Unit::seconds, true});
    criteria.push_back({name, "completion_time.p99", Unit::seconds, true});
    criteria.push_back({name, "fulfilled_ratio", Unit::ratio, false});
    criteria.push_back({name, "broken_promise_ratio", Unit::ratio, true});
  }
  if (has_cost(space)) criteria.push_back({"", "cost_per_hour", Unit::cost, true});
  return criteria;
}

DesignCell::DesignCell(Topology compiled, std::vector<Column> judged_by, bool is_terminating)
    : topology(std::move(compiled)),
      columns(std::move(judged_by)),
      terminating(is_terminating),
      values(columns.size()),
      sections({&columns}) {}

std::optional<std::size_t> DesignCell::place_of(std::string_view dotted) const {
  for (std::size_t c = 0; c < columns.size(); ++c)
    if (columns[c].dotted() == dotted) return c;
  return std::nullopt;
}

std::optional<Estimate> DesignCell::estimate(std::string_view dotted, double confidence) const {
  const auto place = place_of(dotted);
  if (!place || !merged) return std::nullopt;
  const Column& column = columns[*place];
  return estimate_from(column.statistic == Statistic::quantile ? sections.values(0, *place) : values[*place], column,
                       *merged, {.grouped = sections.grouped(0, *place), .terminating = terminating}, confidence);
}

/// One replication of one design in one case, and what it brought.
struct DesignRuns::Work {
  DesignMask design = 0;
  std::size_t which = 0;
  std::uint64_t replication = 0;
  DesignCell* cell = nullptr;
  SeenColumns seen = {};
  double cost = 0;
  std::optional<Measurements> measured = {};
};

DesignRuns::DesignRuns(const DesignSpace& space, const std::vector<DesignCase>& cases, DesignPlan plan,
                       const ExperimentOptions& options)
    : space_(space), cases_(cases), plan_(plan), options_(options) {
  threads_ = options.jobs == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options.jobs;
}

void DesignRuns::prepare(DesignMask design) {
  if (cells_.contains(design)) return;
  Scenario scenario = design_scenario(space_, design);
  if (plan_.horizon) scenario.horizon = *plan_.horizon;
  std::vector<DesignCell>& cells = cells_[design];
  for (std::size_t c = 0; c < cases_.size(); ++c) {
    Scenario in_case = scenario;
    put_in_case(in_case, cases_[c]);
    Topology topology = compile(in_case);
    topology.warmup = plan_.warmup;
    std::vector<Column> columns = columns_judged(topology, space_.base, c == case_as_written(cases_));
    cells.emplace_back(std::move(topology), std::move(columns), is_terminating(in_case));
  }
}

void DesignRuns::run_one(Work& work) {
  Measurements measured = options_.run(work.cell->topology, {.seed = plan_.seed,
                                                             .replication = work.replication,
                                                             .timeline = false,
                                                             .interrupted = options_.interrupted,
                                                             .max_memory = options_.max_memory / threads_});
  work.seen = seen_columns(work.cell->columns, measured);
  work.cost = cost_per_hour(work.cell->topology, measured);
  if (!plan_.all_sections) forget_times(measured);
  work.measured = std::move(measured);
}

void DesignRuns::run_all(std::vector<Work>& list) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto stopped = [&] { return failed || (options_.interrupted != nullptr && options_.interrupted->load()); };
  const auto merge = [&](Work& work) {  // additions: their order cannot matter
    const std::lock_guard lock(mutex);
    Measurements measured = std::move(*work.measured);
    work.measured.reset();
    events_ += measured.events;
    ++runs_;
    if (!measured.stopped.empty()) {
      if (work.cell->stopped.empty() || work.replication < work.cell->stopped_in) {
        work.cell->stopped = measured.stopped;
        work.cell->stopped_in = work.replication;
      }
    } else if (work.cell->merged) {
      work.cell->merged->merge(measured);
    } else {
      work.cell->merged = std::move(measured);
    }
    if (options_.observer.advanced != nullptr)
      options_.observer.advanced(options_.observer.context, runs_, std::max(runs_, expected_));
  };
  const auto worker = [&] {
    try {
      for (std::size_t i = next++; i < list.size() && !stopped(); i = next++) {
        run_one(list[i]);
        if (!stopped()) merge(list[i]);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      failed = true;
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min<std::size_t>(threads_, list.size()); ++i) {
    try {
      threads.emplace_back(worker);
    } catch (const std::system_error&) {
      break;  // fewer threads do the same work
    }
  }
  worker();
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
}

bool DesignRuns::extend(const std::vector<DesignMask>& designs, std::uint64_t replications) {
  std::vector<Work> list;
  for (const DesignMask design : designs) prepare(design);
  std::uint64_t most = 0;
  for (const DesignMask design : designs) most = std::max(most, replications - std::min(replications, done_[design]));
  for (std::uint64_t r = replications - most; r < replications; ++r)
    for (const DesignMask design : designs)
      for (std::size_t c = 0; c < cases_.size() && r >= done_[design]; ++c)
        list.push_back({.design = design, .which = c, .replication = r, .cell = &cells_.at(design)[c]});
  run_all(list);
  if (options_.interrupted != nullptr && options_.interrupted->load()) return false;
  for (Work& work : list) {
    for (std::size_t c = 0; c < work.seen.values.size(); ++c) work.cell->values[c].push_back(work.seen.values[c]);
    const SeenColumns* const seen[] = {&work.seen};
    work.cell->sections.add(seen);
    work.seen.kept.clear();
    work.cell->costs.emplace_back(work.cost);
  }
  for (const DesignMask design : designs) done_[design] = std::max(done_[design], replications);
  return true;
}

const std::vector<DesignCell>* DesignRuns::cells(DesignMask design) const {
  const auto found = cells_.find(design);
  return found == cells_.end() ? nullptr : &found->second;
}

std::string DesignRuns::stopped(DesignMask design) const {
  const auto* cells = this->cells(design);
  for (std::size_t c = 0; cells != nullptr && c < cells->size(); ++c)
    if (!(*cells)[c].stopped.empty()) return cases_[c].name + ": " + (*cells)[c].stopped;
  return "";
}

std::size_t DesignRuns::worst_case(DesignMask design, const std::string& client) const {
  const std::vector<DesignCell>& cells = cells_.at(design);
  std::size_t worst = 0;
  double least = 2;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const auto place = cells[c].place_of(path_of(client, "fulfilled_ratio"));
    const auto numbers = place ? known(cells[c].values[*place]) : std::vector<double>{};
    if (numbers.empty() || mean_value(numbers) >= least) continue;
    least = mean_value(numbers);
    worst = c;
  }
  return worst;
}

Standing DesignRuns::standing(DesignMask design, const std::vector<Criterion>& criteria) const {
  constexpr double any_confidence = 0.95;
  Standing standing{.replications = done_.at(design), .values = {}, .sections = {}, .misses = {}};
  const std::vector<DesignCell>& cells = cells_.at(design);
  for (const Criterion& criterion : criteria) {
    if (criterion.client.empty()) {
      standing.values.emplace_back(mean_value(known(cells[0].costs)));
      standing.sections.push_back(cells[0].costs);
      continue;
    }
    const std::size_t which = criterion.metric == "fulfilled_ratio" ? worst_case(design, criterion.client) : 0;
    const std::string path = path_of(criterion.client, criterion.metric);
    const auto estimate = cells[which].estimate(path, any_confidence);
    const auto place = cells[which].place_of(path);
    standing.values.push_back(estimate ? std::optional{estimate->value} : std::nullopt);
    standing.sections.push_back(place ? cells[which].values[*place] : std::vector<std::optional<double>>{});
  }
  for (const ObjectiveResult& objective : objectives(design)) {
    const bool exact = objective.estimate && !objective.estimate->half_width;
    const auto limit = objective.met == false && objective.estimate ? objective.limit : std::nullopt;
    standing.misses.push_back(
        limit && !exact &&
        (objective.estimate->value > *limit ? objective.estimate->value - *limit : *limit - objective.estimate->value) >
            *objective.estimate->half_width);
  }
  return standing;
}

std::vector<ObjectiveResult> DesignRuns::objectives(DesignMask design) const {
  std::vector<ObjectiveResult> results;
  const DesignCell& cell = cells_.at(design)[case_as_written(cases_)];
  for (const Objective& objective : space_.base.objectives) {
    const auto place = cell.place_of(objective.path);
    ObjectiveResult result{.variant = design_name(space_, design),
                           .text = objective.text,
                           .unit = Unit::count,
                           .estimate = std::nullopt,
                           .met = std::nullopt,
                           .limit = std::nullopt};
    if (place) {
      result.unit = cell.columns[*place].unit;
      result.estimate = cell.estimate(objective.path, options_.confidence);
      result.limit = objective_value(result.unit, objective.value);
      result.met =
          result.limit && result.estimate &&
          (objective.at_most ? result.estimate->value <= *result.limit : result.estimate->value >= *result.limit);
    }
    results.push_back(std::move(result));
  }
  return results;
}

void DesignRuns::drop(DesignMask design) { cells_.erase(design); }

}  // namespace sojourn
