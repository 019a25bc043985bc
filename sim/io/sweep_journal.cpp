#include "sojourn/io/sweep_journal.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "sojourn/io/canonical.hpp"
#include "sojourn/io/document.hpp"
#include "sojourn/io/files.hpp"

namespace sojourn {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array sections{Section::clients, Section::services, Section::calls, Section::topics, Section::resources};

bool names_a_file(std::string_view key) { return key == "samples" || key == "trace"; }

/// The files that a document names, each as often as it does.
void append_files(std::vector<std::string>& files, const Node& node) {
  for (const Node& item : node.items) append_files(files, item);
  for (const Member& member : node.members) {
    if (names_a_file(member.key) && member.value.is(Node::Kind::string)) files.push_back(member.value.text);
    append_files(files, member.value);
  }
}

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

std::optional<double> number_in(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

Json json_of(const SweptSubject& subject) {
  Json values = Json::array();
  for (const SweptValue& value : subject.values) {
    values.push_back(json_of(value.value));
    values.push_back(json_of(value.half_width));
  }
  return {name_of(subject.section), subject.name, std::move(values)};
}

Json json_of(const SweptVariant& variant) {
  Json subjects = Json::array();
  for (const SweptSubject& subject : variant.subjects) subjects.push_back(json_of(subject));
  return {{"name", variant.name},
          {"fingerprint", variant.fingerprint},
          {"busiest", variant.busiest},
          {"busiest_taken", variant.busiest_taken},
          {"subjects", std::move(subjects)}};
}

/// What is read has passed a checksum; that it is of this make is checked all the same. Throws what the library throws.
SweptSubject subject_in(const Json& json) {
  SweptSubject subject;
  const auto section = json.at(0).get<std::string>();
  bool known = false;
  for (const Section candidate : sections)
    if (name_of(candidate) == section) {
      subject.section = candidate;
      known = true;
    }
  subject.name = json.at(1).get<std::string>();
  const Json& values = json.at(2);
  if (!known || !values.is_array() || values.size() != 2 * swept_measures(subject.section).size())
    throw nlohmann::json::other_error::create(501, "another make of journal", nullptr);
  for (std::size_t i = 0; i < values.size(); i += 2)
    subject.values.push_back({number_in(values[i]), number_in(values[i + 1])});
  return subject;
}

SweptVariant variant_in(const Json& json) {
  SweptVariant variant{.name = json.at("name").get<std::string>(),
                       .fingerprint = json.at("fingerprint").get<std::uint64_t>(),
                       .busiest = json.at("busiest").get<std::string>(),
                       .busiest_taken = json.at("busiest_taken").get<double>(),
                       .subjects = {}};
  for (const Json& subject : json.at("subjects")) variant.subjects.push_back(subject_in(subject));
  return variant;
}

SweptCell cell_in(const Json& json) {
  SweptCell cell{.cell = json.at("cell").get<std::uint64_t>(),
                 .sha256 = json.at("sha256").get<std::string>(),
                 .seed = json.at("seed").get<std::uint64_t>(),
                 .replications = json.at("replications").get<std::uint64_t>(),
                 .fingerprint = json.at("fingerprint").get<std::uint64_t>(),
                 .events = json.at("events").get<std::uint64_t>(),
                 .horizon_s = json.at("horizon_s").get<double>(),
                 .warmup_s = json.at("warmup_s").get<double>(),
                 .stopped = "",
                 .variants = {},
                 .warnings = {}};
  for (const Json& variant : json.at("variants")) cell.variants.push_back(variant_in(variant));
  for (const Json& warning : json.at("warnings"))
    cell.warnings.push_back({.name = warning.at(0).get<std::string>(),
                             .variant = warning.at(1).get<std::string>(),
                             .path = warning.at(2).get<std::string>(),
                             .message = warning.at(3).get<std::string>()});
  return cell;
}

Json json_of(const SweepIdentity& identity) {
  return {{"journal", "sojourn sweep 1"},
          {"scenario", identity.scenario_sha256},
          {"axes", identity.axes},
          {"values set", identity.sets},
          {"variants", identity.variants},
          {"seed", identity.seed ? Json(*identity.seed) : Json(nullptr)},
          {"replications", identity.replications ? Json(*identity.replications) : Json(nullptr)},
          {"version of sojourn", identity.version}};
}

}  // namespace

std::string digest_with_files(std::string_view text, const std::string& folder, const std::vector<Axis>& axes) {
  std::vector<std::string> files;
  const DocumentResult document = parse_document(text);
  if (document.root) append_files(files, *document.root);
  for (const Axis& axis : axes)
    if (names_a_file(std::string_view(axis.pointer).substr(axis.pointer.rfind('/') + 1)))
      files.insert(files.end(), axis.values.begin(), axis.values.end());
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  std::string digest = sha256(text);
  for (const std::string& file : files) digest = sha256(digest + file + sha256(read_file_in(folder, file).text));
  return digest;
}

std::string journal_header(const SweepIdentity& identity) {
  return json_of(identity).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string differences(std::string_view header, const SweepIdentity& identity) {
  const Json theirs = Json::parse(header, nullptr, false);
  const Json ours = Json::parse(journal_header(identity));
  std::string text;
  for (const auto& [key, value] : ours.items()) {
    if (theirs.is_object() && theirs.contains(key) && theirs.at(key) == value) continue;
    text += (text.empty() ? "its " : ", its ") + key;
  }
  return text;
}

std::string journal_line(const SweptCell& cell) {
  Json variants = Json::array(), warnings = Json::array();
  for (const SweptVariant& variant : cell.variants) variants.push_back(json_of(variant));
  for (const Warning& warning : cell.warnings)
    warnings.push_back({warning.name, warning.variant, warning.path, warning.message});
  const Json json = {{"cell", cell.cell},
                     {"sha256", cell.sha256},
                     {"seed", cell.seed},
                     {"replications", cell.replications},
                     {"fingerprint", cell.fingerprint},
                     {"events", cell.events},
                     {"horizon_s", cell.horizon_s},
                     {"warmup_s", cell.warmup_s},
                     {"variants", std::move(variants)},
                     {"warnings", std::move(warnings)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<SweptCell> read_journal_line(std::string_view line) {
  try {
    return cell_in(Json::parse(line));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace sojourn
