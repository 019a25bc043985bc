#include "sojourn/io/formats.hpp"

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "sojourn/io/csv.hpp"
#include "sojourn/io/report.hpp"

namespace sojourn {

namespace {

constexpr std::array all_formats{
    Format{"table", [](const Findings& f, const Look& look) { return table_text(summary_of(f), look); }, "for people"},
    Format{"json", [](const Findings& f, const Look&) { return report_json(f); },
           "the whole report, as in report.json"},
    Format{"csv", [](const Findings& f, const Look&) { return clients_csv(f); }, "one row a client, as in clients.csv"},
    Format{"markdown", [](const Findings& f, const Look&) { return markdown_text(summary_of(f)); },
           "the table, for documents"},
};

/// A text that is made before it is written.
template <std::string (*text_of)(const Findings&)>
void whole(const Findings& findings, TextSink& sink) {
  sink.put(text_of(findings));
}

constexpr std::array all_files{
    ResultFile{"clients.csv", whole<clients_csv>},
    ResultFile{"services.csv", whole<services_csv>},
    ResultFile{"calls.csv", whole<calls_csv>},
    ResultFile{"topics.csv", whole<topics_csv>},
    ResultFile{"resources.csv", whole<resources_csv>},
    ResultFile{"timeline.csv", timeline_csv},
    ResultFile{"percentiles.csv", whole<percentiles_csv>},
    ResultFile{"comparisons.csv", whole<comparisons_csv>},
    ResultFile{"blame.csv", whole<blame_csv>},
    ResultFile{"report.json", whole<report_json>},
};

/// Whether the report in this file says that it is partial.
bool is_partial_report(const std::filesystem::path& file) {
  std::ifstream input(file);
  const auto report = nlohmann::json::parse(input, nullptr, false);
  return report.is_object() && report.value("status", nlohmann::json()) == "partial";
}

}  // namespace

std::span<const Format> formats() { return all_formats; }

const Format* format_named(std::string_view name) {
  for (const Format& format : all_formats)
    if (format.name == name) return &format;
  return nullptr;
}

std::span<const ResultFile> result_files() { return all_files; }

std::filesystem::path folder_for(const std::filesystem::path& folder, bool complete) {
  std::error_code error;
  const std::filesystem::path report = folder / "report.json";
  if (complete || !std::filesystem::exists(report, error) || is_partial_report(report)) return folder;
  std::filesystem::path beside = folder.has_filename() ? folder : folder.parent_path();
  beside += ".partial";
  return beside;
}

std::optional<OutputError> write_results(const std::filesystem::path& folder, const Findings& findings,
                                         std::string_view manifest) {
  if (auto error = make_folder(folder)) return error;
  if (auto error = write_whole(folder / "manifest.json", manifest)) return error;
  for (const ResultFile& file : all_files) {
    WholeFile output(folder / std::string(file.name));
    file.write(findings, output);
    if (auto error = output.finish()) return error;
  }
  return std::nullopt;
}

}  // namespace sojourn
