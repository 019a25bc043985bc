#include "sojourn/system/places.hpp"

#include "sojourn/core/hash.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

bool PlaceTimes::fills(Block& block, std::uint64_t order) {
  if (!worth_.pays()) return false;
  block.order = order;
  sampler_->draw_block(block.times, key_, order * block_length, site_);
  return true;
}

Duration PlaceTimes::single(std::uint64_t number) const {
  Draw draw(key_, number, site_);
  return (*sampler_)(draw);
}

bool PlaceChance::fills(Block& block, std::uint64_t order) {
  if (!worth_.pays()) return false;
  block.order = order;
  BitsBlock bits;
  draw_block(bits, key_, order * block_length, site_);
  block.struck = 0;
  for (std::size_t i = 0; i < block_length; ++i)
    block.struck |= (uniform_of(bits.first[i]) <= probability_ ? 1U : 0U) << i;
  return true;
}

bool PlaceChance::single(std::uint64_t number) const { return Draw(key_, number, site_).uniform() <= probability_; }

Place Places::place_of(const Instruction& in, const CompiledOperation& operation, std::uint64_t visit) const {
  Place place;
  place.action = in.action;
  place.index = in.index;
  place.site = mix(visit, in.site);
  if (in.action == Action::end) place.milestone = operation.milestone;
  if (in.action == Action::work) place.may_fail = topology_.works[in.index].may_fail;
  if (in.action == Action::call) {
    const CompiledCall& call = topology_.call_sites[in.index];
    place.simple = call.simple;
    place.own_scope = call.own_scope;
    place.timed = call.timeout.has_value();
    place.budgeted = call.has_budget;
    place.has_fallback = call.has_fallback;
    place.has_priority = call.priority.has_value();
    place.priority = call.priority.value_or(0);
  }
  if (in.action == Action::publish) {
    const CompiledPublish& publish = topology_.publishes[in.index];
    place.simple = publish.simple;
    place.has_priority = publish.priority.has_value();
    place.priority = publish.priority.value_or(0);
  }
  return place;
}

std::uint32_t Places::new_path(std::uint32_t operation, std::uint64_t visit) {
  const CompiledOperation& compiled = topology_.operations[operation];
  std::uint32_t length = 1;
  while (topology_.code[compiled.entry + length - 1].action != Action::end) ++length;
  const bool from_client = visit == compiled.site;  // of these there are no more than the scenario names
  if (!from_client && places_ + length > most_places) return none;
  places_ += length;
  blocks_.push_back(std::make_unique<Place[]>(length));
  Place* const first = blocks_.back().get();
  for (std::uint32_t i = 0; i < length; ++i) first[i] = place_of(topology_.code[compiled.entry + i], compiled, visit);
  for (std::uint32_t i = length - 1; i > 0; --i) {
    const Place& next = first[i];
    first[i - 1].closing =
        next.action == Action::end || (next.action == Action::publish && next.simple && next.closing);
  }
  paths_.push_back(reinterpret_cast<std::uintptr_t>(first) - std::uintptr_t{compiled.entry} * sizeof(Place));
  return static_cast<std::uint32_t>(paths_.size() - 1);
}

Destination Places::way_to(std::uint32_t operation, std::uint64_t visit) {
  const CompiledOperation& compiled = topology_.operations[operation];
  Station& station = stations_[compiled.service];
  const std::uint32_t path = new_path(operation, visit);
  return {.station = &station,
          .service = compiled.service,
          .operation = operation,
          .pc = compiled.entry,
          .path = path,
          .places = path == none ? 0 : paths_[path],
          .visit = visit,
          .plain = station.plain && path != none,
          .foreseen = station.foreseen && path != none};
}

void Places::complete_work(std::uint32_t path, std::uint32_t pc, std::uint64_t key) {
  Place& place = at(path, pc);
  const CompiledWork& work = topology_.works[place.index];
  place.times = &times_.emplace_back(work.time, key, mix(place.site, 0));
  if (work.fails > 0) place.fails = &chances_.emplace_back(work.fails, key, mix(place.site + salt::fails, 0));
  if (work.declines > 0) place.declines = &chances_.emplace_back(work.declines, key, place.site + salt::declines);
}

void Places::complete_call(std::uint32_t path, std::uint32_t pc) {
  const CompiledCall& call = topology_.call_sites[at(path, pc).index];
  const Destination to = way_to(call.operation, at(path, pc).site);
  at(path, pc).to = to;
  at(path, pc).simple = call.simple && to.plain;
  at(path, pc).measured = &measured_.calls[call.statistics];
}

void Places::complete_publish(std::uint32_t path, std::uint32_t pc) {
  const CompiledTopic& topic = topology_.topics[topology_.publishes[at(path, pc).index].topic];
  std::vector<Outlet> outlets;
  for (std::uint32_t i = 0; i < topic.subscriptions; ++i) {
    const std::uint32_t subscription = topic.first_subscription + i;
    const CompiledSubscription& compiled = topology_.subscriptions[subscription];
    outlets.push_back({.subscription = subscription,
                       .concurrency = compiled.concurrency,
                       .backlog = &backlogs_[subscription],
                       .measured = &measured_.subscriptions[subscription],
                       .to = way_to(compiled.operation, at(path, pc).site),
                       .never_fails = topology_.operations[compiled.operation].never_fails});
  }
  at(path, pc).first_outlet = static_cast<std::uint32_t>(outlets_.size());
  at(path, pc).outlets = topic.subscriptions;
  outlets_.insert(outlets_.end(), outlets.begin(), outlets.end());
}

}  // namespace sojourn
