#include "sojourn/queueing/shared_clock.hpp"

#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "sojourn/random/draw.hpp"
#include "support/catch.hpp"

using namespace sojourn;

namespace {

/// All ends from now on at the present rate: job and instant.
std::vector<std::pair<std::uint32_t, std::int64_t>> drain(SharedClock& clock) {
  std::vector<std::pair<std::uint32_t, std::int64_t>> ends;
  while (!clock.empty()) {
    const Time at = clock.next_end();
    ends.emplace_back(clock.finish(at), at.ns);
  }
  return ends;
}

using Ends = std::vector<std::pair<std::uint32_t, std::int64_t>>;

}  // namespace

TEST_CASE("at rate one every job ends when its work is over, to the nanosecond", "[queueing]") {
  SharedClock clock;
  CHECK(clock.next_end() == Time::never());
  clock.start(Time{1'000'000'007}, 5, 1);
  clock.start(Time{1'000'000'009}, 1, 2);
  CHECK(drain(clock) == Ends{{2, 1'000'000'010}, {1, 1'000'000'012}});
  clock.start(Time{7'000'000'000'000'001}, 3, 3);  // long after: no bits have gone
  CHECK(clock.next_end() == Time{7'000'000'000'000'004});
}

TEST_CASE("jobs that end together end in the order of their start", "[queueing]") {
  SharedClock clock;
  for (std::uint32_t job = 0; job < 5; ++job) clock.start(Time{0}, 10, 4 - job);
  CHECK(drain(clock) == Ends{{4, 10}, {3, 10}, {2, 10}, {1, 10}, {0, 10}});
}

TEST_CASE("jobs that end together do so at one nanosecond, however that was rounded", "[queueing]") {
  for (const double rate : {1.0 / 3, 0.7, 2.0 / 7, 3.3}) {
    SharedClock clock;
    clock.set_rate(Time{0}, rate);
    clock.start(Time{0}, 1'000'000, 0);
    clock.start(Time{0}, 1'000'000, 1);
    const Time end = clock.next_end();
    CHECK(end.ns == std::llround(1e6 / rate));
    CHECK(clock.finish(end) == 0);
    clock.set_rate(end, rate / 1000);  // what little is left by rounding must not become a microsecond
    CHECK(clock.next_end() == end);
  }
}

TEST_CASE("a change of the rate changes what is left, and nothing else", "[queueing]") {
  SharedClock clock;
  clock.start(Time{0}, 100, 0);
  clock.start(Time{0}, 160, 1);
  clock.set_rate(Time{50}, 0.25);
  CHECK(clock.next_end() == Time{250});
  clock.set_rate(Time{90}, 0);  // 10 of the 50 left were done
  CHECK(clock.next_end() == Time::never());
  clock.set_rate(Time{1'000}, 2);
  CHECK(drain(clock) == Ends{{0, 1'020}, {1, 1'050}});
}

TEST_CASE("work of no length ends at once, unless the clock stands", "[queueing]") {
  SharedClock clock;
  clock.start(Time{40}, 0, 7);
  CHECK(clock.next_end() == Time{40});
  CHECK(clock.finish(Time{40}) == 7);
  clock.set_rate(Time{50}, 0);
  clock.start(Time{50}, 0, 8);
  CHECK(clock.next_end() == Time::never());
  clock.set_rate(Time{60}, 1);
  CHECK(clock.next_end() == Time{60});
}

TEST_CASE("a clock that is cleared begins anew", "[queueing]") {
  SharedClock clock;
  clock.start(Time{0}, 100, 0);
  clock.clear();
  CHECK(clock.empty());
  clock.start(Time{30}, 100, 1);
  CHECK(drain(clock) == Ends{{1, 130}});
}

TEST_CASE("an end beyond all time is never", "[queueing]") {
  SharedClock clock;
  clock.set_rate(Time{0}, 1e-9);
  clock.start(Time{1'000}, 9e18, 0);
  CHECK(clock.next_end() == Time::never());
}

TEST_CASE("shared clocks agree with keeping the work that is left of every job", "[queueing]") {
  Draw draw(11, 12, 13);
  SharedClock clock;
  struct Job {
    std::uint32_t name;
    double left;
  };
  std::vector<Job> jobs;
  double rate = 1, last = 0;
  Time now;
  std::uint32_t names = 0;
  const auto pass = [&](Time until) {
    for (Job& job : jobs) job.left -= (static_cast<double>(until.ns) - last) * rate;
    last = static_cast<double>(until.ns);
  };
  for (int event = 0; event < 400; ++event) {
    const Time next{now.ns + static_cast<std::int64_t>(draw.below(40'000))};
    while (clock.next_end() <= next) {
      now = clock.next_end();
      pass(now);
      const std::uint32_t ended = clock.finish(now);
      std::size_t first = 0;
      for (std::size_t i = 1; i < jobs.size(); ++i)
        if (jobs[i].left < jobs[first].left) first = i;
      REQUIRE(jobs[first].name == ended);
      CHECK(std::fabs(jobs[first].left) <= 0.5 * rate + 1e-3);
      jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(first));
      rate = jobs.empty() ? 1 : 1.0 / static_cast<double>(jobs.size());
      clock.set_rate(now, rate);
    }
    now = next;
    pass(now);
    const Duration work{static_cast<std::int64_t>(draw.below(60'000))};
    clock.start(now, static_cast<double>(work.ns), names);
    jobs.push_back({names++, static_cast<double>(work.ns)});
    rate = 1.0 / static_cast<double>(jobs.size());
    clock.set_rate(now, rate);
    if (draw.below(512) == 0) draw = Draw(11, 12, names);
  }
  CHECK(names == 400);
}
