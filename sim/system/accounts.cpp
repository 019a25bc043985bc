// Accounts of what a request promised: scopes (one attempt and all it caused) in groups (alternatives).
#include "sojourn/system/simulation.hpp"

namespace sojourn {

std::uint32_t Simulation::new_group(std::uint32_t parent, std::uint32_t request, std::uint32_t needed) {
  const std::uint32_t index = groups_.take();
  groups_[index] = {.parent = parent, .request = request, .open = 1, .needed = needed, .fulfilled = 0};
  if (parent != none) ++scopes_[parent].open;
  return index;
}

std::uint32_t Simulation::new_scope(std::uint32_t group) {
  const std::uint32_t index = scopes_.take();
  scopes_[index] = {.group = group, .open = 0, .succeeded = false, .failed = false};
  ++groups_[group].open;
  return index;
}

void Simulation::leave_scope(std::uint32_t index) {
  Scope& scope = scopes_[index];
  if (--scope.open > 0) return;
  Group& group = groups_[scope.group];
  if (scope.succeeded && !scope.failed) ++group.fulfilled;
  if (group.parent == none) {
    requests_[group.request].last_end = now_;
    if (trails_) end_trail(group.request);
  }
  scopes_.give_back(index);
  leave_group(scope.group);
}

void Simulation::leave_group(std::uint32_t index) {
  Group& group = groups_[index];
  if (--group.open > 0) return;
  if (group.parent == none) return retire_request(group.request);
  const std::uint32_t parent = group.parent;
  if (group.fulfilled < group.needed) scopes_[parent].failed = true;
  groups_.give_back(index);
  leave_scope(parent);
}

}  // namespace sojourn
