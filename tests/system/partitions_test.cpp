// Partitions, on scenarios without chance.
#include "support/topics.hpp"

using namespace sojourn;
using namespace sojourn::testing;

TEST_CASE("a partition's messages are handled one at a time, whatever the workers", "[system]") {
  // Four messages of one request have one key: 50, 100, 150, 200 ms, although there are eight workers.
  const TopicScenario one{.topic = R"("partitions": 8, )", .publish = publish_times(4), .handler = R"("workers": 8, )"};
  const auto m = one.run();
  check_all_ms(m.clients[0].completion_time, 200);
  CHECK(total_ms(m.subscriptions[0].lag) == Approx(9 * (50 + 100 + 150 + 200)));
  check_books(m);
  const TopicScenario without{.publish = publish_times(4), .handler = R"("workers": 8, )"};
  check_all_ms(without.run().clients[0].completion_time, 50);
}

TEST_CASE("different partitions are handled at once", "[system]") {
  // Requests 0, 1, 2, ... take turns among two partitions: each has 60 ms before it is its turn again.
  const TopicScenario two{.topic = R"("partitions": 2, )",
                          .handle = R"({"work": "60ms"})",
                          .handler = R"("workers": 8, )",
                          .arrivals = R"({"constant": "32/s"})"};
  const auto m = two.run();
  check_all_ms(m.subscriptions[0].lag, 60);
  CHECK(static_cast<double>(m.subscriptions[0].hottest) ==
        Approx(static_cast<double>(m.subscriptions[0].published) / 2).margin(1));
  const TopicScenario one{.topic = R"("partitions": 1, )",
                          .handle = R"({"work": "60ms"})",
                          .handler = R"("workers": 8, )",
                          .arrivals = R"({"constant": "32/s"})"};
  CHECK(ms(static_cast<double>(one.run().subscriptions[0].lag.maximum())) > 1000);
}

TEST_CASE("a failed message holds those behind it until it is dead, its wait included", "[system]") {
  // Requests at 1 s, 1.1 s, ...: every message fails: 10 ms, 300 ms wait, 10 ms, dead. Those behind wait for it.
  const TopicScenario s{.topic = R"("partitions": 1, "redelivery": {"delay": "300ms", "max_deliveries": 2}, )",
                        .handle = R"({"work": "10ms", "fails": 1})",
                        .publish = publish_times(2),
                        .handler = R"("workers": 4, )"};
  const auto m = s.run();
  check_all_ms(m.clients[0].completion_time, 2 * (10 + 300 + 10));
  CHECK(m.subscriptions[0].dead_lettered == 18);
  CHECK(m.subscriptions[0].redelivered == 18);
  check_books(m);
  TopicScenario without = s;
  without.topic = R"("redelivery": {"delay": "300ms", "max_deliveries": 2}, )";
  check_all_ms(without.run().clients[0].completion_time, 10 + 300 + 10);
}

TEST_CASE("another partition does not wait for a failed message", "[system]") {
  // A second request 100 ms after the first: its partition is another one.
  const auto lag_of = [](const std::string& partitions) {
    const TopicScenario s{
        .topic = R"("partitions": )" + partitions + R"(, "redelivery": {"delay": "1s", "max_deliveries": 2}, )",
        .handle = R"({"work": "10ms", "fails": 1})",
        .handler = R"("workers": 4, )",
        .arrivals = R"({"constant": "2/s"})",
        .horizon = "5s"};
    return s.run().clients[0].completion_time;
  };
  check_all_ms(lag_of("5"), 1020);
  CHECK(ms(static_cast<double>(lag_of("2").maximum())) > 1020);  // the third request's is the first's
}

TEST_CASE("the broker's order holds even where later messages arrive earlier", "[system]") {
  // Random times in the broker would let messages overtake each other; in a partition nothing is handled out of turn, so
  // that the last of twenty is available only when all are.
  const TopicScenario s{.topic = R"("partitions": 1, "latency": {"exponential": "100ms"}, )",
                        .handle = R"({"work": "0s"})",
                        .publish = R"({"repeat": 20, "steps": [{"publish": "t"}, {"delay": "1ms"}]})",
                        .handler = R"("workers": 4, )"};
  TopicScenario free = s;
  free.topic = R"("latency": {"exponential": "100ms"}, )";
  const auto ordered = s.run(), unordered = free.run();
  // The completion is that of the slowest in both; but every message waits for those before it.
  CHECK(ordered.clients[0].completion_time == unordered.clients[0].completion_time);
  CHECK(ordered.subscriptions[0].lag.mean() > 2 * unordered.subscriptions[0].lag.mean());
  check_books(ordered);
}

TEST_CASE("a full partitioned topic may drop its oldest message", "[system]") {
  const TopicScenario s{.topic = R"("partitions": 4, "capacity": 3, "overflow": "drop-oldest", )",
                        .handle = R"({"work": "250ms"})",
                        .arrivals = R"({"constant": "40/s"})"};
  const auto m = s.run();
  CHECK(m.subscriptions[0].backlog_max == 3);
  CHECK(m.subscriptions[0].refused == 0);
  CHECK(m.subscriptions[0].dropped > 300);
  // The oldest of three waits 3 x 25 ms at most before it is dropped or taken.
  CHECK(ms(static_cast<double>(m.subscriptions[0].lag.maximum())) <= 250 + 75);
  check_books(m);
}

TEST_CASE("with capacity 0 a partitioned message must find its partition idle", "[system]") {
  const TopicScenario s{.topic = R"("partitions": 1, "capacity": 0, )",
                        .handle = R"({"work": "150ms"})",
                        .handler = R"("workers": 9, )",
                        .arrivals = R"({"constant": "10/s"})"};
  const auto m = s.run();
  CHECK(m.subscriptions[0].handled + m.subscriptions[0].in_hand == 50);
  CHECK(m.subscriptions[0].backlog_max == 0);
  check_books(m);
}

TEST_CASE("a batch takes from one partition only, the one that has waited longest", "[system]") {
  // Requests 0, 1, 2 come at 20, 40, 60 ms; each publishes once, and three times more after 40 ms.
  const TopicScenario s{.topic = R"("partitions": 2, )",
                        .subscription = R"("batch": {"size": 10}, "concurrency": 1)",
                        .handle = R"({"work": "100ms", "per": "batch"})",
                        .publish = R"({"publish": "t"}, {"delay": "40ms"}, )" + publish_times(3),
                        .handler = R"("workers": 2, )",
                        .arrivals = R"({"constant": "50/s", "profile": [["0s", 1], ["70ms", 1], ["70ms", 0]]})"};
  // From 20 to 120 ms the first message is in hand, of partition 0. Then the four of partition 1 go first, there since
  // 40 ms, to 220 ms; then the seven of partition 0 that have come meanwhile, to 320 ms.
  const auto m = s.run();
  CHECK(m.services[1].arrivals == 3);
  CHECK(m.subscriptions[0].handled == 12);
  CHECK(total_ms(m.clients[0].completion_time) == Approx((320 - 20) + (220 - 40) + (320 - 60)));
  CHECK(total_ms(m.subscriptions[0].lag) ==
        Approx(100 + (220 - 40) + 3 * (220 - 80) + 3 * (320 - 60) + (320 - 60) + 3 * (320 - 100)));
  check_books(m);
}

TEST_CASE("many partitions cost no more than few", "[system]") {
  const auto events = [](const std::string& partitions) {
    const TopicScenario s{.topic = R"("partitions": )" + partitions + ", ",
                          .handle = R"({"work": {"exponential": "4ms"}})",
                          .publish = R"({"publish": "t", "key": {"zipf": {"keys": 100000, "exponent": 0.9}}})",
                          .handler = R"("workers": 8, )",
                          .arrivals = R"({"poisson": "1500/s"})",
                          .horizon = "20s"};
    const auto m = s.run();
    check_books(m);
    CHECK(m.subscriptions[0].handled > 29'000);
    return m.events;
  };
  CHECK(static_cast<double>(events("10000")) == Approx(static_cast<double>(events("1000"))).epsilon(0.01));
}
