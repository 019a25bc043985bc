#!/usr/bin/env bash
# Builds the program, runs the online shop in all its variants, and draws the pictures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/build.sh release sojourn
build/release/sojourn run scenarios/online-shop.json --out results/online-shop || [ $? -eq 3 ]  # 3: a missed objective
/usr/bin/python3 scripts/plot.py results/online-shop

cat <<'TEXT'

Pictures, tables and report.json are in results/online-shop. Next, guess first and then see what sale day does:
  build/release/sojourn run scenarios/online-shop.json --set /clients/shoppers/arrivals/poisson=150/s --out results/sale-day
TEXT
