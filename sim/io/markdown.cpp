#include "sojourn/io/table.hpp"

#include <algorithm>
#include <cstddef>

namespace sojourn {

namespace {

void append_row(std::string& text, const std::vector<std::string>& cells) {
  text += "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  text += "\n";
}

void append_rule(std::string& text, std::size_t columns) {
  text += "|";
  for (std::size_t i = 0; i < columns; ++i) text += i == 0 ? " --- |" : " ---: |";
  text += "\n";
}

void append_grid(std::string& text, const Grid& grid) {
  std::vector<std::string> header{""};
  for (const GridColumn& column : grid.columns)
    header.push_back(column.name.empty() ? column.group : column.group + " " + column.name);
  append_row(text, header);
  append_rule(text, header.size());
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    std::vector<std::string> cells{grid.rows[row]};
    for (const GridColumn& column : grid.columns) {
      const GridColumn::Cell& cell = column.cells[row];
      cells.push_back(cell.best ? "**" + cell.quantity.text() + "** \\*" : cell.quantity.text());
    }
    append_row(text, cells);
  }
}

void append_words(std::string& text, const std::vector<std::vector<std::string>>& rows) {
  for (const auto& row : rows) {
    std::string line;
    for (const std::string& words : row)
      if (!words.empty()) line += (line.empty() ? "" : " ") + words;
    text += "- " + line + "\n";
  }
}

/// A star that is not to begin emphasis.
std::string escaped(const std::string& sentence) { return sentence.starts_with("*") ? "\\" + sentence : sentence; }

}  // namespace

std::string markdown_text(const Summary& summary) {
  std::string text = "# " + summary.title + "\n\n";
  if (!summary.question.empty()) text += summary.question + "\n\n";
  text += summary.basis + ".\n";
  for (const Block& block : summary.blocks) {
    text += "\n## " + block.heading + "\n\n";
    if (block.grid) append_grid(text, *block.grid);
    append_words(text, block.rows);
    if (block.grid && !block.sentences.empty()) text += "\n";
    for (const std::string& sentence : block.sentences) text += escaped(sentence) + "\n";
  }
  return text;
}

}  // namespace sojourn
