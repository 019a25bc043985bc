#pragma once
// The one table of measures: which numbers a report holds of each client, service, call, subscription and resource, what
// they are called, and how they are read from measurements. Reports, tables, files and objectives all walk it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sojourn/system/measurements.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// The parts of a variant's report.
enum class Section : std::uint8_t { clients, services, calls, topics, resources };
/// "clients", "services", "calls", "topics", "resources".
[[nodiscard]] std::string_view name_of(Section section);

/// What a number is measured in. A ratio is a share of a whole, a factor is how many times; a level is an average number of
/// things; a cost is per hour.
enum class Unit : std::uint8_t { seconds, per_second, ratio, factor, count, level, cost };

/// How replications become one number: the mean over them, a quantile of all their samples, an exact sum, the largest.
enum class Statistic : std::uint8_t { mean, quantile, total, maximum };

template <class Measured>
struct Measure;

/// One number of a variant's report.
struct Column {
  Section section = Section::clients;
  std::uint32_t index = 0;           ///< of the client, service, call or subscription in the topology's list
  std::vector<std::string> subject;  ///< its name; topic and subscription
  std::vector<std::string> measure;  ///< {"requests"}, {"response_time", "p99"}
  Unit unit = Unit::count;
  Statistic statistic = Statistic::mean;
  double probability = 0;  ///< of a quantile
  bool present = true;     ///< false when this variant can never have the number: nobody notifies the client
  double parameter = 0;    ///< what the topology adds: workers of a replica, or its cost
  std::variant<const Measure<ClientMeasurement>*, const Measure<ServiceMeasurement>*, const Measure<CallMeasurement>*,
               const Measure<SubscriptionMeasurement>*, const Measure<ResourceMeasurement>*>
      row;

  /// {"clients", "shoppers", "response_time", "p99"}.
  [[nodiscard]] std::vector<std::string> path() const;
  /// "clients.shoppers.response_time.p99", as objectives name it.
  [[nodiscard]] std::string dotted() const;
};

/// All numbers of a variant, in the order of the report.
[[nodiscard]] std::vector<Column> columns_of(const Topology& topology);

/// The columns that everything in a section has, without a name and an index: for headers.
[[nodiscard]] std::vector<Column> measures_of(Section section);

/// The number, from one replication or from several that were merged; times in seconds.
/// Nothing when it cannot be known: no sample, nothing to divide by, no such number in this variant.
[[nodiscard]] std::optional<double> value_of(const Column& column, const Measurements& measured);

/// How many samples a time rests on; nothing for numbers that are not times.
[[nodiscard]] std::optional<std::uint64_t> samples_of(const Column& column, const Measurements& measured);

/// The histogram of a time; nothing for numbers that are not times.
[[nodiscard]] const Histogram* times_of(const Column& column, const Measurements& measured);

/// Where the column with this dotted path stands; absent numbers are not found.
[[nodiscard]] std::optional<std::size_t> position_of(const std::vector<Column>& columns, std::string_view dotted);

/// Parts joined by the separator.
[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view separator);

/// Whether a quantile rests on too few samples to be told.
[[nodiscard]] bool too_few_samples(const Column& column, const Measurements& merged);

}  // namespace sojourn
