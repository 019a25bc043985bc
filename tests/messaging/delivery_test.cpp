#include "sojourn/messaging/delivery.hpp"

#include "support/catch.hpp"

using namespace sojourn;
using namespace sojourn::literals;

TEST_CASE("the wait before a redelivery grows by its factor", "[messaging]") {
  const Redelivery doubled{.delay = 100_ms, .factor = 2, .max_deliveries = 5};
  CHECK(doubled.wait_after(1) == 100_ms);
  CHECK(doubled.wait_after(2) == 200_ms);
  CHECK(doubled.wait_after(4) == 800_ms);
  CHECK(Redelivery{}.wait_after(4) == 1_s);
}

TEST_CASE("an absurd wait becomes never instead of overflowing", "[messaging]") {
  CHECK(Redelivery{.delay = 1_s, .factor = 1e6, .max_deliveries = 100}.wait_after(99) == Duration::never());
  CHECK(Redelivery{.delay = 0_ns, .factor = 1e6, .max_deliveries = 100}.wait_after(99) == 0_ns);
}
