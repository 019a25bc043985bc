#pragma once
// What is kept of each cell of a sweep: the measures that people plot, its doubts, and the service that limits each variant.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/columns.hpp"
#include "sojourn/experiment/findings.hpp"

namespace sojourn {

/// A number and the half-width of its interval; nothing where it is not known, or not finite.
struct SweptValue {
  std::optional<double> value;
  std::optional<double> half_width;
  bool operator==(const SweptValue&) const = default;
};

/// One client, service, call, subscription or resource of a variant.
struct SweptSubject {
  Section section = Section::clients;
  std::string name;                ///< "shoppers", "shop->payment.charge", "order-placed.mail.send"
  std::vector<SweptValue> values;  ///< in the order of swept_measures(section)
  bool operator==(const SweptSubject&) const = default;
};

/// One variant of a cell.
struct SweptVariant {
  std::string name;
  std::uint64_t fingerprint = 0;
  std::string busiest;       ///< the service with the most of its workers or cores taken; "" where none has limits
  double busiest_taken = 0;  ///< the share of them
  std::vector<SweptSubject> subjects;
  bool operator==(const SweptVariant&) const = default;
};

/// One cell that has been run. One that a guard stopped has no variants.
struct SweptCell {
  std::uint64_t cell = 0;  ///< from 0
  std::string sha256;      ///< of its scenario
  std::uint64_t seed = 1;
  std::uint64_t replications = 0;
  std::uint64_t fingerprint = 0;
  std::uint64_t events = 0;
  double horizon_s = 0;
  double warmup_s = 0;
  std::string stopped;  ///< why a guard stopped it; "" when none did
  std::vector<SweptVariant> variants;
  std::vector<Warning> warnings;
};

/// The measures that a sweep keeps of everything in a section, in the order of the report.
[[nodiscard]] std::vector<Column> swept_measures(Section section);

/// What is kept of an experiment.
[[nodiscard]] SweptCell swept_cell(std::uint64_t cell, const ExperimentResult& result);

}  // namespace sojourn
