// Topics with everything that can go wrong: nothing is counted twice and nothing is lost.
#include "support/topics.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// Eight topics that differ in all options, under publishers that confirm, keep an outbox, block or do not care.
std::string crowded(const std::string& more) {
  return R"({"name": "crowded", "horizon": "60s", )" + more + R"(
    "clients": {"c": {"requests": "a.x", "arrivals": {"bursty": {"rate": "30/s", "burst_rate": "150/s", "calm": "2s", "burst": "500ms"}}}},
    "services": {
      "a": {"workers": 40, "operations": {"x": [{"work": {"exponential": "2ms"}},
        {"publish": "keyed", "key": {"zipf": {"keys": 40, "exponent": 1}}}, {"publish": "batched"},
        {"choose": [{"probability": 0.3, "steps": [{"publish": "both", "key": {"zipf": {"keys": 9, "exponent": 0.5}}}]},
                    {"probability": 0.3, "steps": [{"publish": "polled", "outbox": true}]},
                    {"probability": 0.2, "steps": [{"publish": "tight", "confirm": true, "timeout": "40ms"}]},
                    {"probability": 0.2, "steps": [{"publish": "dropping"}, {"publish": "stale"}]}]}]}},
      "b": {"workers": 4, "waiting": "async", "operations": {
        "one": [{"work": {"exponential": "6ms"}, "fails": 0.2, "declines": 0.02}, {"delay": "1ms"}],
        "many": [{"work": {"exponential": "2ms"}, "fails": 0.2}, {"publish": "last"},
                 {"parallel": [[{"work": "1ms", "declines": 0.05}], [{"call": "d.w"}]]},
                 {"repeat": 2, "steps": [{"work": {"exponential": "1ms"}, "fails": 0.05}]}]}},
      "d": {"workers": 2, "operations": {"w": [{"work": {"exponential": "3ms"}, "fails": 0.05}]}}},
    "topics": {
      "keyed": {"partitions": 7, "subscriptions": {"b.one": {}}, "redelivery": {"delay": "20ms", "max_deliveries": 3}, "duplicates": 0.1},
      "batched": {"subscriptions": {"b.many": {"batch": {"size": 6, "wait": "50ms"}}, "b.one": {}}, "redelivery": {"delay": "20ms", "factor": 2},
                  "duplicates": 0.1, "delivery": "deduplicated"},
      "both": {"partitions": 3, "latency": {"exponential": "5ms"}, "subscriptions": {"b.many": {"batch": {"size": 4, "wait": "30ms"}, "concurrency": 2}},
               "capacity": 5, "overflow": "drop-oldest", "duplicates": 0.2, "redelivery": {"delay": "10ms"}},
      "polled": {"subscriptions": {"b.one": {"poll": "40ms", "batch": {"size": 3}, "concurrency": 1}}, "capacity": 4,
                 "failures": {"time_to_failure": {"exponential": "2s"}, "time_to_repair": {"exponential": "400ms"}, "mode": "pause"}},
      "tight": {"subscriptions": {"b.one": {"concurrency": 1}}, "capacity": 1, "overflow": "block",
                "failures": {"time_to_failure": {"exponential": "2s"}, "time_to_repair": {"exponential": "400ms"}}},
      "dropping": {"subscriptions": {"b.one": {"concurrency": 1}}, "capacity": 1, "overflow": "drop-oldest", "duplicates": 0.5,
                   "failures": {"time_to_failure": {"exponential": "2s"}, "time_to_repair": {"exponential": "400ms"}, "mode": "hang"}},
      "stale": {"subscriptions": {"b.one": {"poll": "30ms", "concurrency": 1}}, "expires": "20ms", "delivery": "at-most-once", "capacity": 9},
      "last": {"partitions": 50, "subscriptions": {"d.w": {"poll": "10ms"}}, "redelivery": {"delay": "5ms", "max_deliveries": 2}}},
    "incidents": [{"at": "10s", "for": "5s", "target": ["keyed", "tight"], "effect": {"fails": 0.2}},
                  {"at": "20s", "for": "2s", "target": ["batched", "both", "dropping"], "effect": {"down": "refuse"}},
                  {"at": "21s", "for": "3s", "target": ["keyed", "last"], "effect": {"down": "pause"}},
                  {"at": "30s", "for": "5s", "target": ["both", "stale"], "effect": {"loss": 0.2}},
                  {"at": "31s", "for": "2s", "target": "both", "effect": {"slowdown": 3}}]})";
}

}  // namespace

TEST_CASE("crowded topics keep their books, wherever they are cut off", "[laws]") {
  Ledger all;
  std::uint64_t duplicates = 0, redelivered = 0;
  for (const std::string more :
       {R"("drain": "0s", )", R"("drain": "1s", "network": {"latency": {"exponential": "1ms"}}, )"})
    for (std::uint64_t replication = 0; replication < 4; ++replication) {
      const auto m = run_text(crowded(more), 0, replication);
      check_books(m);
      all.merge(m.ledger);
      for (const auto& s : m.subscriptions) {
        CHECK(s.published ==
              s.handled + s.dead_lettered + s.lost + s.dropped + s.expired + s.refused + s.waiting + s.in_hand);
        CHECK(s.lag.count() == s.handled);
        duplicates += s.duplicates;
        redelivered += s.redelivered;
      }
    }
  for (const std::uint64_t count : {all.handled, all.dead_lettered, all.lost, all.dropped, all.expired, all.refused,
                                    all.waiting, all.in_hand, duplicates, redelivered})
    CHECK(count > 0);
}

TEST_CASE("crowded topics run empty when nobody asks any more", "[laws]") {
  std::string text = crowded(R"("network": {"latency": {"exponential": "1ms"}}, "drain": "60s", )");
  const std::string arrivals = R"({"bursty": {"rate": "30/s", "burst_rate": "150/s", "calm": "2s", "burst": "500ms"}})";
  text.replace(text.find(arrivals), arrivals.size(),
               R"({"poisson": "40/s", "profile": [["0s", 1], ["40s", 1], ["40s", 0]]})");
  const auto m = run_text(text);
  check_books(m);
  CHECK(m.ledger.waiting == 0);
  CHECK(m.ledger.in_hand == 0);
  CHECK(m.ledger.jobs_left == 0);
  CHECK(m.ledger.unfinished == 0);
  CHECK(m.clients[0].incomplete == 0);
  CHECK(m.clients[0].completion_time.count() == m.clients[0].requests);
  CHECK(m.clients[0].fulfilled > 0);
}

TEST_CASE("crowded topics give the same run again", "[laws]") {
  const std::string text = crowded(R"("network": {"latency": {"exponential": "1ms"}}, )");
  const auto first = run_text(text), again = run_text(text);
  CHECK(first.fingerprint == again.fingerprint);
  CHECK(first.events == again.events);
  CHECK(first.fingerprint != run_text(text, 0, 1).fingerprint);
}
