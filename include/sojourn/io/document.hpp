#pragma once
// A JSON document, read strictly: what the JSON library lets pass is an issue here. No key twice, no deep nesting, no NUL,
// one value and nothing after it. Comments are allowed.

#include <cstddef>
#include <optional>
#include <string_view>

#include "sojourn/core/issue.hpp"
#include "sojourn/io/node.hpp"

namespace sojourn {

/// What a document may be at most; past it, an issue.
struct DocumentLimits {
  std::size_t bytes = 16U << 20U;
  std::size_t depth = 64;
  std::size_t values = 250'000;
  std::size_t string_bytes = 64U << 10U;
};

/// A document, when its syntax is sound, and everything that is wrong with it. Repeated keys are issues too: the first counts.
struct DocumentResult {
  std::optional<Node> root;
  Issues issues;
};

/// Reads JSON with comments.
[[nodiscard]] DocumentResult parse_document(std::string_view text, const DocumentLimits& limits = {});

}  // namespace sojourn
