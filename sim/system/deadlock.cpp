// Deadlocks: workers and units that are all held by jobs which wait for each other. Whoever might still go on by itself (a
// timer, a timeout, something on its way) counts as free, and so does all that it can free: what is left is stuck for good.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/system/guards.hpp"
#include "sojourn/system/milestones.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {
namespace {

using Edges = std::vector<std::vector<std::uint32_t>>;

/// Who waits for whom: services first, then resources. A resource waits for what its holders wait for.
class WaitingEdges {
 public:
  explicit WaitingEdges(const Topology& topology)
      : topology_(topology), waited_for_by_(topology.services.size() + topology.resources.size()) {}

  Edges list() {
    for (const CompiledOperation& operation : topology_.operations) scan(operation);
    return std::move(waited_for_by_);
  }

 private:
  void scan(const CompiledOperation& operation) {
    std::vector<std::uint32_t> waiters{operation.service};  // the service, and the resources held
    for (std::uint32_t pc = operation.entry; topology_.code[pc].action != Action::end; ++pc) {
      const Instruction& in = topology_.code[pc];
      if (in.action == Action::call && !topology_.call_sites[in.index].timeout)
        add(waiters, topology_.operations[topology_.call_sites[in.index].operation].service);
      if (in.action == Action::publish) add_publish(waiters, topology_.publishes[in.index]);
      if (in.action == Action::await && !topology_.awaits[in.index].timeout)
        for (std::uint32_t i = 0; i < topology_.watched.size(); ++i)
          if ((topology_.awaits[in.index].wanted & milestone_bit(i)) != 0)
            add(waiters, topology_.operations[topology_.watched[i]].service);
      if (in.action == Action::use) {
        const auto resource = static_cast<std::uint32_t>(topology_.services.size()) + in.index;
        add(waiters, resource);
        waiters.push_back(resource);
      }
      if (in.action == Action::use_end) waiters.pop_back();
    }
  }

  // A topic that blocks its publishers has room again when those who handle its messages have taken some.
  void add_publish(const std::vector<std::uint32_t>& waiters, const CompiledPublish& publish) {
    const CompiledTopic& topic = topology_.topics[publish.topic];
    if (topic.overflow != Overflow::block || publish.outbox || publish.timeout) return;
    for (std::uint32_t i = 0; i < topic.subscriptions; ++i) {
      const CompiledSubscription& subscription = topology_.subscriptions[topic.first_subscription + i];
      add(waiters, topology_.operations[subscription.operation].service);
    }
  }

  void add(const std::vector<std::uint32_t>& waiters, std::uint32_t to) {
    for (const std::uint32_t from : waiters) waited_for_by_[to].push_back(from);
  }

  const Topology& topology_;
  Edges waited_for_by_;
};

}  // namespace

// Those that wait for nobody are taken out, then those that waited only for them, and so on: a circle remains.
bool may_deadlock(const Topology& topology) {
  const Edges waited_for_by = WaitingEdges(topology).list();
  std::vector<std::size_t> waits(waited_for_by.size());
  for (const auto& waiters : waited_for_by)
    for (const std::uint32_t waiter : waiters) ++waits[waiter];
  std::vector<std::uint32_t> done;
  for (std::uint32_t i = 0; i < waits.size(); ++i)
    if (waits[i] == 0) done.push_back(i);
  for (std::size_t i = 0; i < done.size(); ++i)
    for (const std::uint32_t waiter : waited_for_by[done[i]])
      if (--waits[waiter] == 0) done.push_back(waiter);
  return done.size() < waits.size();
}

/// What is stuck at this instant, between two events.
class WaitGraph {
 public:
  explicit WaitGraph(const Simulation& run) : run_(run), topology_(run.topology_) {
    find_places();
    find_callees();
    find_full_topics();
    job_free_.assign(run_.lines_.extent(), false);
    for (bool changed = true; changed;) changed = spread();
  }

  /// "shop (2 of 2 workers) waits for payment.charge; payment (1 of 1 workers) waits for shop.confirm"; empty when
  /// everybody can go on some time.
  [[nodiscard]] std::string circle() const {
    std::uint32_t place = 0;
    while (place < free_.size() && free_[place]) ++place;
    if (place == free_.size()) return "";
    std::vector<std::uint32_t> way;
    while (std::find(way.begin(), way.end(), place) == way.end()) {
      way.push_back(place);
      place = waits_for(place).place;
    }
    std::string text;
    for (auto at = std::find(way.begin(), way.end(), place); at != way.end(); ++at)
      text += (text.empty() ? "" : "; ") + name_of(*at) + " waits for " + waits_for(*at).name;
    return text;
  }

 private:
  /// A pool or resource that somebody waits at, and what he hopes for there.
  struct Hope {
    std::uint32_t place = 0;
    std::string name;
  };

  void find_places() {
    for (std::uint32_t s = 0; s < topology_.services.size(); ++s) {
      const CompiledService& service = topology_.services[s];
      first_pool_.push_back(static_cast<std::uint32_t>(free_.size()));
      for (const Pool& pool : run_.stations_[s].pools)
        free_.push_back(service.async || !service.steady || pool.has_free_worker());
    }
    first_resource_ = static_cast<std::uint32_t>(free_.size());
    for (std::size_t r = 0; r < topology_.resources.size(); ++r)
      free_.push_back(run_.stocks_[r].taken < topology_.resources[r].units);
  }

  // The job whose answer a line waits for; none while an answer is on its way, or between attempts.
  void find_callees() {
    callees_.assign(run_.lines_.extent(), none);
    for (std::uint32_t i = 0; i < run_.lines_.extent(); ++i) {
      const Line& job = run_.lines_[i];
      if (!job.live || job.answered || job.waiter.kind != Waiter::Kind::line) continue;
      if (run_.lines_[job.waiter.index].generation == job.waiter.generation) callees_[job.waiter.index] = i;
    }
  }

  // The subscription that a line waits for room at; a topic that is down now may let go of everything later.
  void find_full_topics() {
    full_.assign(run_.lines_.extent(), none);
    for (std::uint32_t s = 0; s < topology_.subscriptions.size(); ++s) {
      if (run_.backlogs_[s].stopped) continue;
      const Ring& blocked = run_.backlogs_[s].blocked;
      for (std::size_t i = 0; i < blocked.size(); ++i) {
        const Message& message = run_.messages_[blocked[i]];
        if (run_.lines_[message.publisher].generation == message.publisher_generation) full_[message.publisher] = s;
      }
    }
  }

  [[nodiscard]] bool is_running(std::uint32_t index) const {
    const Line& line = run_.lines_[index];
    if (line.main == index) return line.live && !line.main_ended;
    return line.main != none && line.fork != none;
  }

  [[nodiscard]] std::uint32_t pool_of(const Line& main) const { return first_pool_[main.service] + main.replica; }

  // Makes free what those who are free will free in the end.
  bool spread() {
    bool changed = false;
    const auto make_free = [&](std::vector<bool>& list, std::size_t at) {
      changed |= !list[at];
      list[at] = true;
    };
    for (std::uint32_t i = 0; i < run_.lines_.extent(); ++i) {
      if (!is_running(i)) continue;
      const std::uint32_t job = run_.lines_[i].main;
      if (!job_free_[job] && can_go_on(i)) make_free(job_free_, job);
    }
    for (std::uint32_t i = 0; i < run_.lines_.extent(); ++i) {
      const Line& line = run_.lines_[i];
      if (line.main == i && line.live && line.holds_worker && job_free_[i]) make_free(free_, pool_of(line));
      if (!is_running(i) || !job_free_[line.main]) continue;
      for (std::uint32_t b = line.frame; b != none; b = run_.frames_[b].outer)
        if (holds_unit(run_.frames_[b])) make_free(free_, first_resource_ + run_.frames_[b].resource);
    }
    return changed;
  }

  [[nodiscard]] static bool holds_unit(const Frame& frame) {
    return frame.kind == Frame::Kind::use && frame.resource != none && frame.claim == none;
  }

  [[nodiscard]] bool can_go_on(std::uint32_t index) const {
    const Line& line = run_.lines_[index];
    const Line& main = run_.lines_[line.main];
    if (!main.started) return !main.queued || may_start(main);
    if (main.working) return true;
    const Instruction& in = topology_.code[line.pc - 1];
    switch (in.action) {
      case Action::work: return !main.queued || may_start(main);
      case Action::publish:
        return topology_.publishes[in.index].timeout || full_[index] == none || !is_stuck(handler_of(full_[index]));
      case Action::call:
        return topology_.call_sites[in.index].timeout || topology_.call_sites[in.index].hedge ||
               callees_[index] == none || job_free_[callees_[index]];
      case Action::use: return run_.frames_[line.frame].claim == none || free_[first_resource_ + in.index];
      case Action::await: return topology_.awaits[in.index].timeout || !out_of_reach(line, in);
      case Action::branch_end: return false;  // waits for its branches: they decide
      default: return true;
    }
  }

  // Who waits in a queue for all replicas may be taken by any of them.
  [[nodiscard]] bool may_start(const Line& main) const {
    const std::uint32_t service = main.service;
    return run_.stations_[service].shared ? !is_stuck(service) : free_[pool_of(main)];
  }
  [[nodiscard]] bool is_stuck(std::uint32_t service) const {
    const auto first = free_.begin() + first_pool_[service];
    const auto pools = static_cast<std::ptrdiff_t>(run_.stations_[service].pools.size());
    return std::none_of(first, first + pools, [](bool free) { return free; });
  }
  [[nodiscard]] std::uint32_t handler_of(std::uint32_t subscription) const {
    return topology_.operations[topology_.subscriptions[subscription].operation].service;
  }

  // The place where nobody can do what this line awaits; none when everything may still come.
  [[nodiscard]] std::uint32_t blocked_milestone(const Line& line, const Instruction& in) const {
    const std::uint64_t missing = topology_.awaits[in.index].wanted & ~run_.requests_[line.request].reached;
    for (std::uint32_t i = 0; i < topology_.watched.size(); ++i) {
      if ((missing & milestone_bit(i)) == 0) continue;
      if (is_stuck(topology_.operations[topology_.watched[i]].service)) return i;
    }
    return none;
  }
  [[nodiscard]] bool out_of_reach(const Line& line, const Instruction& in) const {
    return blocked_milestone(line, in) != none;
  }

  // ---- in words ----

  /// What the first holder of a stuck pool or resource waits for.
  [[nodiscard]] Hope waits_for(std::uint32_t place) const {
    for (std::uint32_t i = 0; i < run_.lines_.extent(); ++i) {
      const Line& line = run_.lines_[i];
      if (place < first_resource_) {
        if (line.main == i && line.live && line.holds_worker && pool_of(line) == place) return hope_of_job(i);
      } else if (is_running(i)) {
        for (std::uint32_t b = line.frame; b != none; b = run_.frames_[b].outer)
          if (holds_unit(run_.frames_[b]) && first_resource_ + run_.frames_[b].resource == place)
            return hope_of_job(line.main);
      }
    }
    return {};
  }

  [[nodiscard]] Hope hope_of_job(std::uint32_t job) const {
    const Line& main = run_.lines_[job];
    if (!main.started) return {pool_of(main), topology_.operations[main.operation].name};
    for (std::uint32_t i = 0; i < run_.lines_.extent(); ++i) {
      const Line& line = run_.lines_[i];
      if (line.main != job || !is_running(i)) continue;
      const Instruction& in = topology_.code[line.pc - 1];
      if (in.action == Action::call) return hope_of_call(callees_[i]);
      if (in.action == Action::publish && full_[i] != none)
        return {first_pool_[handler_of(full_[i])],
                "room on " + topology_.topics[topology_.subscriptions[full_[i]].topic].name};
      if (in.action == Action::use) return {first_resource_ + in.index, topology_.resources[in.index].name};
      if (in.action == Action::await) {
        const CompiledOperation& operation = topology_.operations[topology_.watched[blocked_milestone(line, in)]];
        return {first_pool_[operation.service], operation.name};
      }
    }
    return {pool_of(main), topology_.operations[main.operation].name};
  }

  // A callee that is stuck in a stuck pool is named; one that holds no worker there stands for what it waits for itself.
  [[nodiscard]] Hope hope_of_call(std::uint32_t callee) const {
    const Line& main = run_.lines_[callee];
    if (!main.holds_worker || free_[pool_of(main)]) return hope_of_job(callee);
    return {pool_of(main), topology_.operations[main.operation].name};
  }

  [[nodiscard]] std::string name_of(std::uint32_t place) const {
    if (place >= first_resource_) {
      const CompiledResource& resource = topology_.resources[place - first_resource_];
      return resource.name + " (" + std::to_string(resource.units) + " of " + std::to_string(resource.units) +
             " units)";
    }
    std::size_t s = first_pool_.size() - 1;
    while (first_pool_[s] > place) --s;
    const auto& pools = run_.stations_[s].pools;
    const std::string replica = pools.size() > 1 ? " replica " + std::to_string(place - first_pool_[s] + 1) : "";
    const Pool& pool = pools[place - first_pool_[s]];
    return topology_.services[s].name + replica + " (" + std::to_string(pool.taken) + " of " +
           std::to_string(pool.workers) + " workers)";
  }

  const Simulation& run_;
  const Topology& topology_;
  std::vector<std::uint32_t> first_pool_;  // of each service, among the places
  std::uint32_t first_resource_ = 0;
  std::vector<std::uint32_t> callees_;  // by line
  std::vector<std::uint32_t> full_;     // by line
  std::vector<bool> job_free_;          // by main line
  std::vector<bool> free_;              // by place: pools, then resources
};

void Simulation::check_deadlock() {
  const std::string circle = WaitGraph(*this).circle();
  if (!circle.empty()) stop("workers wait for each other, found at " + to_text(now_) + ": " + circle);
}

}  // namespace sojourn
