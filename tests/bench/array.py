#!/usr/bin/env python3
"""The probe `array` against bare loops over memory, and what memory it takes.

Filling 2 GiB is wanted at 0.9 times the speed of a bare loop of non-temporal stores over private
memory, alternated in the same run (tests/bench/array/array_bound.c); memory at 1.02 copies a node."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BOUND = TOP / "build/release/tests/array_bound"
PROGRAM = TOP / "parbench"
ROUNDS = 9
SHAPES = ((10000, 26843), (1000, 2684))  # 2 GiB, and 20 MiB, which fits the cache


def mpirun(ranks, *command):
    done = subprocess.run(["mpirun", "-np", str(ranks), "--oversubscribe", *map(str, command)],
                          capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


def show_bounds():
    for rows, cols in SHAPES:
        for ranks in (1, 2):
            print(mpirun(ranks, BOUND, rows, cols, ROUNDS), end="", flush=True)


def show_probe():
    """Medians of the probe's own figures, as a user gets them."""
    names = ("first_touch_seconds", "map_seconds", "default_gbps", "fill_gbps", "verify_gbps", "copies")
    print(f"\n{'fill':8} {'ranks':>5}", *(f"{name:>20}" for name in names))
    rows, cols = SHAPES[0]
    for fill in ("rank", "random"):
        for ranks in (1, 2):
            runs = []
            for _ in range(3):
                text = mpirun(ranks, PROGRAM, "array", "--rows", rows, "--cols", cols, "--fill", fill,
                              "--format", "json")
                runs.append(json.loads(text)["cases"][0]["run"])
            medians = [statistics.median(run[name] for run in runs) for name in names]
            print(f"{fill:8} {ranks:5}", *(f"{value:20.4g}" for value in medians), flush=True)


if __name__ == "__main__":
    if os.geteuid() == 0:
        os.environ.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    show_bounds()
    show_probe()
