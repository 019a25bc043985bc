#pragma once
// Which service has most of its workers, or of its cores, taken: the first to give in.

#include <algorithm>
#include <cstddef>
#include <optional>

#include "sojourn/experiment/experiment.hpp"

namespace sojourn {

/// How much of a service's workers is taken, and by what; and of its cores, where it has fewer of them.
struct MeasuredLoad {
  const CompiledService* service = nullptr;  ///< in the variant's topology
  double busy = 0;
  double held = 0;  ///< by jobs that wait for somebody else
  double cores = 0;

  [[nodiscard]] double workers() const { return busy + held; }
  [[nodiscard]] double taken() const { return std::max(workers(), cores); }
};

/// The load of a service, by its place in the topology; nothing when it has no limit, or never had a replica.
[[nodiscard]] std::optional<MeasuredLoad> load_of_service(const VariantResult& variant, std::size_t i);

/// The service with the most taken; without a service where none has limits.
[[nodiscard]] MeasuredLoad heaviest_load(const VariantResult& variant);

}  // namespace sojourn
