#include "sojourn/io/merge_patch.hpp"

#include <array>
#include <string>
#include <vector>

#include "sojourn/io/canonical.hpp"
#include "sojourn/io/document.hpp"
#include "sojourn/io/pointer.hpp"
#include "support/catch.hpp"

using namespace sojourn;

namespace {

Node parsed(std::string_view text) { return *parse_document(text).root; }

}  // namespace

TEST_CASE("merge patches do what appendix A of RFC 7396 says") {
  // Original, patch, result.
  const std::vector<std::array<std::string, 3>> cases{
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
      {R"({"a":"foo"})", R"(null)", R"(null)"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"a":1,"e":null})"},
      {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
  };
  for (const auto& [original, patch, result] : cases) {
    CAPTURE(original, patch);
    Node node = parsed(original);
    merge_patch(node, parsed(patch), 1);
    CHECK(canonical_text(node) == result);
  }
}

TEST_CASE("what a patch brings keeps its line and knows its origin") {
  Node node = parsed("{\"a\": {\"b\": 1}, \"keep\": 2}");
  merge_patch(node, parsed("\n{\"a\": {\n\"c\": {\"d\": [3]}}}"), 7);
  CHECK(node.origin == 0);
  CHECK(find(node, "a")->origin == 0);
  CHECK(resolve(node, "/a/b").origin == 0);
  CHECK(resolve(node, "/a/c").origin == 7);
  CHECK(resolve(node, "/a/c/d/0").origin == 7);
  CHECK(resolve(node, "/a/c/d/0").line == 3);
  CHECK(resolve(node, "/keep").origin == 0);
}

TEST_CASE("a patch of many keys takes no square of time") {
  std::string text = "{";
  for (int i = 0; i < 60'000; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":" + std::to_string(i);
  Node node = parsed(text + "}");
  merge_patch(node, parsed(text + ",\"0x\":null}"), 1);
  CHECK(node.members.size() == 60'000);
  CHECK(node.members.back().value.origin == 1);
}

TEST_CASE("values are set by pointer, as JSON or as a string") {
  Node node = parsed(R"({"a": {"b/c": [1, 2]}, "d": "x"})");
  CHECK(set_value(node, "/a/b~1c/1=2.5").empty());
  CHECK(set_value(node, "/d=10min").empty());
  CHECK(set_value(node, "/e={\"f\": [true]}").empty());
  CHECK(set_value(node, "/a/g=x=y").empty());
  CHECK(canonical_text(node) == R"({"a":{"b/c":[1,2.5],"g":"x=y"},"d":"10min","e":{"f":[true]}})");
}

TEST_CASE("a pointer that leads nowhere is told") {
  const auto problem_of = [](std::string_view assignment) {
    Node node = parsed(R"({"a": [1], "b": 2})");
    const Issues issues = set_value(node, assignment);
    return issues.size() == 1 ? to_text(issues[0], "--set") : "";
  };
  CHECK(problem_of("/x/y=1") ==
        "--set: /x/y: expected a pointer into the scenario, found nothing there at 'x'; did you mean 'a'?");
  CHECK(problem_of("/a/1=1") == "--set: /a/1: expected a pointer into the scenario, found nothing there at '1'");
  CHECK(problem_of("/a/-1=1") == "--set: /a/-1: expected a pointer into the scenario, found nothing there at '-1'");
  CHECK(problem_of("/b/c=1") == "--set: /b/c: expected a pointer into the scenario, found nothing there at 'c'");
  CHECK(problem_of("a=1") == "--set: expected POINTER=VALUE such as /services/shop/workers=4, found \"a=1\"");
  CHECK(problem_of("/a") == "--set: expected POINTER=VALUE such as /services/shop/workers=4, found \"/a\"");
  CHECK(problem_of("=1") == "--set: expected POINTER=VALUE such as /services/shop/workers=4, found \"=1\"");
  CHECK(problem_of("/b={\"c\":1,\"c\":2}") ==
        "--set: /b: expected every key once, found \"c\" again, which is in line 1 already");
}

TEST_CASE("pointers escape and find their way") {
  CHECK(joined("/a", "b/c~d") == "/a/b~1c~0d");
  CHECK(joined("", "x\ny") == "/x\\u000ay");
  CHECK(pointer_parts("/a~1b//~01") == std::vector<std::string>{"a/b", "", "~1"});
  CHECK(pointer_parts("").value().empty());
  CHECK_FALSE(pointer_parts("a"));
  const Node node = parsed(R"({"a": [{"b": 1}]})");
  CHECK(resolve(node, "/a/0/b").text == "1");
  CHECK(&resolve(node, "/a/0/c/d") == &resolve(node, "/a/0"));
  CHECK(&resolve(node, "") == &node);
}
