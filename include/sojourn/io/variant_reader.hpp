#pragma once
// From a document and one of its variants to a scenario that is sound.

#include "sojourn/core/issue.hpp"
#include "sojourn/io/data_files.hpp"
#include "sojourn/io/variants.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// A scenario, and what is wrong with it or doubtful, with lines of the file.
struct VariantReading {
  Scenario scenario;
  Topic topic_defaults;  ///< what generated topics take
  Issues issues;
};

/// The patch first, then the defaults of topics, then the values, then what the names lead to, then deferral and flows.
[[nodiscard]] VariantReading read_variant(const Node& root, const VariantEntry& variant, const VariantList& list,
                                          DataFiles& files);

}  // namespace sojourn
