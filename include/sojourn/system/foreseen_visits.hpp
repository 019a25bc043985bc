#pragma once
// Visits whose end is known at arrival (see foresight.hpp and mark_foreseen): they are written down at once, as if they had
// happened. Those that end past the horizon are jobs that only wait for their end, so that the run ends when they do. Inline, for the loop in
// simulation.cpp; what is rare is in foreseen_visits.cpp.

#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/plain_jobs.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

inline constexpr SpanBooks work_books{&ServiceMeasurement::busy_ns, &TimelineService::busy_ns, &WholeBuckets::busy};
inline constexpr SpanBooks queue_books{&ServiceMeasurement::queue_ns, &TimelineService::queue_ns, &WholeBuckets::queue};

// When the request's work there begins and ends.
[[gnu::always_inline]] inline Visit Simulation::foresee(const Destination& to, std::uint64_t key,
                                                        std::uint64_t number) {
  Place& place = Places::place_at(to.places, to.pc);
  if (place.times == nullptr) [[unlikely]]
    places_.complete_work(to.path, to.pc, key);
  if (runaway_.goes_on()) [[unlikely]]
    runaway_.note(to.operation);
  return to.station->foresight.visit(now_, place.times->of(number));
}

// The bucket of the timeline that holds an instant, which is not before this one.
[[gnu::always_inline]] inline std::uint32_t Simulation::bucket_at(Time at) const {
  if (at < bucket_end_) [[likely]]
    return bucket_;
  return static_cast<std::uint32_t>(at.ns / measured_.timeline.bucket.ns);
}

// Somebody works, or waits, from one instant to another, neither of which is before this one.
[[gnu::always_inline]] inline void Simulation::book_span(Station& station, SpanBooks books, Time from, Time to) {
  if (from >= topology_.warmup && to <= topology_.horizon) [[likely]]
    station.measured->*books.sum += (to - from).ns;
  else if (to > topology_.warmup && from < topology_.horizon)
    station.measured->*books.sum += (std::min(to, topology_.horizon) - std::max(from, topology_.warmup)).ns;
  if (bucket_ == none) return;
  if (to <= bucket_end_) [[likely]]
    station.rows[bucket_].*books.row += (to - from).ns;
  else
    book_far_span(station, books, from, to);
}

// What every visit leaves in the books of its service, but for how it ends. It comes to the station when it arrives, or, from a
// topic, when it starts.
[[gnu::always_inline]] inline void Simulation::book_visit(Station& station, Time came, Visit visit) {
  ServiceMeasurement& measured = *station.measured;
  if (came >= topology_.warmup && came < topology_.horizon) ++measured.arrivals;
  if (visit.start >= topology_.warmup && visit.start < topology_.horizon)
    measured.waiting_time.add((visit.start - came).ns);
  book_span(station, work_books, visit.start, visit.end);
  if (came < visit.start) book_span(station, queue_books, came, visit.start);
}

// A request that is answered, and done, when its visit ends: before the horizon.
[[gnu::always_inline]] inline void Simulation::settle_foreseen(ClientState& client, std::uint64_t number,
                                                               const Destination& to, Visit visit) {
  const std::int64_t took = (visit.end - now_).ns;
  ++foreseen_;
  ++measured_.ledger.arrived;
  ++measured_.ledger.answered;
  ++measured_.ledger.jobs_started;
  ++measured_.ledger.jobs_ended;
  fingerprint_.add(now_, salt::arrived, number);
  fingerprint_.add(visit.end, salt::worked + to.visit, number);
  fingerprint_.add(visit.end, salt::answered + static_cast<std::uint64_t>(Outcome::succeeded), number);
  ServiceMeasurement& service = *to.station->measured;
  if (in_window_) {
    ClientMeasurement& measured = *client.measured;
    ++measured.requests;
    ++measured.outcomes[static_cast<std::size_t>(Outcome::succeeded)];
    ++measured.fulfilled;
    ++service.completed;
    client.foreseen[to.way].add(took);
  } else if (visit.end >= topology_.warmup) {
    ++service.completed;
    service.sojourn_time.add(took);
  }
  if (bucket_ != none) {
    ++client.rows[bucket_].started;
    client.rows[bucket_].response_time.add(took);
    TimelineClient& end = client.rows[bucket_at(visit.end)];
    ++end.answered;
    ++end.succeeded;
  }
}

// The messages of a topic that have been taken by now no longer wait.
[[gnu::always_inline]] inline void Simulation::take_foreseen(Backlog& backlog, Time until) {
  while (!backlog.starts.empty() && backlog.starts.front() < until) {
    backlog.waiting.set(backlog.starts.front(), --backlog.stored);
    backlog.starts.pop();
  }
}

// A message that is handled when its visit ends: before the horizon. Its request only has to know when that is.
[[gnu::always_inline]] inline void Simulation::settle_foreseen_message(Backlog& backlog, Request& request,
                                                                       std::uint64_t place, Visit visit) {
  ++foreseen_;
  ++measured_.ledger.jobs_started;
  ++measured_.ledger.jobs_ended;
  ++measured_.ledger.handled;
  fingerprint_.add(visit.end, salt::worked + place, request.number);
  fingerprint_.add(visit.end, salt::handled + place, request.number);
  if (visit.end >= topology_.warmup) {
    ServiceMeasurement& service = *backlog.service;
    ++service.completed;
    service.sojourn_time.add((visit.end - visit.start).ns);
    ++backlog.measured->handled;
    backlog.measured->lag.add((visit.end - now_).ns);
  }
  if (bucket_ != none) ++backlog.rows[bucket_at(visit.end)].handled;
  request.last_end = std::max(request.last_end, visit.end);
}

// A message on the short way to a foreseen service.
[[gnu::always_inline]] inline void Simulation::publish_foreseen(const Line& line, const Place& place,
                                                                const Outlet& outlet) {
  Backlog& backlog = *outlet.backlog;
  Request& request = requests_[line.request];
  const Visit visit = foresee(outlet.to, request.key, line.number);
  ++backlog.so_far.published;
  ++measured_.ledger.published;
  if (in_window_) ++outlet.measured->published;
  take_foreseen(backlog, now_);
  if (visit.start > now_) {
    backlog.starts.push(visit.start);
    backlog.waiting.set(now_, ++backlog.stored);
  }
  book_visit(*outlet.to.station, visit.start, visit);
  if (visit.end >= topology_.horizon) [[unlikely]]
    return publish_late(line, place, outlet, visit.end);
  settle_foreseen_message(backlog, request, place.site, visit);
}

}  // namespace sojourn
