#pragma once
// Incidents: what happens to services, topics, links and clients for a while.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "sojourn/core/describe.hpp"
#include "sojourn/core/time.hpp"
#include "sojourn/model/failures.hpp"
#include "sojourn/random/distribution.hpp"

namespace sojourn {

/// It does not answer, or stands still.
struct DownEffect {
  DownMode mode = DownMode::refuse;

  static constexpr std::string_view key = "down";
  static constexpr bool bare = true;
  static constexpr std::string_view sentence =
      "refuse: callers fail at once; hang: silence; pause: work stops for a while";
  static constexpr auto fields() { return std::tuple{required("down", &DownEffect::mode, sentence)}; }
};

/// Its work takes longer, running work too.
struct SlowdownEffect {
  double factor = 1;

  static constexpr std::string_view key = "slowdown";
  static constexpr bool bare = true;
  static constexpr std::string_view sentence = "work takes this many times as long";
  static constexpr auto fields() {
    return std::tuple{required("slowdown", &SlowdownEffect::factor, sentence, more_than(0))};
  }
};

/// Its jobs fail at their end, or its messages are lost.
struct FailsEffect {
  double chance = 0;

  static constexpr std::string_view key = "fails";
  static constexpr bool bare = true;
  static constexpr std::string_view sentence = "probability that a job fails at its end";
  static constexpr auto fields() {
    return std::tuple{required("fails", &FailsEffect::chance, sentence, probability())};
  }
};

/// Hops take longer.
struct LatencyEffect {
  Distribution added;

  static constexpr std::string_view key = "latency";
  static constexpr bool bare = true;
  static constexpr std::string_view sentence = "time added to every hop";
  static constexpr auto fields() { return std::tuple{required("latency", &LatencyEffect::added, sentence)}; }
};

/// Hops lose what they carry.
struct LossEffect {
  double chance = 0;

  static constexpr std::string_view key = "loss";
  static constexpr bool bare = true;
  static constexpr std::string_view sentence = "probability that a hop loses what it carries";
  static constexpr auto fields() { return std::tuple{required("loss", &LossEffect::chance, sentence, probability())}; }
};

/// A client asks more often, or less.
struct RateEffect {
  double factor = 1;

  static constexpr std::string_view key = "rate";
  static constexpr bool bare = true;
  static constexpr std::string_view sentence = "gaps between arrivals, and think times, are divided by this";
  static constexpr auto fields() { return std::tuple{required("rate", &RateEffect::factor, sentence, at_least(0))}; }
};

/// A service loses some replicas.
struct ReplicasEffect {
  std::uint32_t lost = 1;

  static constexpr std::string_view key = "replicas";
  static constexpr bool bare = true;
  static constexpr std::string_view sentence = "that many replicas are lost";
  static constexpr auto fields() {
    return std::tuple{required("replicas", &ReplicasEffect::lost, sentence, at_least(1))};
  }
};

/// What an incident does.
struct Effect {
  std::variant<DownEffect, SlowdownEffect, FailsEffect, LatencyEffect, LossEffect, RateEffect, ReplicasEffect> kind;
};

/// Something that happens at a time, for a while, to one or several targets.
struct Incident {
  Duration at;
  Duration length;
  std::vector<std::string> targets;  ///< services, operations, topics, links ("shop->inventory"), clients
  Effect effect;

  static constexpr std::string_view sentence = "something that happens for a while to one or several targets";
  static constexpr auto fields() {
    return std::tuple{
        required("at", &Incident::at, "when it begins"),
        required("for", &Incident::length, "how long it lasts", more_than(0)),
        required("target", &Incident::targets,
                 "a service, an operation, a topic, a link such as \"shop->inventory\", a client; or a list"),
        required("effect", &Incident::effect, "what it does")};
  }
  [[nodiscard]] std::string problem() const;
};

}  // namespace sojourn
