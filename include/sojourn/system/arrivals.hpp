#pragma once
// When an open client's requests come. Every law runs in its own operational time, which a profile maps to simulated time:
// where the profile's factor is 3, operational time passes three times as fast.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sojourn/core/time.hpp"
#include "sojourn/model/client.hpp"
#include "sojourn/random/draw_block.hpp"
#include "sojourn/random/sampler.hpp"
#include "sojourn/random/stream.hpp"

namespace sojourn {

/// Maps operational time to simulated time under a profile; asked for ever later times.
class ProfileClock {
 public:
  explicit ProfileClock(const Profile& profile = {});
  /// The factors of both at every time are multiplied.
  ProfileClock(const Profile& profile, const Profile& pace);

  /// Whether the factor is always 1.
  [[nodiscard]] bool is_steady() const {
    return pieces_.size() == 1 && pieces_.front().begin_ns == 0 && pieces_.front().begin_factor == 1;
  }
  /// The instant at which the integral of the factor reaches this many nanoseconds; never when it does not.
  [[nodiscard]] Time at(double operational_ns);

 private:
  struct Piece {
    double begin_ns, end_ns;  // simulated time; the last piece has no end
    double begin_factor, end_factor;
  };
  std::vector<Piece> pieces_;
  std::size_t piece_ = 0;
  double passed_ns_ = 0;  // operational time at the begin of the piece
};

/// When something that takes so long at the ordinary pace ends, if it begins now; never when it does not.
[[nodiscard]] Time paced_end(const Profile& pace, Time now, Duration time);

/// The arrivals of one open client, one after another.
class ArrivalProcess {
 public:
  ArrivalProcess(const std::optional<Arrivals>& arrivals, const Sampler& gap, std::uint64_t key, std::uint64_t site,
                 const Profile& pace = {});

  /// The next arrival; never when there is none.
  [[nodiscard]] Time next() {
    if (poisson_gap_ns_ == 0) return next_of_any_law();
    if (gaps_used_ == block_length) [[unlikely]]
      draw_gaps();
    operational_ns_ += gaps_[gaps_used_++];
    return steady_ ? from_ns(operational_ns_) : clock_.at(operational_ns_);
  }

 private:
  [[gnu::noinline]] Time next_of_any_law();
  [[gnu::noinline]] void draw_gaps();
  double step(const ConstantArrivals& law);
  double step(const RenewalArrivals& law);
  double step(const BurstyArrivals& law);
  double step(const TraceArrivals& law);

  double poisson_gap_ns_ = 0;  // mean; 0 for the other laws
  bool steady_ = false;        // operational time is simulated time
  std::size_t gaps_used_ = block_length;
  DoubleBlock gaps_;
  const std::optional<Arrivals>* arrivals_ = nullptr;
  const Sampler* gap_ = nullptr;
  Stream stream_;
  ProfileClock clock_;
  double operational_ns_ = 0;
  std::uint64_t key_ = 0, site_ = 0;
  std::uint64_t count_ = 0;   // arrivals; gaps drawn, where they are drawn in blocks
  bool state_drawn_ = false;  // bursty: whether the state at 0 is known
  bool bursting_ = false;
  double state_ends_ns_ = 0;
};

}  // namespace sojourn
