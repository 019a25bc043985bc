#include "sojourn/io/canonical.hpp"

#include <sha256.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>

namespace sojourn {
namespace {

void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

/// Whole numbers in plain digits, others in the shortest form that reads back as the same value.
void write_number(std::string& out, const Node& node) {
  if (node.text.find_first_of(".eE") == std::string::npos) {
    out += node.text == "-0" ? "0" : node.text;
    return;
  }
  std::array<char, 40> buffer{};
  constexpr double most_digits = 1e30;
  const bool whole = std::fabs(node.number) < most_digits && std::trunc(node.number) == node.number;
  const double value = node.number == 0 ? 0 : node.number;  // no minus before zero
  const auto end =
      whole ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed).ptr
            : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  out.append(buffer.data(), end);
}

void write(std::string& out, const Node& node, bool top);

void write_object(std::string& out, const Node& node, bool top) {
  std::map<std::string_view, const Node*> sorted;
  for (const Member& member : node.members)
    if (!is_free_key(member.key) && !(top && member.key == "$schema")) sorted.emplace(member.key, &member.value);
  char before = '{';
  for (const auto& [key, value] : sorted) {
    out += before;
    before = ',';
    write_string(out, key);
    out += ':';
    write(out, *value, false);
  }
  if (before == '{') out += '{';
  out += '}';
}

void write_list(std::string& out, const Node& node) {
  out += '[';
  for (const Node& item : node.items) {
    if (&item != node.items.data()) out += ',';
    write(out, item, false);
  }
  out += ']';
}

void write(std::string& out, const Node& node, bool top) {
  switch (node.kind) {
    case Node::Kind::null: out += "null"; break;
    case Node::Kind::boolean: out += node.truth ? "true" : "false"; break;
    case Node::Kind::number: write_number(out, node); break;
    case Node::Kind::string: write_string(out, node.text); break;
    case Node::Kind::list: write_list(out, node); break;
    case Node::Kind::object: write_object(out, node, top); break;
  }
}

}  // namespace

bool is_free_key(std::string_view key) { return key == "description" || key.starts_with("x-"); }

std::string canonical_text(const Node& root) {
  std::string text;
  write(text, root, true);
  return text;
}

std::string sha256(std::string_view text) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> digits{};
  SHA256Data(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digits.data());
  return digits.data();
}

}  // namespace sojourn
