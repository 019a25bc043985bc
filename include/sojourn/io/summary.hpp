#pragma once
// What a person is told of an experiment, before it is laid out for a terminal or as markdown.

#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/findings.hpp"
#include "sojourn/io/quantity.hpp"

namespace sojourn {

/// One column of a grid: the group it stands in ("response time [ms]"), its own name ("p99"), a cell a row.
struct GridColumn {
  struct Cell {
    Quantity quantity;
    bool best = false;  ///< better than every other row beyond chance
  };
  std::string group;
  std::string name;
  std::vector<Cell> cells;
};

/// Rows with names, columns in groups.
struct Grid {
  std::vector<std::string> rows;
  std::vector<GridColumn> columns;
};

/// A heading, a grid, lists of words in columns, sentences; each may be missing.
struct Block {
  std::string heading;
  std::optional<Grid> grid;
  std::vector<std::vector<std::string>> rows;  ///< words, aligned in columns
  std::vector<std::string> sentences;
};

struct Summary {
  std::string title;
  std::string question;
  std::string basis;  ///< what the numbers rest on
  std::vector<Block> blocks;
};

/// The summary of an experiment: clients, differences, limits, backlogs, objectives, doubts and a verdict.
[[nodiscard]] Summary summary_of(const Findings& findings);

/// Two or three sentences with numbers for every variant and client.
[[nodiscard]] std::vector<std::string> verdict_of(const Findings& findings);

}  // namespace sojourn
