#pragma once
// The scenario language, told to programs and to people.

#include <string>

namespace sojourn {

/// The JSON Schema (draft 7) of a scenario file, to check it in an editor.
[[nodiscard]] std::string schema_text();

/// The reference page in Markdown: every struct, its keys, their types, defaults and meanings, in the order of a scenario.
[[nodiscard]] std::string reference_text();

}  // namespace sojourn
