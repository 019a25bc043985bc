#pragma once
// 128-bit integers: sums of nanoseconds and integrals over them never overflow and never round.

namespace sojourn {

__extension__ typedef __int128 Int128;  // typedef: __extension__ keeps -Wpedantic quiet only in this form
__extension__ typedef unsigned __int128 UInt128;

}  // namespace sojourn
