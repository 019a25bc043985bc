#include "sojourn/io/table.hpp"

#include <algorithm>

namespace sojourn {

namespace {

constexpr std::size_t gap = 2;  // between columns

std::string spaces(std::size_t n) { return std::string(n, ' '); }
std::string padded(std::string text, std::size_t width) {
  const std::size_t now = width_of(text);
  return now < width ? std::move(text) + spaces(width - now) : text;
}
std::string padded_left(const std::string& text, std::size_t width) {
  const std::size_t now = width_of(text);
  return now < width ? spaces(width - now) + text : text;
}
std::string centred(const std::string& text, std::size_t width) {
  const std::size_t now = width_of(text);
  return now < width ? padded(spaces((width - now) / 2) + text, width) : text;
}

void append_line(std::string& text, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  text += line + "\n";
}

/// Whether a line may end between these two words: not inside "54.2 ± 0.3 ms".
bool may_break(std::string_view left, std::string_view right) {
  const bool ends_with_digit = !left.empty() && left.back() >= '0' && left.back() <= '9';
  return !ends_with_digit && left != "±" && right != "±";
}

/// The text cut into pieces that stay on one line.
std::vector<std::string> pieces_of(const std::string& sentence) {
  std::vector<std::string> pieces;
  std::string last;
  for (std::size_t start = 0; start < sentence.size();) {
    const std::size_t end = std::min(sentence.find(' ', start), sentence.size());
    const std::string word = sentence.substr(start, end - start);
    if (!pieces.empty() && !may_break(last, word))
      pieces.back() += " " + word;
    else
      pieces.push_back(word);
    last = word;
    start = end + 1;
  }
  return pieces;
}

/// The text on lines no wider than the width, each after an indent.
void append_wrapped(std::string& text, const std::string& sentence, std::size_t width, std::size_t indent) {
  std::string line = spaces(indent);
  bool is_empty = true;
  for (const std::string& piece : pieces_of(sentence)) {
    if (!is_empty && width_of(line) + 1 + width_of(piece) > width) {
      append_line(text, line);
      line = spaces(indent);
      is_empty = true;
    }
    line += (is_empty ? "" : " ") + piece;
    is_empty = false;
  }
  append_line(text, line);
}

/// Where the parts of a column's cells stand: value, " ± ", half-width, mark.
struct ColumnLayout {
  const GridColumn* column = nullptr;
  std::size_t value = 0;
  std::size_t half_width = 0;  // with its sign
  bool marked = false;
  std::size_t width = 0;  // the whole column
};

ColumnLayout layout_of(const GridColumn& column) {
  ColumnLayout layout{.column = &column};
  for (const GridColumn::Cell& cell : column.cells) {
    layout.value = std::max(layout.value, width_of(cell.quantity.value));
    if (!cell.quantity.half_width.empty())
      layout.half_width = std::max(layout.half_width, width_of(cell.quantity.half_width) + 3);
    layout.marked = layout.marked || cell.best;
  }
  layout.width = std::max(layout.value + layout.half_width + (layout.marked ? 1 : 0), width_of(column.name));
  return layout;
}

/// Neighbouring columns under one heading.
struct Group {
  std::string name;
  std::vector<ColumnLayout> columns;
  std::size_t width = 0;
};

std::vector<Group> groups_of(const Grid& grid) {
  std::vector<Group> groups;
  for (const GridColumn& column : grid.columns) {
    if (groups.empty() || groups.back().name != column.group) groups.push_back({column.group, {}, 0});
    Group& group = groups.back();
    group.width += (group.columns.empty() ? 0 : gap) + layout_of(column).width;
    group.columns.push_back(layout_of(column));
  }
  for (Group& group : groups) {  // a long heading widens the last column
    const std::size_t missing = width_of(group.name) > group.width ? width_of(group.name) - group.width : 0;
    group.columns.back().width += missing;
    group.width += missing;
  }
  return groups;
}

/// Draws grids, in as many strips as the width asks for.
class GridText {
 public:
  GridText(std::string& text, const Grid& grid, const Look& look) : text_(text), grid_(grid), look_(look) {
    for (const std::string& row : grid.rows) name_width_ = std::max(name_width_, width_of(row));
  }

  void append() {
    const std::vector<Group> groups = groups_of(grid_);
    std::size_t first = 0;
    while (first < groups.size()) {
      std::size_t width = 2 + name_width_;
      std::size_t end = first;
      while (end < groups.size() && (end == first || width + gap + groups[end].width <= look_.width))
        width += gap + groups[end++].width;
      append_strip(
          {groups.begin() + static_cast<std::ptrdiff_t>(first), groups.begin() + static_cast<std::ptrdiff_t>(end)});
      first = end;
    }
  }

 private:
  void append_strip(const std::vector<Group>& groups) {
    std::string names = spaces(2 + name_width_);
    std::string columns = names;
    for (const Group& group : groups) {
      names += spaces(gap) + centred(group.name, group.width);
      for (const ColumnLayout& column : group.columns)
        columns += spaces(gap) + centred(column.column->name, column.width);
    }
    append_line(text_, names);
    if (columns.find_first_not_of(' ') != std::string::npos) append_line(text_, columns);
    for (std::size_t row = 0; row < grid_.rows.size(); ++row) append_row(groups, row);
  }

  void append_row(const std::vector<Group>& groups, std::size_t row) {
    std::string line = "  " + padded(grid_.rows[row], name_width_);
    for (const Group& group : groups)
      for (const ColumnLayout& column : group.columns)
        line += spaces(gap) + cell_text(column, column.column->cells[row]);
    append_line(text_, line);
  }

  [[nodiscard]] std::string cell_text(const ColumnLayout& column, const GridColumn::Cell& cell) const {
    const std::string half_width = cell.quantity.half_width.empty() ? "" : " ± " + cell.quantity.half_width;
    const std::string after = padded(half_width + (cell.best ? "*" : ""), column.half_width + (column.marked ? 1 : 0));
    const std::string text = centred(padded_left(cell.quantity.value, column.value) + after, column.width);
    return cell.best && look_.colour ? "\033[1m" + text + "\033[0m" : text;
  }

  std::string& text_;
  const Grid& grid_;
  const Look& look_;
  std::size_t name_width_ = 0;
};

/// Words in columns; the last one is wrapped within its column.
void append_rows(std::string& text, const std::vector<std::vector<std::string>>& rows, const Look& look) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (const auto& row : rows) {
    std::string line = "  ";
    for (std::size_t i = 0; i + 1 < row.size(); ++i) line += padded(row[i], widths[i]) + spaces(gap);
    if (row.empty() || width_of(line) + width_of(row.back()) <= look.width) {
      append_line(text, row.empty() ? line : line + row.back());
      continue;
    }
    std::string wrapped;
    append_wrapped(wrapped, row.back(), std::max(look.width, width_of(line) + 40), width_of(line));
    text += line + wrapped.substr(width_of(line));
  }
}

std::string bold(const std::string& text, const Look& look) {
  return look.colour ? "\033[1m" + text + "\033[0m" : text;
}

}  // namespace

std::string table_text(const Summary& summary, const Look& look) {
  std::string text = bold(summary.title, look) + (summary.question.empty() ? "" : ": " + summary.question) + "\n";
  append_wrapped(text, summary.basis, look.width, 0);
  for (const Block& block : summary.blocks) {
    text += "\n" + bold(block.heading, look) + "\n";
    if (block.grid) GridText(text, *block.grid, look).append();
    append_rows(text, block.rows, look);
    for (const std::string& sentence : block.sentences) append_wrapped(text, sentence, look.width, 2);
  }
  return text;
}

}  // namespace sojourn
