#pragma once
// What standard output can show.

#include "sojourn/io/table.hpp"

namespace sojourn {

/// The width and colour of the terminal, or plain text of the usual width; NO_COLOR is obeyed.
[[nodiscard]] Look terminal_look();

}  // namespace sojourn
