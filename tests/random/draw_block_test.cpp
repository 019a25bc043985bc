#include "sojourn/random/draw_block.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "sojourn/core/hash.hpp"
#include "sojourn/random/draw.hpp"
#include "sojourn/random/math.hpp"
#include "support/catch.hpp"

// A block is held against the same draws one by one: equal in every bit.

namespace sojourn {
namespace {

double spread(std::uint64_t i) { return uniform_of(mix(i + 1)); }

/// One after another all that this machine has.
Vectors vectors_of(std::uint64_t round) {
  return static_cast<Vectors>(round % (static_cast<std::uint64_t>(best_vectors()) + 1));
}

}  // namespace

TEST_CASE("a block of draws is the draws one by one", "[random]") {
  for (std::uint64_t round = 0; round < 500; ++round) {
    const std::uint64_t key = mix(3 * round), site = mix(3 * round + 1);
    // Also where the lower 32 bits of the number overflow within the block, and near the largest number.
    const std::uint64_t number = round % 5 == 0   ? (std::uint64_t{7} << 32) - round % 40
                                 : round % 5 == 1 ? (std::uint64_t{1} << 56) - block_length
                                                  : mix(3 * round + 2) >> 20;
    BitsBlock block;
    draw_block(block, key, number, site, vectors_of(round));
    DoubleBlock exponentials;
    exponential_block(exponentials, key, number, site, 1e6, vectors_of(round));
    for (std::size_t i = 0; i < block_length; ++i) {
      Draw draw(key, number + i, site);
      REQUIRE(block.first[i] == draw.bits());
      REQUIRE(block.second[i] == draw.bits());
      REQUIRE(exponentials[i] == -1e6 * natural_log(Draw(key, number + i, site).uniform()));
      Draw begun(key, number + i, site, block.first[i], block.second[i]);
      Draw again(key, number + i, site);
      for (int k = 0; k < 5; ++k) REQUIRE(begun.bits() == again.bits());
    }
  }
}

TEST_CASE("a uniform in a vector's steps is the uniform of a draw", "[random]") {
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    Draw draw(1, i, 2);
    const std::uint64_t bits = Draw(1, i, 2).bits();
    REQUIRE(uniform_of(bits) == draw.uniform());
  }
  CHECK(uniform_of(0) == 0x1p-53);
  CHECK(uniform_of(~std::uint64_t{0}) == 1);
}

TEST_CASE("a block of powers of e is each by itself", "[random]") {
  for (std::uint64_t round = 0; round < 2'000; ++round) {
    DoubleBlock powers;
    for (std::size_t i = 0; i < block_length; ++i)
      powers[i] = (spread(32 * round + i) - 0.5) * (round % 2 == 0 ? 60 : 1390);
    if (round == 7) powers[3] = 709.9;  // one that a vector unit leaves to the long form
    if (round == 9) powers[30] = -744;
    if (round == 11) powers[0] = 0;
    const DoubleBlock exponents = powers;
    raise_block(powers, vectors_of(round / 2));
    for (std::size_t i = 0; i < block_length; ++i) REQUIRE(powers[i] == exponential(exponents[i]));
  }
}

TEST_CASE("a block of durations is rounded as each by itself", "[random]") {
  for (std::uint64_t round = 0; round < 2'000; ++round) {
    DoubleBlock ns;
    for (std::size_t i = 0; i < block_length; ++i) {
      const double x = spread(32 * round + i) * std::ldexp(1.0, static_cast<int>(round % 55));
      ns[i] = i % 3 == 0 ? std::floor(x) + 0.5 : x;  // ties, to an even and to an odd integer
    }
    ns[5] = 0;
    ns[6] = -0.0;
    ns[7] = 0.49999999999999994;
    if (round == 3) ns[8] = 0x1p51;
    if (round == 5) ns[8] = 0x1p64;
    if (round == 7) ns[8] = std::numeric_limits<double>::quiet_NaN();
    DurationBlock durations;
    round_block(durations, ns, vectors_of(round / 55));
    for (std::size_t i = 0; i < block_length; ++i) {
      REQUIRE(durations[i] == from_ns(ns[i]));
      if (ns[i] >= 0 && ns[i] < 0x1p51)
        REQUIRE(static_cast<double>(durations[i].ns) ==
                std::floor(ns[i] + 0.5) - (ns[i] == 0.49999999999999994 ? 1 : 0));
    }
  }
}

}  // namespace sojourn
