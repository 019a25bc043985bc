#!/usr/bin/env python3
"""Says how a file of arrivals (one offset in seconds a line) is spread: its gaps, and its counts in windows of several lengths.

    scenarios/lessons/33-real-arrivals/counts.py FILE

Poisson arrivals have gaps of cv 1 and counts whose variance over mean is 1, whatever the window.
"""
import statistics
import sys


def main(path):
    with open(path, encoding="utf-8") as lines:
        times = [float(line) for line in lines]
    gaps = [b - a for a, b in zip(times, times[1:])]
    print(f"{len(times)} arrivals, {1 / statistics.mean(gaps):.1f}/s; gaps: cv {statistics.pstdev(gaps) / statistics.mean(gaps):.2f}")
    for window in (0.1, 1, 5):
        counts = [0] * round(times[-1] / window)
        for time in times:
            counts[min(int(time / window), len(counts) - 1)] += 1
        mean = statistics.mean(counts)
        print(f"counts in {window:g} s: mean {mean:.1f}, most {max(counts)}, variance / mean {statistics.pvariance(counts) / mean:.1f}")


if __name__ == "__main__":
    main(sys.argv[1])
