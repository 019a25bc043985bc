#pragma once
// A JSON value that remembers where it stood: its line, the order of keys, the spelling of numbers.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn {

struct Member;

/// One JSON value.
struct Node {
  enum class Kind : std::uint8_t { null, boolean, number, string, list, object };

  Kind kind = Kind::null;
  bool truth = false;           ///< of a boolean
  std::uint16_t origin = 0;     ///< 0: the file itself; else the variant, from 1, whose patch brought it
  int line = 0;                 ///< where it begins, from 1; 0: not from a file
  double number = 0;            ///< nearest double of a number
  std::string text;             ///< a string's content; a number as it was written
  std::vector<Node> items;      ///< of a list
  std::vector<Member> members;  ///< of an object, in the order of the file

  [[nodiscard]] bool is(Kind other) const { return kind == other; }
};

/// A key and its value.
struct Member {
  std::string key;
  int line = 0;
  std::uint16_t origin = 0;
  Node value;
};

/// The value under a key, or nullptr; also for what is no object.
[[nodiscard]] const Node* find(const Node& object, std::string_view key);
[[nodiscard]] Node* find(Node& object, std::string_view key);

/// How many values a node holds, itself included.
[[nodiscard]] std::size_t count_values(const Node& node);

/// A value in few words, for messages: "abc" in quotes, 2.5 as written, small objects whole, others as "a list".
[[nodiscard]] std::string brief_text(const Node& node);

/// A text in quotes, cut when long, control characters escaped.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace sojourn
