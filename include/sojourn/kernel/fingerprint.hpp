#pragma once
// The fingerprint of a trajectory: a sum of hashes of what happened and when. A sum, so that the order in which equal
// instants were worked off does not show, while any shifted time, lost step or other argument does.

#include <cstdint>

#include "sojourn/core/hash.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// Adds up what happened in a run; equal sums mean equal trajectories.
class Fingerprint {
 public:
  /// Something happened at this instant: what (a fixed name's hash) and to whom (request number, place).
  void add(Time at, std::uint64_t what, std::uint64_t whom) {
    sum_ += mix((static_cast<std::uint64_t>(at.ns) * 0x9e3779b97f4a7c15ULL) ^ (what + (whom << 17 | whom >> 47)));
  }
  [[nodiscard]] std::uint64_t value() const { return sum_; }

 private:
  std::uint64_t sum_ = 0;
};

}  // namespace sojourn
