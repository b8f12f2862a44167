#!/usr/bin/env python3
"""Threads and processes side by side: the same job by as many workers, as ranks and as threads of ranks.

The launches of a line are alternated. Prints the in-job seconds, the least of all rounds (others on the
machine only add to them), and the ratios to the first launch, all ranks of one thread: of the least, and the
median of the rounds' ratios.
"""

import json
import os
import statistics
import subprocess
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent / "../../parbench"
ROUNDS = 9
# Under a second of processor time each, so that some rounds are undisturbed.
JOBS = (
    ("fib", 34, "--tasks", 16),
    ("pi", "--samples", "1e9"),
    ("primes", "0", "3e9"),
    ("isprime", "100109100129100151"),
    ("noop", "--tasks", "1e7", "--schedule", "dynamic", "--chunk", "1"),
)


def seconds(job, ranks, threads):
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    command = ["mpirun", "--oversubscribe", "--bind-to", "none", "-np", str(ranks), str(PROGRAM), *map(str, job),
               "--threads", str(threads), "--format", "json"]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["cases"][0]["seconds"]["median"]


def compare(launches):
    print(f"{'job':34}" + "".join(f"{f'{ranks} x {threads}':>9}" for ranks, threads in launches)
          + "".join(f"{'least':>8} {'median':>6}" for _ in launches[1:]))
    for job in JOBS:
        rounds = [[seconds(job, *launch) for launch in launches] for _ in range(ROUNDS)]
        least = [min(column) for column in zip(*rounds)]
        ratios = [statistics.median(one[i] / one[0] for one in rounds) for i in range(1, len(launches))]
        print(f"{' '.join(map(str, job))[:33]:34}" + "".join(f"{time:9.4f}" for time in least)
              + "".join(f"{time / least[0]:8.3f} {ratio:6.3f}" for time, ratio in zip(least[1:], ratios)),
              flush=True)


def main():
    cores = os.cpu_count()
    print("seconds by ranks x threads, and the ratio to the first column")
    compare([(cores, 1), (1, cores)])
    print("four times as many workers as cores")
    compare([(4 * cores, 1), (cores, 4), (1, 4 * cores)])


if __name__ == "__main__":
    main()
