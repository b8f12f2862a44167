#!/usr/bin/env python3
"""parbench doctor on launches that are fine, and on launches with one thing wrong each."""

import csv
import ctypes
import json
import os
import platform
import re
import subprocess
import sys
import time
import unittest

import jsonschema

from common import HERE, MPIEXEC, PATIENCE, PROGRAM, CommandTest, run

SCHEMA = json.loads((HERE / "result.schema.json").read_text())
CPUS = sorted(os.sched_getaffinity(0))
# What other programs on this machine may do to a launch that is fine.
OTHERS_DOING = {"busy-core", "slow-core"}


def free_shared_memory():
    """MiB."""
    free = os.statvfs("/dev/shm")
    return free.f_bavail * free.f_frsize / 2**20


def mpirun(*options, ranks, arguments=("--format", "json"), cpus=None, before=None, **variables):
    """doctor under mpiexec with more options; `before` runs in the process that becomes mpiexec, which
    may use `cpus` only."""
    environment = dict(os.environ, **variables)
    if os.geteuid() == 0:
        environment.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    command = [MPIEXEC, "-n", str(ranks), "--oversubscribe", *options, PROGRAM, "doctor", *arguments]

    def prepare():
        if cpus is not None:
            os.sched_setaffinity(0, cpus)
        if before is not None:
            before()

    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment,
                          timeout=PATIENCE, preexec_fn=prepare)


class Doctor(CommandTest):
    def case_of(self, done):
        """The case of a finished command, which fits the schema, and whose exit code and lines fit what
        was found."""
        self.assertIn(done.returncode, (0, 1), done)
        document = json.loads(done.stdout)
        jsonschema.Draft7Validator(SCHEMA).validate(document)
        (case,) = document["cases"]
        problems = case["answer"]["problems"]
        self.assertEqual((case["check"], done.returncode), ("failed", 1) if problems else ("ok", 0), done)
        said = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
        self.assertEqual(len(said), 1 if problems else 0, done.stderr)
        for problem in problems:
            self.assertIn(problem["kind"], said[0])
            for line in problem["problem"], problem["remedy"]:
                self.assertNotIn("\n", line)
        self.assertEqual(len(case["answer"]["processes"]), case["ranks"])
        return case

    def kinds(self, done):
        return {problem["kind"] for problem in self.case_of(done)["answer"]["problems"]}

    def only(self, done, kind):
        """The only problem of that kind, and of any kind that is not others' doing."""
        case = self.case_of(done)
        found = {problem["kind"]: problem for problem in case["answer"]["problems"]}
        self.assertEqual(set(found) - (OTHERS_DOING - {kind}), {kind}, case)
        return found[kind]

    def cores(self):
        return self.case_of(run("doctor", "--format", "json"))["answer"]["cores"]


class Sound(Doctor):
    def test_launches_that_are_fine(self):
        for ranks in (None, 1, 2)[:2 + (self.cores() > 1)]:
            with self.subTest(ranks=ranks):
                done = run("doctor", "--format", "json", ranks=ranks)
                self.assertLessEqual(self.kinds(done), OTHERS_DOING, done.stdout)

    def test_what_it_says(self):
        before = free_shared_memory()
        case = self.case_of(mpirun(ranks=2))
        after = free_shared_memory()
        processes = case["answer"]["processes"]
        self.assertEqual([process["rank"] for process in processes], [0, 1])
        self.assertEqual(len({process["pid"] for process in processes}), 2)
        self.assertEqual({process["host"] for process in processes}, {platform.node()[:63]})
        (host,) = case["run"]["by_host"]
        self.assertEqual((host["ranks"], host["clock_ahead_s"], host["time_of_day_ahead_s"]), (2, 0, 0))
        # Other tests take some of it and give it back meanwhile.
        self.assertLess(host["shm_mib"], max(before, after) + 100 + 0.2 * host["shm_mib"])
        self.assertGreater(host["shm_mib"], min(before, after) - 300 - 0.2 * host["shm_mib"])
        (messages,) = case["run"]["messages"]
        self.assertEqual((messages["path"], messages["from"], messages["to"]), ("within a host", 0, 1))
        if "Open MPI v4" in case["run"]["mpi"]:
            self.assertEqual(messages["transport"], "vader")
            only_tcp = self.case_of(mpirun("--mca", "btl", "self,tcp", ranks=2))
            self.assertEqual(only_tcp["run"]["messages"][0]["transport"], "tcp")

    def test_settings_are_those_that_results_record(self):
        done = mpirun("--mca", "coll_tuned_priority", "50", ranks=2, OMPI_MCA_btl="self,vader",
                      OMPI_MCA_sec_token="hidden")
        environment = json.loads(done.stdout)["environment"]
        told = {name.removeprefix("OMPI_MCA_"): value for name, value in self.case_of(done)["run"].items()
                if name.startswith("OMPI_MCA_")}
        self.assertEqual(told, environment["mca"])
        self.assertLessEqual({"coll_tuned_priority": "50", "btl": "self,vader"}.items(), told.items())
        self.assertNotIn("hidden", done.stdout)

    def test_cores_that_a_rank_may_use(self):
        case = self.case_of(mpirun("--bind-to", "none", ranks=1, cpus=CPUS[-1:]))
        (process,) = case["answer"]["processes"]
        self.assertEqual((process["cores"], process["hardware_threads"], process["allowed"]),
                         (1, 1, str(CPUS[-1])))


class Wrong(Doctor):
    def test_more_ranks_than_cores(self):
        cores = self.cores()
        if cores > 30:
            self.skipTest(f"{cores} cores: too many ranks would be needed")
        problem = self.only(mpirun(ranks=cores + 2), "oversubscribed")
        self.assertIn(f"{cores + 2} ranks share {cores} core", problem["problem"])
        self.assertIn(f"mpirun -np {cores},", problem["remedy"])
        self.assertEqual(problem["host"], platform.node()[:63])
        text = mpirun(ranks=cores + 2, arguments=()).stdout
        self.assertNotRegex(text, r"(?m)^ *\d+ .* oversubscribed$")
        self.assertNotIn("ranks/s", text)

    def test_ranks_on_one_core(self):
        if self.cores() == 1:
            self.skipTest("this machine has one core")
        problem = self.only(mpirun("--bind-to", "none", ranks=2, cpus=CPUS[:1]), "same-core")
        self.assertIn(f"2 ranks are bound to 1 core together, of the host's {self.cores()}", problem["problem"])
        self.assertIn("--map-by core --bind-to core", problem["remedy"])

    def test_launcher_that_mpi_does_not_speak(self):
        for variables in {"SLURM_STEP_NUM_TASKS": "4"}, {"PMI_SIZE": "4"}:
            done = run("doctor", **variables)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertRegex(done.stderr, r"^parbench: 4 processes were started, but .* `srun --mpi=pmix`\n$")

    def test_tasks_of_slurm_left_alone(self):
        problem = self.only(run("doctor", "--format", "json", SLURM_NTASKS="4"), "alone")
        self.assertIn("SLURM gave 4 tasks", problem["problem"])
        self.assertIsNone(problem["host"])
        for done in (run("doctor", "--format", "json", SLURM_NTASKS="1"),
                     run("doctor", "--format", "json", ranks=1, SLURM_NTASKS="4")):
            self.assertNotIn("alone", self.kinds(done))

    def burn(self, cpu):
        """Keep a CPU busy until the test ends; returns when it is. The kernel gives each loop the same
        time as a rank."""
        def confine():
            os.sched_setaffinity(0, {cpu})

        for _ in range(3):
            loop = subprocess.Popen([sys.executable, "-c", "while True: pass"], preexec_fn=confine)
            self.addCleanup(loop.wait)
            self.addCleanup(loop.kill)
            end = time.monotonic() + PATIENCE
            while self.ticks(loop.pid) < 10:
                self.assertLess(time.monotonic(), end, "the loop does not run")
                time.sleep(0.01)

    @staticmethod
    def ticks(pid):
        """Of processor time that a process has had."""
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return int(file.read().rpartition(")")[2].split()[11])

    def test_a_core_that_others_use(self):
        self.burn(CPUS[-1])
        problem = self.only(mpirun("--bind-to", "none", ranks=1, cpus=CPUS[-1:]), "busy-core")
        self.assertRegex(problem["problem"], r"cores of 1 of 1 rank; rank 0 \(hardware threads "
                                             rf"{CPUS[-1]}\) had its own for \d\d? %")
        if self.cores() < 2:
            return

        def check():
            case = self.case_of(mpirun("--map-by", "core", "--bind-to", "core", ranks=self.cores()))
            (last,) = [process for process in case["answer"]["processes"]
                       if process["allowed"].endswith(str(CPUS[-1]))]
            self.assertLess(last["core_share"], 0.6)
            return case

        case = self.undisturbed(check)
        shares = [process["core_share"] for process in case["answer"]["processes"]]
        (problem,) = [problem for problem in case["answer"]["problems"] if problem["kind"] == "busy-core"]
        worst = shares.index(min(shares))
        self.assertIn(f"cores of {sum(share < 0.8 for share in shares)} of {len(shares)} ranks; rank {worst} ",
                      problem["problem"])
        self.assertEqual(["busy-core" in process["problems"] for process in case["answer"]["processes"]],
                         [share < 0.8 for share in shares])

    def test_a_container_that_forbids_reading_neighbours(self):
        def forbid():  # as Docker does, by a filter of system calls
            number = {"x86_64": 310, "aarch64": 270}[platform.machine()]  # process_vm_readv
            load, equal, answer = 0x20, 0x15, 0x06
            program = b"".join(code.to_bytes(2, "little") + bytes((yes, no)) + value.to_bytes(4, "little")
                               for code, yes, no, value in ((load, 0, 0, 0), (equal, 0, 1, number),
                                                            (answer, 0, 0, 0x00050001),  # EPERM
                                                            (answer, 0, 0, 0x7fff0000)))
            text = ctypes.create_string_buffer(program)

            class Filter(ctypes.Structure):
                _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_void_p)]

            libc = ctypes.CDLL(None, use_errno=True)
            no_new_privileges, set_seccomp = 38, 22
            rest = [ctypes.c_ulong(0)] * 3
            if (libc.prctl(no_new_privileges, ctypes.c_ulong(1), *rest) != 0 or
                    libc.prctl(set_seccomp, ctypes.c_ulong(2),
                               ctypes.byref(Filter(4, ctypes.addressof(text))), *rest[:2]) != 0):
                raise OSError(ctypes.get_errno(), "seccomp")

        if platform.machine() not in ("x86_64", "aarch64"):
            self.skipTest("the system call's number is not known")
        if "Open MPI v4" not in run("--version").stdout:
            self.skipTest("the settings below are those of Open MPI 4")
        done = mpirun(ranks=2, before=forbid)
        problem = self.only(done, "cross-memory-attach")
        self.assertIn("(Operation not permitted)", problem["problem"])
        # The remedy, taken at its word.
        option = re.search(r"mpirun (--mca \S+ \S+) \(Open MPI 4\)", problem["remedy"]).group(1)
        self.assertLessEqual(self.kinds(mpirun(*option.split(), ranks=2, before=forbid)), OTHERS_DOING)
        self.assertLessEqual(self.kinds(mpirun(ranks=1, before=forbid)), OTHERS_DOING)

    def test_a_choice_of_one_sided_components_that_crashes(self):
        if "Open MPI v4" not in run("--version").stdout:
            self.skipTest("it is Open MPI 4 that crashes")
        problem = self.only(mpirun(ranks=2, OMPI_MCA_osc="^ucx,pt2pt"), "one-sided")
        self.assertIn("osc = ^ucx,pt2pt may crash", problem["problem"])
        option = re.search(r"mpirun (--mca \S+ \S+) \(Open MPI 4\)", problem["remedy"]).group(1)
        self.assertLessEqual(self.kinds(mpirun(*option.split(), ranks=2)), OTHERS_DOING)


class Output(Doctor):
    def test_text(self):
        done = run("doctor", SLURM_NTASKS="3")
        self.assertEqual(done.returncode, 1)
        lines = done.stdout.splitlines()
        where = [i for i, line in enumerate(lines) if line.startswith("  problem: ")]
        self.assertIn("SLURM gave 3 tasks", lines[where[0]])
        for i in where:
            self.assertRegex(lines[i + 1], "^    -> .")
        self.assertRegex(done.stderr, r"^parbench: doctor: the check failed: \d problems?: alone")

    def test_csv(self):
        done = run("doctor", "--format", "csv", SLURM_NTASKS="3")
        (row,) = csv.DictReader(done.stdout.splitlines())
        self.assertEqual((done.returncode, row["rank"], row["host"]), (1, "0", platform.node()[:63]))
        self.assertNotIn("alone", row["problems"].split(), "the launch's, not the rank's")

    def test_file(self):
        path = self.folder / "doctor.json"
        done = run("doctor", "--format", "json", "--output", path, SLURM_NTASKS="3")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("alone", path.read_text())


if __name__ == "__main__":
    unittest.main()
