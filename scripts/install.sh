#!/usr/bin/env bash
# Installs what is missing of scripts/packages.txt; touches nothing and asks nobody when all is there.
# Where it may not or cannot install, it says what to install, and the build goes on with what there is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "not a Debian system; the build needs what these packages hold: $(paste -sd ' ' scripts/packages.txt)" >&2
  exit 0
fi

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
mapfile -t missing < <(grep -vxF -f <(printf '%s\n' "$installed") scripts/packages.txt)
[ ${#missing[@]} -gt 0 ] || exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
  root=(sudo)
  [ -t 0 ] || root=(sudo -n)  # nobody is there to type a password
fi
get() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@"; }

mkdir -p build
echo "installing ${missing[*]}" >&2
{
  get install -y --no-install-recommends "${missing[@]}" || {
    get update && get install -y --no-install-recommends "${missing[@]}"
  }
} >build/install.log 2>&1 </dev/null || {
  echo "could not install them (see build/install.log); please run: sudo apt-get install ${missing[*]}" >&2
}
