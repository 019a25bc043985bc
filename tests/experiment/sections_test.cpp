#include "sojourn/experiment/sections.hpp"

#include <cmath>

#include "sojourn/experiment/warnings.hpp"
#include "support/catch.hpp"
#include "support/oracle.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

/// Replications that differ in how many requests they have.
struct Seen {
  std::vector<Column> columns = columns_of(synthetic::topology());
  std::size_t p99 = *position_of(columns, "clients.web.response_time.p99");
  std::size_t p50 = *position_of(columns, "clients.web.response_time.p50");

  [[nodiscard]] SeenColumns of(std::uint64_t requests) const {
    Measurements m = synthetic::run(synthetic::topology(), {});
    m.clients[0].response_time = Histogram{};
    for (std::uint64_t i = 1; i <= requests; ++i)
      m.clients[0].response_time.add(static_cast<std::int64_t>(i) * 1'000'000);
    return seen_columns(columns, m);
  }
};

/// Many short replications of independent requests whose exact p99 is known.
std::string independent(int replications, const std::string& rate) {
  return R"({"name": "short", "horizon": "1s", "replications": )" + std::to_string(replications) +
         R"(, "clients": {"c": {"requests": "s.x", "arrivals": {"poisson": ")" + rate +
         R"("}}}, "services": {"s": {"workers": "unlimited", "operations": {"x": [{"work": {"exponential": "10ms"}}]}}}})";
}

}  // namespace

TEST_CASE("replications with too few samples are put together in their order, a rest goes to the last") {
  const Seen seen;
  Sections sections(std::vector<const std::vector<Column>*>{&seen.columns});
  const auto add = [&](std::uint64_t requests) {
    const SeenColumns one = seen.of(requests);
    const SeenColumns* const all[] = {&one};
    sections.add(all);
  };
  add(1000);  // p99 needs 299
  add(200);
  add(0);
  add(150);
  CHECK(sections.values(0, seen.p99).size() == 2);
  CHECK(sections.grouped(0, seen.p99));
  const double before = sections.values(0, seen.p99)[1].value();
  add(100);
  REQUIRE(sections.values(0, seen.p99).size() == 2);
  CHECK(sections.values(0, seen.p99)[0].value() == Approx(0.990).epsilon(0.001));
  CHECK(sections.values(0, seen.p99)[1].value() <= before);
  CHECK(sections.values(0, seen.p50).size() == 4);  // one has none
}

TEST_CASE("sections are the same in all variants") {
  const Seen seen;
  Sections sections(std::vector<const std::vector<Column>*>{&seen.columns, &seen.columns});
  const SeenColumns much = seen.of(600), little = seen.of(250);
  const SeenColumns* const uneven[] = {&much, &little};
  for (int i = 0; i < 4; ++i) sections.add(uneven);
  CHECK(sections.values(0, seen.p99).size() == 2);
  CHECK(sections.values(1, seen.p99).size() == 2);
}

TEST_CASE("a quantile that fewer than five sections carry has no interval, and that is a doubt") {
  const auto few = testing::simulate(independent(20, "30/s"));  // about 600 requests
  const auto p99 = few.variants[0].estimate("clients.c.response_time.p99").value();
  CHECK_FALSE(p99.half_width.has_value());
  bool told = false;
  for (const Warning& w : warnings_of(few))
    told = told || (w.name == "too-few-sections" && w.message.starts_with("p99 "));
  CHECK(told);
  const auto more = testing::simulate(independent(20, "160/s"));
  const auto known = more.variants[0].estimate("clients.c.response_time.p99").value();
  CHECK(known.half_width.has_value());
  CHECK(known.n < 20);
  CHECK(known.n >= 5);
}

TEST_CASE("intervals from short replications hold the exact p99", "[experiment]") {
  const double exact = -0.010 * std::log(0.01);
  Study study = testing::study_of(independent(20, "130/s"));
  int held = 0, known = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    study.variants[0].scenario.seed = seed;
    const auto p99 =
        run_experiment(study, ExperimentOptions{.jobs = 1}).variants[0].estimate("clients.c.response_time.p99");
    if (!p99 || !p99->half_width) continue;
    ++known;
    held += std::fabs(p99->value - exact) <= *p99->half_width ? 1 : 0;
  }
  CHECK(known == 400);
  CHECK(held / 400.0 == Approx(0.95).margin(3 * std::sqrt(0.05 * 0.95 / 400)));
}

TEST_CASE("independent samples are worth themselves, those of a busy queue less") {
  const auto worth = [](const std::string& text) {
    const auto result = testing::simulate(text);
    const VariantResult& variant = result.variants[0];
    const std::size_t c = *position_of(variant.columns, "clients.c.response_time.p99");
    return independent_samples(variant.columns[c], variant.merged, variant.values[c]).value() /
           (static_cast<double>(variant.merged.clients[0].response_time.count()) / 20);
  };
  CHECK(worth(independent(20, "2000/s")) > 0.4);
  CHECK(worth(testing::station("40s", "80/s", R"({"exponential": "10ms"})", "")) < 0.1);
}
