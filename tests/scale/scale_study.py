#!/usr/bin/env python3
"""Dispatch from 64 to 4,096 simulated ranks: a table, a CSV file, a plot, and a fitted model.

scale_study.py FOLDER writes scaling.csv and scaling.svg there and prints the tables of docs/scaling.md.
Takes some 15 minutes on two cores. Run by ./dev scale-study.
"""

import concurrent.futures
import csv
import os
import subprocess
import sys
from pathlib import Path

import model
import simulation

HERE = Path(__file__).resolve().parent
ALL = (64, 128, 256, 512, 1024, 2048, 4096)
SOME = (64, 256, 1024)
COLUMNS = ("ranks", "dispatch", "schedule", "cost", "check", "seconds", "ideal", "efficiency", "chunks", "waited_mean",
           "simulated_in")


def plan():
    yield from ({"ranks": ranks} for ranks in ALL)
    for ranks in SOME:
        yield from ({"ranks": ranks, "cost": cost} for cost in ("bimodal:1ms", "increasing:1ms"))
        yield {"ranks": ranks, "dispatch": "master"}
        yield {"ranks": ranks, "dispatch": "master", "schedule": "dynamic"}
        yield {"ranks": ranks, "dispatch": "scatter"}
        for schedule in ("static", "dynamic", "guided", "trapezoid", "adaptive"):
            yield {"ranks": ranks, "schedule": schedule}


def measure():
    """All runs, the longest first, as many at once as there are cores."""
    runs = sorted(plan(), key=lambda how: -how["ranks"])
    results = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for future in concurrent.futures.as_completed([pool.submit(simulation.sleep, **how) for how in runs]):
            results.append(future.result())
            done = results[-1]
            print(f"{len(results)}/{len(runs)}: {done['ranks']} ranks, {done['dispatch']}, {done['schedule']}, "
                  f"{done['cost']}: {done['efficiency']:.3f} (simulated in {done['simulated_in']:.0f} s)",
                  file=sys.stderr, flush=True)
    return sorted(results, key=lambda r: (r["cost"], r["dispatch"], r["schedule"], r["ranks"]))


def write_csv(results, path):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for result in results:
            writer.writerow({key: f"{value:.6g}" if isinstance(value, float) else value
                             for key, value in result.items()})


def read_csv(path):
    with open(path, newline="") as file:
        results = list(csv.DictReader(file))
    for result in results:
        for key in ("seconds", "ideal", "efficiency", "waited_mean", "simulated_in"):
            result[key] = float(result[key])
        result["ranks"] = int(result["ranks"])
        result["chunks"] = int(result["chunks"])
    return results


def print_efficiencies(results):
    """A line for each dispatcher, schedule and cost, a column for each number of ranks."""
    lines = {}
    for result in results:
        lines.setdefault((result["cost"], result["dispatch"], result["schedule"]), {})[result["ranks"]] = result
    print("| cost | dispatcher | schedule | " + " | ".join(f"{ranks:,}" for ranks in ALL) + " |")
    print("|---|---|---|" + "---:|" * len(ALL))
    order = sorted(lines, key=lambda line: (line[0] != "uniform:1ms", line[0], line[1] != "node",
                                            line[2] != "factoring", line))
    for line in order:
        cells = (f"{lines[line][ranks]['efficiency']:.3f}" if ranks in lines[line] else "" for ranks in ALL)
        print("| " + " | ".join((*line, *cells)) + " |")


def default_points(results):
    chosen = [r for r in results
              if (r["dispatch"], r["schedule"], r["cost"]) == ("node", "factoring", "uniform:1ms")]
    return sorted(chosen, key=lambda r: r["ranks"])


def seconds_a_message(results):
    """What an answer takes of rank 0's time where it does nothing else: the classic master, one task a
    message, on the most ranks."""
    bound = [r for r in results if r["dispatch"] == "master" and r["schedule"] == "dynamic"]
    most = max(bound, key=lambda r: r["ranks"])
    return most["seconds"] / most["chunks"]


def queue(ranks, answer):
    return model.queue_seconds(ranks / simulation.RANKS_OF_A_NODE, simulation.TASKS_OF_A_RANK, 1e-3, answer)


def print_model(results):
    points = default_points(results)
    answer = seconds_a_message(results)
    found = model.fit([(r["ranks"], r["seconds"] - r["ideal"] - queue(r["ranks"], answer)) for r in points])
    print(f"\na = {1e3 * found['a']:.3f} ms, b = {1e3 * found['b']:.4f} ms, d = {1e3 * found['d']:.1f} ms; "
          f"an answer takes rank 0 {1e6 * answer:.2f} us\n")
    print("| ranks | T, ms | ideal, ms | more than ideal, ms | by the model, ms | residual, ms |")
    print("|---:|---:|---:|---:|---:|---:|")
    for r in points:
        extra = 1e3 * (r["seconds"] - r["ideal"])
        fitted = 1e3 * (model.extra_seconds(found, r["ranks"]) + queue(r["ranks"], answer))
        print(f"| {r['ranks']:,} | {1e3 * r['seconds']:.2f} | {1e3 * r['ideal']:.2f} | {extra:.2f} | {fitted:.2f} "
              f"| {extra - fitted:+.2f} |")
    print("\n| ranks | nodes | rank 0 needs to answer all nodes once, ms | queue, ms | T by the model, ms | efficiency |")
    print("|---:|---:|---:|---:|---:|---:|")
    for ranks in (4096, 10**4, 10**5, 10**6):
        nodes = ranks / simulation.RANKS_OF_A_NODE
        ideal = points[-1]["ideal"]
        seconds = ideal + model.extra_seconds(found, ranks) + queue(ranks, answer)
        print(f"| {ranks:,} | {nodes:,.0f} | {1e3 * nodes * answer:.2f} | {1e3 * queue(ranks, answer):.1f} "
              f"| {1e3 * seconds:.1f} | {ideal / seconds:.3f} |")
    return {**found, "answer": answer}


def plot(folder, found):
    settings = [f"csv='{folder / 'scaling.csv'}'", f"svg='{folder / 'scaling.svg'}'",
                *(f"{name}={value!r}" for name, value in found.items())]
    subprocess.run(["gnuplot", "-e", "; ".join(settings), str(HERE / "scaling.gp")], check=True)


def main():
    folder = Path(sys.argv[1])
    if sys.argv[2:] != ["--again"]:  # --again: tables and plot from the CSV file of a study made before
        write_csv(measure(), folder / "scaling.csv")
    results = read_csv(folder / "scaling.csv")
    print_efficiencies(results)
    plot(folder, print_model(results))


if __name__ == "__main__":
    main()
