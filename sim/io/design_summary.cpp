// A search among designs, told in words.

#include <algorithm>
#include <cmath>

#include "sojourn/io/design_report.hpp"
#include "sojourn/model/short_text.hpp"

namespace sojourn {

namespace {

using Fate = DesignOutcome::Fate;

constexpr std::size_t most_rows = 16;

std::string listed(const std::vector<std::string>& words, std::string_view between = ", ") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string(between)) + word;
  return text;
}

std::vector<std::string> names_of(const std::vector<OperationName>& operations) {
  std::vector<std::string> names;
  for (const OperationName& operation : operations) names.push_back(operation.text());
  return names;
}

std::string percent(double share) {
  return fixed(share * 100, 3 - (share >= 0.01 ? 1 : 0) - (share >= 0.1 ? 1 : 0)) + " %";
}

/// How a criterion is called, and what more and less of it is.
struct Words {
  std::string_view metric, title, less, more, what;
};
constexpr Words all_words[] = {
    {"response_time.p99", "response p99", "a sooner answer", "a later answer", "the answer is"},
    {"completion_time.p99", "completion p99", "a sooner completion", "a later completion", "all is complete"},
    {"fulfilled_ratio", "fulfilled, worst case", "fewer fulfilled in the worst case",
     "more fulfilled in the worst case", ""},
    {"broken_promise_ratio", "broken promises", "fewer broken promises", "broken promises", ""},
    {"cost_per_hour", "cost", "less cost", "more cost", ""}};

const Words& words_of(const Criterion& criterion) {
  for (const Words& words : all_words)
    if (words.metric == criterion.metric) return words;
  return all_words[0];
}

class DecisionText {
 public:
  explicit DecisionText(const Decision& decision) : decision_(decision), search_(decision.search) {}

  Summary summary() {
    Summary summary{.title = search_.space.name, .question = search_.space.question, .basis = basis(), .blocks = {}};
    summary.blocks.push_back(cases());
    summary.blocks.push_back(table());
    summary.blocks.push_back(against_waiting());
    summary.blocks.push_back(rules());
    summary.blocks.push_back(others());
    summary.blocks.push_back(answer());
    std::erase_if(summary.blocks,
                  [](const Block& block) { return !block.grid && block.rows.empty() && block.sentences.empty(); });
    return summary;
  }

 private:
  [[nodiscard]] std::string of_client(const Criterion& criterion) const {
    return search_.space.base.clients.size() > 1 && !criterion.client.empty() ? criterion.client + ": " : "";
  }

  [[nodiscard]] std::string basis() const {
    const double share = static_cast<double>(search_.runs) / static_cast<double>(search_.full_runs());
    std::string text = std::to_string(search_.designs.size()) + " designs: each of " +
                       listed(names_of(search_.space.operations)) + " waits for its answer or becomes an event; seed " +
                       std::to_string(search_.space.base.seed) + ", runs of " +
                       short_number(search_.space.base.horizon.seconds() - search_.warmup.seconds()) + " s after " +
                       short_number(search_.warmup.seconds()) + " s of warm-up; " + std::to_string(search_.runs) +
                       " runs instead of " + std::to_string(search_.full_runs()) + " (" + fixed(share * 100, 0) +
                       " %) told them apart: a design leaves when another is no worse in anything and better in "
                       "something, " +
                       fixed(search_.confidence * 100, 0) + " % sure that none leaves wrongly; less than " +
                       fixed(search_.margins.relative * 100, 0) + " % of a time or cost, or " +
                       fixed(search_.margins.ratio * 100, 1) + " points of a share, does not count";
    if (search_.screening)
      text += "; first, runs of " + short_number(search_.screening->seconds()) +
              " s screened out what a design that differs in one call beats there";
    if (search_.theory_fails_all)
      text += "; by theory no design carries the load of the scenario, so all were run: judge with care";
    return search_.complete ? text : text + "; interrupted: the race was not run to its end";
  }

  [[nodiscard]] Block cases() const {
    Block block{.heading = "cases", .grid = {}, .rows = {}, .sentences = {}};
    for (const DesignCase& one : search_.cases) block.rows.push_back({one.name, one.sentence});
    return block;
  }

  [[nodiscard]] Block table() const {
    Block block{.heading = "designs that nothing beats", .grid = Grid{}, .rows = {}, .sentences = {}};
    std::vector<const DesignOutcome*> designs = search_.frontier();
    const std::size_t all = designs.size();
    if (all > most_rows) {
      std::stable_partition(designs.begin(), designs.end(),
                            [](const DesignOutcome* design) { return design->faults.empty(); });
      designs.resize(most_rows);
    }
    for (const DesignOutcome* design : designs)
      block.grid->rows.push_back(design->name + (design->faults.empty() ? "" : " (!)"));
    for (std::size_t k = 0; k < search_.criteria.size(); ++k) block.grid->columns.push_back(column(designs, k));
    std::vector<std::string> faults;
    for (const DesignOutcome* design : designs)
      if (!design->faults.empty()) faults.push_back(design->name + " " + listed(design->faults, ", "));
    if (!faults.empty()) block.sentences.push_back("(!) not to be recommended: " + listed(faults, "; "));
    if (all > most_rows) block.sentences.push_back("and " + std::to_string(all - most_rows) + " more, in designs.csv");
    return block;
  }

  [[nodiscard]] GridColumn column(const std::vector<const DesignOutcome*>& designs, std::size_t k) const {
    const Criterion& criterion = search_.criteria[k];
    std::vector<double> values;
    for (const DesignOutcome* design : designs)
      if (design->estimates[k]) values.push_back(design->estimates[k]->value);
    const Scale scale = scale_for(criterion.unit, values);
    GridColumn column{.group = of_client(criterion) + std::string(words_of(criterion).title) +
                               (scale.name.empty() ? "" : " [" + std::string(scale.name) + "]"),
                      .name = "",
                      .cells = {}};
    for (const DesignOutcome* design : designs)
      column.cells.push_back({.quantity = quantity_of(design->estimates[k], criterion.unit, scale), .best = false});
    return column;
  }

  // ---- each design against the one that waits ----

  [[nodiscard]] Block against_waiting() const {
    const DesignOutcome& baseline = search_.designs[search_.baseline];
    Block block{.heading = "against " + baseline.name, .grid = {}, .rows = {}, .sentences = {}};
    std::size_t told = 0;
    for (const DesignOutcome* design : search_.frontier())
      if (design->mask != baseline.mask && told++ < most_rows) block.sentences.push_back(change(*design, baseline));
    return block;
  }

  [[nodiscard]] std::string change(const DesignOutcome& design, const DesignOutcome& baseline) const {
    std::vector<std::string> parts;
    for (std::size_t k = 0; k < search_.criteria.size(); ++k)
      if (std::string part = change_in(design, baseline, k); !part.empty()) parts.push_back(std::move(part));
    const std::string calls =
        search_.space.size() > 1 && design.mask + std::size_t{1} == search_.space.size()
            ? "nothing"
            : listed(names_of(
                  deferred_by(search_.space, ~design.mask & static_cast<DesignMask>(search_.space.size() - 1))));
    return "call " + calls + ", defer " + listed(names_of(deferred_by(search_.space, design.mask)), " and ") + ": " +
           (parts.empty() ? "no difference that counts" : listed(parts));
  }

  [[nodiscard]] std::string change_in(const DesignOutcome& design, const DesignOutcome& baseline, std::size_t k) const {
    const Criterion& criterion = search_.criteria[k];
    const auto& to = design.estimates[k];
    const auto& from = baseline.estimates[k];
    const auto found = difference_of(baseline.standing, design.standing, k);
    if (!to || !from || !found) return "";
    const double reach = critical_for((1 - search_.confidence) / 2, 1, found->n).in_all * found->standard_error;
    const double margin = margin_of(criterion, from->value, search_.margins);
    const std::string values = value_text(to, criterion.unit) + " against " + value_text(from, criterion.unit);
    const bool sure = std::fabs(found->value) > reach && std::fabs(found->value) > margin;
    if (!sure) return criterion.metric == "fulfilled_ratio" ? "as many are fulfilled" : "";
    if (criterion.unit == Unit::ratio)
      return of_client(criterion) + share_change(criterion, *found, values, worst_of(baseline, criterion.client));
    const std::string by =
        criterion.unit == Unit::seconds && to->value > 0 && from->value > 0 &&
                (to->value * 2 < from->value || from->value * 2 < to->value)
            ? factor_text(std::max(to->value / from->value, from->value / to->value)) + " times "
            : value_text(Estimate{.value = std::fabs(found->value), .half_width = reach}, criterion.unit) + " ";
    const bool less = found->value < 0;
    if (criterion.unit == Unit::cost) return "it is " + by + (less ? "cheaper" : "dearer") + " (" + values + ")";
    return of_client(criterion) + std::string(words_of(criterion).what) + " " + by + (less ? "sooner" : "later") +
           " (p99 " + values + ")";
  }

  /// The name of the case in which a design fulfils least.
  [[nodiscard]] std::string worst_of(const DesignOutcome& design, const std::string& client) const {
    const CaseShares* worst = nullptr;
    for (const CaseShares& shares : design.cases)
      if (shares.client == client && shares.fulfilled &&
          (worst == nullptr || shares.fulfilled->value < worst->fulfilled->value))
        worst = &shares;
    return worst == nullptr ? "" : search_.cases[worst->which].name;
  }

  [[nodiscard]] static std::string share_change(const Criterion& criterion, const Difference& found,
                                                const std::string& values, const std::string& worst) {
    const std::string points = percent(std::fabs(found.value));
    if (criterion.metric == "broken_promise_ratio")
      return (found.value > 0 ? "breaks " : "spares ") + points + " of the promises (" + values + ")";
    return (found.value > 0 ? "fulfils " : "loses ") + points + (found.value > 0 ? " more" : "") +
           " of the requests in the worst case, " + worst + " (" + values + ")";
  }

  // ---- rules ----

  [[nodiscard]] std::string span(const DeferralEffect& effect, Unit unit) const {
    const auto text = [&](double value) {
      return unit == Unit::ratio ? percent(value)
                                 : value_text(Estimate{.value = value, .half_width = std::nullopt}, unit);
    };
    std::string low = text(std::min(std::fabs(effect.least), std::fabs(effect.most)));
    std::string high = text(std::max(std::fabs(effect.least), std::fabs(effect.most)));
    return low == high ? "by " + low : "by " + low + " to " + high;
  }

  [[nodiscard]] std::string effect_text(const DeferralEffect& effect) const {
    const Criterion& criterion = search_.criteria[effect.criterion];
    const Words& words = words_of(criterion);
    const std::string good(criterion.lower_is_better ? words.less : words.more);
    const std::string bad(criterion.lower_is_better ? words.more : words.less);
    if (effect.pairs == 0 || effect.same == effect.pairs) return "";
    const std::string all = std::to_string(effect.pairs);
    if (effect.better == effect.pairs)
      return of_client(criterion) + good + " in all " + all + " pairs (" + span(effect, criterion.unit) + ")";
    if (effect.worse == effect.pairs)
      return of_client(criterion) + bad + " in all " + all + " pairs (" + span(effect, criterion.unit) + ")";
    if (effect.better + effect.worse == 0) return "";
    std::string text;
    if (effect.better > 0) text = good + " in " + std::to_string(effect.better) + " of " + all + " pairs";
    if (effect.worse > 0)
      text += (text.empty() ? "" : ", ") + bad + " in " + std::to_string(effect.worse) + " of " + all + " pairs";
    return of_client(criterion) + text;
  }

  [[nodiscard]] Block rules() const {
    Block block{.heading = "what deferring a call does, all else equal", .grid = {}, .rows = {}, .sentences = {}};
    for (const DeferralRule& rule : decision_.rules) {
      std::vector<std::string> parts;
      for (const DeferralEffect& effect : rule.effects)
        if (std::string part = effect_text(effect); !part.empty()) parts.push_back(std::move(part));
      block.rows.push_back({rule.operation.text(), parts.empty() ? "nothing that counts" : listed(parts, "; ")});
    }
    return block;
  }

  // ---- who left, and why ----

  [[nodiscard]] Block others() const {
    Block block{.heading = "designs that were left aside", .grid = {}, .rows = {}, .sentences = {}};
    std::size_t untold = 0;
    for (const DesignOutcome& design : search_.designs) {
      if (design.fate == Fate::frontier) continue;
      if (block.rows.size() == most_rows) {
        ++untold;
        continue;
      }
      block.rows.push_back({design.name, why(design)});
    }
    if (untold > 0) block.sentences.push_back("and " + std::to_string(untold) + " more, in designs.csv");
    return block;
  }

  [[nodiscard]] std::string why(const DesignOutcome& design) const {
    if (design.fate == Fate::not_run) return "not run: " + design.reason;
    const DesignOutcome& by = search_.designs[*design.beaten_by];
    const std::string when =
        design.fate == Fate::screened ? "while screening" : "round " + std::to_string(design.round);
    if (!design.better_in) return when + ": " + by.name + " is simpler and no different";
    const Criterion& criterion = search_.criteria[*design.better_in];
    const std::size_t k = *design.better_in;
    return when + ": " + by.name + " beats it: " + of_client(criterion) + std::string(words_of(criterion).title) + " " +
           value_text(by.estimates[k], criterion.unit) + " against " + value_text(design.estimates[k], criterion.unit) +
           ", and no worse in the rest";
  }

  // ---- the answer ----

  [[nodiscard]] Block answer() const {
    Block block{.heading = "answer", .grid = {}, .rows = {}, .sentences = {}};
    const std::vector<const DesignOutcome*> choices = search_.choices();
    if (choices.empty()) {
      block.sentences.push_back("no design could be run");
      return block;
    }
    if (!choices.front()->faults.empty())
      block.sentences.push_back("no design of the frontier is without a fault; these are the least bad:");
    if (choices.size() == 1) {
      block.sentences.push_back("choose " + choices.front()->name + ": it is the only one that nothing beats" +
                                (search_.frontier().size() > 1 ? " and that has no fault" : ""));
    } else {
      for (std::size_t k = 0; k < search_.criteria.size(); ++k) append_winner(block, choices, k);
    }
    for (const DeferralRule& rule : decision_.rules) block.sentences.push_back(advice(rule));
    const bool all_known = std::all_of(choices.begin(), choices.end(), [](const DesignOutcome* design) {
      return std::all_of(design->estimates.begin(), design->estimates.end(),
                         [](const auto& e) { return e.has_value(); });
    });
    if (!all_known)
      block.sentences.push_back(
          "doubt this answer: too few requests for some of the figures it rests on (those left "
          "blank above); a longer horizon or more replications tell them");
    return block;
  }

  void append_winner(Block& block, const std::vector<const DesignOutcome*>& choices, std::size_t k) const {
    const Criterion& criterion = search_.criteria[k];
    const DesignOutcome* best = nullptr;
    double most = 0, value = 0;
    for (const DesignOutcome* design : choices) {
      if (!design->estimates[k]) continue;
      const double here = design->estimates[k]->value * (criterion.lower_is_better ? 1 : -1);
      most = best == nullptr ? here : std::max(most, here);
      if (best == nullptr || here < value) {
        best = design;
        value = here;
      }
    }
    if (best == nullptr || most - value <= margin_of(criterion, value, search_.margins)) return;
    block.sentences.push_back(of_client(criterion) + std::string(words_of(criterion).title) + ": best with " +
                              best->name + " (" + value_text(best->estimates[k], criterion.unit) + ")");
  }

  /// The criterion in which deferring does worse, or better, in every pair: what weighs most to a user first.
  [[nodiscard]] std::string reason(const DeferralRule& rule, bool worse) const {
    constexpr std::string_view order[] = {"broken_promise_ratio", "fulfilled_ratio", "response_time.p99",
                                          "completion_time.p99", "cost_per_hour"};
    for (const std::string_view metric : order)
      for (const DeferralEffect& effect : rule.effects) {
        if (search_.criteria[effect.criterion].metric != metric || effect.pairs == 0) continue;
        if ((worse ? effect.worse : effect.better) != effect.pairs) continue;
        const Unit unit = search_.criteria[effect.criterion].unit;
        if (metric == "broken_promise_ratio" && worse)
          return "breaks " + span(effect, unit).substr(3) + " of the promises";
        const Words& words = words_of(search_.criteria[effect.criterion]);
        const bool less = search_.criteria[effect.criterion].lower_is_better != worse;
        return "means " + std::string(less ? words.less : words.more) + " (" + span(effect, unit) + ")";
      }
    return "";
  }

  [[nodiscard]] std::string advice(const DeferralRule& rule) const {
    const std::string name = rule.operation.text();
    const std::string missed = rule.missed.empty() ? "" : "no other design meets " + listed(rule.missed, ", ");
    const std::string harm = reason(rule, true);
    const std::string gain = reason(rule, false);
    if (rule.advice == DeferralRule::Advice::wait) {
      const std::string why = !harm.empty() ? "deferring it " + harm : missed;
      return "waiting for " + name + " is right" + (why.empty() ? ": what defers it is beaten" : ": " + why);
    }
    if (rule.advice == DeferralRule::Advice::defer)
      return name + " should be an event" + (gain.empty() ? "" : ": deferring it " + gain) +
             (missed.empty() ? "" : (gain.empty() ? ": " : "; ") + missed) +
             (harm.empty() ? "" : ", though it " + harm);
    return name + " is a choice" + (gain.empty() ? "" : ": deferring it " + gain) +
           (harm.empty() ? "" : (gain.empty() ? ": deferring it " : ", but ") + harm);
  }

  const Decision& decision_;
  const DesignSearch& search_;
};

}  // namespace

Summary summary_of(const Decision& decision) { return DecisionText(decision).summary(); }

}  // namespace sojourn
