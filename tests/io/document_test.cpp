#include "sojourn/io/document.hpp"

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace sojourn;

namespace {

/// Line and message of the first issue, "" when there is none.
std::string problem_of(std::string_view text, const DocumentLimits& limits = {}) {
  const DocumentResult result = parse_document(text, limits);
  return result.issues.empty() ? "" : std::to_string(result.issues[0].line) + ": " + result.issues[0].message;
}

}  // namespace

TEST_CASE("a document keeps lines, the order of keys and the spelling of numbers") {
  const DocumentResult result =
      parse_document("// a remark\n{ \"b\": 1.50,\n \"a\": [true,\n null, -3], /* and\n more */ \"c\": \"x\"\n}\n");
  REQUIRE(result.root);
  CHECK(result.issues.empty());
  const Node& root = *result.root;
  REQUIRE(root.members.size() == 3);
  CHECK(root.line == 2);
  CHECK(root.members[0].key == "b");
  CHECK(root.members[0].value.text == "1.50");
  CHECK(root.members[0].value.number == 1.5);
  CHECK(root.members[1].line == 3);
  CHECK(root.members[1].value.items[0].truth);
  CHECK(root.members[1].value.items[1].line == 4);
  CHECK(root.members[1].value.items[2].line == 4);
  CHECK(root.members[1].value.items[2].text == "-3");
  CHECK(find(root, "c")->line == 5);
  CHECK(find(root, "d") == nullptr);
  CHECK(count_values(root) == 7);
}

TEST_CASE("a number at the end of a line is in that line") {
  const DocumentResult result = parse_document("[1\n,2\n\n,3\n]");
  REQUIRE(result.root);
  CHECK(result.root->items[0].line == 1);
  CHECK(result.root->items[1].line == 2);
  CHECK(result.root->items[2].line == 4);
}

TEST_CASE("a syntax error has its line, what was expected and what was found") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "1: expected a JSON object, found an empty file"},
      {" \n\t", "1: expected a JSON object, found an empty file"},
      {"{",
       "1: expected a key in double quotes, found the end of the file; the object that begins in line 1 is not closed"},
      {"{\n\"a\": [1,\n2",
       "3: expected ',' or ']', found the end of the file; the list that begins in line 2 is not closed"},
      {"{\"a\": 1} {}", "1: expected nothing after the document, found '{'"},
      {"{\"a\": 1} x", "1: expected nothing after the document, found \"x\""},
      {"{\"a\"\n1}", "2: expected ':' after the key, found a number"},
      {"{\"a\": 1,}", "1: expected a key in double quotes, found '}'"},
      {"{a: 1}", "1: expected a key in double quotes, found \"a\""},
      {"[1 2]", "1: expected ',' or ']', found a number"},
      {"[1 \"x\"]", "1: expected ',' or ']', found a string"},
      {"[,]", "1: expected a value, found ','"},
      {"[NaN]", "1: expected a finite number, found NaN"},
      {"[-Infinity]", "1: expected a finite number, found -Infinity"},
      {"[Infinity]", "1: expected a finite number, found Infinity"},
      {"[1e400]", "1: expected a number that a double can hold, found 1e400"},
      {"[1.]", "1: expected a digit after '.', found \"1.\""},
      {"[-]", "1: expected a digit after '-', found \"-\""},
      {"[tru]", "1: expected a value, found \"tru\""},
      {"[\"abc",
       "1: expected '\"' at the end of a string, found the end of the file; the list that begins in line 1 is not "
       "closed"},
      {"/* never", "1: expected '*/' at the end of a comment, found the end of the file"},
      {"[\"\\u0000\"]", "1: expected text without NUL, found \\u0000 in a string"},
      {"[\"\\ud800\"]",
       "1: expected a string as JSON writes it, found \"ud800\"; surrogate U+D800..U+DBFF must be followed by "
       "U+DC00..U+DFFF"},
      {"[\"a\nb\"]",
       "1: expected a string as JSON writes it, found \"a\"; control character U+000A (LF) must be escaped to \\u000A "
       "or \\n"},
      {std::string("{}\0", 3), "1: expected text, found a NUL byte"},
      {"{\n\"a\": \"\xC3(\"}", "2: expected UTF-8, found a byte that is not"},
      {"// \xFF\n{}", "1: expected UTF-8, found a byte that is not"},
      {"[\"\xED\xA0\x80\"]", "1: expected UTF-8, found a byte that is not"},
      {"[\"\xF4\x90\x80\x80\"]", "1: expected UTF-8, found a byte that is not"},
      {"[\"\xC0\x80\"]", "1: expected UTF-8, found a byte that is not"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(problem_of(text) == expected);
    CHECK_FALSE(parse_document(text).root);
  }
}

TEST_CASE("characters of every length are text, a byte order mark too") {
  CHECK(problem_of("[\"a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"]").empty());
  CHECK(problem_of("\xEF\xBB\xBF{}").empty());
}

TEST_CASE("a repeated key is told with both lines, and the first value counts") {
  const DocumentResult result = parse_document("{\"a\": 1,\n\"b\": {},\n\"a\": {\"x\": [2]},\n\"a\": 3}");
  REQUIRE(result.root);
  REQUIRE(result.issues.size() == 2);
  CHECK(result.issues[0].line == 3);
  CHECK(result.issues[0].message == "expected every key once, found \"a\" again, which is in line 1 already");
  CHECK(result.issues[1].line == 4);
  CHECK(result.root->members.size() == 2);
  CHECK(find(*result.root, "a")->text == "1");
}

TEST_CASE("what is too large is refused") {
  const std::string deep = std::string(65, '[') + std::string(65, ']');
  CHECK(problem_of(deep) == "1: expected at most 64 levels of nesting, found more");
  CHECK(problem_of(deep.substr(1, 128)).empty());
  CHECK(problem_of(std::string(100'000, '[')) == "1: expected at most 64 levels of nesting, found more");
  CHECK(problem_of("[\n1,\n2]", {.values = 2}) == "3: expected at most 2 values in a document, found more");
  CHECK(problem_of("[1]", {.bytes = 2}) == "0: expected at most 2 bytes, found 3");
  CHECK(problem_of("[\"abc\"]", {.string_bytes = 2}) == "1: expected a string of at most 2 bytes, found one of 3");
  CHECK(problem_of(std::string((16U << 20U) + 1, ' ')) == "0: expected at most 16777216 bytes, found 16777217");
}

TEST_CASE("values in few words") {
  const auto brief = [](std::string_view text) { return brief_text(*parse_document(text).root); };
  CHECK(brief("null") == "null");
  CHECK(brief("false") == "false");
  CHECK(brief("1e0") == "1e0");
  CHECK(brief("\"a\\u001bb\"") == "\"a\\u001bb\"");
  CHECK(brief("{\"a\": [1, {}]}") == "{\"a\": [1, {}]}");
  CHECK(brief("[1,2,3,4,5]") == "a list");
  CHECK(brief("{\"a\":[1,2,3,4,5,6,7,8,9]}") == "an object");
  const auto most = std::string(79, 'x');
  CHECK(in_quotes(most + "\xC3\xA4") == "\"" + most + "...\"");
}
