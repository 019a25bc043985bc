#include "sojourn/experiment/comparison.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

ExperimentResult compared(std::vector<Topology> topologies, std::uint32_t replications = 8) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < topologies.size(); ++i) names.push_back("v" + std::to_string(i));
  return synthetic::experiment(synthetic::study(replications, names), std::move(topologies));
}

const Comparison& at(const std::vector<Comparison>& comparisons, std::string_view variant, std::string_view metric) {
  const auto found = std::find_if(comparisons.begin(), comparisons.end(),
                                  [&](const Comparison& c) { return c.variant == variant && c.metric == metric; });
  REQUIRE(found != comparisons.end());
  return *found;
}

}  // namespace

TEST_CASE("a variant compared with itself differs by exactly zero") {
  const auto comparisons = compare_variants(compared({synthetic::topology(), synthetic::topology()}));
  CHECK(comparisons.size() == 9);
  for (const Comparison& c : comparisons) {
    REQUIRE(c.paired.has_value());
    CHECK(c.paired->difference.value == 0);
    CHECK(c.paired->difference.half_width == 0.0);
    CHECK(c.verdict == Verdict::equal);
  }
}

TEST_CASE("a shift of every request is found exactly, because requests are paired") {
  const auto comparisons = compare_variants(compared({synthetic::topology(), synthetic::topology(500'000)}));
  const Comparison& mean = at(comparisons, "v1", "response_time.mean");
  CHECK(mean.paired.value().difference.value == Approx(0.5e-3));
  CHECK(mean.paired->difference.half_width.value() < 1e-9);
  CHECK(mean.paired->correlation.value() == Approx(1));
  CHECK(mean.verdict == Verdict::higher);
  CHECK(mean.baseline == "v0");
  CHECK(at(comparisons, "v1", "completion_time.p99").verdict == Verdict::higher);
  CHECK(at(comparisons, "v1", "notification_time.mean").verdict == Verdict::higher);
  CHECK(at(comparisons, "v1", "fulfilled_ratio").verdict == Verdict::equal);
  const auto reverse = compare_variants(compared({synthetic::topology(500'000), synthetic::topology()}));
  CHECK(at(reverse, "v1", "response_time.mean").verdict == Verdict::lower);
}

TEST_CASE("one replication decides nothing, but sees equality") {
  const auto comparisons = compare_variants(compared({synthetic::topology(), synthetic::topology(500'000)}, 1));
  CHECK(at(comparisons, "v1", "response_time.mean").verdict == Verdict::undecided);
  CHECK(at(comparisons, "v1", "success_ratio").verdict == Verdict::equal);
}

TEST_CASE("without notification there is no comparison of it") {
  const auto comparisons = compare_variants(compared({synthetic::topology(), synthetic::topology(0, false)}));
  CHECK(comparisons.size() == 8);
}

TEST_CASE("a quantile that is refused compares to nothing") {
  Topology short_one = synthetic::topology();
  const ExperimentResult result = synthetic::experiment(synthetic::study(1, {"a", "b"}), {short_one, short_one});
  ExperimentResult refused = result;
  refused.variants[1].estimates[*position_of(refused.variants[1].columns, "clients.web.response_time.p99")].reset();
  const auto comparisons = compare_variants(refused);
  const Comparison& c = at(comparisons, "b", "response_time.p99");
  CHECK_FALSE(c.paired.has_value());
  CHECK(c.verdict == Verdict::undecided);
}

TEST_CASE("holm's correction spans the table: one borderline difference among many decides nothing") {
  ExperimentResult result = compared({synthetic::topology(), synthetic::topology()}, 8);
  const std::size_t column = *position_of(result.variants[1].columns, "clients.web.succeeded_per_s");
  const auto shift = [&](double by) {
    ExperimentResult shifted = result;
    for (std::size_t r = 0; r < 8; ++r) *shifted.variants[1].values[column][r] += by + (r % 2 == 0 ? 1 : -1);
    const auto comparisons = compare_variants(shifted);
    const Comparison& c = at(comparisons, "v1", "succeeded_per_s");
    return std::pair{c.paired->p_value.value(), c.verdict};
  };
  const auto borderline = shift(0.95);
  CHECK(borderline.first < 0.05);
  CHECK(borderline.second == Verdict::undecided);
  CHECK(shift(2.0).second == Verdict::higher);
}

TEST_CASE("the winner beats every other variant beyond chance") {
  const ExperimentResult result =
      compared({synthetic::topology(500'000), synthetic::topology(), synthetic::topology(900'000)});
  const auto won = winners(result, compare_variants(result),
                           {{"clients.web.response_time.mean", true},
                            {"clients.web.response_time.p99", true},
                            {"clients.web.response_time.mean", false},
                            {"clients.web.fulfilled_ratio", false},
                            {"clients.web.no_such_thing", false}});
  CHECK(won[0] == 1U);
  CHECK(won[1] == 1U);
  CHECK(won[2] == 2U);
  CHECK_FALSE(won[3].has_value());
  CHECK_FALSE(won[4].has_value());
  const ExperimentResult alone = compared({synthetic::topology()});
  CHECK_FALSE(winners(alone, {}, {{"clients.web.response_time.mean", true}}).front().has_value());
}

TEST_CASE("what holm's correction leaves undecided has no winner") {
  ExperimentResult result = compared({synthetic::topology(), synthetic::topology()}, 8);
  const std::size_t column = *position_of(result.variants[1].columns, "clients.web.succeeded_per_s");
  for (std::size_t r = 0; r < 8; ++r) *result.variants[1].values[column][r] += 0.95 + (r % 2 == 0 ? 1 : -1);
  result.variants[1].estimates[column]->value += 0.95;
  const std::vector<Contest> contest{{"clients.web.succeeded_per_s", false}};
  CHECK(winners(result, {}, contest).front() == 1U);  // the only question: beyond chance by itself
  CHECK_FALSE(winners(result, compare_variants(result), contest).front().has_value());
}

TEST_CASE("a difference is decided where its corrected p lies below one minus the confidence") {
  ExperimentResult result = compared({synthetic::topology(), synthetic::topology()}, 8);
  const std::size_t column = *position_of(result.variants[1].columns, "clients.web.succeeded_per_s");
  int decided = 0, nearly = 0;
  for (double by = 0.5; by < 3; by += 0.05) {
    ExperimentResult shifted = result;
    for (std::size_t r = 0; r < 8; ++r) *shifted.variants[1].values[column][r] += by + (r % 2 == 0 ? 1 : -1);
    const auto comparisons = compare_variants(shifted);
    const Comparison& c = at(comparisons, "v1", "succeeded_per_s");
    const double corrected = 9 * c.paired->p_value.value();  // the smallest of nine
    INFO(corrected);
    CHECK(c.verdict == (corrected < 0.05 ? Verdict::higher : Verdict::undecided));
    decided += corrected < 0.05 ? 1 : 0;
    nearly += corrected >= 0.05 && corrected < 0.1 ? 1 : 0;
  }
  CHECK(decided > 0);
  CHECK(nearly > 0);
}
