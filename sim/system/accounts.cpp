// Accounts that close: a request is over, or the account above learns of it.
#include "sojourn/system/hot_requests.hpp"

namespace sojourn {

void Simulation::close_group(std::uint32_t index, const Group& group) {
  if (group.parent == none) return retire_request(group.request);
  const std::uint32_t parent = group.parent;
  if (group.fulfilled < group.needed) scope_of(parent).failed = true;
  accounts_.give_back(index);
  leave_scope(parent);
}

}  // namespace sojourn
