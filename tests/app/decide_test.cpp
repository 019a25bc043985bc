// The command decide as a person meets it.

#include <nlohmann/json.hpp>

#include "sojourn/app/command_line.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

using namespace sojourn;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string scenario = R"({
  "name": "buy", "horizon": "25s", "warmup": "2s", "replications": 8,
  "clients": { "buyers": { "requests": "shop.buy", "arrivals": { "poisson": "40/s" }, "timeout": "2s" } },
  "services": {
    "shop": { "workers": 16, "operations": { "buy": [ { "work": { "exponential": "4ms" } },
      { "call": "payment.charge", "deferrable": true }, { "call": "stock.take", "deferrable": true } ] } },
    "payment": { "workers": 8, "operations": { "charge": [ { "work": { "exponential": "12ms" }, "declines": 0.02 } ] } },
    "stock": { "workers": 4, "operations": { "take": [ { "work": { "exponential": "20ms" } } ] } } },
  "incidents": [ { "at": "5s", "for": "5s", "target": "stock", "effect": { "down": "refuse" } } ]
})";

struct Ended {
  int code = 0;
  std::string out, err, json, csv;
};

Ended decide(const std::vector<std::string>& options, const std::string& text = scenario,
             const std::string& stdout_file = "") {
  const Scratch scratch;
  put_text(scratch / "s.json", text);
  std::vector<std::string> words{SOJOURN_BINARY, "decide", "s.json"};
  words.insert(words.end(), options.begin(), options.end());
  const Process process(scratch, std::move(words), stdout_file);
  const int code = process.wait();
  return {code, stdout_file.empty() ? process.out() : "", process.err(),
          text_in(scratch / "results/buy-decide/decide.json"), text_in(scratch / "results/buy-decide/designs.csv")};
}

std::string without(std::string text, const std::string& part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
  return text;
}

}  // namespace

TEST_CASE("decide says what should wait and what should be an event, and why", "[program]") {
  const Ended ended = decide({});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("waiting for payment.charge is right: deferring it breaks") &&
                            Contains("stock.take should be an event") && Contains("choose defer stock.take") &&
                            Contains("incidents  stock down (refuse) for 5 s"));
  CHECK_THAT(ended.err, Contains("results are in results/buy-decide"));
  const json told = json::parse(ended.json);
  CHECK(told["status"] == "complete");
  CHECK(told["choices"] == json{"defer stock.take"});
  CHECK(told["baseline"] == "all-wait");
  CHECK(told["designs"].size() == 4);
  CHECK(told["designs"][0]["beaten_by"] == "defer stock.take");
  CHECK(told["work"]["full_runs"] == 96);
  CHECK(told["work"]["runs"].get<int>() <= 96);
  CHECK_THAT(ended.csv, Contains("design,deferred,fate") && Contains("buyers_response_time_p99_s,") &&
                            Contains("\ndefer stock.take,stock.take,frontier,"));
}

TEST_CASE("decide gives the same bytes for any number of threads", "[program]") {
  const Ended one = decide({"--jobs", "1", "--format", "json", "--quiet"});
  const Ended three = decide({"--jobs", "3", "--format", "json", "--quiet"});
  CHECK(one.out == one.json);
  CHECK(one.json == three.json);
  CHECK(one.csv == three.csv);
  CHECK(one.err.empty());
  CHECK(decide({"--seed", "2"}).json != one.json);
}

TEST_CASE("decide refuses what leaves nothing to decide", "[program]") {
  const Ended none = decide({}, without(scenario, R"(, "deferrable": true)"));
  CHECK(none.code == 2);
  CHECK_THAT(none.err, Contains("nothing to decide: mark calls \"deferrable\": true"));
  CHECK(none.json.empty());
  CHECK_THAT(decide({"--replications", "1"}).err, Contains("at least 2 replications"));
  CHECK_THAT(decide({"--format", "csv"}).err, Contains("expected a format (table, json), found 'csv'"));
  CHECK_THAT(decide({"--variant", "nobody"}).err, Contains("nobody"));
  CHECK(decide({}, R"({"name": "x"})").code == 2);
  CHECK(decide({"--quiet"}, scenario, "/dev/full").code == 5);
  CHECK_THAT(read_command_line({"sojourn", "decid", "f"}).to_stderr, Contains("did you mean 'decide'?"));
}

TEST_CASE("decide judges by the objectives of the scenario", "[program]") {
  std::string text = scenario;
  text.insert(text.rfind('}'), R"(, "objectives": ["clients.buyers.response_time.p99 <= 1ms"])");
  const Ended hard = decide({}, text);
  CHECK(hard.code == 3);
  CHECK_THAT(hard.out, Contains("no design of the frontier is without a fault"));
  text.replace(text.find("1ms\"]"), 5, "1\"]  ");
  CHECK(decide({}, text).code == 2);
}

TEST_CASE("decide maps the choice over a value of the scenario", "[program]") {
  const Scratch scratch;
  put_text(scratch / "s.json", scenario);
  const Process process(scratch, {SOJOURN_BINARY, "decide", "s.json", "--vary",
                                  "/clients/buyers/arrivals/poisson=20/s..300/s:2", "--replications", "4"});
  CHECK(process.wait() == 0);
  CHECK_THAT(process.out(), Contains("  20/s   defer stock.take") && Contains("  300/s  ") &&
                                Contains("(by theory, no design carries the load)"));
  const std::string csv = text_in(scratch / "results/buy-decide/decide_map.csv");
  CHECK_THAT(csv, Contains("clients_buyers_arrivals_poisson,design,fate,choice,faults,buyers_response_time_p99_s,") &&
                      Contains("\n20/s,defer stock.take,frontier,1,0,") && Contains("\n300/s,all-wait,"));
  CHECK_THAT(decide({"--vary", "/horizon=1s..2s"}).err, Contains("expected --vary POINTER=FROM..TO:STEPS"));
  CHECK(decide({"--vary", "/horizon=1s..2s:1"}).code == 2);
  CHECK(decide({"--vary", "/horizon=1s..2min:2"}).code == 2);
  CHECK_THAT(decide({"--vary", "/horizn=1s..2s:2"}).err, Contains("/horizn"));
}
