#pragma once
// The one place that knows which Catch2 there is: version 2 has a single header, version 3 has parts.

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
