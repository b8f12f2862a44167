#!/usr/bin/env python3
"""What early exit costs: polling, on a search that finds nothing, and from the find to the last stop.

Four tables. Polling: the same prime with each kind of flag and with none, alternated launch by launch; the
medians over the ratios of the launches' times, and of the processor time they took, which does not depend on what
else the machine does. Stopping: composites whose factors lie at different depths; the median, the
nine tenths and the longest over all of them; then the same on 8 ranks over 4 pretend hosts, where this machine
allows them. The texts' comparison: their five numbers, naive, with the check
of small factors, then with every kind, looking once per 1000 integers as theirs do, and by time.

flags.py [polling|stopping|hosts|texts]; with a redis-server at hand, the kind redis is measured too. Run by ./dev
bench.
"""

import contextlib
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "../../parbench"
CLUSTER = HERE / "../cluster/pretend_cluster.sh"
CORES = os.cpu_count()
KINDS = ["auto", "window", "ibcast", "rma", "server"]
ROUNDS = 9
PRIMES = {"100109100129100151": 60, "18446744073709551557": 15}  # a prime, and how often a launch searches it
COMPOSITES = ("18000000121500000073", "18000000084999999923", "18000000004699999999", "18000000080999999791",
              "18000000015071428441")  # factors from 1.5e9 to 3.5e9
TEXTS = ("112272535095295", "100109100129100369", "100109100129101027", "100109100129100151", "100109100129162907")
POLL_100US = 3.4e6  # divisors in 100 us on one core of the machine in docs/flags.md


def cases(ranks, *arguments):
    """Every case of one launch."""
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    everywhere = [] if "PRETEND_CLUSTER" in os.environ else ["--oversubscribe"]
    done = subprocess.run(["mpirun", *everywhere, "-np", str(ranks), str(PROGRAM), "isprime",
                           *map(str, arguments), "--format", "json"],
                          env=environment, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["cases"]


def launch_times(ranks, *arguments):
    """The median time of one launch's cases, and the processor time of all of it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = statistics.median(case["seconds"]["median"] for case in cases(ranks, *arguments))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@contextlib.contextmanager
def redis_server():
    """A server of our own as the environment's, when there can be one."""
    if shutil.which("redis-server") is None:
        yield
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
                              stdout=subprocess.DEVNULL)
    try:
        time.sleep(1)
        os.environ["PARBENCH_REDIS"] = f"127.0.0.1:{port}"
        KINDS.append("redis")
        yield
    finally:
        server.kill()
        server.wait()


def polling():
    print(f"polling: time, and processor time, over those with --flag none, np {CORES}, medians of {ROUNDS} pairs")
    print(f"{'prime':>22} " + " ".join(f"{kind:>13}" for kind in KINDS))
    for prime, times in PRIMES.items():
        line = []
        for kind in KINDS:
            pairs = [[launch_times(CORES, *[prime] * times, "--flag", flag) for flag in (kind, "none")]
                     for _ in range(ROUNDS)]
            line.append(" ".join(f"{statistics.median(one[i] / other[i] for one, other in pairs):6.3f}"
                                 for i in range(2)))
        print(f"{prime:>22} " + " ".join(line), flush=True)


def print_stops(counts, kinds):
    """From the find to the last rank's stop, for each count of ranks."""
    print(f"{'np':>3} {'polls':>8} " + " ".join(f"{kind:>20}" for kind in kinds))
    for ranks in counts:
        for name, poll in (("0.5 ms", ()), ("100 us", ("--poll", POLL_100US))):
            line = []
            for kind in kinds:
                stops = sorted(1e3 * case["run"]["stop_seconds"]
                               for case in cases(ranks, *COMPOSITES * 10, "--flag", kind, *poll))
                line.append("%6.2f %6.2f %6.1f" % (statistics.median(stops), stops[len(stops) * 9 // 10], stops[-1]))
            print(f"{ranks:3} {name:>8} " + " ".join(f"{text:>20}" for text in line), flush=True)


def stopping():
    print("stopping: ms from the find to the last rank's stop: median, nine tenths, longest")
    print_stops(sorted({CORES, 8, 32}), KINDS)


def hosts():
    """This script once more, inside a pretend cluster; there it prints the table."""
    if "PRETEND_CLUSTER" in os.environ:
        print("stopping, 8 ranks on 4 pretend hosts: ms: median, nine tenths, longest")
        print_stops([8], ["auto", "ibcast", "server"])
    elif subprocess.run([CLUSTER, "4", sys.executable, "-B", __file__, "hosts"], check=False).returncode == 77:
        print("stopping on pretend hosts: this machine does not allow them")


def texts():
    print(f"the texts' comparison: milliseconds, np {CORES}, median of {ROUNDS} launches")
    print(f"{'':26} " + " ".join(f"{number:>19}" for number in TEXTS))
    rows = [("naive", ("--precheck", "off", "--flag", "none")), ("less naive", ("--flag", "none"))]
    rows += [(f"{kind}, every 1000", ("--flag", kind, "--poll", 1000)) for kind in KINDS]
    rows += [(f"{kind}, every 0.5 ms", ("--flag", kind)) for kind in KINDS]
    samples = {name: [] for name, _ in rows}
    for _ in range(ROUNDS):
        for name, options in rows:
            samples[name].append([1e3 * case["seconds"]["median"] for case in cases(CORES, *TEXTS, *options)])
    for name, _ in rows:
        medians = [statistics.median(column) for column in zip(*samples[name])]
        print(f"{name:26} " + " ".join(f"{median:19.3f}" for median in medians), flush=True)


def main():
    tables = {"polling": polling, "stopping": stopping, "hosts": hosts, "texts": texts}
    wanted = sys.argv[1:] or list(tables)
    if set(wanted) - set(tables):
        sys.exit(f"flags.py: accepted are {', '.join(tables)}")
    with redis_server():
        for i, name in enumerate(wanted):
            if i > 0:
                print()
            tables[name]()


if __name__ == "__main__":
    main()
