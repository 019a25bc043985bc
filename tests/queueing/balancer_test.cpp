#include "sojourn/queueing/balancer.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace sojourn;

namespace {

std::vector<std::uint32_t> choices(Balancing rule, std::vector<int> loads, int times) {
  Balancer balancer(rule, static_cast<std::uint32_t>(loads.size()));
  std::vector<std::uint32_t> chosen;
  for (int i = 0; i < times; ++i)
    chosen.push_back(
        balancer.choose([&](std::uint32_t r) { return loads[r]; }, Draw(1, static_cast<std::uint64_t>(i), 2)));
  return chosen;
}

}  // namespace

TEST_CASE("round robin takes turns", "[queueing]") {
  CHECK(choices(Balancing::round_robin, {9, 0, 5}, 5) == std::vector<std::uint32_t>{0, 1, 2, 0, 1});
}

TEST_CASE("least loaded breaks ties by who was chosen longest ago", "[queueing]") {
  CHECK(choices(Balancing::least_loaded, {1, 0, 2}, 2) == std::vector<std::uint32_t>{1, 1});
  CHECK(choices(Balancing::least_loaded, {3, 3, 3}, 4) == std::vector<std::uint32_t>{0, 1, 2, 0});
}

TEST_CASE("random choices are even", "[queueing]") {
  std::vector<int> counts(4, 0);
  for (const std::uint32_t r : choices(Balancing::random, {0, 0, 0, 0}, 40'000)) ++counts[r];
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 4.5 * 87);
}

TEST_CASE("power of two draws two different replicas and takes the less loaded", "[queueing]") {
  // The most loaded replica of n is never taken; the least loaded one in 2/n of all draws.
  std::vector<int> counts(4, 0);
  for (const std::uint32_t r : choices(Balancing::power_of_two, {0, 1, 2, 3}, 40'000)) ++counts[r];
  CHECK(counts[3] == 0);
  CHECK(std::abs(counts[0] - 20'000) < 4.5 * 100);
  CHECK(choices(Balancing::power_of_two, {7}, 3) == std::vector<std::uint32_t>{0, 0, 0});
}
