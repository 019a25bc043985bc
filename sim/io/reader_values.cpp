// The overloads of Reader::value for what is neither a container nor a struct that describes itself.

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sojourn/io/bound_text.hpp"
#include "sojourn/io/reader.hpp"

namespace sojourn {
namespace {

bool inside_bound(double value, const Bound& bound) {
  return (bound.above_minimum ? value > bound.minimum : value >= bound.minimum) && value <= bound.maximum;
}

/// For a number where a unit is missing: "; a bare number has no unit, did you mean "250ms"?".
std::string missing_unit(const Node& node, std::string_view unit) {
  if (!node.is(Node::Kind::number)) return "";
  const bool plain = node.text.find_first_not_of("0123456789.") == std::string::npos;
  return "; a bare number has no unit" +
         (plain ? ", did you mean " + in_quotes(node.text + std::string(unit)) + "?" : "");
}

/// Reads a text of digits, with a minus for signed numbers; false when it is anything else, or too large.
template <class I>
bool all_digits(const std::string& text, I& out) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  return problem == std::errc{} && end == text.data() + text.size();
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_quantity(const std::string& text) {
  if (parse_duration(text) || parse_rate(text)) return true;
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() && std::isfinite(number);
}

/// What is wrong with an objective, or "".
std::string problem_of(const Objective& objective, std::string_view operation) {
  if (operation != "<=" && operation != ">=")
    return operation.empty() ? "expected '<=' or '>=' after the path" : "expected '<=' or '>='";
  if (objective.path.empty() || objective.path.find_first_of(" \t") != std::string::npos)
    return "expected a path of the report before '" + std::string(operation) + "'";
  if (!is_quantity(objective.value))
    return "expected a number, a duration or a rate after '" + std::string(operation) + "'";
  return "";
}

}  // namespace

std::optional<Reader::Whole> Reader::whole_number(const Node& node) {
  if (!node.is(Node::Kind::number)) return std::nullopt;
  Whole whole;
  if (all_digits(node.text, whole.natural) || all_digits(node.text, whole.negative)) return whole;
  constexpr double exact_up_to = 9007199254740992;  // 2^53: above, a double may stand for another whole number
  const bool written_as_fraction = node.text.find_first_of(".eE") != std::string::npos;
  if (!written_as_fraction || std::trunc(node.number) != node.number || std::fabs(node.number) > exact_up_to)
    return std::nullopt;
  if (node.number < 0) return Whole{.negative = static_cast<std::int64_t>(node.number), .natural = 0};
  return Whole{.negative = 0, .natural = static_cast<std::uint64_t>(node.number)};
}

bool Reader::value(bool& out, const Node& node, const Bound&) {
  if (!node.is(Node::Kind::boolean)) return unexpected(node, "true or false");
  out = node.truth;
  return true;
}

bool Reader::value(double& out, const Node& node, const Bound& bound) {
  if (!node.is(Node::Kind::number) || !inside_bound(node.number, bound))
    return unexpected(node, bounded("a number", bound, shortest));
  out = node.number;
  return true;
}

bool Reader::value(std::string& out, const Node& node, const Bound&) {
  if (!node.is(Node::Kind::string)) return unexpected(node, "a string");
  out = node.text;
  return true;
}

bool Reader::value(Duration& out, const Node& node, const Bound& bound) {
  constexpr std::string_view expected = "a duration such as \"250ms\"";
  if (!node.is(Node::Kind::string)) return unexpected(node, expected, missing_unit(node, "ms"));
  const auto duration = parse_duration(node.text);
  if (!duration) return unexpected(node, expected, "; units are ns us ms s m min h d, the longest is 292 years");
  if (!inside_bound(duration->seconds(), bound)) return unexpected(node, bounded("a duration", bound, duration_text));
  out = *duration;
  return true;
}

bool Reader::value(Rate& out, const Node& node, const Bound& bound) {
  constexpr std::string_view expected = "a rate such as \"80/s\"";
  if (!node.is(Node::Kind::string)) return unexpected(node, expected, missing_unit(node, "/s"));
  const auto rate = parse_rate(node.text);
  if (!rate || !std::isfinite(rate->per_second)) return unexpected(node, expected, "; units are /s /min /h");
  if (!inside_bound(rate->per_second, bound)) return unexpected(node, bounded("a rate", bound, rate_text));
  out = *rate;
  return true;
}

bool Reader::value(OperationName& out, const Node& node, const Bound&) {
  constexpr std::string_view expected = "an operation such as \"shop.order\"";
  if (!node.is(Node::Kind::string)) return unexpected(node, expected);
  const std::size_t dot = node.text.find('.');
  if (dot == std::string::npos) return unexpected(node, expected, "; it is written service.operation");
  out = {node.text.substr(0, dot), node.text.substr(dot + 1)};
  if (is_name(out.service) && is_name(out.operation)) return true;
  return unexpected(node, expected, "; each part is " + std::string(name_rule));
}

bool Reader::value(Limit& out, const Node& node, const Bound& bound) {
  if (node.is(Node::Kind::string) && node.text == "unlimited") {
    out = unlimited();
    return true;
  }
  return integer(out.count.emplace(), node, bound, "\"unlimited\" or a whole number");
}

bool Reader::value(Join& out, const Node& node, const Bound&) {
  out = {};
  if (node.is(Node::Kind::string) && node.text == "all") return true;
  out.kind = node.is(Node::Kind::string) && node.text == "any" ? Join::Kind::any : Join::Kind::number;
  return out.kind == Join::Kind::any || integer(out.number, node, at_least(1), "\"all\", \"any\" or a whole number");
}

bool Reader::value(Repetitions& out, const Node& node, const Bound& bound) {
  out = {};
  if (!node.is(Node::Kind::object))
    return integer(out.count, node, bound, "an object such as {\"geometric\": 3}, or a whole number");
  const Member* only = only_member(node, "a number of rounds", {"geometric"}, {});
  if (only == nullptr) return false;
  const Inside inside(*this, only->key);
  return value(out.geometric_mean.emplace(), only->value, between(0, 1e6));
}

bool Reader::value(Warmup& out, const Node& node, const Bound& bound) {
  out = {};
  out.automatic = node.is(Node::Kind::string) && node.text == "auto";
  return out.automatic || value(out.length, node, bound);
}

bool Reader::value(MessageKey& out, const Node& node, const Bound&) {
  out = {};
  if (node.is(Node::Kind::string) && node.text == "request") return true;
  if (!node.is(Node::Kind::object))
    return unexpected(node, "\"request\", or an object such as {\"zipf\": {\"keys\": 1000, \"exponent\": 1.1}}");
  const Member* only = only_member(node, "a key of messages", {"zipf"}, {});
  if (only == nullptr) return false;
  const Inside inside(*this, only->key);
  out.zipf = MessageKey::Zipf{};
  return value(*out.zipf, only->value, {});
}

bool Reader::value(Effect& out, const Node& node, const Bound&) {
  if (!node.is(Node::Kind::object)) return unexpected(node, "an effect such as {\"down\": \"refuse\"}");
  return wrapped(out, node);
}

// One text, or a list of them.
bool Reader::value(std::vector<std::string>& out, const Node& node, const Bound& bound) {
  out.clear();
  if (node.is(Node::Kind::string)) return value(out.emplace_back(), node, bound);
  if (!node.is(Node::Kind::list)) return unexpected(node, "a name or a list of names");
  return value<std::string>(out, node, bound);
}

bool Reader::value(RequestMix& out, const Node& node, const Bound&) {
  out.weights.clear();
  if (node.is(Node::Kind::object)) {
    const bool sound = value(out.weights, node, more_than(0));
    return sound && (!out.weights.empty() || unexpected(node, "at least one operation with its weight"));
  }
  OperationName only;
  if (!node.is(Node::Kind::string))
    return unexpected(node, "an operation such as \"shop.order\", or an object of operations with weights");
  if (!value(only, node, {})) return false;
  out.weights.emplace(std::move(only), 1);
  return true;
}

bool Reader::value(ProfilePoint& out, const Node& node, const Bound&) {
  if (!node.is(Node::Kind::list) || node.items.size() != 2)
    return unexpected(node, "a time and a factor such as [\"5min\", 3]");
  bool sound = true;
  {
    const Inside inside(*this, std::size_t{0});
    sound = value(out.at, node.items[0], {});
  }
  const Inside inside(*this, std::size_t{1});
  return value(out.factor, node.items[1], at_least(0)) && sound;
}

bool Reader::value(Profile& out, const Node& node, const Bound& bound) {
  if (!value<ProfilePoint>(out, node, bound)) return false;
  if (out.empty()) return unexpected(node, "at least one point such as [\"5min\", 3]");
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i].at >= out[i - 1].at) continue;
    const Inside inside(*this, i);
    return error(node.items[i],
                 "expected a time not before " + to_text(out[i - 1].at) + ", found " + to_text(out[i].at));
  }
  return true;
}

bool Reader::value(Objective& out, const Node& node, const Bound&) {
  constexpr std::string_view expected = "an objective such as \"clients.web.response_time.p99 <= 300ms\"";
  if (!node.is(Node::Kind::string)) return unexpected(node, expected);
  const std::string_view text = node.text;
  std::size_t begin = text.find_first_of("<>=!~");
  while (begin != std::string_view::npos && begin > 0 && text.substr(begin - 1, 2) == "->")  // in a call's name
    begin = text.find_first_of("<>=!~", begin + 1);
  begin = std::min(begin, text.size());
  const std::size_t end = std::min(text.find_first_not_of("<>=!~", begin), text.size());
  out.text = node.text;
  out.path = trimmed(text.substr(0, begin));
  out.at_most = text.substr(begin, end - begin) == "<=";
  out.value = trimmed(text.substr(end));
  const std::string problem = problem_of(out, text.substr(begin, end - begin));
  return problem.empty() || unexpected(node, expected, "; " + problem);
}

bool Reader::value(Quantiles& out, const Node& node, const Bound&) {
  if (!node.is(Node::Kind::object))
    return unexpected(node, "quantiles such as {\"0\": \"1ms\", \"0.5\": \"8ms\", \"1\": \"60ms\"}");
  bool sound = true;
  out.points.clear();
  for (const Member& member : node.members) {
    if (is_free_key(member.key)) continue;
    const Inside inside(*this, member.key);
    sound = value(out.points[member.key], member.value, {}) && sound;
  }
  return sound && obeys_rule(out, node);
}

bool Reader::value(Distribution& out, const Node& node, const Bound&) {
  if (node.is(Node::Kind::object)) return wrapped(out, node);
  if (node.is(Node::Kind::string) || node.is(Node::Kind::number))
    return value(out.kind.emplace<Constant>().value, node, {});
  return unexpected(node,
                    "a distribution: a duration such as \"5ms\", or an object such as {\"exponential\": \"5ms\"}");
}

}  // namespace sojourn
