#include "sojourn/experiment/sections.hpp"

#include <algorithm>
#include <cmath>

namespace sojourn {

namespace {

constexpr std::uint64_t kept_factor = 4;  // times are kept below so many times what the highest quantile needs

bool is_quantile(const Column& column) { return column.present && column.statistic == Statistic::quantile; }

/// Whether both are quantiles of the same times.
bool same_times(const Column& a, const Column& b) {
  return a.statistic == Statistic::quantile && b.statistic == Statistic::quantile && a.section == b.section &&
         a.index == b.index && a.measure.front() == b.measure.front();
}
/// The first and the last column that is a quantile of the same times: they stand together.
std::size_t first_of(const std::vector<Column>& columns, std::size_t c) {
  while (c > 0 && same_times(columns[c - 1], columns[c])) --c;
  return c;
}
std::size_t last_of(const std::vector<Column>& columns, std::size_t c) {
  while (c + 1 < columns.size() && same_times(columns[c + 1], columns[c])) ++c;
  return c;
}

std::optional<double> quantile_in(const Histogram& times, double probability) {
  if (times.count() < samples_needed(probability)) return std::nullopt;
  return *times.quantile(probability) / 1e9;
}

}  // namespace

SeenColumns seen_columns(const std::vector<Column>& columns, const Measurements& measured) {
  SeenColumns seen;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    seen.values.push_back(value_of(columns[c], measured));
    const Histogram* times = is_quantile(columns[c]) ? times_of(columns[c], measured) : nullptr;
    seen.samples.push_back(times == nullptr ? 0 : times->count());
    if (times == nullptr || times->empty() || first_of(columns, c) != c) continue;
    if (times->count() < kept_factor * samples_needed(columns[last_of(columns, c)].probability)) seen.kept[c] = *times;
  }
  return seen;
}

Sections::Sections(const std::vector<const std::vector<Column>*>& variants) {
  std::map<std::string, std::size_t> by_path;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    const std::vector<Column>& columns = *variants[v];
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (!is_quantile(columns[c])) continue;
      const auto [place, is_new] = by_path.try_emplace(columns[c].dotted(), families_.size());
      if (is_new) families_.push_back({.probability = columns[c].probability, .members = {}});
      places_[{v, c}] = place->second;
      families_[place->second].members.push_back({.variant = v, .column = c, .key = first_of(columns, c)});
    }
  }
}

void Sections::add(std::span<const SeenColumns* const> seen) {
  for (Family& family : families_) add_to(family, seen);
}

void Sections::add_to(Family& family, std::span<const SeenColumns* const> seen) {
  const std::uint64_t needed = samples_needed(family.probability);
  const auto samples = [&](const Member& member) { return seen[member.variant]->samples[member.column]; };
  const bool enough = std::all_of(family.members.begin(), family.members.end(),
                                  [&](const Member& member) { return samples(member) >= needed; });
  if (enough) {
    for (Member& member : family.members) member.values.push_back(seen[member.variant]->values[member.column]);
    return;
  }
  family.grouped = true;
  for (Member& member : family.members)
    if (const auto kept = seen[member.variant]->kept.find(member.key); kept != seen[member.variant]->kept.end())
      member.open.merge(kept->second);
  const bool some = std::any_of(family.members.begin(), family.members.end(),
                                [](const Member& member) { return !member.open.empty(); });
  const bool full = std::all_of(family.members.begin(), family.members.end(), [&](const Member& member) {
    return member.open.empty() || member.open.count() >= needed;
  });
  if (some && full) close(family);
}

void Sections::close(Family& family) {
  family.last = family.members.front().values.size();
  for (Member& member : family.members) {
    member.values.push_back(quantile_in(member.open, family.probability));
    member.last = std::move(member.open);
    member.open = {};
  }
}

const Sections::Family* Sections::family_of(std::size_t variant, std::size_t column) const {
  const auto place = places_.find({variant, column});
  return place == places_.end() ? nullptr : &families_[place->second];
}

std::vector<std::optional<double>> Sections::values(std::size_t variant, std::size_t column) const {
  const Family* family = family_of(variant, column);
  if (family == nullptr) return {};
  const auto member = std::find_if(family->members.begin(), family->members.end(),
                                   [&](const Member& m) { return m.variant == variant && m.column == column; });
  std::vector<std::optional<double>> values = member->values;
  if (member->open.empty()) return values;
  // What is left over goes to the last section that was put together.
  Histogram rest = member->open;
  rest.merge(member->last);
  const auto quantile = quantile_in(rest, family->probability);
  if (family->last)
    values[*family->last] = quantile;
  else if (values.empty())
    values.push_back(quantile);
  return values;
}

bool Sections::grouped(std::size_t variant, std::size_t column) const {
  const Family* family = family_of(variant, column);
  return family != nullptr && family->grouped;
}

std::optional<double> independent_samples(const Column& column, const Measurements& merged,
                                          std::span<const std::optional<double>> sections) {
  const Histogram* times = times_of(column, merged);
  std::vector<double> known;
  for (const std::optional<double>& value : sections)
    if (value) known.push_back(*value);
  if (times == nullptr || times->empty() || known.size() < least_sections) return std::nullopt;
  const auto n = static_cast<double>(known.size());
  const double p = column.probability, samples = static_cast<double>(times->count()) / n;
  const double reach = std::sqrt(p * (1 - p) / samples);
  const double centre = *times->quantile(p) / 1e9;
  const double expected =
      (*times->quantile(std::min(1.0, p + reach)) - *times->quantile(std::max(0.0, p - reach))) / 2e9;
  const double deviation = *standard_error_about(centre, known) * std::sqrt(n);
  if (!(expected > 0) || !(deviation > 0)) return std::nullopt;
  return samples * std::min(1.0, expected * expected / (deviation * deviation));
}

std::optional<double> unsure_worth(const Column& column, const Measurements& merged,
                                   std::span<const std::optional<double>> sections) {
  const auto worth = independent_samples(column, merged, sections);
  if (!worth || *worth >= 0.5 * static_cast<double>(samples_needed(column.probability))) return std::nullopt;
  return worth;
}

std::optional<Estimate> estimate_from(std::span<const std::optional<double>> values, const Column& column,
                                      const Measurements& merged, ValuesFrom from, double confidence) {
  std::vector<double> known;
  for (const std::optional<double>& value : values)
    if (value) known.push_back(*value);
  if (known.empty() && column.statistic != Statistic::quantile) return std::nullopt;
  if (column.statistic == Statistic::mean) return mean_of(known, confidence);
  if (too_few_samples(column, merged)) return std::nullopt;
  const std::optional<double> value = value_of(column, merged);
  if (!value) return std::nullopt;
  if (column.statistic != Statistic::quantile)
    return Estimate{.value = *value, .half_width = std::nullopt, .n = known.size()};
  const bool few = known.size() < least_sections && from.grouped;
  if (few || (!is_headline(column) && !from.terminating && unsure_worth(column, merged, values)))
    return Estimate{.value = *value, .half_width = std::nullopt, .n = 1};
  return section(*value, known, confidence);
}

bool is_headline(const Column& column) {
  return column.section == Section::clients && column.statistic == Statistic::quantile && column.probability <= 0.99;
}

}  // namespace sojourn
