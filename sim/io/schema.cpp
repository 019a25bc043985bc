// The overloads of SchemaWriter::form for what is neither a container nor a struct that describes itself, and the top level.
#include "sojourn/io/schema.hpp"

#include <cmath>

#include "sojourn/io/bound_text.hpp"
#include "sojourn/io/variants.hpp"

namespace sojourn {
namespace {

using Json = SchemaWriter::Json;

// A key that is free for the author's remarks matches none of the patterns of keys.
std::string name_pattern() { return "[A-Za-z0-9_-]{1,64}"; }
std::string number_pattern() { return "[0-9]+(\\.[0-9]+)?"; }

/// Parts from days to nanoseconds, each at most once.
std::string duration_pattern() {
  std::string pattern;
  for (const char* unit : {"d", "h", "(min|m)", "s", "ms", "us", "ns"})
    pattern += "(" + number_pattern() + std::string(unit) + ")?";
  return pattern;
}

std::string rate_pattern() { return number_pattern() + "[kM]?/(ns|us|ms|s|min|m|h|d)"; }

/// A string that matches the whole pattern.
Json matching(const std::string& pattern) { return {{"type", "string"}, {"pattern", "^" + pattern + "$"}}; }

bool is_above_0(const Bound& bound) { return bound.above_minimum && bound.minimum == 0; }

/// Before the pattern of a quantity: there is a digit, and one that is not 0 where it must be above 0.
std::string some_digit(const Bound& bound) { return is_above_0(bound) ? "(?=[^/]*[1-9])" : "(?=[0-9])"; }

Json exactly(std::string_view value) {
  Json schema;
  schema["const"] = value;
  return schema;
}

Json any_of(const Json& first, const Json& second) {
  Json schema;
  schema["anyOf"] = Json::array({first, second});
  return schema;
}

Json number_in(const Bound& bound) {
  Json schema;
  schema["type"] = "number";
  if (std::isfinite(bound.minimum)) schema[bound.above_minimum ? "exclusiveMinimum" : "minimum"] = bound.minimum;
  if (std::isfinite(bound.maximum)) schema["maximum"] = bound.maximum;
  return schema;
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "`\"" : i + 1 < words.size() ? ", `\"" : " or `\"") + words[i] + "\"`";
  return text;
}

}  // namespace

// ---- plain values ----

Form SchemaWriter::form(bool value, const Bound&) {
  Json schema;
  schema["type"] = "boolean";
  return {.schema = std::move(schema), .words = "`true` or `false`", .fallback = value};
}

Form SchemaWriter::form(double value, const Bound& bound) {
  const bool is_whole = std::trunc(value) == value && std::fabs(value) < 1e9;
  return {.schema = number_in(bound),
          .words = bounded("a number", bound, shortest),
          .fallback = is_whole ? Json(static_cast<std::int64_t>(value)) : Json(value)};
}

Form SchemaWriter::form(const std::string& value, const Bound&) {
  Json schema;
  schema["type"] = "string";
  return {.schema = std::move(schema), .words = "text", .fallback = value};
}

Form SchemaWriter::form(Duration value, const Bound& bound) {
  Form result = named(is_above_0(bound) ? "duration above 0" : "duration",
                      matching(some_digit(bound) + duration_pattern()), bounded("a duration", bound, duration_text));
  result.fallback = to_text(value);
  return result;
}

Form SchemaWriter::form(Rate value, const Bound& bound) {
  Form result = named(is_above_0(bound) ? "rate above 0" : "rate", matching(some_digit(bound) + rate_pattern()),
                      bounded("a rate", bound, rate_text));
  result.fallback = to_text(value);
  return result;
}

Form SchemaWriter::form(const OperationName&, const Bound&) {
  return named("operation", matching(name_pattern() + "\\." + name_pattern()), "an operation");
}

Form SchemaWriter::form(const Limit& value, const Bound& bound) {
  const Form count = form(value.count.value_or(0), bound);
  return {.schema = any_of(exactly("unlimited"), count.schema),
          .words = "`\"unlimited\"` or " + count.words,
          .fallback = value.unlimited() ? Json("unlimited") : count.fallback};
}

Form SchemaWriter::form(const Join&, const Bound&) {
  const Form count = form(std::uint32_t{1}, at_least(1));
  Json words;
  words["enum"] = {"all", "any"};
  return {.schema = any_of(words, count.schema), .words = "`\"all\"`, `\"any\"` or " + count.words, .fallback = "all"};
}

Form SchemaWriter::form(const Warmup& value, const Bound& bound) {
  const Form length = form(value.length, bound);
  return {.schema = any_of(exactly("auto"), length.schema),
          .words = "`\"auto\"` or " + length.words,
          .fallback = length.fallback};
}

Form SchemaWriter::form(const MessageKey&, const Bound&) {
  const Under under(*this, "zipf");
  const Form zipf = form(MessageKey::Zipf{}, {});
  Json schema = open_object();
  schema["properties"]["zipf"] = zipf.schema;
  schema["required"] = {"zipf"};
  return {.schema = any_of(exactly("request"), closed(std::move(schema))),
          .words = "`\"request\"`, or an object with `zipf`: " + zipf.words,
          .fallback = "request"};
}

Form SchemaWriter::form(const Repetitions&, const Bound& bound) {
  const Form count = form(std::uint32_t{1}, bound), mean = form(1.0, between(0, 1e6));
  Json schema = open_object();
  schema["properties"]["geometric"] =
      annotated(mean.schema, "a random number of rounds with this mean, at least 0", nullptr);
  schema["required"] = {"geometric"};
  return {.schema = any_of(count.schema, closed(std::move(schema))),
          .words = count.words + ", or an object with `geometric`: the mean of a random number, " + mean.words};
}

// One text, or a list of them.
Form SchemaWriter::form(const std::vector<std::string>&, const Bound& bound) {
  const Json text = form(std::string{}, bound).schema;
  return {.schema = any_of(text, {{"type", "array"}, {"items", text}}),
          .words = "a name or a list of names",
          .fallback = Json::array()};
}

Form SchemaWriter::form(const RequestMix&, const Bound&) {
  Form weights = form(std::map<OperationName, double>{}, more_than(0));
  weights.schema["minProperties"] = 1;
  return {.schema = any_of(form(OperationName{}, {}).schema, weights.schema),
          .words = "an operation, or " + weights.words};
}

Form SchemaWriter::form(const ProfilePoint&, const Bound&) {
  const Json items = {form(Duration{}, {}).schema, form(1.0, at_least(0)).schema};
  return {.schema = {{"type", "array"}, {"items", items}, {"minItems", 2}, {"maxItems", 2}},
          .words = "`[time, factor]`"};
}

Form SchemaWriter::form(const Profile& value, const Bound& bound) {
  Form result = form<ProfilePoint>(value, bound);
  result.schema["minItems"] = 1;
  result.fallback = nullptr;
  return result;
}

Form SchemaWriter::form(const Objective&, const Bound&) {
  const std::string number = "-?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?";
  const std::string value = "(" + number + "|(?=[0-9])" + duration_pattern() + "|" + rate_pattern() + ")";
  return {.schema = matching("[ \\t]*[^<>=!~ \\t]+[ \\t]*(<=|>=)[ \\t]*" + value + "[ \\t]*"),
          .words = "a path of the report, `<=` or `>=`, and a number, duration or rate"};
}

Form SchemaWriter::form(const Quantiles&, const Bound&) {
  const Json duration = form(Duration{}, {}).schema;
  Json schema = open_object();
  schema["patternProperties"]["^(?=.*[0-9])0*(\\.[0-9]*|1(\\.0*)?)?$"] = duration;
  schema["minProperties"] = 2;
  return {.schema = closed(std::move(schema)), .words = "probabilities from 0 to 1 to durations"};
}

Form SchemaWriter::form(const Distribution& value, const Bound&) {
  const std::string noun = name_of_noun(noun_of(std::type_identity<Distribution>{}));
  const std::string sentence = "a duration (a constant), or an object with exactly one of these keys";
  const auto make = [&](std::size_t section) {
    return any_of(form(Duration{}, {}).schema, wrapped<Distribution>(section));
  };
  Form result = defined<Distribution>(noun, sentence, make);
  if (const auto constant = constant_of(value)) result.fallback = to_text(*constant);
  return result;
}

Form SchemaWriter::form(const Effect&, const Bound&) {
  const std::string noun = name_of_noun(noun_of(std::type_identity<Effect>{}));
  return defined<Effect>(noun, "an object with exactly one of these keys",
                         [&](std::size_t section) { return wrapped<Effect>(section); });
}

Form SchemaWriter::one_word(const std::vector<std::string>& words, std::string_view value) {
  Json schema;
  schema["enum"] = words;
  return {.schema = std::move(schema), .words = joined_words(words), .fallback = value};
}

// ---- keys of maps ----

Form SchemaWriter::key_form(std::type_identity<std::string>) {
  return {.schema = matching("(?!x-|description$)" + name_pattern()), .words = "name"};
}
Form SchemaWriter::key_form(std::type_identity<OperationName>) {
  return {.schema = matching("(?!x-)" + name_pattern() + "\\." + name_pattern()), .words = "operation"};
}
Form SchemaWriter::key_form(std::type_identity<LinkName>) {
  return {.schema = matching("(?!x-).+->.+"), .words = "link"};
}

// ---- rules across fields ----

void SchemaWriter::add_rule(std::type_identity<Lognormal>, Json& schema) {
  const auto only = [](const char* a, const char* b, const char* not_c, const char* not_d) {
    Json rule = needing({a, b});
    rule["properties"][not_c] = false;
    rule["properties"][not_d] = false;
    return rule;
  };
  schema["oneOf"] = Json::array({only("mean", "cv", "p50", "p99"), only("p50", "p99", "mean", "cv")});
}

void SchemaWriter::add_rule(std::type_identity<Mixture>, Json& schema) { schema["minItems"] = 1; }
void SchemaWriter::add_rule(std::type_identity<Choose>, Json& schema) {
  schema["properties"]["choose"]["minItems"] = 1;
}
void SchemaWriter::add_rule(std::type_identity<Parallel>, Json& schema) {
  schema["properties"]["parallel"]["minItems"] = 1;
}
void SchemaWriter::add_rule(std::type_identity<Await>, Json& schema) { schema["properties"]["await"]["minItems"] = 1; }
void SchemaWriter::add_rule(std::type_identity<Incident>, Json& schema) {
  schema["properties"]["target"]["anyOf"][1]["minItems"] = 1;
}

void SchemaWriter::add_rule(std::type_identity<Publish>, Json& schema) {
  Json confirmed = needing({"confirm"}), both = needing({"confirm", "outbox"}), is_true;
  is_true["const"] = true;
  confirmed["properties"]["confirm"] = is_true;
  both["properties"]["confirm"] = is_true;
  both["properties"]["outbox"] = is_true;
  schema["dependencies"]["timeout"] = std::move(confirmed);
  schema["not"] = std::move(both);
}

void SchemaWriter::add_rule(std::type_identity<Client>, Json& schema) {
  schema["oneOf"] = Json::array({needing({"arrivals"}), needing({"users"})});
}

void SchemaWriter::add_rule(std::type_identity<Scenario>, Json& schema) {
  schema["properties"]["name"]["pattern"] = "^" + name_pattern() + "$";
  schema["properties"]["clients"]["minProperties"] = 1;
}

// ---- the top level ----

SchemaWriter::SchemaWriter() : key_("scenario") {
  sections_.push_back({.title = key_, .sentence = std::string(Scenario::sentence), .rows = {}});
  root_ = object_of<Scenario>(0, {});
  Json& properties = root_["properties"];
  properties["$schema"]["description"] = "where this schema is, for editors";
  add_row(0, "$schema", "text", "", "where the JSON Schema is, for editors; not read");
  add_messaging(properties);
  add_variants(properties);
}

void SchemaWriter::add_messaging(Json& properties) {
  const std::string sentence = "defaults of every topic, of those that 'defer' makes too";
  sections_.push_back({.title = "messaging", .sentence = sentence, .rows = {}});
  properties["messaging"] = annotated(object_of<Topic>(sections_.size() - 1, "subscriptions"), sentence, nullptr);
  add_row(0, "messaging", reference_to("messaging").words, "{}", sentence);
}

// A patch may hold any part of a scenario, and null for what goes away: no more is said of it than where it may stand.
void SchemaWriter::add_variants(Json& properties) {
  const std::string sentence =
      "the architectures of the flow; the first is the baseline, without any there is one, 'default'";
  const Form operations = form(std::vector<OperationName>{}, {});
  Json all;
  all["const"] = "all";
  Json patch = open_object();
  for (const auto& [key, schema] : properties.items()) patch["properties"][key] = !is_shared_by_variants(key);
  patch["properties"]["variants"] = false;
  patch["properties"]["defer"] = annotated(any_of(all, operations.schema),
                                           "deferrable calls to these operations become published messages", nullptr);
  patch["patternProperties"]["^x-"] = true;
  patch["additionalProperties"]["type"] = "null";
  patch["type"] = "object";
  Json variants = open_object();
  variants["patternProperties"]["^(?!x-|description$)" + name_pattern() + "$"] = patch;
  properties["variants"] = annotated(closed(std::move(variants)), sentence, nullptr);
  add_row(0, "variants", "name to [variant](#variant)", "{}", sentence);
  sections_.push_back({.title = "variant",
                       .sentence =
                           "a merge patch (RFC 7396) over the rest of the file: what it names is changed, null takes "
                           "away, lists are replaced whole; and one key that is no patch",
                       .rows = {}});
  add_row(
      sections_.size() - 1, "defer", "`\"all\"` or " + operations.words, "[]",
      "each call to these operations that is marked 'deferrable' becomes a publish to a topic named as the operation, "
      "whose only subscription is that operation; the call's timeout, retry, breaker, hedge and fallback no longer "
      "apply");
}

Json SchemaWriter::schema() const {
  Json schema;
  schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  schema["title"] = "A scenario of Sojourn";
  schema.update(root_);
  schema["definitions"] = definitions_;
  return schema;
}

// ---- pieces ----

Json SchemaWriter::open_object() {
  Json schema;
  schema["type"] = "object";
  schema["properties"]["description"] = true;
  schema["patternProperties"]["^x-"] = true;
  return schema;
}

Json SchemaWriter::needing(const std::vector<std::string>& keys) {
  Json schema;
  schema["required"] = keys;
  return schema;
}

Json SchemaWriter::closed(Json schema) {
  schema["additionalProperties"] = false;
  return schema;
}

// Beside a reference draft 7 reads nothing: there it stands in a list of its own.
Json SchemaWriter::annotated(const Json& schema, std::string_view sentence, const Json& fallback) {
  Json result;
  result["description"] = sentence;
  if (!fallback.is_null()) result["default"] = fallback;
  if (schema.contains("$ref"))
    result["allOf"] = Json::array({schema});
  else
    result.update(schema);
  return result;
}

std::string SchemaWriter::name_of_noun(std::string_view noun) { return std::string(noun.substr(noun.find(' ') + 1)); }

std::string SchemaWriter::definition_name(std::string title) {
  for (char& c : title)
    if (c == ' ') c = '-';
  return title;
}

Form SchemaWriter::named(const std::string& name, Json schema, std::string words) {
  definitions_[definition_name(name)] = std::move(schema);
  Form result = reference_to(name);
  result.words = std::move(words);
  return result;
}

Form SchemaWriter::reference_to(const std::string& title) {
  Json schema;
  schema["$ref"] = "#/definitions/" + definition_name(title);
  return {.schema = std::move(schema), .words = "[" + title + "](#" + definition_name(title) + ")"};
}

std::string SchemaWriter::text_of(const Json& fallback) { return fallback.is_null() ? "" : fallback.dump(); }

void SchemaWriter::add_row(std::size_t section, std::string key, std::string words, std::string fallback,
                           std::string sentence) {
  sections_[section].rows.push_back({std::move(key), std::move(words), std::move(fallback), std::move(sentence)});
}

}  // namespace sojourn
