#pragma once
// The random numbers of one draw: named by who draws (key), for which request (number), and where (site).

#include <bit>
#include <cstdint>

#include "sojourn/core/integer128.hpp"
#include "sojourn/random/philox.hpp"

namespace sojourn {

/// Uniform on (0, 1] from the upper 53 of 64 random bits, in steps that a vector unit has, too: both halves are exact doubles.
[[nodiscard]] inline double uniform_of(std::uint64_t bits) {
  const std::uint64_t n = (bits >> 11) + 1;
  constexpr std::uint64_t at_2_52 = std::bit_cast<std::uint64_t>(0x1p52);
  const double high = std::bit_cast<double>(n >> 32 | at_2_52) - 0x1p52;
  const double low = std::bit_cast<double>((n & 0xffffffffU) | at_2_52) - 0x1p52;
  return (high * 0x1p32 + low) * 0x1p-53;
}

/// Random numbers that depend on nothing but their name: 512 of them, then the same again. The request's number is
/// below 2^56.
class Draw {
 public:
  Draw(std::uint64_t key, std::uint64_t number, std::uint64_t site) : key_(key), number_(number), site_(site) {}

  /// The same, whose first two results are known already.
  Draw(std::uint64_t key, std::uint64_t number, std::uint64_t site, std::uint64_t first, std::uint64_t second)
      : key_(key), number_(number), site_(site), first_(first), second_(second), block_(1), ready_(2) {}

  /// The next 64 bits. A Philox block gives two; further blocks count in the top byte of the number.
  std::uint64_t bits() {
    if (ready_ > 0) return ready_-- == 2 ? first_ : second_;
    const std::uint64_t number = number_ + (std::uint64_t{block_++} << 56);
    const auto out = philox4x32_10({static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32),
                                    static_cast<std::uint32_t>(site_), static_cast<std::uint32_t>(site_ >> 32)},
                                   {static_cast<std::uint32_t>(key_), static_cast<std::uint32_t>(key_ >> 32)});
    second_ = std::uint64_t{out[3]} << 32 | out[2];
    ready_ = 1;
    return std::uint64_t{out[1]} << 32 | out[0];
  }

  /// Uniform on (0, 1], 53 bits.
  double uniform() { return static_cast<double>((bits() >> 11) + 1) * 0x1p-53; }

  /// An integer in [0, n); by multiply and shift, uneven by less than n / 2^64.
  std::uint64_t below(std::uint64_t n) { return static_cast<std::uint64_t>(UInt128{bits()} * n >> 64); }

 private:
  std::uint64_t key_, number_, site_;
  std::uint64_t first_ = 0, second_ = 0;
  std::uint8_t block_ = 0;
  std::uint8_t ready_ = 0;  // results that are known and not given yet
};

}  // namespace sojourn
