#include "sojourn/io/pointer.hpp"

#include <charconv>

namespace sojourn {
namespace {

std::string unescaped(std::string_view part) {
  std::string text;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escape = part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1');
    text += escape ? (part[++i] == '0' ? '~' : '/') : part[i];
  }
  return text;
}

template <class AnyNode>
AnyNode* child_of(AnyNode& node, std::string_view part) {
  if (node.is(Node::Kind::object)) return find(node, part);
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  const bool sound = error == std::errc{} && end == part.data() + part.size();
  return node.is(Node::Kind::list) && sound && index < node.items.size() ? &node.items[index] : nullptr;
}

}  // namespace

std::string joined(std::string_view pointer, std::string_view key) {
  std::string text = std::string(pointer) + '/';
  const std::string shown = in_quotes(key);  // cuts what is long and escapes what does not print
  for (const char c : std::string_view(shown).substr(1, shown.size() - 2)) {
    if (c == '~')
      text += "~0";
    else if (c == '/')
      text += "~1";
    else
      text += c;
  }
  return text;
}

std::optional<std::vector<std::string>> pointer_parts(std::string_view pointer) {
  std::vector<std::string> parts;
  if (pointer.empty()) return parts;
  if (pointer.front() != '/') return std::nullopt;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t slash = pointer.find('/');
    parts.push_back(unescaped(pointer.substr(0, slash)));
    pointer = slash == std::string_view::npos ? std::string_view{} : pointer.substr(slash);
  }
  return parts;
}

const Node* child(const Node& node, std::string_view part) { return child_of(node, part); }
Node* child(Node& node, std::string_view part) { return child_of(node, part); }

const Node& resolve(const Node& root, std::string_view pointer) {
  const Node* at = &root;
  const auto parts = pointer_parts(pointer);
  for (const std::string& part : parts.value_or(std::vector<std::string>{})) {
    const Node* next = child(*at, part);
    if (next == nullptr) break;
    at = next;
  }
  return *at;
}

}  // namespace sojourn
