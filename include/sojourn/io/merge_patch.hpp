#pragma once
// Changes to a document: merge patches (RFC 7396), and single values set by their pointer.

#include <cstdint>
#include <string_view>

#include "sojourn/core/issue.hpp"
#include "sojourn/io/node.hpp"

namespace sojourn {

/// Applies a JSON Merge Patch. What comes from the patch keeps its lines and gets this origin.
void merge_patch(Node& target, const Node& patch, std::uint16_t origin);

/// Applies "POINTER=VALUE". The value is JSON, or a string when it is not. The pointer must exist, or the object that it would
/// be a key of; issues otherwise.
[[nodiscard]] Issues set_value(Node& root, std::string_view assignment);

/// Puts a value under a key of an object, in place of the one there.
void put(Node& object, std::string_view key, Node value);

}  // namespace sojourn
