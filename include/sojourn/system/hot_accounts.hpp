#pragma once
// Accounts of what a request promised: scopes (one attempt and all it caused) in groups (alternatives). Inline: every job and
// message opens and closes one.

#include "sojourn/system/simulation.hpp"

namespace sojourn {

inline std::uint32_t Simulation::new_group(std::uint32_t parent, std::uint32_t request, std::uint32_t needed) {
  const std::uint32_t index = accounts_.take();
  accounts_[index] = {
      .group = {.parent = parent, .request = request, .open = 1, .needed = needed, .fulfilled = 0}, .scope = {}};
  if (parent != none) ++scope_of(parent).open;
  return index;
}

// The first scope of a group stands beside it.
inline std::uint32_t Simulation::new_scope(std::uint32_t group) {
  ++group_of(group).open;
  const std::uint32_t index = scope_of(group).group == none ? group : accounts_.take();
  scope_of(index) = {.group = group, .open = 0, .succeeded = false, .failed = false};
  return index;
}

inline void Simulation::leave_scope(std::uint32_t index) {
  Scope& scope = scope_of(index);
  if (--scope.open == 0) close_scope(index, scope);
}

inline void Simulation::close_scope(std::uint32_t index, const Scope& scope) {
  const std::uint32_t of = scope.group;
  Group& group = group_of(of);
  if (scope.succeeded && !scope.failed) ++group.fulfilled;
  if (group.parent == none) {
    requests_[group.request].last_end = now_;
    if (trails_) end_trail(group.request);
  }
  if (index != of) accounts_.give_back(index);
  leave_group(of);
}

inline void Simulation::leave_group(std::uint32_t index) {
  Group& group = group_of(index);
  if (--group.open == 0) close_group(index, group);
}

}  // namespace sojourn
