// Steps that hold steps: repeat, try and use. What a line is inside of is undone when it fails or ends.
#include <limits>

#include "sojourn/core/hash.hpp"
#include "sojourn/random/math.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

Block& Simulation::open_block(Line& line, Block::Kind kind) {
  const std::uint32_t index = blocks_.take();
  Block& block = blocks_[index];
  block = {};
  block.kind = kind;
  block.outer_visit = line.visit;
  block.outer = line.block;
  line.block = index;
  return block;
}

void Simulation::leave_block(Line& line) {
  const std::uint32_t index = line.block;
  const Block block = blocks_[index];
  line.visit = block.outer_visit;
  line.block = block.outer;
  blocks_.give_back(index);
  if (block.kind == Block::Kind::use) leave_use(block);
}

void Simulation::leave_blocks(Line& line) {
  while (line.block != none) leave_block(line);
}

void Simulation::step_repeat(Line& line, const Instruction& in) {
  const std::uint32_t rounds = rounds_of(line, in);
  if (rounds == 0) {
    line.pc = in.target;
    return;
  }
  open_block(line, Block::Kind::repeat).left = rounds;
  line.visit = mix(mix(line.visit, in.site), 0);
}

void Simulation::step_repeat_end(Line& line, const Instruction& in) {
  Block& loop = blocks_[line.block];
  if (--loop.left == 0) return leave_block(line);
  line.visit = mix(mix(loop.outer_visit, in.site), ++loop.round);
  line.pc = in.target;
}

// Geometric from 0 on: P(N >= n) = p^n with p = mean / (1 + mean), by inversion.
std::uint32_t Simulation::rounds_of(const Line& line, const Instruction& in) const {
  const Repetitions& times = topology_.repeats[in.index];
  if (!times.geometric_mean) return times.count;
  if (*times.geometric_mean <= 0) return 0;
  const double u =
      uniform(requests_[line.request], mix(mix(line.visit, in.site) + salt::rounds, line.attempt));
  const double rounds = -natural_log(u) / natural_log(1 + 1 / *times.geometric_mean);
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  return rounds < most ? static_cast<std::uint32_t>(rounds) : most;
}

// A line has failed: the innermost try around it is undone, if there is one. What lies between is left.
bool Simulation::undo(std::uint32_t index, Outcome outcome) {
  Line& line = lines_[index];
  while (line.block != none) {
    const Block block = blocks_[line.block];
    leave_block(line);
    if (block.kind == Block::Kind::compensation && block.outcome == Outcome::failed) outcome = Outcome::failed;
    if (block.kind != Block::Kind::attempt) continue;
    open_block(line, Block::Kind::compensation).outcome = outcome;
    line.pc = block.target;
    resume(index);
    return true;
  }
  return false;
}

// All is undone; the line ends as it would have without the try.
void Simulation::compensation_ended(std::uint32_t index) {
  Line& line = lines_[index];
  const Outcome outcome = blocks_[line.block].outcome;
  leave_block(line);
  Request& request = requests_[line.request];
  if (!request.compensated && request.measured) ++measured_.clients[request.client].compensated;
  request.compensated = true;
  end_line(index, outcome);
}

}  // namespace sojourn
