// What the kernel alone costs: a hold (take the earliest event, put one back) by the number of pending events.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "sojourn/kernel/calendar.hpp"
#include "sojourn/random/draw.hpp"
#include "sojourn/random/math.hpp"
#include "sojourn/stats/histogram.hpp"

namespace {

using namespace sojourn;

void hold(benchmark::State& state) {
  Calendar<std::uint64_t> calendar;
  std::uint64_t n = 0;
  const auto gap = [&] { return Duration{static_cast<std::int64_t>(-1e6 * natural_log(Draw(1, n++, 2).uniform()))}; };
  for (std::int64_t i = 0; i < state.range(0); ++i) calendar.schedule(gap(), Rank::end, n);
  Time now;
  for (auto _ : state) {
    const std::uint64_t event = calendar.fire(now);
    calendar.schedule(now + gap(), Rank::end, event);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hold)->RangeMultiplier(10)->Range(10, 1'000'000);

void draw(benchmark::State& state) {
  std::uint64_t n = 0;
  for (auto _ : state) benchmark::DoNotOptimize(Draw(1, n++, 2).uniform());
}
BENCHMARK(draw);

void record(benchmark::State& state) {
  Histogram histogram;
  std::int64_t n = 1;
  for (auto _ : state) histogram.add((n = n * 6364136223846793005 + 1442695040888963407) & 0xffffff);
}
BENCHMARK(record);

}  // namespace

BENCHMARK_MAIN();
