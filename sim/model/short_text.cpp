#include "sojourn/model/short_text.hpp"

#include <cmath>
#include <cstddef>

#include "sojourn/core/time.hpp"

namespace sojourn {

std::string short_number(double value) {
  if (!(value > 0)) return "0";
  if (!std::isfinite(value)) return "infinite";
  int power = 0;
  for (; value >= 10; value /= 10) ++power;
  for (; value < 1; value *= 10) --power;
  auto digits = static_cast<int>(value * 1000 + 0.5);
  if (digits == 10'000) {
    digits = 1000;
    ++power;
  }
  std::string text = std::to_string(digits);
  const bool plain = power >= -3 && power <= 6;
  if (plain && power >= 3) return text + std::string(static_cast<std::size_t>(power - 3), '0');
  if (plain && power < 0) text.insert(0, static_cast<std::size_t>(-power), '0');
  text.insert(plain && power > 0 ? static_cast<std::size_t>(power) + 1 : 1, ".");
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return plain ? text : text + "e" + std::to_string(power);
}

std::string short_duration(double ns) {
  if (!std::isfinite(ns)) return "infinite";
  double unit = 1;
  while (ns / unit >= 10'000) unit *= 10;
  return to_text(from_ns(std::floor(ns / unit + 0.5) * unit));
}

}  // namespace sojourn
