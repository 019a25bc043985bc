#include "sojourn/io/language.hpp"

#include "sojourn/io/schema.hpp"

namespace sojourn {
namespace {

constexpr const char* preface =
    "# The scenario language\n"
    "\n"
    "Printed by `sojourn schema --reference`, from the descriptions that read a scenario; `sojourn schema` prints the "
    "same as\n"
    "JSON Schema. A scenario is one JSON file; comments (`//`, `/* */`) are accepted. Keys that start with `x-`, and\n"
    "`description` anywhere, are free. Unknown keys and keys that come twice are errors.\n"
    "\n"
    "| value | written |\n"
    "|---|---|\n"
    "| duration | `\"250ms\"`, `\"1.5s\"`, `\"1h30m\"`; units `ns us ms s m min h d`; a bare number is an error |\n"
    "| rate | `\"80/s\"`, `\"1.5k/s\"`, `\"4800/min\"`, `\"1000/h\"`; a bare number is an error |\n"
    "| operation | `\"service.operation\"` |\n"
    "| name | 1 to 64 letters, digits, `_` or `-` |\n"
    "| link | `\"shop->payment\"`, from a client, service or topic to a service, or from a service to a topic |\n"
    "| file | relative to the scenario, and inside its folder |\n";

/// A text in a cell of a table.
std::string cell(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '|' ? "\\|" : std::string(1, c);
  return result;
}

std::string line_of(const Section::Row& row) {
  const std::string fallback =
      row.fallback.empty() || row.fallback == "required" ? row.fallback : "`" + row.fallback + "`";
  return "| `" + row.key + "` | " + cell(row.words) + " | " + cell(fallback) + " | " + cell(row.sentence) + " |\n";
}

}  // namespace

std::string schema_text() { return SchemaWriter().schema().dump(1) + "\n"; }

std::string reference_text() {
  std::string text = preface;
  const SchemaWriter writer;
  for (const Section& section : writer.sections()) {
    text += "\n## " + section.title + "\n\n";
    if (!section.sentence.empty()) text += section.sentence + "\n\n";
    text += "| key | value | default | meaning |\n|---|---|---|---|\n";
    for (const Section::Row& row : section.rows) text += line_of(row);
  }
  return text;
}

}  // namespace sojourn
