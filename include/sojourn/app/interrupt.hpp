#pragma once
// Ctrl-C and termination: the first asks the program to end with what it has, the second ends it at once.

#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <thread>

namespace sojourn {

/// While it lives, SIGINT and SIGTERM are taken by a thread of its own and SIGPIPE is quiet. Made before other threads.
class InterruptWatch {
 public:
  InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch();

  /// Becomes true at the first signal, and stays so.
  [[nodiscard]] const std::atomic<bool>& interrupted() const { return interrupted_; }
  /// The first signal, or 0.
  [[nodiscard]] int signal() const { return signal_; }

 private:
  void watch();

  ::sigset_t watched_{};
  ::sigset_t before_{};
  std::atomic<bool> interrupted_{false};
  std::atomic<int> signal_{0};
  std::atomic<bool> done_{false};
  std::thread thread_;
};

}  // namespace sojourn
