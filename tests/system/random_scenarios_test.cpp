// The laws on random scenarios that use every key of the language: whatever happens, the books balance.
#include <cstdlib>
#include <string>

#include "sojourn/experiment/experiment.hpp"
#include "sojourn/io/study.hpp"
#include "support/catch.hpp"
#include "support/random_scenario.hpp"

using namespace sojourn;

namespace {

/// How many are tried: SOJOURN_RANDOM_SCENARIOS for a long campaign.
std::uint64_t how_many() {
  const char* wanted = std::getenv("SOJOURN_RANDOM_SCENARIOS");
  return wanted == nullptr ? 300 : std::strtoull(wanted, nullptr, 10);
}

void check_books(const Measurements& m) {
  const Ledger& l = m.ledger;
  CHECK(l.arrived == l.answered + l.unfinished);
  CHECK(l.jobs_started == l.jobs_refused + l.jobs_ended + l.jobs_left);
  CHECK(l.published ==
        l.handled + l.dead_lettered + l.lost + l.dropped + l.expired + l.refused + l.waiting + l.in_hand);
  CHECK(l.worker_limit_breaches == 0);
  CHECK(l.unit_limit_breaches == 0);
  for (const ClientMeasurement& client : m.clients) {
    std::uint64_t answered = 0;
    for (const std::uint64_t n : client.outcomes) answered += n;
    CHECK(answered <= client.requests);
    CHECK(client.fulfilled + client.broken_promises <= client.requests);
    CHECK(client.response_time.count() == answered);
    CHECK(client.stale <= client.follow_ups);
  }
  for (const ServiceMeasurement& service : m.services) {
    CHECK(service.busy_ns >= 0);
    CHECK(service.held_ns >= 0);
    CHECK(service.queue_ns >= 0);
    CHECK(service.used_ns <= service.busy_ns);
    CHECK(service.up_ns <= service.replicas_ns);
    CHECK(service.wasted_ns <= service.busy_ns);
  }
}

}  // namespace

TEST_CASE("the books of random scenarios balance, and threads change nothing", "[laws]") {
  for (std::uint64_t number = 0; number < how_many(); ++number) {
    const std::string text = testing::random_scenario(number);
    INFO("scenario " << number);
    const StudyResult read = read_study(text, {});
    for (const Issue& issue : read.issues)
      if (issue.severity == Severity::error) UNSCOPED_INFO(to_text(issue, "random.json"));
    REQUIRE(read.study.has_value());
    const ExperimentResult one = run_experiment(*read.study, ExperimentOptions{.jobs = 1});
    if (one.stopped) continue;  // a guard ended it: workers that wait for each other
    const ExperimentResult four = run_experiment(*read.study, ExperimentOptions{.jobs = 4});
    CHECK(one.fingerprint == four.fingerprint);
    for (std::size_t v = 0; v < one.variants.size(); ++v) {
      INFO("variant " << one.variants[v].name);
      check_books(one.variants[v].merged);
      CHECK(one.variants[v].estimates == four.variants[v].estimates);
    }
  }
}
