"""What the benchmarks of whole jobs share: running parbench and reference programs, and a table."""

import json
import os
import statistics
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "../../parbench"
REFERENCES = Path(os.environ.get("REFERENCES", HERE / "../../build/release/tests"))
OVERSUBSCRIBE = ("--oversubscribe",)


def environment(variables=None):
    return dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", **(variables or {}))


def mpirun(ranks, launch=OVERSUBSCRIBE):
    return ["mpirun", *launch, "-np", str(ranks)]


def output(command, variables=None):
    return subprocess.run(list(map(str, command)), env=environment(variables), check=True, capture_output=True,
                          text=True).stdout


def case(job, ranks, launch=OVERSUBSCRIBE, variables=None):
    """The only case of a job's JSON."""
    (found,) = json.loads(output([*mpirun(ranks, launch), PROGRAM, *job, "--format", "json"], variables))["cases"]
    assert found["check"] == "ok", found
    return found


def seconds(*job_and_launch):
    return case(*job_and_launch)["seconds"]["median"]


def alternate(ours, reference, rounds):
    """Both, one after the other, several times: the medians of each, and of their ratio in each round."""
    pairs = [(ours(), reference()) for _ in range(rounds)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs))
    return mine, theirs, statistics.median(a / b for a, b in pairs)


def verdict(met):
    return "yes" if met else "NO"
