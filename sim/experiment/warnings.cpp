#include "sojourn/experiment/warnings.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "sojourn/experiment/sections.hpp"

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
  Doubts(const ExperimentResult& result, const VariantResult& variant, std::vector<Warning>& warnings)
      : replications_(result.replications), variant_(variant), warnings_(warnings) {}

  void note(bool terminating) {
    for (std::size_t i = 0; i < variant_.topology.clients.size(); ++i) note_client(i);
    note_samples();
    note_tails();
    const bool grows = note_growth(terminating);
    note_intervals(terminating || grows);  // a longer run would be another one
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
      const std::string path = family_path(column);
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

  /// Times of clients whose quantiles have no interval, or one that is not to be trusted; one warning a time.
  void note_intervals(bool changes) {
    for (std::size_t c = 0; c < variant_.columns.size(); ++c) {
      if (!is_headline(variant_.columns[c]) || !variant_.estimates[c] || repeats_response(c)) continue;
      if (!variant_.estimates[c]->half_width && replications_ > 1)
        note_sections(variant_.columns[c]);
      else if (!changes)
        note_worth(c);
    }
  }

  void note_sections(const Column& column) {
    const std::string path = family_path(column), quantile = column.measure.back();
    const std::string needs = std::to_string(samples_needed(column.probability)) + " requests";
    if (is_last("too-few-sections", path))
      warnings_.back().message += "; " + quantile + " of " + needs;
    else
      add("too-few-sections", path,
          quantile + " of " + path + " has no interval: " + std::to_string(replications_) +
              " replications make fewer than " + std::to_string(least_sections) + " parts of " + needs);
  }

  void note_worth(std::size_t c) {
    const Column& column = variant_.columns[c];
    const auto worth = unsure_worth(column, variant_.merged, variant_.values[c]);
    if (!worth) return;
    const std::string path = family_path(column), quantile = column.measure.back();
    const std::string numbers = rough(*worth) + " independent ones, " + quantile + " needs " +
                                std::to_string(samples_needed(column.probability));
    if (is_last("interval-unsure", path))
      warnings_.back().message += "; about " + numbers;
    else
      add("interval-unsure", path,
          "the interval of " + quantile + " of " + path +
              " may be too narrow, run longer: requests near each other share their fate, those of a replication are "
              "worth about " +
              numbers);
  }

  /// Whether a time of a client is its response time by another name: then that has said it all.
  [[nodiscard]] bool repeats_response(std::size_t c) const {
    const Column& column = variant_.columns[c];
    if (column.measure.front() == "response_time") return false;
    const auto response =
        position_of(variant_.columns, "clients." + column.subject.front() + ".response_time." + column.measure.back());
    return response && variant_.estimates[*response] == variant_.estimates[c];
  }

  [[nodiscard]] bool is_last(std::string_view name, const std::string& path) const {
    return !warnings_.empty() && warnings_.back().name == name && warnings_.back().path == path &&
           warnings_.back().variant == variant_.name;
  }

  static std::string family_path(const Column& column) {
    std::vector<std::string> parts = column.path();
    parts.pop_back();
    return joined(parts, ".");
  }

  /// Laws without a mean or a variance: what the scenario says of its own numbers.
  void note_tails() {
    for (const Issue& issue : variant_.foreseen)
      if (issue.name != "overload") add(issue.name, issue.pointer, issue.pointer + ": " + issue.message);
  }

  /// Queues first; what is in flight only where no queue is seen to grow.
  bool note_growth(bool terminating) {
    const std::vector<WaitingPlace> places = waiting_places_of(variant_.topology);
    const auto overload = std::find_if(variant_.foreseen.begin(), variant_.foreseen.end(),
                                       [](const Issue& issue) { return issue.name == "overload"; });
    const bool foreseen = overload != variant_.foreseen.end();
    bool grows = false;
    Counted told = Counted::requests;
    for (std::size_t place = 0; place < places.size(); ++place) {
      if (places[place].kind > told || (terminating && places[place].kind == Counted::jobs)) continue;
      std::vector<Quarters> seen;
      for (const auto& replication : variant_.quarters) seen.push_back(replication.at(place));
      const double window_s = variant_.merged.window_ns() / 1e9;
      const auto rate = growth_per_second(seen, window_s, foreseen);
      if (!rate) continue;
      grows = true;
      told = places[place].kind;
      const std::string why = foreseen && told != Counted::queued ? " (" + overload->message + ")" : "";
      add("growing-queue", places[place].path,
          places[place].named + " grows by about " + rough_rate(*rate) + why +
              ": its times depend on how long the run is");
    }
    return grows;
  }

  const std::uint64_t replications_;
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
             std::to_string(result.replications) + " replications, " + percent(precision.wanted) + " were asked for" +
             (precision.replications_needed > 0 ? ": that needs " + precision.need() : "")});
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
  for (const VariantResult& variant : result.variants) Doubts(result, variant, warnings).note(result.terminating);
  return warnings;
}

}  // namespace sojourn
