// Foreseen visits, as far as they are rare: those that end past the horizon, and spans over several buckets of the timeline.
#include "sojourn/system/foreseen_visits.hpp"

#include <algorithm>

#include "sojourn/system/hot_requests.hpp"
#include "sojourn/system/plain_messages.hpp"

namespace sojourn {

// Over several buckets of the timeline, until the horizon: what lies in the first and the last of them, and that it fills those
// between, however many.
void Simulation::book_far_span(Station& station, SpanBooks books, Time from, Time to) {
  const std::int64_t length = measured_.timeline.bucket.ns;
  const std::int64_t begin = from.ns, end = std::min(to, topology_.horizon).ns;
  if (begin >= end) return;
  const std::int64_t first = begin / length, last = (end - 1) / length;
  if (first == last) {
    station.rows[first].*books.row += end - begin;
    return;
  }
  station.rows[first].*books.row += (first + 1) * length - begin;
  station.rows[last].*books.row += end - last * length;
  std::vector<std::int64_t>& whole = station.whole.*books.whole;
  ++whole[static_cast<std::size_t>(first + 1)];
  --whole[static_cast<std::size_t>(last)];
}

void Simulation::book_whole_buckets(Station& station) {
  for (const SpanBooks& books : {work_books, queue_books}) {
    std::int64_t spans = 0;
    for (std::size_t i = 0; i + 1 < (station.whole.*books.whole).size(); ++i) {
      spans += (station.whole.*books.whole)[i];
      station.rows[i].*books.row += Int128{spans} * measured_.timeline.bucket.ns;
    }
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

// At the end, of the messages that are left: those that no worker has taken until now are no jobs yet.
void Simulation::count_foreseen_left(Backlog& backlog) {
  if (!past_horizon_) return;  // a guard has stopped the run, and nobody will read its books
  take_foreseen(backlog, ended_ ? now_ + Duration{1} : now_);
  backlog.in_hand -= backlog.stored;
  measured_.ledger.jobs_started -= backlog.stored;
  measured_.ledger.jobs_left -= backlog.stored;
}

}  // namespace sojourn
