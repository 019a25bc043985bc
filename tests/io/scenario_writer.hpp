#pragma once
// A scenario as JSON, for tests: walks the same descriptions as the reader, the other way round.

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sojourn/io/union.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

class ScenarioWriter {
 public:
  using Json = nlohmann::ordered_json;

  static Json write(bool value) { return value; }
  static Json write(double value) { return value; }
  static Json write(std::uint32_t value) { return value; }
  static Json write(std::int32_t value) { return value; }
  static Json write(std::uint64_t value) { return value; }
  static Json write(const std::string& value) { return value; }
  static Json write(Duration value) { return to_text(value); }
  static Json write(Rate value) { return to_text(value); }
  static Json write(const OperationName& value) { return value.text(); }
  static Json write(const Limit& value) { return value.unlimited() ? Json("unlimited") : Json(*value.count); }
  static Json write(const Repetitions& value) {
    return value.geometric_mean ? Json{{"geometric", *value.geometric_mean}} : Json(value.count);
  }
  static Json write(const MessageKey& value) {
    return value.zipf ? Json{{"zipf", write(*value.zipf)}} : Json("request");
  }
  static Json write(const Warmup& value) { return value.automatic ? Json("auto") : write(value.length); }
  static Json write(const Objective& value) { return value.text; }
  static Json write(const ProfilePoint& value) { return {to_text(value.at), value.factor}; }
  static Json write(const RequestMix& value) { return write(value.weights); }
  static Json write(const Join& value) {
    if (value.kind == Join::Kind::number) return value.number;
    return value.kind == Join::Kind::all ? "all" : "any";
  }
  template <Named E>
  static Json write(E value) {
    return name_of(value);
  }
  template <class T>
  static Json write(const Box<T>& value) {
    return write(*value);
  }
  template <class T>
  static Json write(const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values) list.push_back(write(value));
    return list;
  }
  template <class T>
  static Json write(const std::map<std::string, T>& values) {
    Json object = Json::object();
    for (const auto& [key, value] : values) object[key] = write(value);
    return object;
  }
  template <class Name, class T>
  static Json write(const std::map<Name, T>& values) {
    Json object = Json::object();
    for (const auto& [key, value] : values) object[key.text()] = write(value);
    return object;
  }
  template <Described T>
  static Json write(const T& value) {
    Json object = Json::object();
    for_each_field<T>([&](const auto& field) { write_field(object, field.name, value.*field.member); });
    if constexpr (Bare<T>) return object.begin().value();
    return object;
  }
  template <InlineUnion T>
  static Json write(const T& value) {
    return std::visit([](const auto& chosen) { return write(chosen); }, alternatives(value));
  }
  static Json write(const Distribution& value) {
    return std::visit(
        [](const auto& chosen) {
          return chosen.key.empty() ? write(chosen) : Json{{std::string(chosen.key), write(chosen)}};
        },
        value.kind);
  }
  static Json write(const Effect& value) {
    return std::visit([](const auto& chosen) { return Json{{std::string(chosen.key), write(chosen)}}; }, value.kind);
  }

 private:
  template <class T>
  static void write_field(Json& object, std::string_view name, const std::optional<T>& value) {
    if (value) object[std::string(name)] = write(*value);
  }
  static void write_field(Json& object, std::string_view name, const Profile& value) {
    if (!value.empty()) object[std::string(name)] = write(value);
  }
  template <class T>
  static void write_field(Json& object, std::string_view name, const T& value) {
    object[std::string(name)] = write(value);
  }
};

}  // namespace sojourn
