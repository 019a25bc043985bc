#include "sojourn/system/places.hpp"

#include "sojourn/core/hash.hpp"

namespace sojourn {

// The first place less the operation's first instruction, so that an instruction's place is found by one addition.
std::uint32_t Places::new_path(std::uint32_t operation, std::uint64_t visit) {
  const std::uint32_t entry = topology_.operations[operation].entry;
  if (places_.size() >= most_places) return none;
  if (places_.size() + 1 == entry) places_.emplace_back();  // or the path would be the number that says none
  const auto first = static_cast<std::uint32_t>(places_.size());
  for (std::uint32_t pc = entry;; ++pc) {
    const std::uint64_t site = mix(visit, topology_.code[pc].site);
    places_.push_back({.site = site, .draws_site = mix(site, 0)});
    if (topology_.code[pc].action == Action::end) return first - entry;
  }
}

std::uint32_t Places::new_paths(std::uint32_t path, std::uint32_t pc) {
  const Instruction& in = topology_.code[pc];
  const std::uint64_t visit = at(path, pc).site;
  std::vector<std::uint32_t> found;
  if (in.action == Action::call) {
    found.push_back(new_path(topology_.call_sites[in.index].operation, visit));
  } else {
    const CompiledTopic& topic = topology_.topics[topology_.publishes[in.index].topic];
    for (std::uint32_t i = 0; i < topic.subscriptions; ++i)
      found.push_back(new_path(topology_.subscriptions[topic.first_subscription + i].operation, visit));
  }
  at(path, pc).first_path = static_cast<std::uint32_t>(paths_.size());
  paths_.insert(paths_.end(), found.begin(), found.end());
  return found.front();
}

void Places::make_draws(Place& place) {
  place.draws = static_cast<std::uint32_t>(draws_.size());
  draws_.emplace_back();
}

}  // namespace sojourn
