#include "sojourn/messaging/polling.hpp"

#include "support/catch.hpp"

using namespace sojourn;
using namespace sojourn::literals;

TEST_CASE("idle consumers look at time 0 and after every interval", "[messaging]") {
  const PollingConsumers consumers(100_ms, 2);
  CHECK(consumers.next_look(0_ms) == 0_ms);
  CHECK(consumers.next_look(1_ns) == 100_ms);
  CHECK(consumers.next_look(100_ms) == 100_ms);
  CHECK(consumers.next_look(199_ms) == 200_ms);
  CHECK(consumers.somebody_looks(300_ms));
  CHECK_FALSE(consumers.somebody_looks(301_ms));
}

TEST_CASE("each consumer keeps its own clock from its last look on", "[messaging]") {
  PollingConsumers consumers(100_ms, 1);
  consumers.takes(100_ms);
  CHECK(consumers.next_look(100_ms) == Time::never());
  CHECK_FALSE(consumers.somebody_looks(200_ms));
  consumers.finishes(130_ms);
  consumers.finishes(170_ms);
  CHECK(consumers.next_look(131_ms) == 170_ms);
  CHECK(consumers.next_look(171_ms) == 230_ms);
  CHECK(consumers.next_look(1000_ms) == 1030_ms);
  CHECK(consumers.next_look(1080_ms) == 1130_ms);
  consumers.takes(1130_ms);
  CHECK(consumers.next_look(1080_ms) == 1170_ms);
}
