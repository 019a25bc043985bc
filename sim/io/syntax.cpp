#include "sojourn/io/syntax.hpp"

#include <algorithm>
#include <initializer_list>

#include "sojourn/io/node.hpp"

namespace sojourn {
namespace {

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.starts_with(word); });
}

/// "found X" of the library's words for a token.
std::string token_words(std::string_view token) {
  if (token == "end of input") return "the end of the file";
  if (token.ends_with(" literal")) token.remove_suffix(8);
  return begins_with_any(token, {"string", "number"}) ? "a " + std::string(token) : std::string(token);
}

std::string expected_words(std::string_view token) {
  if (token == "end of input") return "nothing after the document";
  if (token == "'[', '{', or a literal") return "a value";
  if (token == "string literal") return "a key in double quotes";
  return "',' or " + std::string(token);
}

/// The library's account of a syntax error, in the words of this project: "expected X, found Y".
std::string syntax_message(std::string_view what, std::string_view context) {
  const auto after = [&](std::string_view mark) -> std::string_view {
    const std::size_t at = what.find(mark);
    return at == std::string_view::npos ? std::string_view{} : what.substr(at + mark.size());
  };
  if (const auto found = after("unexpected "); !found.empty()) {
    const std::size_t cut = found.find("; expected ");
    const std::string expected = cut == std::string_view::npos ? "a value" : expected_words(found.substr(cut + 11));
    const bool colon = expected == "',' or ':'";
    return "expected " + (colon ? "':' after the key" : expected) + ", found " + token_words(found.substr(0, cut));
  }
  if (const auto number = after("invalid number; expected "); !number.empty())
    return "expected " + std::string(number.substr(0, number.find("; last read"))) + " in a number, found " + in_quotes(context);
  if (!after("missing closing quote").empty()) return "expected '\"' at the end of a string, found the end of the file";
  if (!after("missing closing '*/'").empty()) return "expected '*/' at the end of a comment, found the end of the file";
  if (const auto string = after("invalid string: "); !string.empty())
    return "expected a well-formed string, found " + in_quotes(context) + "; " +
           std::string(string.substr(0, string.find("; last read")));
  return "expected a value, found " + in_quotes(context);
}

/// The word that the cursor stands in, such as NaN.
std::string_view word_around(std::string_view text, std::size_t at) {
  const auto in_word = [&](std::size_t i) {
    const char c = text[i];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' ||
           c == '_';
  };
  std::size_t first = at, last = at;
  while (first > 0 && in_word(first - 1) && at - first < 40) --first;
  while (last < text.size() && in_word(last) && last - at < 40) ++last;
  return first == last ? text.substr(at, 1) : text.substr(first, last - first);
}

/// How many bytes the character at the start of the text takes in UTF-8; 0 when it is not well-formed (RFC 3629).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) { return byte(i) >= low && byte(i) <= high; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF)
    return follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
  if (first >= 0xF0 && first <= 0xF4)
    return follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

/// What is wrong with the bytes, before any is looked at as JSON.
std::optional<Issue> problem_of_bytes(std::string_view text, const DocumentLimits& limits) {
  if (text.size() > limits.bytes)
    return Issue{.line = 0,
                 .pointer = "",
                 .message = "expected a file of at most " + std::to_string(limits.bytes >> 20U) + " MiB, found " +
                            std::to_string(text.size()) + " bytes"};
  int line = 1;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i, 4));
    if (length == 0) return Issue{.line = line, .pointer = "", .message = "expected UTF-8, found a byte that is not"};
    if (text[i] == '\0') return Issue{.line = line, .pointer = "", .message = "expected text, found a NUL byte"};
    if (text[i] == '\n') ++line;
    i += length;
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return Issue{.line = 1, .pointer = "", .message = "expected a JSON object, found an empty file"};
  return std::nullopt;
}

}  // namespace sojourn
