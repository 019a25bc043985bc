#include "sojourn/app/interrupt.hpp"

#include <unistd.h>

namespace sojourn {

InterruptWatch::InterruptWatch() {
  ::signal(SIGPIPE, SIG_IGN);
  ::sigemptyset(&watched_);
  ::sigaddset(&watched_, SIGINT);
  ::sigaddset(&watched_, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &watched_, &before_);
  thread_ = std::thread([this] { watch(); });
}

InterruptWatch::~InterruptWatch() {
  done_ = true;
  ::pthread_kill(thread_.native_handle(), SIGTERM);  // blocked everywhere: it only wakes the watch
  thread_.join();
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void InterruptWatch::watch() {
  for (;;) {
    int number = 0;
    if (::sigwait(&watched_, &number) != 0) return;
    if (done_) return;
    if (interrupted_) ::_exit(128 + number);
    signal_ = number;
    interrupted_ = true;
  }
}

}  // namespace sojourn
