#pragma once
// The variants of a document: which there are, what each changes, and the document that each stands for.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/core/issue.hpp"
#include "sojourn/io/node.hpp"

namespace sojourn {

/// A variant as the file has it.
struct VariantEntry {
  std::string name;
  std::uint16_t origin = 0;     ///< of what its patch brings; 0 when the file has no variants
  const Node* patch = nullptr;  ///< with `defer` among its keys; nullptr when the file has no variants
};

/// The variants of a document, the baseline (the first in the file) before the others by name; those chosen only, unless none
/// is chosen. Issues: names, patches that are no objects or touch what all variants share, unknown choices.
struct VariantList {
  std::vector<VariantEntry> entries;
  std::vector<std::string> pointers;  ///< "/variants/NAME" by origin, from 1
  Issues issues;
};
[[nodiscard]] VariantList variants_of(const Node& root, const std::vector<std::string>& only);

/// Whether a key of the file is the same for all variants, which may not patch it.
[[nodiscard]] bool is_shared_by_variants(std::string_view key);

/// The document that a variant stands for: the rest of the file with its patch.
[[nodiscard]] Node patched_document(const Node& root, const VariantEntry& variant);

}  // namespace sojourn
