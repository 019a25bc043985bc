#pragma once
// How far a long command is and how long it may still take, on one line of a terminal.

#include <chrono>
#include <cstdint>
#include <string>

#include "sojourn/experiment/experiment.hpp"

namespace sojourn {

/// "[#########.....] 45 % of 60 runs, 12 s left".
[[nodiscard]] std::string progress_text(std::uint64_t done, std::uint64_t total, double elapsed_s);

/// Tells progress on standard error: sentences worth keeping, and a line that is drawn and wiped at the end.
class Progress {
 public:
  enum class Mode : std::uint8_t { silent, sentences, drawn };
  explicit Progress(Mode mode) : mode_(mode), start_(std::chrono::steady_clock::now()) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { wipe(); }

  [[nodiscard]] Observer observer();
  /// Removes the line.
  void wipe();

 private:
  void forecast(const PrecisionReached& reached);
  void draw(std::uint64_t done, std::uint64_t total);

  Mode mode_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace sojourn
