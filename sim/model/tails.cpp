// Laws without a mean or a variance, wherever a scenario has a law.

#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sojourn/core/box.hpp"
#include "sojourn/model/checks.hpp"

namespace sojourn {
namespace {

std::string key_text(const std::string& key) { return key; }
template <class Name>
std::string key_text(const Name& key) {
  return key.text();
}

/// Visits every law of a value, with its pointer: a walk over the fields of the structs that describe themselves.
class Tails {
 public:
  template <class T>
  void visit(const T& value, const std::string& pointer) {
    if constexpr (Described<T>)
      for_each_field<T>(
          [&](const auto& field) { visit(value.*field.member, pointer + "/" + std::string(field.name)); });
  }
  template <class T>
  void visit(const std::optional<T>& value, const std::string& pointer) {
    if (value) visit(*value, pointer);
  }
  template <class T>
  void visit(const std::vector<T>& list, const std::string& pointer) {
    for (std::size_t i = 0; i < list.size(); ++i) visit(list[i], pointer + "/" + std::to_string(i));
  }
  template <class Key, class T>
  void visit(const std::map<Key, T>& map, const std::string& pointer) {
    for (const auto& [key, value] : map) visit(value, pointer + "/" + key_text(key));
  }
  void visit(const Step& step, const std::string& pointer) {
    std::visit([&](const auto& kind) { visit(kind, pointer); }, step.kind);
  }
  void visit(const Arrivals& arrivals, const std::string& pointer) {
    std::visit([&](const auto& law) { visit(law, pointer); }, arrivals.law);
  }
  void visit(const Effect& effect, const std::string& pointer) {
    std::visit([&](const auto& kind) { visit(kind, pointer); }, effect.kind);
  }
  void visit(const Distribution& law, const std::string& pointer) {
    if (!std::isfinite(mean_ns(law)))
      issues_.push_back(
          warning_at("infinite-mean", pointer,
                     "the mean is infinite: averages of a run say nothing, quantiles do; give it a maximum"));
    else if (!std::isfinite(variance_ns2(law)))
      issues_.push_back(warning_at("infinite-variance", pointer,
                                   "the variance is infinite: averages settle slowly and intervals are too narrow"));
  }

  [[nodiscard]] const Issues& issues() const { return issues_; }

 private:
  Issues issues_;
};

}  // namespace

Issues check_tails(const Scenario& scenario) {
  Tails tails;
  tails.visit(scenario, "");
  return tails.issues();
}

}  // namespace sojourn
