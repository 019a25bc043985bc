#include "sojourn/io/life_report.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "sojourn/experiment/blame.hpp"
#include "sojourn/io/csv.hpp"
#include "sojourn/io/quantity.hpp"
#include "sojourn/io/report.hpp"

namespace sojourn {

namespace {

using Json = nlohmann::ordered_json;

/// A stretch of time at one place, since the request's start.
struct Stretch {
  std::string where;
  Blame why = Blame::work;
  Duration begin, end;
  bool operator==(const Stretch&) const = default;
};

/// In the order of time; what two branches shared is there once.
std::vector<Stretch> stretches_of(const VariantLife& one) {
  std::vector<Stretch> list;
  for (const LifeSpan& span : one.life.spans) {
    Stretch stretch{place_name(*one.topology, span.slot / blame_kinds), static_cast<Blame>(span.slot % blame_kinds),
                    span.begin - one.life.started, span.end - one.life.started};
    if (std::find(list.begin(), list.end(), stretch) == list.end()) list.push_back(std::move(stretch));
  }
  std::stable_sort(list.begin(), list.end(), [](const Stretch& a, const Stretch& b) {
    return a.begin.ns != b.begin.ns ? a.begin.ns < b.begin.ns : a.end.ns < b.end.ns;
  });
  return list;
}

std::string_view words_of(Blame why) {
  constexpr std::array<std::string_view, blame_kinds> words{
      "waits in its queue",         "works",  "waits for others", "is on the way",
      "waits before it asks again", "pauses", "is kept"};
  return words[static_cast<std::size_t>(why)];
}

std::string time_text(double length_s) {
  return value_text(Estimate{.value = length_s, .half_width = std::nullopt, .n = 1}, Unit::seconds);
}

std::string_view outcome_text(Outcome outcome) {
  constexpr std::array<std::string_view, 7> names{"succeeded", "degraded",  "declined", "failed",
                                                  "refused",   "timed out", "open"};
  return names[static_cast<std::size_t>(outcome)];
}

std::vector<std::pair<std::string_view, std::optional<Time>>> moments_of(const RequestLife& life) {
  return {{"answered", life.answered}, {"notified", life.notified}, {"complete", life.ended}};
}

void append_row(std::string& text, const std::array<std::string, 4>& cells) {
  constexpr std::array<std::size_t, 3> widths{11, 11, 24};
  std::string line = "  ";
  for (std::size_t i = 0; i < widths.size(); ++i) {
    line += cells[i];
    line.append(cells[i].size() < widths[i] ? widths[i] - cells[i].size() : 1, ' ');
  }
  text += line + cells[3] + "\n";
}

}  // namespace

std::string life_text(const LifeReport& report) {
  std::string text;
  for (const VariantLife& one : report.lives) {
    text += (text.empty() ? "" : "\n") + one.variant + ": ";
    if (!one.life.seen) {
      text += "no such request\n";
      continue;
    }
    text += "request " + std::to_string(one.life.number) + " of " + report.client + ", started at " +
            time_text(exact_seconds(one.life.started - Time{})) + "\n";
    append_row(text, {"from", "for", "where", "what"});
    for (const Stretch& s : stretches_of(one))
      append_row(text, {time_text(exact_seconds(s.begin)), time_text(exact_seconds(s.end - s.begin)), s.where,
                        std::string(words_of(s.why))});
    std::string said;
    for (const auto& [name, at] : moments_of(one.life)) {
      if (!at && name == "notified") continue;
      said += (said.empty() ? "  " : "; ") +
              (at ? std::string(name) +
                        (name == "answered" ? " (" + std::string(outcome_text(one.life.outcome)) + ")" : "") +
                        " after " + time_text(exact_seconds(*at - one.life.started))
                  : "not " + std::string(name) + " when the run ended");
    }
    text += said + "\n";
  }
  return text;
}

std::string life_csv(const LifeReport& report) {
  std::string csv = "variant,where,why,begin_s,end_s\n";
  const auto row = [&csv](const std::string& variant, const std::string& where, std::string_view why, Duration begin,
                          Duration end) {
    csv +=
        joined({variant, where, std::string(why), number_text(exact_seconds(begin)), number_text(exact_seconds(end))},
               ",") +
        "\n";
  };
  for (const VariantLife& one : report.lives) {
    for (const Stretch& s : stretches_of(one)) row(one.variant, s.where, name_of(s.why), s.begin, s.end);
    for (const auto& [name, at] : moments_of(one.life))
      if (at) row(one.variant, report.client, name, *at - one.life.started, *at - one.life.started);
  }
  return csv;
}

std::string life_trace_json(const LifeReport& report) {
  Json events = Json::array();
  for (std::size_t v = 0; v < report.lives.size(); ++v) {
    const VariantLife& one = report.lives[v];
    events.push_back({{"name", "process_name"}, {"ph", "M"}, {"pid", v}, {"args", {{"name", one.variant}}}});
    std::vector<std::string> places{report.client};
    const auto thread_of = [&](const std::string& place) {
      const auto at = std::find(places.begin(), places.end(), place);
      if (at == places.end()) places.push_back(place);
      return at == places.end() ? places.size() - 1 : static_cast<std::size_t>(at - places.begin());
    };
    for (const Stretch& s : stretches_of(one))
      events.push_back({{"name", name_of(s.why)},
                        {"cat", s.where},
                        {"ph", "X"},
                        {"ts", static_cast<double>(s.begin.ns) / 1e3},
                        {"dur", static_cast<double>((s.end - s.begin).ns) / 1e3},
                        {"pid", v},
                        {"tid", thread_of(s.where)}});
    for (const auto& [name, at] : moments_of(one.life))
      if (at)
        events.push_back({{"name", name},
                          {"ph", "i"},
                          {"s", "p"},
                          {"ts", static_cast<double>((*at - one.life.started).ns) / 1e3},
                          {"pid", v},
                          {"tid", 0}});
    for (std::size_t p = 0; p < places.size(); ++p)
      events.push_back({{"name", "thread_name"}, {"ph", "M"}, {"pid", v}, {"tid", p}, {"args", {{"name", places[p]}}}});
  }
  const Json trace = {{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events)}};
  return trace.dump(1) + "\n";
}

}  // namespace sojourn
