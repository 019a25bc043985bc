// Accounts that close: a request is over, or the account above learns of it.
#include "sojourn/system/hot_requests.hpp"

namespace sojourn {

void Simulation::close_group(Group* group) {
  if (group->parent == nullptr) return retire_request(group->request);
  Scope* const parent = group->parent;
  if (group->fulfilled < group->needed) parent->failed = true;
  groups_.give_back(group);
  leave_scope(parent);
}

}  // namespace sojourn
