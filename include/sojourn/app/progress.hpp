#pragma once
// How far a long command is and how long it may still take, on one line of a terminal.

#include <chrono>
#include <cstdint>
#include <string>

#include "sojourn/experiment/experiment.hpp"

namespace sojourn {

/// "[#########.....] 45 % of 60 runs, 12 s left".
[[nodiscard]] std::string progress_text(std::uint64_t done, std::uint64_t total, double elapsed_s);

/// Draws progress on standard error, and wipes it at the end; silent unless enabled.
class Progress {
 public:
  explicit Progress(bool enabled) : enabled_(enabled), start_(std::chrono::steady_clock::now()) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { wipe(); }

  [[nodiscard]] Observer observer();
  /// Removes the line.
  void wipe();

 private:
  void draw(std::uint64_t done, std::uint64_t total);

  bool enabled_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace sojourn
