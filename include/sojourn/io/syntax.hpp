#pragma once
// What is wrong with a text that is not JSON, in this project's words rather than the JSON library's.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sojourn/core/issue.hpp"

namespace sojourn {

/// What is wrong with the bytes before any is looked at as JSON: too many, none, not UTF-8, a NUL.
[[nodiscard]] std::optional<Issue> problem_of_bytes(std::string_view text, std::size_t most_bytes);

/// "expected X, found Y" for an error that the library describes as `what`, which struck at this offset of the text; finished: when
/// the document was already whole.
[[nodiscard]] std::string syntax_message(std::string_view what, std::string_view text, std::size_t offset,
                                         bool finished);

}  // namespace sojourn
