#include "sojourn/kernel/arena.hpp"

#include <set>
#include <vector>

#include "sojourn/kernel/fingerprint.hpp"
#include "support/catch.hpp"

using namespace sojourn;
using namespace sojourn::literals;

TEST_CASE("an arena hands out distinct indices and uses them again", "[kernel]") {
  Arena<int> arena;
  std::set<std::uint32_t> taken;
  for (int i = 0; i < 1000; ++i) taken.insert(arena.take());
  CHECK(taken.size() == 1000);
  CHECK(arena.live() == 1000);
  arena.give_back(17);
  CHECK(arena.take() == 17);
  CHECK(arena.extent() >= 1000);
}

TEST_CASE("references into an arena survive its growth", "[kernel]") {
  Arena<int> arena;
  int& first = arena[arena.take()];
  first = 42;
  for (int i = 0; i < 100'000; ++i) arena[arena.take()] = i;
  CHECK(first == 42);
}

TEST_CASE("a fingerprint sees times, kinds and arguments, and not the order of equals", "[kernel]") {
  const auto of = [](std::vector<std::tuple<Time, std::uint64_t, std::uint64_t>> records) {
    Fingerprint fingerprint;
    for (const auto& [at, what, whom] : records) fingerprint.add(at, what, whom);
    return fingerprint.value();
  };
  CHECK(of({{1_ms, 1, 1}, {1_ms, 1, 2}}) == of({{1_ms, 1, 2}, {1_ms, 1, 1}}));
  CHECK(of({{1_ms, 1, 1}, {2_ms, 1, 2}}) != of({{1_ms, 1, 2}, {2_ms, 1, 1}}));
  CHECK(of({{1_ms, 1, 1}}) != of({{1_ms, 2, 1}}));
  CHECK(of({{1_ms, 1, 1}}) != of({{1_ns, 1, 1}}));
  CHECK(of({{1_ms, 1, 1}}) != of({{1_ms, 1, 1}, {1_ms, 1, 1}}));
}
