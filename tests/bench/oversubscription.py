#!/usr/bin/env python3
"""The price of more ranks than cores: the same job on as many ranks as cores and on 32, alternated.

Prints the in-job seconds (medians) and their ratio, once with --oversubscribe and once with a hostfile
that claims 32 slots, under which Open MPI would not yield by itself.

oversubscription.py [WORKLOAD...]: these only. Run by ./dev bench.
"""

import os
import sys
import tempfile

from bench_jobs import OVERSUBSCRIBE, alternate, seconds, verdict

MANY = 32
ROUNDS = 5
TARGET = 1.05
# About 4 s of processor time each, evenly spread over the index space. The composite's smallest factor
# lies beyond the limit, so that the search goes on to its end; the slowest instruction set makes it long.
JOBS = (
    (("pi", "--samples", "4e9"), {}),
    (("primes", "0", "2e10"), {}),
    (("isprime", "2^101-1", "--limit", "2.7e9"), {"PARBENCH_ISA": "baseline"}),
    (("kde", "--normal", "2000000,2", "--at", "-2:2:n25,-2:2:n25", "--widths", "0.1:1.2:n100"), {}),
    (("fib", "30", "--tasks", "1000"), {}),
    (("sleep", "--tasks", "4000", "--cost", "1ms", "--burn"), {}),
)


def main():
    few = os.cpu_count()
    with tempfile.NamedTemporaryFile("w", suffix=".hostfile") as hostfile:
        print(f"localhost slots={MANY}", file=hostfile, flush=True)
        print(f"{'job':8} {'launch':16} {f'np {few}':>8} {f'np {MANY}':>8} {'ratio':>6}  target  met")
        for job, variables in JOBS:
            if sys.argv[1:] and job[0] not in sys.argv[1:]:
                continue
            for name, launch in (("--oversubscribe", OVERSUBSCRIBE),
                                 (f"slots={MANY}", ("--hostfile", hostfile.name))):
                many, one, ratio = alternate(lambda: seconds(job, MANY, launch, variables),
                                             lambda: seconds(job, few, launch, variables), ROUNDS)
                print(f"{job[0]:8} {name:16} {one:8.3f} {many:8.3f} {ratio:6.3f} <= {TARGET}  {verdict(ratio <= TARGET)}",
                      flush=True)


if __name__ == "__main__":
    main()
