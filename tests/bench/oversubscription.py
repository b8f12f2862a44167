#!/usr/bin/env python3
"""The price of more ranks than cores: the same job on as many ranks as cores and on 32, alternated.

Prints the in-job seconds (medians) and their ratio, once with --oversubscribe and once with a hostfile
that claims 32 slots, under which Open MPI would not yield by itself. Run by ./dev bench.
"""

import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent / "../../parbench"
MANY = 32
ROUNDS = 5
# About 4 s of processor time each, evenly spread over the index space. The composite's smallest factor
# lies beyond the limit, so that the search goes on to its end; the slowest instruction set makes it long.
JOBS = (
    (("pi", "--samples", "4e9"), {}),
    (("primes", "0", "2e10"), {}),
    (("isprime", "2^101-1", "--limit", "2.7e9"), {"PARBENCH_ISA": "baseline"}),
    (("kde", "--normal", "2000000,2", "--at", "-2:2:n25,-2:2:n25", "--widths", "0.1:1.2:n100"), {}),
)


def seconds(job, variables, ranks, launch):
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", **variables)
    done = subprocess.run(["mpirun", *launch, "-np", str(ranks), str(PROGRAM), *job, "--format", "json"],
                          env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["cases"][0]["seconds"]["median"]


def main():
    few = os.cpu_count()
    with tempfile.NamedTemporaryFile("w", suffix=".hostfile") as hostfile:
        print(f"localhost slots={MANY}", file=hostfile, flush=True)
        print(f"{'job':8} {'launch':16} {f'np {few}':>8} {f'np {MANY}':>8} {'ratio':>6}")
        for job, variables in JOBS:
            for name, launch in (("--oversubscribe", ["--oversubscribe"]),
                                 (f"slots={MANY}", ["--hostfile", hostfile.name])):
                pairs = [[seconds(job, variables, ranks, launch) for ranks in (few, MANY)] for _ in range(ROUNDS)]
                medians = [statistics.median(column) for column in zip(*pairs)]
                ratio = statistics.median(many / one for one, many in pairs)
                print(f"{job[0]:8} {name:16} {medians[0]:8.3f} {medians[1]:8.3f} {ratio:6.3f}", flush=True)


if __name__ == "__main__":
    main()
