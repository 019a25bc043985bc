#pragma once
// The language as JSON Schema and in words: one walk over the structs that describe themselves, the twin of the reader.
// A new field or struct needs nothing here; a new kind of value needs one overload of `form`.

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

#include "sojourn/core/box.hpp"
#include "sojourn/core/describe.hpp"
#include "sojourn/io/union.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// How a value is written: as JSON Schema (draft 7), in words, and what stands for it when it is left out (null: nothing).
struct Form {
  nlohmann::ordered_json schema;
  std::string words;
  nlohmann::ordered_json fallback = nullptr;
};

/// A struct or union of the language, in words.
struct Section {
  struct Row {
    std::string key, words, fallback, sentence;  // fallback: "required", or as JSON; empty when there is none
  };
  std::string title;
  std::string sentence;
  std::vector<Row> rows;
};

/// Walks the whole language once, in the order of a scenario.
class SchemaWriter {
 public:
  using Json = nlohmann::ordered_json;

  SchemaWriter();

  /// The schema of a scenario file.
  [[nodiscard]] Json schema() const;
  /// Every struct and union, as they are met.
  [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }

 private:
  /// The key under which the walk stands; it names what has no name of its own.
  class Under {
   public:
    Under(SchemaWriter& writer, std::string key)
        : writer_(writer), before_(std::exchange(writer.key_, std::move(key))) {}
    Under(const Under&) = delete;
    Under& operator=(const Under&) = delete;
    ~Under() { writer_.key_ = std::move(before_); }

   private:
    SchemaWriter& writer_;
    std::string before_;
  };

  // ---- plain values; each value given is the default ----
  static Form form(bool value, const Bound& bound);
  static Form form(double value, const Bound& bound);
  static Form form(const std::string& value, const Bound& bound);
  Form form(Duration value, const Bound& bound);
  Form form(Rate value, const Bound& bound);
  Form form(const OperationName& value, const Bound& bound);
  static Form form(const Limit& value, const Bound& bound);
  static Form form(const Join& value, const Bound& bound);
  Form form(const Warmup& value, const Bound& bound);
  Form form(const MessageKey& value, const Bound& bound);
  Form form(const Effect& value, const Bound& bound);
  static Form form(const std::vector<std::string>& value, const Bound& bound);
  static Form form(const Repetitions& value, const Bound& bound);
  Form form(const RequestMix& value, const Bound& bound);
  Form form(const ProfilePoint& value, const Bound& bound);
  Form form(const Profile& value, const Bound& bound);
  static Form form(const Objective& value, const Bound& bound);
  Form form(const Quantiles& value, const Bound& bound);
  Form form(const Distribution& value, const Bound& bound);

  template <std::integral I>
  static Form form(I value, const Bound& bound) {
    using Limits = std::numeric_limits<I>;
    const I least = bound.minimum > static_cast<double>(Limits::min()) ? static_cast<I>(bound.minimum) : Limits::min();
    const I most = bound.maximum < static_cast<double>(Limits::max()) ? static_cast<I>(bound.maximum) : Limits::max();
    std::string words = "a whole number";
    if (least >= 0) words += " from " + std::to_string(least);
    if (most < Limits::max()) words += " to " + std::to_string(most);
    return {.schema = {{"type", "integer"}, {"minimum", least}, {"maximum", most}},
            .words = std::move(words),
            .fallback = value};
  }

  template <Named E>
  static Form form(E value, const Bound&) {
    std::vector<std::string> names;
    for (const auto& [candidate, name] : names_of(std::type_identity<E>{})) names.emplace_back(name);
    return one_word(names, name_of(value));
  }
  static Form one_word(const std::vector<std::string>& words, std::string_view value);

  // ---- keys of maps ----
  static Form key_form(std::type_identity<std::string>);
  static Form key_form(std::type_identity<OperationName>);
  static Form key_form(std::type_identity<LinkName>);

  // ---- containers ----
  template <class T>
  Form form(const std::optional<T>&, const Bound& bound) {
    Form result = form(T{}, bound);
    result.fallback = nullptr;
    return result;
  }

  template <class T>
  Form form(const Box<T>&, const Bound& bound) {
    return form(T{}, bound);
  }

  template <class T>
  Form form(const std::vector<T>& value, const Bound& bound) {
    const Under under(*this, "one of " + key_);
    const Form part = form(T{}, bound);
    Json fallback = Json::array();
    for (const T& item : value) fallback.push_back(form(item, bound).fallback);
    return {.schema = {{"type", "array"}, {"items", part.schema}},
            .words = "list of " + part.words,
            .fallback = std::move(fallback)};
  }

  template <class Key, class T>
  Form form(const std::map<Key, T>&, const Bound& bound) {
    const Under under(*this, "one of " + key_);
    const Form part = form(T{}, bound), key = key_form(std::type_identity<Key>{});
    Json schema = open_object();
    schema["patternProperties"][key.schema["pattern"].get<std::string>()] = part.schema;
    return {.schema = closed(std::move(schema)), .words = key.words + " to " + part.words, .fallback = Json::object()};
  }

  // ---- structs and unions ----
  template <Described T>
  Form form(const T& value, const Bound&) {
    if constexpr (Bare<T>) {
      Form result;
      for_each_field<T>([&](const auto& field) { result = form(value.*field.member, field.bound); });
      add_rule(std::type_identity<T>{}, result.schema);
      return result;
    } else {
      std::string sentence;
      if constexpr (requires { T::sentence; }) sentence = T::sentence;
      Form result = defined<T>(key_, sentence, [&](std::size_t section) { return object_of<T>(section, {}); });
      result.fallback = Json::object();
      return result;
    }
  }

  template <InlineUnion T>
  Form form(const T&, const Bound&) {
    const std::string noun = name_of_noun(noun_of(std::type_identity<T>{}));
    return defined<T>(
        noun, "an object that holds exactly one of these keys, and those that go with it",
        [&](std::size_t section) { return inline_kinds(std::type_identity<AlternativesOf<T>>{}, section); });
  }

  /// An object whose only key is the kind; the section is filled.
  template <class T>
  Json wrapped(std::size_t section) {
    Json schema = open_object();
    schema["oneOf"] = Json::array();
    wrapped_kinds(std::type_identity<AlternativesOf<T>>{}, section, schema);
    return closed(std::move(schema));
  }

  /// The schema of a type that has one place in the file and one in the reference, made when it is first met.
  template <class T, class Make>
  Form defined(const std::string& title, const std::string& sentence, Make&& make) {
    const auto [at, is_new] = titles_.try_emplace(typeid(T), title);
    if (is_new) {
      sections_.push_back({.title = title, .sentence = sentence, .rows = {}});
      const std::string name = definition_name(title);
      definitions_[name] = nullptr;  // its place in the order
      Json schema = make(sections_.size() - 1);
      definitions_[name] = std::move(schema);
    }
    return reference_to(at->second);
  }

  /// The object of a struct, one key left out; the section is filled.
  template <Described T>
  Json object_of(std::size_t section, std::string_view without) {
    Json schema = open_object(), needed = Json::array();
    const T empty{};
    for_each_field<T>([&](const auto& field) {
      if (field.name == without) return;
      const Under under(*this, std::string(field.name));
      const Form part = form(empty.*field.member, field.bound);
      const Json fallback = field.is_required ? Json(nullptr) : part.fallback;
      schema["properties"][std::string(field.name)] = annotated(part.schema, field.sentence, fallback);
      if (field.is_required) needed.push_back(field.name);
      add_row(section, std::string(field.name), part.words, field.is_required ? "required" : text_of(fallback),
              std::string(field.sentence));
    });
    if (!needed.empty()) schema["required"] = std::move(needed);
    if (without.empty()) add_rule(std::type_identity<T>{}, schema);
    return closed(std::move(schema));
  }

  template <class... Ts>
  Json inline_kinds(std::type_identity<std::variant<Ts...>>, std::size_t section) {
    Json kinds = Json::array();
    const std::string noun = sections_[section].title;
    const auto add = [&](const auto& kind) {
      const Under under(*this, noun + " " + std::string(kind.key));
      const Form part = form(kind, {});
      kinds.push_back(part.schema);
      add_row(section, std::string(kind.key), part.words, "", std::string(kind.sentence));
    };
    (add(Ts{}), ...);
    Json schema;
    schema["oneOf"] = std::move(kinds);
    return schema;
  }

  template <class... Ts>
  void wrapped_kinds(std::type_identity<std::variant<Ts...>>, std::size_t section, Json& schema) {
    const auto add = [&](const auto& kind) {
      if (kind.key.empty()) return;
      const Under under(*this, std::string(kind.key));
      const Form part = form(kind, {});
      schema["properties"][std::string(kind.key)] = annotated(part.schema, kind.sentence, nullptr);
      schema["oneOf"].push_back(needing({std::string(kind.key)}));
      add_row(section, std::string(kind.key), part.words, "", std::string(kind.sentence));
    };
    (add(Ts{}), ...);
  }

  // ---- rules across fields, as far as a schema can say them ----
  template <class T>
  static void add_rule(std::type_identity<T>, Json&) {}
  static void add_rule(std::type_identity<Lognormal>, Json& schema);
  static void add_rule(std::type_identity<Mixture>, Json& schema);
  static void add_rule(std::type_identity<Choose>, Json& schema);
  static void add_rule(std::type_identity<Parallel>, Json& schema);
  static void add_rule(std::type_identity<Publish>, Json& schema);
  static void add_rule(std::type_identity<Await>, Json& schema);
  static void add_rule(std::type_identity<Incident>, Json& schema);
  static void add_rule(std::type_identity<Client>, Json& schema);
  static void add_rule(std::type_identity<Scenario>, Json& schema);

  // ---- what needs no template ----
  /// A plain value whose schema stands once, under this name.
  Form named(const std::string& name, Json schema, std::string words);
  void add_messaging(Json& properties);
  void add_variants(Json& properties);
  /// An object with the keys that are free everywhere.
  static Json open_object();
  /// {"required": [...]}
  static Json needing(const std::vector<std::string>& keys);
  /// No other keys than those so far.
  static Json closed(Json schema);
  static Json annotated(const Json& schema, std::string_view sentence, const Json& fallback);
  static std::string name_of_noun(std::string_view noun);
  static std::string definition_name(std::string title);
  static Form reference_to(const std::string& title);
  static std::string text_of(const Json& fallback);
  void add_row(std::size_t section, std::string key, std::string words, std::string fallback, std::string sentence);

  std::string key_;
  std::map<std::type_index, std::string> titles_;  // looked up only: their order is the compiler's
  std::vector<Section> sections_;
  Json definitions_ = Json::object();
  Json root_;
};

}  // namespace sojourn
