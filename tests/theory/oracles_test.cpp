// The formulas against a table of exact results, where that table is at hand.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "sojourn/theory/closed_network.hpp"
#include "sojourn/theory/erlang.hpp"
#include "sojourn/theory/fork_join.hpp"
#include "sojourn/theory/general_work.hpp"
#include "sojourn/theory/open_network.hpp"
#include "sojourn/theory/retries.hpp"
#include "support/catch.hpp"

using namespace sojourn;

namespace {

std::filesystem::path table() {
  const char* folder = std::getenv("SOJOURN_DATA");
  const std::filesystem::path data =
      folder != nullptr ? folder : std::filesystem::path(SOJOURN_SOURCE_DIR) / ".." / "shared" / "data";
  return data / "oracles.json";
}

ClosedNetwork repair() { return closed_network(std::vector{delay_station(0.5), server_station(0.125, 2, 10)}, 10); }

double jackson() {
  const std::vector<Route> routes{{0, 1, 1}, {1, 2, 0.6}, {1, 3, 0.4}, {2, 3, 1}};
  const std::vector<double> rates = traffic({100, 0, 0, 0}, routes).value();
  const std::vector<MultiServerQueue> stations{
      {rates[0], 1.0 / 200, 1}, {rates[1], 1.0 / 60, 2}, {rates[2], 1.0 / 80, 1}, {rates[3], 1.0 / 45, 3}};
  return mean_response_of_jackson(stations, 100);
}

/// The id of a case, and what the project says; milliseconds where the table has them.
const std::map<std::string, std::function<double()>> results{
    {"mm1.W",
     [] {
       return 1e3 * MultiServerQueue{80, 0.01, 1}.mean_response_s();
     }},
    {"mm1.Wq",
     [] {
       return 1e3 * MultiServerQueue{80, 0.01, 1}.mean_wait_s();
     }},
    {"mm1.L", [] { return load_dependent_queue(80, std::vector<double>{100}).jobs; }},
    {"mm1.p50",
     [] {
       return 1e3 * MultiServerQueue{80, 0.01, 1}.response_quantile_s(0.5);
     }},
    {"mm1.p95",
     [] {
       return 1e3 * MultiServerQueue{80, 0.01, 1}.response_quantile_s(0.95);
     }},
    {"mm1.p99",
     [] {
       return 1e3 * MultiServerQueue{80, 0.01, 1}.response_quantile_s(0.99);
     }},
    {"mm1.p999",
     [] {
       return 1e3 * MultiServerQueue{80, 0.01, 1}.response_quantile_s(0.999);
     }},
    {"mm1.pwait0",
     [] {
       return 1 - MultiServerQueue{80, 0.01, 1}.chance_of_waiting();
     }},
    {"mm1.wq_p99",
     [] {
       return 1e3 * MultiServerQueue{80, 0.01, 1}.wait_quantile_s(0.99);
     }},
    {"mm1_90.W",
     [] {
       return 1e3 * MultiServerQueue{90, 0.01, 1}.mean_response_s();
     }},
    {"mm1_90.p99",
     [] {
       return 1e3 * MultiServerQueue{90, 0.01, 1}.response_quantile_s(0.99);
     }},
    {"mmc4.ErlangC", [] { return erlang_c(4, 3.2); }},
    {"mmc4.Wq",
     [] {
       return 1e3 * MultiServerQueue{320, 0.01, 4}.mean_wait_s();
     }},
    {"mmc4.W",
     [] {
       return 1e3 * MultiServerQueue{320, 0.01, 4}.mean_response_s();
     }},
    {"mmc4.p99",
     [] {
       return 1e3 * MultiServerQueue{320, 0.01, 4}.response_quantile_s(0.99);
     }},
    {"part4.W",
     [] {
       return 1e3 * MultiServerQueue{80, 0.01, 1}.mean_response_s();
     }},
    {"mmc.allen", [] { return erlang_c(16, 15.2); }},
    {"erlB100", [] { return erlang_b(100, 90); }},
    {"mg1.det",
     [] {
       return 1e3 * mean_wait_of_one_server(70, {0.01, 1e-4});
     }},
    {"mg1.exp",
     [] {
       return 1e3 * mean_wait_of_one_server(70, {0.01, 2e-4});
     }},
    {"mg1.ln1",
     [] {
       return 1e3 * mean_wait_of_one_server(70, {0.01, 2e-4});
     }},
    {"mg1.par25",
     [] {
       return 1e3 * mean_wait_of_one_server(70, {0.01, 1.8e-4});
     }},
    {"md1.Wq",
     [] {
       return 1e3 * mean_wait_of_one_server(80, {0.01, 1e-4});
     }},
    {"ps.slow50", [] { return 1e3 * mean_response_when_sharing(70, 0.01) * 5; }},
    {"jackson.net", [] { return 1e3 * jackson(); }},
    {"repair.X", [] { return repair().throughput_per_s; }},
    {"repair.R", [] { return 1e3 * (10 / repair().throughput_per_s - 0.5); }},
    {"sync.cap",
     [] {
       return closed_network(std::vector{delay_station(0.03), server_station(0.01, 1, 8)}, 8).throughput_per_s;
     }},
    {"max2.mean",
     [] {
       return 1e3 * mean_time_until(2, std::vector<double>{0.01, 0.01});
     }},
    {"max100.mean", [] { return 1e3 * mean_time_until(100, std::vector<double>(100, 0.01)); }},
    {"hedge.min2",
     [] {
       return 1e3 * mean_time_until(1, std::vector<double>{0.01, 0.01});
     }},
    {"redelivery", [] { return attempts_of(1'000'000, 0.05).mean; }},
};

}  // namespace

TEST_CASE("the formulas agree with the table of exact results", "[theory]") {
  if (!std::filesystem::exists(table())) {
    std::cout << "skipped: there is no table of exact results; SOJOURN_DATA names its folder\n";
    SUCCEED();
    return;
  }
  std::ifstream file(table());
  const auto cases = nlohmann::json::parse(file).at("cases");
  std::size_t checked = 0;
  for (const auto& one : cases) {
    const auto known = results.find(one.at("id").get<std::string>());
    if (known == results.end()) continue;
    INFO(known->first);
    CHECK(known->second() == Approx(one.at("value").get<double>()).epsilon(1e-6));
    ++checked;
  }
  CHECK(checked == results.size());
}
