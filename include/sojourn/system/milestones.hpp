#pragma once
// Operations that somebody waits for. Each has a bit in the request's mask of those that have succeeded on its behalf.

#include <cstdint>

#include "sojourn/model/validation.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// The bit of an operation in a request's mask, by its place in Topology::watched.
[[nodiscard]] constexpr std::uint64_t milestone_bit(std::uint32_t milestone) { return std::uint64_t{1} << milestone; }

/// Adds an operation to those that are watched, unless it is there; gives its place. Validation allows 64 of them.
inline std::uint32_t watch_operation(Topology& topology, std::uint32_t operation) {
  std::uint32_t& milestone = topology.operations[operation].milestone;
  if (milestone == none) {
    static_assert(most_watched == 64);
    milestone = static_cast<std::uint32_t>(topology.watched.size());
    topology.watched.push_back(operation);
  }
  return milestone;
}

/// Who waits until a request has reached what is wanted: a line, or a notification of the client.
struct Watch {
  std::uint64_t wanted = 0;
  std::uint32_t line = none;  ///< none: a notification
  std::uint32_t generation = 0;
  std::uint32_t next = none;  ///< of the same request, in the order in which they began to wait
};

}  // namespace sojourn
