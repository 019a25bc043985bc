#pragma once
// Attempts that fail with the same chance each, and are made again.

#include <cstdint>

namespace sojourn {

/// What several attempts come to.
struct Attempts {
  double mean = 1;     ///< attempts made: the amplification of the load
  double fails = 0;    ///< chance that the last one fails too
  double answers = 1;  ///< attempts that did not fail, over all of them: 1 - fails
};

/// Up to `most` attempts, each failing with this chance, independently: mean = (1 - q^m) / (1 - q), fails = q^m.
[[nodiscard]] constexpr Attempts attempts_of(std::uint32_t most, double fails) {
  Attempts attempts{.mean = 0, .fails = 1, .answers = 0};
  for (std::uint32_t k = 0; k < most && attempts.fails > 1e-18; ++k) {
    attempts.mean += attempts.fails;
    attempts.fails *= fails;
    if (fails >= 1) {  // every attempt is made, none helps
      attempts.mean = most;
      break;
    }
  }
  attempts.answers = 1 - attempts.fails;
  return attempts;
}

}  // namespace sojourn
