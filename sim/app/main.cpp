#include <string>
#include <vector>

#include "sojourn/app/program.hpp"

int main(int argc, char** argv) {
  return static_cast<int>(sojourn::run_program(std::vector<std::string>(argv, argv + argc)));
}
