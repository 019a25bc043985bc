#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "sojourn/io/pointer.hpp"
#include "sojourn/io/sweep_report.hpp"

namespace sojourn {
namespace {

/// One column of the table of a client and variant.
struct Told {
  std::string_view group;
  std::string_view name;
  std::string_view measure;
};
constexpr std::array told_of_clients{
    Told{"succeeded", "", "succeeded_per_s"}, Told{"response", "p99", "response_time.p99"},
    Told{"completion", "p99", "completion_time.p99"}, Told{"fulfilled", "", "fulfilled_ratio"}};

constexpr std::string_view growing = "growing-queue";

std::string padded(std::string text, std::size_t width) {
  if (const std::size_t now = width_of(text); now < width) text.append(width - now, ' ');
  return text;
}

/// The values of a cell as words, one an axis, all as wide as the widest of their axis.
std::string row_name(const SweepGrid& grid, std::uint64_t cell) {
  std::string name;
  const std::vector<std::size_t> place = grid.place(cell);
  for (std::size_t i = 0; i < place.size(); ++i) {
    std::size_t widest = 0;
    for (const std::string& value : grid.axes[i].values) widest = std::max(widest, width_of(value));
    name += (name.empty() ? "" : "  ") + padded(grid.axes[i].values[place[i]], widest);
  }
  return name;
}

/// "60/s, 4", for sentences.
std::string place_words(const SweepGrid& grid, std::uint64_t cell) {
  std::string words;
  const std::vector<std::size_t> place = grid.place(cell);
  for (std::size_t i = 0; i < place.size(); ++i) words += (words.empty() ? "" : ", ") + grid.axes[i].values[place[i]];
  return words;
}

/// A client in a variant of a cell, and where its kept measures stand.
const SweptSubject* client_in(const SweptVariant& variant, const std::string& client) {
  for (const SweptSubject& subject : variant.subjects)
    if (subject.section == Section::clients && subject.name == client) return &subject;
  return nullptr;
}

const SweptVariant* variant_in(const SweptCell& cell, const std::string& name) {
  for (const SweptVariant& variant : cell.variants)
    if (variant.name == name) return &variant;
  return nullptr;
}

bool grows(const SweptCell& cell, const std::string& variant) {
  return std::any_of(cell.warnings.begin(), cell.warnings.end(),
                     [&](const Warning& warning) { return warning.name == growing && warning.variant == variant; });
}

/// The table of one client in one variant.
class ClientTable {
 public:
  ClientTable(const Sweep& sweep, std::string variant, std::string client)
      : sweep_(sweep), variant_(std::move(variant)), client_(std::move(client)) {}

  [[nodiscard]] Block block() const {
    Block block{.heading = client_ + ", " + variant_, .grid = Grid{}, .rows = {}, .sentences = {}};
    const auto cells = rows();
    for (const SweptCell* cell : cells)
      block.grid->rows.push_back(row_name(sweep_.grid, cell->cell) + (grows(*cell, variant_) ? " !" : "  "));
    for (const Told& told : told_of_clients) block.grid->columns.push_back(column(cells, told));
    block.grid->columns.push_back(busiest(cells));
    if (std::any_of(cells.begin(), cells.end(), [&](const SweptCell* cell) { return grows(*cell, variant_); }))
      block.sentences.push_back(
          "! queues grow as long as the run lasts: its times say how long that was, not how long requests take");
    return block;
  }

 private:
  [[nodiscard]] std::vector<const SweptCell*> rows() const {
    std::vector<const SweptCell*> rows;
    for (const auto& cell : sweep_.cells)
      if (cell && subject(*cell) != nullptr) rows.push_back(&*cell);
    return rows;
  }

  [[nodiscard]] const SweptSubject* subject(const SweptCell& cell) const {
    const SweptVariant* variant = variant_in(cell, variant_);
    return variant == nullptr ? nullptr : client_in(*variant, client_);
  }

  [[nodiscard]] GridColumn column(const std::vector<const SweptCell*>& cells, const Told& told) const {
    const std::vector<Column> measures = swept_measures(Section::clients);
    const auto at = static_cast<std::size_t>(
        std::find_if(measures.begin(), measures.end(),
                     [&](const Column& measure) { return joined(measure.measure, ".") == told.measure; }) -
        measures.begin());
    std::vector<std::optional<Estimate>> estimates;
    std::vector<double> values;
    for (const SweptCell* cell : cells) {
      const SweptValue& swept = subject(*cell)->values.at(at);
      auto& estimate = estimates.emplace_back();
      if (!swept.value) continue;
      estimate = Estimate{.value = *swept.value, .half_width = swept.half_width, .n = cell->replications};
      values.push_back(*swept.value);
    }
    const Scale scale = scale_for(measures.at(at).unit, values);
    GridColumn column{.group = std::string(told.group) + " [" + std::string(scale.name) + "]",
                      .name = std::string(told.name),
                      .cells = {}};
    for (const auto& estimate : estimates)
      column.cells.push_back({quantity_of(estimate, measures.at(at).unit, scale), false});
    return column;
  }

  [[nodiscard]] GridColumn busiest(const std::vector<const SweptCell*>& cells) const {
    GridColumn column{.group = "busiest service", .name = "", .cells = {}};
    for (const SweptCell* cell : cells) {
      const SweptVariant& variant = *variant_in(*cell, variant_);
      const std::string taken = variant.busiest + " " + fixed(variant.busiest_taken * 100, 1) + " %";
      column.cells.push_back({{variant.busiest.empty() ? "-" : taken, ""}, false});
    }
    return column;
  }

  const Sweep& sweep_;
  std::string variant_;
  std::string client_;
};

/// The same doubt in several cells: told where it came first, and counted.
struct Doubt {
  const Warning* first;
  std::uint64_t cell;
  std::uint64_t more = 0;
};

/// Quantiles that are refused away from the clients are many and rarely looked at; the report lists them.
bool is_minor(const Warning& warning) {
  return warning.name == "too-few-samples" && !warning.path.starts_with("clients.");
}

Block doubts_block(const Sweep& sweep) {
  std::map<std::pair<std::string, std::pair<std::string, std::string>>, std::size_t> known;
  std::vector<Doubt> doubts;
  for (const auto& cell : sweep.cells) {
    if (!cell) continue;
    for (const Warning& warning : cell->warnings) {
      if (is_minor(warning)) continue;
      const auto [place, is_new] = known.try_emplace({warning.variant, {warning.name, warning.path}}, doubts.size());
      if (is_new)
        doubts.push_back({&warning, cell->cell});
      else
        ++doubts[place->second].more;
    }
  }
  Block block{.heading = "doubts", .grid = {}, .rows = {}, .sentences = {}};
  for (const Doubt& doubt : doubts)
    block.rows.push_back({doubt.first->variant, doubt.first->name,
                          "at " + place_words(sweep.grid, doubt.cell) +
                              (doubt.more > 0 ? " and " + std::to_string(doubt.more) + " more" : "") + ": " +
                              doubt.first->message});
  return block;
}

Block stopped_block(const Sweep& sweep) {
  Block block{.heading = "stopped, without numbers", .grid = {}, .rows = {}, .sentences = {}};
  for (const auto& cell : sweep.cells)
    if (cell && !cell->stopped.empty()) block.rows.push_back({place_words(sweep.grid, cell->cell), cell->stopped});
  return block;
}

/// "arrivals poisson, inventory workers": which value stands in which place of a row.
std::string axis_words(const SweepGrid& grid) {
  std::string words;
  for (const Axis& axis : grid.axes) words += (words.empty() ? "" : ", ") + axis.pointer;
  return words;
}

std::string basis_of(const Sweep& sweep) {
  std::string text = std::to_string(sweep.cells.size()) + " cells: " + axis_words(sweep.grid);
  const auto first = std::find_if(sweep.cells.begin(), sweep.cells.end(),
                                  [](const auto& cell) { return cell && cell->stopped.empty(); });
  if (first != sweep.cells.end())
    text += "; " + std::to_string((*first)->replications) +
            ((*first)->replications == 1 ? " replication each, no intervals"
                                         : " replications each, ± is the half-width of the 95 % interval") +
            "; seed " + std::to_string((*first)->seed) + " in every cell";
  if (!sweep.complete())
    text += "; PARTIAL: " + std::to_string(sweep.finished()) + " of " + std::to_string(sweep.cells.size()) + " cells";
  return text;
}

/// The variants and clients of all cells, each once.
std::vector<std::pair<std::string, std::string>> tables_of(const Sweep& sweep) {
  std::vector<std::pair<std::string, std::string>> tables;
  for (const auto& cell : sweep.cells) {
    if (!cell) continue;
    for (const SweptVariant& variant : cell->variants)
      for (const SweptSubject& subject : variant.subjects)
        if (const std::pair table{variant.name, subject.name};
            subject.section == Section::clients && std::find(tables.begin(), tables.end(), table) == tables.end())
          tables.push_back(table);
  }
  return tables;
}

}  // namespace

Summary summary_of(const Sweep& sweep) {
  Summary summary{.title = sweep.name + ", swept", .question = sweep.question, .basis = basis_of(sweep), .blocks = {}};
  for (const auto& [variant, client] : tables_of(sweep))
    summary.blocks.push_back(ClientTable(sweep, variant, client).block());
  summary.blocks.push_back(stopped_block(sweep));
  summary.blocks.push_back(doubts_block(sweep));
  std::erase_if(summary.blocks, [](const Block& b) { return !b.grid && b.rows.empty() && b.sentences.empty(); });
  return summary;
}

}  // namespace sojourn
