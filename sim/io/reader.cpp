#include "sojourn/io/reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sojourn/io/pointer.hpp"

namespace sojourn {
namespace {

constexpr std::size_t most_issues = 1000;  // past them nobody reads on, and memory must stay small

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 < words.size() ? ", " : " or ") + words[i];
  return text;
}

/// Two kinds at once, of which a patch brought one: the likeliest slip there is.
std::string hint_of_patch(const Member& a, const Member& b) {
  return a.origin == b.origin ? "" : "; a patch adds to what is there, the old key goes away with null";
}

}  // namespace

// ---- telling what is wrong ----

bool Reader::error(const Node& at, std::string message) { return error_at(at.line, at.origin, std::move(message)); }

bool Reader::error_at(int line, std::uint16_t origin, std::string message) {
  if (issues_.size() >= most_issues) return false;
  std::string pointer = origin == 0 ? "" : origins_[origin - 1U];
  for (const Part& part : path_)
    pointer = joined(pointer, part.is_index ? std::to_string(part.index) : std::string(part.key));
  issues_.push_back(
      {.severity = Severity::error, .line = line, .pointer = std::move(pointer), .message = std::move(message)});
  return false;
}

bool Reader::unexpected(const Node& node, std::string_view expected, std::string_view hint) {
  return error(node, "expected " + std::string(expected) + ", found " + brief_text(node) + std::string(hint));
}

bool Reader::unknown_word(const Node& node, const std::vector<std::string>& words) {
  const std::string hint = node.is(Node::Kind::string) ? did_you_mean(node.text, words) : "";
  std::vector<std::string> quotes;
  for (const std::string& word : words) quotes.push_back(in_quotes(word));
  return unexpected(node, listed(quotes), hint);
}

bool Reader::unknown_key(const Member& member, const std::vector<std::string>& names) {
  const Inside inside(*this, member.key);
  const std::string hint = did_you_mean(member.key, names);
  return error_at(member.line, member.origin,
                  "expected " + (hint.empty() && !names.empty() ? "one of the keys " + listed(names) : "a known key") +
                      ", found " + in_quotes(member.key) + hint);
}

bool Reader::not_built_yet(const Member& member) {
  const Inside inside(*this, member.key);
  return error_at(member.line, member.origin,
                  "'" + member.key + "' is a key of the language that this version does not build yet");
}

bool Reader::missing(const Node& object, std::string_view name, std::string_view sentence) {
  return error(object, "expected the key '" + std::string(name) + "' (" + std::string(sentence) + "), found none");
}

bool Reader::broken_rule(const Node& node, const std::string& problem) {
  const std::string expected = problem.starts_with("expected ") ? problem : "expected " + problem;
  return error(node,
               expected.find(", found ") == std::string::npos ? expected + ", found " + brief_text(node) : expected);
}

// ---- keys ----

const Member* Reader::find_member(const Node& object, std::string_view key) {
  const auto found = std::find_if(object.members.begin(), object.members.end(),
                                  [&](const Member& member) { return member.key == key; });
  return found == object.members.end() ? nullptr : &*found;
}

bool Reader::known_keys(const Node& object, const std::vector<std::string>& names,
                        const std::vector<std::string>& later, const std::vector<std::string>& elsewhere) {
  const auto among = [](const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  bool sound = true;
  for (const Member& member : object.members) {
    if (is_free_key(member.key) || among(names, member.key) || among(elsewhere, member.key)) continue;
    if (among(later, member.key)) {
      sound = not_built_yet(member);
      continue;
    }
    std::vector<std::string> known = names;
    known.insert(known.end(), elsewhere.begin(), elsewhere.end());
    known.insert(known.end(), later.begin(), later.end());
    sound = unknown_key(member, known);
  }
  return sound;
}

bool Reader::key_of(std::string& name, const Member& member) {
  name = member.key;
  return is_name(name) ||
         error_at(member.line, member.origin, "expected " + std::string(name_rule) + ", found " + in_quotes(name));
}

bool Reader::key_of(OperationName& name, const Member& member) {
  Node text;
  text.kind = Node::Kind::string;
  text.text = member.key;
  text.line = member.line;
  text.origin = member.origin;
  return value(name, text, {});
}

bool Reader::key_of(LinkName& name, const Member& member) {
  const std::size_t arrow = member.key.find("->");
  if (arrow != std::string::npos) name = {member.key.substr(0, arrow), member.key.substr(arrow + 2)};
  return (arrow != std::string::npos && !name.from.empty() && !name.to.empty()) ||
         error_at(member.line, member.origin,
                  "expected a link such as \"shop->payment\", found " + in_quotes(member.key));
}

std::string_view Reader::inline_key(const Node& node, std::string_view noun, const std::vector<std::string>& keys,
                                    const std::vector<std::string>& later) {
  const std::string expected = std::string(noun) + ": an object with one of the keys " + listed(keys);
  if (!node.is(Node::Kind::object)) return unexpected(node, expected), "";
  const Member* present = nullptr;
  for (const Member& member : node.members) {
    if (std::find(later.begin(), later.end(), member.key) != later.end()) return not_built_yet(member), "";
    if (std::find(keys.begin(), keys.end(), member.key) == keys.end()) continue;
    if (present != nullptr)
      return error(node, "expected " + expected + ", found both '" + present->key + "' and '" + member.key + "'" +
                             hint_of_patch(*present, member)),
             "";
    present = &member;
  }
  if (present != nullptr) return present->key;
  for (const Member& member : node.members)
    if (!is_free_key(member.key) && !nearest(member.key, keys).empty()) return unknown_key(member, keys), "";
  unexpected(node, expected);
  return "";
}

const Member* Reader::only_member(const Node& node, std::string_view noun, const std::vector<std::string>& keys,
                                  const std::vector<std::string>& later) {
  const Member* only = nullptr;
  for (const Member& member : node.members) {
    if (is_free_key(member.key)) continue;
    if (only != nullptr)
      return unexpected(node, std::string(noun) + " with exactly one key", hint_of_patch(*only, member)), nullptr;
    only = &member;
  }
  if (only == nullptr) return unexpected(node, std::string(noun) + " with one of the keys " + listed(keys)), nullptr;
  if (std::find(keys.begin(), keys.end(), only->key) != keys.end()) return only;
  if (std::find(later.begin(), later.end(), only->key) != later.end())
    not_built_yet(*only);
  else
    unknown_key(*only, keys);
  return nullptr;
}

// ---- files ----

bool Reader::load(Samples& out, const Node& node) {
  const Durations& durations = files_.durations(out.file, LineKind::duration);
  if (!durations.problem.empty()) return error(node, durations.problem);
  out.values = durations.values;
  return true;
}

bool Reader::load(TraceArrivals& out, const Node& node) {
  const Durations& durations = files_.durations(out.file, LineKind::duration_or_seconds);
  const Member* member = find_member(node, "trace");
  const Inside inside(*this, "trace");
  if (!durations.problem.empty()) return error(member->value, durations.problem);
  const auto falls = std::is_sorted_until(durations.values.begin(), durations.values.end());
  if (falls != durations.values.end())
    return error(member->value, "expected offsets that do not fall in " + in_quotes(out.file) + ", found " +
                                    to_text(*falls) + " after " + to_text(*(falls - 1)));
  out.offsets = durations.values;
  return true;
}

}  // namespace sojourn
