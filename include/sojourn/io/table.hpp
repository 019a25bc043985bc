#pragma once
// The summary laid out for a terminal, and as markdown.

#include <cstddef>
#include <string>

#include "sojourn/io/summary.hpp"

namespace sojourn {

/// What the terminal can show.
struct Look {
  std::size_t width = 100;  ///< columns; wider grids are cut into several, one below the other
  bool colour = false;
};

/// The summary as text.
[[nodiscard]] std::string table_text(const Summary& summary, const Look& look);

/// The summary as markdown.
[[nodiscard]] std::string markdown_text(const Summary& summary);

}  // namespace sojourn
