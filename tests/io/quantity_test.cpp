#include "sojourn/io/quantity.hpp"

#include "support/catch.hpp"

using namespace sojourn;

namespace {

Estimate known(double value, double half_width) { return {.value = value, .half_width = half_width, .n = 20}; }

std::string seconds_text(double value, double half_width) {
  return quantity_text(known(value, half_width), Unit::seconds);
}

}  // namespace

TEST_CASE("a quantity has three digits at most, none beyond what is sure") {
  CHECK(seconds_text(0.054213, 0.00031) == "54.2 ± 0.4 ms");
  CHECK(seconds_text(0.054213, 0.0000031) == "54.2 ± 0.1 ms");  // half-widths are rounded up
  CHECK(seconds_text(0.16623, 0.0032) == "166 ± 4 ms");
  CHECK(seconds_text(0.16623, 0.0132) == "166 ± 14 ms");
  CHECK(seconds_text(1.3086, 0.0257) == "1.31 ± 0.03 s");
  CHECK(seconds_text(0.0000042, 0.0000011) == "4.2 ± 1.1 µs");
  CHECK(seconds_text(0.5, 0) == "500 ms");
  CHECK(seconds_text(300, 1) == "5.00 ± 0.02 min");
  CHECK(quantity_text(std::nullopt, Unit::seconds) == "unknown");
  CHECK(quantity_text(Estimate{.value = 0.5, .half_width = {}, .n = 1}, Unit::seconds) == "500 ms");
}

TEST_CASE("shares are percent, with the digits that their half-width carries") {
  CHECK(quantity_text(known(0.99943, 0.00011), Unit::ratio) == "99.943 ± 0.011 %");
  CHECK(quantity_text(known(0.999, 0.004), Unit::ratio) == "99.9 ± 0.4 %");
  CHECK(quantity_text(known(1, 0), Unit::ratio) == "100 %");
  CHECK(quantity_text(known(0, 0), Unit::ratio) == "0 %");
  CHECK(quantity_text(known(0.97986, 0), Unit::ratio) == "97.99 %");
}

TEST_CASE("other units") {
  CHECK(value_text(known(80.04, 0.2), Unit::per_second) == "80.0/s");
  CHECK(value_text(known(1234567, 0), Unit::count) == "1234567");
  CHECK(value_text(known(1.5, 0), Unit::cost) == "1.50/h");
}

TEST_CASE("differences carry their sign, and those of shares are in points") {
  CHECK(difference_text(known(-0.112, 0.0028), Unit::seconds) == "-112 ± 3 ms");
  CHECK(difference_text(known(0.34, 0.021), Unit::seconds) == "+340 ± 21 ms");
  CHECK(difference_text(known(0.02, 0.0011), Unit::ratio) == "+2.00 ± 0.11 points");
  CHECK(difference_text(known(0.15, 0.008), Unit::per_second) == "+0.150 ± 0.008/s");
}

TEST_CASE("a group is printed in the unit of its middle value") {
  CHECK(scale_for(Unit::seconds, {0.004, 0.054, 1.2}).name == "ms");
  CHECK(scale_for(Unit::seconds, {0.4, 1.5, 20}).name == "s");
  CHECK(scale_for(Unit::seconds, {}).name == "ms");
  CHECK(scale_for(Unit::seconds, {90, 90, 90}).name == "s");
  CHECK(scale_for(Unit::seconds, {150, 150, 150}).name == "min");
}

TEST_CASE("numbers") {
  CHECK(fixed(-0.0001, 2) == "0.00");
  CHECK(fixed(1e6, 0) == "1000000");
  CHECK(factor_text(3.14159) == "3.1");
  CHECK(factor_text(0.0371) == "0.037");
  CHECK(factor_text(1.0152) == "1.02");
  CHECK(factor_text(20.4) == "20");
  CHECK(width_of("54 ± 3 µs") == 9);
}
