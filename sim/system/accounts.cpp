// Accounts that close: the one above learns of it.
#include "sojourn/system/hot_requests.hpp"

namespace sojourn {

void Simulation::close_group(Group* group) {
  Scope* const parent = group->parent;
  if (group->fulfilled < group->needed) parent->failed = true;
  groups_.give_back(group);
  leave_scope(parent);
}

}  // namespace sojourn
