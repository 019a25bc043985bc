#include "sojourn/io/sweep_report.hpp"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "sojourn/core/hash.hpp"
#include "sojourn/io/csv.hpp"
#include "sojourn/io/report.hpp"

namespace sojourn {
namespace {

using Json = nlohmann::ordered_json;

/// A field of a CSV file, in quotes where it must be.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

std::string field(const std::optional<double>& value) { return value ? number_text(*value) : ""; }

/// The values on the axes of a cell, as fields with a comma behind each.
std::string place_fields(const SweepGrid& grid, std::uint64_t cell) {
  std::string text;
  const std::vector<std::size_t> place = grid.place(cell);
  for (std::size_t i = 0; i < place.size(); ++i) {
    const auto number = grid.axes[i].number(place[i]);
    text += (number ? number_text(*number) : field(grid.axes[i].values[place[i]])) + ",";
  }
  return text;
}

void append_subject(std::string& csv, const std::string& start, const SweptSubject& subject,
                    const std::vector<Column>& measures) {
  for (std::size_t i = 0; i < measures.size(); ++i)
    csv += start + std::string(name_of(subject.section)) + "," + subject.name + "," + metric_name(measures[i]) + "," +
           field(subject.values.at(i).value) + "," + field(subject.values.at(i).half_width) + "\n";
}

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

std::string_view unit_of(Axis::Kind kind) {
  return kind == Axis::Kind::rate ? "per_second" : kind == Axis::Kind::duration ? "seconds" : "";
}

Json json_of(const Axis& axis, const std::string& column) {
  Json values = Json::array();
  for (std::size_t i = 0; i < axis.values.size(); ++i) {
    const auto number = axis.number(i);
    values.push_back(number ? Json(*number) : Json(axis.values[i]));
  }
  return {{"pointer", axis.pointer},
          {"written", axis.written},
          {"column", column},
          {"unit", unit_of(axis.kind).empty() ? Json(nullptr) : Json(unit_of(axis.kind))},
          {"values", std::move(values)}};
}

Json json_of(const SweptVariant& variant) {
  Json json = {{"fingerprint", fingerprint_text(variant.fingerprint)}};
  json["busiest"] =
      variant.busiest.empty() ? Json(nullptr) : Json{{"service", variant.busiest}, {"taken", variant.busiest_taken}};
  for (const SweptSubject& subject : variant.subjects) {
    Json& of = json[std::string(name_of(subject.section))][subject.name];
    const std::vector<Column> measures = swept_measures(subject.section);
    for (std::size_t i = 0; i < measures.size(); ++i)
      of[metric_name(measures[i])] = {{"value", json_of(subject.values.at(i).value)},
                                      {"half_width", json_of(subject.values.at(i).half_width)}};
  }
  return json;
}

Json json_of(const Warning& warning) {
  return {{"name", warning.name}, {"variant", warning.variant}, {"path", warning.path}, {"message", warning.message}};
}

Json json_of(const Sweep& sweep, const SweptCell& cell) {
  Json at = Json::object();
  const std::vector<std::size_t> place = sweep.grid.place(cell.cell);
  for (std::size_t i = 0; i < place.size(); ++i) at[sweep.grid.axes[i].pointer] = sweep.grid.axes[i].values[place[i]];
  Json json = {
      {"cell", cell.cell + 1}, {"at", std::move(at)}, {"status", cell.stopped.empty() ? "complete" : "stopped"}};
  if (!cell.stopped.empty()) json["stopped"] = cell.stopped;
  json["sha256"] = cell.sha256;
  json["fingerprint"] = fingerprint_text(cell.fingerprint);
  json["events"] = cell.events;
  json["seed"] = cell.seed;
  json["replications"] = cell.replications;
  json["horizon_s"] = cell.horizon_s;
  json["warmup_s"] = cell.warmup_s;
  json["warnings"] = Json::array();
  for (const Warning& warning : cell.warnings) json["warnings"].push_back(json_of(warning));
  json["variants"] = Json::object();
  for (const SweptVariant& variant : cell.variants) json["variants"][variant.name] = json_of(variant);
  return json;
}

}  // namespace

std::uint64_t Sweep::finished() const {
  return static_cast<std::uint64_t>(
      std::count_if(cells.begin(), cells.end(), [](const auto& cell) { return cell.has_value(); }));
}

std::uint64_t Sweep::fingerprint() const {
  std::uint64_t fingerprint = 0;
  for (const auto& cell : cells) fingerprint = mix(fingerprint, cell ? cell->fingerprint : 0);
  return fingerprint;
}

std::string Sweep::named(std::uint64_t cell) const { return joined(grid.sets(cell), ", "); }

std::string sweep_csv(const Sweep& sweep) {
  std::string csv = "cell,";
  for (const std::string& name : column_names(sweep.grid.axes)) csv += name + ",";
  csv += "variant,section,name,metric,value,half_width\n";
  std::vector<std::vector<Column>> measures;
  for (const Section section :
       {Section::clients, Section::services, Section::calls, Section::topics, Section::resources})
    measures.push_back(swept_measures(section));
  for (const auto& cell : sweep.cells) {
    if (!cell) continue;
    const std::string start = std::to_string(cell->cell + 1) + "," + place_fields(sweep.grid, cell->cell);
    for (const SweptVariant& variant : cell->variants)
      for (const SweptSubject& subject : variant.subjects)
        append_subject(csv, start + variant.name + ",", subject, measures[static_cast<std::size_t>(subject.section)]);
  }
  return csv;
}

std::string sweep_json(const Sweep& sweep) {
  Json json = {{"scenario", {{"name", sweep.name}, {"sha256", sweep.scenario_sha256}}},
               {"status", sweep.complete() ? "complete" : "partial"},
               {"fingerprint", fingerprint_text(sweep.fingerprint())},
               {"axes", Json::array()},
               {"cells", Json::array()}};
  const std::vector<std::string> columns = column_names(sweep.grid.axes);
  for (std::size_t i = 0; i < columns.size(); ++i) json["axes"].push_back(json_of(sweep.grid.axes[i], columns[i]));
  for (const auto& cell : sweep.cells)
    if (cell) json["cells"].push_back(json_of(sweep, *cell));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sojourn
