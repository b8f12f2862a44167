#!/usr/bin/env python3
"""parbench primes as a whole job against primesieve's own threads, alternated: in-job seconds, medians.

Needs the primesieve program. Run by ./dev bench.
"""

import json
import os
import re
import statistics
import subprocess
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent / "../../parbench"
ROUNDS = 9
RANGES = ((0, 10**10), (10**12, 10**12 + 10**10))


def parbench(lo, hi, ranks):
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    done = subprocess.run(["mpirun", "-np", str(ranks), str(PROGRAM), "primes", str(lo), str(hi), "--format", "json"],
                          env=environment, check=True, capture_output=True, text=True)
    case = json.loads(done.stdout)["cases"][0]
    return case["seconds"]["median"], case["answer"]["count"]


def primesieve(lo, hi, threads):
    # primesieve counts both ends in.
    done = subprocess.run(["primesieve", str(lo), str(hi - 1), f"-t{threads}", "--time"],
                          check=True, capture_output=True, text=True)
    text = done.stdout + done.stderr
    return float(re.search(r"Seconds: ([\d.]+)", text)[1]), int(re.search(r"Primes: (\d+)", text)[1])


def main():
    cores = os.cpu_count()
    print(f"{'range':>32} {f'parbench, {cores} ranks':>18} {f'primesieve, {cores} threads':>22} {'ratio':>6}")
    for lo, hi in RANGES:
        pairs = []
        for _ in range(ROUNDS):
            (ours, our_count), (theirs, their_count) = parbench(lo, hi, cores), primesieve(lo, hi, cores)
            assert our_count == their_count, (our_count, their_count)
            pairs.append((ours, theirs))
        ours, theirs = (statistics.median(column) for column in zip(*pairs))
        print(f"{f'[{lo}, {hi})':>32} {ours:18.3f} {theirs:22.3f} {statistics.median(a / b for a, b in pairs):6.3f}",
              flush=True)


if __name__ == "__main__":
    main()
