#include "sojourn/io/syntax.hpp"

#include <algorithm>
#include <initializer_list>

#include "sojourn/io/node.hpp"

namespace sojourn {
namespace {

/// What follows a mark in a text, up to an end mark; empty when the mark is not there.
std::string_view after(std::string_view text, std::string_view mark, std::string_view end = "; last read") {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + mark.size());
  return rest.substr(0, rest.find(end));
}

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.starts_with(word); });
}

std::string found_words(std::string_view token) {
  if (token == "end of input") return "the end of the file";
  if (token == "string literal") return "a string";
  if (token == "number literal") return "a number";
  return std::string(token.substr(0, token.find(" literal")));
}

std::string expected_words(std::string_view token) {
  if (token == "end of input") return "nothing after the document";
  if (token == "'[', '{', or a literal") return "a value";
  if (token == "string literal") return "a key in double quotes";
  if (token == "':'") return "':' after the key";
  return "',' or " + std::string(token);
}

/// The word that stands at an offset, such as NaN.
std::string_view word_at(std::string_view text, std::size_t offset) {
  constexpr std::size_t reach = 40;
  const auto in_word = [&](std::size_t i) {
    const char c = text[i];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '+' ||
           c == '.' || c == '_';
  };
  std::size_t first = offset, last = offset;
  while (first > 0 && in_word(first - 1) && offset - first < reach) --first;
  while (last < text.size() && in_word(last) && last - offset < reach) ++last;
  return first == last ? text.substr(offset, 1) : text.substr(first, last - first);
}

/// How many bytes the character at the start of the text takes in UTF-8; 0 when it is not well-formed (RFC 3629).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF)
    return follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
  if (first >= 0xF0 && first <= 0xF4)
    return follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

Issue issue_in(int line, std::string message) {
  return {.severity = Severity::error, .line = line, .pointer = "", .message = std::move(message)};
}

}  // namespace

std::optional<Issue> problem_of_bytes(std::string_view text, std::size_t most_bytes) {
  if (text.size() > most_bytes)
    return issue_in(0,
                    "expected at most " + std::to_string(most_bytes) + " bytes, found " + std::to_string(text.size()));
  int line = 1;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i, 4));
    if (length == 0) return issue_in(line, "expected UTF-8, found a byte that is not");
    if (text[i] == '\0') return issue_in(line, "expected text, found a NUL byte");
    if (text[i] == '\n') ++line;
    i += length;
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return issue_in(1, "expected a JSON object, found an empty file");
  return std::nullopt;
}

std::string syntax_message(std::string_view what, std::string_view text, std::size_t offset, bool finished) {
  const std::string_view word = word_at(text, offset);
  const std::string_view unsigned_word = word.substr(word.starts_with('-') || word.starts_with('+') ? 1 : 0);
  if (const auto number = after(what, "number overflow parsing '", "'"); !number.empty())
    return "expected a number that a double can hold, found " + std::string(number);
  if (begins_with_any(unsigned_word, {"NaN", "nan", "NAN", "Inf", "inf", "INF"}))
    return "expected a finite number, found " + std::string(word);
  const std::string_view wanted = finished ? "end of input" : after(what, "; expected ");
  const std::string expected = "expected " + (wanted.empty() ? "a value" : expected_words(wanted));
  if (const auto token = after(what, "unexpected ", ";"); !token.empty())
    return expected + ", found " + found_words(token);
  if (const auto digit = after(what, "invalid number; expected "); !digit.empty())
    return "expected a " + std::string(digit) + ", found " + in_quotes(word);
  if (what.find("missing closing quote") != std::string_view::npos)
    return "expected '\"' at the end of a string, found the end of the file";
  if (what.find("missing closing '*/'") != std::string_view::npos)
    return "expected '*/' at the end of a comment, found the end of the file";
  if (const auto reason = after(what, "invalid string: "); !reason.empty())
    return "expected a string as JSON writes it, found " + in_quotes(word) + "; " + std::string(reason);
  return expected + ", found " + in_quotes(word);
}

}  // namespace sojourn
