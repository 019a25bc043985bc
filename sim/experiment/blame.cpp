#include "sojourn/experiment/blame.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include "sojourn/system/trails.hpp"

namespace sojourn {

namespace {

constexpr std::uint64_t enough_requests = 20'000;
constexpr double tail_low = 0.985, tail_high = 0.995;

BlameWindows::Span tail_of(const Histogram& times) {
  if (times.empty()) return {};
  return {static_cast<std::int64_t>(std::floor(*times.quantile(tail_low))),
          static_cast<std::int64_t>(std::ceil(*times.quantile(tail_high)))};
}

BlameWindows windows_of(const VariantResult& variant) {
  BlameWindows windows;
  for (const ClientMeasurement& client : variant.merged.clients) {
    windows.response.push_back(tail_of(client.response_time));
    windows.completion.push_back(tail_of(client.completion_time));
  }
  return windows;
}

/// The fewest requests that a client has in a replication, if it asks at all.
std::uint64_t fewest_requests(const ExperimentResult& result) {
  std::uint64_t fewest = ~std::uint64_t{0};
  for (const VariantResult& variant : result.variants)
    for (const ClientMeasurement& client : variant.merged.clients)
      if (client.requests > 0)
        fewest = std::min(fewest, std::max<std::uint64_t>(1, client.requests / result.replications));
  return fewest;
}

/// The smallest number of replications that has enough requests of every client.
std::uint64_t replications_for(const ExperimentResult& result) {
  const std::uint64_t fewest = fewest_requests(result);
  if (fewest >= enough_requests) return 1;
  return std::min((enough_requests + fewest - 1) / fewest, result.replications);
}

/// The variant, cut short where one replication has more requests than are needed, and nothing happens at a given time.
Topology shortened(const ExperimentResult& result, const VariantResult& variant) {
  Topology topology = variant.topology;
  const std::uint64_t fewest = fewest_requests(result);
  if (result.terminating || fewest <= enough_requests) return topology;
  const double share = static_cast<double>(enough_requests) / static_cast<double>(fewest);
  const auto window = static_cast<double>((topology.horizon - topology.warmup).ns);
  topology.horizon = topology.warmup + Duration{static_cast<std::int64_t>(share * window)};
  return topology;
}

/// Variants times replications, worked off by threads; what they say is kept in their order.
class BlameRuns {
 public:
  BlameRuns(const ExperimentResult& result, const ExperimentOptions& options, std::uint64_t replications)
      : result_(result), options_(options), runs_(replications * result.variants.size()) {
    for (const VariantResult& variant : result.variants) {
      windows_.push_back(windows_of(variant));
      topologies_.push_back(shortened(result, variant));
    }
  }

  std::vector<std::vector<ClientBlame>> all() {
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < std::min<std::size_t>(options_.jobs == 0 ? cores : options_.jobs, runs_.size()); ++i) {
      try {
        threads.emplace_back([this] { work(); });
      } catch (const std::system_error&) {
        break;  // fewer threads do the same work
      }
    }
    work();
    for (std::thread& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
    return std::move(runs_);
  }

 private:
  void work() {
    try {
      for (std::size_t cell = next_++; cell < runs_.size(); cell = next_++) {
        const std::size_t variant = cell % result_.variants.size();
        runs_[cell] = run(topologies_[variant], {.seed = result_.seed,
                                                 .replication = cell / result_.variants.size(),
                                                 .timeline = false,
                                                 .blame = &windows_[variant],
                                                 .interrupted = options_.interrupted,
                                                 .max_memory = options_.max_memory})
                          .blames;
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
  }

  const ExperimentResult& result_;
  const ExperimentOptions& options_;
  std::vector<BlameWindows> windows_;
  std::vector<Topology> topologies_;
  std::vector<std::vector<ClientBlame>> runs_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::exception_ptr failure_;
};

void add_story(std::vector<BlameStory>& stories, const VariantResult& variant, std::size_t client,
               std::string_view time, std::string_view statistic, const BlameSum& sum) {
  if (sum.requests == 0) return;
  BlameStory story{.variant = variant.name,
                   .client = variant.topology.clients[client].name,
                   .time = time,
                   .statistic = statistic,
                   .requests = sum.requests,
                   .seconds = 0,
                   .parts = {}};
  Int128 whole_ns = 0;
  const auto seconds = [&](Int128 ns) { return static_cast<double>(ns) / 1e9 / static_cast<double>(sum.requests); };
  for (std::size_t slot = 0; slot < sum.parts_ns.size(); ++slot) {
    if (sum.parts_ns[slot] == 0) continue;
    whole_ns += sum.parts_ns[slot];
    story.parts.push_back({.place = place_name(variant.topology, slot / blame_kinds),
                           .why = static_cast<Blame>(slot % blame_kinds),
                           .seconds = seconds(sum.parts_ns[slot])});
  }
  story.seconds = seconds(whole_ns);
  std::stable_sort(story.parts.begin(), story.parts.end(),
                   [](const BlamePart& a, const BlamePart& b) { return a.seconds > b.seconds; });
  stories.push_back(std::move(story));
}

/// The mean's, and the p99's where there is one.
void add_stories(std::vector<BlameStory>& stories, const VariantResult& variant, std::size_t client,
                 std::string_view time, const BlameSum& all, const BlameSum& tail) {
  add_story(stories, variant, client, time, "mean", all);
  const std::string p99 = "clients." + variant.topology.clients[client].name + "." + std::string(time) + ".p99";
  if (variant.estimate(p99)) add_story(stories, variant, client, time, "p99", tail);
}

}  // namespace

std::string place_name(const Topology& topology, std::size_t place) {
  if (place < topology.services.size()) return topology.services[place].name;
  place -= topology.services.size();
  if (place < topology.topics.size()) return topology.topics[place].name;
  return topology.clients[place - topology.topics.size()].name;
}

std::string_view name_of(Blame why) {
  constexpr std::array<std::string_view, blame_kinds> names{"queue",    "work",  "held", "network",
                                                            "back_off", "delay", "topic"};
  return names[static_cast<std::size_t>(why)];
}

void add_blame(ExperimentResult& result, const ExperimentOptions& options) {
  if (!result.complete() || result.stopped || result.replications == 0) return;
  const auto runs = BlameRuns(result, options, replications_for(result)).all();
  if (options.interrupted != nullptr && options.interrupted->load()) return;
  for (std::size_t cell = 0; cell < runs.size(); ++cell) {
    std::vector<ClientBlame>& sums = result.variants[cell % result.variants.size()].blames;
    sums.resize(runs[cell].size());
    for (std::size_t client = 0; client < sums.size(); ++client) sums[client].merge(runs[cell][client]);
  }
}

std::vector<BlameStory> stories_of(const ExperimentResult& result) {
  std::vector<BlameStory> stories;
  for (const VariantResult& variant : result.variants) {
    for (std::size_t client = 0; client < variant.blames.size(); ++client) {
      const ClientBlame& blame = variant.blames[client];
      add_stories(stories, variant, client, "response_time", blame.response, blame.response_tail);
      add_stories(stories, variant, client, "completion_time", blame.completion, blame.completion_tail);
    }
  }
  return stories;
}

}  // namespace sojourn
