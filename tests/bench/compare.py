#!/usr/bin/env python3
"""What `parbench compare` is worth on real runs: how often it calls a difference where there is none,
finds a tenth more work, and takes another program on the machine for a change of the job.

Prints how often each verdict was given. Every measurement is a launch of its own.

compare.py [TRIES]: so many halved runs, half as many of more work, a fifth with another program; at
first 20, 10 and 4. Run by ./dev bench.
"""

import itertools
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bench_jobs import PROGRAM, mpirun, output, verdict

RANKS = os.cpu_count()
ALONE = "3s"
VERDICTS = ("slower", "faster", "unclear", "none seen", "too few repeats", "no repeats")
TENTH = 1.1

# Each some 10 ms on two cores, so that there are tens of rounds: the job, and a tenth more of it. Work
# grows with the arguments that do: samples, members of the range (here far from 0, where they cost
# alike), candidates of a number whose smallest factor lies beyond them.
JOBS = {
    "pi": lambda more: ("--samples", round(2.5e7 * more)),
    "primes": lambda more: ("1e12", 10**12 + round(7.5e7 * more)),
    "isprime": lambda more: ("2^101-1", "--limit", round(7.5e7 * more)),
    "kde": lambda more: ("--normal", f"{round(60000 * more)},2", "--at", "-2:2:n20,-2:2:n20",
                         "--widths", "0.1:1.2:n100"),
}

# Arguments, and the option that the work grows with.
SWEPT = {"pi": ((), "samples", 25_000_000), "isprime": (("2^101-1",), "limit", 75_000_000)}


def measure(name, seconds, more=1.0):
    """The result of a launch. Where the job is larger its case is given the original's parameters, by
    which cases are matched: to compare(1) it is the same job, that takes longer."""
    command = [*mpirun(RANKS), PROGRAM, "measure", name, "--rel", "0.1%", "--max-time", seconds, "--format", "json"]
    document = json.loads(output([*command, *JOBS[name](more)]))
    (case,) = document["cases"]
    assert case["check"] == "ok", case
    if more != 1:
        case["params"] = original_parameters(name)
    return document


def original_parameters(name):
    (case,) = json.loads(output([PROGRAM, name, *JOBS[name](1), "--format", "json"]))["cases"]
    return case["params"]


def part_of(document, chosen):
    """The same, of some of its rounds only."""
    (case,) = document["cases"]
    part = dict(case)
    for key in ("seconds", "serial"):
        samples = case[key]["samples"][chosen]
        part[key] = dict(case[key], samples=samples, median=statistics.median(samples))
    return dict(document, cases=[part])


def compare(a, b):
    """The verdict on each case, by workload."""
    with tempfile.TemporaryDirectory(prefix="parbench-bench-") as folder:
        paths = [Path(folder) / name for name in ("a.json", "b.json")]
        for path, document in zip(paths, (a, b)):
            path.write_text(json.dumps(document))
        compared = json.loads(output([PROGRAM, "compare", *paths, "--format", "json"]))["compare"]["cases"]
    return {each["case"]: each["verdict"] for each in compared}


def print_row(what, found, wanted=None, met=False):
    """found: the verdicts."""
    counts = Counter(found)
    assert set(counts) <= set(VERDICTS), counts
    print(f"{what:42} {len(found):5} " + " ".join(f"{counts[each]:{len(each)}}" for each in VERDICTS) +
          ("" if wanted is None else f"  {wanted:30} {verdict(met)}"), flush=True)


def called_real(found):
    return sum(each in ("slower", "faster") for each in found)


def halves(tries):
    alternate, successive = [], []
    for name in itertools.islice(itertools.cycle(JOBS), tries):
        document = measure(name, ALONE)
        middle = len(document["cases"][0]["seconds"]["samples"]) // 2
        for found, (first, second) in ((alternate, (slice(0, None, 2), slice(1, None, 2))),
                                       (successive, (slice(0, middle), slice(middle, None)))):
            found += compare(part_of(document, first), part_of(document, second)).values()
    for what, found in (("one run: odd and even rounds", alternate), ("one run: first and second half", successive)):
        print_row(what, found, f"at most {tries // 10} slower or faster", called_real(found) <= tries // 10)


def swept(name):
    """A job and a tenth more of it, measured in the same rounds: two cases of one document."""
    fixed, option, value = SWEPT[name]
    document = json.loads(output([*mpirun(RANKS), PROGRAM, "sweep", name, *fixed, "--vary",
                                  f"{option}={value},{round(value * TENTH)}", "--rel", "0.1%", "--max-time", ALONE,
                                  "--format", "json"]))
    return document["cases"], document


def more_work(tries):
    """A tenth more work in the parallel runs only, as of a slower dispatch or network: the times of the larger job
    beside the serial baseline of the smaller one. Then in the kernel too, in launches of their own: that is what a
    slower clock looks like, and single cases cannot tell it apart."""
    beside, within = [], []
    for name in itertools.islice(itertools.cycle(SWEPT), tries):
        (case, more), document = swept(name)
        longer = dict(more, params=case["params"], serial=case["serial"], label=case["label"])
        within += compare(dict(document, cases=[case]), dict(document, cases=[longer])).values()
    for longer in itertools.islice(itertools.cycle(JOBS), tries):
        beside += compare(measure(longer, ALONE), measure(longer, ALONE, TENTH)).values()
    print_row("one study: a tenth more in parallel", within, f"slower in {tries * 8 // 10} or more",
              within.count("slower") >= tries * 8 // 10)
    print_row("two runs: a tenth more in the kernel too", beside, "never faster", "faster" not in beside)


def burn(cores):
    os.sched_setaffinity(0, cores)
    while True:
        pass


class Burners:
    """Other programs, one on each of the cores."""

    def __init__(self, cores):
        self.processes = [multiprocessing.Process(target=burn, args=({core},), daemon=True) for core in cores]

    def __enter__(self):
        for process in self.processes:
            process.start()

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.join()


def another_program(tries):
    """A single case each: what its own baseline, the kernel alone on rank 0, can tell. Of the last rank's
    core it tells nothing: that row shows what this costs. mpirun binds rank i to core i."""
    cores = sorted(os.sched_getaffinity(0))
    places = {"another program on every core": cores, "another program on rank 0's core": cores[:1],
              "another program on the last rank's core": cores[-1:]}
    found = {what: [] for what in places}
    for name in itertools.islice(itertools.cycle(JOBS), tries):
        alone = measure(name, ALONE)
        for what, burning in places.items():
            with Burners(burning):
                disturbed = measure(name, ALONE)
            found[what] += compare(alone, disturbed).values()
    for what, verdicts in found.items():
        if places[what][0] == cores[0]:
            print_row(what, verdicts, "never slower or faster", called_real(verdicts) == 0)
        else:
            print_row(what, verdicts)


def main():
    tries = int(sys.argv[1]) if sys.argv[1:] else 20
    print(f"{'compared':42} {'tries':>5} " + " ".join(VERDICTS) + f"  {'wanted':30} met")
    halves(tries)
    more_work(max(1, tries // 2))
    another_program(max(1, tries // 5))


if __name__ == "__main__":
    main()
