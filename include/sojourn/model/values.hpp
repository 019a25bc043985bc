#pragma once
// The small values of the scenario language that are neither numbers nor structs: names, limits, shares.

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "sojourn/core/describe.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// "service.operation".
struct OperationName {
  std::string service;
  std::string operation;
  auto operator<=>(const OperationName&) const = default;
  [[nodiscard]] std::string text() const { return service + "." + operation; }
};

/// A count, or "unlimited".
struct Limit {
  std::optional<std::uint32_t> count;
  constexpr bool operator==(const Limit&) const = default;
  [[nodiscard]] constexpr bool unlimited() const { return !count.has_value(); }
};
constexpr Limit limited_to(std::uint32_t count) { return {count}; }
constexpr Limit unlimited() { return {std::nullopt}; }

/// How many branches of a parallel step must succeed: "all", "any" or a number.
struct Join {
  enum class Kind : std::uint8_t { all, any, number };
  Kind kind = Kind::all;
  std::uint32_t number = 0;
  constexpr bool operator==(const Join&) const = default;
  /// The number of successes that ends the join, of this many branches.
  [[nodiscard]] constexpr std::uint32_t needed(std::uint32_t branches) const {
    if (kind == Kind::all) return branches;
    return kind == Kind::any ? 1 : number;
  }
};

/// How often a repeat runs: a fixed number, or a random one with this mean, at least 0 (geometric).
struct Repetitions {
  std::uint32_t count = 1;
  std::optional<double> geometric_mean = {};
  constexpr bool operator==(const Repetitions&) const = default;
  [[nodiscard]] constexpr double mean() const { return geometric_mean.value_or(count); }
};

/// The key of a message, which picks its partition: "request" (each request its own), or drawn by Zipf's law.
struct MessageKey {
  struct Zipf {
    std::uint32_t keys = 1;
    double exponent = 1;
    bool operator==(const Zipf&) const = default;

    static constexpr std::string_view sentence =
        "key of rank r (from 1) comes with probability proportional to r^-exponent";
    static constexpr auto fields() {
      return std::tuple{
          required("keys", &Zipf::keys, "how many keys there are", between(1, 1e7)),
          required("exponent", &Zipf::exponent, "0: all alike; larger: hotter first keys", between(0, 100))};
    }
  };
  std::optional<Zipf> zipf;  ///< none: the request's number
  bool operator==(const MessageKey&) const = default;
};

/// "shop->payment": from a client, service or topic to another.
struct LinkName {
  std::string from;
  std::string to;
  auto operator<=>(const LinkName&) const = default;
  [[nodiscard]] std::string text() const { return from + "->" + to; }
};

/// What a client asks for: one operation ("shop.order"), or several with weights.
struct RequestMix {
  std::map<OperationName, double> weights;
};

/// A point of a profile over time, written ["5min", 3]: at this time the rate has this factor.
struct ProfilePoint {
  Time at;
  double factor = 1;
};
using Profile = std::vector<ProfilePoint>;

}  // namespace sojourn
