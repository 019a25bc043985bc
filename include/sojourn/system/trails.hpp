#pragma once
// Trails: what the time of each request was spent on, along the chain of things that its answer, or its end, waited for.
// A trail accounts for every nanosecond from the request's start: a call's trail goes on from its caller's, and an answer
// brings the callee's trail back; so the parts of a trail always add up to the whole. Kept only when asked for.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sojourn/core/time.hpp"
#include "sojourn/system/measurements.hpp"

namespace sojourn {

/// A slot for a reason and where: a service, a topic or a client, in this order.
[[nodiscard]] constexpr std::uint32_t blame_slot(std::uint32_t place, Blame why) {
  return place * static_cast<std::uint32_t>(blame_kinds) + static_cast<std::uint32_t>(why);
}

/// What the time from a request's start until some instant was spent on.
struct Trail {
  std::uint32_t request = ~std::uint32_t{0};
  Time began;
  Time until;
  std::vector<std::pair<std::uint32_t, std::int64_t>> parts;  ///< slot and nanoseconds

  /// Accounts for the time up to now.
  void charge(std::uint32_t slot, Time now);
};

/// The trails of all that is in flight in a run, by their index there.
class Trails {
 public:
  Trails(std::uint32_t services, std::uint32_t topics, std::uint32_t clients, const BlameWindows& windows);

  [[nodiscard]] std::uint32_t service(std::uint32_t index) const { return index; }
  [[nodiscard]] std::uint32_t topic(std::uint32_t index) const { return services_ + index; }
  [[nodiscard]] std::uint32_t client(std::uint32_t index) const { return services_ + topics_ + index; }
  [[nodiscard]] std::size_t slots() const { return (services_ + topics_ + clients_) * blame_kinds; }

  Trail& line(std::uint32_t index) { return at(lines_, index); }
  Trail& message(std::uint32_t index) { return at(messages_, index); }
  Trail& request(std::uint32_t index) { return at(requests_, index); }
  Trail& ended_request(std::uint32_t index) { return at(ended_requests_, index); }

  /// Hands a trail on with an answer; whoever hears it takes it up.
  void pass(const Trail& trail) { passed_ = trail; }
  void pass_with(std::uint32_t parcel) { at(parcels_, parcel) = take_passed(); }
  void pass_from(std::uint32_t parcel) { passed_ = at(parcels_, parcel); }
  std::optional<Trail> take_passed() { return std::exchange(passed_, std::nullopt); }

  /// The trail of the job or message that has just ended.
  void end_with(const Trail& trail) { ended_ = trail; }
  [[nodiscard]] const Trail& ended() const { return ended_; }

  /// Adds a request's trail to the sums of its client.
  void record_response(ClientBlame& sums, std::uint32_t client, const Trail& trail) const;
  void record_completion(ClientBlame& sums, std::uint32_t client, const Trail& trail) const;

 private:
  template <class T>
  static T& at(std::vector<T>& list, std::uint32_t index) {
    if (index >= list.size()) list.resize(index + 1);
    return list[index];
  }
  void record(BlameSum& all, BlameSum& tail, const BlameWindows::Span& span, const Trail& trail) const;

  std::uint32_t services_, topics_, clients_;
  const BlameWindows& windows_;
  std::vector<Trail> lines_, messages_, requests_, ended_requests_;
  std::vector<std::optional<Trail>> parcels_;
  std::optional<Trail> passed_;
  Trail ended_;
};

}  // namespace sojourn
