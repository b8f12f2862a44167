#!/usr/bin/env python3
"""What handing out work costs, and how evenly and politely it is done: each number beside its target, as
a ratio to a reference that is measured in turn with it, where there is one.

dispatch.py [ROW...]: the rows whose names begin with one of these; all without. Run by ./dev bench.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench_jobs import PROGRAM, REFERENCES, alternate, case, environment, mpirun, output, verdict

ROUNDS = 7


def row(what, measured, reference, target, met):
    print(f"{what:44} {measured:>18} {reference:>32}  {target:10} {verdict(met) if target else ''}".rstrip(), flush=True)


def empty_tasks(ranks, dispatch, tasks):
    job = ("noop", "--tasks", tasks, "--schedule", "dynamic", "--chunk", "1", "--dispatch", dispatch)
    return lambda: case(job, ranks)["items_per_second"]


def draws_from_the_board():
    for ranks in (2, 4, 8):
        def atomic():
            return float(output([REFERENCES / "contended_atomic", ranks, 40_000_000]))
        rate, bare, ratio = alternate(empty_tasks(ranks, "node", "4e7"), atomic, ROUNDS)
        row(f"empty tasks a second, node, np {ranks}", f"{rate / 1e6:.1f} M",
            f"{ratio:.2f} x bare atomic {bare / 1e6:.1f} M", ">= 25 M", rate >= 25e6)


def draws_by_message():
    def ping_pong():
        return float(output([*mpirun(2), REFERENCES / "ping_pong", 500_000]))
    rate, bare, ratio = alternate(empty_tasks(2, "master", "2e6"), ping_pong, ROUNDS)
    row("empty tasks a second, master, np 2", f"{rate / 1e6:.2f} M", f"{ratio:.2f} x ping-pong {bare / 1e6:.2f} M",
        ">= 1.5 M", rate >= 1.5e6)


def ranks_of(launcher):
    """The processes of parbench that mpirun started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition(" (")[2].rpartition(") ")
        except OSError:
            continue  # it has ended meanwhile
        if name == "parbench" and int(rest.split()[1]) == launcher:
            found.append(stat.parent)
    return found


def processor_seconds(process):
    """What all threads of a process have had of the cores; None when it has ended."""
    try:
        return 1e-9 * sum(int((thread / "schedstat").read_text().split()[0]) for thread in (process / "task").iterdir())
    except (OSError, ValueError, IndexError):
        return None


def idle_share(launch, ranks=32, cost=3):
    """What the ranks that have nothing to do take of a core, together, while two work."""
    job = ("sleep", "--tasks", "2", "--cost", f"{cost}s", "--burn", "--schedule", "dynamic", "--format", "json")
    with subprocess.Popen([*mpirun(ranks, launch), str(PROGRAM), *job], env=environment(), stdout=subprocess.PIPE,
                          text=True) as launcher:
        samples = []
        while launcher.poll() is None:
            processes = samples[-1][1] if samples else {process: 0 for process in ranks_of(launcher.pid)}
            if len(processes) == ranks:
                sample = {process: processor_seconds(process) for process in processes}
                if None in sample.values():
                    break
                samples.append((time.monotonic(), sample))
            time.sleep(0.05)
        assert json.loads(launcher.stdout.read())["cases"][0]["check"] == "ok"
    last = samples[-1][1]
    workers = sorted(last, key=last.get)[-2:]
    # From 0.2 s of work on, by the processor time of both that work, to shortly before the first is done.
    window = [(when, sum(sample.values()) - sum(sample[worker] for worker in workers))
              for when, sample in samples
              if all(last[worker] - cost + 0.2 < sample[worker] < last[worker] - 0.3 for worker in workers)]
    (start, before), (end, after) = window[0], window[-1]
    assert end - start > cost / 2, (start, end)
    return (after - before) / (end - start)


def idle_ranks():
    hostfile = PROGRAM.parent / "hostfiles/laptop"
    for name, launch in (("--oversubscribe", ("--oversubscribe",)), ("slots=32", ("--hostfile", str(hostfile)))):
        share = statistics.median(idle_share(launch) for _ in range(3))
        row(f"30 idle ranks beside 2, {name}", f"{100 * share:.1f} % of a core", "", "<= 5 %", share <= 0.05)


def balance():
    cases = [case(("sleep", "--tasks", "8000", "--cost", "bimodal:1ms"), 8) for _ in range(5)]
    to_busy = statistics.median(found["seconds"]["median"] / found["run"]["busy_mean"] for found in cases)
    to_cost = statistics.median(found["seconds"]["median"] / (found["run"]["total_cost_seconds"] / 8) for found in cases)
    row("bimodal sleep, np 8: time / mean busy time", f"{to_busy:.3f}", f"{to_cost:.3f} x cost / ranks", "<= 1.05",
        to_busy <= 1.05)


def cost_of_slices():
    for job in (("pi", "--samples", "2e8"), ("primes", "0", "1e9"), ("isprime", "2^101-1", "--limit", "5e8")):
        for ranks in (1, 2):
            ratio, alone = map(float, output([*mpirun(ranks), REFERENCES / "slices_cost", *job]).split())
            row(f"{job[0]}, np {ranks}: slices, looks, progress", f"{100 * (ratio - 1):+.2f} %",
                f"of one call, {alone:.3f} s", "< 1 %" if ranks == 1 else "", ratio < 1.01)


ROWS = {"atomic": draws_from_the_board, "message": draws_by_message, "idle": idle_ranks, "balance": balance,
        "slices": cost_of_slices}


def main():
    print(f"medians, ours and the reference in turn\n{'what':44} {'measured':>18} {'reference':>32}  {'target':10} met")
    for name, measure in ROWS.items():
        if not sys.argv[1:] or any(name.startswith(wanted) for wanted in sys.argv[1:]):
            measure()


if __name__ == "__main__":
    main()
