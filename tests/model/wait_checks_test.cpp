// Doubts about steps that wait, and the limit of what may be waited for.
#include <algorithm>
#include <string>

#include "sojourn/io/study.hpp"
#include "support/catch.hpp"

using namespace sojourn;
using Catch::Contains;

namespace {

/// The issues of a scenario whose a.x runs the steps; topic t goes to b.h, and nobody asks for c.h.
Issues issues(const std::string& steps, const std::string& operations = "", const std::string& client = "") {
  return read_study(R"({"name": "t", "horizon": "10s", "resources": {"db": {"units": 2}},
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "1/s"}}, "d": {"requests": "c.h", "arrivals": {"constant": "1/s"})" +
                        client + R"(}},
    "topics": {"t": {"subscriptions": {"b.h": {}}}},
    "services": {"a": {"operations": {"x": [)" +
                        steps + R"(]}},
      "b": {"operations": {"h": [{"work": "1ms"}], "u": [{"use": "db", "steps": [{"work": "1ms"}]}])" +
                        operations + R"(}}, "c": {"operations": {"h": [{"work": "1ms"}]}}}})",
                    {})
      .issues;
}

/// The message of the issue with this name at this pointer; empty when there is none.
std::string message(const Issues& list, const std::string& name, const std::string& pointer) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Issue& issue) {
    return issue.name == name && issue.pointer.size() >= pointer.size() &&
           issue.pointer.compare(issue.pointer.size() - pointer.size(), pointer.size(), pointer) == 0;
  });
  return found == list.end() ? "" : found->message;
}

}  // namespace

TEST_CASE("waiting for what nothing causes is doubted") {
  CHECK(message(issues(R"({"publish": "t"}, {"await": ["b.h"]}, {"notify": "client", "when": ["b.h"]})"),
                "never-reached", "")
            .empty());
  // Another client asks for c.h, but no request that comes by a.x does.
  const Issues found = issues(R"({"publish": "t"}, {"await": ["b.h", "c.h"]}, {"notify": "client", "when": ["c.h"]})");
  CHECK_THAT(message(found, "never-reached", "/x/1/await/1"), Contains("a.x") && Contains("c.h"));
  CHECK_THAT(message(found, "never-reached", "/x/2/when/0"), Contains("waited for in vain"));
  CHECK(message(issues(R"({"try": [{"await": ["b.h"]}], "compensate": [{"publish": "t"}]})"), "never-reached", "")
            .empty());
}

TEST_CASE("asking for a resource that is already held is doubted") {
  const std::string inner = R"({"use": "db", "steps": [{"work": "1ms"}]})";
  CHECK(message(issues(inner + ", " + inner), "self-deadlock", "").empty());
  CHECK_THAT(
      message(issues(R"({"use": "db", "steps": [{"work": "1ms"}, )" + inner + "]}"), "self-deadlock", "/x/0/use"),
      Contains("x/0/steps/1") && Contains("2 units"));
  CHECK_THAT(message(issues(R"({"use": "db", "steps": [{"call": "b.u"}]})"), "self-deadlock", "/x/0/use"),
             Contains("x/0/steps/0"));
}

TEST_CASE("at most 64 operations can be waited for") {
  const auto with = [](int count) {
    std::string awaited, operations;
    for (int i = 0; i < count; ++i) {
      const std::string name = "h" + std::to_string(i);
      awaited += (i > 0 ? ", " : "") + ("\"b." + name + "\"");
      operations += ", \"" + name + R"(": [{"work": "1ms"}])";
    }
    return issues(R"({"await": [)" + awaited + "]}", operations);
  };
  CHECK_FALSE(has_errors(with(64)));
  const Issues over = with(65);
  REQUIRE(has_errors(over));
  CHECK_THAT(over.front().message, Contains("64"));
}
