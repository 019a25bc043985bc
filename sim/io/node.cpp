#include "sojourn/io/node.hpp"

namespace sojourn {
namespace {

/// At most this many bytes, and no broken character at the cut.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return text.substr(0, most);
}

std::string whole_text(const Node& node) {
  std::string text;
  if (node.is(Node::Kind::list)) {
    for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + brief_text(item);
    return "[" + text + "]";
  }
  for (const Member& member : node.members)
    text += (text.empty() ? "" : ", ") + in_quotes(member.key) + ": " + brief_text(member.value);
  return "{" + text + "}";
}

}  // namespace

const Node* find(const Node& object, std::string_view key) {
  for (const Member& member : object.members)
    if (member.key == key) return &member.value;
  return nullptr;
}

Node* find(Node& object, std::string_view key) {
  for (Member& member : object.members)
    if (member.key == key) return &member.value;
  return nullptr;
}

std::size_t count_values(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_values(item);
  for (const Member& member : node.members) count += count_values(member.value);
  return count;
}

std::string in_quotes(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t most = 80;
  std::string result = "\"";
  for (const char c : cut(text, most)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      result += std::string("\\u00") + digits[byte >> 4U] + digits[byte & 15U];
    else
      result += c;
  }
  return result + (text.size() > most ? "...\"" : "\"");
}

std::string brief_text(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return "null";
    case Node::Kind::boolean: return node.truth ? "true" : "false";
    case Node::Kind::number: return std::string(cut(node.text, 40)) + (node.text.size() > 40 ? "..." : "");
    case Node::Kind::string: return in_quotes(node.text);
    case Node::Kind::list: return node.items.size() <= 4 && count_values(node) <= 8 ? whole_text(node) : "a list";
    case Node::Kind::object:
      return node.members.size() <= 4 && count_values(node) <= 8 ? whole_text(node) : "an object";
  }
  return "nothing";
}

}  // namespace sojourn
