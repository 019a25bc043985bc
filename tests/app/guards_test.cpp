// Runs that a guard stops, as a person meets them: exit code 6, the reason, and a partial result.
#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/process.hpp"

using namespace sojourn;
using Catch::Contains;
using nlohmann::json;

namespace {

/// In the second variant each of two services waits for the other's only worker.
const std::string scenario = R"({
  "name": "shop", "horizon": "20s", "replications": 3,
  "clients": { "web": { "requests": "shop.order", "arrivals": { "poisson": "50/s" } } },
  "services": {
    "shop":    { "workers": 8, "operations": { "order": [ { "work": "1ms" }, { "call": "payment.charge" } ],
                                               "confirm": [ { "work": "1ms" } ] } },
    "payment": { "workers": 2, "waiting": "async",
                 "operations": { "charge": [ { "work": "20ms" }, { "call": "shop.confirm" } ] } } },
  "variants": { "roomy": {}, "narrow": { "services": { "shop": { "workers": 1 } } } }
})";

struct Ended {
  int code = 0;
  std::string err;
};

Ended run(const Scratch& scratch, std::vector<std::string> options) {
  put_text(scratch / "s.json", scenario);
  options.insert(options.begin(), {SOJOURN_BINARY, "run", "s.json"});
  const Process process(scratch, std::move(options));
  const int code = process.wait();
  return {code, process.err()};
}

}  // namespace

TEST_CASE("a deadlock ends with 6, says who waits for whom, and leaves a partial result", "[program]") {
  const Scratch scratch;
  CHECK(run(scratch, {"--variant", "roomy", "--out", "fine"}).code == 0);
  const Ended ended = run(scratch, {});
  CHECK(ended.code == 6);
  CHECK_THAT(ended.err, Contains("variant narrow, replication 1") && Contains("the result is partial") &&
                            Contains("shop (1 of 1 workers) waits for shop.confirm"));
  const json report = json::parse(text_in(scratch / "results/shop/report.json"));
  CHECK(report["status"] == "partial");
  CHECK(report["replications"] == 0);
  CHECK(report["stopped"]["variant"] == "narrow");
  CHECK(report["stopped"]["replication"] == 1);
  CHECK(report["stopped"]["reason"].get<std::string>().find("shop.confirm") != std::string::npos);
}

TEST_CASE("what piles up beyond --max-memory ends with 6", "[program]") {
  const Scratch scratch;
  const std::vector<std::string> crowded{"--variant", "roomy",
                                         "--jobs",    "1",
                                         "--set",     "/clients/web/arrivals/poisson=\"5k/s\"",
                                         "--set",     "/services/payment/operations/charge=[{\"work\": \"20ms\"}]"};
  auto options = crowded;
  options.insert(options.end(), {"--max-memory", "8MiB"});
  const Ended ended = run(scratch, options);
  CHECK(ended.code == 6);
  CHECK_THAT(ended.err, Contains("out of memory") && Contains("8MiB"));
  options.back().assign(1, '8');
  const Ended bad = run(scratch, options);
  CHECK(bad.code == 2);
  CHECK_THAT(bad.err, Contains("512MiB"));
}
