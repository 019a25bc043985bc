// Steps that hold steps: repeat, try and use. What a line is inside of is undone when it fails or ends.
#include <limits>

#include "sojourn/core/hash.hpp"
#include "sojourn/random/math.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

Frame& Simulation::open_frame(Line& line, Frame::Kind kind) {
  const std::uint32_t index = frames_.take();
  Frame& frame = frames_[index];
  frame = {};
  frame.kind = kind;
  frame.outer_visit = line.visit;
  frame.outer_path = line.path;
  frame.outer = line.frame;
  line.frame = index;
  return frame;
}

void Simulation::leave_frame(Line& line) {
  const std::uint32_t index = line.frame;
  const Frame frame = frames_[index];
  line.visit = frame.outer_visit;
  line.path = frame.outer_path;
  line.frame = frame.outer;
  frames_.give_back(index);
  if (frame.kind == Frame::Kind::use) leave_use(frame);
}

void Simulation::leave_frames(Line& line) {
  while (line.frame != none) leave_frame(line);
}

void Simulation::step_repeat(Line& line, const Instruction& in) {
  const std::uint32_t rounds = rounds_of(line, in);
  if (rounds == 0) {
    line.pc = in.target;
    return;
  }
  Frame& loop = open_frame(line, Frame::Kind::repeat);
  loop.left = rounds;
  loop.site = in.site;
  line.visit = mix(mix(line.visit, in.site), 0);
  line.path = none;
}

void Simulation::step_repeat_end(Line& line, const Instruction& in) {
  Frame& loop = frames_[line.frame];
  if (--loop.left == 0) return leave_frame(line);
  line.visit = mix(mix(loop.outer_visit, in.site), ++loop.round);
  line.pc = in.target;
}

// Geometric from 0 on: P(N >= n) = p^n with p = mean / (1 + mean), by inversion.
std::uint32_t Simulation::rounds_of(const Line& line, const Instruction& in) const {
  const Repetitions& times = topology_.repeats[in.index];
  if (!times.geometric_mean) return times.count;
  if (*times.geometric_mean <= 0) return 0;
  const double u = uniform(requests_[line.request], mix(mix(line.visit, in.site) + salt::rounds, line.attempt));
  const double rounds = -natural_log(u) / natural_log(1 + 1 / *times.geometric_mean);
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  return rounds < most ? static_cast<std::uint32_t>(rounds) : most;
}

// A line has failed: the innermost try around it is undone, if there is one. What lies between is left.
bool Simulation::undo(std::uint32_t index, Outcome outcome) {
  Line& line = lines_[index];
  while (line.frame != none) {
    const Frame frame = frames_[line.frame];
    leave_frame(line);
    if (frame.kind == Frame::Kind::compensation && frame.outcome == Outcome::failed) outcome = Outcome::failed;
    if (frame.kind != Frame::Kind::attempt) continue;
    open_frame(line, Frame::Kind::compensation).outcome = outcome;
    line.pc = frame.target;
    resume(index);
    return true;
  }
  return false;
}

// All is undone; the line ends as it would have without the try.
void Simulation::compensation_ended(std::uint32_t index) {
  Line& line = lines_[index];
  const Outcome outcome = frames_[line.frame].outcome;
  leave_frame(line);
  Request& request = requests_[line.request];
  if (!request.compensated && request.measured) ++measured_.clients[request.client].compensated;
  request.compensated = true;
  end_line(index, outcome);
}

}  // namespace sojourn
