#pragma once
// The steps of an operation: what a job does, in order.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sojourn/core/box.hpp"
#include "sojourn/core/describe.hpp"
#include "sojourn/model/values.hpp"
#include "sojourn/random/distribution.hpp"
#include "sojourn/resilience/retry.hpp"

namespace sojourn {

struct Step;
using Steps = std::vector<Step>;

/// Occupies the worker for a sample of time.
struct Work {
  Distribution time;
  double fails = 0;
  double declines = 0;

  static constexpr std::string_view key = "work";
  static constexpr std::string_view sentence = "occupies the worker for a sample of time";
  static constexpr std::array<std::string_view, 1> later{"per"};
  static constexpr auto fields() {
    return std::tuple{
        required("work", &Work::time, "how long the worker is occupied"),
        optional("fails", &Work::fails, "probability that the step then fails: a fault, drawn anew at every attempt",
                 probability()),
        optional("declines", &Work::declines,
                 "probability that its answer is no: a fact about the request, the same in every attempt and variant",
                 probability())};
  }
};

/// Sends a request to an operation and waits for its reply.
struct Call {
  OperationName operation;
  std::optional<Duration> timeout;
  std::optional<Retry> retry;
  bool deferrable = false;
  std::optional<std::int32_t> priority;

  static constexpr std::string_view key = "call";
  static constexpr std::string_view sentence = "sends a request to an operation and waits for its reply";
  static constexpr std::array<std::string_view, 6> later{"circuit_breaker", "bulkhead", "rate_limit",
                                                         "hedge",           "fallback", "deadline"};
  static constexpr auto fields() {
    return std::tuple{
        required("call", &Call::operation, "the operation that is asked"),
        optional("timeout", &Call::timeout, "the caller stops waiting after this time; what the callee does goes on",
                 more_than(0)),
        optional("retry", &Call::retry, "ask again when an attempt did not succeed"),
        optional("deferrable", &Call::deferrable, "a variant's defer may turn this call into a published message"),
        optional("priority", &Call::priority, "overrides the inherited priority; higher first")};
  }
};

/// Puts a message on a topic and goes on.
struct Publish {
  std::string topic;
  std::optional<std::int32_t> priority;

  static constexpr std::string_view key = "publish";
  static constexpr std::string_view sentence = "puts a message on a topic and goes on";
  static constexpr std::array<std::string_view, 4> later{"key", "confirm", "outbox", "timeout"};
  static constexpr auto fields() {
    return std::tuple{required("publish", &Publish::topic, "the topic"),
                      optional("priority", &Publish::priority, "overrides the inherited priority; higher first")};
  }
};

/// Answers the caller now; the remaining steps run after it.
struct Reply {
  std::string answer;

  static constexpr std::string_view key = "reply";
  static constexpr std::string_view sentence = "answers the caller now; the remaining steps run after it";
  static constexpr auto fields() {
    return std::tuple{required("reply", &Reply::answer, "what is answered, a free text such as \"accepted\"")};
  }
};

/// Whom a notification reaches; so far always the client.
enum class Notified : std::uint8_t { client };
constexpr auto names_of(std::type_identity<Notified>) {
  return std::array{std::pair{Notified::client, std::string_view{"client"}}};
}

/// The client of the request that caused this learns the outcome now.
struct Notify {
  Notified whom = Notified::client;

  static constexpr std::string_view key = "notify";
  static constexpr std::string_view sentence = "the client learns the outcome now, recorded once a request";
  static constexpr std::array<std::string_view, 1> later{"when"};
  static constexpr auto fields() { return std::tuple{required("notify", &Notify::whom, "always \"client\"")}; }
};

/// Time passes without work.
struct Delay {
  Distribution time;

  static constexpr std::string_view key = "delay";
  static constexpr std::string_view sentence = "time passes without work";
  static constexpr auto fields() { return std::tuple{required("delay", &Delay::time, "how long")}; }
};

struct ChooseBranch;

/// One branch is taken; the rest of the probability is: no steps.
struct Choose {
  std::vector<ChooseBranch> branches;

  static constexpr std::string_view key = "choose";
  static constexpr std::string_view sentence = "runs one branch; the rest of the probability runs no steps";
  static constexpr auto fields() {
    return std::tuple{required("choose", &Choose::branches, "the branches with their probabilities")};
  }
  [[nodiscard]] std::string problem() const;
};

/// Branches run at once.
struct Parallel {
  std::vector<Steps> branches;
  Join join;

  static constexpr std::string_view key = "parallel";
  static constexpr std::string_view sentence = "branches run at once; the step ends when enough have succeeded";
  static constexpr auto fields() {
    return std::tuple{
        required("parallel", &Parallel::branches, "the branches, each a list of steps"),
        optional("join", &Parallel::join, "how many branches must succeed: \"all\", \"any\" or a number")};
  }
  [[nodiscard]] std::string problem() const;
};

/// Runs steps several times.
struct Repeat {
  Repetitions times;
  Steps steps;

  static constexpr std::string_view key = "repeat";
  static constexpr std::string_view sentence = "runs steps several times, one after another";
  static constexpr auto fields() {
    return std::tuple{required("repeat", &Repeat::times, "how often"),
                      required("steps", &Repeat::steps, "the steps of one round")};
  }
};

/// One step: an object that holds the key of its kind among its own keys.
struct Step {
  std::variant<Work, Call, Publish, Reply, Notify, Delay, Choose, Parallel, Repeat> kind;

  static constexpr bool inline_key = true;
  static constexpr std::array<std::string_view, 3> later{"use", "await", "try"};
};

/// A branch of a choice.
struct ChooseBranch {
  double probability = 0;
  Steps steps;

  static constexpr auto fields() {
    return std::tuple{
        required("probability", &ChooseBranch::probability, "how likely this branch is", sojourn::probability()),
        required("steps", &ChooseBranch::steps, "what it does")};
  }
};

}  // namespace sojourn
