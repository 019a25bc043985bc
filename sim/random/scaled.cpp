#include "sojourn/random/scaled.hpp"

#include <algorithm>

namespace sojourn {

namespace {

class Scaler {
 public:
  explicit Scaler(double factor) : factor_(factor) {}

  void operator()(Constant& law) const { scale(law.value); }
  void operator()(Exponential& law) const { scale(law.mean); }
  void operator()(Uniform& law) const {
    scale(law.low);
    scale(law.high);
  }
  void operator()(Erlang& law) const { scale(law.mean); }
  void operator()(Gamma& law) const { scale(law.mean); }
  void operator()(Hyperexponential& law) const { scale(law.mean); }
  void operator()(Lognormal& law) const {
    for (auto* time : {&law.mean, &law.p50, &law.p99})
      if (*time) scale(**time);
  }
  void operator()(Weibull& law) const { scale(law.scale); }
  void operator()(Pareto& law) const {
    scale(law.minimum);
    if (law.maximum) scale(*law.maximum);
  }
  void operator()(Quantiles& law) const {
    for (auto& [probability, time] : law.points) scale(time);
  }
  void operator()(Samples& law) const {
    for (Duration& time : law.values) scale(time);
  }
  void operator()(Mixture& law) const {
    for (MixturePart& part : law.parts) part.of = scaled(part.of, factor_);
  }
  void operator()(Shifted& law) const {
    scale(law.by);
    law.of = Box<Distribution>(scaled(*law.of, factor_));
  }

 private:
  void scale(Duration& time) const {
    if (time.ns > 0) time = std::max(Duration{1}, from_ns(factor_ * static_cast<double>(time.ns)));
  }

  double factor_;
};

}  // namespace

Distribution scaled(const Distribution& law, double factor) {
  Distribution result = law;
  std::visit(Scaler(factor), result.kind);
  return result;
}

}  // namespace sojourn
