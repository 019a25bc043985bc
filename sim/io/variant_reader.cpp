#include "sojourn/io/variant_reader.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "sojourn/io/merge_patch.hpp"
#include "sojourn/io/pointer.hpp"
#include "sojourn/io/reader.hpp"
#include "sojourn/model/defer.hpp"
#include "sojourn/model/validation.hpp"

namespace sojourn {
namespace {

void append(Issues& issues, Issues more) {
  issues.insert(issues.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// The fields of a struct whose keys add up with those of a default; other values stand in its place.
template <Described T>
std::set<std::string_view> fields_that_merge() {
  std::set<std::string_view> names;
  for_each_field<T>([&](const auto& field) {
    if (Described<std::remove_cvref_t<decltype(std::declval<T&>().*field.member)>>) names.insert(field.name);
  });
  return names;
}

/// A topic with the defaults under its own keys.
Node with_defaults(const Node& topic, const Node& defaults) {
  const auto merging = fields_that_merge<Topic>();
  Node result = topic;
  for (const Member& member : defaults.members) {
    Node* own = find(result, member.key);
    if (own == nullptr) {
      result.members.push_back(member);
      continue;
    }
    if (!merging.contains(member.key) || !own->is(Node::Kind::object)) continue;
    for (const Member& part : member.value.members)
      if (find(*own, part.key) == nullptr) own->members.push_back(part);
  }
  return result;
}

class VariantReader {
 public:
  VariantReader(const Node& root, const VariantEntry& variant, const VariantList& list, DataFiles& files)
      : variant_(variant), list_(list), files_(files), document_(patched_document(root, variant)) {}

  VariantReading read() {
    const Topic defaults = read_messaging();
    read_scenario();
    const Deferral deferral = read_defer();
    const bool sound = !has_errors(issues_);
    if (names_are_known()) add(check_references(scenario_));
    if (sound && !has_errors(issues_)) add_of_variant(defer(scenario_, deferral, defaults));
    if (sound && !has_errors(issues_)) add(check_flows(scenario_));
    return {.scenario = std::move(scenario_), .topic_defaults = defaults, .issues = std::move(issues_)};
  }

 private:
  /// The defaults of topics; they are also put under each topic of the document.
  Topic read_messaging() {
    Topic defaults;
    const Node* messaging = find(document_, "messaging");
    if (messaging == nullptr) return defaults;
    if (const Node* own = find(*messaging, "subscriptions"); own != nullptr)
      error(*own, "/messaging/subscriptions",
            "expected defaults of all topics, found 'subscriptions', which each topic has alone");
    Node topic = *messaging;
    Node nobody;
    nobody.kind = Node::Kind::object;
    if (topic.is(Node::Kind::object)) put(topic, "subscriptions", nobody);
    Reader reader(list_.pointers, files_);
    const bool sound = reader.read_under("messaging", defaults, topic);
    append(issues_, reader.issues());
    Node* topics = find(document_, "topics");
    if (!sound || topics == nullptr) return defaults;
    const Node under = *messaging;
    for (Member& member : topics->members)
      if (member.value.is(Node::Kind::object)) member.value = with_defaults(member.value, under);
    return defaults;
  }

  void read_scenario() {
    Reader reader(list_.pointers, files_);
    reader.read(scenario_, document_);
    append(issues_, reader.issues());
  }

  Deferral read_defer() {
    Deferral deferral;
    const Node* node = variant_.patch == nullptr ? nullptr : find(*variant_.patch, "defer");
    if (node == nullptr) return deferral;
    Node marked = *node;
    marked.origin = variant_.origin;
    for (Node& item : marked.items) item.origin = variant_.origin;
    deferral.all = marked.is(Node::Kind::string) && marked.text == "all";
    if (deferral.all) return deferral;
    if (!marked.is(Node::Kind::list)) {
      error(marked, "/defer", "expected \"all\" or a list of operations, found " + brief_text(marked));
      return deferral;
    }
    Reader reader(list_.pointers, files_);
    reader.read_under("defer", deferral.operations, marked);
    append(issues_, reader.issues());
    return deferral;
  }

  /// Whether no error so far hides names: then those that lead nowhere can be told as well.
  [[nodiscard]] bool names_are_known() const {
    const Node* services = find(document_, "services");
    if (services == nullptr || !services->is(Node::Kind::object)) return false;
    return std::none_of(issues_.begin(), issues_.end(), [&](const Issue& issue) {
      const auto parts = pointer_parts(without_variant(issue.pointer)).value_or(std::vector<std::string>{});
      if (parts.empty() || (parts[0] != "services" && parts[0] != "topics")) return false;
      return parts.size() <= 2 || (parts.size() <= 4 && parts[2] == "operations");
    });
  }

  [[nodiscard]] std::string_view without_variant(std::string_view pointer) const {
    if (variant_.origin == 0) return pointer;
    const std::string& own = list_.pointers[variant_.origin - 1U];
    return pointer.starts_with(own + "/") ? pointer.substr(own.size()) : pointer;
  }

  [[nodiscard]] std::string pointer_to(const Node& node, std::string pointer) const {
    return node.origin == 0 ? pointer : list_.pointers[node.origin - 1U] + pointer;
  }

  void error(const Node& node, std::string pointer, std::string message) {
    issues_.push_back({.severity = Severity::error,
                       .line = node.line,
                       .pointer = pointer_to(node, std::move(pointer)),
                       .message = std::move(message)});
  }

  /// Adds issues whose pointers are relative to the scenario; not about values that were not read.
  void add(Issues issues) {
    std::set<std::string> told;
    for (const Issue& issue : issues_) told.insert(issue.pointer);
    for (Issue& issue : issues) {
      const auto parts = pointer_parts(issue.pointer);
      const Node& node = resolve(document_, issue.pointer);
      issue.line = node.line;
      issue.pointer = pointer_to(node, std::move(issue.pointer));
      const bool written =
          !parts || parts->empty() || issue.severity == Severity::warning || find(document_, parts->front()) != nullptr;
      if (written && !told.contains(issue.pointer)) issues_.push_back(std::move(issue));
    }
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
  Scenario scenario_;
  Issues issues_;
};

}  // namespace

VariantReading read_variant(const Node& root, const VariantEntry& variant, const VariantList& list, DataFiles& files) {
  return VariantReader(root, variant, list, files).read();
}

}  // namespace sojourn
