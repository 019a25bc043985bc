// The laws on random scenarios that use every key of the language: whatever happens, the books balance.
#include <cstdlib>
#include <string>

#include "sojourn/experiment/experiment.hpp"
#include "sojourn/experiment/findings.hpp"
#include "sojourn/io/report.hpp"
#include "sojourn/io/study.hpp"
#include "sojourn/system/run.hpp"
#include "support/catch.hpp"
#include "support/project_scenarios.hpp"
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

/// The same requests for a while, and then time enough for everything to end.
Scenario long_enough(Scenario scenario) {
  scenario.horizon = Duration{80'000'000'000};
  return testing::running_empty(std::move(scenario));
}

/// Whether all jobs had ended by the horizon, where the books are closed.
bool has_run_empty(const Measurements& m) {
  for (const ServiceMeasurement& service : m.services)
    if (service.arrivals != service.completed + service.refused) return false;
  return m.ledger.jobs_left == 0;
}

}  // namespace

TEST_CASE("random scenarios that run empty obey Little's law and the utilization law exactly", "[laws]") {
  std::uint64_t checked = 0, ran = 0;
  for (std::uint64_t number = 0; number < how_many(); ++number) {
    INFO("scenario " << number);
    const StudyResult read =
        read_study(testing::random_scenario(number), {.folder = testing::random_scenario_folder()});
    REQUIRE(read.study.has_value());
    for (const Variant& variant : read.study->variants) {
      const Measurements m = run(compile(long_enough(variant.scenario)), {.timeline = false, .audit = true});
      ++ran;
      if (!m.stopped.empty() || !has_run_empty(m)) continue;  // some wait for ever for something that hangs
      ++checked;
      for (std::size_t s = 0; s < m.services.size(); ++s) {
        const Int128 stayed = static_cast<Int128>(m.services[s].sojourn_time.sum()) + m.audits[s].refused_ns;
        CHECK((m.audits[s].present_ns == stayed));
        CHECK((m.audits[s].work_ns == m.services[s].busy_ns));
      }
    }
  }
  CHECK(checked > ran / 2);
}

TEST_CASE("the books of random scenarios balance, and threads change nothing", "[laws]") {
  for (std::uint64_t number = 0; number < how_many(); ++number) {
    const std::string text = testing::random_scenario(number);
    INFO("scenario " << number);
    const StudyResult read = read_study(text, {.folder = testing::random_scenario_folder()});
    for (const Issue& issue : read.issues)
      if (issue.severity == Severity::error) UNSCOPED_INFO(to_text(issue, "random.json"));
    REQUIRE(read.study.has_value());
    const ExperimentResult one = run_experiment(*read.study, ExperimentOptions{.jobs = 1});
    if (one.stopped) continue;  // a guard ended it: workers that wait for each other
    const ExperimentResult four = run_experiment(*read.study, ExperimentOptions{.jobs = 4});
    CHECK(one.fingerprint == four.fingerprint);
    CHECK(report_json(findings_of(*read.study, one)) == report_json(findings_of(*read.study, four)));
    for (std::size_t v = 0; v < one.variants.size(); ++v) {
      INFO("variant " << one.variants[v].name);
      check_books(one.variants[v].merged);
      CHECK(one.variants[v].estimates == four.variants[v].estimates);
    }
  }
}
