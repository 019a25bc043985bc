#include "sojourn/system/measurements.hpp"

#include "support/catch.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

Measurements replication(std::uint64_t number) {
  return synthetic::run(synthetic::topology(), RunOptions{.seed = 3, .replication = number});
}

}  // namespace

TEST_CASE("measurements merge by addition, and maxima by the larger one") {
  Measurements merged = replication(0);
  merged.merge(replication(1));
  CHECK(merged.replications == 2);
  CHECK(merged.events == 2001);
  CHECK(merged.clients[0].requests == 800);
  CHECK(merged.clients[0].outcomes[2] == 20);
  CHECK(merged.clients[0].response_time.count() == 800);
  CHECK(merged.services[1].held_ns == replication(0).services[1].held_ns + replication(1).services[1].held_ns);
  CHECK(merged.calls[0].attempts == 300);
  CHECK(merged.subscriptions[0].waiting == 20);
  CHECK(merged.subscriptions[0].backlog_max == 8);
  CHECK(merged.timeline.clients[0][3].started == 80);
  CHECK(merged.timeline.services[1][2].queue_ns ==
        replication(0).timeline.services[1][2].queue_ns + replication(1).timeline.services[1][2].queue_ns);
}

TEST_CASE("the order of merging does not matter") {
  Measurements forwards = replication(0);
  forwards.merge(replication(1));
  forwards.merge(replication(2));
  Measurements backwards = replication(2);
  backwards.merge(replication(1));
  backwards.merge(replication(0));
  CHECK(forwards.fingerprint == backwards.fingerprint);
  CHECK(forwards.clients[0].response_time == backwards.clients[0].response_time);
  CHECK(forwards.services[0].sojourn_time == backwards.services[0].sojourn_time);
  CHECK(forwards.services[0].busy_ns == backwards.services[0].busy_ns);
  CHECK(forwards.subscriptions[0].backlog_max == backwards.subscriptions[0].backlog_max);
}

TEST_CASE("ledgers add up") {
  Ledger ledger{.arrived = 5, .answered = 4, .unfinished = 1, .published = 9, .handled = 7, .waiting = 2};
  ledger.merge(
      Ledger{.arrived = 2, .answered = 2, .published = 3, .handled = 1, .in_hand = 2, .worker_limit_breaches = 1});
  CHECK(ledger.arrived == 7);
  CHECK(ledger.answered == 6);
  CHECK(ledger.published == ledger.handled + ledger.waiting + ledger.in_hand);
  CHECK(ledger.worker_limit_breaches == 1);
}
