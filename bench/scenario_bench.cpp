// What a timed event costs in whole scenarios: one replication, one thread.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "sojourn/io/study.hpp"
#include "sojourn/system/run.hpp"

namespace {

using namespace sojourn;

void run_variant(benchmark::State& state, const std::string& file, std::size_t variant) {
  const StudyResult read = read_study_file(std::string(SOJOURN_SOURCE_DIR) + "/scenarios/" + file, {});
  if (!read.study || variant >= read.study->variants.size()) {
    state.SkipWithError("the scenario could not be read");
    return;
  }
  const Topology topology = compile(read.study->variants[variant].scenario);
  std::uint64_t events = 0, replication = 0;
  for (auto _ : state) events += run(topology, {.seed = 1, .replication = replication++}).events;
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
  state.counters["ns_per_event"] =
      benchmark::Counter(static_cast<double>(events) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(run_variant, hello, std::string("hello.json"), 0U)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_variant, online_shop_0, std::string("online-shop.json"), 0U)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_variant, online_shop_1, std::string("online-shop.json"), 1U)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_variant, online_shop_2, std::string("online-shop.json"), 2U)->Unit(benchmark::kMillisecond);

}  // namespace
