#pragma once
// Unions of the scenario language: what their alternatives are called, and how they are written.
// Inline: an object that holds the key of its kind among its own keys (a step). Wrapped: an object whose only key is the kind
// (a distribution). The reader, the schema and the reference page ask here.

#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "sojourn/core/describe.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// A union written with the key of its kind among the keys of the chosen struct.
template <class T>
concept InlineUnion = requires {
  requires T::inline_key;
};

/// The variant inside a union.
template <class T>
[[nodiscard]] constexpr auto& alternatives(T& union_value) {
  if constexpr (requires { union_value.kind; })
    return union_value.kind;
  else
    return union_value.law;
}

template <class T>
using AlternativesOf = std::remove_cvref_t<decltype(alternatives(std::declval<T&>()))>;

namespace detail {
template <class... Ts>
std::vector<std::string> keys_of(std::type_identity<std::variant<Ts...>>) {
  std::vector<std::string> keys;
  for (const std::string_view key : {Ts::key...})
    if (!key.empty()) keys.emplace_back(key);
  return keys;
}
}  // namespace detail

/// The keys of a union's alternatives, in order; a kind without a key (a plain duration) is left out.
template <class T>
[[nodiscard]] std::vector<std::string> keys_of() {
  return detail::keys_of(std::type_identity<AlternativesOf<T>>{});
}

/// Keys of the language that a struct or union refuses as not built yet.
template <class T>
[[nodiscard]] std::vector<std::string> later_of() {
  if constexpr (HasLater<T>)
    return {T::later.begin(), T::later.end()};
  else
    return {};
}

/// The names of a struct's fields.
template <Described T>
[[nodiscard]] std::vector<std::string> names_of_fields() {
  std::vector<std::string> names;
  for_each_field<T>([&](const auto& field) { names.emplace_back(field.name); });
  return names;
}

/// Keys that stand in a struct's object and that somebody else reads.
template <class T>
[[nodiscard]] std::vector<std::string> elsewhere(std::type_identity<T>) {
  return {};
}
[[nodiscard]] inline std::vector<std::string> elsewhere(std::type_identity<Scenario>) {
  return {"$schema", "messaging", "variants"};
}

/// What a union is called in a sentence.
constexpr std::string_view noun_of(std::type_identity<Step>) { return "a step"; }
constexpr std::string_view noun_of(std::type_identity<Effect>) { return "an effect"; }
constexpr std::string_view noun_of(std::type_identity<Arrivals>) { return "a law of arrivals"; }
constexpr std::string_view noun_of(std::type_identity<Distribution>) { return "a distribution"; }

}  // namespace sojourn
