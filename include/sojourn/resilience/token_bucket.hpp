#pragma once
// A token bucket: admits a sustained rate and a burst.

#include <cstdint>
#include <string_view>
#include <tuple>

#include "sojourn/core/describe.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// What exceeds the rate is refused.
struct RateLimit {
  Rate rate;
  std::uint32_t burst = 1;

  static constexpr std::string_view sentence = "a token bucket; what exceeds it is refused";
  static constexpr auto fields() {
    return std::tuple{
        required("rate", &RateLimit::rate, "tokens that come in, one a request", more_than(0)),
        optional("burst", &RateLimit::burst, "tokens that the bucket holds; it starts full", at_least(1))};
  }
};

/// Holds up to `burst` tokens, refilled at a constant rate, full at the start. In any span t it admits at most
/// burst + rate x t requests (Cruz 1991). Tokens are kept in billionths of a token per nanosecond of rate: as a time.
class TokenBucket {
 public:
  TokenBucket() = default;
  explicit TokenBucket(const RateLimit& limit)
      : gap_ns_(1e9 / limit.rate.per_second), burst_(static_cast<double>(limit.burst)) {}

  /// Takes a token if there is one.
  [[nodiscard]] bool admit(Time now) {
    const auto t = static_cast<double>(now.ns);
    // full_at_: when the bucket will be full again. It holds burst - (full_at - now) / gap tokens.
    const double full_at = full_at_ns_ > t ? full_at_ns_ : t;
    // One part in 1e9 of a token is forgiven: sums of gaps are rounded.
    if (full_at - t > (burst_ - 1) * gap_ns_ + gap_ns_ * 1e-9) return false;
    full_at_ns_ = full_at + gap_ns_;
    return true;
  }

 private:
  double gap_ns_ = 0;
  double burst_ = 0;
  double full_at_ns_ = 0;
};

/// Retries allowed as a share of first attempts: each first attempt adds the share, a retry takes one; ten are held at most,
/// full at the start. (Finagle's retry budget and gRPC's retry throttling have this shape.)
class RetryBudget {
 public:
  RetryBudget() = default;
  explicit RetryBudget(double share) : share_(share) {}

  void count_first_attempt() { tokens_ = tokens_ + share_ > most ? most : tokens_ + share_; }
  [[nodiscard]] bool allow_retry() {
    if (tokens_ < 1 - 1e-9) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  static constexpr double most = 10;
  double share_ = 0;
  double tokens_ = most;
};

}  // namespace sojourn
