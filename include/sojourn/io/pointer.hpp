#pragma once
// JSON pointers (RFC 6901): the address of a value in a document, "/services/shop/workers".

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/io/node.hpp"

namespace sojourn {

/// The pointer with one more part: '~' and '/' in the key are escaped, and what would not print.
[[nodiscard]] std::string joined(std::string_view pointer, std::string_view key);

/// The parts of a pointer, unescaped; nothing when the text is no pointer.
[[nodiscard]] std::optional<std::vector<std::string>> pointer_parts(std::string_view pointer);

/// The child of a node under a part of a pointer: a key, or an index of a list; or nullptr.
[[nodiscard]] const Node* child(const Node& node, std::string_view part);
[[nodiscard]] Node* child(Node& node, std::string_view part);

/// How far a pointer leads into a document: the last value on the way that is there.
[[nodiscard]] const Node& resolve(const Node& root, std::string_view pointer);

}  // namespace sojourn
