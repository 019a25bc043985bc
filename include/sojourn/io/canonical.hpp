#pragma once
// One text for all spellings of a document, and its digest: what a result is filed under.

#include <string>
#include <string_view>

#include "sojourn/io/node.hpp"

namespace sojourn {

/// A document as JSON with sorted keys, no white space and one spelling a number (1, 1.0 and 1e0 agree). Left out: comments,
/// "description", keys that start with "x-", "$schema" at the top.
[[nodiscard]] std::string canonical_text(const Node& root);

/// Whether a key is free for the author's own remarks.
[[nodiscard]] bool is_free_key(std::string_view key);

/// The SHA-256 digest of a text as 64 hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view text);

}  // namespace sojourn
