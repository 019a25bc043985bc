// Batches, on scenarios without chance.
#include <cstdint>
#include <string>

#include "support/topics.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// One request at 1 s that publishes several messages at once, and nothing after it.
TopicScenario burst(int messages, const std::string& batch, const std::string& handle) {
  return {.subscription = R"("batch": )" + batch,
          .handle = handle,
          .publish = publish_times(messages),
          .arrivals = R"({"constant": "1/s", "profile": [["0s", 1], ["1500ms", 1], ["1500ms", 0]]})"};
}

}  // namespace

TEST_CASE("with no wait a free consumer takes what is there, from 1 to size", "[system]") {
  // The first message is taken alone (10 ms); then 4 of the 7 that are left, then 3. Per message: 40 and 30 ms.
  const auto m = burst(8, R"({"size": 4})", R"({"work": "10ms"})").run();
  CHECK(m.services[1].arrivals == 3);
  CHECK(total_ms(m.subscriptions[0].lag) == Approx(10 + 4 * 50 + 3 * 80));
  check_all_ms(m.clients[0].completion_time, 80);
  CHECK(m.subscriptions[0].backlog_max == 7);
  check_books(m);
}

TEST_CASE("work per batch is drawn once", "[system]") {
  const auto m = burst(8, R"({"size": 4})", R"({"work": "10ms", "per": "batch"})").run();
  CHECK(total_ms(m.subscriptions[0].lag) == Approx(10 + 4 * 20 + 3 * 30));
  CHECK(m.services[1].busy_ns == 30'000'000);
}

TEST_CASE("a batch starts when it is full", "[system]") {
  const auto m = burst(4, R"({"size": 4, "wait": "1s"})", R"({"work": "10ms"})").run();
  CHECK(m.services[1].arrivals == 1);
  check_all_ms(m.subscriptions[0].lag, 40);
}

TEST_CASE("a batch starts when its first message has waited", "[system]") {
  // Messages at 1.000, 1.030 and 1.060 s; the first has waited at 1.050 s; the third starts a wait of its own.
  const TopicScenario s{.subscription = R"("batch": {"size": 4, "wait": "50ms"})",
                        .handle = R"({"work": "10ms", "per": "batch"})",
                        .publish = R"({"repeat": 3, "steps": [{"publish": "t"}, {"delay": "30ms"}]})"};
  const auto m = s.run();
  CHECK(total_ms(m.subscriptions[0].lag) == Approx(9 * (60 + 30 + 60)));
  check_all_ms(m.clients[0].completion_time, 60 + 60);
  check_books(m);
}

TEST_CASE("in a partition a batch waits for its own messages", "[system]") {
  // Two requests' messages never share a batch: 0 at 20 ms with 2 messages, 1 at 40 ms with 2. Full batches start at once.
  TopicScenario s = burst(2, R"({"size": 2, "wait": "1s"})", R"({"work": "10ms", "per": "batch"})");
  s.topic = R"("partitions": 2, )";
  check_all_ms(s.run().subscriptions[0].lag, 10);
  s.publish = R"({"publish": "t"})";
  check_all_ms(s.run().subscriptions[0].lag, 1010);
}

TEST_CASE("a batch of one is no batch at all", "[system]") {
  TopicScenario s{.handle = R"({"work": {"exponential": "40ms"}, "fails": 0.2, "declines": 0.1}, {"notify": "client"})",
                  .handler = R"("workers": 2, )",
                  .arrivals = R"({"poisson": "20/s"})"};
  const auto alone = s.run();
  s.subscription = R"("batch": {"size": 1, "wait": "1s"})";
  CHECK(s.run().fingerprint == alone.fingerprint);
}

TEST_CASE("each message of a batch has the samples that it has alone", "[system]") {
  const std::string handle = R"({"repeat": 2, "steps": [{"work": {"exponential": "10ms"}, "declines": 0.1}]},
      {"parallel": [[{"work": {"exponential": "5ms"}}], [{"delay": "1ms"}]]}, {"work": {"uniform": {"low": "1ms", "high": "3ms"}}})";
  TopicScenario s{.subscription = R"("batch": {"size": 10})", .handle = handle, .arrivals = R"({"poisson": "30/s"})"};
  const auto batched = s.run();
  s.subscription = "";
  const auto alone = s.run();
  REQUIRE(batched.ledger.handled == batched.ledger.published);
  CHECK(batched.services[1].arrivals < alone.services[1].arrivals);
  CHECK(batched.clients[0].fulfilled == alone.clients[0].fulfilled);
  CHECK(batched.clients[0].broken_promises > 0);
}

TEST_CASE("work of the same messages sums to the same, in batches or alone", "[system]") {
  TopicScenario s = burst(40, R"({"size": 7})", R"({"repeat": 2, "steps": [{"work": {"exponential": "10ms"}}]})");
  const auto batched = s.run();
  s.subscription = "";
  CHECK(s.run().services[1].busy_ns == batched.services[1].busy_ns);
}

TEST_CASE("only the message that fails is redelivered", "[system]") {
  TopicScenario s{.topic = R"("redelivery": {"delay": "100ms", "max_deliveries": 50}, )",
                  .subscription = R"("batch": {"size": 10})",
                  .handle = R"({"work": "1ms", "fails": 0.3})",
                  .publish = publish_times(11),
                  .arrivals = R"({"constant": "10/s"})",
                  .horizon = "100s"};
  const auto m = s.run();
  const auto& t = m.subscriptions[0];
  const double share = static_cast<double>(t.redelivered) / static_cast<double>(t.handled);
  CHECK(share == Approx(0.3 / 0.7).epsilon(0.05));
  CHECK(m.clients[0].fulfilled + m.clients[0].incomplete == m.clients[0].requests);
  CHECK(m.ledger.dead_lettered == 0);
  check_books(m);
}

TEST_CASE("a failure of a batch as a whole redelivers all of it", "[system]") {
  const auto m = [] {
    TopicScenario s = burst(5, R"({"size": 5, "wait": "1s"})", R"({"work": "10ms", "per": "batch", "fails": 1})");
    s.topic = R"("redelivery": {"delay": "100ms", "max_deliveries": 3}, )";
    return s.run();
  }();
  CHECK(m.services[1].arrivals == 3);
  CHECK(m.subscriptions[0].dead_lettered == 5);
  CHECK(m.subscriptions[0].redelivered == 10);
  check_all_ms(m.clients[0].completion_time, 10 + 100 + 10 + 100 + 10);
  check_books(m);
}

TEST_CASE("redelivery counts from the failure, while the rest of the batch goes on", "[system]") {
  // All fail in the first step: the job ends there. The delay of 300 ms after it spares those that succeed.
  TopicScenario s = burst(2, R"({"size": 2, "wait": "1s"})", R"({"work": "10ms", "fails": 1}, {"work": "500ms"})");
  s.topic = R"("redelivery": {"delay": "300ms", "max_deliveries": 2}, )";
  const auto m = s.run();
  check_all_ms(m.clients[0].completion_time, 20 + 300 + 20);
  CHECK(m.services[1].busy_ns == 40'000'000);
}

TEST_CASE("a message that declines is handled, and its request is not fulfilled", "[system]") {
  const auto m = burst(5, R"({"size": 5, "wait": "1s"})", R"({"work": "10ms", "declines": 1}, {"work": "1s"})").run();
  CHECK(m.subscriptions[0].handled == 5);
  CHECK(m.subscriptions[0].redelivered == 0);
  CHECK(m.clients[0].broken_promises == 1);
  check_all_ms(m.subscriptions[0].lag, 50);
}

TEST_CASE("a batch notifies and publishes for every message of it", "[system]") {
  const std::string text = R"({"name": "t", "horizon": "10s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "8/s"}}},
    "topics": {"t": {"subscriptions": {"b.y": {"batch": {"size": 4, "wait": "5s"}}}}, "u": {"subscriptions": {"b.z": {}}}},
    "services": {"a": {"operations": {"x": [{"publish": "t"}]}},
                 "b": {"workers": 8, "operations": {"y": [{"work": "10ms"}, {"notify": "client"}, {"publish": "u"}],
                                                    "z": [{"work": "100ms"}]}}}})";
  const auto m = run_text(text);
  // Requests at k/8 s: the fourth makes the batch full, the first waits 375 ms for it; then 40 ms of work.
  const auto& notified = m.clients[0].notification_time;
  CHECK(ms(static_cast<double>(notified.minimum())) == 40);
  CHECK(ms(static_cast<double>(notified.maximum())) == 375 + 40);
  CHECK(notified.count() == m.clients[0].requests);
  CHECK(m.subscriptions[1].published == m.subscriptions[0].handled);
  CHECK(ms(static_cast<double>(m.clients[0].completion_time.minimum())) == 140);
  CHECK(ms(static_cast<double>(m.clients[0].completion_time.maximum())) == 375 + 140);
  check_books(m);
}

TEST_CASE("a batch calls once, and its failure is that of every message", "[system]") {
  const std::string text = R"({"name": "t", "horizon": "10s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "1/s"}}},
    "topics": {"t": {"subscriptions": {"b.y": {"batch": {"size": 4, "wait": "5s"}}},
                     "redelivery": {"delay": "10ms", "max_deliveries": 1}}},
    "services": {"a": {"operations": {"x": [{"repeat": 4, "steps": [{"publish": "t"}]}]}},
                 "b": {"operations": {"y": [{"work": "10ms"}, {"call": "d.w"}]}},
                 "d": {"operations": {"w": [{"work": "5ms", "fails": 1}]}}}})";
  const auto m = run_text(text);
  CHECK(m.calls[0].calls == 9);
  CHECK(m.subscriptions[0].dead_lettered == 36);
  check_all_ms(m.clients[0].completion_time, 45);
  check_books(m);
}

TEST_CASE("concurrency counts batches", "[system]") {
  const TopicScenario s{.subscription = R"("batch": {"size": 3}, "concurrency": 2)",
                        .handle = R"({"work": "90ms", "per": "batch"})",
                        .publish = publish_times(8),
                        .handler = R"("workers": 9, )"};
  // Two single messages at once, then twice three: 90 and 180 ms.
  const auto m = s.run();
  CHECK(m.services[1].arrivals == 9 * 4);
  check_all_ms(m.clients[0].completion_time, 180);
  CHECK(total_ms(m.subscriptions[0].lag) == Approx(9 * (2 * 90 + 6 * 180)));
  check_books(m);
}

TEST_CASE("every delivery of a message has draws of its own, in a batch or alone", "[system]") {
  // Were the second delivery's draws those of the first, it would take as long, and as many would happen twice.
  for (const std::string batch : {R"({"size": 1})", R"({"size": 8, "wait": "10ms"})"}) {
    const auto deliver = [&](const std::string& most, const std::string& duplicates) {
      TopicScenario s = burst(40, batch, R"({"work": {"exponential": "10ms"}, "fails": 1})");
      s.topic =
          R"("duplicates": )" + duplicates + R"(, "redelivery": {"delay": "2s", "max_deliveries": )" + most + "}, ";
      const auto m = s.run();
      CHECK(m.subscriptions[0].dead_lettered == 40);
      return m;
    };
    INFO(batch);
    const Int128 work = deliver("1", "0").services[1].busy_ns;
    CHECK((deliver("2", "0").services[1].busy_ns != work + work));
    const std::uint64_t twice = deliver("1", "0.3").subscriptions[0].duplicates;
    CHECK(twice > 0);
    CHECK(deliver("2", "0.3").subscriptions[0].duplicates != twice + twice);
  }
}
