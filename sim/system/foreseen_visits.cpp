// Foreseen visits, as far as they are rare: those that end past the horizon, and spans over several buckets of the timeline.
#include "sojourn/system/foreseen_visits.hpp"

#include <algorithm>

#include "sojourn/system/hot_requests.hpp"
#include "sojourn/system/plain_messages.hpp"

namespace sojourn {

// Over the buckets of the timeline, until the horizon.
void Simulation::book_far_span(Station& station, Int128 TimelineService::*row, Time from, Time to) {
  const std::int64_t length = measured_.timeline.bucket.ns;
  const std::int64_t end = std::min(to, topology_.horizon).ns;
  std::int64_t at = from.ns;
  for (std::int64_t bucket = at / length; at < end; ++bucket) {
    const std::int64_t until = std::min(end, (bucket + 1) * length);
    station.rows[bucket].*row += until - at;
    at = until;
  }
}

// A job for a visit that ends past the horizon.
void Simulation::plan_late_end(Line& job, Time end) {
  ++measured_.ledger.jobs_started;
  job.live = true;
  job.arrived = now_;
  calendar_.schedule(end, Rank::end, Event(What::late_visit_ends, job.self, 0));
}

void Simulation::ask_late(Request& request, const Destination& to, Visit visit) {
  book_visit(*to.station, now_, visit);
  request.tries = 1;
  ++request.generation;
  plan_late_end(new_plain_job(to, {.visit = to.visit,
                                   .number = request.number,
                                   .request = request.self,
                                   .scope = new_scope(&request.account),
                                   .waiter = {Waiter::Kind::request, request.self, request.generation},
                                   .priority = request.from->priority,
                                   .own_scope = true}),
                visit.end);
}

void Simulation::publish_late(const Line& line, const Place& place, const Outlet& outlet, Time end) {
  Line& job = new_plain_job(outlet.to, {.visit = place.site,
                                        .number = line.number,
                                        .request = line.request,
                                        .scope = line.scope,
                                        .waiter = {Waiter::Kind::message, none, 0},
                                        .priority = line.priority,
                                        .own_scope = false});
  job.backlog = outlet.backlog;
  ++outlet.backlog->in_hand;
  plan_late_end(job, end);
}

// A message that has come to a foreseen service on the long way: from a second attempt, say, or from a branch.
void Simulation::handle_foreseen(std::uint32_t index) {
  Message& message = messages_[index];
  const CompiledSubscription& subscription = topology_.subscriptions[message.subscription];
  const CompiledOperation& operation = topology_.operations[subscription.operation];
  const Instruction& work = topology_.code[operation.entry];
  Station& station = stations_[subscription.service];
  Backlog& backlog = backlogs_[message.subscription];
  Request& request = requests_[message.request];
  const Visit visit = station.foresight.visit(
      now_, sample(topology_.works[work.index].time, request, mix(mix(message.visit, work.site), message.attempt)));
  if (visit.start > now_)
    backlog.starts.push(visit.start);
  else
    take_back(index);
  message.stored = false;
  book_visit(station, visit.start, visit);
  if (visit.end >= topology_.horizon) {
    Line& job = new_plain_job({.station = &station,
                               .service = subscription.service,
                               .operation = subscription.operation,
                               .pc = operation.entry},
                              {.visit = message.visit,
                               .number = request.number,
                               .request = message.request,
                               .scope = new_scope(message.group),
                               .waiter = {Waiter::Kind::message, none, 0},
                               .priority = message.priority,
                               .own_scope = true});
    job.backlog = &backlog;
    ++backlog.in_hand;
    plan_late_end(job, visit.end);
  } else {
    settle_foreseen_message(backlog, request, message.visit, visit);
    ++message.group->fulfilled;
  }
  end_message(index);
}

void Simulation::late_visit_ends(std::uint32_t index) {
  Line& job = lines_[index];
  fingerprint_.add(now_, salt::worked + job.visit, job.number);
  job.scope->succeeded |= job.own_scope;
  if (job.waiter.kind == Waiter::Kind::message) {
    --job.backlog->in_hand;
    ++measured_.ledger.handled;
    fingerprint_.add(now_, salt::handled + job.visit, job.number);
  } else {
    answer_plainly(job, Outcome::succeeded);
  }
  ++measured_.ledger.jobs_ended;
  job.live = false;
  job.waiter.kind = Waiter::Kind::nobody;
  lines_.give_back(index);
  leave_scope(job.scope);
}

// At the end, of the messages that are left: those that no worker has taken until now are no jobs yet. Where the drain ends the
// run nothing of this instant has happened yet.
void Simulation::count_foreseen_left(Backlog& backlog) {
  const bool drained = now_ == topology_.horizon + topology_.drain;
  take_foreseen(backlog, drained ? now_ : now_ + Duration{1});
  backlog.in_hand -= backlog.stored;
  measured_.ledger.jobs_started -= backlog.stored;
  measured_.ledger.jobs_left -= backlog.stored;
}

}  // namespace sojourn
