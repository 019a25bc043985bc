#pragma once
// The table of output formats, and the table of result files: to add one is to add a row.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sojourn/experiment/findings.hpp"
#include "sojourn/io/output_file.hpp"
#include "sojourn/io/table.hpp"

namespace sojourn {

/// A way to print findings.
struct Format {
  std::string_view name;
  std::string (*text_of)(const Findings& findings, const Look& look);
  std::string_view sentence;
};
/// table, json, csv, markdown.
[[nodiscard]] std::span<const Format> formats();
[[nodiscard]] const Format* format_named(std::string_view name);

/// A file of results.
struct ResultFile {
  std::string_view name;
  void (*write)(const Findings& findings, TextSink& sink);
};
/// All files but the manifest; report.json comes last, so that where it is the others are.
[[nodiscard]] std::span<const ResultFile> result_files();

/// Where results go: the folder, or beside it with ".partial" added when they are partial and the folder holds a report that
/// is not known to be partial.
[[nodiscard]] std::filesystem::path folder_for(const std::filesystem::path& folder, bool complete);

/// Writes all result files and the manifest into the folder, each whole or not at all.
[[nodiscard]] std::optional<OutputError> write_results(const std::filesystem::path& folder, const Findings& findings,
                                                       std::string_view manifest);

}  // namespace sojourn
