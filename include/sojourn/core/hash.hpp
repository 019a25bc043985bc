#pragma once
// Hashes with fixed results on every machine: names become keys of random streams and parts of fingerprints.

#include <cstdint>
#include <string_view>

namespace sojourn {

/// A bijective mix of 64 bits (the finalizer of SplitMix64; Steele, Lea, Flood 2014).
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  x ^= x >> 31;
  return x;
}

/// A hash of an ordered pair.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  return mix((a ^ (b * 0x9e3779b97f4a7c15ULL)) + 0x9e3779b97f4a7c15ULL + (b << 32 | b >> 32));
}

/// A hash of a name: FNV-1a, then mixed.
[[nodiscard]] constexpr std::uint64_t hash_name(std::string_view name) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : name) {
    h ^= static_cast<unsigned char>(c);
    h *= 0x100000001b3ULL;
  }
  return mix(h);
}

}  // namespace sojourn
