#pragma once
// The random numbers of one draw: named by who draws (key), for which request (number), and where (site).

#include <cstdint>

#include "sojourn/core/integer128.hpp"
#include "sojourn/random/philox.hpp"

namespace sojourn {

/// Random numbers that depend on nothing but their name: 512 of them, then the same again. The request's number is
/// below 2^56.
class Draw {
 public:
  Draw(std::uint64_t key, std::uint64_t number, std::uint64_t site) : key_(key), number_(number), site_(site) {}

  /// The next 64 bits. A Philox block gives two; further blocks count in the top byte of the number.
  std::uint64_t bits() {
    if (half_ready_) {
      half_ready_ = false;
      return second_;
    }
    const std::uint64_t number = number_ + (std::uint64_t{block_++} << 56);
    const auto out = philox4x32_10({static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32),
                                    static_cast<std::uint32_t>(site_), static_cast<std::uint32_t>(site_ >> 32)},
                                   {static_cast<std::uint32_t>(key_), static_cast<std::uint32_t>(key_ >> 32)});
    second_ = std::uint64_t{out[3]} << 32 | out[2];
    half_ready_ = true;
    return std::uint64_t{out[1]} << 32 | out[0];
  }

  /// Uniform on (0, 1], 53 bits.
  double uniform() { return static_cast<double>((bits() >> 11) + 1) * 0x1p-53; }

  /// An integer in [0, n); by multiply and shift, uneven by less than n / 2^64.
  std::uint64_t below(std::uint64_t n) { return static_cast<std::uint64_t>(UInt128{bits()} * n >> 64); }

 private:
  std::uint64_t key_, number_, site_;
  std::uint64_t second_ = 0;
  std::uint8_t block_ = 0;
  bool half_ready_ = false;
};

}  // namespace sojourn
