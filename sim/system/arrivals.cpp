#include "sojourn/system/arrivals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "sojourn/random/math.hpp"

namespace sojourn {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

const Profile& profile_of(const std::optional<Arrivals>& arrivals) {
  static const Profile flat;
  if (!arrivals) return flat;
  if (const auto* poisson = std::get_if<PoissonArrivals>(&arrivals->law)) return poisson->profile;
  if (const auto* constant = std::get_if<ConstantArrivals>(&arrivals->law)) return constant->profile;
  return flat;
}

double exponential_ns(Stream& stream, double mean_ns) { return -mean_ns * natural_log(stream.next().uniform()); }

}  // namespace

ProfileClock::ProfileClock(const Profile& profile) {
  double begin = 0;
  double factor = profile.empty() ? 1 : profile.front().factor;
  for (const ProfilePoint& point : profile) {
    const auto at = static_cast<double>(point.at.ns);
    if (at > begin) pieces_.push_back({begin, at, factor, point.factor});
    begin = at;
    factor = point.factor;
  }
  pieces_.push_back({begin, infinite, factor, factor});
}

namespace {

/// A profile's factor just before and just after a time.
double factor_before(const Profile& profile, Time at) {
  if (profile.empty()) return 1;
  if (at <= profile.front().at) return profile.front().factor;
  for (std::size_t i = 1; i < profile.size(); ++i) {
    if (at > profile[i].at) continue;
    const ProfilePoint &a = profile[i - 1], &b = profile[i];
    if (b.at == a.at) return a.factor;
    return a.factor +
           (b.factor - a.factor) * static_cast<double>((at - a.at).ns) / static_cast<double>((b.at - a.at).ns);
  }
  return profile.back().factor;
}

double factor_after(const Profile& profile, Time at) {
  double factor = factor_before(profile, at);
  for (const ProfilePoint& point : profile)
    if (point.at == at) factor = point.factor;  // the last of a step
  return factor;
}

/// Both profiles at once: exact, since one of them goes in steps.
Profile product(const Profile& profile, const Profile& pace) {
  std::vector<Time> times;
  for (const Profile* one : {&profile, &pace})
    for (const ProfilePoint& point : *one) times.push_back(point.at);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  Profile both;
  for (const Time at : times) {
    both.push_back({at, factor_before(profile, at) * factor_before(pace, at)});
    both.push_back({at, factor_after(profile, at) * factor_after(pace, at)});
  }
  return both;
}

}  // namespace

ProfileClock::ProfileClock(const Profile& profile, const Profile& pace)
    : ProfileClock(pace.empty() ? profile : product(profile, pace)) {}

Time paced_end(const Profile& pace, Time now, Duration time) {
  Profile from_now{{now, factor_after(pace, now)}};
  for (const ProfilePoint& point : pace)
    if (point.at > now) from_now.push_back(point);
  for (ProfilePoint& point : from_now) point.at = Duration{(point.at - now).ns};
  const Time end = ProfileClock(from_now).at(static_cast<double>(time.ns));
  return end == Time::never() ? end : now + end;
}

Time ProfileClock::at(double operational_ns) {
  while (true) {
    const Piece& piece = pieces_[piece_];
    const double length = piece.end_ns - piece.begin_ns;
    const double wanted = operational_ns - passed_ns_;
    if (piece_ + 1 == pieces_.size()) {
      if (piece.begin_factor <= 0) return Time::never();
      return from_ns(piece.begin_ns + wanted / piece.begin_factor);
    }
    const double area = length * (piece.begin_factor + piece.end_factor) / 2;
    if (wanted <= area && area > 0) {
      // The root of f0 x + slope x^2 / 2 = wanted, in the form that stays exact as the slope vanishes.
      const double slope = (piece.end_factor - piece.begin_factor) / length;
      const double root = std::sqrt(std::fmax(0, piece.begin_factor * piece.begin_factor + 2 * slope * wanted));
      return from_ns(piece.begin_ns + (wanted <= 0 ? 0 : 2 * wanted / (piece.begin_factor + root)));
    }
    passed_ns_ += area;
    ++piece_;
  }
}

ArrivalProcess::ArrivalProcess(const std::optional<Arrivals>& arrivals, const Sampler& gap, std::uint64_t key,
                               std::uint64_t site, const Profile& pace)
    : arrivals_(&arrivals), gap_(&gap), stream_(key, site), clock_(profile_of(arrivals), pace), key_(key), site_(site) {
  steady_ = clock_.is_steady();
  if (!arrivals) return;
  if (const auto* poisson = std::get_if<PoissonArrivals>(&arrivals->law))
    poisson_gap_ns_ = 1e9 / poisson->rate.per_second;
}

void ArrivalProcess::draw_gaps() {
  exponential_block(gaps_, key_, count_, site_, poisson_gap_ns_);
  count_ += block_length;
  gaps_used_ = 0;
}

Time ArrivalProcess::next_of_any_law() {
  operational_ns_ = std::visit(
      [this](const auto& law) {
        if constexpr (std::is_same_v<std::decay_t<decltype(law)>, PoissonArrivals>)
          return infinite;  // drawn in blocks
        else
          return step(law);
      },
      (*arrivals_)->law);
  ++count_;
  return operational_ns_ == infinite ? Time::never() : clock_.at(operational_ns_);
}

// By multiplication, so that rounding does not pile up.
double ArrivalProcess::step(const ConstantArrivals& law) {
  return static_cast<double>(count_ + 1) * 1e9 / law.rate.per_second;
}

double ArrivalProcess::step(const RenewalArrivals&) {
  Draw draw = stream_.next();
  return operational_ns_ + static_cast<double>((*gap_)(draw).ns);
}

// The next arrival at the present state's rate, unless the state ends first: then anew from there (no memory).
double ArrivalProcess::step(const BurstyArrivals& law) {
  const Bursts& bursts = law.bursts;
  const auto calm_ns = static_cast<double>(bursts.calm.ns);
  const auto burst_ns = static_cast<double>(bursts.burst.ns);
  if (!state_drawn_) {
    state_drawn_ = true;
    bursting_ = stream_.next().uniform() <= burst_ns / (calm_ns + burst_ns);
    state_ends_ns_ = exponential_ns(stream_, bursting_ ? burst_ns : calm_ns);
  }
  double at = operational_ns_;
  while (true) {
    const double rate = bursting_ ? bursts.burst_rate.per_second : bursts.rate.per_second;
    const double arrival = rate > 0 ? at + exponential_ns(stream_, 1e9 / rate) : infinite;
    if (arrival <= state_ends_ns_) return arrival;
    at = state_ends_ns_;
    bursting_ = !bursting_;
    state_ends_ns_ = at + exponential_ns(stream_, bursting_ ? burst_ns : calm_ns);
  }
}

double ArrivalProcess::step(const TraceArrivals& law) {
  return count_ < law.offsets.size() ? static_cast<double>(law.offsets[count_].ns) : infinite;
}

}  // namespace sojourn
