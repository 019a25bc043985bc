#pragma once
// Deferral: a call that need not be waited for becomes a published message. What makes one flow serve many architectures.

#include <set>
#include <vector>

#include "sojourn/core/issue.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// The operations that calls marked as deferrable name: they span the designs that can be chosen from.
[[nodiscard]] std::set<OperationName> deferrable_operations(const Scenario& scenario);

/// Which operations a variant defers.
struct Deferral {
  bool all = false;
  std::vector<OperationName> operations;
};

/// Every deferrable call to these operations becomes a publish, at the same place of the list, to a topic named as the
/// operation, whose only subscription is that operation. Generated topics take the given defaults.
/// Issues, with pointers relative to the variant: an operation that no deferrable call names.
[[nodiscard]] Issues defer(Scenario& scenario, const Deferral& deferral, const Topic& defaults);

}  // namespace sojourn
