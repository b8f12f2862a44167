"""Runs of parbench on simulated clusters, by SimGrid's MPI.

The cluster: nodes of 32 cores, one rank a core; between nodes 2 us and 12.5 GB/s each way, with no
switch that they share; within a node 0.3 us. A message costs its sender and its receiver 0.5 us each,
and a look at requests 1 us (simulated_collectives.c has the same figures).

SIMULATED names the program as built for the simulator, SMPIRUN the simulator's mpirun.
"""

import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SIMULATED = os.environ.get("SIMULATED", str(HERE / "../../build/release/tests/scale/libparbench_simulated.so"))
SMPIRUN = os.environ.get("SMPIRUN", "smpirun")
RANKS_OF_A_NODE = 32
TASKS_OF_A_RANK = 100

PLATFORM = """<?xml version='1.0'?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1">
  <cluster id="cluster" prefix="node" suffix="" radical="0-{last}" speed="1Gf" core="{cores}"
           bw="12.5GBps" lat="1us" loopback_bw="10GBps" loopback_lat="0.3us"/>
</platform>
"""

# What the simulator would add or leave out by itself. Messages: no factors fitted to other networks, and
# small ones leave at once, as they do from a real library. Looks cost what simulated_collectives.c charges.
# Globals: the program has none that differ between ranks. The rest only makes the simulation faster.
CONFIGURATION = {
    "smpi/os": "0:5e-7:0",
    "smpi/or": "0:5e-7:0",
    "smpi/bw-factor": "0:1",
    "smpi/lat-factor": "0:1",
    "smpi/async-small-thresh": "65536",
    "smpi/simulate-computation": "no",
    "smpi/test": "0",
    "smpi/grow-injected-times": "no",
    "smpi/privatization": "no",
    "smpi/allgather": "bruck",
    "smpi/barrier": "ompi_recursivedoubling",
    "network/crosstraffic": "0",
    "contexts/stack-size": "256",
}


def finish(command, timeout):
    """The command's exit code and what it wrote; it and all that it started are ended when time is up."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          start_new_session=True) as process:
        try:
            return (*process.communicate(timeout=timeout), process.returncode)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def run(ranks, *arguments, timeout=1800):
    """The case of a job on a simulated cluster, as in parbench's JSON."""
    nodes = ranks // RANKS_OF_A_NODE
    with tempfile.TemporaryDirectory() as folder:
        platform = Path(folder, "platform.xml")
        hosts = Path(folder, "hosts")
        platform.write_text(PLATFORM.format(last=nodes - 1, cores=RANKS_OF_A_NODE))
        hosts.write_text("".join(f"node{node}\n" * RANKS_OF_A_NODE for node in range(nodes)))
        configuration = [f"--cfg={name}:{value}" for name, value in CONFIGURATION.items()]
        command = [SMPIRUN, "-np", str(ranks), "-platform", str(platform), "-hostfile", str(hosts), *configuration,
                   "--log=root.thres:warning", SIMULATED, *arguments, "--format", "json"]
        document, errors, code = finish(command, timeout)
    if code != 0:
        raise RuntimeError(f"{' '.join(arguments)} on {ranks} simulated ranks failed:\n{errors[-2000:]}")
    return json.loads(document)["cases"][0]


def sleep(ranks, dispatch="node", schedule="factoring", cost="uniform:1ms", timeout=1800):
    """Tasks that sleep: what handing them out adds to the least time they could take."""
    start = time.monotonic()
    how = [] if dispatch == "scatter" else ["--schedule", schedule]
    case = run(ranks, "sleep", "--tasks", str(TASKS_OF_A_RANK * ranks), "--cost", cost, "--dispatch", dispatch, *how,
               timeout=timeout)
    facts = case["run"]
    seconds = case["seconds"]["median"]
    ideal = max(facts["total_cost_seconds"] / ranks, facts["longest_cost_seconds"])
    return {"ranks": ranks, "dispatch": dispatch, "schedule": "static" if dispatch == "scatter" else schedule,
            "cost": cost, "check": case["check"], "seconds": seconds, "ideal": ideal, "efficiency": ideal / seconds,
            "chunks": facts["chunks"], "waited_mean": facts["waited_mean"],
            "simulated_in": time.monotonic() - start}
