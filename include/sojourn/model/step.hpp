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
#include "sojourn/resilience/circuit_breaker.hpp"
#include "sojourn/resilience/limits.hpp"
#include "sojourn/resilience/retry.hpp"
#include "sojourn/resilience/token_bucket.hpp"

namespace sojourn {

struct Step;
using Steps = std::vector<Step>;

/// In a batch: one sample for each message, summed, or one for all.
enum class Per : std::uint8_t { message, batch };
constexpr auto names_of(std::type_identity<Per>) {
  return std::array{std::pair{Per::message, std::string_view{"message"}},
                    std::pair{Per::batch, std::string_view{"batch"}}};
}

/// Occupies the worker for a sample of time.
struct Work {
  Distribution time;
  double fails = 0;
  double declines = 0;
  Per per = Per::message;

  static constexpr std::string_view key = "work";
  static constexpr std::string_view sentence = "occupies the worker for a sample of time";
  static constexpr auto fields() {
    return std::tuple{
        required("work", &Work::time, "how long the worker is occupied"),
        optional("fails", &Work::fails, "probability that the step then fails: a fault, drawn anew at every attempt",
                 probability()),
        optional("declines", &Work::declines,
                 "probability that its answer is no: a fact about the request, the same in every attempt and variant",
                 probability()),
        optional("per", &Work::per,
                 "in a batch: message draws once for each message and sums, batch draws once for all")};
  }
};

/// Whether a job stops when its caller has given up.
enum class Deadline : std::uint8_t { ignore, propagate };
constexpr auto names_of(std::type_identity<Deadline>) {
  return std::array{std::pair{Deadline::ignore, std::string_view{"ignore"}},
                    std::pair{Deadline::propagate, std::string_view{"propagate"}}};
}

/// Sends a request to an operation and waits for its reply. The options nest from the outside in:
/// retry(circuit_breaker(rate_limit(timeout(bulkhead(hedge(call)))))), as in resilience4j.
struct Call {
  OperationName operation;
  std::optional<Duration> timeout;
  std::optional<Retry> retry;
  std::optional<CircuitBreakerRules> circuit_breaker;
  std::optional<RateLimit> rate_limit;
  std::optional<Bulkhead> bulkhead;
  std::optional<Hedge> hedge;
  std::optional<Steps> fallback;
  Deadline deadline = Deadline::ignore;
  bool deferrable = false;
  std::optional<std::int32_t> priority;

  static constexpr std::string_view key = "call";
  static constexpr std::string_view sentence = "sends a request to an operation and waits for its reply";
  static constexpr auto fields() {
    return std::tuple{
        required("call", &Call::operation, "the operation that is asked"),
        optional("timeout", &Call::timeout, "the caller stops waiting after this time; what the callee does goes on",
                 more_than(0)),
        optional("retry", &Call::retry, "ask again when an attempt did not succeed"),
        optional("circuit_breaker", &Call::circuit_breaker,
                 "stops calling what keeps failing; one for each calling service and operation"),
        optional("rate_limit", &Call::rate_limit, "a token bucket; what exceeds it is refused"),
        optional("bulkhead", &Call::bulkhead, "calls at once; what exceeds it is refused"),
        optional("hedge", &Call::hedge, "a further copy is sent when no answer has come; the first success counts"),
        optional("fallback", &Call::fallback,
                 "steps run instead when the call has finally failed: the job goes on, marked degraded"),
        optional(
            "deadline", &Call::deadline,
            "propagate: a job whose caller has given up is dropped when its turn comes, and stops at its next step"),
        optional("deferrable", &Call::deferrable, "a variant's defer may turn this call into a published message"),
        optional("priority", &Call::priority, "overrides the inherited priority; higher first")};
  }
};

/// Puts a message on a topic and goes on.
struct Publish {
  std::string topic;
  MessageKey message_key;
  bool confirm = false;
  bool outbox = false;
  std::optional<Duration> timeout;
  std::optional<std::int32_t> priority;

  static constexpr std::string_view key = "publish";
  static constexpr std::string_view sentence = "puts a message on a topic and goes on";
  static constexpr auto fields() {
    return std::tuple{required("publish", &Publish::topic, "the topic"),
                      optional("key", &Publish::message_key,
                               "picks the partition: \"request\", or {\"zipf\": {\"keys\", \"exponent\"}}"),
                      optional("confirm", &Publish::confirm, "waits for the broker's acknowledgement"),
                      optional("outbox", &Publish::outbox,
                               "kept by the service and sent when the broker can take it: never lost, never waiting"),
                      optional("timeout", &Publish::timeout, "how long a confirming publisher waits", more_than(0)),
                      optional("priority", &Publish::priority, "overrides the inherited priority; higher first")};
  }
  [[nodiscard]] std::string problem() const;
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
  std::vector<OperationName> when;

  static constexpr std::string_view key = "notify";
  static constexpr std::string_view sentence = "the client learns the outcome now, recorded once a request";
  static constexpr auto fields() {
    return std::tuple{required("notify", &Notify::whom, "always \"client\""),
                      optional("when", &Notify::when, "only once handlers of all of these have succeeded")};
  }
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

/// Runs steps while holding a unit of a shared resource.
struct Use {
  std::string resource;
  Steps steps;

  static constexpr std::string_view key = "use";
  static constexpr std::string_view sentence = "takes a unit of a resource, runs the steps, gives it back";
  static constexpr auto fields() {
    return std::tuple{required("use", &Use::resource, "the resource"),
                      required("steps", &Use::steps, "what is done while the unit is held")};
  }
};

/// The join of a flow of messages.
struct Await {
  std::vector<OperationName> operations;
  std::optional<Duration> timeout;

  static constexpr std::string_view key = "await";
  static constexpr std::string_view sentence =
      "waits until handlers of these operations, caused by this request, have succeeded";
  static constexpr auto fields() {
    return std::tuple{required("await", &Await::operations, "operations that handle messages"),
                      optional("timeout", &Await::timeout, "after this time the step fails", more_than(0))};
  }
  [[nodiscard]] std::string problem() const;
};

/// The saga's way back.
struct Try {
  Steps steps;
  Steps compensate;

  static constexpr std::string_view key = "try";
  static constexpr std::string_view sentence =
      "if one of its steps finally fails, compensate runs, and then the job fails";
  static constexpr auto fields() {
    return std::tuple{required("try", &Try::steps, "what is tried"),
                      required("compensate", &Try::compensate, "what undoes it")};
  }
};

/// One step: an object that holds the key of its kind among its own keys.
struct Step {
  std::variant<Work, Call, Publish, Reply, Notify, Delay, Choose, Parallel, Repeat, Use, Await, Try> kind;

  static constexpr bool inline_key = true;
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
