#include "sojourn/io/csv.hpp"

#include <algorithm>
#include <sstream>

#include "support/catch.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(const std::string& csv) {
  Rows rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string>& row = rows.emplace_back();
    std::size_t start = 0;
    for (std::size_t comma = line.find(','); comma != std::string::npos; comma = line.find(',', start = comma + 1))
      row.push_back(line.substr(start, comma - start));
    row.push_back(line.substr(start));
  }
  return rows;
}

Findings findings() {
  const Study study = synthetic::study(4, {"plain", "slower"});
  return findings_of(study, synthetic::experiment(study, {synthetic::topology(), synthetic::topology(500'000, false)}));
}

/// The field of a row under a header.
std::string field(const Rows& rows, std::size_t row, const std::string& name) {
  const auto found = std::find(rows.at(0).begin(), rows.at(0).end(), name);
  REQUIRE(found != rows[0].end());
  return rows.at(row).at(static_cast<std::size_t>(found - rows[0].begin()));
}

}  // namespace

TEST_CASE("every table is rectangular: one row a thing and variant") {
  const Findings f = findings();
  const std::vector<std::pair<std::string, std::size_t>> tables{
      {clients_csv(f), 2}, {services_csv(f), 4}, {calls_csv(f), 2}, {topics_csv(f), 2}, {comparisons_csv(f), 8}};
  for (const auto& [csv, things] : tables) {
    const Rows rows = rows_of(csv);
    CHECK(rows.size() == things + 1);
    for (const auto& row : rows) CHECK(row.size() == rows[0].size());
    for (const std::string& name : rows[0])
      CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos);
  }
}

TEST_CASE("units come last and numbers read back") {
  const Findings f = findings();
  const Rows clients = rows_of(clients_csv(f));
  CHECK(field(clients, 1, "variant") == "plain");
  CHECK(field(clients, 2, "client") == "web");
  CHECK(field(clients, 1, "requests") == "1600");
  CHECK(field(clients, 1, "outcomes_declined") == "40");
  const auto p99 = f.result.variants[1].estimate("clients.web.response_time.p99").value();
  CHECK(std::stod(field(clients, 2, "response_time_p99_s")) == p99.value);
  CHECK(std::stod(field(clients, 2, "response_time_p99_half_width_s")) == p99.half_width.value());
  CHECK(field(clients, 1, "response_time_p99_9_s").empty());     // 1600 samples are too few
  CHECK(field(clients, 2, "notification_time_mean_s").empty());  // nobody notifies in this variant
  CHECK_FALSE(field(clients, 1, "notification_time_mean_s").empty());
  CHECK(field(rows_of(topics_csv(f)), 1, "subscription") == "stock.reserve");
  CHECK(field(rows_of(services_csv(f)), 2, "utilization").empty());
}

TEST_CASE("a table without things has its header") {
  Topology lonely = synthetic::topology();
  lonely.calls.clear();
  const Study study = synthetic::study(1, {"plain"});
  const auto run = [](const Topology& t, const RunOptions& o) {
    Topology full = t;
    full.calls.push_back({"x"});
    Measurements m = synthetic::run(full, o);
    m.calls.clear();
    return m;
  };
  const Findings f = findings_of(study, run_experiment(study, {lonely}, {.jobs = 1, .run = run}));
  CHECK(rows_of(calls_csv(f)).size() == 1);
  CHECK(field(rows_of(calls_csv(f)), 0, "response_time_mean_s") == "response_time_mean_s");
}

TEST_CASE("the timeline is averaged over replications, long and tidy") {
  const Findings f = findings();
  const Rows rows = rows_of(timeline_csv(f));
  CHECK(rows[0] ==
        std::vector<std::string>{"variant", "time_s", "section", "name", "metric", "value", "half_width", "n"});
  // 12 buckets of 4 client metrics, 2 x 3 service metrics and 3 topic metrics, in 2 variants
  CHECK(rows.size() == 1 + 2 * 12 * 13);
  CHECK(rows[1] == std::vector<std::string>{"plain", "0", "clients", "web", "started_per_s", "40", "0", "4"});
  CHECK(std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row[4] == "held_workers"; }) == 48);
  // what a p99 rests on, or why there is none
  CHECK(std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row[4] == "response_time_n"; }) == 24);
  // the third bucket's queue by hand: each replication's own, as far apart as they are
  std::vector<double> queues;
  for (std::uint64_t r = 0; r < 4; ++r) {
    const Measurements m = synthetic::run(synthetic::topology(), {.seed = 7, .replication = r});
    queues.push_back(static_cast<double>(m.timeline.services[0][2].queue_ns) / 1e9);
  }
  const Estimate queue = *mean_of(queues, 0.95);
  const auto row = std::find_if(rows.begin(), rows.end(), [](const auto& one) {
    return one[0] == "plain" && one[1] == "2" && one[3] == "shop" && one[4] == "queue_length";
  });
  REQUIRE(row != rows.end());
  CHECK(std::stod(row->at(5)) == Approx(queue.value).epsilon(1e-12));
  CHECK(*queue.half_width > 0);
  CHECK(std::stod(row->at(6)) == Approx(*queue.half_width).epsilon(1e-12));
  CHECK(row->at(7) == "4");
}

TEST_CASE("percentiles go as far as the samples carry, upwards") {
  const Rows rows = rows_of(percentiles_csv(findings()));
  CHECK(rows[1][3] == "0");
  double last = 0;
  double highest = 0;
  for (std::size_t i = 1; i < rows.size() && rows[i][0] == "plain" && rows[i][2] == "response_time"; ++i) {
    CHECK(std::stod(rows[i][4]) >= last);
    last = std::stod(rows[i][4]);
    highest = std::stod(rows[i][3]);
  }
  CHECK(highest == 99.8);  // 1600 samples: p99.8 needs 1497, p99.85 needs 1996
}

TEST_CASE("numbers are printed in the shortest form that reads back") {
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(1e300) == "1e+300");
  CHECK(std::stod(number_text(1.0 / 3)) == 1.0 / 3);
}
