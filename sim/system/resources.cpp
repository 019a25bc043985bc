// Resources: who holds a unit, who waits for one, who is refused.
#include "sojourn/system/resources.hpp"

#include "sojourn/core/hash.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

Stock::Stock(const CompiledResource& resource, std::uint64_t run_key, Time warmup, Time horizon)
    : queue(resource.discipline),
      order(run_key, mix(resource.site, salt::order)),
      used(warmup, horizon),
      queued(warmup, horizon) {}

// Gives whether the line goes on at once; it waits where every unit is taken, and fails where too many wait.
bool Simulation::step_use(std::uint32_t index, const Instruction& in) {
  Line& line = lines_[index];
  const CompiledResource& resource = topology_.resources[in.index];
  Stock& stock = stocks_[in.index];
  if (stock.taken < resource.units) {
    open_frame(line, Frame::Kind::use).resource = in.index;
    take_unit(in.index, Duration{});
    return true;
  }
  if (resource.capacity != none && stock.waiting >= resource.capacity) {
    if (in_window_) ++measured_.resources[in.index].refused;
    end_line(index, Outcome::failed);
    return false;
  }
  const std::uint32_t claim = claims_.take();
  claims_[claim] = {.line = index, .began = now_, .withdrawn = false};
  Frame& use = open_frame(line, Frame::Kind::use);
  use.resource = in.index;
  use.claim = claim;
  stock.queue.push(claim, main_of(line).priority);
  ++stock.waiting;
  stock.queued.add(now_, +1);
  leave_worker_if_idle(main_of(line));
  return false;
}

void Simulation::take_unit(std::uint32_t resource, Duration waited) {
  Stock& stock = stocks_[resource];
  ++stock.taken;
  if (stock.taken > topology_.resources[resource].units) ++measured_.ledger.unit_limit_breaches;
  stock.used.add(now_, +1);
  if (!in_window_) return;
  ++measured_.resources[resource].taken;
  measured_.resources[resource].waiting_time.add(waited.ns);
}

// A line leaves a use, or gives up waiting for its unit.
void Simulation::leave_use(const Frame& use) {
  if (use.resource == none) return;
  Stock& stock = stocks_[use.resource];
  if (use.claim != none) {
    claims_[use.claim].withdrawn = true;
    --stock.waiting;
    stock.queued.add(now_, -1);
    return;
  }
  --stock.taken;
  stock.used.add(now_, -1);
  serve_claims(use.resource);
}

// Gives free units to those who wait. One that waited too long fails, which may free units of this resource, too.
void Simulation::serve_claims(std::uint32_t index) {
  const CompiledResource& resource = topology_.resources[index];
  Stock& stock = stocks_[index];
  while (stock.taken < resource.units && !stock.queue.empty()) {
    const std::uint32_t claimed = stock.queue.pop(stock.order);
    const Claim claim = claims_[claimed];
    claims_.give_back(claimed);
    if (claim.withdrawn) continue;
    --stock.waiting;
    stock.queued.add(now_, -1);
    Frame& use = frames_[lines_[claim.line].frame];
    use.claim = none;
    const Duration waited = now_ - claim.began;
    if (!resource.max_wait || waited <= *resource.max_wait) {
      take_unit(index, waited);
      resume(claim.line);
      continue;
    }
    use.resource = none;
    if (in_window_) ++measured_.resources[index].refused;
    end_line(claim.line, Outcome::failed);
  }
}

}  // namespace sojourn
