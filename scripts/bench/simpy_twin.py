"""W1, W2 or W3 in SimPy: simpy_twin.py W1|W2|W3 JOBS; prints mean and p99 of the time that counts, in mean service times."""

import random
import sys

import simpy


def main():
    which, jobs = sys.argv[1], int(sys.argv[2])
    workers = {"W1": [1], "W2": [22, 18, 14, 10, 4], "W3": [4] * 5}[which]
    env, draw = simpy.Environment(), random.Random(1)
    stations = [simpy.Resource(env, count) for count in workers]
    times = []

    def calls(stage):
        """Works at a stage and at all behind it, its worker held until they have answered."""
        with stations[stage].request() as turn:
            yield turn
            yield env.timeout(draw.expovariate(1))
            if stage + 1 < len(stations):
                yield from calls(stage + 1)

    def nested_job():
        begun = env.now
        yield from calls(0)
        times.append(env.now - begun)

    def staged_job():
        begun = env.now
        for station in stations:
            with station.request() as turn:
                yield turn
                yield env.timeout(draw.expovariate(1))
        times.append(env.now - begun)

    def source():
        job = nested_job if which == "W2" else staged_job
        for _ in range(jobs):
            env.process(job())
            yield env.timeout(draw.expovariate(0.9 if which == "W1" else 3.2))

    env.process(source())
    env.run()
    times.sort()
    print(f"{sum(times) / len(times):.6g} {times[jobs * 99 // 100]:.6g}")


if __name__ == "__main__":
    main()
