#!/usr/bin/env bash
# build.sh PRESET [TARGET...]: installs what is missing, configures and builds in build/PRESET.
# The chatter of the tools goes to build/PRESET.log; its end is shown when something fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=${1:?which preset? dev, release, asan or tsan}
shift
scripts/install.sh

export CCACHE_SLOPPINESS=pch_defines,time_macros  # without it ccache leaves out all that uses the precompiled header
mkdir -p build
log=build/$preset.log
echo "building ${*:-everything} with the preset $preset" >&2
{
  cmake --preset "$preset" -DCMAKE_CXX_COMPILER_LAUNCHER="$(command -v ccache || true)" &&
    cmake --build "build/$preset" --parallel "$(nproc)" ${1:+--target "$@"}
} >"$log" 2>&1 </dev/null || {
  # the first errors say more than the last lines of a parallel build
  grep -m 5 -A 12 -E 'CMake Error|FAILED:|error:' "$log" >&2 || tail -n 40 "$log" >&2
  echo "the build failed; all of it is in $log" >&2
  exit 1
}
