// Waiting for operations: await holds a line, notify holds a notification, until all that they want have succeeded.
#include "sojourn/system/milestones.hpp"

#include "sojourn/system/simulation.hpp"

namespace sojourn {

// Gives whether the line goes on at once.
bool Simulation::step_await(std::uint32_t index, const Instruction& in) {
  const CompiledAwait& await = topology_.awaits[in.index];
  Line& line = lines_[index];
  Request& request = requests_[line.request];
  if ((request.reached & await.wanted) == await.wanted) return true;
  ++line.generation;
  add_watch(request, {.wanted = await.wanted, .line = index, .generation = line.generation, .next = none});
  if (await.timeout) schedule(now_ + *await.timeout, Rank::timer, What::await_gives_up, index, line.generation);
  leave_worker_if_idle(main_of(line));
  return false;
}

void Simulation::await_gives_up(std::uint32_t index) {
  Line& line = lines_[index];
  std::uint32_t* at = &requests_[line.request].watches;
  while (watches_[*at].line != index || watches_[*at].generation != line.generation) at = &watches_[*at].next;
  const std::uint32_t watch = *at;
  *at = watches_[watch].next;
  watches_.give_back(watch);
  ++line.generation;
  end_line(index, Outcome::failed);
}

void Simulation::step_notify(std::uint32_t index, std::uint64_t wanted) {
  Request& request = requests_[index];
  if ((request.reached & wanted) == wanted) return notify_client(request);
  add_watch(request, {.wanted = wanted, .line = none, .generation = 0, .next = none});
}

void Simulation::add_watch(Request& request, const Watch& watch) {
  const std::uint32_t index = watches_.take();
  watches_[index] = watch;
  std::uint32_t* at = &request.watches;
  while (*at != none) at = &watches_[*at].next;
  *at = index;
}

// A job of a watched operation has succeeded on behalf of a request.
void Simulation::reach(std::uint32_t index, std::uint32_t milestone) {
  Request& request = requests_[index];
  request.reached |= milestone_bit(milestone);
  std::uint32_t* at = &request.watches;
  while (*at != none) {
    const std::uint32_t place = *at;
    const Watch watch = watches_[place];
    if ((request.reached & watch.wanted) != watch.wanted) {
      at = &watches_[place].next;
      continue;
    }
    *at = watch.next;
    watches_.give_back(place);
    if (watch.line == none) {
      notify_client(request);
    } else if (lines_[watch.line].generation == watch.generation) {
      ++lines_[watch.line].generation;
      resume(watch.line);
    }
  }
}

void Simulation::forget_watches(Request& request) {
  while (request.watches != none) {
    const std::uint32_t watch = request.watches;
    request.watches = watches_[watch].next;
    watches_.give_back(watch);
  }
}

}  // namespace sojourn
