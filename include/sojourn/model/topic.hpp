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
#include "sojourn/model/failures.hpp"
#include "sojourn/model/values.hpp"
#include "sojourn/random/distribution.hpp"

namespace sojourn {

/// One job handles several messages.
struct Batch {
  std::uint32_t size = 1;
  Duration wait;

  static constexpr std::string_view sentence = "one job handles up to 'size' messages";
  static constexpr auto fields() {
    return std::tuple{required("size", &Batch::size, "most messages of one job", between(1, 1e6)),
                      optional("wait", &Batch::wait,
                               "it starts when full, or so long after the first message came; 0s takes what is there")};
  }
};

/// How an operation takes the messages of a topic.
struct Subscription {
  std::optional<std::uint32_t> concurrency;
  std::optional<Batch> batch;
  std::optional<Duration> poll;

  static constexpr std::string_view sentence = "how an operation takes the messages of a topic";
  static constexpr auto fields() {
    return std::tuple{optional("concurrency", &Subscription::concurrency,
                               "handler jobs at once over all replicas; default: workers x replicas", at_least(1)),
                      optional("batch", &Subscription::batch, "one job handles several messages"),
                      optional("poll", &Subscription::poll, "a consumer that finds nothing looks again after this time",
                               more_than(0))};
  }
};

/// Messages wait in it, per subscription.
struct Topic {
  std::map<OperationName, Subscription> subscriptions;
  Distribution latency;
  std::optional<std::uint32_t> partitions;
  Limit capacity;
  Overflow overflow = Overflow::refuse;
  Delivery delivery = Delivery::at_least_once;
  Redelivery redelivery;
  double duplicates = 0;
  std::optional<Duration> expires;
  std::optional<Failures> failures;
  double cost_per_million = 0;

  static constexpr std::string_view sentence = "messages are put on it, and every subscription gets every message";
  static constexpr auto fields() {
    return std::tuple{
        required("subscriptions", &Topic::subscriptions, "operation to its options; every one gets every message"),
        optional("latency", &Topic::latency, "broker time from publish to available"),
        optional("partitions", &Topic::partitions,
                 "a message's key picks its partition; each subscription handles a partition's messages in order, one "
                 "at a time",
                 between(1, 1e6)),
        optional("capacity", &Topic::capacity, "messages that may wait, per subscription", at_least(0)),
        optional(
            "overflow", &Topic::overflow,
            "refuse: a message that finds no room is refused; drop-oldest: the oldest waiting one makes room; block: "
            "the publisher waits"),
        optional("delivery", &Topic::delivery,
                 "at-least-once: removed when its handler succeeds; at-most-once: removed on delivery; deduplicated: "
                 "at-least-once, and a second delivery of a handled message does no work"),
        optional("redelivery", &Topic::redelivery, "when a message whose handling failed comes again"),
        optional("duplicates", &Topic::duplicates, "probability that a delivery happens twice", probability()),
        optional("expires", &Topic::expires, "a message that waited longer is dropped when its turn comes"),
        optional("failures", &Topic::failures,
                 "the broker goes down and comes back; messages already accepted survive"),
        optional("cost_per_million", &Topic::cost_per_million, "of messages published", at_least(0))};
  }
};

}  // namespace sojourn
