#include "sojourn/app/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace sojourn {

Look terminal_look() {
  Look look;
  if (::isatty(STDOUT_FILENO) == 0) return look;
  const char* no_color = std::getenv("NO_COLOR");
  look.colour = no_color == nullptr || *no_color == '\0';
  ::winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 60) look.width = size.ws_col;
  return look;
}

}  // namespace sojourn
