#include "sojourn/io/study.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <utility>

#include "sojourn/io/canonical.hpp"
#include "sojourn/io/document.hpp"
#include "sojourn/io/files.hpp"
#include "sojourn/io/merge_patch.hpp"
#include "sojourn/io/pointer.hpp"
#include "sojourn/io/reader.hpp"
#include "sojourn/io/variants.hpp"
#include "sojourn/model/defer.hpp"
#include "sojourn/model/validation.hpp"

namespace sojourn {
namespace {

constexpr std::size_t most_expanded_values = 2'000'000;

Issue error_at(const Node& node, std::string pointer, std::string message) {
  return {.severity = Severity::error, .line = node.line, .pointer = std::move(pointer), .message = std::move(message)};
}

void append(Issues& issues, Issues more) {
  issues.insert(issues.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Reads one variant of a document: a scenario, and issues with their lines in the file.
class VariantReading {
 public:
  VariantReading(const Node& root, const VariantEntry& variant, const VariantList& list, DataFiles& files)
      : variant_(variant), list_(list), files_(files), document_(patched_document(root, variant)) {}

  Scenario read() {
    Scenario scenario;
    const Topic defaults = read_messaging();
    Reader reader(list_.pointers, files_);
    reader.read(scenario, document_);
    append(issues_, reader.issues());
    const Deferral deferral = read_defer();
    if (has_errors(issues_)) return scenario;
    add(check_references(scenario));
    if (has_errors(issues_)) return scenario;
    add_of_variant(defer(scenario, deferral, defaults));
    if (!has_errors(issues_)) add(check_flows(scenario));
    return scenario;
  }

  [[nodiscard]] const Issues& issues() const { return issues_; }

 private:
  /// The defaults of topics; they are also merged under each topic of the document.
  Topic read_messaging() {
    Topic defaults;
    const Node* messaging = find(document_, "messaging");
    if (messaging == nullptr) return defaults;
    Node topic = *messaging;
    if (const Node* subscriptions = find(topic, "subscriptions"); subscriptions != nullptr)
      issues_.push_back(error_at(*subscriptions, pointer_of(*subscriptions, "/messaging/subscriptions"),
                                 "expected defaults of all topics, found 'subscriptions', which each topic has of its own"));
    Node nobody;
    nobody.kind = Node::Kind::object;
    if (topic.is(Node::Kind::object)) put(topic, "subscriptions", nobody);
    Reader reader(list_.pointers, files_);
    const bool sound = reader.read_under("messaging", defaults, topic);
    append(issues_, reader.issues());
    if (sound) merge_under_topics(*messaging);
    return defaults;
  }

  void merge_under_topics(const Node& messaging) {
    Node* topics = find(document_, "topics");
    if (topics == nullptr) return;
    const Node defaults = messaging;
    for (Member& member : topics->members) {
      if (!member.value.is(Node::Kind::object)) continue;
      Node topic = defaults;
      topic.line = member.value.line;
      topic.origin = member.value.origin;
      merge_keeping_origins(topic, member.value);
      member.value = std::move(topic);
    }
  }

  /// As merge_patch, but what is merged keeps the origin that it has.
  static void merge_keeping_origins(Node& target, const Node& patch) {
    for (const Member& member : patch.members) {
      Node* old = find(target, member.key);
      if (old != nullptr && old->is(Node::Kind::object) && member.value.is(Node::Kind::object))
        merge_keeping_origins(*old, member.value);
      else
        put(target, member.key, member.value);
    }
  }

  Deferral read_defer() {
    Deferral deferral;
    const Node* node = variant_.patch == nullptr ? nullptr : find(*variant_.patch, "defer");
    if (node == nullptr) return deferral;
    deferral.all = node->is(Node::Kind::string) && node->text == "all";
    if (deferral.all) return deferral;
    const std::string pointer = list_.pointers[variant_.origin - 1U] + "/defer";
    if (!node->is(Node::Kind::list)) {
      issues_.push_back(error_at(*node, pointer, "expected \"all\" or a list of operations, found " + brief_text(*node)));
      return deferral;
    }
    Node listed = *node;
    for (Node& item : listed.items) item.origin = variant_.origin;
    Reader reader(list_.pointers, files_);
    reader.read_under("defer", deferral.operations, listed);
    append(issues_, reader.issues());
    return deferral;
  }

  [[nodiscard]] std::string pointer_of(const Node& node, std::string pointer) const {
    return node.origin == 0 ? pointer : list_.pointers[node.origin - 1U] + pointer;
  }

  /// Adds issues whose pointers are relative to the scenario.
  void add(Issues issues) {
    for (Issue& issue : issues) {
      const Node& node = resolve(document_, issue.pointer);
      issue.line = node.line;
      issue.pointer = pointer_of(node, std::move(issue.pointer));
    }
    append(issues_, std::move(issues));
  }

  /// Adds issues whose pointers are relative to the variant.
  void add_of_variant(Issues issues) {
    for (Issue& issue : issues) {
      issue.line = resolve(*variant_.patch, issue.pointer).line;
      issue.pointer = list_.pointers[variant_.origin - 1U] + issue.pointer;
    }
    append(issues_, std::move(issues));
  }

  const VariantEntry& variant_;
  const VariantList& list_;
  DataFiles& files_;
  Node document_;
  Issues issues_;
};

/// The issues of all variants, each once; those of some variants only say of which.
class Gathered {
 public:
  void add(const std::string& variant, const Issues& issues) {
    for (const Issue& issue : issues) {
      auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return same(entry.issue, issue); });
      if (known == entries_.end()) known = entries_.insert(entries_.end(), {.issue = issue, .variants = {}});
      if (known->variants.empty() || known->variants.back() != variant) known->variants.push_back(variant);
    }
    ++count_;
  }

  [[nodiscard]] Issues issues() const {
    Issues result;
    for (Entry entry : entries_) {
      if (entry.variants.size() < count_ && !entry.issue.pointer.starts_with("/variants/")) entry.issue.message += suffix(entry);
      result.push_back(std::move(entry.issue));
    }
    return result;
  }

 private:
  struct Entry {
    Issue issue;
    std::vector<std::string> variants;
  };

  static bool same(const Issue& a, const Issue& b) {
    return a.line == b.line && a.pointer == b.pointer && a.message == b.message && a.severity == b.severity;
  }

  static std::string suffix(const Entry& entry) {
    std::string names;
    for (const std::string& name : entry.variants) names += (names.empty() ? "" : ", ") + name;
    return (entry.variants.size() == 1 ? " (in variant " : " (in variants ") + names + ")";
  }

  std::vector<Entry> entries_;
  std::size_t count_ = 0;
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
  const std::size_t values = count_values(root) * list.entries.size();
  if (values <= most_expanded_values) return {};
  return {error_at(root, "/variants",
                   "expected at most " + std::to_string(most_expanded_values) + " values in all variants together, found " +
                       std::to_string(count_values(root)) + " in each of " + std::to_string(list.entries.size()))};
}

StudyResult read_root(Node& root, const ReadOptions& options, Issues issues) {
  append(issues, apply_options(root, options));
  const VariantList list = variants_of(root, options.only_variants);
  append(issues, list.issues);
  append(issues, check_size(root, list));
  StudyResult result;
  Study study;
  if (check_size(root, list).empty()) {
    DataFiles files(options.folder);
    Gathered gathered;
    for (const VariantEntry& variant : list.entries) {
      VariantReading reading(root, variant, list, files);
      study.variants.push_back({variant.name, reading.read()});
      gathered.add(variant.name, reading.issues());
    }
    append(issues, gathered.issues());
  }
  std::stable_sort(issues.begin(), issues.end(), [](const Issue& a, const Issue& b) { return a.line < b.line; });
  result.issues = std::move(issues);
  if (has_errors(result.issues) || study.variants.empty()) return result;
  study.name = study.variants.front().scenario.name;
  study.question = study.variants.front().scenario.question;
  study.sha256 = digest(root);
  result.study = std::move(study);
  return result;
}

}  // namespace

StudyResult read_study(std::string_view text, const ReadOptions& options) {
  DocumentResult document = parse_document(text);
  if (!document.root) return {.study = std::nullopt, .issues = std::move(document.issues)};
  if (!document.root->is(Node::Kind::object)) {
    document.issues.push_back(error_at(*document.root, "", "expected a JSON object, found " + brief_text(*document.root)));
    return {.study = std::nullopt, .issues = std::move(document.issues)};
  }
  return read_root(*document.root, options, std::move(document.issues));
}

StudyResult read_study_file(const std::string& path, ReadOptions options) {
  const FileText file = read_file(path, DocumentLimits{}.bytes);
  if (!file.problem.empty())
    return {.study = std::nullopt, .issues = {{.line = 0, .pointer = "", .message = file.problem}}};
  if (options.folder.empty()) options.folder = std::filesystem::path(path).parent_path().string();
  return read_study(file.text, options);
}

}  // namespace sojourn
