#pragma once
// Clients: where requests come from, open (a law of arrivals) or closed (users who think, ask and wait).

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "sojourn/core/describe.hpp"
#include "sojourn/model/values.hpp"
#include "sojourn/random/distribution.hpp"
#include "sojourn/resilience/retry.hpp"

namespace sojourn {

/// Independent exponential gaps.
struct PoissonArrivals {
  Rate rate;
  Profile profile;

  static constexpr std::string_view key = "poisson";
  static constexpr std::string_view sentence = "independent arrivals at this mean rate";
  static constexpr auto fields() {
    return std::tuple{
        required("poisson", &PoissonArrivals::rate, "mean rate", more_than(0)),
        optional("profile", &PoissonArrivals::profile,
                 "[[time, factor], ...]: scales the rate, linear between points, a repeated time is a step")};
  }
};

/// Equal gaps; the first arrival comes one gap after 0.
struct ConstantArrivals {
  Rate rate;
  Profile profile;

  static constexpr std::string_view key = "constant";
  static constexpr std::string_view sentence = "arrivals at equal gaps";
  static constexpr auto fields() {
    return std::tuple{
        required("constant", &ConstantArrivals::rate, "rate", more_than(0)),
        optional("profile", &ConstantArrivals::profile,
                 "[[time, factor], ...]: scales the rate, linear between points, a repeated time is a step")};
  }
};

/// Independent gaps of any law.
struct RenewalArrivals {
  Distribution gap;

  static constexpr std::string_view key = "renewal";
  static constexpr std::string_view sentence = "independent gaps of any law";
  static constexpr auto fields() { return std::tuple{required("renewal", &RenewalArrivals::gap, "the gap")}; }
};

/// Two rates that take turns (a Markov-modulated Poisson process with two states).
struct Bursts {
  Rate rate;
  Rate burst_rate;
  Duration calm;
  Duration burst;

  static constexpr auto fields() {
    return std::tuple{required("rate", &Bursts::rate, "rate while calm", at_least(0)),
                      required("burst_rate", &Bursts::burst_rate, "rate in a burst", more_than(0)),
                      required("calm", &Bursts::calm, "mean length of a calm", more_than(0)),
                      required("burst", &Bursts::burst, "mean length of a burst", more_than(0))};
  }
};

struct BurstyArrivals {
  Bursts bursts;

  static constexpr std::string_view key = "bursty";
  static constexpr std::string_view sentence = "calm and bursts take turns, exponential lengths (two-state MMPP)";
  static constexpr auto fields() {
    return std::tuple{required("bursty", &BurstyArrivals::bursts, "rates and lengths")};
  }
};

/// Arrivals as recorded, one offset from the start a line.
struct TraceArrivals {
  std::string file;
  std::vector<Time> offsets;  ///< loaded by the reader, not written in the scenario

  static constexpr std::string_view key = "trace";
  static constexpr std::string_view sentence = "arrivals as recorded in a file";
  static constexpr auto fields() {
    return std::tuple{
        required("trace", &TraceArrivals::file, "file of offsets, one duration or number of seconds a line")};
  }
};

/// The law of an open client's arrivals.
struct Arrivals {
  std::variant<PoissonArrivals, ConstantArrivals, RenewalArrivals, BurstyArrivals, TraceArrivals> law;

  static constexpr bool inline_key = true;
};

/// A closed population: each thinks, asks, waits for the answer, and thinks again.
struct Users {
  std::uint32_t users = 1;
  Distribution think;

  static constexpr std::string_view sentence = "each thinks, asks, waits for the answer, and thinks again";
  static constexpr auto fields() {
    return std::tuple{required("users", &Users::users, "how many", between(1, 1e7)),
                      required("think", &Users::think, "time between an answer and the next request")};
  }
};

/// A request that follows an answer, such as a look at the order's state.
struct FollowUp {
  Distribution think;
  OperationName operation;
  std::optional<OperationName> expects;

  static constexpr std::string_view sentence = "a further request after each answer";
  static constexpr auto fields() {
    return std::tuple{required("think", &FollowUp::think, "time from the answer to the follow-up"),
                      required("requests", &FollowUp::operation, "the operation that is asked"),
                      optional("expects", &FollowUp::expects,
                               "it is stale when it arrives before this operation has run for the first request")};
  }
};

/// Where requests come from.
struct Client {
  RequestMix requests;
  std::optional<Duration> timeout;
  std::optional<Retry> retry;
  std::int32_t priority = 0;
  std::optional<Arrivals> arrivals;
  std::optional<Users> users;
  std::vector<FollowUp> then;

  static constexpr std::string_view sentence = "where requests come from: open (arrivals) or closed (users)";
  static constexpr auto fields() {
    return std::tuple{
        required("requests", &Client::requests, "the operation asked for, or operations with weights"),
        optional("timeout", &Client::timeout, "the client gives an attempt up after this time", more_than(0)),
        optional("retry", &Client::retry, "ask again when an attempt did not succeed"),
        optional("priority", &Client::priority, "of its requests and all that they cause; higher first"),
        optional("arrivals", &Client::arrivals, "open: requests come whatever happens to the earlier ones"),
        optional("users", &Client::users, "closed: each user waits for the answer before thinking again"),
        optional("then", &Client::then, "follow-up requests after each answer, one after another")};
  }
  [[nodiscard]] std::string problem() const;
};

}  // namespace sojourn
