#include "sojourn/app/progress.hpp"

#include <cmath>
#include <cstddef>
#include <cstdio>

namespace sojourn {

namespace {

std::string time_left(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(seconds));
  if (whole < 120) return std::to_string(whole) + " s left";
  if (whole < 7200) return std::to_string((whole + 59) / 60) + " min left";
  return std::to_string((whole + 3599) / 3600) + " h left";
}

}  // namespace

std::string progress_text(std::uint64_t done, std::uint64_t total, double elapsed_s) {
  constexpr std::size_t width = 24;
  if (total == 0) return "";
  const double share = static_cast<double>(done) / static_cast<double>(total);
  std::string bar(width, '.');
  for (std::size_t i = 0; i < width && static_cast<double>(i + 1) <= share * static_cast<double>(width); ++i)
    bar[i] = '#';
  std::string text = "[" + bar + "] " + std::to_string(done * 100 / total) + " % of " + std::to_string(total) + " runs";
  if (done > 0 && done < total) text += ", " + time_left(elapsed_s * (1 - share) / share);
  return text;
}

Observer Progress::observer() {
  if (mode_ == Mode::silent) return {};
  Observer observer;
  observer.context = this;
  observer.forecast = [](void* context, const PrecisionReached& reached) {
    static_cast<Progress*>(context)->forecast(reached);
  };
  if (mode_ == Mode::drawn)
    observer.advanced = [](void* context, std::uint64_t done, std::uint64_t total) {
      static_cast<Progress*>(context)->draw(done, total);
    };
  return observer;
}

void Progress::forecast(const PrecisionReached& reached) {
  if (reached.replications_needed == 0) return;
  wipe();
  std::fputs(("the precision that is asked for will need " + reached.need() + "\n").c_str(), stderr);
}

void Progress::draw(std::uint64_t done, std::uint64_t total) {
  using namespace std::chrono_literals;
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ && done < total && now - last_ < 100ms) return;
  last_ = now;
  drawn_ = true;
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  std::fputs(("\r\033[K" + progress_text(done, total, elapsed_s)).c_str(), stderr);
  std::fflush(stderr);
}

void Progress::wipe() {
  if (!drawn_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace sojourn
