#include "sojourn/io/variants.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "sojourn/io/canonical.hpp"
#include "sojourn/io/merge_patch.hpp"
#include "sojourn/io/pointer.hpp"
#include "sojourn/model/validation.hpp"

namespace sojourn {
namespace {

constexpr std::array<std::string_view, 5> shared_by_all{"name", "seed", "replications", "objectives", "variants"};

void report(Issues& issues, int line, std::string pointer, std::string message) {
  issues.push_back(
      {.severity = Severity::error, .line = line, .pointer = std::move(pointer), .message = std::move(message)});
}

void check_variant(const Member& variant, const std::string& pointer, Issues& issues) {
  if (!is_name(variant.key))
    report(issues, variant.line, pointer, "expected " + std::string(name_rule) + ", found " + in_quotes(variant.key));
  if (!variant.value.is(Node::Kind::object))
    report(issues, variant.value.line, pointer,
           "expected an object (a merge patch), found " + brief_text(variant.value));
  for (const Member& member : variant.value.members)
    if (is_shared_by_variants(member.key))
      report(issues, member.line, joined(pointer, member.key),
             "expected a key that a variant may change, found " + in_quotes(member.key) + ", which all variants share");
}

/// Keeps the chosen ones, in the order of the file.
void keep_chosen(std::vector<VariantEntry>& entries, const std::vector<std::string>& only, Issues& issues) {
  if (only.empty()) return;
  std::vector<std::string> names;
  for (const VariantEntry& entry : entries) names.push_back(entry.name);
  for (const std::string& name : only)
    if (std::find(names.begin(), names.end(), name) == names.end())
      report(issues, 0, "/variants",
             "expected a variant of the scenario, found " + in_quotes(name) + did_you_mean(name, names));
  std::erase_if(entries, [&](const VariantEntry& entry) {
    return std::find(only.begin(), only.end(), entry.name) == only.end();
  });
}

}  // namespace

bool is_shared_by_variants(std::string_view key) {
  return std::find(shared_by_all.begin(), shared_by_all.end(), key) != shared_by_all.end();
}

VariantList variants_of(const Node& root, const std::vector<std::string>& only) {
  VariantList list;
  const Node* variants = find(root, "variants");
  if (variants != nullptr && !variants->is(Node::Kind::object))
    report(list.issues, variants->line, "/variants", "expected an object of variants, found " + brief_text(*variants));
  if (variants != nullptr && variants->members.size() >= std::numeric_limits<std::uint16_t>::max()) {
    report(list.issues, variants->line, "/variants", "expected at most 65534 variants, found more");
    return list;
  }
  const Node none;
  for (const Member& member : (variants == nullptr ? none : *variants).members) {
    if (is_free_key(member.key)) continue;
    list.pointers.push_back(joined("/variants", member.key));
    check_variant(member, list.pointers.back(), list.issues);
    if (!member.value.is(Node::Kind::object)) continue;
    const auto origin = static_cast<std::uint16_t>(list.pointers.size());
    list.entries.push_back({.name = member.key, .origin = origin, .patch = &member.value});
  }
  if (list.entries.empty() && list.issues.empty())
    list.entries.push_back({.name = "default", .origin = 0, .patch = nullptr});
  keep_chosen(list.entries, only, list.issues);
  if (list.entries.size() > 1)
    std::sort(list.entries.begin() + 1, list.entries.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
  return list;
}

Node patched_document(const Node& root, const VariantEntry& variant) {
  Node document;
  document.kind = root.kind;
  document.line = root.line;
  for (const Member& member : root.members)
    if (member.key != "variants") document.members.push_back(member);
  if (variant.patch == nullptr) return document;
  Node patch = *variant.patch;
  std::erase_if(patch.members,
                [](const Member& member) { return member.key == "defer" || is_shared_by_variants(member.key); });
  merge_patch(document, patch, variant.origin);
  return document;
}

}  // namespace sojourn
