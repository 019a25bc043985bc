// Brokers: duplicates, expiry, confirmed publishing, outboxes, failures and incidents; scenarios without chance.
#include "support/topics.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

const std::string confirming = R"({"publish": "t", "confirm": true})";
const std::string once = R"({"constant": "1/s", "profile": [["0s", 1], ["1500ms", 1], ["1500ms", 0]]})";

/// The broker is down from 3.5 to 6.2 s.
std::string incident(const std::string& effect, const std::string& at = "3500ms",
                     const std::string& length = "2700ms") {
  return R"("incidents": [{"at": ")" + at + R"(", "for": ")" + length + R"(", "target": "t", "effect": )" + effect +
         "}], ";
}

}  // namespace

TEST_CASE("a delivery that happens twice does the work twice, and its message is handled once", "[system]") {
  TopicScenario s{.topic = R"("duplicates": 1, )", .handler = R"("workers": 4, )"};
  const auto m = s.run();
  CHECK(m.subscriptions[0].handled == 9);
  CHECK(m.subscriptions[0].duplicates == 9);
  CHECK(m.subscriptions[0].redelivered == 0);
  CHECK(m.services[1].busy_ns == 2 * 9 * 50'000'000);
  check_all_ms(m.subscriptions[0].lag, 50);
  check_all_ms(m.clients[0].completion_time, 100);
  CHECK(m.clients[0].fulfilled == 9);
  check_books(m);
  s.topic = R"("duplicates": 1, "partitions": 3, )";
  CHECK(s.run().clients[0].completion_time == m.clients[0].completion_time);
}

TEST_CASE("deduplicated: the second delivery of a handled message does no work", "[system]") {
  TopicScenario s{.topic = R"("duplicates": 1, "delivery": "deduplicated", )"};
  const auto m = s.run();
  CHECK(m.subscriptions[0].handled == 9);
  CHECK(m.subscriptions[0].duplicates == 9);
  CHECK(m.services[1].busy_ns == 9 * 50'000'000);
  check_all_ms(m.clients[0].completion_time, 50);
  check_books(m);
  s.topic = R"("duplicates": 1, "delivery": "at-most-once", )";
  CHECK(s.run().subscriptions[0].duplicates == 0);
}

TEST_CASE("a delivery that fails twice counts once against the deliveries", "[system]") {
  const TopicScenario s{.topic = R"("duplicates": 1, "redelivery": {"delay": "100ms", "max_deliveries": 2}, )",
                        .handle = R"({"work": "50ms", "fails": 1})"};
  const auto m = s.run();
  CHECK(m.subscriptions[0].duplicates == 18);
  CHECK(m.subscriptions[0].redelivered == 9);
  CHECK(m.subscriptions[0].dead_lettered == 9);
  check_all_ms(m.clients[0].completion_time, 50 + 50 + 100 + 50 + 50);
  check_books(m);
}

TEST_CASE("what has waited longer is dropped when its turn comes", "[system]") {
  // Five at once, 50 ms each: the third waits 100 ms, which is not longer; the other two expire when the worker is free.
  const TopicScenario s{.topic = R"("expires": "100ms", )", .publish = publish_times(5)};
  const auto m = s.run();
  CHECK(m.subscriptions[0].handled == 27);
  CHECK(m.subscriptions[0].expired == 18);
  CHECK(static_cast<double>(m.subscriptions[0].backlog_ns) == 9e6 * (50 + 100 + 150 + 150));
  CHECK(m.clients[0].broken_promises == 9);
  check_books(m);
}

TEST_CASE("whoever confirms waits for the way there and back", "[system]") {
  TopicScenario s{
      .topic = R"("latency": "20ms", )", .publish = confirming, .more = R"("network": {"latency": "3ms"}, )"};
  // To the shop, to the broker, back, and the answer; the broker's own time comes after its acknowledgement.
  check_all_ms(s.run().clients[0].response_time, 4 * 3);
  s.publish = R"({"publish": "t"})";
  check_all_ms(s.run().clients[0].response_time, 2 * 3);
}

TEST_CASE("a blocking worker is held while it waits for the acknowledgement, an async one is not", "[system]") {
  TopicScenario s{.publish = R"({"work": "5ms"}, )" + confirming, .more = R"("network": {"latency": "3ms"}, )"};
  CHECK(s.run().services[0].held_ns == 9 * 6'000'000);
  s.publisher = R"("workers": 99, "waiting": "async", )";
  CHECK(s.run().services[0].held_ns == 0);
}

TEST_CASE("a full topic that refuses fails the publish that confirms", "[system]") {
  TopicScenario s{.topic = R"("capacity": 1, )",
                  .handle = R"({"work": "2s"})",
                  .publish = R"({"publish": "t", "confirm": true}, {"work": "5ms"})",
                  .arrivals = R"({"constant": "10/s"})"};
  const auto m = s.run();
  CHECK(m.subscriptions[0].refused > 80);
  CHECK(outcome(m.clients[0], Outcome::failed) >= m.subscriptions[0].refused);
  CHECK(m.clients[0].broken_promises == 0);
  check_books(m);
  s.publish = R"({"publish": "t"}, {"work": "5ms"})";
  CHECK(outcome(s.run().clients[0], Outcome::failed) == 0);
}

TEST_CASE("a full topic that blocks makes its confirming publisher wait until the timeout", "[system]") {
  const TopicScenario s{.topic = R"("capacity": 0, "overflow": "block", )",
                        .handle = R"({"work": "1s"})",
                        .publish = R"({"publish": "t", "confirm": true, "timeout": "300ms"})",
                        .arrivals = R"({"constant": "2/s"})"};
  // Every second request finds the consumer busy for another 500 ms, gives up after 300 ms, and its message never goes.
  const auto m = s.run();
  CHECK(outcome(m.clients[0], Outcome::failed) == 9);
  CHECK(outcome(m.clients[0], Outcome::succeeded) == 10);
  CHECK(m.ledger.published == m.ledger.handled + m.ledger.in_hand);
  CHECK(ms(static_cast<double>(m.clients[0].response_time.maximum())) == 300);
  check_books(m);
}

TEST_CASE("an outbox waits for room without anybody waiting for it", "[system]") {
  for (const std::string overflow : {"refuse", "block"}) {
    const TopicScenario s{.topic = R"("capacity": 1, "overflow": ")" + overflow + R"(", )",
                          .publish = R"({"repeat": 5, "steps": [{"publish": "t", "outbox": true}]})"};
    const auto m = s.run();
    check_all_ms(m.clients[0].response_time, 0);
    check_all_ms(m.clients[0].completion_time, 250);
    CHECK(m.subscriptions[0].refused == 0);
    CHECK(m.subscriptions[0].backlog_max == 1);
    CHECK(m.subscriptions[0].handled == 45);
    CHECK(total_ms(m.subscriptions[0].lag) == Approx(9 * (50 + 100 + 150 + 200 + 250)));
    check_books(m);
  }
}

TEST_CASE("while the broker refuses, who confirms fails and others lose", "[system]") {
  // Requests at 1, 2, 3, ... s; down from 3.5 to 6.2 s, which strikes those of 4, 5 and 6 s with two messages each. The
  // second message of 3 s, which waits when the broker goes down, is handled afterwards.
  TopicScenario s{
      .handle = R"({"work": "700ms"})", .publish = publish_times(2), .more = incident(R"({"down": "refuse"})")};
  const auto plain = s.run();
  CHECK(plain.subscriptions[0].lost == 6);
  CHECK(plain.clients[0].broken_promises == 3);
  check_books(plain);
  s.publish = confirming;
  s.handle = R"({"work": "50ms"})";
  const auto confirmed = s.run();
  CHECK(confirmed.subscriptions[0].lost == 0);
  CHECK(confirmed.subscriptions[0].refused == 3);
  CHECK(outcome(confirmed.clients[0], Outcome::failed) == 3);
  CHECK(confirmed.clients[0].broken_promises == 0);
  s.publish = R"({"publish": "t", "outbox": true})";
  const auto kept = s.run();
  CHECK(kept.clients[0].fulfilled == 9);
  check_all_ms(kept.clients[0].response_time, 0);
  // At 6.2 s the three go in: 2200, 1200, 200 ms late, and one after another.
  CHECK(total_ms(kept.subscriptions[0].lag) == Approx(6 * 50 + (2250 + 1300 + 350)));
  check_books(kept);
}

TEST_CASE("a broker that hangs is silent until the timeout", "[system]") {
  TopicScenario s{.publish = R"({"publish": "t", "confirm": true, "timeout": "200ms"})",
                  .more = incident(R"({"down": "hang"})")};
  const auto m = s.run();
  CHECK(outcome(m.clients[0], Outcome::failed) == 3);
  CHECK(m.subscriptions[0].lost == 3);
  CHECK(total_ms(m.clients[0].response_time) == Approx(3 * 200));
  check_books(m);
}

TEST_CASE("a broker that pauses loses nothing and goes on afterwards", "[system]") {
  TopicScenario s{.publish = confirming, .more = incident(R"({"down": "pause"})")};
  const auto m = s.run();
  CHECK(m.clients[0].fulfilled == 9);
  CHECK(total_ms(m.clients[0].response_time) == Approx(2200 + 1200 + 200));
  CHECK(total_ms(m.subscriptions[0].lag) == Approx(6 * 50 + (2250 + 1300 + 350)));
  check_books(m);
}

TEST_CASE("nothing is delivered while the broker is down, and handlers at work go on", "[system]") {
  // Three messages at 1 s, 300 ms each; down from 1.2 to 2.0 s: the first ends at 1.3 s, the second starts at 2.0 s.
  const TopicScenario s{.handle = R"({"work": "300ms"})",
                        .publish = publish_times(3),
                        .arrivals = once,
                        .more = incident(R"({"down": "refuse"})", "1200ms", "800ms")};
  const auto m = s.run();
  CHECK(total_ms(m.subscriptions[0].lag) == Approx(300 + 1300 + 1600));
  CHECK(m.clients[0].fulfilled == 1);
  check_books(m);
}

TEST_CASE("a broker's own failures run in calendar time, up first", "[system]") {
  // Up 2.5 s, down 1 s by turns: down in [2.5, 3.5), [6, 7), [9.5, 10.5).
  const TopicScenario s{.topic = R"("failures": {"time_to_failure": "2500ms", "time_to_repair": "1s"}, )",
                        .publish = confirming};
  const auto m = s.run();
  CHECK(outcome(m.clients[0], Outcome::failed) == 2);  // 3 and 6 s
  CHECK(m.clients[0].fulfilled == 7);
  TopicScenario hangs = s;
  hangs.topic = R"("failures": {"time_to_failure": "2500ms", "time_to_repair": "1s", "mode": "pause"}, )";
  CHECK(total_ms(hangs.run().clients[0].response_time) == Approx(500 + 1000));
}

TEST_CASE("incidents slow a broker down and add to its time", "[system]") {
  TopicScenario s{.topic = R"("latency": "20ms", )", .more = incident(R"({"slowdown": 5})")};
  CHECK(total_ms(s.run().subscriptions[0].lag) == Approx(6 * 70 + 3 * 150));
  s.more = incident(R"({"latency": "33ms"})");
  CHECK(total_ms(s.run().subscriptions[0].lag) == Approx(6 * 70 + 3 * 103));
}

TEST_CASE("incidents let publishes fail or lose them", "[system]") {
  TopicScenario s{.publish = confirming, .more = incident(R"({"fails": 1})")};
  CHECK(outcome(s.run().clients[0], Outcome::failed) == 3);
  CHECK(s.run().subscriptions[0].refused == 3);
  s.publish = R"({"publish": "t"})";
  CHECK(s.run().subscriptions[0].lost == 3);
  s.more = incident(R"({"loss": 1})");
  CHECK(s.run().clients[0].broken_promises == 3);
  s.publish = R"({"publish": "t", "confirm": true, "timeout": "100ms"})";
  CHECK(total_ms(s.run().clients[0].response_time) == Approx(300));
  s.publish = R"({"publish": "t", "outbox": true})";
  CHECK(s.run().clients[0].fulfilled == 9);
  check_books(s.run());
}

TEST_CASE("a topic that blocks lets nobody wait for a broker that loses", "[system]") {
  const TopicScenario s{.topic = R"("capacity": 1, "overflow": "block", )",
                        .handle = R"({"work": "400ms"})",
                        .publish = publish_times(50),
                        .arrivals = once,
                        .more = incident(R"({"down": "refuse"})", "1100ms", "2s")};
  // Two are in by 1 s; when the first ends at 1.4 s nothing moves; the one that waits in the topic goes at 3.1 s, and from
  // then on one every 400 ms.
  const auto m = s.run();
  CHECK(m.subscriptions[0].lost == 0);
  CHECK(m.subscriptions[0].handled == 1 + 17);
  check_books(m);
}

TEST_CASE("whoever polls finds a broker that is up again", "[system]") {
  TopicScenario s{.subscription = R"("poll": "70ms")",
                  .handle = R"({"work": "10ms"})",
                  .arrivals = once,
                  .more = incident(R"({"down": "pause"})", "900ms", "1s")};
  check_all_ms(s.run().subscriptions[0].lag, 970);  // up at 1.9 s, a look at 1.960 s
}
