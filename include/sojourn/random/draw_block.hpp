#pragma once
// Draws of consecutive numbers under one key and site, made together: a vector unit does the work of several draws at once.
// The numbers are those that Draw gives one by one, bit by bit, whatever the machine has.

#include <array>
#include <cstddef>
#include <cstdint>

#include "sojourn/core/time.hpp"

namespace sojourn {

/// How many draws are made together.
inline constexpr std::size_t block_length = 32;

/// What vector units to use. The results do not depend on it.
enum class Vectors : std::uint8_t { none, avx2, avx512 };
/// The best that this machine has.
[[nodiscard]] Vectors best_vectors();

/// The first two results of Draw(key, number + i, site).bits(), for each i.
struct BitsBlock {
  std::array<std::uint64_t, block_length> first, second;
};
void draw_block(BitsBlock& out, std::uint64_t key, std::uint64_t number, std::uint64_t site,
                Vectors vectors = best_vectors());

using DoubleBlock = std::array<double, block_length>;

/// -mean times the natural logarithm of the first uniform of each of these draws.
void exponential_block(DoubleBlock& out, std::uint64_t key, std::uint64_t number, std::uint64_t site, double mean,
                       Vectors vectors = best_vectors());

/// e to the power of each.
void raise_block(DoubleBlock& powers, Vectors vectors = best_vectors());

/// from_ns of each.
using DurationBlock = std::array<Duration, block_length>;
void round_block(DurationBlock& out, const DoubleBlock& ns, Vectors vectors = best_vectors());

}  // namespace sojourn
