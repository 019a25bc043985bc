#pragma once
// How long a system takes to forget that it started empty: what "warmup": "auto" finds.

#include <optional>
#include <span>

#include "sojourn/core/time.hpp"
#include "sojourn/model/scenario.hpp"
#include "sojourn/system/measurements.hpp"

namespace sojourn {

/// Whether a scenario is terminating: something happens at a given time, so no part of it stands for the rest, and "auto" cuts
/// nothing.
[[nodiscard]] bool is_terminating(const Scenario& scenario);

/// The warm-up that suits all variants: MSER-5 on the average over replications, of each client's response time by bucket of
/// time and of the number of jobs and messages in the system; the longest of these. The measurements are one merged set a
/// variant, recorded without a warm-up. Nothing when a series has not settled within half the run.
[[nodiscard]] std::optional<Duration> settled_after(std::span<const Measurements> variants);

}  // namespace sojourn
