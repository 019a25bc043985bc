#pragma once
// Everything that changes the state of a run. What an event unblocks without delay is worked off at once, in the
// order in which it was unblocked. Each noun has a source of its own in sim/system, named at its functions below.

#include <cstdint>
#include <string>
#include <vector>

#include "sojourn/system/run_state.hpp"

namespace sojourn {

class Simulation : private RunState {
 public:
  Simulation(const Topology& topology, const RunOptions& options) : RunState(topology, options) {}

  /// Runs to the end and gives what was measured. To be called once.
  [[nodiscard]] Measurements run();

 private:
  friend class WaitGraph;  // reads everything, changes nothing (deadlock.cpp)

  // the loop (simulation.cpp)
  void fire(const Event& event);
  void fire_other(const Event& event);
  void go_on();
  void finish_instant();
  void work_off();
  void schedule(Time at, Rank rank, What what, std::uint32_t index, std::uint32_t generation = 0);
  void set_timeout(std::uint32_t lane, Duration timeout, What what, std::uint32_t index, std::uint32_t generation);
  void lane_ends(std::uint32_t lane);
  [[nodiscard]] bool is_awaited(const Event& event) const;
  static bool comes_after_timers(What what) {
    return what == What::arrival || what == What::think_ends || what == What::call_arrives ||
           what == What::message_arrives || what == What::message_available;
  }
  static Duration sample(const Sampler& sampler, const Request& request, std::uint64_t site) {
    Draw draw(request.key, request.number, site);
    return sampler(draw);
  }
  static double uniform(const Request& request, std::uint64_t site) {
    return Draw(request.key, request.number, site).uniform();
  }

  // requests (clients.cpp)
  void start_clients();
  void think(std::uint32_t client, std::uint32_t user);
  void start_request(std::uint32_t client, std::uint64_t number, std::uint32_t user);
  [[nodiscard]] std::uint32_t client_link(const Request& request) const;
  void ask(std::uint32_t request);
  void ask_plainly(Request& request, const Destination& to);
  void arm_request(const Request& request);
  bool asks_again(const Request& request, Outcome outcome);
  void client_answered(Request& request, Outcome outcome);
  void settle_request(Request& request, Outcome outcome);
  void retire_request(Request& request);
  void notify_client(Request& request);
  void record_answer(const Request& request);
  [[nodiscard]] std::size_t choice_of_operation(std::uint32_t client, std::uint64_t number) const;

  // steps (interpreter.cpp)
  void run_line(std::uint32_t index);
  void work_ended(std::uint32_t index);
  void step_reply(std::uint32_t index);
  bool step_delay(std::uint32_t index, const Instruction& in);
  void step_choose(Line& line, const Instruction& in);
  bool step_fork(std::uint32_t index, const Instruction& in);
  std::uint32_t new_branch(std::uint32_t parent, std::uint32_t fork, std::uint32_t entry);
  void join(std::uint32_t fork);
  void end_branch(std::uint32_t index, Outcome outcome);
  void end_line(std::uint32_t index, Outcome outcome);
  void end_main(std::uint32_t index, Outcome outcome);
  void end_job(std::uint32_t main);
  void resume(std::uint32_t index) { ready_.push_back(lines_[index]); }
  void count_waste(const Line& line, const Line& main);
  [[nodiscard]] static Outcome outcome_of_work(const CompiledWork& work, const Request& request, std::uint64_t place,
                                               std::uint64_t attempt);

  // the short way of plain services (plain_jobs.hpp, plain_messages.hpp)
  Line& new_plain_job(const Destination& to, const JobOrigin& from);
  void clean_for_plain_job(std::uint32_t index);
  void enter_plain_station(Line& job);
  void take_plain_worker(Station& station, Pool& pool);
  void start_plain_job(Line& job, bool at_once);
  void run_plain_line(Line* line);
  bool step_otherwise(Line& line);
  static bool begins_with_work(const Line& job);
  void take_over_plainly(Line& job, Station& station);
  void start_plain_work(Line& line, Place& place);
  void plan_plain_work(Line& line, Place& place);
  void plain_work_ends(Line& line);
  Line* close_plain_job(Line& job);
  void start_plain_call(Line& line, Place& place);
  Scope* open_plain_call(Line& line);
  void arm_plain_call(const Line& line, const Place& place);
  Line* end_plain_job(Line& job, const Place& place, bool busy);
  Line* answer_plainly(Line& job, Outcome outcome);
  Line* plain_call_succeeded(Line& line, const Place& place, Outcome outcome);
  void hand_on_plain_worker(Station& station, bool busy);
  bool step_plain_publish(Line& line, Place& place);
  void publish_plainly(const Line& line, const Place& place, const Outlet& outlet);
  void start_plain_handler(Line& job, Pool& pool, bool at_once);
  void count_plain_handler(Line& job);
  bool take_next_message(Station& station, Backlog& backlog);
  bool deliver_plainly_to(Station& station);
  void start_early_job(Backlog& backlog);
  void settle_plain_message(const Line& job);
  std::uint32_t message_of(Line& job);

  // visits whose end is known when they begin (foreseen_visits.hpp, foreseen_visits.cpp)
  Visit foresee(const Destination& to, std::uint64_t key, std::uint64_t number);
  [[nodiscard]] std::uint32_t bucket_at(Time at) const;
  void book_span(Station& station, SpanBooks books, Time from, Time to);
  void book_far_span(Station& station, SpanBooks books, Time from, Time to);
  void book_whole_buckets(Station& station);
  void book_visit(Station& station, Time came, Visit visit);
  void settle_foreseen(ClientState& client, std::uint64_t number, const Destination& to, Visit visit);
  void take_foreseen(Backlog& backlog, Time until);
  void settle_foreseen_message(Backlog& backlog, Request& request, std::uint64_t place, Visit visit);
  void handle_foreseen(std::uint32_t message);
  void publish_foreseen(const Line& line, const Place& place, const Outlet& outlet);
  void plan_late_end(Line& job, Time end);
  void ask_late(Request& request, const Destination& to, Visit visit);
  void publish_late(const Line& line, const Place& place, const Outlet& outlet, Time end);
  void late_visit_ends(std::uint32_t index);
  void count_foreseen_left(Backlog& backlog);

  // steps that hold steps (nesting.cpp)
  Frame& open_frame(Line& line, Frame::Kind kind);
  void leave_frame(Line& line);
  void leave_frames(Line& line);
  void step_repeat(Line& line, const Instruction& in);
  void step_repeat_end(Line& line, const Instruction& in);
  [[nodiscard]] std::uint32_t rounds_of(const Line& line, const Instruction& in) const;
  bool undo(std::uint32_t index, Outcome outcome);
  void compensation_ended(std::uint32_t index);

  // resources (resources.cpp)
  bool step_use(std::uint32_t index, const Instruction& in);
  void take_unit(std::uint32_t resource, Duration waited);
  void leave_use(const Frame& use);
  void serve_claims(std::uint32_t resource);

  // waiting for operations (milestones.cpp)
  bool step_await(std::uint32_t index, const Instruction& in);
  void await_gives_up(std::uint32_t index);
  void step_notify(std::uint32_t request, std::uint64_t wanted);
  void add_watch(Request& request, const Watch& watch);
  void reach(std::uint32_t request, std::uint32_t milestone);
  void forget_watches(Request& request);

  // guards (guards.cpp, deadlock.cpp)
  void stop(std::string reason);
  bool runs_away(const Line& line) { return runaway_.goes_on() && has_run_away(line); }
  bool has_run_away(const Line& line);
  void check_guards();
  void check_deadlock();
  [[nodiscard]] std::uint64_t bytes_held() const;

  // calls (calls.cpp, call_options.cpp)
  void start_call(std::uint32_t index, const Instruction& in);
  void attempt_call(std::uint32_t index);
  void call_answered(std::uint32_t index, Outcome outcome);
  [[nodiscard]] static std::uint64_t attempt_key(const Line& line, const Instruction& in);
  void send_call(std::uint32_t line, const Instruction& in, std::uint64_t attempt);
  bool admit_attempt(std::uint32_t line, const CompiledCall& call);
  void attempt_ended(Line& line, const CompiledCall& call, Outcome outcome);
  void leave_attempt(Line& line);
  void send_copy(std::uint32_t line, const Instruction& in);
  bool copy_decides(Line& line, const CompiledCall& call, Outcome outcome);
  [[nodiscard]] bool is_past_deadline(const Line& of) const;
  void drop_job(std::uint32_t job);
  void end_call(std::uint32_t index, const CompiledCall& call, Outcome outcome);
  void send(std::uint32_t job);

  // hops (network.cpp)
  [[nodiscard]] Hop cross(std::uint32_t link, std::uint32_t operation, const Request& request,
                          std::uint64_t site) const;
  double trouble(Hop& hop, double loss, std::uint32_t link, std::uint32_t operation, const Request& request,
                 std::uint64_t site) const;
  static Duration scaled(Duration time, double factor);
  [[nodiscard]] Duration pause_left(std::uint32_t link) const;
  void send_over(std::uint32_t job);
  void call_fails(std::uint32_t job);
  void lose_on_the_way(std::uint32_t job);
  void answer_over(const Line& main, Outcome outcome);
  void lose_delivery(std::uint32_t message);
  void lose_second_delivery(std::uint32_t message);

  // follow-ups (follow_ups.cpp)
  bool plan_follow_up(std::uint32_t request);
  void start_follow_up(std::uint32_t first, std::uint32_t stage);
  void note_follow_up(const Request& request);
  void leave_first(std::uint32_t first);

  // answers (calls.cpp)
  void answer(Line& main, Outcome outcome);
  void deliver_answer(const Waiter& to, Outcome outcome);
  [[nodiscard]] bool caller_has_gone(const Line& from) const;

  // workers and queues (stations.cpp)
  std::uint32_t new_job(std::uint32_t operation, std::uint32_t request, Scope* scope, std::uint64_t visit,
                        std::uint64_t attempt, std::int32_t priority, Waiter waiter);
  void enter_station(std::uint32_t job);
  void start_job(std::uint32_t job);
  void refuse_job(std::uint32_t job);
  void want_worker(std::uint32_t index);
  void take_worker(Line& main);
  void put_worker_to_use(std::uint32_t main);
  std::uint32_t next_wanting(Line& main);
  void start_work(std::uint32_t index);
  [[nodiscard]] Duration work_time(const Line& line, const Instruction& in);
  void take_path(Line& job, std::uint32_t path);
  void leave_worker_if_idle(Line& main);
  void release_worker(Line& main);
  void serve_next(std::uint32_t service, std::uint32_t pool);
  [[nodiscard]] std::uint32_t pool_with_free_worker(std::uint32_t service);
  Line& main_of(const Line& line) { return lines_[line.main]; }
  Station& station_of(const Line& main) { return stations_[topology_.operations[main.operation].service]; }

  // replicas one by one (replicas.cpp, progress.cpp, crashes.cpp, autoscaling.cpp)
  void start_replicas();
  std::uint32_t add_replica(std::uint32_t service);
  void begin_serving(std::uint32_t service, std::uint32_t place);
  void plan_turn(std::uint32_t service, std::uint32_t place);
  void replica_turns(std::uint32_t service, std::uint32_t place);
  void review_all(std::uint32_t service);
  void review(std::uint32_t service, std::uint32_t place);
  [[nodiscard]] bool is_taken_away(std::uint32_t service, std::uint32_t place) const;
  [[nodiscard]] std::uint32_t free_replica(std::uint32_t service, bool needs_worker) const;
  [[nodiscard]] Health best_health(std::uint32_t service) const;
  bool enter_replica(std::uint32_t job);
  [[nodiscard]] static bool may_serve(const Station& station, const Pool& pool);
  [[nodiscard]] static bool can_start(const Pool& pool);
  [[nodiscard]] static std::size_t paused_room(const Station& station, std::uint32_t place);
  void hold_messages(std::uint32_t operation);
  void start_progress(std::uint32_t line, Duration work);
  void set_pace(std::uint32_t service, std::uint32_t pool);
  void plan_end(std::uint32_t service, std::uint32_t pool);
  void replica_advances(std::uint32_t service, std::uint32_t pool);
  void crash(std::uint32_t service, std::uint32_t place);
  void lose_jobs_of(std::uint32_t operation, Health health);
  void lose(const std::vector<std::uint32_t>& jobs, Health health);
  void silence(std::uint32_t line);
  void lose_branch(std::uint32_t line);
  void lose_job(std::uint32_t main, Health health);
  void bury(std::uint32_t main);
  void swallow_job(std::uint32_t job);
  void scaling_decides(std::uint32_t service);
  void start_replica(std::uint32_t service);
  void replica_ready(std::uint32_t service, std::uint32_t place);
  void remove_newest(std::uint32_t service);
  void retire_if_idle(std::uint32_t service, std::uint32_t place);
  void assign(Line& main, std::uint32_t replica);
  void unassign(const Line& main);
  [[nodiscard]] bool strikes(const Line& main) const;

  // publishing (publishing.cpp)
  bool step_publish(std::uint32_t index, const Instruction& in);
  void publish_messages(std::uint32_t line, const Instruction& in, const Origin& origin);
  void publish_message(std::uint32_t line, const Instruction& in, const Origin& origin, std::uint32_t subscription);
  std::uint32_t new_message(const Origin& origin, std::uint32_t subscription, const Instruction& in);
  [[nodiscard]] std::uint32_t partition_of(const Message& message, const Instruction& in) const;
  void empty_outbox(std::uint32_t subscription);
  void send_message(std::uint32_t message);
  void acknowledge(std::uint32_t message, bool accepted);
  void publish_answered(std::uint32_t line, bool accepted);
  void admit_blocked(std::uint32_t subscription) {
    const Backlog& backlog = backlogs_[subscription];
    if (!backlog.blocked.empty() || !backlog.outbox.empty()) admit_waiting(subscription);
  }
  void admit_waiting(std::uint32_t subscription);

  // topics (messages.cpp)
  [[nodiscard]] bool has_room(std::uint32_t message);
  void message_arrives(std::uint32_t message);
  void refuse_message(std::uint32_t message);
  void count_published(std::uint32_t message);
  void store(std::uint32_t message);
  void take_back(std::uint32_t message);
  bool drop_oldest(std::uint32_t subscription);
  void travel(std::uint32_t message, bool through_broker);
  void make_available(std::uint32_t message);
  [[nodiscard]] bool can_take(std::uint32_t subscription) {
    const Backlog& backlog = backlogs_[subscription];
    const CompiledSubscription& compiled = topology_.subscriptions[subscription];
    if (backlog.jobs >= compiled.concurrency || backlog.stopped || backlog.held) return false;
    return compiled.special ? can_take_specially(subscription) : !backlog.available.empty();
  }
  [[nodiscard]] bool can_take_specially(std::uint32_t subscription);
  [[nodiscard]] ReadyPartition next_ready(std::uint32_t subscription);
  void try_deliver(std::uint32_t subscription);
  bool deliver_to(std::uint32_t service, std::uint32_t pool);
  void deliver(std::uint32_t subscription, std::uint32_t pool);
  std::uint32_t take_message(std::uint32_t subscription, std::uint32_t partition);
  void start_handler(std::uint32_t subscription, std::uint32_t pool, std::uint32_t first, std::uint32_t partition);
  void begin_delivery(std::uint32_t message);
  [[nodiscard]] static std::uint64_t delivery_attempt(const Message& message);
  void leave_hand(const Line& main);
  void settle_messages(Line& main, Outcome outcome);
  void count_waiting(std::uint32_t subscription);

  // after handling (redelivery.cpp)
  void message_ended(std::uint32_t message, Outcome outcome);
  [[nodiscard]] bool happens_twice(const Message& message) const;
  void deliver_again(std::uint32_t message);
  void handling_failed(std::uint32_t message);
  void message_again(std::uint32_t message);
  void end_message(std::uint32_t message);
  Time end_handled_message(std::uint32_t message);

  // partitions (partitions.cpp)
  void join_partition(std::uint32_t message);
  void return_to_partition(std::uint32_t message);
  void available_in_partition(std::uint32_t message);
  void leave_partition(std::uint32_t message);
  [[nodiscard]] std::uint32_t first_in_partition(const Backlog& backlog, std::uint32_t partition) const;
  void partition_changed(std::uint32_t subscription, std::uint32_t partition);
  [[nodiscard]] bool is_full(const Partition& partition, std::uint32_t size) const;
  [[nodiscard]] const ReadyPartition* next_partition(Backlog& backlog);

  // batches (batches.cpp)
  void fill_batch(std::uint32_t job);
  [[nodiscard]] bool batch_can_start(std::uint32_t subscription);
  void batch_is_due(std::uint32_t subscription, std::uint32_t partition);
  [[nodiscard]] Duration batch_work_time(const Line& line, const Instruction& in);
  void batch_worked(std::uint32_t line);
  void leave_batch(Line& main, std::uint32_t& link, Outcome outcome);
  void notify_batch(const Line& main, std::uint64_t wanted);
  void reach_for_batch(const Line& main, std::uint32_t milestone);
  [[nodiscard]] std::uint64_t visit_from(std::uint64_t root, const Line& line) const;
  [[nodiscard]] std::uint64_t visit_in_loops(std::uint64_t root, std::uint32_t loop) const;

  // polling consumers (polling.cpp)
  void plan_look(std::uint32_t subscription);
  void consumers_look(std::uint32_t subscription);
  void consumer_looked(std::uint32_t subscription);

  // brokers (brokers.cpp)
  void plan_broker_failures();
  void broker_turns(std::uint32_t topic);
  void topic_conditions_changed(std::uint32_t topic);
  void broker_comes_back(std::uint32_t topic);
  [[nodiscard]] bool broker_takes(std::uint32_t message);
  void lose_message(std::uint32_t message);
  [[nodiscard]] Duration broker_time(const Message& message) const;

  // incidents (incidents.cpp)
  void plan_incidents();
  void incident_turns(std::uint32_t incident, bool begins);
  [[nodiscard]] Conditions& conditions_of(const IncidentTarget& target);
  void service_conditions_changed(std::uint32_t service);
  void operation_conditions_changed(std::uint32_t operation);
  void link_conditions_changed(std::uint32_t link);
  void client_conditions_changed(std::uint32_t client);

  // accounts (accounts.cpp)
  Group* new_group(Scope* parent, std::uint32_t needed);
  Scope* new_scope(Group* group);
  void leave_scope(Scope* scope);
  void close_scope(Scope* scope);
  void leave_group(Group* group);
  void close_group(Group* group);

  // what time is spent on (blame.cpp)
  [[nodiscard]] std::uint32_t blame_slot_of(const Line& line, Blame why);
  void blame(std::uint32_t line, Blame why) {
    if (trails_) charge_line(line, why);
  }
  void charge(Trail& trail, std::uint32_t slot);
  void watch(std::uint32_t request);
  void watch_answer(std::uint32_t request, Outcome outcome);
  void watch_end(std::uint32_t request);
  void charge_line(std::uint32_t line, Blame why);
  void charge_request(std::uint32_t request, Blame why);
  void charge_message(std::uint32_t message, Blame why);
  void charge_publish(std::uint32_t line);
  void charge_call(std::uint32_t line, Blame why);
  void begin_trail(std::uint32_t request);
  void begin_job_trail(std::uint32_t job);
  void begin_message_trail(std::uint32_t message, const Origin& origin);
  void handle_trail(std::uint32_t message, const Line& main);
  void hear_trail(const Waiter& to);
  void end_with(std::uint32_t line);
  void end_trail(std::uint32_t request);
  void record_trail(std::uint32_t request, bool completion);

  // windows and the timeline (observation.cpp)
  void prepare_measurements();
  void prepare_timeline();
  void open_window();
  void close_window();
  void tick();
  void close_books();
};

}  // namespace sojourn
