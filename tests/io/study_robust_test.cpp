// Input that nobody would write by hand: nothing of it may crash, hang or pass for a scenario.

#include <string>

#include "io/scenario_text.hpp"
#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

using namespace sojourn;

namespace {

/// Reads a text; whether it gave a study, or errors, and not both.
bool gives_study(std::string_view text) {
  const StudyResult result = read_study(text, {});
  REQUIRE(result.study.has_value() != has_errors(result.issues));
  return result.study.has_value();
}

}  // namespace

TEST_CASE("every truncation of a scenario is an error") {
  const std::string_view text = small_scenario.substr(0, small_scenario.rfind('}'));
  for (std::size_t length = 0; length <= text.size(); ++length)
    if (gives_study(text.substr(0, length))) FAIL("a study from " << length << " bytes");
  CHECK(gives_study(small_scenario));
}

TEST_CASE("no change of some bytes makes the reader crash") {
  std::uint64_t random = 1;
  const auto below = [&](std::size_t n) {
    return static_cast<std::size_t>((random = mix(random + 0x9e3779b97f4a7c15ULL)) % n);
  };
  constexpr std::string_view likely = "{}[]\",:0123456789.eE+-\\/ \n\0tfn*xu\x80\xff";
  int sound = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string text(small_scenario);
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      const std::size_t at = below(text.size());
      const std::size_t kind = below(3);
      if (kind == 0) text[at] = likely[below(likely.size())];
      if (kind == 1) text.insert(at, 1, likely[below(likely.size())]);
      if (kind == 2) text.erase(at, 1 + below(20));
    }
    sound += gives_study(text) ? 1 : 0;
  }
  CHECK(sound > 0);  // white space and digits of numbers
  CHECK(sound < 500);
}

TEST_CASE("any value in place of any other is read or refused") {
  constexpr const char* values[] = {"null",    "true", "-1", "1e308",  "\"\"",
                                    "\"1ms\"", "[]",   "{}", "[[[]]]", "{\"work\": {\"mixture\": [{}]}}"};
  for (const char* value : values) {
    // Every value that stands after a colon.
    for (std::size_t at = small_scenario.find(": "); at != std::string_view::npos;
         at = small_scenario.find(": ", at + 1)) {
      const std::size_t end = small_scenario.find_first_of(",\n", at);
      gives_study(std::string(small_scenario.substr(0, at + 2)) + value + std::string(small_scenario.substr(end)));
    }
  }
  SUCCEED("no crash");
}

TEST_CASE("nesting bombs are refused at once") {
  for (const char* opening : {"[", "{\"a\":", "{\"x-a\":["}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += opening;
    const StudyResult result = read_study(text, {});
    CHECK_FALSE(result.study);
    REQUIRE(result.issues.size() == 1);
    CHECK(result.issues[0].message == "expected at most 64 levels of nesting, found more");
  }
}

TEST_CASE("variants that would grow past all bounds are refused before they are expanded") {
  std::string variants = "\"waits\": {}";
  for (int i = 0; i < 30'000; ++i) variants += ", \"v" + std::to_string(i) + "\": {}";
  CHECK(issues_of(with("\"waits\": {}", variants)) ==
        "s.json:1: /variants: expected at most 1000000 values in all variants together, found 37 in each of 30002");
}

TEST_CASE("a long chain of calls needs no deep stack") {
  constexpr int length = 20'000;
  std::string services;
  for (int i = 0; i < length; ++i)
    services += "\"s" + std::to_string(i) + "\": {\"operations\": {\"o\": [{\"call\": \"s" +
                std::to_string((i + 1) % length) + ".o\"}]}},\n";
  const std::string looped = issues_of(with("\"stock\": {", services + "\"stock\": {"));
  CHECK_THAT(looped, Catch::Matchers::Contains("found a cycle of calls that wait for each other: s0.o -> s1.o"));
  CHECK(looped.size() < 2'000);
}

TEST_CASE("a thousand wrong names take no time") {
  std::string steps;
  for (int i = 0; i < 5'000; ++i) steps += "{ \"call\": \"stock.reserv" + std::to_string(i) + "\" }, ";
  const StudyResult result = read_study(with("{ \"publish\": \"orders\" }", steps + "{ \"publish\": \"orders\" }"), {});
  CHECK_FALSE(result.study);
  CHECK(result.issues.size() >= 20);
  CHECK(result.issues.size() <= 1'000);
}
