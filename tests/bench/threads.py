#!/usr/bin/env python3
"""Threads and processes side by side: the same job by as many workers, as ranks and as threads of ranks.

The launches of a line are alternated. Prints the in-job seconds (medians) and the median of each round's
ratio to the first launch, all ranks of one thread.
"""

import json
import os
import statistics
import subprocess
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent / "../../parbench"
ROUNDS = 7
# About 2 s of processor time each, but for the isprime that the texts try, which is short.
JOBS = (
    ("fib", 36, "--tasks", 24),
    ("pi", "--samples", "4e9"),
    ("primes", "0", "1e10"),
    ("isprime", "100109100129100151"),
    ("noop", "--tasks", "2e7", "--schedule", "dynamic", "--chunk", "1"),
)


def seconds(job, ranks, threads):
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    command = ["mpirun", "--oversubscribe", "--bind-to", "none", "-np", str(ranks), str(PROGRAM), *map(str, job),
               "--threads", str(threads), "--format", "json"]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["cases"][0]["seconds"]["median"]


def compare(launches):
    print(f"{'job':34}" + "".join(f"{f'{ranks} x {threads}':>9}" for ranks, threads in launches)
          + "".join(f"{'ratio':>7}" for _ in launches[1:]))
    for job in JOBS:
        rounds = [[seconds(job, *launch) for launch in launches] for _ in range(ROUNDS)]
        medians = [statistics.median(column) for column in zip(*rounds)]
        ratios = [statistics.median(one[i] / one[0] for one in rounds) for i in range(1, len(launches))]
        print(f"{' '.join(map(str, job))[:33]:34}" + "".join(f"{median:9.4f}" for median in medians)
              + "".join(f"{ratio:7.3f}" for ratio in ratios), flush=True)


def main():
    cores = os.cpu_count()
    print("seconds by ranks x threads, and the ratio to the first column")
    compare([(cores, 1), (1, cores)])
    print("four times as many workers as cores")
    compare([(4 * cores, 1), (cores, 4), (1, 4 * cores)])


if __name__ == "__main__":
    main()
