#include "sojourn/io/study.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "sojourn/io/canonical.hpp"
#include "sojourn/io/document.hpp"
#include "sojourn/io/files.hpp"
#include "sojourn/io/merge_patch.hpp"
#include "sojourn/io/variant_reader.hpp"

namespace sojourn {
namespace {

constexpr std::size_t most_expanded_values = 1'000'000;

Issue error_at(const Node& node, std::string pointer, std::string message) {
  return {.severity = Severity::error, .line = node.line, .pointer = std::move(pointer), .message = std::move(message)};
}

void append(Issues& issues, Issues more) {
  issues.insert(issues.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Whether an issue is that something comes into play nowhere: no doubt while one of the variants needs it.
bool is_of_no_use(const Issue& issue) {
  return issue.name.starts_with("unused-") || issue.name.starts_with("unreachable-");
}

/// The issues of all variants, each once; those of some variants only say of which.
class Gathered {
 public:
  void add(const std::string& variant, const Issues& issues) {
    ++variants_;
    for (const Issue& issue : issues) {
      const auto [place, is_new] = places_.try_emplace({issue.line, issue.pointer, issue.message}, entries_.size());
      if (is_new) entries_.push_back({.issue = issue, .names = "", .count = 0, .seen_in = 0});
      Entry& entry = entries_[place->second];
      if (std::exchange(entry.seen_in, variants_) == variants_) continue;
      if (++entry.count <= most_names) entry.names += (entry.names.empty() ? "" : ", ") + variant;
    }
  }

  [[nodiscard]] Issues issues() const {
    Issues result;
    for (const Entry& entry : entries_) {
      if (entry.count < variants_ && is_of_no_use(entry.issue)) continue;
      result.push_back(entry.issue);
      if (entry.count == variants_ || entry.issue.pointer.starts_with("/variants/")) continue;
      result.back().message += (entry.count == 1 ? " (in variant " : " (in variants ") + entry.names +
                               (entry.count > most_names ? ", ...)" : ")");
    }
    return result;
  }

 private:
  static constexpr std::size_t most_names = 3;

  struct Entry {
    Issue issue;
    std::string names;
    std::size_t count;    // variants that have it
    std::size_t seen_in;  // the last of them
  };

  std::map<std::tuple<int, std::string, std::string>, std::size_t> places_;
  std::vector<Entry> entries_;
  std::size_t variants_ = 0;
};

/// Applies what the command line sets.
Issues apply_options(Node& root, const ReadOptions& options) {
  Issues issues;
  for (const std::string& assignment : options.sets) append(issues, set_value(root, assignment));
  if (options.seed) append(issues, set_value(root, "/seed=" + std::to_string(*options.seed)));
  if (options.replications) append(issues, set_value(root, "/replications=" + std::to_string(*options.replications)));
  return issues;
}

std::string digest(const Node& root) {
  const auto all = variants_of(root, {}).entries;
  return sha256(canonical_text(root) + "\nbaseline " + (all.empty() ? "" : all.front().name));
}

/// Whether the variants, each with a whole document of its own, stay small enough to expand.
Issues check_size(const Node& root, const VariantList& list) {
  const Node* variants = find(root, "variants");
  const std::size_t base = count_values(root) - (variants == nullptr ? 0 : count_values(*variants));
  if (base * list.entries.size() <= most_expanded_values) return {};
  return {error_at(root, "/variants",
                   "expected at most " + std::to_string(most_expanded_values) +
                       " values in all variants together, found " + std::to_string(base) + " in each of " +
                       std::to_string(list.entries.size()))};
}

void leave_out_deferrals(Node& root) {
  Node* variants = find(root, "variants");
  if (variants == nullptr) return;
  for (Member& variant : variants->members)
    std::erase_if(variant.value.members, [](const Member& member) { return member.key == "defer"; });
}

StudyResult read_root(Node& root, const ReadOptions& options, Issues issues) {
  append(issues, apply_options(root, options));
  if (options.all_wait) leave_out_deferrals(root);
  const VariantList list = variants_of(root, options.only_variants);
  append(issues, list.issues);
  Study study;
  std::vector<Topic> defaults;
  if (Issues too_large = check_size(root, list); !too_large.empty()) {
    append(issues, std::move(too_large));
  } else {
    DataFiles files(options.folder);
    Gathered gathered;
    for (const VariantEntry& variant : list.entries) {
      VariantReading reading = read_variant(root, variant, list, files);
      gathered.add(variant.name, reading.issues);
      defaults.push_back(std::move(reading.topic_defaults));
      study.variants.push_back({variant.name, std::move(reading.scenario)});
    }
    append(issues, gathered.issues());
  }
  std::stable_sort(issues.begin(), issues.end(), [](const Issue& a, const Issue& b) { return a.line < b.line; });
  if (has_errors(issues) || study.variants.empty())
    return {.study = std::nullopt, .topic_defaults = {}, .issues = std::move(issues)};
  study.name = study.variants.front().scenario.name;
  study.question = study.variants.front().scenario.question;
  study.sha256 = digest(root);
  return {.study = std::move(study), .topic_defaults = std::move(defaults), .issues = std::move(issues)};
}

}  // namespace

StudyResult read_study(std::string_view text, const ReadOptions& options) {
  DocumentResult document = parse_document(text);
  if (!document.root) return {.study = std::nullopt, .topic_defaults = {}, .issues = std::move(document.issues)};
  if (!document.root->is(Node::Kind::object)) {
    document.issues.push_back(
        error_at(*document.root, "", "expected a JSON object, found " + brief_text(*document.root)));
    return {.study = std::nullopt, .topic_defaults = {}, .issues = std::move(document.issues)};
  }
  return read_root(*document.root, options, std::move(document.issues));
}

StudyResult read_study_file(const std::string& path, ReadOptions options) {
  const FileText file = read_file(path, DocumentLimits{}.bytes);
  if (!file.problem.empty())
    return {
        .study = std::nullopt, .topic_defaults = {}, .issues = {{.line = 0, .pointer = "", .message = file.problem}}};
  if (options.folder.empty()) options.folder = std::filesystem::path(path).parent_path().string();
  return read_study(file.text, options);
}

}  // namespace sojourn
