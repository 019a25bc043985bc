#include "sojourn/io/summary.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <string_view>

#include "sojourn/experiment/service_load.hpp"

namespace sojourn {

namespace {

enum class Better : std::uint8_t { lower, higher, neither };

/// One column of a client's table.
struct Told {
  std::string_view group;
  std::string_view name;
  std::string_view path;
  Better better;
};
constexpr std::array told_of_clients{Told{"response time", "p50", "response_time.p50", Better::lower},
                                     Told{"response time", "p99", "response_time.p99", Better::lower},
                                     Told{"completion time", "p50", "completion_time.p50", Better::lower},
                                     Told{"completion time", "p99", "completion_time.p99", Better::lower},
                                     Told{"notified after", "mean", "notification_time.mean", Better::lower},
                                     Told{"fulfilled", "", "fulfilled_ratio", Better::higher},
                                     Told{"broken promises", "", "broken_promise_ratio", Better::lower},
                                     // a yes that is not kept is no merit
                                     Told{"succeeded", "", "succeeded_per_s", Better::neither}};

std::string client_path(const std::string& client, std::string_view rest) {
  return "clients." + client + "." + std::string(rest);
}

/// The unit of a number anywhere in the experiment; nothing when no variant has it.
std::optional<Unit> unit_at(const ExperimentResult& result, const std::string& path) {
  for (const VariantResult& variant : result.variants)
    if (const auto position = position_of(variant.columns, path)) return variant.columns[*position].unit;
  return std::nullopt;
}

/// The names of all clients, the baseline's first.
std::vector<std::string> clients_of(const ExperimentResult& result) {
  std::vector<std::string> names;
  for (const VariantResult& variant : result.variants)
    for (const CompiledClient& client : variant.topology.clients)
      if (std::find(names.begin(), names.end(), client.name) == names.end()) names.push_back(client.name);
  return names;
}

/// One unit for all numbers of a group.
Scale scale_of_group(const ExperimentResult& result, const std::string& client, std::string_view group) {
  std::vector<double> values;
  Unit unit = Unit::seconds;
  for (const Told& told : told_of_clients) {
    if (told.group != group) continue;
    unit = unit_at(result, client_path(client, told.path)).value_or(unit);
    for (const VariantResult& variant : result.variants)
      if (const auto estimate = variant.estimate(client_path(client, told.path))) values.push_back(estimate->value);
  }
  return scale_for(unit, values);
}

GridColumn column_of(const ExperimentResult& result, const std::string& client, const Told& told, Unit unit,
                     std::optional<std::size_t> best) {
  const std::string path = client_path(client, told.path);
  const Scale scale = scale_of_group(result, client, told.group);
  GridColumn column{.group = std::string(told.group) + " [" + std::string(scale.name) + "]",
                    .name = std::string(told.name),
                    .cells = {}};
  for (std::size_t v = 0; v < result.variants.size(); ++v)
    column.cells.push_back({quantity_of(result.variants[v].estimate(path), unit, scale), best == v});
  return column;
}

std::string offered_text(const ExperimentResult& result, const std::string& client) {
  for (const VariantResult& variant : result.variants) {
    const auto offered = variant.estimate(client_path(client, "offered_per_s"));
    if (!offered) continue;
    const Scale scale = scale_for(Unit::per_second, {offered->value});
    return quantity_of(offered, Unit::per_second, scale).value + " requests" + std::string(scale.name);
  }
  return "no requests";
}

/// The winners of all columns of all clients, by path.
std::map<std::string, std::size_t> winners_by_path(const Findings& findings) {
  std::vector<Contest> contests;
  for (const std::string& client : clients_of(findings.result))
    for (const Told& told : told_of_clients)
      if (told.better != Better::neither)
        contests.push_back({client_path(client, told.path), told.better == Better::lower});
  const auto won = winners(findings.result, findings.comparisons, contests);
  std::map<std::string, std::size_t> by_path;
  for (std::size_t i = 0; i < contests.size(); ++i)
    if (won[i]) by_path[contests[i].path] = *won[i];
  return by_path;
}

Block client_block(const ExperimentResult& result, const std::string& client,
                   const std::map<std::string, std::size_t>& winners) {
  Block block{.heading = client + ": " + offered_text(result, client), .grid = Grid{}, .rows = {}, .sentences = {}};
  for (const VariantResult& variant : result.variants) block.grid->rows.push_back(variant.name);
  bool marked = false;
  for (const Told& told : told_of_clients) {
    const auto unit = unit_at(result, client_path(client, told.path));
    if (!unit) continue;
    const auto won = winners.find(client_path(client, told.path));
    block.grid->columns.push_back(
        column_of(result, client, told, *unit, won == winners.end() ? std::nullopt : std::optional(won->second)));
    for (const GridColumn::Cell& cell : block.grid->columns.back().cells) marked = marked || cell.best;
  }
  if (marked) block.sentences.push_back("* better than every other variant: all paired intervals exclude zero");
  return block;
}

std::string metric_words(const std::string& metric) {
  std::string words = metric;
  for (char& c : words)
    if (c == '.' || c == '_') c = ' ';
  return metric == "succeeded_per_s" ? "succeeded" : words;
}

std::vector<std::string> difference_row(const Comparison& c, bool several_clients) {
  std::vector<std::string> row{(several_clients ? c.client + ": " : "") + metric_words(c.metric)};
  if (!c.paired) {
    row.insert(row.end(), {"unknown", "", "too few samples"});
    return row;
  }
  row.push_back(c.verdict == Verdict::equal ? "0" : difference_text(c.paired->difference, c.unit));
  row.push_back(c.paired->ratio && c.verdict != Verdict::equal ? "x " + factor_text(*c.paired->ratio) : "");
  row.push_back(c.verdict == Verdict::undecided ? "undecided: within chance" : std::string(name_of(c.verdict)));
  return row;
}

void append_differences(std::vector<Block>& blocks, const Findings& findings) {
  const bool several_clients = clients_of(findings.result).size() > 1;
  std::string variant;
  for (const Comparison& c : findings.comparisons) {
    if (c.variant != variant) {
      variant = c.variant;
      blocks.push_back(
          {.heading = variant + " minus " + c.baseline + ", paired", .grid = {}, .rows = {}, .sentences = {}});
    }
    blocks.back().rows.push_back(difference_row(c, several_clients));
  }
}

std::string percent(double share) { return fixed(share * 100, 1) + " %"; }

Block limits_block(const ExperimentResult& result) {
  Block block{.heading = "first to give in: the service with most of its workers taken",
              .grid = {},
              .rows = {},
              .sentences = {}};
  for (const VariantResult& variant : result.variants) {
    const MeasuredLoad load = heaviest_load(variant);
    if (load.service == nullptr) continue;
    if (load.cores > load.workers()) {
      block.rows.push_back({variant.name, load.service->name, percent(load.cores) + " of its cores at work"});
      continue;
    }
    block.rows.push_back({variant.name, load.service->name, percent(load.taken()) + " taken =",
                          percent(load.busy) + " at work +", percent(load.held) + " held by jobs that wait"});
  }
  return block;
}

Block backlogs_block(const ExperimentResult& result) {
  Block block{.heading = "largest backlog", .grid = {}, .rows = {}, .sentences = {}};
  for (const VariantResult& variant : result.variants) {
    const SubscriptionMeasurement* largest = nullptr;
    std::size_t at = 0;
    for (std::size_t i = 0; i < variant.merged.subscriptions.size(); ++i) {
      if (largest != nullptr && variant.merged.subscriptions[i].backlog_ns <= largest->backlog_ns) continue;
      largest = &variant.merged.subscriptions[i];
      at = i;
    }
    if (largest == nullptr) continue;
    const CompiledSubscription& s = variant.topology.subscriptions[at];
    const std::string path = "topics." + s.topic_name + "." + s.name;
    const std::string of = s.topic_name == s.name ? s.name : s.topic_name + " for " + s.name;
    block.rows.push_back({variant.name, of,
                          value_text(variant.estimate(path + ".backlog"), Unit::level) + " wait on average, at most " +
                              std::to_string(largest->backlog_max) + "; lag p99 " +
                              value_text(variant.estimate(path + ".lag.p99"), Unit::seconds)});
  }
  return block;
}

/// "response time mean" of "clients.visitors.response_time.mean", with the client's name where there are several.
std::string check_words(const TheoryCheck& check, bool several) {
  const std::size_t first = check.path.find('.'), second = check.path.find('.', first + 1);
  const std::string name = check.path.substr(first + 1, second - first - 1);
  const bool of_client = check.path.starts_with("clients.");
  return (several || !of_client ? name + " " : "") + metric_words(check.path.substr(second + 1));
}

std::string distance_text(const TheoryCheck& check) {
  if (!check.standard_errors) return "no interval";
  return fixed(std::abs(*check.standard_errors), 1) + " standard errors " +
         (*check.standard_errors < 0 ? "below" : "above");
}

Block theory_block(const Findings& findings) {
  constexpr double far = 4.5;
  Block block{.heading = "theory, where it is exact", .grid = {}, .rows = {}, .sentences = {}};
  const bool several = clients_of(findings.result).size() > 1;
  bool some_are_far = false;
  for (const TheoryCheck& check : findings.theory) {
    const Estimate exact{.value = check.exact, .half_width = std::nullopt, .n = 0};
    block.rows.push_back({check.variant, check_words(check, several), value_text(exact, Unit::seconds) + " exact,",
                          quantity_text(check.simulated, Unit::seconds) + " simulated:", distance_text(check),
                          check.result});
    some_are_far |= check.standard_errors && std::abs(*check.standard_errors) > far;
  }
  if (some_are_far)
    block.sentences.push_back(
        "more than 4.5 standard errors are no chance: theory speaks of the long run, this run may be too short, or "
        "begin empty without a warm-up");
  return block;
}

/// "waiting in the queue of inventory".
std::string part_words(const BlamePart& part) {
  switch (part.why) {
    case Blame::queue: return "waiting in the queue of " + part.place;
    case Blame::work: return "work of " + part.place;
    case Blame::held: return "waiting for " + part.place + " to go on";
    case Blame::network: return "on the way to and from " + part.place;
    case Blame::back_off: return "back-off of " + part.place;
    case Blame::delay: return "delays of " + part.place;
    case Blame::topic: return "in the topic " + part.place;
  }
  return "";
}

/// The largest parts, at most three, and the rest in one.
std::vector<std::string> blame_row(const BlameStory& story, bool several) {
  constexpr std::size_t most = 3;
  const Estimate whole{.value = story.seconds, .half_width = std::nullopt, .n = 0};
  // Not the p99 itself: the mean of the times on both sides of it, in a few replications.
  const std::string metric =
      std::string(story.time.substr(0, story.time.find('_'))) + " near " + std::string(story.statistic);
  std::vector<std::string> row{story.variant, (several ? story.client + ": " : "") + metric,
                               value_text(whole, Unit::seconds) + " ="};
  double rest = story.seconds;
  std::string words;
  const auto add = [&words](double share, const std::string& what) {
    words += (words.empty() ? "" : ", ") + fixed(share * 100, 0) + " % " + what;
  };
  for (std::size_t i = 0; i < std::min(most, story.parts.size()); ++i) {
    const BlamePart& part = story.parts[i];
    if (i > 0 && part.seconds / story.seconds < 0.005) break;
    rest -= part.seconds;
    add(part.seconds / story.seconds, part_words(part));
  }
  if (rest / story.seconds >= 0.005) add(rest / story.seconds, "the rest");
  row.push_back(words);
  return row;
}

bool is_same(const BlameStory& a, const BlameStory& b) {
  return a.variant == b.variant && a.client == b.client && a.seconds == b.seconds;
}

/// The p99 of every client's response, and of its completion where that is another time.
Block blame_block(const Findings& findings) {
  Block block{.heading = "what the slow ones wait for: the times about the p99, the largest part first",
              .grid = {},
              .rows = {},
              .sentences = {}};
  const bool several = clients_of(findings.result).size() > 1;
  const BlameStory* response = nullptr;
  for (const BlameStory& story : findings.blame) {
    if (story.statistic != "p99" || story.seconds == 0) continue;
    if (response != nullptr && is_same(*response, story)) continue;
    if (story.time == "response_time") response = &story;
    block.rows.push_back(blame_row(story, several));
  }
  return block;
}

Block objectives_block(const Findings& findings) {
  Block block{.heading = "objectives", .grid = {}, .rows = {}, .sentences = {}};
  std::vector<std::string> texts;
  for (const ObjectiveResult& o : findings.objectives)
    if (std::find(texts.begin(), texts.end(), o.text) == texts.end()) texts.push_back(o.text);
  for (const std::string& text : texts) {
    for (const ObjectiveResult& o : findings.objectives) {
      if (o.text != text) continue;
      const std::string judged = !o.met ? "does not apply" : *o.met ? "met" : "NOT MET";  // not known is not met
      const bool is_first = &o == &*std::find_if(findings.objectives.begin(), findings.objectives.end(),
                                                 [&](const ObjectiveResult& other) { return other.text == text; });
      block.rows.push_back({is_first ? text : "", o.variant, judged,
                            !o.met       ? ""
                            : o.estimate ? quantity_text(o.estimate, o.unit)
                                         : "not known: see the doubts"});
    }
  }
  return block;
}

/// Quantiles that are refused away from the clients are many and rarely looked at: counted here, listed in the report.
bool is_minor(const Warning& warning) {
  return warning.name == "too-few-samples" && !warning.path.starts_with("clients.");
}

Block warnings_block(const Findings& findings) {
  Block block{.heading = "doubts", .grid = {}, .rows = {}, .sentences = {}};
  for (const VariantResult& variant : findings.result.variants) {
    std::size_t minor = 0;
    for (const Warning& w : findings.warnings) {
      if (w.variant != variant.name) continue;
      if (is_minor(w))
        ++minor;
      else
        block.rows.push_back({w.variant, w.name, w.message});
    }
    if (minor > 0)
      block.rows.push_back(
          {variant.name, "too-few-samples",
           std::to_string(minor) + " times of services, calls and topics lack quantiles; report.json names them"});
  }
  return block;
}

std::string basis_of(const ExperimentResult& result) {
  std::string text = std::to_string(result.replications) +
                     (result.replications == 1 ? " replication of " : " replications of ") +
                     to_text(result.horizon - result.warmup);
  if (result.warmup.ns > 0) text += " after " + to_text(result.warmup) + " of warm-up";
  text += ", seed " + std::to_string(result.seed);
  if (result.replications > 1)
    text += "; ± is the half-width of the " + factor_text(result.confidence * 100) + " % interval";
  if (result.replications == 1) text += "; one replication has no intervals";
  if (result.terminating)
    text += "; the load or the system changes during a run: all of it is pooled here, timeline.csv has it by time";
  if (!result.complete()) text += "; PARTIAL: " + std::to_string(result.wanted) + " replications were asked for";
  if (result.stopped)
    text += "; variant " + result.stopped->variant + " stopped in replication " +
            std::to_string(result.stopped->replication + 1) + ": " + result.stopped->reason;
  return text;
}

}  // namespace

Summary summary_of(const Findings& findings) {
  const ExperimentResult& result = findings.result;
  Summary summary{.title = result.name, .question = result.question, .basis = basis_of(result), .blocks = {}};
  const auto won = winners_by_path(findings);
  for (const std::string& client : clients_of(result)) summary.blocks.push_back(client_block(result, client, won));
  append_differences(summary.blocks, findings);
  summary.blocks.push_back(limits_block(result));
  summary.blocks.push_back(backlogs_block(result));
  summary.blocks.push_back(blame_block(findings));
  summary.blocks.push_back(theory_block(findings));
  summary.blocks.push_back(objectives_block(findings));
  summary.blocks.push_back(warnings_block(findings));
  summary.blocks.push_back({.heading = "verdict", .grid = {}, .rows = {}, .sentences = verdict_of(findings)});
  std::erase_if(summary.blocks, [](const Block& b) { return !b.grid && b.rows.empty() && b.sentences.empty(); });
  return summary;
}

}  // namespace sojourn
