#pragma once
// Accounts of what a request promised: scopes (one attempt and all it caused) in groups (alternatives). Inline: every job and
// message opens and closes one.

#include "sojourn/system/simulation.hpp"

namespace sojourn {

inline Group* Simulation::new_group(Scope* parent, std::uint32_t request, std::uint32_t needed) {
  Group* const group = groups_.take();
  *group = {.parent = parent, .request = request, .open = 1, .needed = needed, .fulfilled = 0, .first = {}};
  if (parent != nullptr) ++parent->open;
  return group;
}

inline Scope* Simulation::new_scope(Group* group) {
  ++group->open;
  Scope* const scope = group->first.group == nullptr ? &group->first : scopes_.take();
  *scope = {.group = group, .open = 0, .succeeded = false, .failed = false};
  return scope;
}

inline void Simulation::leave_scope(Scope* scope) {
  if (--scope->open == 0) close_scope(scope);
}

inline void Simulation::close_scope(Scope* scope) {
  Group* const group = scope->group;
  if (scope->succeeded && !scope->failed) ++group->fulfilled;
  if (group->parent == nullptr) {
    requests_[group->request].last_end = now_;
    if (trails_) [[unlikely]]
      end_trail(group->request);
  }
  if (scope != &group->first) [[unlikely]]
    scopes_.give_back(scope);
  leave_group(group);
}

inline void Simulation::leave_group(Group* group) {
  if (--group->open == 0) close_group(group);
}

}  // namespace sojourn
