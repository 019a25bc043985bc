#include "sojourn/theory/general_work.hpp"

#include <limits>

namespace sojourn {

double mean_wait_of_one_server(double arrivals_per_s, const Moments& work) {
  const double load = arrivals_per_s * work.mean;
  if (load >= 1) return std::numeric_limits<double>::infinity();
  return arrivals_per_s * work.second / (2 * (1 - load));
}

double mean_response_when_sharing(double arrivals_per_s, double work_s) {
  const double load = arrivals_per_s * work_s;
  return load < 1 ? work_s / (1 - load) : std::numeric_limits<double>::infinity();
}

double mean_wait_allen_cunneen(const MultiServerQueue& queue, double gaps_cv2, double work_cv2) {
  const double wait = queue.mean_wait_s();
  return wait == 0 ? 0 : wait * (gaps_cv2 + work_cv2) / 2;
}

}  // namespace sojourn
