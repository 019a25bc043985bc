// Polling consumers, on scenarios without chance.
#include "support/topics.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

TopicScenario polled(const std::string& publish, const std::string& poll, const std::string& handle = "10ms") {
  return {.subscription = R"("poll": ")" + poll + "\"",
          .handle = R"({"work": ")" + handle + "\"}",
          .publish = publish,
          .arrivals = R"({"constant": "1/s", "profile": [["0s", 1], ["1500ms", 1], ["1500ms", 0]]})"};
}

}  // namespace

TEST_CASE("a message waits for the next look of an idle consumer", "[system]") {
  // Looks at 0, 70 ms, ...: the first after 1 s is at 1050 ms.
  const auto m = polled(R"({"publish": "t"})", "70ms").run();
  check_all_ms(m.subscriptions[0].lag, 50 + 10);
  CHECK(static_cast<double>(m.subscriptions[0].backlog_ns) == 50e6);
  check_books(m);
}

TEST_CASE("a look comes before the arrivals of its instant, and after the ends of work", "[system]") {
  check_all_ms(polled(R"({"publish": "t"})", "100ms").run().subscriptions[0].lag, 100 + 10);
  check_all_ms(polled(R"({"work": "100ms"}, {"publish": "t"})", "100ms").run().subscriptions[0].lag, 10);
}

TEST_CASE("a consumer that has finished looks at once, and its clock starts anew", "[system]") {
  // Three messages at 1 s, looked for at 1.050 s: handled by 60, 70, 80 ms after 1 s without a pause.
  const auto burst = polled(publish_times(3), "70ms").run();
  CHECK(total_ms(burst.subscriptions[0].lag) == Approx(60 + 70 + 80));
  // The consumer finishes at 1.060 s and finds nothing; a message at 1.065 s waits for 1.130 s.
  const auto later = polled(R"({"publish": "t"}, {"delay": "65ms"}, {"publish": "t"})", "70ms").run();
  CHECK(total_ms(later.subscriptions[0].lag) == Approx(60 + (130 + 10 - 65)));
  check_books(later);
}

TEST_CASE("several consumers have clocks of their own", "[system]") {
  TopicScenario s = polled(
      R"({"publish": "t"}, {"delay": "30ms"}, {"publish": "t"}, {"delay": "70ms"}, {"publish": "t"})", "70ms", "30ms");
  s.handler = R"("workers": 2, )";
  // Messages at 1.000, 1.030, 1.100 s. At 1.050 s both are taken, until 1.080 s: both clocks are there now.
  // The third is found at 1.150 s.
  CHECK(total_ms(s.run().subscriptions[0].lag) == Approx(80 + 50 + (150 + 30 - 100)));
  s.subscription = R"("poll": "70ms", "concurrency": 1)";
  // Alone: the second is taken at 1.080 s, until 1.110 s; and the third at once then.
  CHECK(total_ms(s.run().subscriptions[0].lag) == Approx(80 + 80 + 40));
}

TEST_CASE("idle looks are no events", "[system]") {
  TopicScenario s = polled(R"({"publish": "t"})", "1us");
  s.horizon = "1min";
  s.handler = R"("workers": 50, )";
  CHECK(s.run().events < 200);
  check_all_ms(s.run().subscriptions[0].lag, 10.001);
}

TEST_CASE("a batch job takes what has gathered since the last look", "[system]") {
  TopicScenario s{.subscription = R"("poll": "1s", "batch": {"size": 100}, "concurrency": 1)",
                  .handle = R"({"work": "200ms", "per": "batch"})",
                  .publish = R"({"publish": "t"})",
                  .arrivals = R"({"constant": "10/s", "profile": [["0s", 1], ["1950ms", 1], ["1950ms", 0]]})"};
  // Requests at 0.1 ... 1.9 s. The look at 1 s comes before the arrival of its instant and takes 9, until 1.2 s; those of
  // 1.0, 1.1 s go at once then (1.2 s has not yet arrived), until 1.4 s; 1.2, 1.3 s until 1.6 s; and so on by twos.
  const auto m = s.run();
  CHECK(m.services[1].arrivals == 6);
  double lags = 0;
  for (int i = 1; i <= 9; ++i) lags += 1200 - 100 * i;
  for (int i = 10; i < 18; i += 2) lags += (400 - 0) + (300 - 0);
  // Those of 1.8 and 1.9 s: 1.8 s comes when the consumer finishes at 2.0 s.
  lags += 400 + 300;
  CHECK(total_ms(m.subscriptions[0].lag) == Approx(lags));
  check_books(m);
}

TEST_CASE("a polling consumer whose service is busy looks again", "[system]") {
  // A call occupies the only worker from 1.0 to 1.06 s; the look at 1.050 s finds no worker, the one at 1.120 s does.
  TopicScenario s = polled(R"({"publish": "t"}, {"call": "b.z"})", "70ms");
  s.handle = R"({"work": "10ms"}], "z": [{"work": "60ms"})";
  check_all_ms(s.run().subscriptions[0].lag, 130);
}

TEST_CASE("a redelivered message waits for a look", "[system]") {
  TopicScenario s = polled(R"({"publish": "t"})", "70ms");
  s.handle = R"({"work": "10ms", "fails": 1})";
  s.topic = R"("redelivery": {"delay": "30ms", "max_deliveries": 2}, )";
  // Taken at 1.050 s, fails at 1.060 s, there again at 1.090 s, looked for at 1.130 s.
  check_all_ms(s.run().clients[0].completion_time, 140);
}
