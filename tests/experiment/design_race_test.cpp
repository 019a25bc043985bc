// Who beats whom among designs, on standings made by hand.

#include "sojourn/experiment/design_race.hpp"

#include "support/catch.hpp"

using namespace sojourn;

namespace {

const std::vector<Criterion> criteria{{"c", "response_time.p99", Unit::seconds, true},
                                      {"c", "fulfilled_ratio", Unit::ratio, false}};

/// Ten replications about these values, in step with those of all others but for a little noise of its own.
Standing standing(double response, double fulfilled, double noise = 0, std::vector<bool> misses = {}) {
  Standing made{.replications = 10, .values = {response, fulfilled}, .sections = {{}, {}}, .misses = std::move(misses)};
  for (int i = 0; i < 10; ++i) {
    const double common = 0.001 * (i % 3 - 1);
    made.sections[0].emplace_back(response + common + noise * (i % 2 == 0 ? 1 : -1));
    made.sections[1].emplace_back(fulfilled);
  }
  return made;
}

Duel duel(const Standing& design, const Standing& challenger, bool simpler = false) {
  return judge(criteria, design, challenger, simpler, Margins{}, critical_for(0.001, 2, 10, 0.01));
}

std::vector<std::size_t> beaten_in(const std::vector<Standing>& standings) {
  std::vector<std::uint64_t> simplicity;
  for (std::size_t i = 0; i < standings.size(); ++i) simplicity.push_back(i);
  Race race(criteria, {}, 0.95, 1, simplicity);
  race.look(standings);
  std::vector<std::size_t> beaten;
  for (std::size_t i = 0; i < standings.size(); ++i)
    if (race.is_beaten(i)) beaten.push_back(i);
  return beaten;
}

}  // namespace

TEST_CASE("a design is beaten by one that is better in one criterion and no worse in the other", "[design]") {
  const Duel sooner = duel(standing(0.3, 0.99), standing(0.2, 0.99));
  CHECK(sooner.end == Duel::End::beaten);
  CHECK(sooner.better_in == 0U);
  CHECK(duel(standing(0.2, 0.99), standing(0.3, 0.99)).end == Duel::End::not_beaten);
  const Duel safer = duel(standing(0.3, 0.97), standing(0.3, 0.99));
  CHECK(safer.end == Duel::End::beaten);
  CHECK(safer.better_in == 1U);
  CHECK(duel(standing(0.3, 0.99), standing(0.2, 0.98)).end == Duel::End::not_beaten);
}

TEST_CASE("what lies within the margin is no difference, and then the simpler design stays", "[design]") {
  CHECK(duel(standing(0.300, 0.99), standing(0.301, 0.9905), false).end == Duel::End::open);
  const Duel simpler = duel(standing(0.300, 0.99), standing(0.301, 0.9905), true);
  CHECK(simpler.end == Duel::End::beaten);
  CHECK_FALSE(simpler.better_in.has_value());
  CHECK(duel(standing(0.300, 0.99), standing(0.310, 0.99), true).end == Duel::End::not_beaten);
}

TEST_CASE("noise keeps a pair open", "[design]") {
  CHECK(duel(standing(0.30, 0.99), standing(0.28, 0.99, 0.05)).end == Duel::End::open);
  CHECK(duel(standing(0.30, 0.99), standing(0.28, 0.99, 0.0001)).end == Duel::End::beaten);
}

TEST_CASE("who misses an objective beats nobody who meets it", "[design]") {
  CHECK(duel(standing(0.3, 0.99, 0, {false}), standing(0.2, 0.99, 0, {true})).end == Duel::End::not_beaten);
  CHECK(duel(standing(0.3, 0.99, 0, {true}), standing(0.2, 0.99, 0, {true})).end == Duel::End::beaten);
}

TEST_CASE("the race leaves the frontier, and always somebody", "[design]") {
  CHECK(beaten_in({standing(0.3, 0.99), standing(0.2, 0.99), standing(0.1, 0.90), standing(0.15, 0.89)}) ==
        std::vector<std::size_t>{0, 3});
  CHECK(beaten_in({standing(0.3, 0.99), standing(0.3, 0.99), standing(0.3, 0.99)}) == std::vector<std::size_t>{1, 2});
  // each within the margin of the next: equal neighbours, but the ends differ
  const auto chain = beaten_in({standing(0.300, 0.99), standing(0.302, 0.99), standing(0.304, 0.99)});
  CHECK(chain.size() == 2);
}

TEST_CASE("designs are judged after few replications, then more, then all", "[design]") {
  CHECK(looks_until(20) == std::vector<std::uint64_t>{6, 10, 20});
  CHECK(looks_until(4) == std::vector<std::uint64_t>{4});
  CHECK(looks_until(8) == std::vector<std::uint64_t>{6, 8});
}

TEST_CASE("pairs of unequal length are compared where both have run", "[design]") {
  Standing shorter = standing(0.3, 0.99);
  shorter.replications = 4;
  for (auto& sections : shorter.sections) sections.resize(4);
  const auto found = difference_of(shorter, standing(0.2, 0.99), 0);
  REQUIRE(found.has_value());
  CHECK(found->n == 4);
  CHECK(found->value == Approx(-0.1));
  CHECK(found->standard_error < 1e-12);
}

TEST_CASE("what a duel demands are quantiles of Student's t, shared among the criteria", "[design]") {
  const Critical nine_degrees = critical_for(0.025, 2, 10, 0.01);
  CHECK(nine_degrees.in_all == Approx(2.2621571627).epsilon(1e-9));   // t(0.975)
  CHECK(nine_degrees.in_one == Approx(2.6850108468).epsilon(1e-9));   // t(0.9875)
  CHECK(nine_degrees.to_keep == Approx(3.2498355416).epsilon(1e-9));  // t(0.995)
}
