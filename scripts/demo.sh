#!/usr/bin/env bash
# Builds the program, runs the online shop in all its variants, and draws the pictures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/build.sh release sojourn
build/release/sojourn run scenarios/online-shop.json --out results/online-shop
/usr/bin/python3 scripts/plot.py results/online-shop

cat <<'TEXT'

Pictures, tables and report.json are in results/online-shop.
Next, find the load that each variant can carry:
  build/release/sojourn capacity scenarios/online-shop.json
TEXT
