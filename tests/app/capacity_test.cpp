// The command capacity as a person meets it.

#include <nlohmann/json.hpp>

#include "sojourn/app/command_line.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

using namespace sojourn;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string scenario = R"({
  "name": "buy", "horizon": "20s", "warmup": "2s", "replications": 4,
  "clients": { "buyers": { "requests": "shop.buy", "arrivals": { "poisson": "40/s" } } },
  "services": {
    "shop": { "workers": 4, "cost_per_hour": 2, "operations": { "buy": [ { "work": { "exponential": "4ms" } },
      { "call": "stock.take", "deferrable": true } ] } },
    "stock": { "workers": 2, "cost_per_hour": 1, "operations": { "take": [ { "work": { "exponential": "20ms" } } ] } } },
  "objectives": [ "clients.buyers.response_time.p99 <= 200ms" ],
  "variants": { "calls": {}, "events": { "defer": "all" } }
})";

struct Ended {
  int code = 0;
  std::string out, err, json, csv;
};

Ended capacity(const std::vector<std::string>& options, const std::string& text = scenario,
               const std::string& stdout_file = "") {
  const Scratch scratch;
  put_text(scratch / "s.json", text);
  std::vector<std::string> words{SOJOURN_BINARY, "capacity", "s.json"};
  words.insert(words.end(), options.begin(), options.end());
  const Process process(scratch, std::move(words), stdout_file);
  const int code = process.wait();
  return {code, stdout_file.empty() ? process.out() : "", process.err(),
          text_in(scratch / "results/buy-capacity/capacity.json"),
          text_in(scratch / "results/buy-capacity/capacity.csv")};
}

std::string with(std::string text, const std::string& part, const std::string& other) {
  return text.replace(text.find(part), part.size(), other);
}

}  // namespace

TEST_CASE("capacity says the highest load of every variant, and what gives in first", "[program]") {
  const Ended ended = capacity({});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("variant  highest load  met up to  missed from") && Contains("calls: ") &&
                            Contains("first to give in: stock") &&
                            Contains("where theory sees a queue grow without bound"));
  CHECK_THAT(ended.err, Contains("results are in results/buy-capacity"));
  const json told = json::parse(ended.json);
  CHECK(told["mode"] == "load");
  CHECK(told["status"] == "complete");
  for (const char* variant : {"calls", "events"}) {
    const json& one = told["variants"][variant];
    CHECK(one["scenario_load"]["requests_per_s"] == 40);
    CHECK(one["met_up_to"]["requests_per_s"] < one["missed_from"]["requests_per_s"]);
    CHECK(one["missed_from"]["requests_per_s"] <= 115);  // two workers, 20 ms: 100/s
    CHECK(one["first_to_give_in"]["service"] == "stock");
    CHECK(one["tried"].size() >= 2);
  }
  CHECK_THAT(ended.csv, Contains("variant,factor,requests_per_s,users,verdict,growth,objective,") &&
                            Contains(",met,clients.buyers.response_time.p99 <= 200ms,0."));
}

TEST_CASE("capacity finds the cheapest replicas", "[program]") {
  const Ended ended = capacity({"--replicas", "--n-1", "--set", "/clients/buyers/arrivals/poisson=120/s"});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("calls needs shop 1, stock 2 (4/h, 3 replicas)") &&
                            Contains("stock     2 -> 1  -1/h  missed") &&
                            Contains("calls, one lost   7/h, 5 replicas  shop 2, stock 3"));
  const json told = json::parse(ended.json);
  CHECK(told["mode"] == "replicas");
  CHECK(told["variants"]["calls"]["cheapest"]["replicas"] == json{{"shop", 1}, {"stock", 2}});
  CHECK(told["variants"]["calls"]["cheapest"]["cost_per_hour"] == 4);
  CHECK(told["variants"]["calls"]["surviving_one"]["replicas"]["shop"] == 2);
  CHECK_THAT(ended.csv, Contains("variant,replicas_shop,replicas_stock,replicas,cost_per_hour,role,verdict,") &&
                            Contains("calls,1,2,3,4,cheapest,met,"));
}

TEST_CASE("capacity gives the same bytes for any number of threads", "[program]") {
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--replicas"}}) {
    std::vector<std::string> one{"--jobs", "1", "--format", "json", "--quiet"}, four{"--jobs", "4", "--quiet"};
    one.insert(one.end(), more.begin(), more.end());
    four.insert(four.end(), more.begin(), more.end());
    const Ended first = capacity(one), second = capacity(four);
    CHECK(first.out == first.json);
    CHECK(first.json == second.json);
    CHECK(first.csv == second.csv);
    CHECK(first.err.empty());
    CHECK_FALSE(first.json.empty());
  }
}

TEST_CASE("capacity ends with 3 where nothing meets the objectives", "[program]") {
  const std::string hard = with(scenario, "200ms", "2ms");
  const Ended load = capacity({"--variant", "calls"}, hard);
  CHECK(load.code == 3);
  CHECK_THAT(load.out, Contains("no matter of load") &&
                           Contains("calls: no load, clients.buyers.response_time.p99 <= 2ms is not met even at"));
  const Ended replicas = capacity({"--variant", "calls", "--replicas"}, hard);
  CHECK(replicas.code == 3);
  CHECK_THAT(replicas.out, Contains("calls: none found; shop 6, stock 6: missed"));
}

TEST_CASE("capacity refuses what it cannot search", "[program]") {
  CHECK_THAT(capacity({"--replications", "1"}).err, Contains("at least 2 replications"));
  CHECK_THAT(capacity({"--client", "buyer"}).err, Contains("found 'buyer'; did you mean 'buyers'?"));
  CHECK_THAT(capacity({"--format", "csv"}).err, Contains("expected a format (table, json), found 'csv'"));
  CHECK_THAT(capacity({"--n-1"}).err, Contains("--n-1 requires --replicas"));
  const Ended bare =
      capacity({"--replicas"}, with(scenario, R"([ "clients.buyers.response_time.p99 <= 200ms" ])", "[]"));
  CHECK(bare.code == 2);
  CHECK_THAT(bare.err, Contains("expected \"objectives\": without one, nothing says how many are enough"));
  CHECK(bare.json.empty());
  const Ended unlimited = capacity({"--replicas", "--set", "/services/shop/workers=\"unlimited\"", "--set",
                                    "/services/stock/workers=\"unlimited\""});
  CHECK(unlimited.code == 2);
  CHECK_THAT(unlimited.err, Contains("no service whose replicas could be searched"));
  CHECK(capacity({}, R"({"name": "x"})").code == 2);
  CHECK(capacity({"--quiet"}, scenario, "/dev/full").code == 5);
  CHECK_THAT(read_command_line({"sojourn", "capasity", "f"}).to_stderr, Contains("did you mean 'capacity'?"));
}
