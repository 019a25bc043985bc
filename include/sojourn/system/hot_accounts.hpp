#pragma once
// Accounts of what a request promised: scopes (one attempt and all it caused) in groups (alternatives). Inline: every job and
// message opens and closes one.

#include <algorithm>

#include "sojourn/system/simulation.hpp"

namespace sojourn {

inline Group* Simulation::new_group(Scope* parent, std::uint32_t needed) {
  Group* const group = groups_.take();
  *group = {.parent = parent, .request = nullptr, .open = 1, .needed = needed, .fulfilled = 0, .first = {}};
  ++parent->open;
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
    group->request->last_end = std::max(group->request->last_end, now_);  // a foreseen visit may end later
    if (trails_) [[unlikely]]
      end_trail(group->request->self);
  }
  if (scope != &group->first) [[unlikely]]
    scopes_.give_back(scope);
  leave_group(group);
}

inline void Simulation::leave_group(Group* group) {
  if (--group->open > 0) return;
  if (group->parent == nullptr)
    retire_request(*group->request);
  else
    close_group(group);
}

// The request is answered and nothing that it caused is left.
inline void Simulation::retire_request(Request& request) {
  if (request.measured) {
    ClientMeasurement& client = *request.from->measured;
    if (request.last_end == request.answered_at) {
      request.from->prompt.add((request.last_end - request.started).ns);
    } else {
      if (request.follows == none) client.response_time.add((request.answered_at - request.started).ns);
      client.completion_time.add((request.last_end - request.started).ns);
    }
    if (trails_) [[unlikely]]
      record_trail(request.self, true);
    if (request.account.fulfilled > 0 && !request.compensated)
      ++client.fulfilled;
    else if (is_success(request.outcome))
      ++client.broken_promises;
    if (--measured_open_ == 0 && past_horizon_) stopped_ = ended_ = true;
  }
  if (trails_) [[unlikely]]
    watch_end(request.self);
  if (request.watches != none) forget_watches(request);
  ++request.generation;
  request.live = false;
  if (request.followers == 0) requests_.give_back(request.self);
}

}  // namespace sojourn
