#include "sojourn/experiment/experiment.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include "sojourn/core/hash.hpp"
#include "sojourn/experiment/precision.hpp"
#include "sojourn/experiment/sections.hpp"
#include "sojourn/experiment/warmup.hpp"
#include "sojourn/model/checks.hpp"
#include "sojourn/stats/histogram.hpp"

namespace sojourn {

namespace {

/// What is kept of one run besides its share in the merged measurements.
struct Row {
  std::uint64_t fingerprint = 0;
  SeenColumns seen;
  std::vector<Quarters> quarters;
  Timeline timeline;  // until it is the replication's turn
};

/// One replication of every variant; it counts when all of them have ended.
struct Round {
  std::vector<std::optional<Measurements>> runs;  // by variant
  std::size_t ended = 0;
};

std::vector<const std::vector<Column>*> columns_in(const ExperimentResult& result) {
  std::vector<const std::vector<Column>*> columns;
  for (const VariantResult& variant : result.variants) columns.push_back(&variant.columns);
  return columns;
}

/// The list of all runs, worked off by threads, replication by replication. A round's measurements are merged and dropped as
/// soon as it is whole, so that at most about one round a thread is in memory; only timelines wait for the replications before
/// theirs.
class Campaign {
 public:
  Campaign(ExperimentResult& result, const ExperimentOptions& options, unsigned threads)
      : result_(result), options_(options), threads_(threads), total_(0), sections_(columns_in(result)) {}

  /// Adds replications up to this number; between rounds of work only.
  void extend_to(std::uint64_t replications) {
    result_.wanted = replications;
    rows_.resize(replications);
    next_ = total_;
    total_ = replications * result_.variants.size();
  }

  /// An estimate in one variant, from all replications so far; between rounds of work only.
  [[nodiscard]] std::optional<Estimate> estimate_so_far(std::size_t v, std::size_t column, double confidence) const {
    return estimate_of(v, column, values_of(v, column), confidence);
  }

  void work() {
    try {
      while (!stopped()) {
        const std::uint64_t cell = next_.fetch_add(1);
        if (cell >= total_) return;  // the next round begins where this one ended
        run_cell(cell / result_.variants.size(), cell % result_.variants.size());
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      failed_ = true;
    }
  }

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] unsigned threads() const { return threads_; }

  /// After all threads have ended: what the whole replications say.
  void conclude() {
    if (failure_) std::rethrow_exception(failure_);
    while (!waiting_.empty()) section_next();  // those behind a replication that is missing
    std::sort(whole_.begin(), whole_.end());
    result_.replications = whole_.size();
    for (std::size_t v = 0; v < result_.variants.size(); ++v) conclude_variant(v);
    for (const VariantResult& variant : result_.variants) {
      result_.fingerprint = mix(result_.fingerprint, variant.fingerprint);
      result_.events += variant.merged.events;
    }
  }

 private:
  [[nodiscard]] bool interrupted() const { return options_.interrupted != nullptr && options_.interrupted->load(); }
  [[nodiscard]] bool stopped() const { return failed_ || interrupted(); }

  void run_cell(std::uint64_t replication, std::size_t variant) {
    const RunOptions run_options{.seed = result_.seed,
                                 .replication = replication,
                                 .interrupted = options_.interrupted,
                                 .max_memory = options_.max_memory / threads_};
    Measurements measured = options_.run(result_.variants[variant].topology, run_options);
    if (interrupted()) return;  // it may have been cut short
    if (!measured.stopped.empty()) return give_up(replication, variant, std::move(measured.stopped));
    Row row{.fingerprint = measured.fingerprint,
            .seen = seen_columns(result_.variants[variant].columns, measured),
            .quarters = quarters_of(measured),
            .timeline = std::move(measured.timeline)};
    measured.timeline = {};
    const std::lock_guard lock(mutex_);
    keep(replication, variant, std::move(measured), std::move(row));
  }

  // Runs that came earlier in the list have begun already and will end.
  void give_up(std::uint64_t replication, std::size_t variant, std::string reason) {
    next_ = total_;
    const std::lock_guard lock(mutex_);
    const std::uint64_t cell = replication * result_.variants.size() + variant;
    if (cell >= first_stopped_) return;
    first_stopped_ = cell;
    result_.stopped = {result_.variants[variant].name, replication, std::move(reason)};
  }

  void keep(std::uint64_t replication, std::size_t variant, Measurements measured, Row row) {
    Round& round = rounds_[replication];
    round.runs.resize(result_.variants.size());
    rows_[replication].resize(result_.variants.size());
    round.runs[variant] = std::move(measured);
    rows_[replication][variant] = std::move(row);
    if (++round.ended == result_.variants.size()) {
      merge(round);
      rounds_.erase(replication);
      whole_.push_back(replication);
      waiting_.insert(replication);
      while (!waiting_.empty() && *waiting_.begin() == sectioned_) section_next();
    }
    ++done_;
    if (options_.observer.advanced != nullptr) options_.observer.advanced(options_.observer.context, done_, total_);
  }

  void add_timeline(VariantResult& variant, Timeline timeline) const {
    if (result_.wanted > 1) variant.spread.add(timeline);
    if (variant.merged.timeline.bucket.ns == 0)
      variant.merged.timeline = std::move(timeline);
    else
      variant.merged.timeline.merge(timeline);
  }

  /// The first of the replications that wait is the next in the sections and on the timeline.
  void section_next() {
    std::vector<Row>& rows = rows_[*waiting_.begin()];
    std::vector<const SeenColumns*> seen;
    for (const Row& row : rows) seen.push_back(&row.seen);
    sections_.add(seen);
    for (std::size_t v = 0; v < rows.size(); ++v) {
      rows[v].seen.kept.clear();
      add_timeline(result_.variants[v], std::exchange(rows[v].timeline, {}));
    }
    sectioned_ = *waiting_.begin() + 1;
    waiting_.erase(waiting_.begin());
  }

  [[nodiscard]] static bool is_whole(const std::vector<Row>& rows) {
    return std::none_of(rows.begin(), rows.end(), [](const Row& row) { return row.seen.values.empty(); });
  }

  /// What an estimate rests on: the values of the whole replications, or of a quantile's sections.
  [[nodiscard]] std::vector<std::optional<double>> values_of(std::size_t v, std::size_t c) const {
    if (result_.variants[v].columns[c].statistic == Statistic::quantile) return sections_.values(v, c);
    std::vector<std::optional<double>> values;
    for (const std::vector<Row>& row : rows_)
      if (!row.empty() && is_whole(row)) values.push_back(row[v].seen.values[c]);
    return values;
  }

  void merge(Round& round) {
    for (std::size_t v = 0; v < round.runs.size(); ++v) {
      if (whole_.empty())
        result_.variants[v].merged = std::move(*round.runs[v]);
      else
        result_.variants[v].merged.merge(*round.runs[v]);
    }
  }

  void conclude_variant(std::size_t v) {
    VariantResult& variant = result_.variants[v];
    for (const std::uint64_t replication : whole_) {
      Row& row = rows_[replication][v];
      variant.fingerprint = mix(variant.fingerprint, row.fingerprint);
      if (!row.quarters.empty()) variant.quarters.push_back(std::move(row.quarters));
    }
    for (std::size_t c = 0; c < variant.columns.size(); ++c) {
      variant.values.push_back(values_of(v, c));
      variant.estimates.push_back(whole_.empty() ? std::nullopt
                                                 : estimate_of(v, c, variant.values[c], result_.confidence));
    }
  }

  [[nodiscard]] std::optional<Estimate> estimate_of(std::size_t v, std::size_t c,
                                                    const std::vector<std::optional<double>>& values,
                                                    double confidence) const {
    const VariantResult& variant = result_.variants[v];
    return estimate_from(values, variant.columns[c], variant.merged,
                         {.grouped = sections_.grouped(v, c), .terminating = result_.terminating}, confidence);
  }

  ExperimentResult& result_;
  const ExperimentOptions& options_;
  const unsigned threads_;
  std::vector<std::vector<Row>> rows_;  // [replication][variant]
  std::uint64_t total_;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;  // guards what follows, the rows and the merged measurements
  std::map<std::uint64_t, Round> rounds_;
  std::vector<std::uint64_t> whole_;
  Sections sections_;
  std::set<std::uint64_t> waiting_;  // whole, but not in the sections: one before them is missing
  std::uint64_t sectioned_ = 0;      // the next replication there
  std::uint64_t done_ = 0;
  std::uint64_t first_stopped_ = ~std::uint64_t{0};
  std::exception_ptr failure_;
};

/// As many threads as are wanted, but no more than there are runs.
unsigned threads_for(const ExperimentResult& result, const ExperimentOptions& options) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const std::uint64_t cells = std::max<std::uint64_t>(1, result.wanted * result.variants.size());
  return static_cast<unsigned>(std::min<std::uint64_t>(options.jobs == 0 ? cores : options.jobs, cells));
}

void work_off(Campaign& campaign) {
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < campaign.threads(); ++i) {
    try {
      threads.emplace_back([&campaign] { campaign.work(); });
    } catch (const std::system_error&) {
      break;  // fewer threads do the same work
    }
  }
  campaign.work();
  for (std::thread& thread : threads) thread.join();
}

constexpr std::uint64_t least_for_precision = 10;
constexpr std::uint64_t round_length = 10;

bool is_stopped(const ExperimentOptions& options) {
  return options.interrupted != nullptr && options.interrupted->load();
}

/// Half-width over value in every variant, for the precision that is asked.
PrecisionReached reached(const Campaign& campaign, const ExperimentResult& result, const Precision& asked) {
  PrecisionReached reached{.path = "clients." + asked.client + "." + asked.metric,
                           .wanted = asked.relative,
                           .relative = {},
                           .met = true,
                           .most_replications = asked.max_replications};
  for (std::size_t v = 0; v < result.variants.size(); ++v) {
    const auto column = position_of(result.variants[v].columns, reached.path);
    const auto estimate = column ? campaign.estimate_so_far(v, *column, asked.confidence) : std::nullopt;
    auto& relative = reached.relative.emplace_back();
    if (estimate && estimate->half_width && estimate->value != 0)
      relative = *estimate->half_width / std::abs(estimate->value);
    else if (estimate && estimate->half_width == 0.0)
      relative = 0;
    if (column) reached.met = reached.met && relative && *relative <= asked.relative;
  }
  return reached;
}

/// Adds rounds of replications until the precision is met, or there are as many as allowed. What was run decides, in the order
/// of replications, at the ends of rounds: so the number of threads changes nothing.
void refine(Campaign& campaign, ExperimentResult& result, const Precision& asked, const ExperimentOptions& options) {
  bool told = false;
  while (!is_stopped(options) && !campaign.failed() && !result.stopped) {
    result.precision = reached(campaign, result, asked);
    foresee(*result.precision, result, asked);
    if (result.precision->met || result.wanted >= asked.max_replications) return;
    if (!std::exchange(told, true) && options.observer.forecast != nullptr)
      options.observer.forecast(options.observer.context, *result.precision);
    campaign.extend_to(std::min<std::uint64_t>(asked.max_replications, result.wanted + round_length));
    work_off(campaign);
  }
}

/// Runs without a warm-up what is to be run, finds where it has settled, and sets the warm-up of all variants.
void find_warmup(ExperimentResult& result, const ExperimentOptions& options) {
  constexpr std::uint64_t least_replications = 5, most_replications = 20;  // one alone says nothing of where it settles
  ExperimentResult pilot = result;
  for (VariantResult& variant : pilot.variants) variant.topology.warmup = {};
  ExperimentOptions quiet = options;
  quiet.observer = {};
  Campaign campaign(pilot, quiet, threads_for(pilot, quiet));
  campaign.extend_to(std::clamp(result.wanted, least_replications, most_replications));
  work_off(campaign);
  campaign.conclude();
  if (is_stopped(options) || pilot.stopped) return;
  std::vector<Measurements> merged;
  for (VariantResult& variant : pilot.variants) merged.push_back(std::move(variant.merged));
  const auto settled = settled_after(merged);
  result.warmup_found = settled.has_value();
  result.warmup = settled.value_or(Duration{result.horizon.ns / 2});
  for (VariantResult& variant : result.variants) variant.topology.warmup = result.warmup;
}

/// What the scenario alone says against its numbers.
Issues foreseen_in(const Scenario& scenario) {
  const FlowGraph graph = flow_graph(scenario);
  Issues issues = check_tails(scenario);
  for (Issue& issue : check_load(scenario, graph, demand_of(scenario, graph))) issues.push_back(std::move(issue));
  return issues;
}

ExperimentResult prepare(const Study& study, std::vector<Topology> topologies, double confidence) {
  const Scenario& baseline = study.variants.front().scenario;
  ExperimentResult result{.name = study.name,
                          .question = study.question,
                          .sha256 = study.sha256,
                          .seed = baseline.seed,
                          .wanted = baseline.replications,
                          .confidence = confidence,
                          .horizon = baseline.horizon,
                          .warmup = baseline.warmup.length,
                          .terminating = std::any_of(study.variants.begin(), study.variants.end(),
                                                     [](const Variant& v) { return is_terminating(v.scenario); }),
                          .precision = {},
                          .variants = {},
                          .stopped = {}};
  for (std::size_t v = 0; v < study.variants.size(); ++v) {
    VariantResult& variant = result.variants.emplace_back();
    variant.name = study.variants[v].name;
    variant.topology = std::move(topologies.at(v));
    variant.columns = columns_of(variant.topology);
    variant.foreseen = foreseen_in(study.variants[v].scenario);
  }
  return result;
}

}  // namespace

std::optional<Estimate> VariantResult::estimate(std::string_view dotted) const {
  const auto position = position_of(columns, dotted);
  if (!position) return std::nullopt;
  return estimates[*position];
}

std::vector<Topology> compile_all(const Study& study) {
  std::vector<Topology> topologies;
  for (const Variant& variant : study.variants) topologies.push_back(compile(variant.scenario));
  return topologies;
}

ExperimentResult run_experiment(const Study& study, std::vector<Topology> topologies,
                                const ExperimentOptions& options) {
  ExperimentResult result = prepare(study, std::move(topologies), options.confidence);
  const Scenario& baseline = study.variants.front().scenario;
  if (baseline.warmup.automatic && !result.terminating) find_warmup(result, options);
  Campaign campaign(result, options, threads_for(result, options));
  if (baseline.precision)
    result.wanted =
        std::min<std::uint64_t>(std::max(result.wanted, least_for_precision), baseline.precision->max_replications);
  campaign.extend_to(result.wanted);
  work_off(campaign);
  if (baseline.precision) refine(campaign, result, *baseline.precision, options);
  campaign.conclude();
  return result;
}

ExperimentResult run_experiment(const Study& study, const ExperimentOptions& options) {
  return run_experiment(study, compile_all(study), options);
}

}  // namespace sojourn
