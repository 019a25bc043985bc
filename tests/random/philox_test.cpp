#include "sojourn/random/philox.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "support/catch.hpp"

namespace sojourn {

namespace {

using Counter = std::array<std::uint32_t, 4>;
using Key = std::array<std::uint32_t, 2>;

int different_bits(const Counter& a, const Counter& b) {
  int count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += std::popcount(a[i] ^ b[i]);
  return count;
}

}  // namespace

// The vectors of Random123's tests/kat_vectors.
TEST_CASE("philox gives the published answers", "[random]") {
  CHECK(philox4x32_10({0, 0, 0, 0}, {0, 0}) == Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t ones = 0xffffffff;
  CHECK(philox4x32_10({ones, ones, ones, ones}, {ones, ones}) ==
        Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("philox can be worked out by the compiler", "[random]") {
  constexpr Counter out = philox4x32_10({0, 0, 0, 0}, {0, 0});
  static_assert(out[0] == 0x6627e8d5);
  CHECK(out[3] == 0x9b00dbd8);
}

TEST_CASE("each bit of counter and key changes about half of philox's bits", "[random]") {
  const Counter counter{1, 2, 3, 4};
  const Key key{5, 6};
  const Counter base = philox4x32_10(counter, key);
  int fewest = 128, most = 0;
  for (unsigned bit = 0; bit < 192; ++bit) {
    Counter c = counter;
    Key k = key;
    (bit < 128 ? c[bit / 32] : k[bit / 32 - 4]) ^= 1U << bit % 32;
    const int changed = different_bits(base, philox4x32_10(c, k));
    fewest = std::min(fewest, changed);
    most = std::max(most, changed);
  }
  CHECK(fewest >= 64 - 26);  // 4.5 standard deviations of a binomial law on 128 bits
  CHECK(most <= 64 + 26);
}

}  // namespace sojourn
