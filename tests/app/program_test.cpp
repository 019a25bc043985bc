// The program as a person meets it: files in, exit codes, files and words out.

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/process.hpp"

using namespace sojourn;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string program = SOJOURN_BINARY;

/// A shop whose payment is called in one variant and told in the other two, which are the same.
const std::string scenario = R"({
  "name": "shop", "horizon": "20s", "warmup": "2s", "replications": 4,
  "clients": { "web": { "requests": "shop.order", "arrivals": { "poisson": "50/s" } } },
  "services": {
    "shop":    { "workers": 8, "operations": { "order": [ { "work": { "exponential": "2ms" } },
                                                          { "call": "payment.charge", "deferrable": true } ] } },
    "payment": { "workers": 2, "operations": { "charge": [ { "work": { "exponential": "20ms" } } ] } } },
  "variants": { "called": {}, "told": { "defer": "all" }, "twin": { "defer": "all" } }
})";

struct Ended {
  int code = 0;
  std::string out;
  std::string err;
};

Ended run(const Scratch& scratch, std::vector<std::string> words, const std::string& stdout_file = "") {
  words.insert(words.begin(), program);
  const Process process(scratch, std::move(words), stdout_file);
  const int code = process.wait();
  return {code, stdout_file.empty() ? process.out() : "", process.err()};
}

Ended run_scenario(const Scratch& scratch, std::vector<std::string> options, const std::string& text = scenario) {
  put_text(scratch / "s.json", text);
  options.insert(options.begin(), {"run", "s.json"});
  return run(scratch, std::move(options));
}

std::string with_objective(const std::string& objective) {
  json changed = json::parse(scenario);
  changed["objectives"] = {objective};
  return changed.dump();
}

json report_in(const std::string& folder) { return json::parse(text_in(folder + "/report.json")); }

}  // namespace

TEST_CASE("a run prints a table and leaves files", "[program]") {
  const Scratch scratch;
  const Ended ended = run_scenario(scratch, {});
  CHECK(ended.code == 0);
  CHECK_THAT(ended.out, Contains("web: ") && Contains("told minus called, paired") && Contains("verdict"));
  CHECK(ended.err == "results are in results/shop\n");
  const json report = report_in(scratch / "results/shop");
  CHECK(report["status"] == "complete");
  CHECK(report["replications"] == 4);
  for (const char* file : {"manifest.json", "clients.csv", "services.csv", "topics.csv", "calls.csv", "timeline.csv",
                           "percentiles.csv", "comparisons.csv", "blame.csv"}) {
    CAPTURE(file);
    CHECK_FALSE(text_in(scratch / ("results/shop/" + std::string(file))).empty());
  }
  CHECK(json::parse(text_in(scratch / "results/shop/manifest.json"))["fingerprint"] == report["fingerprint"]);
}

TEST_CASE("equal input gives equal bytes, whatever the number of threads", "[program]") {
  const Scratch scratch;
  for (const char* jobs : {"1", "2", "5"}) CHECK(run_scenario(scratch, {"--jobs", jobs, "--out", jobs}).code == 0);
  for (const char* file : {"/report.json", "/timeline.csv", "/percentiles.csv", "/services.csv"}) {
    CHECK(text_in(scratch / (std::string("2") + file)) == text_in(scratch / (std::string("1") + file)));
    CHECK(text_in(scratch / (std::string("5") + file)) == text_in(scratch / (std::string("1") + file)));
  }
}

TEST_CASE("two equal variants differ by exactly zero, and deferring answers sooner", "[program]") {
  const Scratch scratch;
  const Ended ended = run_scenario(scratch, {"--format", "json", "--quiet"});
  CHECK(ended.err.empty());
  const json report = json::parse(ended.out);
  CHECK(ended.out == text_in(scratch / "results/shop/report.json"));
  CHECK(report["variants"]["told"] == report["variants"]["twin"]);
  const auto& comparisons = report["comparisons"];
  for (std::size_t i = 0; i < comparisons.size(); ++i)
    if (comparisons[i]["variant"] == "told" && comparisons[i]["metric"] == "response_time.mean")
      CHECK(comparisons[i]["verdict"] == "lower");
  const json same =
      json::parse(run_scenario(scratch, {"--variant", "told", "--variant", "twin", "--format", "json"}).out);
  CHECK(same["comparisons"].size() == 8);
  for (const auto& comparison : same["comparisons"]) {
    CHECK(comparison["difference"]["value"] == 0.0);
    CHECK(comparison["verdict"] == "equal");
  }
}

TEST_CASE("the command line overrides the scenario", "[program]") {
  const Scratch scratch;
  const auto report = [&](const std::vector<std::string>& options) {
    std::vector<std::string> words{"--format", "json", "--variant", "called"};
    words.insert(words.end(), options.begin(), options.end());
    return json::parse(run_scenario(scratch, words).out);
  };
  CHECK(report({"--seed", "9"})["seed"] == 9);
  CHECK(report({"--replications", "2"})["replications"] == 2);
  CHECK(report({"--seed", "9"})["fingerprint"] != report({})["fingerprint"]);
  const auto work = [](const json& r) {
    return r["variants"]["called"]["services"]["payment"]["busy_workers"]["value"].get<double>();
  };
  CHECK(work(report({"--set", "/services/payment/operations/charge/0/work=\"2ms\""})) < work(report({})) / 5);
}

TEST_CASE("every format is printed", "[program]") {
  const Scratch scratch;
  CHECK_THAT(run_scenario(scratch, {"--format", "csv"}).out, Catch::StartsWith("variant,client,requests,"));
  CHECK_THAT(run_scenario(scratch, {"--format", "markdown"}).out, Catch::StartsWith("# shop\n"));
}

TEST_CASE("an objective that is not met ends with 3, one that names nothing with 2", "[program]") {
  const Scratch scratch;
  CHECK(run_scenario(scratch, {}, with_objective("clients.web.response_time.mean <= 1h")).code == 0);
  const Ended missed = run_scenario(scratch, {}, with_objective("clients.web.response_time.mean <= 5ms"));
  CHECK(missed.code == 3);
  CHECK_THAT(missed.out, Contains("NOT MET"));
  const Ended unknown =
      run_scenario(scratch, {"--out", "none"}, with_objective("clients.web.response_time.p98 <= 5ms"));
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, Contains("/objectives/0") && Contains("did you mean"));
  CHECK_FALSE(std::filesystem::exists(scratch / "none"));
  const Ended elsewhere =
      run_scenario(scratch, {}, with_objective("topics.payment.charge.payment.charge.lag.mean <= 1h"));
  CHECK(elsewhere.code == 0);
  CHECK_THAT(elsewhere.out, Contains("does not apply"));
}

TEST_CASE("a bad scenario or command line ends with 2 and writes nothing", "[program]") {
  const Scratch scratch;
  CHECK(run(scratch, {"run", "missing.json"}).code == 2);
  CHECK(run(scratch, {"rnu"}).code == 2);
  const Ended bad = run_scenario(scratch, {}, "{ \"name\": \"x\", ");
  CHECK(bad.code == 2);
  CHECK_THAT(bad.err, Contains("s.json:1: "));
  CHECK(bad.out.empty());
  CHECK_FALSE(std::filesystem::exists(scratch / "results"));
}

TEST_CASE("check tells what is wrong, and which variants are fine", "[program]") {
  const Scratch scratch;
  put_text(scratch / "s.json", scenario);
  const Ended fine = run(scratch, {"check", "s.json"});
  CHECK(fine.code == 0);
  CHECK_THAT(fine.out, Contains("variant called: fine") && Contains("variant told: fine"));
  put_text(scratch / "s.json", with_objective("nowhere <= 1"));
  CHECK(run(scratch, {"check", "s.json"}).code == 2);
  CHECK_FALSE(std::filesystem::exists(scratch / "results"));
}

TEST_CASE("a doubt ends with 4 under --strict", "[program]") {
  const Scratch scratch;
  const std::vector<std::string> few{"--set", "/horizon=\"4s\"", "--replications", "2"};
  CHECK(run_scenario(scratch, few).code == 0);
  std::vector<std::string> strict = few;
  strict.emplace_back("--strict");
  const Ended unsound = run_scenario(scratch, strict);
  CHECK(unsound.code == 4);
  CHECK_THAT(unsound.err, Contains("needs") && Contains("--strict"));
}

TEST_CASE("an overloaded service is told by name and rate", "[program]") {
  const Scratch scratch;
  const Ended ended =
      run_scenario(scratch, {"--replications", "10", "--set", "/clients/web/arrivals/poisson=\"125/s\""});
  // 125 requests a second, payment does 100: where it is called, the shop's held workers let the shop's queue grow
  CHECK_THAT(ended.out, Contains("growing-queue") && Contains("shop's queue grows by about 2") &&
                            Contains("the backlog of payment.charge grows by about 2"));
}

TEST_CASE("output that cannot be written ends with 5", "[program]") {
  const Scratch scratch;
  put_text(scratch / "s.json", scenario);
  const Ended full = run(scratch, {"run", "s.json", "--quiet"}, "/dev/full");
  CHECK(full.code == 5);
  CHECK_THAT(full.err, Contains("standard output") && Contains("No space left"));
  CHECK(report_in(scratch / "results/shop")["status"] == "complete");  // the files were written all the same
  const Ended blocked = run(scratch, {"run", "s.json", "--out", "s.json"});
  CHECK(blocked.code == 5);
  CHECK(text_in(scratch / "s.json") == scenario);
  CHECK(run(scratch, {"--help"}, "/dev/full").code == 5);
}

TEST_CASE("an interrupt ends within a second with what is finished, marked", "[program]") {
  const Scratch scratch;
  put_text(scratch / "s.json", scenario);
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    const Process process(scratch, {program, "run", "s.json", "--out", "r", "--replications", "100000", "--jobs", "2"});
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    const auto sent = std::chrono::steady_clock::now();
    process.send(signal);
    CHECK(process.wait() == code);
    CHECK(std::chrono::steady_clock::now() - sent < std::chrono::seconds(1));
    CHECK_THAT(process.err(), Contains("the result is partial"));
    const json report = report_in(scratch / "r");
    CHECK(report["status"] == "partial");
    CHECK(report["replications"] < 100000);
  }
}

TEST_CASE("a partial result does not replace a complete one", "[program]") {
  const Scratch scratch;
  CHECK(run_scenario(scratch, {"--out", "r"}).code == 0);
  const std::string before = text_in(scratch / "r/report.json");
  const Process process(scratch, {program, "run", "s.json", "--out", "r", "--replications", "100000"});
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  process.send(SIGINT);
  CHECK(process.wait() == 130);
  CHECK(text_in(scratch / "r/report.json") == before);
  CHECK(report_in(scratch / "r.partial")["status"] == "partial");
}

TEST_CASE("a reader that leaves early is no failure", "[program]") {
  const Scratch scratch;
  put_text(scratch / "s.json", scenario);
  const Process process(scratch, {"/bin/sh", "-c", "{ '" + program + "' run s.json --quiet; echo $? >&2; } | true"});
  CHECK(process.wait() == 0);
  CHECK(process.err() == "0\n");
}
