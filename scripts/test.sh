#!/usr/bin/env bash
# Builds everything and runs every test; the last line counts them. test.sh asan and test.sh tsan use the sanitizers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=${1:-dev}
if ! scripts/build.sh "$preset"; then
  echo "0 passed, 1 failed"
  exit 1
fi

results=build/$preset/tests.xml
log=build/$preset/tests.log
rm -f "$results"
echo "running the tests" >&2
status=0
ctest --test-dir "build/$preset" --output-on-failure --no-tests=error --parallel "$(nproc)" \
  --output-junit "$PWD/$results" >"$log" 2>&1 </dev/null || status=$?
if [ "$status" -ne 0 ]; then
  grep -vE '^ *Start +[0-9]+: |^ *[0-9]+/[0-9]+ Test +#[0-9]+: .* Passed ' "$log" || true
fi

count() { sed -n "s/.*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$results" 2>/dev/null | head -n 1; }
all=$(count tests)
failed=$(count failures)
skipped=$(($(count skipped) + $(count disabled)))
passed=$((${all:-0} - ${failed:-0} - skipped))
[ "$status" -eq 0 ] || [ "${failed:-0}" -gt 0 ] || failed=1  # a test run that broke off has failed
line="$passed passed, ${failed:-0} failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$status" -eq 0 ]
