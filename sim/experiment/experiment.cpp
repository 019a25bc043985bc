#include "sojourn/experiment/experiment.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include "sojourn/core/hash.hpp"
#include "sojourn/stats/histogram.hpp"

namespace sojourn {

namespace {

/// What is kept of one run besides its share in the merged measurements.
struct Row {
  std::uint64_t fingerprint = 0;
  std::vector<std::optional<double>> values;  // by column
  std::vector<Quarters> quarters;
};

/// One replication of every variant; it counts when all of them have ended.
struct Round {
  std::vector<std::optional<Measurements>> runs;  // by variant
  std::size_t ended = 0;
};

/// The list of all runs, worked off by threads, replication by replication. A round's measurements are merged and dropped as
/// soon as it is whole, so that at most about one round a thread is in memory.
class Campaign {
 public:
  Campaign(ExperimentResult& result, const ExperimentOptions& options, unsigned threads)
      : result_(result),
        options_(options),
        threads_(threads),
        rows_(result.wanted),
        total_(result.wanted * result.variants.size()) {}

  void work() {
    try {
      while (!stopped()) {
        const std::uint64_t cell = next_.fetch_add(1);
        if (cell >= total_) return;
        run_cell(cell / result_.variants.size(), cell % result_.variants.size());
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      failed_ = true;
    }
  }

  /// After all threads have ended: what the whole replications say.
  void conclude() {
    if (failure_) std::rethrow_exception(failure_);
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
    Row row{.fingerprint = measured.fingerprint, .values = {}, .quarters = quarters_of(measured)};
    for (const Column& column : result_.variants[variant].columns) row.values.push_back(value_of(column, measured));
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
    }
    if (options_.observer.advanced != nullptr) options_.observer.advanced(options_.observer.context, ++done_, total_);
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
    std::sort(whole_.begin(), whole_.end());
    result_.replications = whole_.size();
    VariantResult& variant = result_.variants[v];
    variant.values.assign(variant.columns.size(), {});
    for (const std::uint64_t replication : whole_) {
      Row& row = rows_[replication][v];
      variant.fingerprint = mix(variant.fingerprint, row.fingerprint);
      for (std::size_t c = 0; c < row.values.size(); ++c) variant.values[c].push_back(row.values[c]);
      if (!row.quarters.empty()) variant.quarters.push_back(std::move(row.quarters));
    }
    variant.estimates.assign(variant.columns.size(), std::nullopt);
    if (!whole_.empty())
      for (std::size_t c = 0; c < variant.columns.size(); ++c) variant.estimates[c] = estimate_of(variant, c);
  }

  [[nodiscard]] std::optional<Estimate> estimate_of(const VariantResult& variant, std::size_t c) const {
    const Column& column = variant.columns[c];
    std::vector<double> known;
    for (const std::optional<double>& value : variant.values[c])
      if (value) known.push_back(*value);
    if (known.empty()) return std::nullopt;
    if (column.statistic == Statistic::mean) return mean_of(known, result_.confidence);
    if (too_few_samples(column, variant.merged)) return std::nullopt;
    const std::optional<double> merged = value_of(column, variant.merged);
    if (!merged) return std::nullopt;
    if (column.statistic == Statistic::quantile) return section(*merged, known, result_.confidence);
    return Estimate{.value = *merged, .half_width = std::nullopt, .n = known.size()};
  }

  ExperimentResult& result_;
  const ExperimentOptions& options_;
  const unsigned threads_;
  std::vector<std::vector<Row>> rows_;  // [replication][variant]
  const std::uint64_t total_;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;  // guards what follows, the rows and the merged measurements
  std::map<std::uint64_t, Round> rounds_;
  std::vector<std::uint64_t> whole_;
  std::uint64_t done_ = 0;
  std::uint64_t first_stopped_ = ~std::uint64_t{0};
  std::exception_ptr failure_;
};

void work_off(Campaign& campaign, unsigned jobs) {
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < jobs; ++i) {
    try {
      threads.emplace_back([&campaign] { campaign.work(); });
    } catch (const std::system_error&) {
      break;  // fewer threads do the same work
    }
  }
  campaign.work();
  for (std::thread& thread : threads) thread.join();
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
                          .warmup = baseline.warmup,
                          .variants = {},
                          .stopped = {}};
  for (std::size_t v = 0; v < study.variants.size(); ++v) {
    VariantResult& variant = result.variants.emplace_back();
    variant.name = study.variants[v].name;
    variant.topology = std::move(topologies.at(v));
    variant.columns = columns_of(variant.topology);
  }
  return result;
}

}  // namespace

std::optional<Estimate> VariantResult::estimate(std::string_view dotted) const {
  const auto position = position_of(columns, dotted);
  if (!position) return std::nullopt;
  return estimates[*position];
}

bool too_few_samples(const Column& column, const Measurements& merged) {
  if (!column.present || column.statistic != Statistic::quantile) return false;
  return samples_of(column, merged).value_or(0) < samples_needed(column.probability);
}

std::vector<Topology> compile_all(const Study& study) {
  std::vector<Topology> topologies;
  for (const Variant& variant : study.variants) topologies.push_back(compile(variant.scenario));
  return topologies;
}

ExperimentResult run_experiment(const Study& study, std::vector<Topology> topologies,
                                const ExperimentOptions& options) {
  ExperimentResult result = prepare(study, std::move(topologies), options.confidence);
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const std::uint64_t cells = std::max<std::uint64_t>(1, result.wanted * result.variants.size());
  const std::uint64_t jobs = std::min<std::uint64_t>(options.jobs == 0 ? cores : options.jobs, cells);
  Campaign campaign(result, options, static_cast<unsigned>(jobs));
  work_off(campaign, static_cast<unsigned>(jobs));
  campaign.conclude();
  return result;
}

ExperimentResult run_experiment(const Study& study, const ExperimentOptions& options) {
  return run_experiment(study, compile_all(study), options);
}

}  // namespace sojourn
