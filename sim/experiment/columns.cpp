#include "sojourn/experiment/columns.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace sojourn {

/// How long was measured, over all replications in the measurements.
struct MeasuredSpan {
  double ns = 0;
  double replications = 1;
  [[nodiscard]] double seconds() const { return ns / 1e9; }
};

/// A row of the table: a number, or a time with its mean, quantiles and maximum.
template <class Measured>
struct Measure {
  using Number = std::optional<double> (*)(const Measured& measured, MeasuredSpan span, double parameter);

  std::string_view family;  // a group of numbers in the report, "" for none
  std::string_view name;
  Unit unit = Unit::count;
  Statistic statistic = Statistic::mean;
  Number number = nullptr;
  Histogram Measured::*times = nullptr;
};

namespace {

using Value = std::optional<double>;

template <class Integer>
double real(Integer integer) {
  return static_cast<double>(integer);
}

Value ratio(double part, double whole) {
  if (whole == 0) return std::nullopt;
  return part / whole;
}

/// A count per second of the window.
template <class Measured, std::uint64_t Measured::*member>
Value rate(const Measured& measured, MeasuredSpan span, double) {
  return ratio(real(measured.*member), span.seconds());
}

/// A count, summed over replications.
template <class Measured, std::uint64_t Measured::*member>
Value total(const Measured& measured, MeasuredSpan, double) {
  return real(measured.*member);
}

/// The average level behind an integral over time.
template <class Measured, Int128 Measured::*member>
Value level(const Measured& measured, MeasuredSpan span, double) {
  return ratio(real(measured.*member), span.ns);
}

using C = ClientMeasurement;
using ClientRow = Measure<C>;

std::uint64_t good(const C& c) { return c.outcomes[0] + c.outcomes[1]; }

template <Outcome outcome>
Value ended(const C& c, MeasuredSpan, double) {
  return real(c.outcomes[static_cast<std::size_t>(outcome)]);
}

Value unfinished(const C& c, MeasuredSpan, double) {
  std::uint64_t answered = 0;
  for (const std::uint64_t n : c.outcomes) answered += n;
  return real(c.requests - answered);
}

constexpr std::array client_rows{
    ClientRow{"", "requests", Unit::count, Statistic::total, total<C, &C::requests>},
    ClientRow{"", "offered_per_s", Unit::per_second, Statistic::mean, rate<C, &C::requests>},
    ClientRow{"", "succeeded_per_s", Unit::per_second, Statistic::mean,
              [](const C& c, MeasuredSpan span, double) { return ratio(real(good(c)), span.seconds()); }},
    ClientRow{"outcomes", "succeeded", Unit::count, Statistic::total, ended<Outcome::succeeded>},
    ClientRow{"outcomes", "degraded", Unit::count, Statistic::total, ended<Outcome::degraded>},
    ClientRow{"outcomes", "declined", Unit::count, Statistic::total, ended<Outcome::declined>},
    ClientRow{"outcomes", "failed", Unit::count, Statistic::total, ended<Outcome::failed>},
    ClientRow{"outcomes", "refused", Unit::count, Statistic::total, ended<Outcome::refused>},
    ClientRow{"outcomes", "timed_out", Unit::count, Statistic::total, ended<Outcome::timed_out>},
    ClientRow{"outcomes", "unfinished", Unit::count, Statistic::total, unfinished},
    ClientRow{"", "success_ratio", Unit::ratio, Statistic::mean,
              [](const C& c, MeasuredSpan, double) { return ratio(real(good(c)), real(c.requests)); }},
    ClientRow{"", "fulfilled_ratio", Unit::ratio, Statistic::mean,
              [](const C& c, MeasuredSpan, double) { return ratio(real(c.fulfilled), real(c.requests)); }},
    ClientRow{"", "broken_promise_ratio", Unit::ratio, Statistic::mean,
              [](const C& c, MeasuredSpan, double) { return ratio(real(c.broken_promises), real(c.requests)); }},
    ClientRow{.family = "response_time", .name = "", .times = &C::response_time},
    ClientRow{.family = "completion_time", .name = "", .times = &C::completion_time},
    ClientRow{.family = "notification_time", .name = "", .times = &C::notification_time},
    ClientRow{"", "stale_ratio", Unit::ratio, Statistic::mean,
              [](const C& c, MeasuredSpan, double) { return ratio(real(c.stale), real(c.follow_ups)); }},
    ClientRow{"", "compensated", Unit::count, Statistic::total, total<C, &C::compensated>},
    ClientRow{"", "incomplete", Unit::count, Statistic::total, total<C, &C::incomplete>},
};

using S = ServiceMeasurement;
using ServiceRow = Measure<S>;

constexpr std::array service_rows{
    ServiceRow{
        "", "utilization", Unit::ratio, Statistic::mean,
        [](const S& s, MeasuredSpan, double workers) { return ratio(real(s.used_ns), real(s.replicas_ns) * workers); }},
    ServiceRow{"", "busy_workers", Unit::level, Statistic::mean, level<S, &S::busy_ns>},
    ServiceRow{"", "held_workers", Unit::level, Statistic::mean, level<S, &S::held_ns>},
    ServiceRow{"", "queue_length", Unit::level, Statistic::mean, level<S, &S::queue_ns>},
    ServiceRow{.family = "waiting_time", .name = "", .times = &S::waiting_time},
    ServiceRow{.family = "sojourn_time", .name = "", .times = &S::sojourn_time},
    ServiceRow{"", "arrivals_per_s", Unit::per_second, Statistic::mean, rate<S, &S::arrivals>},
    ServiceRow{"", "completed_per_s", Unit::per_second, Statistic::mean, rate<S, &S::completed>},
    ServiceRow{"", "refused_per_s", Unit::per_second, Statistic::mean, rate<S, &S::refused>},
    ServiceRow{"", "wasted_work_ratio", Unit::ratio, Statistic::mean,
               [](const S& s, MeasuredSpan, double) { return ratio(real(s.wasted_ns), real(s.busy_ns)); }},
    ServiceRow{"", "availability", Unit::ratio, Statistic::mean,
               [](const S& s, MeasuredSpan, double) { return ratio(real(s.up_ns), real(s.replicas_ns)); }},
    ServiceRow{"", "replicas", Unit::level, Statistic::mean, level<S, &S::replicas_ns>},
    ServiceRow{"", "cost_per_hour", Unit::cost, Statistic::mean,
               [](const S& s, MeasuredSpan span, double cost) { return ratio(real(s.replicas_ns) * cost, span.ns); }},
};

using K = CallMeasurement;
using CallRow = Measure<K>;

constexpr std::array call_rows{
    CallRow{"", "calls_per_s", Unit::per_second, Statistic::mean, rate<K, &K::calls>},
    CallRow{"", "attempts_per_s", Unit::per_second, Statistic::mean, rate<K, &K::attempts>},
    CallRow{"", "amplification", Unit::factor, Statistic::mean,
            [](const K& k, MeasuredSpan, double) { return ratio(real(k.attempts), real(k.calls)); }},
    CallRow{"", "failed_per_s", Unit::per_second, Statistic::mean, rate<K, &K::failed>},
    CallRow{"", "refused_per_s", Unit::per_second, Statistic::mean, rate<K, &K::refused>},
    CallRow{"", "timed_out_per_s", Unit::per_second, Statistic::mean, rate<K, &K::timed_out>},
    CallRow{"", "open_per_s", Unit::per_second, Statistic::mean, rate<K, &K::open>},
    CallRow{"", "fallback_per_s", Unit::per_second, Statistic::mean, rate<K, &K::fallback>},
    CallRow{.family = "response_time", .name = "", .times = &K::response_time},
};

using M = SubscriptionMeasurement;
using TopicRow = Measure<M>;

constexpr std::array topic_rows{
    TopicRow{"", "published_per_s", Unit::per_second, Statistic::mean, rate<M, &M::published>},
    TopicRow{"", "handled_per_s", Unit::per_second, Statistic::mean, rate<M, &M::handled>},
    TopicRow{"", "backlog", Unit::level, Statistic::mean, level<M, &M::backlog_ns>},
    TopicRow{"", "backlog_max", Unit::count, Statistic::maximum, total<M, &M::backlog_max>},
    TopicRow{.family = "lag", .name = "", .times = &M::lag},
    TopicRow{"", "redelivered", Unit::count, Statistic::total, total<M, &M::redelivered>},
    TopicRow{"", "dead_lettered", Unit::count, Statistic::total, total<M, &M::dead_lettered>},
    TopicRow{"", "lost", Unit::count, Statistic::total, total<M, &M::lost>},
    TopicRow{"", "refused", Unit::count, Statistic::total, total<M, &M::refused>},
    TopicRow{"", "duplicates", Unit::count, Statistic::total, total<M, &M::duplicates>},
    TopicRow{"", "dropped", Unit::count, Statistic::total, total<M, &M::dropped>},
    TopicRow{"", "expired", Unit::count, Statistic::total, total<M, &M::expired>},
    TopicRow{"", "waiting", Unit::count, Statistic::total, total<M, &M::waiting>},
    TopicRow{"", "in_hand", Unit::count, Statistic::total, total<M, &M::in_hand>},
    TopicRow{"", "published", Unit::count, Statistic::total, total<M, &M::published>},
    TopicRow{"", "handled", Unit::count, Statistic::total, total<M, &M::handled>},
    // Of the messages published, those for the partition that got the most of them: 1/partitions where keys are alike.
    TopicRow{"", "hottest_partition_share", Unit::ratio, Statistic::mean,
             [](const M& m, MeasuredSpan, double) { return ratio(real(m.hottest), real(m.published)); }},
    // Of the messages that one replication published in its window.
    TopicRow{"", "cost", Unit::count, Statistic::mean,
             [](const M& m, MeasuredSpan span, double per_million) {
               return ratio(real(m.published) * per_million / 1e6, span.replications);
             }},
};

using R = ResourceMeasurement;
using ResourceRow = Measure<R>;

constexpr std::array resource_rows{
    ResourceRow{"", "utilization", Unit::ratio, Statistic::mean,
                [](const R& r, MeasuredSpan span, double units) { return ratio(real(r.used_ns), span.ns * units); }},
    ResourceRow{"", "used_units", Unit::level, Statistic::mean, level<R, &R::used_ns>},
    ResourceRow{"", "queue_length", Unit::level, Statistic::mean, level<R, &R::queue_ns>},
    ResourceRow{.family = "waiting_time", .name = "", .times = &R::waiting_time},
    ResourceRow{"", "taken_per_s", Unit::per_second, Statistic::mean, rate<R, &R::taken>},
    ResourceRow{"", "refused_per_s", Unit::per_second, Statistic::mean, rate<R, &R::refused>},
};

/// What is told of every time.
struct TimeFigure {
  std::string_view name;
  Statistic statistic;
  double probability;
};
constexpr std::array time_figures{
    TimeFigure{"mean", Statistic::mean, 0},       TimeFigure{"p50", Statistic::quantile, 0.5},
    TimeFigure{"p90", Statistic::quantile, 0.9},  TimeFigure{"p95", Statistic::quantile, 0.95},
    TimeFigure{"p99", Statistic::quantile, 0.99}, TimeFigure{"p99.9", Statistic::quantile, 0.999},
    TimeFigure{"max", Statistic::maximum, 0},
};

/// Whose columns are being listed.
struct Subject {
  Section section;
  std::uint32_t index;
  std::vector<std::string> name;
};

/// Appends the columns of one row of the table.
template <class Measured>
void append(std::vector<Column>& columns, const Subject& subject, const Measure<Measured>& row, bool present,
            double parameter) {
  Column column{.section = subject.section,
                .index = subject.index,
                .subject = subject.name,
                .measure = {},
                .present = present,
                .parameter = parameter,
                .row = &row};
  if (!row.family.empty()) column.measure.emplace_back(row.family);
  if (row.times == nullptr) {
    column.measure.emplace_back(row.name);
    column.unit = row.unit;
    column.statistic = row.statistic;
    columns.push_back(std::move(column));
    return;
  }
  column.unit = Unit::seconds;
  for (const TimeFigure& figure : time_figures) {
    Column& added = columns.emplace_back(column);
    added.measure.emplace_back(figure.name);
    added.statistic = figure.statistic;
    added.probability = figure.probability;
  }
}

/// The histogram behind a time of a row, or null.
template <class Measured>
const Histogram* times_of(const Measure<Measured>& row, const Measured& measured) {
  return row.times == nullptr ? nullptr : &(measured.*row.times);
}

Value figure_of(const Column& column, const Histogram& times) {
  if (times.empty()) return std::nullopt;
  if (column.statistic == Statistic::mean) return times.mean() / 1e9;
  if (column.statistic == Statistic::maximum) return real(times.maximum()) / 1e9;
  const Value ns = times.quantile(column.probability);
  return ns ? Value{*ns / 1e9} : std::nullopt;
}

/// Calls visit(row, measured) with the column's row and what it reads.
template <class Visit>
auto with_row(const Column& column, const Measurements& m, Visit&& visit) {
  struct Chosen {
    const Column& column;
    const Measurements& m;
    Visit& visit;
    auto operator()(const ClientRow* row) const { return visit(*row, m.clients.at(column.index)); }
    auto operator()(const ServiceRow* row) const { return visit(*row, m.services.at(column.index)); }
    auto operator()(const CallRow* row) const { return visit(*row, m.calls.at(column.index)); }
    auto operator()(const TopicRow* row) const { return visit(*row, m.subscriptions.at(column.index)); }
    auto operator()(const ResourceRow* row) const { return visit(*row, m.resources.at(column.index)); }
  };
  return std::visit(Chosen{column, m, visit}, column.row);
}

void append_client(std::vector<Column>& columns, const CompiledClient& client, std::uint32_t index) {
  for (const ClientRow& row : client_rows) {
    const bool expects = std::any_of(client.then.begin(), client.then.end(),
                                     [](const CompiledFollowUp& follow_up) { return follow_up.expected != 0; });
    const bool present =
        (row.times != &C::notification_time || client.notified) && (row.name != "stale_ratio" || expects);
    append(columns, {Section::clients, index, {client.name}}, row, present, 0);
  }
}

void append_service(std::vector<Column>& columns, const CompiledService& service, std::uint32_t index) {
  for (const ServiceRow& row : service_rows) {
    const bool is_utilization = row.name == "utilization";
    const bool present = !is_utilization || std::isfinite(service.cores);
    append(columns, {Section::services, index, {service.name}}, row, present,
           is_utilization ? service.cores : service.cost_per_hour);
  }
}

}  // namespace

std::string_view name_of(Section section) {
  constexpr std::array<std::string_view, 5> names{"clients", "services", "calls", "topics", "resources"};
  return names[static_cast<std::size_t>(section)];
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

std::vector<std::string> Column::path() const {
  std::vector<std::string> parts{std::string(name_of(section))};
  parts.insert(parts.end(), subject.begin(), subject.end());
  parts.insert(parts.end(), measure.begin(), measure.end());
  return parts;
}

std::string Column::dotted() const { return joined(path(), "."); }

std::vector<Column> columns_of(const Topology& topology) {
  std::vector<Column> columns;
  for (std::uint32_t i = 0; i < topology.clients.size(); ++i) append_client(columns, topology.clients[i], i);
  for (std::uint32_t i = 0; i < topology.services.size(); ++i) append_service(columns, topology.services[i], i);
  for (std::uint32_t i = 0; i < topology.calls.size(); ++i)
    for (const CallRow& row : call_rows) append(columns, {Section::calls, i, {topology.calls[i].name}}, row, true, 0);
  for (std::uint32_t i = 0; i < topology.subscriptions.size(); ++i) {
    const CompiledSubscription& subscription = topology.subscriptions[i];
    for (const TopicRow& row : topic_rows) {
      const bool present = row.name != "hottest_partition_share" || subscription.partitions > 0;
      append(columns, {Section::topics, i, {subscription.topic_name, subscription.name}}, row, present,
             subscription.cost_per_million);
    }
  }
  for (std::uint32_t i = 0; i < topology.resources.size(); ++i)
    for (const ResourceRow& row : resource_rows)
      append(columns, {Section::resources, i, {topology.resources[i].name}}, row, true, topology.resources[i].units);
  return columns;
}

std::vector<Column> measures_of(Section section) {
  std::vector<Column> columns;
  const auto append_all = [&](const auto& rows) {
    for (const auto& row : rows) append(columns, {section, 0, {}}, row, true, 0);
  };
  switch (section) {
    case Section::clients: append_all(client_rows); break;
    case Section::services: append_all(service_rows); break;
    case Section::calls: append_all(call_rows); break;
    case Section::topics: append_all(topic_rows); break;
    case Section::resources: append_all(resource_rows); break;
  }
  return columns;
}

std::optional<double> value_of(const Column& column, const Measurements& measured) {
  if (!column.present) return std::nullopt;
  const MeasuredSpan span{measured.window_ns() * real(measured.replications), real(measured.replications)};
  return with_row(column, measured, [&](const auto& row, const auto& item) -> Value {
    if (const Histogram* times = times_of(row, item)) return figure_of(column, *times);
    return row.number(item, span, column.parameter);
  });
}

const Histogram* times_of(const Column& column, const Measurements& measured) {
  return with_row(column, measured, [](const auto& row, const auto& item) { return times_of(row, item); });
}

std::optional<std::uint64_t> samples_of(const Column& column, const Measurements& measured) {
  const Histogram* times = times_of(column, measured);
  return times == nullptr ? std::nullopt : std::optional(times->count());
}

std::optional<std::size_t> position_of(const std::vector<Column>& columns, std::string_view dotted) {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].present && columns[i].dotted() == dotted) return i;
  return std::nullopt;
}

bool too_few_samples(const Column& column, const Measurements& merged) {
  if (!column.present || column.statistic != Statistic::quantile) return false;
  return samples_of(column, merged).value_or(0) < samples_needed(column.probability);
}

}  // namespace sojourn
