// The command theory as a person meets it.

#include <nlohmann/json.hpp>

#include "sojourn/app/command_line.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

using namespace sojourn;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string scenario = R"({
  "name": "two", "horizon": "20s",
  "clients": { "web": { "requests": "a.x", "arrivals": { "poisson": "80/s" } } },
  "services": { "a": { "workers": 8, "operations": { "x": [ { "work": { "exponential": "30ms" } }, { "call": "b.x" } ] } },
                "b": { "operations": { "x": [ { "work": { "exponential": "10ms" } } ] } } },
  "variants": { "held": {}, "free": { "services": { "a": { "waiting": "async" } } } }
})";

struct Ended {
  int code = 0;
  std::string out;
  std::string err;
};

Ended theory(const std::vector<std::string>& options, const std::string& text = scenario,
             const std::string& stdout_file = "") {
  const Scratch scratch;
  put_text(scratch / "s.json", text);
  std::vector<std::string> words{SOJOURN_BINARY, "theory", "s.json"};
  words.insert(words.end(), options.begin(), options.end());
  const Process process(scratch, std::move(words), stdout_file);
  const int code = process.wait();
  const bool left = std::filesystem::exists(scratch / "results");
  CHECK_FALSE(left);
  return {code, stdout_file.empty() ? process.out() : "", process.err()};
}

}  // namespace

TEST_CASE("theory prints limits, services and response times of every variant", "[program]") {
  const Ended ended = theory({});
  CHECK(ended.code == 0);
  CHECK(ended.err.empty());
  CHECK_THAT(ended.out, Contains("held: highest load 99.2/s requests, 1.24 x that of the scenario: then a is saturated "
                                 "(closed network of 8 held workers, exact)"));
  CHECK_THAT(ended.out, Contains("free: highest load 100/s") && Contains("Jackson network, exact"));
  CHECK_THAT(ended.out, Contains("b <- bottleneck") && Contains("M/M/1, exact") && Contains("layered approximation"));
}

TEST_CASE("theory as JSON holds the same numbers", "[program]") {
  const json told = json::parse(theory({"--format", "json"}).out);
  CHECK(told["scenario"]["name"] == "two");
  const json& held = told["variants"]["held"];
  CHECK(held["highest_load"]["requests_per_s"].get<double>() == Approx(99.1867560603));
  CHECK(held["highest_load"]["by"]["exact"] == true);
  CHECK(held["services"]["b"]["utilization"].get<double>() == Approx(0.8));
  CHECK(held["clients"]["web"]["response_time"]["p99"].is_null());
  CHECK(held["clients"]["web"]["response_time"]["by"]["exact"] == false);
  CHECK(told["variants"]["free"]["clients"]["web"]["response_time"]["mean"].get<double>() ==
        Approx(0.080).epsilon(0.001));
}

TEST_CASE("theory takes one variant and changed values", "[program]") {
  const json told = json::parse(
      theory({"--format", "json", "--variant", "free", "--set", "/clients/web/arrivals/poisson=\"40/s\""}).out);
  CHECK(told["variants"].size() == 1);
  CHECK(told["variants"]["free"]["services"]["b"]["utilization"].get<double>() == Approx(0.4));
  CHECK(told["variants"]["free"]["highest_load"]["factor"].get<double>() == Approx(2.5));
}

TEST_CASE("theory refuses what it cannot read or write", "[program]") {
  CHECK(theory({}, R"({"name": "x"})").code == 2);
  CHECK_THAT(theory({}, R"({"name": "x"})").err, Contains("s.json"));
  const Ended format = theory({"--format", "jsn"});
  CHECK(format.code == 2);
  CHECK_THAT(format.err, Contains("expected a format (table, json), found 'jsn'; did you mean 'json'?"));
  CHECK(theory({"--jobs", "2"}).code == 2);
  CHECK(theory({}, scenario, "/dev/full").code == 5);
  CHECK_THAT(read_command_line({"sojourn", "teory", "f"}).to_stderr, Contains("did you mean 'theory'?"));
}
