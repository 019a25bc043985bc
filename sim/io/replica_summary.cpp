// The cheapest replicas, told in words.

#include <algorithm>

#include "sojourn/io/capacity_report.hpp"
#include "sojourn/io/quantity.hpp"
#include "sojourn/model/short_text.hpp"

namespace sojourn {

namespace {

class ReplicaText {
 public:
  explicit ReplicaText(const ReplicaSearch& search) : search_(search) {}

  Summary summary() {
    Summary summary{.title = search_.name, .question = search_.question, .basis = basis(), .blocks = {}};
    summary.blocks.push_back(cheapest());
    for (const VariantReplicas& variant : search_.variants) {
      summary.blocks.push_back(margins(variant));
      if (search_.survive_one) summary.blocks.push_back(losses(variant));
    }
    summary.blocks.push_back(left_alone());
    summary.blocks.push_back(answer());
    std::erase_if(summary.blocks, [](const Block& block) { return block.rows.empty() && block.sentences.empty(); });
    return summary;
  }

 private:
  [[nodiscard]] bool has_costs() const {
    return std::any_of(search_.variants.begin(), search_.variants.end(),
                       [](const VariantReplicas& variant) { return variant.has_costs(); });
  }

  [[nodiscard]] std::string basis() const {
    const std::string text = std::string("the ") + (has_costs() ? "cheapest" : "fewest") +
                             " replicas that meet the objectives at the load of the scenario; " +
                             std::to_string(search_.replications) + " replications of " +
                             short_number(search_.horizon.seconds()) + " s each, seed " + std::to_string(search_.seed) +
                             ", " + std::to_string(search_.runs) + " runs in all; met: the whole " +
                             fixed(search_.confidence * 100, 0) +
                             " % interval of every objective keeps it, and no queue grows; from theory's lower bound "
                             "upwards, then down until "
                             "one fewer of any service is too few" +
                             (has_costs() ? " and no cheaper ones in its place do" : "");
    return search_.complete ? text : text + "; interrupted: not searched to the end";
  }

  /// "inventory 2, shipping 3".
  [[nodiscard]] static std::string listed(const VariantReplicas& variant, const Replicas& replicas) {
    std::string text;
    for (std::size_t i = 0; i < replicas.size(); ++i)
      text += (text.empty() ? "" : ", ") + variant.services[i].name + " " + std::to_string(replicas[i]);
    return text;
  }

  [[nodiscard]] static std::string total(const VariantReplicas& variant, const Replicas& replicas) {
    const std::uint64_t count = variant.count(replicas);
    const std::string text = std::to_string(count) + (count == 1 ? " replica" : " replicas");
    return variant.has_costs() ? short_number(variant.cost_per_hour(replicas)) + "/h, " + text : text;
  }

  [[nodiscard]] Block cheapest() const {
    Block block{.heading = has_costs() ? "cheapest" : "fewest", .grid = {}, .rows = {}, .sentences = {}};
    for (const VariantReplicas& variant : search_.variants) {
      if (variant.best)
        block.rows.push_back({variant.variant, total(variant, *variant.best), listed(variant, *variant.best)});
      if (variant.surviving)
        block.rows.push_back(
            {variant.variant + ", one lost", total(variant, *variant.surviving), listed(variant, *variant.surviving)});
    }
    return block;
  }

  /// "met: 120 ± 3 ms, 0 %"; objectives that are not met carry a mark.
  [[nodiscard]] static std::string outcome(const Trial* trial) {
    if (trial == nullptr) return "not tried";
    if (!trial->stopped.empty()) return "missed: a run was stopped: " + trial->stopped;
    std::string text;
    for (const JudgedObjective& objective : trial->objectives) {
      if (!objective.verdict) continue;
      text += (text.empty() ? "" : ", ") + quantity_text(objective.result.estimate, objective.result.unit) +
              (*objective.verdict == Judgement::met      ? ""
               : *objective.verdict == Judgement::missed ? " !"
                                                         : " ?");
    }
    for (const std::string& place : trial->growing)
      text += "; " + place + (trial->growth == Judgement::missed ? " grows" : " may grow");
    return std::string(name_of(trial->verdict)) + ": " + text;
  }

  [[nodiscard]] static std::string changed(const VariantReplicas& variant, std::size_t i, int by) {
    if (!variant.has_costs()) return "";
    const double cost = variant.services[i].cost_per_hour;
    return cost == 0 ? "0/h" : (by > 0 ? "+" : "-") + short_number(cost) + "/h";
  }

  [[nodiscard]] static Block margins(const VariantReplicas& variant) {
    Block block{.heading = variant.variant + ": one more, one fewer", .grid = {}, .rows = {}, .sentences = {}};
    if (!variant.best) return block;
    block.rows.push_back({"as found", "", "", outcome(variant.trial(*variant.best))});
    for (std::size_t i = 0; i < variant.services.size(); ++i) {
      const ScaledService& service = variant.services[i];
      for (const int by : {1, -1}) {
        Replicas other = *variant.best;
        if (by < 0 && other[i] == 1) continue;
        other[i] = by > 0 ? other[i] + 1 : other[i] - 1;
        const std::string least =
            other[i] < service.least ? "; by theory at least " + std::to_string(service.least) : "";
        block.rows.push_back({service.name, std::to_string((*variant.best)[i]) + " -> " + std::to_string(other[i]),
                              changed(variant, i, by), outcome(variant.trial(other)) + least});
      }
    }
    if (!variant.has_costs())
      for (auto& row : block.rows) row.erase(row.begin() + 2);
    std::string objectives;
    for (const JudgedObjective& objective : variant.trial(*variant.best)->objectives)
      if (objective.verdict) objectives += (objectives.empty() ? "" : ", ") + objective.result.text;
    block.sentences.push_back("objectives, in this order: " + objectives + "; ! missed, ? undecided");
    return block;
  }

  [[nodiscard]] static Block losses(const VariantReplicas& variant) {
    Block block{.heading = variant.variant + ": with one replica lost", .grid = {}, .rows = {}, .sentences = {}};
    if (!variant.best) return block;
    if (!variant.surviving) {
      block.sentences.push_back("no replicas were found that meet the objectives with any one of them lost");
      return block;
    }
    for (std::size_t i = 0; i < variant.services.size(); ++i) {
      Replicas fewer = *variant.surviving;
      --fewer[i];
      block.rows.push_back({variant.services[i].name,
                            std::to_string((*variant.surviving)[i]) + " -> " + std::to_string(fewer[i]),
                            outcome(variant.trial(fewer))});
    }
    return block;
  }

  [[nodiscard]] Block left_alone() const {
    Block block{.heading = "left alone", .grid = {}, .rows = {}, .sentences = {}};
    for (const VariantReplicas& variant : search_.variants)
      for (const std::string& what : variant.left_alone) block.rows.push_back({variant.variant, what});
    return block;
  }

  [[nodiscard]] Block answer() const {
    Block block{.heading = "answer", .grid = {}, .rows = {}, .sentences = {}};
    for (const VariantReplicas& variant : search_.variants) {
      if (variant.best) {
        std::string text =
            variant.variant + " needs " + listed(variant, *variant.best) + " (" + total(variant, *variant.best) + ")";
        if (variant.surviving)
          text += "; " + listed(variant, *variant.surviving) + " (" + total(variant, *variant.surviving) +
                  ") with any one of them lost";
        block.sentences.push_back(std::move(text));
        continue;
      }
      if (!variant.complete) {
        block.sentences.push_back(variant.variant + " was not searched to the end");
        continue;
      }
      const Trial* most = variant.trial(variant.most);
      block.sentences.push_back(variant.variant + ": none found; " + listed(variant, variant.most) + ": " +
                                outcome(most));
    }
    return block;
  }

  const ReplicaSearch& search_;
};

}  // namespace

Summary summary_of(const ReplicaSearch& search) { return ReplicaText(search).summary(); }

}  // namespace sojourn
