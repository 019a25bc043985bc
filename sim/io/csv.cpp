#include "sojourn/io/csv.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace sojourn {

namespace {

std::string number_text(const std::optional<double>& value) { return value ? sojourn::number_text(*value) : ""; }

void append_line(std::string& csv, const std::vector<std::string>& fields) { csv += joined(fields, ",") + "\n"; }

/// "response_time_p99_s": the measure in snake_case, with its unit last.
std::string field_name(const Column& column, std::string_view suffix) {
  std::string name = joined(column.measure, "_");
  std::replace(name.begin(), name.end(), '.', '_');
  name += suffix;
  return column.unit == Unit::seconds ? name + "_s" : name;
}

bool has_half_width(const Column& column) {
  return column.statistic == Statistic::mean || column.statistic == Statistic::quantile;
}

std::vector<std::string> header_of(Section section) {
  std::vector<std::string> header{"variant"};
  if (section == Section::clients) header.emplace_back("client");
  if (section == Section::services) header.emplace_back("service");
  if (section == Section::calls) header.emplace_back("call");
  if (section == Section::resources) header.emplace_back("resource");
  if (section == Section::topics) header.insert(header.end(), {"topic", "subscription"});
  for (const Column& column : measures_of(section)) {
    header.push_back(field_name(column, ""));
    if (has_half_width(column)) header.push_back(field_name(column, "_half_width"));
  }
  return header;
}

void append_estimate(std::vector<std::string>& row, const Column& column, const std::optional<Estimate>& estimate) {
  row.push_back(estimate ? number_text(estimate->value) : "");
  if (has_half_width(column)) row.push_back(estimate ? number_text(estimate->half_width) : "");
}

/// All rows of one variant: a new row where the subject changes.
void append_variant(std::string& csv, const VariantResult& variant, Section section) {
  std::vector<std::string> row;
  const std::vector<std::string>* subject = nullptr;
  for (std::size_t c = 0; c < variant.columns.size(); ++c) {
    const Column& column = variant.columns[c];
    if (column.section != section) continue;
    if (subject == nullptr || *subject != column.subject) {
      if (subject != nullptr) append_line(csv, row);
      subject = &column.subject;
      row = {variant.name};
      row.insert(row.end(), subject->begin(), subject->end());
    }
    append_estimate(row, column, variant.estimates[c]);
  }
  if (subject != nullptr) append_line(csv, row);
}

std::string section_csv(const Findings& findings, Section section) {
  std::string csv;
  append_line(csv, header_of(section));
  for (const VariantResult& variant : findings.result.variants) append_variant(csv, variant, section);
  return csv;
}

/// Percentiles in units of 1e-5: eighteen steps a nine, from 0 to 99.999.
std::vector<std::uint32_t> spectrum() {
  std::vector<std::uint32_t> points;
  std::uint32_t start = 0;
  for (std::uint32_t step = 500'000; step >= 50; step /= 10)
    for (int i = 0; i < 18; ++i, start += step) points.push_back(start);
  points.push_back(start);
  return points;
}

}  // namespace

std::string metric_name(const Column& column) { return field_name(column, ""); }

std::string number_text(double value) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

std::string clients_csv(const Findings& findings) { return section_csv(findings, Section::clients); }
std::string services_csv(const Findings& findings) { return section_csv(findings, Section::services); }
std::string calls_csv(const Findings& findings) { return section_csv(findings, Section::calls); }
std::string topics_csv(const Findings& findings) { return section_csv(findings, Section::topics); }
std::string resources_csv(const Findings& findings) { return section_csv(findings, Section::resources); }

std::string percentiles_csv(const Findings& findings) {
  struct TimeOfClient {
    std::string_view name;
    Histogram ClientMeasurement::*times;
  };
  constexpr std::array times{TimeOfClient{"response_time", &ClientMeasurement::response_time},
                             TimeOfClient{"completion_time", &ClientMeasurement::completion_time},
                             TimeOfClient{"notification_time", &ClientMeasurement::notification_time}};
  std::string csv = "variant,client,metric,percentile,value_s\n";
  for (const VariantResult& variant : findings.result.variants) {
    for (std::size_t i = 0; i < variant.merged.clients.size(); ++i) {
      for (const TimeOfClient& time : times) {
        const Histogram& histogram = variant.merged.clients[i].*time.times;
        for (const std::uint32_t point : spectrum()) {
          const double p = static_cast<double>(point) / 1e7;
          if (histogram.empty() || histogram.count() < samples_needed(p)) break;
          append_line(csv, {variant.name, variant.topology.clients[i].name, std::string(time.name),
                            number_text(static_cast<double>(point) / 1e5), number_text(*histogram.quantile(p) / 1e9)});
        }
      }
    }
  }
  return csv;
}

std::string blame_csv(const Findings& findings) {
  std::string csv = "variant,client,time,statistic,where,why,value_s\n";
  for (const BlameStory& story : findings.blame)
    for (const BlamePart& part : story.parts)
      append_line(csv, {story.variant, story.client, std::string(story.time), std::string(story.statistic), part.place,
                        std::string(name_of(part.why)), number_text(part.seconds)});
  return csv;
}

std::string comparisons_csv(const Findings& findings) {
  std::string csv = "client,metric,baseline,variant,difference,half_width,ratio,correlation,verdict\n";
  for (const Comparison& c : findings.comparisons) {
    std::vector<std::string> row{
        c.client, c.metric, c.baseline, c.variant, "", "", "", "", std::string(name_of(c.verdict))};
    if (c.paired) {
      row[4] = number_text(c.paired->difference.value);
      row[5] = number_text(c.paired->difference.half_width);
      row[6] = number_text(c.paired->ratio);
      row[7] = number_text(c.paired->correlation);
    }
    append_line(csv, row);
  }
  return csv;
}

}  // namespace sojourn
