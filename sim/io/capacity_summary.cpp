// The highest loads, told in words.

#include <algorithm>
#include <cmath>

#include "sojourn/io/capacity_report.hpp"
#include "sojourn/io/quantity.hpp"
#include "sojourn/model/short_text.hpp"

namespace sojourn {

namespace {

std::string percent(double share) { return fixed(share * 100, 1) + " %"; }

/// "shipping, 99.0 % taken", with what its workers are taken by where some are held.
std::string first_text(const TakenService& first) {
  if (first.name.empty()) return "-";
  if (first.taken == 0) return first.name;
  const std::string taken = first.name + ", " + percent(first.taken) + " taken";
  return first.held < 0.0005 ? taken
                             : taken + " = " + percent(first.busy) + " at work + " + percent(first.held) + " held";
}

class CapacityText {
 public:
  explicit CapacityText(const CapacitySearch& search) : search_(search) {}

  Summary summary() {
    Summary summary{.title = search_.name, .question = search_.question, .basis = basis(), .blocks = {}};
    summary.blocks.push_back(highest());
    summary.blocks.push_back(reasons());
    summary.blocks.push_back(theory());
    for (const VariantCapacity& variant : search_.variants) summary.blocks.push_back(tried(variant));
    summary.blocks.push_back(answer());
    std::erase_if(summary.blocks, [](const Block& block) { return block.rows.empty() && block.sentences.empty(); });
    return summary;
  }

 private:
  [[nodiscard]] std::string basis() const {
    std::string who = "all clients grow alike";
    if (!search_.clients.empty()) {
      who = "these clients grow:";
      for (const std::string& client : search_.clients) who += " " + client;
    }
    std::string text = "the highest load that meets the objectives; " + who + "; " +
                       std::to_string(search_.replications) + " replications of " +
                       short_number(search_.horizon.seconds()) + " s a load, seed " + std::to_string(search_.seed) +
                       ", " + std::to_string(search_.runs) + " runs in all; met: the whole " +
                       fixed(search_.confidence * 100, 0) +
                       " % interval of every objective keeps it, and no queue grows; missed: a whole interval misses "
                       "it, or a queue is sure to grow; undecided: between the two";
    return search_.complete ? text : text + "; interrupted: not searched to the end";
  }

  [[nodiscard]] static std::string load_at(const VariantCapacity& variant, double factor) {
    return load_text(variant.load(factor));
  }

  [[nodiscard]] static std::string value_of(const VariantCapacity& variant) {
    if (!variant.complete) return "interrupted";
    if (!variant.value) return "none found";
    const std::string least = variant.missed ? "" : "at least ";
    if (variant.open() && variant.base.users == 0)
      return least + value_text(Estimate{.value = variant.load_at(*variant.value), .half_width = {}}, Unit::per_second);
    return least + load_at(variant, *variant.value);
  }

  [[nodiscard]] static std::string met_of(const VariantCapacity& variant) {
    if (variant.met) return (variant.tried.empty() ? "below " : "") + load_at(variant, *variant.met);
    return "-";
  }

  [[nodiscard]] static std::string missed_of(const VariantCapacity& variant) {
    if (!variant.missed) return "-";
    if (!variant.met) return variant.complete ? "any load" : "-";
    return load_at(variant, *variant.missed) + (variant.missed_by_theory ? " (theory)" : "");
  }

  [[nodiscard]] Block highest() const {
    Block block{.heading = "highest load", .grid = {}, .rows = {}, .sentences = {}};
    block.rows.push_back({"variant", "highest load", "met up to", "missed from", "first to give in"});
    for (const VariantCapacity& variant : search_.variants)
      block.rows.push_back({variant.variant, value_of(variant), met_of(variant), missed_of(variant),
                            variant.met || !variant.complete ? first_text(variant.first) : "no matter of load"});
    return block;
  }

  [[nodiscard]] Block reasons() const {
    Block block{.heading = "what is not met beyond that", .grid = {}, .rows = {}, .sentences = {}};
    for (const VariantCapacity& variant : search_.variants)
      if (!variant.why.empty()) block.rows.push_back({variant.variant, variant.why});
    return block;
  }

  [[nodiscard]] Block theory() const {
    Block block{.heading = "where theory sees a queue grow without bound", .grid = {}, .rows = {}, .sentences = {}};
    for (const VariantCapacity& variant : search_.variants) {
      if (!variant.theory) continue;
      const LoadLimit& limit = *variant.theory;
      block.rows.push_back({variant.variant,
                            value_text(Estimate{.value = limit.requests_per_s, .half_width = {}}, Unit::per_second),
                            limit.first + " (" + limit.basis.result + (limit.basis.exact ? ", exact" : "") + ")"});
    }
    return block;
  }

  [[nodiscard]] static Block tried(const VariantCapacity& variant) {
    Block block{.heading = variant.variant + ": loads tried", .grid = {}, .rows = {}, .sentences = {}};
    for (const TriedLoad& one : variant.tried) {
      std::vector<std::string> row{load_text(one.load), std::string(name_of(one.trial.verdict))};
      for (std::string& word : objective_words(one.trial)) row.push_back(std::move(word));
      block.rows.push_back(std::move(row));
    }
    if (variant.tried.empty()) return block;
    std::vector<std::string> heads{"load", "verdict"};
    for (const JudgedObjective& objective : variant.tried.front().trial.objectives) {
      if (!objective.verdict) continue;
      heads.push_back("(" + std::to_string(heads.size() - 1) + ")");
      block.sentences.push_back(heads.back() + " " + objective.result.text);
    }
    if (!block.sentences.empty()) block.sentences.back() += "; ! missed, ? undecided";
    heads.emplace_back("most taken");
    if (block.rows.front().size() == heads.size()) block.rows.insert(block.rows.begin(), heads);
    return block;
  }

  [[nodiscard]] static std::vector<std::string> objective_words(const Trial& trial) {
    if (!trial.stopped.empty()) return {"a run was stopped: " + trial.stopped};
    std::vector<std::string> words;
    for (const JudgedObjective& objective : trial.objectives) {
      if (!objective.verdict) continue;
      const std::string mark = *objective.verdict == Judgement::met      ? ""
                               : *objective.verdict == Judgement::missed ? " !"
                                                                         : " ?";
      words.push_back(quantity_text(objective.result.estimate, objective.result.unit) + mark);
    }
    std::string last = trial.first.name.empty() ? "-" : trial.first.name + " " + percent(trial.first.taken);
    for (const std::string& place : trial.growing)
      last += "; " + place + (trial.growth == Judgement::missed ? " grows" : " may grow");
    words.push_back(last);
    return words;
  }

  [[nodiscard]] Block answer() const {
    Block block{.heading = "answer", .grid = {}, .rows = {}, .sentences = {}};
    std::string text;
    for (const VariantCapacity& variant : search_.variants) {
      text += (text.empty() ? "" : "; ") + variant.variant + ": ";
      if (!variant.complete) {
        text += "not searched to the end";
        continue;
      }
      if (!variant.value) {
        text += "no load, " + (variant.why.empty() ? std::string("the objectives are") : variant.why + " is") +
                " not met" + (variant.tried.empty() ? "" : " even at " + load_text(variant.tried.front().load));
        continue;
      }
      text += value_of(variant) + " (" + factor_text(*variant.value) + " x the scenario's)";
      if (!variant.first.name.empty()) text += ", first to give in: " + variant.first.name;
    }
    block.sentences.push_back(std::move(text));
    return block;
  }

  const CapacitySearch& search_;
};

}  // namespace

std::string load_text(const ClientLoad& load) {
  const std::string users = short_number(load.users) + (load.users == 1 ? " user" : " users");
  if (load.requests_per_s <= 0) return users;
  const std::string rate = short_number(load.requests_per_s) + "/s";
  return load.users > 0 ? rate + " and " + users : rate;
}

Summary summary_of(const CapacitySearch& search) { return CapacityText(search).summary(); }

}  // namespace sojourn
