#include "sojourn/io/table.hpp"

#include <sstream>

#include "sojourn/io/formats.hpp"
#include "support/catch.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;
using Catch::Contains;

namespace {

Findings findings(std::uint32_t replications, std::vector<Topology> topologies) {
  Study study = synthetic::study(replications, {"plain", "slower"});
  study.variants.resize(topologies.size());
  for (Variant& variant : study.variants)
    variant.scenario.objectives = {
        {"clients.web.response_time.mean <= 6ms", "clients.web.response_time.mean", true, "6ms"}};
  return findings_of(study, synthetic::experiment(study, std::move(topologies)));
}

std::string table(const Findings& f, const Look& look = {}) { return table_text(summary_of(f), look); }

Findings two() { return findings(8, {synthetic::topology(), synthetic::topology(6'000'000)}); }

}  // namespace

TEST_CASE("the table says what it rests on") {
  CHECK_THAT(table(two()), Contains("small: Which one?"));
  CHECK_THAT(table(two()),
             Contains("8 replications of 10s after 2s of warm-up, seed 7; ± is the half-width of the 95 % interval"));
  CHECK_THAT(table(findings(1, {synthetic::topology()})),
             Contains("1 replication of 10s after 2s of warm-up, seed 7; one\nreplication has no intervals") ||
                 Contains("one replication has no intervals"));
}

TEST_CASE("winners are marked only where they win") {
  const std::string text = table(two());
  CHECK_THAT(text, Contains("*\n") || Contains("* "));
  CHECK_THAT(text, Contains("* better than every other variant"));
  CHECK_THAT(table(findings(8, {synthetic::topology(), synthetic::topology()})), !Contains("*"));
  CHECK_THAT(table(findings(8, {synthetic::topology()})), !Contains("*"));
}

TEST_CASE("differences, limits, backlogs, objectives and a verdict with numbers") {
  const std::string text = table(two());
  CHECK_THAT(text, Contains("slower minus plain, paired"));
  CHECK_THAT(text, Contains("+6.00 ± 0.01 ms") || Contains("+6.00 ± 0 ms"));
  CHECK_THAT(text, Contains("shop") && Contains("% taken =") && Contains("held by jobs that wait"));
  CHECK_THAT(text, Contains("orders for stock.reserve") && Contains("at most 14"));
  CHECK_THAT(text, Contains("NOT MET") && Contains("met"));
  CHECK_THAT(text, Contains("slower answers in") && Contains("later than plain"));
}

TEST_CASE("fewer cores than workers are what gives in first") {
  Topology topology = synthetic::topology();
  for (CompiledService& service : topology.services) service.cores = service.workers / 4.0;
  CHECK_THAT(table(findings(8, {topology})), Contains("% of its cores at work"));
}

TEST_CASE("a variant that equals the baseline is said to") {
  CHECK_THAT(table(findings(8, {synthetic::topology(), synthetic::topology()})), Contains("exactly as plain"));
}

TEST_CASE("no line is wider than asked, and grids are cut rather than squeezed") {
  for (const std::size_t width : {80U, 100U, 160U}) {
    std::istringstream lines(table(two(), {.width = width}));
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK(width_of(line) <= width);
    }
  }
}

TEST_CASE("colour only when asked") {
  CHECK_THAT(table(two()), !Contains("\033"));
  CHECK_THAT(table(two(), {.colour = true}), Contains("\033[1m"));
}

TEST_CASE("markdown holds the same as tables and lists") {
  const std::string text = markdown_text(summary_of(two()));
  CHECK_THAT(text, Contains("# small\n") && Contains("| --- | ---: |") && Contains("## verdict"));
  CHECK_THAT(text, Contains("| plain |") && Contains("- response time mean"));
}

TEST_CASE("formats are found by name") {
  for (const Format& format : formats()) CHECK(format_named(format.name) == &format);
  CHECK(format_named("xml") == nullptr);
  CHECK_THAT(format_named("json")->text_of(two(), {}), Contains("\"comparisons\""));
  CHECK_THAT(format_named("csv")->text_of(two(), {}), Catch::StartsWith("variant,client,"));
}
