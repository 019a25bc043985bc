#pragma once
// A topic: messages are put on it, and every subscription gets every message.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "sojourn/core/describe.hpp"
#include "sojourn/messaging/delivery.hpp"
#include "sojourn/model/values.hpp"
#include "sojourn/random/distribution.hpp"

namespace sojourn {

/// How an operation takes the messages of a topic.
struct Subscription {
  std::optional<std::uint32_t> concurrency;

  static constexpr std::string_view sentence = "how an operation takes the messages of a topic";
  static constexpr std::array<std::string_view, 2> later{"batch", "poll"};
  static constexpr auto fields() {
    return std::tuple{optional("concurrency", &Subscription::concurrency,
                               "handler jobs at once over all replicas; default: workers x replicas", at_least(1))};
  }
};

/// Messages wait in it, per subscription.
struct Topic {
  std::map<OperationName, Subscription> subscriptions;
  Distribution latency;
  Limit capacity;
  Overflow overflow = Overflow::refuse;
  Delivery delivery = Delivery::at_least_once;
  Redelivery redelivery;

  static constexpr std::string_view sentence = "messages are put on it, and every subscription gets every message";
  static constexpr std::array<std::string_view, 5> later{"partitions", "duplicates", "expires", "failures",
                                                         "cost_per_million"};
  static constexpr auto fields() {
    return std::tuple{
        required("subscriptions", &Topic::subscriptions, "operation to its options; every one gets every message"),
        optional("latency", &Topic::latency, "broker time from publish to available"),
        optional("capacity", &Topic::capacity, "messages that may wait, per subscription", at_least(0)),
        optional(
            "overflow", &Topic::overflow,
            "refuse: a message that finds no room is refused; drop-oldest: the oldest waiting one makes room; block: "
            "the publisher waits"),
        optional("delivery", &Topic::delivery,
                 "at-least-once: removed when its handler succeeds; at-most-once: removed on delivery; deduplicated: "
                 "at-least-once, and a second delivery of a handled message does no work"),
        optional("redelivery", &Topic::redelivery, "when a message whose handling failed comes again")};
  }
};

}  // namespace sojourn
