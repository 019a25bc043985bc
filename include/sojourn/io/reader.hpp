#pragma once
// From a document to the structs that describe themselves: one overload a type, and all that is wrong is told in one pass.
// A new field or struct needs nothing here; a new kind of value needs one overload of `value`.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sojourn/core/box.hpp"
#include "sojourn/core/describe.hpp"
#include "sojourn/core/issue.hpp"
#include "sojourn/io/canonical.hpp"
#include "sojourn/io/data_files.hpp"
#include "sojourn/io/node.hpp"
#include "sojourn/io/union.hpp"
#include "sojourn/model/scenario.hpp"
#include "sojourn/model/validation.hpp"

namespace sojourn {

/// Reads values from nodes and collects the issues. Every `read` says whether its value is sound; the value is then set.
class Reader {
 public:
  /// Origins: the pointers that stand before those of patched nodes ("/variants/NAME"), by origin, from 1.
  Reader(const std::vector<std::string>& origins, DataFiles& files) : origins_(origins), files_(files) {}

  /// Reads a value at the root of a document.
  template <class T>
  bool read(T& out, const Node& node) {
    return value(out, node, {});
  }
  /// Reads a value that stands under a key of the root.
  template <class T>
  bool read_under(std::string_view key, T& out, const Node& node) {
    const Inside inside(*this, key);
    return value(out, node, {});
  }

  [[nodiscard]] const Issues& issues() const { return issues_; }

 private:
  /// One part of the pointer: a key, or an index when the key is absent.
  struct Part {
    std::string_view key;
    std::size_t index = 0;
    bool is_index = false;
  };

  /// Extends the pointer for the length of a scope.
  class Inside {
   public:
    Inside(Reader& reader, std::string_view key) : reader_(reader) { reader.path_.push_back({.key = key}); }
    Inside(Reader& reader, std::size_t index) : reader_(reader) {
      reader.path_.push_back({.key = {}, .index = index, .is_index = true});
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside() { reader_.path_.pop_back(); }

   private:
    Reader& reader_;
  };

  /// Adds an error at the pointer; always false.
  bool error(const Node& at, std::string message);
  bool error_at(int line, std::uint16_t origin, std::string message);
  /// "expected X, found <the node>".
  bool unexpected(const Node& node, std::string_view expected, std::string_view hint = {});

  // ---- plain values ----
  bool value(bool& out, const Node& node, const Bound& bound);
  bool value(double& out, const Node& node, const Bound& bound);
  bool value(std::string& out, const Node& node, const Bound& bound);
  bool value(Duration& out, const Node& node, const Bound& bound);
  bool value(Rate& out, const Node& node, const Bound& bound);
  bool value(OperationName& out, const Node& node, const Bound& bound);
  bool value(Limit& out, const Node& node, const Bound& bound);
  bool value(Join& out, const Node& node, const Bound& bound);
  bool value(Warmup& out, const Node& node, const Bound& bound);
  bool value(MessageKey& out, const Node& node, const Bound& bound);
  bool value(Effect& out, const Node& node, const Bound& bound);
  bool value(std::vector<std::string>& out, const Node& node, const Bound& bound);
  bool value(Repetitions& out, const Node& node, const Bound& bound);
  bool value(RequestMix& out, const Node& node, const Bound& bound);
  bool value(ProfilePoint& out, const Node& node, const Bound& bound);
  bool value(Profile& out, const Node& node, const Bound& bound);
  bool value(Objective& out, const Node& node, const Bound& bound);
  bool value(Quantiles& out, const Node& node, const Bound& bound);
  bool value(Distribution& out, const Node& node, const Bound& bound);

  template <std::integral I>
  bool value(I& out, const Node& node, const Bound& bound) {
    return integer(out, node, bound, "a whole number");
  }

  template <std::integral I>
  bool integer(I& out, const Node& node, const Bound& bound, std::string_view noun) {
    using Limits = std::numeric_limits<I>;
    const I least = bound.minimum > static_cast<double>(Limits::min()) ? static_cast<I>(bound.minimum) : Limits::min();
    const I most = bound.maximum < static_cast<double>(Limits::max()) ? static_cast<I>(bound.maximum) : Limits::max();
    const auto read = [&](auto number) {
      if (std::cmp_less(number, least) || std::cmp_greater(number, most)) return false;
      out = static_cast<I>(number);
      return true;
    };
    const auto whole = whole_number(node);
    if (whole && (whole->negative < 0 ? read(whole->negative) : read(whole->natural))) return true;
    return unexpected(node, std::string(noun) + " from " + std::to_string(least) + " to " + std::to_string(most));
  }

  template <Named E>
  bool value(E& out, const Node& node, const Bound&) {
    std::vector<std::string> names;
    for (const auto& [candidate, name] : names_of(std::type_identity<E>{})) {
      if (node.is(Node::Kind::string) && node.text == name) {
        out = candidate;
        return true;
      }
      names.emplace_back(name);
    }
    return unknown_word(node, names);
  }

  // ---- containers ----
  template <class T>
  bool value(std::optional<T>& out, const Node& node, const Bound& bound) {
    return value(out.emplace(), node, bound);
  }

  template <class T>
  bool value(Box<T>& out, const Node& node, const Bound& bound) {
    return value(out.get(), node, bound);
  }

  template <class T>
  bool value(std::vector<T>& out, const Node& node, const Bound& bound) {
    if (!node.is(Node::Kind::list)) return unexpected(node, "a list");
    bool sound = true;
    out.clear();
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const Inside inside(*this, i);
      sound = value(out.emplace_back(), node.items[i], bound) && sound;
    }
    return sound;
  }

  template <class Key, class T>
  bool value(std::map<Key, T>& out, const Node& node, const Bound& bound) {
    if (!node.is(Node::Kind::object)) return unexpected(node, "an object");
    bool sound = true;
    out.clear();
    for (const Member& member : node.members) {
      if (is_free_key(member.key)) continue;
      const Inside inside(*this, member.key);
      Key name;
      T part{};
      const bool named = key_of(name, member);
      sound = value(part, member.value, bound) && named && sound;
      if (named) out.insert_or_assign(std::move(name), std::move(part));
    }
    return sound;
  }

  // ---- structs and unions ----
  template <Described T>
  bool value(T& out, const Node& node, const Bound&) {
    bool sound = true;
    if constexpr (Bare<T>)
      for_each_field<T>([&](const auto& field) { sound = value(out.*field.member, node, field.bound); });
    else
      sound = fields(out, node);
    return sound && load(out, node) && obeys_rule(out, node);
  }

  template <InlineUnion T>
  bool value(T& out, const Node& node, const Bound&) {
    const std::string_view key = inline_key(node, noun_of(std::type_identity<T>{}), keys_of<T>(), later_of<T>());
    return !key.empty() && alternative(alternatives(out), key, [&](auto& chosen) { return value(chosen, node, {}); });
  }

  /// The value under the only key of an object that names an alternative: {"exponential": "5ms"}.
  template <class T>
  bool wrapped(T& out, const Node& node) {
    const Member* only = only_member(node, noun_of(std::type_identity<T>{}), keys_of<T>(), later_of<T>());
    if (only == nullptr) return false;
    const Inside inside(*this, only->key);
    return alternative(alternatives(out), only->key, [&](auto& chosen) { return value(chosen, only->value, {}); });
  }

  /// Makes the alternative with this key the current one and reads it.
  template <class... Ts, class Read>
  bool alternative(std::variant<Ts...>& out, std::string_view key, Read&& read) {
    bool sound = false;
    const auto choose = [&]<class T>(std::type_identity<T>) {
      if (T::key == key) sound = read(out.template emplace<T>());
    };
    (choose(std::type_identity<Ts>{}), ...);
    return sound;
  }

  template <Described T>
  bool fields(T& out, const Node& node) {
    if (!node.is(Node::Kind::object)) return unexpected(node, "an object");
    bool sound = known_keys(node, names_of_fields<T>(), later_of<T>(), elsewhere(std::type_identity<T>{}));
    for_each_field<T>([&](const auto& field) {
      const Member* member = find_member(node, field.name);
      if (member != nullptr) {
        const Inside inside(*this, field.name);
        sound = value(out.*field.member, member->value, field.bound) && sound;
      } else if (field.is_required) {
        sound = missing(node, field.name, field.sentence);
      }
    });
    return sound;
  }

  template <Described T>
  bool obeys_rule(const T& out, const Node& node) {
    if constexpr (HasRule<T>) {
      const std::string problem = out.problem();
      if (!problem.empty()) return broken_rule(node, problem);
    }
    return true;
  }

  /// What a struct keeps in a file beside the scenario.
  template <class T>
  bool load(T&, const Node&) {
    return true;
  }
  bool load(Samples& out, const Node& node);
  bool load(TraceArrivals& out, const Node& node);

  // ---- what needs no template ----
  /// A number without a fraction: negative, or zero there and natural.
  struct Whole {
    std::int64_t negative = 0;
    std::uint64_t natural = 0;
  };
  [[nodiscard]] static std::optional<Whole> whole_number(const Node& node);
  [[nodiscard]] static const Member* find_member(const Node& object, std::string_view key);

  bool key_of(std::string& name, const Member& member);
  bool key_of(OperationName& name, const Member& member);
  bool key_of(LinkName& name, const Member& member);
  bool unknown_word(const Node& node, const std::vector<std::string>& words);
  bool known_keys(const Node& object, const std::vector<std::string>& names, const std::vector<std::string>& later,
                  const std::vector<std::string>& elsewhere);
  bool unknown_key(const Member& member, const std::vector<std::string>& names);
  bool not_built_yet(const Member& member);
  bool missing(const Node& object, std::string_view name, std::string_view sentence);
  bool broken_rule(const Node& node, const std::string& problem);
  /// The one key of an object that names a kind; empty, and told, when there is none or several.
  std::string_view inline_key(const Node& node, std::string_view noun, const std::vector<std::string>& keys,
                              const std::vector<std::string>& later);
  const Member* only_member(const Node& node, std::string_view noun, const std::vector<std::string>& keys,
                            const std::vector<std::string>& later);

  const std::vector<std::string>& origins_;
  DataFiles& files_;
  std::vector<Part> path_;
  Issues issues_;
};

}  // namespace sojourn
