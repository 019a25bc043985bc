#pragma once
// What is wrong with a user's input, or doubtful in it: values, never exceptions; all of them in one pass.
// One grammar: "file:line: /json/pointer: expected X, found Y; hint", lower case, no full stop.

#include <string>
#include <string_view>
#include <vector>

namespace sojourn {

enum class Severity { error, warning };

/// One finding about the input.
struct Issue {
  Severity severity = Severity::error;
  int line = 0;              ///< line in the file, from 1; 0 when there is none
  std::string pointer = {};  ///< JSON pointer, "" is the whole document
  std::string message = {};  ///< "expected X, found Y; hint"
  std::string name = {};     ///< a warning's name, such as "growing-queue"; empty for errors
};

using Issues = std::vector<Issue>;

[[nodiscard]] bool has_errors(const Issues& issues);

/// "shop.json:12: /services/shop/workers: expected ..., found ..."
[[nodiscard]] std::string to_text(const Issue& issue, std::string_view file);

/// The candidate nearest to the word, when near enough to be a slip of the finger; else empty.
/// Distance: optimal string alignment (a swap of neighbours counts one).
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "; did you mean 'x'?" or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace sojourn
