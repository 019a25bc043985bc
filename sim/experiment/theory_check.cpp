#include "sojourn/experiment/theory_check.hpp"

#include <algorithm>
#include <cstddef>
#include <map>

#include "sojourn/stats/student.hpp"

namespace sojourn {

namespace {

/// (simulated - exact) over the standard error that the half-width was made from.
std::optional<double> standard_errors(const Estimate& simulated, double exact, double confidence) {
  if (!simulated.half_width || simulated.n < 2) return std::nullopt;
  const double off = simulated.value - exact;
  if (*simulated.half_width == 0) return off == 0 ? std::optional<double>(0) : std::nullopt;
  const double t = student_t_quantile((1 + confidence) / 2, static_cast<double>(simulated.n - 1));
  return off / (*simulated.half_width / t);
}

class Checks {
 public:
  Checks(const VariantResult& variant, double confidence) : variant_(variant), confidence_(confidence) {
    for (std::size_t i = 0; i < variant.columns.size(); ++i)
      if (variant.columns[i].present) places_.emplace(variant.columns[i].dotted(), i);
  }

  void add(const std::string& path, const std::optional<double>& exact, const Basis& basis) {
    if (!basis.exact || !exact || *exact < 1e-9) return;  // that nobody waits a nanosecond needs no test
    const auto place = places_.find(path);
    if (place == places_.end() || !variant_.estimates[place->second]) return;
    const Estimate& simulated = *variant_.estimates[place->second];
    list_.push_back({.variant = variant_.name,
                     .path = path,
                     .result = basis.result,
                     .exact = *exact,
                     .simulated = simulated,
                     .standard_errors = standard_errors(simulated, *exact, confidence_)});
  }
  std::vector<TheoryCheck> list() { return std::move(list_); }

 private:
  const VariantResult& variant_;
  double confidence_;
  std::map<std::string, std::size_t> places_;  // of the columns, by their path: there may be very many
  std::vector<TheoryCheck> list_;
};

std::vector<TheoryCheck> checks_of(const Prediction& prediction, const VariantResult& variant, double confidence) {
  Checks checks(variant, confidence);
  for (const ClientPrediction& client : prediction.clients) {
    const ResponsePrediction& response = client.response;
    const std::string path = "clients." + client.name + ".";
    checks.add(path + "response_time.mean", response.mean_s, response.basis);
    checks.add(path + "response_time.p50", response.p50_s, response.basis);
    checks.add(path + "response_time.p95", response.p95_s, response.basis);
    checks.add(path + "response_time.p99", response.p99_s, response.basis);
    checks.add(path + "completion_time.mean", client.completion_s, response.basis);
  }
  for (const ServicePrediction& service : prediction.services)
    if (!service.waits_elsewhere)
      checks.add("services." + service.name + ".waiting_time.mean", service.wait_s, service.wait);
  return checks.list();
}

}  // namespace

std::vector<Prediction> predict_all(const Study& study) {
  std::vector<Prediction> predictions;
  for (const Variant& variant : study.variants) predictions.push_back(predict(variant.name, variant.scenario));
  return predictions;
}

std::vector<TheoryCheck> compare_with_theory(const std::vector<Prediction>& predictions,
                                             const ExperimentResult& result) {
  std::vector<TheoryCheck> all;
  for (const VariantResult& variant : result.variants) {
    const auto prediction = std::find_if(predictions.begin(), predictions.end(),
                                         [&](const Prediction& p) { return p.variant == variant.name; });
    if (prediction == predictions.end()) continue;
    const auto some = checks_of(*prediction, variant, result.confidence);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace sojourn
