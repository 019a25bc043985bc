#pragma once
// What a run keeps about things in flight: requests, jobs, messages, and the accounts of what is fulfilled. All of them
// live in arenas and name each other by index; whoever waits is named by index and generation, so a late answer or timer
// finds nobody.

#include <cstdint>

#include "sojourn/core/time.hpp"
#include "sojourn/system/measurements.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

struct Group;
struct Request;
struct Station;
struct Backlog;
struct ClientState;

/// An account: everything that one attempt caused. It closes when nothing of it is open; it is fulfilled when its job
/// succeeded and nothing in it finally failed.
struct Scope {
  Group* group = nullptr;
  std::uint32_t open = 0;
  bool succeeded = false;
  bool failed = false;
};

/// Alternatives of which enough must be fulfilled: attempts of a call, deliveries of a message, branches of a join.
/// It closes when its owner has let go and all its scopes have closed; then the account above learns whether it failed.
struct Group {
  Scope* parent = nullptr;  ///< the account above; none for a request's own
  Request* request = nullptr;
  std::uint32_t open = 0;  ///< scopes, and one for the owner
  std::uint32_t needed = 1;
  std::uint32_t fulfilled = 0;
  Scope first;  ///< nearly always there is no other; without a group before it is used
};

/// Who waits for an answer: a line of a job, a client's request, or a message for its handling.
struct Waiter {
  enum class Kind : std::uint8_t { nobody, line, request, message };
  Kind kind = Kind::nobody;
  std::uint32_t index = none;
  std::uint32_t generation = 0;
};

/// A line of execution: a job's main line, or one branch of it. The main line carries what belongs to the whole job.
/// What nearly every event touches stands first.
struct Line {
  std::uint64_t visit = 0;   ///< place in the request's call tree, with the rounds of enclosing repeats: keys of draws
  std::uint64_t number = 0;  ///< of the request, on the short way
  Time arrived;              ///< of the whole job
  Time call_began;           ///< of the call that it waits for
  Station* station = nullptr;  ///< on the short way
  std::uintptr_t places = 0;   ///< on the short way: of its path
  std::uint32_t pc = 0;
  std::uint32_t generation = 0;  ///< counts waits; never reset, so that what is late misses
  std::uint32_t request = none;
  Scope* scope = nullptr;  ///< account of what is fulfilled
  std::uint32_t service = 0;

  Waiter waiter;              ///< for the job's end
  std::uint32_t path = none;  ///< of the visit, for first attempts outside of repeats: see Places
  std::uint32_t operation = 0;
  std::int32_t priority = 0;
  bool plain = false;  ///< it takes the short way: it has no branches, and its worker until it ends
  bool live = false;
  bool started = false;
  bool holds_worker = false;
  bool working = false;  ///< one of its lines is in work
  bool queued = false;   ///< stands in a queue
  bool answered = false;
  bool main_ended = false;
  bool degraded = false;
  bool own_scope = false;    ///< its success decides its scope's
  bool is_assigned = false;  ///< counted by its replica
  bool deadline = false;     ///< it stops when its caller has gone
  bool batch = false;        ///< handles several messages, the first of them is the waiter
  Time work_began;
  std::uint32_t tries = 0;     ///< attempts of its call; messages that its publish still waits for
  Group* group = nullptr;      ///< account of its call's attempts
  std::uint32_t lines = 1;     ///< of the job that have not ended
  std::uint32_t main = none;   ///< the job's main line; itself for the main line
  std::uint32_t self = none;   ///< its index
  Backlog* backlog = nullptr;  ///< of a job that handles a message, on the short way
  Time published;              ///< of a job that has stood for a message from the start
  std::uint64_t order = 0;     ///< of the same: when it became available

  std::uint64_t attempt = 0;           ///< which attempts led here: the other part of the key
  std::uint32_t frame = none;          ///< innermost step that it is inside of
  std::uint32_t fork = none;           ///< for a branch: the fork that it belongs to
  std::uint32_t next = none;           ///< the line behind it that wants the job's worker
  std::uint32_t attempt_state = none;  ///< of a call with guards or copies
  std::uint32_t replica = 0;
  std::uint32_t link = none;                            ///< that it came over
  std::uint32_t subscription = none;                    ///< of a job that handles messages
  std::uint32_t partition = none;                       ///< that its messages come from
  std::uint32_t wants_first = none, wants_last = none;  ///< lines that want the job's worker
};

/// A step that a line is inside of: left in order when its steps are done, or all at once when the line ends or fails.
struct Frame {
  enum class Kind : std::uint8_t { repeat, attempt, compensation, use };
  Kind kind = Kind::repeat;
  Outcome outcome = Outcome::failed;  ///< of a compensation: how the line ends after it
  std::uint64_t outer_visit = 0;
  std::uint32_t outer_path = none;
  std::uint64_t site = 0;  ///< of a repeat
  std::uint32_t outer = none;
  std::uint32_t left = 0, round = 0;  ///< of a repeat
  std::uint32_t target = 0;           ///< of a try: where its compensation begins
  std::uint32_t resource = none;      ///< of a use
  std::uint32_t claim = none;         ///< of a use whose unit has not come yet
};

/// One running parallel step.
struct Fork {
  std::uint32_t parent = none;
  std::uint32_t parent_generation = 0;
  std::uint32_t needed = 0, succeeded = 0, open = 0;
  Group* group = nullptr;
  bool declined = false;
};

/// One request of a client, until it is answered and all that it caused has ended.
struct Request {
  std::uint64_t number = 0;  ///< the same in every variant: keys of draws
  std::uint64_t key = 0;     ///< of seed, replication and client
  Time started;
  Time last_end;  ///< when the last job or message so far ended
  Time answered_at;
  ClientState* from = nullptr;
  Group account;  ///< of its attempts
  std::uint32_t client = 0;
  std::uint32_t operation = 0;
  std::uint32_t path = none;  ///< of its first attempt's job
  std::uint32_t generation = 0;
  std::uint32_t bucket = none;  ///< of the timeline, in which it started
  std::uint32_t tries = 0;
  std::uint32_t user = 0;
  std::uint32_t watches = none;  ///< first of those who wait for operations that it causes
  bool live = false;
  bool measured = false;
  bool answered = false;
  bool notified = false;
  bool compensated = false;
  Outcome outcome = Outcome::succeeded;
  std::uint8_t stage = 0;        ///< which follow-up it is
  std::uint32_t follows = none;  ///< the request that this one follows up
  std::uint32_t followers = 0;   ///< chains of follow-ups that still look at it
  std::uint64_t reached = 0;     ///< watched operations that have succeeded, a bit each
  std::uint32_t self = none;     ///< its index
};

/// One message for one subscription.
struct Message {
  std::uint64_t visit = 0;
  std::uint64_t attempt = 0;
  Time published;
  std::uint32_t subscription = 0;
  std::uint32_t request = none;
  Group* group = nullptr;     ///< account of its deliveries
  std::uint32_t path = none;  ///< of its first delivery's job
  std::uint32_t deliveries = 0;
  std::uint32_t publisher = none;  ///< a line that waits until there is room
  std::uint32_t publisher_generation = 0;
  std::uint64_t order = 0;  ///< when it became available, for fairness among subscriptions
  std::int32_t priority = 0;
  bool stored = false;     ///< counts against the capacity
  bool confirm = false;    ///< its publisher waits until the broker has taken it
  bool outbox = false;     ///< never lost on its way to the broker
  bool available = false;  ///< in a partition: on its turn a consumer could take it
  bool handled = false;    ///< only a second delivery is left of it
  bool second = false;     ///< its present delivery happens for the second time
  Time accepted;           ///< when the broker took it
  Time available_since;
  Scope* scope = nullptr;  ///< of the present delivery
  std::uint32_t partition = none;
  std::uint64_t sequence = 0;                  ///< its place in its partition
  std::uint32_t next = none, previous = none;  ///< in its partition, or in its batch
  std::uint32_t newer = none, older = none;    ///< among the available ones of all partitions
  std::uint32_t link = none;                   ///< from its publisher to the topic
};

/// Who asks for a job, and in whose name.
struct JobOrigin {
  std::uint64_t visit = 0;
  std::uint64_t number = 0;  ///< of the request
  std::uint32_t request = none;
  Scope* scope = nullptr;
  Waiter waiter;
  std::int32_t priority = 0;
  bool own_scope = false;
};

/// In whose name messages are published: a job's, or that of one message of a batch.
struct Origin {
  std::uint64_t visit = 0;
  std::uint64_t attempt = 0;
  std::uint32_t request = none;
  Scope* scope = nullptr;
  std::int32_t priority = 0;
  std::uint32_t line = none;     ///< that publishes
  std::uint32_t message = none;  ///< of a batch
};

/// What becomes of what is sent, and how long it takes.
enum class Passage : std::uint8_t { passes, lost, refused };
struct Hop {
  Duration time;
  Passage passage = Passage::passes;
};

/// An answer on its way through the network.
struct Parcel {
  Waiter to;
  Outcome outcome = Outcome::succeeded;
};

}  // namespace sojourn
