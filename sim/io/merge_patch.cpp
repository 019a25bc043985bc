#include "sojourn/io/merge_patch.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/io/document.hpp"
#include "sojourn/io/pointer.hpp"

namespace sojourn {
namespace {

void mark(Node& node, std::uint16_t origin) {
  node.origin = origin;
  for (Node& item : node.items) mark(item, origin);
  for (Member& member : node.members) {
    member.origin = origin;
    mark(member.value, origin);
  }
}

/// Members of an object by key: a patch of many keys on an object of many must not take the product of both.
std::map<std::string, std::size_t, std::less<>> index_of(const Node& object) {
  std::map<std::string, std::size_t, std::less<>> index;
  for (std::size_t i = 0; i < object.members.size(); ++i) index.emplace(object.members[i].key, i);
  return index;
}

void merge_member(Node& target, const Member& change, std::size_t place, std::uint16_t origin) {
  if (place == target.members.size()) {
    Node nothing;
    nothing.line = change.value.line;
    nothing.origin = origin;
    target.members.push_back({.key = change.key, .line = change.line, .origin = origin, .value = std::move(nothing)});
  }
  merge_patch(target.members[place].value, change.value, origin);
}

Issue issue_at(std::string_view pointer, std::string message) {
  return {.severity = Severity::error, .line = 0, .pointer = std::string(pointer), .message = std::move(message)};
}

std::vector<std::string> keys_of(const Node& object) {
  std::vector<std::string> keys;
  for (const Member& member : object.members) keys.push_back(member.key);
  return keys;
}

void forget_lines(Node& node) {
  node.line = 0;
  for (Node& item : node.items) forget_lines(item);
  for (Member& member : node.members) {
    member.line = 0;
    forget_lines(member.value);
  }
}

/// The value as JSON, or as a string when it is not JSON.
Node value_of(std::string_view text, std::string_view pointer, Issues& issues) {
  DocumentResult parsed = parse_document(text);
  if (parsed.root) {
    for (const Issue& issue : parsed.issues) issues.push_back(issue_at(pointer, issue.message));
    forget_lines(*parsed.root);
    return std::move(*parsed.root);
  }
  Node string;
  string.kind = Node::Kind::string;
  string.text = std::string(text);
  return string;
}

}  // namespace

void merge_patch(Node& target, const Node& patch, std::uint16_t origin) {
  if (!patch.is(Node::Kind::object)) {
    target = patch;
    mark(target, origin);
    return;
  }
  if (!target.is(Node::Kind::object)) {
    target = Node{};
    target.kind = Node::Kind::object;
    target.line = patch.line;
    target.origin = origin;
  }
  const auto index = index_of(target);
  std::vector<bool> removed(target.members.size(), false);
  for (const Member& change : patch.members) {
    const auto known = index.find(change.key);
    if (!change.value.is(Node::Kind::null))
      merge_member(target, change, known == index.end() ? target.members.size() : known->second, origin);
    else if (known != index.end())
      removed[known->second] = true;
  }
  std::vector<Member> kept;
  for (std::size_t i = 0; i < target.members.size(); ++i)
    if (i >= removed.size() || !removed[i]) kept.push_back(std::move(target.members[i]));
  target.members = std::move(kept);
}

void put(Node& object, std::string_view key, Node value) {
  if (Node* old = find(object, key); old != nullptr)
    *old = std::move(value);
  else
    object.members.push_back(
        {.key = std::string(key), .line = value.line, .origin = value.origin, .value = std::move(value)});
}

Issues set_value(Node& root, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  const std::string_view pointer = assignment.substr(0, equals);
  const auto parts = pointer_parts(pointer);
  if (equals == std::string_view::npos || !parts || parts->empty())
    return {issue_at("", "expected POINTER=VALUE such as /services/shop/workers=4, found " + in_quotes(assignment))};
  Node* at = &root;
  for (const std::string& part : *parts) {
    Node* next = child(*at, part);
    if (next == nullptr && at->is(Node::Kind::object) && &part == &parts->back()) {
      put(*at, part, Node{});
      next = child(*at, part);
    }
    if (next == nullptr)
      return {issue_at(pointer, "expected a pointer into the scenario, found nothing there at '" + part + "'" +
                                    did_you_mean(part, keys_of(*at)))};
    at = next;
  }
  Issues issues;
  *at = value_of(assignment.substr(equals + 1), pointer, issues);
  return issues;
}

}  // namespace sojourn
