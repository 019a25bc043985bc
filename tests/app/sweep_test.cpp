// Sweeps and the demo as a person meets them; tests/scripts/sweep_test.py kills and resumes.

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/process.hpp"

using namespace sojourn;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string program = SOJOURN_BINARY;

const std::string scenario = R"({
  "name": "shop", "horizon": "20s", "warmup": "2s", "replications": 4,
  "clients": { "web": { "requests": "shop.order", "arrivals": { "poisson": "50/s" } } },
  "services": {
    "shop":    { "workers": 8, "operations": { "order": [ { "work": { "exponential": "2ms" } },
                                                          { "call": "payment.charge", "deferrable": true } ] } },
    "payment": { "workers": 2, "operations": { "charge": [ { "work": { "exponential": "20ms" } } ] } } },
  "variants": { "called": {}, "told": { "defer": "all" } }
})";

struct Ended {
  int code = 0;
  std::string out;
  std::string err;
};

Ended run(const Scratch& scratch, std::vector<std::string> words) {
  put_text(scratch / "s.json", scenario);
  words.insert(words.begin(), program);
  const Process process(scratch, std::move(words));
  const int code = process.wait();
  return {code, process.out(), process.err()};
}

Ended sweep(const Scratch& scratch, std::vector<std::string> options) {
  options.insert(options.begin(), {"sweep", "s.json"});
  return run(scratch, std::move(options));
}

}  // namespace

TEST_CASE("each cell of a sweep has the numbers of a run with the same values", "[sweep]") {
  const Scratch scratch;
  const Ended swept = sweep(scratch, {"--vary", "/clients/web/arrivals/poisson=20/s..60/s:3", "--vary",
                                      "/services/payment/workers=2,3", "--quiet"});
  CHECK(swept.code == 0);
  CHECK(swept.err.empty());
  CHECK_THAT(swept.out, Contains("web, called") && Contains("40/s  3"));
  const json report = json::parse(text_in(scratch / "results/shop-sweep/sweep.json"));
  REQUIRE(report["cells"].size() == 6);
  const json& cell = report["cells"][3];
  CHECK(cell["at"] == json{{"/clients/web/arrivals/poisson", "40/s"}, {"/services/payment/workers", "3"}});
  const json alone =
      json::parse(run(scratch, {"run", "s.json", "--format", "json", "--quiet", "--set",
                                "/clients/web/arrivals/poisson=40/s", "--set", "/services/payment/workers=3"})
                      .out);
  CHECK(cell["fingerprint"] == alone["fingerprint"]);
  CHECK(cell["variants"]["told"]["clients"]["web"]["response_time_p99_s"] ==
        alone["variants"]["told"]["clients"]["web"]["response_time"]["p99"]);
  CHECK_THAT(
      text_in(scratch / "results/shop-sweep/sweep.csv"),
      Catch::StartsWith("cell,arrivals_poisson_per_s,payment_workers,variant,section,name,metric,value,half_width\n"
                        "1,20,2,called,clients,web,offered_per_s,"));
}

TEST_CASE("a sweep has the same bytes for any number of threads", "[sweep]") {
  const Scratch scratch;
  for (const char* jobs : {"1", "3"})
    CHECK(sweep(scratch, {"--vary", "/services/payment/workers=2,3,4", "--jobs", jobs, "--out", jobs}).code == 0);
  for (const char* file : {"/sweep.csv", "/sweep.json"})
    CHECK(text_in(scratch / (std::string("1") + file)) == text_in(scratch / (std::string("3") + file)));
}

TEST_CASE("queues that grow are marked and explained", "[sweep]") {
  const Scratch scratch;
  const Ended swept = sweep(scratch, {"--vary", "/clients/web/arrivals/poisson=50/s,130/s", "--replications", "10"});
  CHECK_THAT(swept.out, Contains("130/s !") && Contains("! queues grow") && Contains("grows by about"));
  CHECK_FALSE(swept.out.find("50/s !") != std::string::npos);
  CHECK_THAT(swept.err, Contains("sweep of 2 cells x 2 variants x 10 replications"));
}

TEST_CASE("a cell that is wrong is named, and nothing is run or written", "[sweep]") {
  const Scratch scratch;
  const auto complaint = [&](const std::string& axis) {
    const Ended ended = sweep(scratch, {"--vary", axis});
    CHECK(ended.code == 2);
    CHECK(ended.out.empty());
    CHECK_FALSE(std::filesystem::exists(scratch / "results"));
    return ended.err;
  };
  CHECK_THAT(complaint("/services/payment/replicas=1..4:3"),
             Contains("--vary /services/payment/replicas=2.5: s.json:") && Contains("1..4:3 gives 1, 2.5, 4"));
  CHECK_THAT(complaint("/services/payments/workers=1,2"), Contains("did you mean 'payment'?"));
  CHECK_THAT(complaint("/services/payment/worker=1,2"), Contains("did you mean 'workers'?"));
  CHECK_THAT(complaint("/services/payment/workers=1..2:1000000"), Contains("at most 100000 steps"));
  CHECK_THAT(complaint("/horizon=1h,100000h"), Contains("at most 1e11 events") || Contains("at most"));
  CHECK(sweep(scratch, {}).code == 2);
}

TEST_CASE("a sweep prints what it files", "[sweep]") {
  const Scratch scratch;
  const std::vector<std::string> words{"--vary", "/services/payment/workers=2,3", "--format"};
  const auto printed = [&](const std::string& format) {
    std::vector<std::string> options = words;
    options.push_back(format);
    return sweep(scratch, options).out;
  };
  for (const std::string format : {"csv", "json"}) {
    const std::string out = printed(format);
    CHECK_FALSE(out.empty());
    CHECK(out == text_in(scratch / ("results/shop-sweep/sweep." + format)));
  }
  CHECK_THAT(printed("markdown"), Catch::StartsWith("# shop, swept"));
}

TEST_CASE("the demo needs no file, writes none, and says what to try next", "[demo]") {
  const Scratch scratch;
  const Process process(scratch, {program, "demo"});
  CHECK(process.wait() == 0);
  CHECK_THAT(process.out(), Contains("online-shop") && Contains("hybrid") && Contains("verdict"));
  CHECK_THAT(process.err(), Contains("sojourn run scenarios/online-shop.json"));
  CHECK_FALSE(std::filesystem::exists(scratch / "results"));
  const Process kept(scratch, {program, "demo", "--out", "kept", "--quiet"});
  CHECK(kept.wait() == 0);
  CHECK(kept.err().empty());
  CHECK(json::parse(text_in(scratch / "kept/report.json"))["status"] == "complete");
}
