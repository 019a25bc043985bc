#include "sojourn/experiment/warnings.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sojourn {

namespace {

/// A rate with two digits: "25", "3.4", "0.12".
std::string rough(double value) {
  if (value >= 10) return std::to_string(std::llround(value));
  const auto hundredths =
      static_cast<std::uint64_t>(std::llround(value >= 1 ? std::round(value * 10) * 10 : value * 100));
  std::string text = std::to_string(hundredths / 100) + "." + std::to_string(hundredths / 10 % 10);
  if (hundredths % 10 != 0) text += std::to_string(hundredths % 10);
  return text;
}

/// "3.4/s", or by the minute or hour where that is less than a tenth a second.
std::string rough_rate(double per_s) {
  if (per_s >= 0.1) return rough(per_s) + "/s";
  return per_s * 60 >= 0.1 ? rough(per_s * 60) + "/min" : rough(per_s * 3600) + "/h";
}

std::string share_of(std::uint64_t part, std::uint64_t whole) {
  return std::to_string(part) + " of " + std::to_string(whole) + " requests";
}

/// The doubts about one variant.
class Doubts {
 public:
  Doubts(const VariantResult& variant, std::vector<Warning>& warnings) : variant_(variant), warnings_(warnings) {}

  void note() {
    for (std::size_t i = 0; i < variant_.topology.clients.size(); ++i) note_client(i);
    note_samples();
    note_growth();
  }

 private:
  void add(std::string name, std::string path, std::string message) {
    warnings_.push_back({std::move(name), variant_.name, std::move(path), std::move(message)});
  }

  void note_client(std::size_t i) {
    const ClientMeasurement& client = variant_.merged.clients.at(i);
    const std::string path = "clients." + variant_.topology.clients[i].name;
    std::uint64_t answered = 0;
    for (const std::uint64_t n : client.outcomes) answered += n;
    if (client.requests == 0) add("no-samples", path + ".requests", path + " has no request in the measured window");
    if (client.requests > 0 && answered == 0)
      add("no-samples", path + ".response_time",
          "none of " + path + "'s " + std::to_string(client.requests) + " requests was answered");
    if (answered < client.requests)
      add("unfinished", path + ".outcomes.unfinished",
          share_of(client.requests - answered, client.requests) + " of " + path +
              " had no answer when the run stopped: they are missing in its times, which are too short");
    if (client.incomplete > 0)
      add("incomplete", path + ".completion_time",
          share_of(client.incomplete, client.requests) + " of " + path +
              " were answered but left work behind when the run stopped: they are missing in its completion time, "
              "which is too short");
  }

  /// One warning a time: the first quantile that is refused, and those above it.
  void note_samples() {
    std::string family;
    for (const Column& column : variant_.columns) {
      if (!too_few_samples(column, variant_.merged)) continue;
      const std::uint64_t got = samples_of(column, variant_.merged).value_or(0);
      if (got == 0) continue;
      const std::string needs = std::to_string(samples_needed(column.probability));
      std::vector<std::string> parts = column.path();
      parts.pop_back();
      const std::string path = joined(parts, ".");
      if (path == family) {
        warnings_.back().message += "; " + column.measure.back() + " needs " + needs;
        continue;
      }
      family = path;
      const std::string what = column.section == Section::topics    ? " messages"
                               : column.section == Section::clients ? " requests"
                                                                    : " samples";
      add("too-few-samples", path,
          column.measure.back() + " of " + path + " needs " + needs + what + ", got " + std::to_string(got));
    }
  }

  void note_growth() {
    const std::vector<WaitingPlace> places = waiting_places_of(variant_.topology);
    for (std::size_t place = 0; place < places.size(); ++place) {
      std::vector<Quarters> seen;
      for (const auto& replication : variant_.quarters) seen.push_back(replication.at(place));
      const double window_s = variant_.merged.window_ns() / 1e9;
      if (const auto rate = growth_per_second(seen, window_s))
        add("growing-queue", places[place].path,
            places[place].named + " grows by about " + rough_rate(*rate) + ": its times depend on how long the run is");
    }
  }

  const VariantResult& variant_;
  std::vector<Warning>& warnings_;
};

/// "12 %", in two digits.
std::string percent(double share) { return rough(100 * share) + " %"; }

void note_precision(const ExperimentResult& result, std::vector<Warning>& warnings) {
  const PrecisionReached& precision = *result.precision;
  for (std::size_t v = 0; v < precision.relative.size(); ++v) {
    const auto& relative = precision.relative[v];
    if (relative && *relative <= precision.wanted) continue;
    warnings.push_back(
        {"precision-not-met", result.variants[v].name, precision.path,
         precision.path + " is known to " + (relative ? "within " + percent(*relative) : "no precision") + " after " +
             std::to_string(result.replications) + " replications, " + percent(precision.wanted) + " were asked for"});
  }
}

}  // namespace

std::vector<Warning> warnings_of(const ExperimentResult& result) {
  std::vector<Warning> warnings;
  if (result.replications == 0) return warnings;
  if (!result.warmup_found)
    warnings.push_back(
        {"warmup-not-found", result.variants.front().name, "warmup_s",
         "no warm-up found: the averages have not settled within half the run, which was cut; run longer"});
  if (result.precision && !result.precision->met) note_precision(result, warnings);
  for (const VariantResult& variant : result.variants) Doubts(variant, warnings).note();
  return warnings;
}

}  // namespace sojourn
