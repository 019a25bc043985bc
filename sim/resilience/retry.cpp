#include "sojourn/resilience/retry.hpp"

#include <algorithm>

namespace sojourn {

Duration backoff_before(const Retry& retry, std::uint32_t k, Draw& draw) {
  const double limit = static_cast<double>(retry.max_backoff.ns);
  double b = std::min(limit, static_cast<double>(retry.backoff.ns));
  for (std::uint32_t i = 1; i < k && b > 0 && b < limit && retry.factor > 1; ++i) b = std::min(limit, b * retry.factor);
  switch (retry.jitter) {
    case Jitter::full: return from_ns(b * draw.uniform());
    case Jitter::equal: return from_ns(b / 2 + b / 2 * draw.uniform());
    case Jitter::none: return from_ns(b);
  }
  return from_ns(b);
}

}  // namespace sojourn
