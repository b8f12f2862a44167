"""Result files of made-up measurements whose truth is known, for the tests of compare and plot."""

import json
import random

from common import CommandTest

ENVIRONMENT = {"hosts": 1, "ranks": 2, "cores": 2, "oversubscribed": False, "cpu": "CPU", "isa": "v4",
               "mpi": "MPI", "kernel": "Linux", "compiler": "GNU", "git": "0123456789", "slurm_job": None}


def seconds(samples):
    ordered = sorted(samples)
    return {"median": ordered[len(ordered) // 2], "ci95": None, "min": ordered[0], "max": ordered[-1],
            "samples": samples}


def case(workload, parallel, serial=None, ranks=2, params=None, **options):
    record = {"workload": workload, "params": params or {"samples": 1000},
              "options": {"schedule": "factoring", "chunk": 0, **options},
              "ranks": ranks, "items": 1000, "answer": {"sum": 1}, "check": "ok", "run": {},
              "seconds": seconds(parallel), "items_per_second": 1.0}
    if serial is not None:
        record["serial"] = seconds(serial)
    return record


def document(*cases):
    return {"schema": 1, "version": "0.1.0", "environment": ENVIRONMENT, "cases": list(cases)}


class Noise:
    """Times around a value, as jobs take them: mostly close, some much longer, never much shorter."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def times(self, value, count=15):
        return [value * (1 + self.random.expovariate(100)) * (1.3 if self.random.random() < 0.05 else 1)
                for _ in range(count)]

    def rounds(self, value, count=15, clock=1.0, parallel=1.0, kernel=1.0):
        """Parallel and serial times of rounds: what is slower in the clock, the parallel part, the kernel."""
        slow = clock * kernel
        return self.times(value * slow * parallel, count), self.times(2 * value * slow, count)

    def normal_rounds(self, slow, count):
        """Noise of 2 %, to both sides."""
        return tuple([value * slow * self.random.lognormvariate(0, 0.02) for _ in range(count)] for value in (1, 2))


NAMES = ("pi", "primes", "isprime", "kde")


class CompareTest(CommandTest):
    def store(self, name, *cases):
        return self.write(name, json.dumps(document(*cases)))

    def compare(self, a, b, *arguments):
        """The compared cases, by name."""
        compared = json.loads(self.succeed("compare", a, b, "--format", "json", *arguments))["compare"]
        return {each["case"]: each for each in compared["cases"]}

    def verdict(self, a, b):
        """Of two cases."""
        (compared,) = self.compare(self.store("a.json", a), self.store("b.json", b)).values()
        return compared["verdict"]
