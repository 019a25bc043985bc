#include "sojourn/random/draw_block.hpp"

#include <bit>

#include "sojourn/random/draw.hpp"
#include "sojourn/random/math.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#if defined(__clang__)
#define SOJOURN_AVX512 "avx512f,avx512dq"
#else
#define SOJOURN_AVX512 "avx512f,avx512dq,prefer-vector-width=512"
#endif
#endif

namespace sojourn {
namespace {

[[gnu::always_inline]] inline void exponentials(DoubleBlock& out, const BitsBlock& bits, double mean) {
  for (std::size_t i = 0; i < block_length; ++i) out[i] = -mean * natural_log(uniform_of(bits.first[i]));
}

/// As from_ns, below 2^51 ns: the nearest integer, of two the upper one. The sum with 2^52 is rounded to an integer, which then
/// stands in its last bits; a half may have gone down to an even one. In integers, because compilers branch on doubles.
[[gnu::always_inline]] inline void rounded(DurationBlock& out, const DoubleBlock& ns) {
  constexpr auto half = std::bit_cast<std::uint64_t>(0.5);
  for (std::size_t i = 0; i < block_length; ++i) {
    const double sum = ns[i] + 0x1p52;
    const auto left = std::bit_cast<std::uint64_t>(ns[i] - (sum - 0x1p52));
    const std::uint64_t nearest = std::bit_cast<std::uint64_t>(sum) & 0xfffffffffffffU;
    out[i].ns = static_cast<std::int64_t>(nearest + (left == half ? 1U : 0U));
  }
}

/// As exponential(x), for |x| < 700, where the result is normal. Its steps, but the rounding down and the scaling go by the bits
/// of doubles, since a vector unit converts no integers of 64 bits.
[[gnu::always_inline]] inline void raised(DoubleBlock& powers) {
  constexpr double units = 0x1.8p52;  // a sum with it is rounded to an integer, which then stands in its last bits
  for (std::size_t i = 0; i < block_length; ++i) {
    const double x = powers[i];
    const double near = x * one_over_ln2 + 0.5;
    const double nearest = (near + units) - units;
    const std::uint64_t is_above = std::bit_cast<std::uint64_t>(near - nearest) >> 63;
    const double k = nearest - std::bit_cast<double>((0 - is_above) & std::bit_cast<std::uint64_t>(1.0));
    const std::uint64_t scale = std::bit_cast<std::uint64_t>(k + units) << 52;
    powers[i] = std::bit_cast<double>(std::bit_cast<std::uint64_t>(reduced_exponential(x, k)) + scale);
  }
}

void block_of_any_machine(BitsBlock& out, std::uint64_t key, std::uint64_t number, std::uint64_t site) {
  for (std::size_t i = 0; i < block_length; ++i) {
    Draw draw(key, number + i, site);
    out.first[i] = draw.bits();
    out.second[i] = draw.bits();
  }
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] inline __m256i all(std::uint64_t x) { return _mm256_set1_epi64x(static_cast<long long>(x)); }

[[gnu::target("avx2")]] inline void put(std::uint64_t* to, __m256i high, __m256i low) {
  const __m256i both = _mm256_slli_epi64(high, 32) | (low & all(0xffffffffU));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), both);
}

/// Philox in lanes of 64 bits, one draw a lane: the multiplication takes the lower halves and fills the lane, so a word of the
/// counter is the lower half of its lane, and what stands above it does not matter. Two groups of lanes hide the latency.
[[gnu::target("avx2")]] void block_of_avx2(BitsBlock& out, std::uint64_t key, std::uint64_t number,
                                           std::uint64_t site) {
  const __m256i m0 = all(0xD2511F53U), m1 = all(0xCD9E8D57U);
  for (std::size_t i = 0; i < block_length; i += 8) {
    __m256i c0 = _mm256_add_epi64(all(number + i), _mm256_set_epi64x(3, 2, 1, 0)), d0 = _mm256_add_epi64(c0, all(4));
    __m256i c1 = _mm256_srli_epi64(c0, 32), d1 = _mm256_srli_epi64(d0, 32);
    __m256i c2 = all(site), c3 = all(site >> 32), d2 = c2, d3 = c3;
    auto k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      const __m256i a = _mm256_mul_epu32(c0, m0), b = _mm256_mul_epu32(c2, m1);
      const __m256i e = _mm256_mul_epu32(d0, m0), f = _mm256_mul_epu32(d2, m1);
      c0 = _mm256_srli_epi64(b, 32) ^ c1 ^ all(k0);
      d0 = _mm256_srli_epi64(f, 32) ^ d1 ^ all(k0);
      c2 = _mm256_srli_epi64(a, 32) ^ c3 ^ all(k1);
      d2 = _mm256_srli_epi64(e, 32) ^ d3 ^ all(k1);
      c1 = b;
      c3 = a;
      d1 = f;
      d3 = e;
      k0 += 0x9E3779B9U;
      k1 += 0xBB67AE85U;
    }
    put(&out.first[i], c1, c0);
    put(&out.first[i + 4], d1, d0);
    put(&out.second[i], c3, c2);
    put(&out.second[i + 4], d3, d2);
  }
}

/// The same in registers of twice the width.
[[gnu::target("avx512f")]] inline __m512i all8(std::uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }

[[gnu::target("avx512f")]] inline void put8(std::uint64_t* to, __m512i high, __m512i low) {
  _mm512_storeu_si512(to, _mm512_slli_epi64(high, 32) | (low & all8(0xffffffffU)));
}

[[gnu::target("avx512f")]] void block_of_avx512(BitsBlock& out, std::uint64_t key, std::uint64_t number,
                                                std::uint64_t site) {
  const __m512i m0 = all8(0xD2511F53U), m1 = all8(0xCD9E8D57U);
  for (std::size_t i = 0; i < block_length; i += 16) {
    __m512i c0 = _mm512_add_epi64(all8(number + i), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    __m512i d0 = _mm512_add_epi64(c0, all8(8));
    __m512i c1 = _mm512_srli_epi64(c0, 32), d1 = _mm512_srli_epi64(d0, 32);
    __m512i c2 = all8(site), c3 = all8(site >> 32), d2 = c2, d3 = c3;
    auto k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      const __m512i a = _mm512_mul_epu32(c0, m0), b = _mm512_mul_epu32(c2, m1);
      const __m512i e = _mm512_mul_epu32(d0, m0), f = _mm512_mul_epu32(d2, m1);
      c0 = _mm512_srli_epi64(b, 32) ^ c1 ^ all8(k0);
      d0 = _mm512_srli_epi64(f, 32) ^ d1 ^ all8(k0);
      c2 = _mm512_srli_epi64(a, 32) ^ c3 ^ all8(k1);
      d2 = _mm512_srli_epi64(e, 32) ^ d3 ^ all8(k1);
      c1 = b;
      c3 = a;
      d1 = f;
      d3 = e;
      k0 += 0x9E3779B9U;
      k1 += 0xBB67AE85U;
    }
    put8(&out.first[i], c1, c0);
    put8(&out.first[i + 8], d1, d0);
    put8(&out.second[i], c3, c2);
    put8(&out.second[i + 8], d3, d2);
  }
}

[[gnu::target(SOJOURN_AVX512)]] void exponentials_of_avx512(DoubleBlock& out, const BitsBlock& bits, double mean) {
  exponentials(out, bits, mean);
}

[[gnu::target("avx2")]] void exponentials_of_avx2(DoubleBlock& out, const BitsBlock& bits, double mean) {
  exponentials(out, bits, mean);
}

[[gnu::target("avx2")]] void rounded_of_avx2(DurationBlock& out, const DoubleBlock& ns) { rounded(out, ns); }

[[gnu::target("avx2")]] void raised_of_avx2(DoubleBlock& powers) { raised(powers); }

#endif

}  // namespace

Vectors best_vectors() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0) return Vectors::avx512;
  if (__builtin_cpu_supports("avx2") != 0) return Vectors::avx2;
#endif
  return Vectors::none;
}

void draw_block(BitsBlock& out, std::uint64_t key, std::uint64_t number, std::uint64_t site,
                [[maybe_unused]] Vectors vectors) {
#if defined(__x86_64__)
  if (vectors == Vectors::avx512) return block_of_avx512(out, key, number, site);
  if (vectors == Vectors::avx2) return block_of_avx2(out, key, number, site);
#endif
  block_of_any_machine(out, key, number, site);
}

void exponential_block(DoubleBlock& out, std::uint64_t key, std::uint64_t number, std::uint64_t site, double mean,
                       Vectors vectors) {
  BitsBlock bits;
  draw_block(bits, key, number, site, vectors);
#if defined(__x86_64__)
  if (vectors == Vectors::avx512) return exponentials_of_avx512(out, bits, mean);
  if (vectors == Vectors::avx2) return exponentials_of_avx2(out, bits, mean);
#endif
  exponentials(out, bits, mean);
}

void raise_block(DoubleBlock& powers, [[maybe_unused]] Vectors vectors) {
  bool far = false;
  for (const double x : powers) far |= !(x < 700 && x > -700);
  if (far) [[unlikely]] {
    for (double& x : powers) x = exponential(x);
    return;
  }
#if defined(__x86_64__)
  if (vectors != Vectors::none) return raised_of_avx2(powers);
#endif
  raised(powers);
}

void round_block(DurationBlock& out, const DoubleBlock& ns, [[maybe_unused]] Vectors vectors) {
  bool large = false;
  for (const double x : ns) large |= !(x < 0x1p51);
  if (large) [[unlikely]] {
    for (std::size_t i = 0; i < block_length; ++i) out[i] = from_ns(ns[i]);
    return;
  }
#if defined(__x86_64__)
  if (vectors != Vectors::none) return rounded_of_avx2(out, ns);
#endif
  rounded(out, ns);
}

}  // namespace sojourn
