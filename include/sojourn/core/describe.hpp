#pragma once
// Self-description: every configurable struct lists its fields once, as a constexpr tuple.
// The reader, the validator, "did you mean", the schema and the reference page all walk that list.
//
//   struct Hedge {
//     Duration after;
//     std::uint32_t attempts = 2;
//     static constexpr std::string_view sentence = "a second copy is sent if no answer came by then";
//     static constexpr auto fields() {
//       return std::tuple{required("after", &Hedge::after, "when the next copy goes out"),
//                         optional("attempts", &Hedge::attempts, "copies, the first included", at_least(1))};
//     }
//   };
//
// Three further conventions for structs:
//   static constexpr std::string_view key = "exponential";  an alternative of a union, named by this key
//   static constexpr bool bare = true;                       written as the value of its only field, without braces
//   std::string problem() const;                             "" or what must hold across fields ("mean and cv, or p50 and p99")
//   static constexpr std::array later{...};                  keys of the language that are refused as not built yet
// Enumerations: constexpr auto names_of(std::type_identity<E>) gives an array of pairs {value, name}, found by ADL.

#include <cstddef>
#include <limits>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace sojourn {

/// What a number may be: [minimum, maximum], or (minimum, maximum] when above_minimum. Durations in seconds, rates per second.
struct Bound {
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  bool above_minimum = false;
};

constexpr Bound at_least(double minimum) { return {.minimum = minimum}; }
constexpr Bound more_than(double minimum) { return {.minimum = minimum, .above_minimum = true}; }
constexpr Bound between(double minimum, double maximum) { return {.minimum = minimum, .maximum = maximum}; }
/// A probability or a share, never percent.
constexpr Bound probability() { return between(0, 1); }

/// One field of a struct: its name in JSON, where it lives, what it may hold, what it means.
template <class Owner, class Member>
struct Field {
  std::string_view name;
  Member Owner::*member;
  bool is_required;
  Bound bound;
  std::string_view sentence;
};

template <class Owner, class Member>
constexpr Field<Owner, Member> required(std::string_view name, Member Owner::*member, std::string_view sentence,
                                        Bound bound = {}) {
  return {name, member, true, bound, sentence};
}

template <class Owner, class Member>
constexpr Field<Owner, Member> optional(std::string_view name, Member Owner::*member, std::string_view sentence,
                                        Bound bound = {}) {
  return {name, member, false, bound, sentence};
}

/// A struct that lists its fields.
template <class T>
concept Described = requires {
  T::fields();
};

/// A struct written as the value of its only field.
template <class T>
concept Bare = Described<T> && requires {
  requires T::bare;
};

/// A struct with a rule across its fields.
template <class T>
concept HasRule = requires(const T& t) {
  t.problem();
};

/// A struct with keys of the language that are not built yet.
template <class T>
concept HasLater = requires {
  T::later;
};

/// An enumeration that names its values.
template <class E>
concept Named = std::is_enum_v<E> && requires {
  names_of(std::type_identity<E>{});
};

/// The name of an enumeration's value, as written in a scenario.
template <Named E>
constexpr std::string_view name_of(E value) {
  for (const auto& [candidate, name] : names_of(std::type_identity<E>{}))
    if (candidate == value) return name;
  return "?";
}

/// Calls visit(field) for every field of T, in order.
template <Described T, class Visit>
constexpr void for_each_field(Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, T::fields());
}

}  // namespace sojourn
