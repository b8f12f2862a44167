#!/usr/bin/env python3
"""The probes of shared state, counter and flag, as a user runs them. (With Redis: tests/redis.)"""

import contextlib
import csv
import fcntl
import io
import os
import resource
import subprocess
import time
import unittest

from common import MPIEXEC, PATIENCE, PROGRAM, CommandTest, children_of, run

SAFE = ("file-lock", "window-lock", "atomic", "fetch-and-op", "win-lock", "server")
UNSAFE = ("file", "window")
KINDS = ("file", "file-lock", "window", "window-lock", "atomic", "fetch-and-op", "win-lock", "server", "redis")
FLAGS = ("auto", "ibcast", "window", "rma", "server", "redis", "none")


def counted(path):
    """The number in a counter's file; 0: there is none."""
    with contextlib.suppress(FileNotFoundError):
        return int(path.read_text()[:20] or 0)
    return 0


class Counter(CommandTest):
    def check(self, facts, increments, ranks):
        self.assertEqual(facts["expected"], increments * ranks)
        self.assertEqual(facts["lost"], facts["expected"] - facts["counted"])
        self.assertEqual(facts["safe"], facts["kind"] in SAFE)
        self.assertGreater(facts["ns_per_increment"], 0)
        if facts["safe"] or ranks == 1:
            self.assertEqual(facts["lost"], 0, facts)

    def test_each_kind(self):
        for kind in SAFE + UNSAFE:
            for ranks in (1, 3, 8):
                with self.subTest(kind=kind, ranks=ranks):
                    (case,) = self.cases("counter", "--kind", kind, "--increments", 200, ranks=ranks)
                    self.assertEqual(case["run"]["kind"], kind)
                    self.check(case["run"], 200, ranks)
                    self.assertEqual((case["items"], case["answer"]), (200 * ranks, {"increments": 200}))
                    # wall time, first start to last end, over the increments of all ranks
                    self.assertAlmostEqual(case["run"]["ns_per_increment"] * 200 * ranks * 1e-9,
                                           case["seconds"]["median"])

    def test_all_kinds_by_default(self):
        for ranks in (None, 2):
            (case,) = self.cases("counter", "--increments", 100, ranks=ranks)
            kinds = case["run"]["kinds"]
            self.assertEqual(tuple(kind["kind"] for kind in kinds), KINDS)
            for kind in kinds[:-1]:
                self.check(kind, 100, ranks or 1)
            self.assertIn("PARBENCH_REDIS", kinds[-1]["left_out"])
            self.assertEqual(case["items"], 8 * 100 * (ranks or 1))

    def test_table(self):
        for options, kinds in ((), KINDS), (("--kind", "atomic"), ("atomic",)):
            text = self.succeed("counter", "--increments", 50, *options, "--format", "csv", ranks=2)
            rows = list(csv.DictReader(io.StringIO(text), strict=True))
            self.assertEqual(tuple(row["kind"] for row in rows), kinds)
            for row in rows:
                if row["kind"] == "redis":
                    self.assertEqual((row["counted"], row["lost"]), ("", ""))
                    self.assertIn("left out", row["note"])
                else:
                    self.assertEqual((row["expected"], row["safe"]), ("100", "yes" if row["kind"] in SAFE else "no"))
                    self.assertGreater(float(row["ns_per_increment"]), 0)

    def test_the_file(self):
        path = self.folder / "count"
        for kind in ("file", "file-lock"):
            self.cases("counter", "--kind", kind, "--increments", 10, "--file", path, ranks=2)
            self.assertEqual(list(self.folder.iterdir()), [])
            self.cases("counter", "--kind", kind, "--increments", 10, ranks=2, TMPDIR=str(self.folder))
            self.assertEqual([name for name in os.listdir(self.folder) if "counter" in name], [])
            done = run("counter", "--kind", kind, "--file", self.folder / "missing/count")
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, "^parbench: counter: --file: '.*/missing/count' cannot be made: No such "
                                          "file or directory\n$")

    def under_lock(self, path, increments, meddle):
        """Two ranks count under the file's lock; meddle(job) once they do. The exit code and what was said."""
        command = [MPIEXEC, "-n", "2", "--oversubscribe", PROGRAM, "counter", "--kind", "file-lock",
                   "--increments", increments, "--file", str(path)]
        environment = dict(os.environ)
        if os.geteuid() == 0:
            environment |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as job:
            try:
                end = time.monotonic() + PATIENCE
                while counted(path) <= 100 and job.poll() is None and time.monotonic() < end:
                    time.sleep(0.01)
                with contextlib.suppress(FileNotFoundError):
                    meddle(job)
                out, err = job.communicate(timeout=PATIENCE)
            finally:
                job.kill()
        line = "".join(line for line in err.splitlines() if line.startswith("parbench: "))
        self.assertFalse(path.exists())
        return job.returncode, out, line

    def test_a_safe_kind_that_loses_fails(self):
        path = self.folder / "count"

        def set_back(_):
            with open(path, "r+", encoding="ascii") as file:
                fcntl.lockf(file, fcntl.LOCK_EX)
                file.write("0" * 20)
                file.flush()
                fcntl.lockf(file, fcntl.LOCK_UN)

        def check():  # the job may have ended before this process looked
            code, out, line = self.under_lock(path, "400000", set_back)
            self.assertEqual(code, 1, line)
            self.assertRegex(out, r"check +failed: file-lock LOST \d+ of 800000")
            self.assertRegex(line, r"the check failed: file-lock LOST \d+ of 800000")

        self.undisturbed(check)

    def test_a_write_that_fails_leaves_nobody_locked_out(self):
        def leave_no_room(job):
            rank = min(children_of(job.pid))
            resource.prlimit(rank, resource.RLIMIT_FSIZE, (1, 1))

        code, _, line = self.under_lock(self.folder / "count", "1e9", leave_no_room)
        self.assertEqual(code, 1, line)
        self.assertIn("cannot be written", line)


class Flag(CommandTest):
    def check(self, facts, ranks):
        self.assertEqual(facts["ranks"], ranks)
        self.assertGreater(facts["poll_ns"], 0)
        if facts["kind"] == "none":
            self.assertIsNone(facts["raise_to_stop_seconds"])
            self.assertIn("never", facts["note"])
            return
        times = [facts[f"raise_to_stop_{name}seconds"] for name in ("", "p95_", "max_")]
        self.assertTrue(0 < times[0] <= times[1] <= times[2], times)
        self.assertTrue(0 < facts["wasted_rank_seconds"] <= ranks * times[2])

    def test_each_kind(self):
        for kind in FLAGS:
            for ranks in (1, 3, 8):
                if kind == "redis":
                    continue
                with self.subTest(kind=kind, ranks=ranks):
                    (case,) = self.cases("flag", "--kind", kind, "--repeat", 5, ranks=ranks)
                    self.assertEqual(case["run"]["kind"], kind)
                    self.check(case["run"], ranks)
                    self.assertEqual(case["answer"], {"repeats": 5})
                    self.assertEqual(case["items"], 0 if kind == "none" else 5)

    def test_all_kinds_by_default(self):
        (case,) = self.cases("flag", "--repeat", 4, "--interval", "20us", ranks=2)
        kinds = case["run"]["kinds"]
        self.assertEqual(tuple(kind["kind"] for kind in kinds), FLAGS)
        for kind in kinds:
            if kind["kind"] == "redis":
                self.assertIn("PARBENCH_REDIS", kind["left_out"])
            else:
                self.check(kind, 2)

    def test_who_polls_rarely_stops_late(self):
        # Each raise is at an interval's end, and heard at the next rank's: soon, or nearly an interval later.
        (case,) = self.cases("flag", "--kind", "window", "--repeat", 20, "--interval", "20ms", ranks=2)
        self.assertGreater(case["run"]["raise_to_stop_p95_seconds"], 2e-3)

    def test_table(self):
        rows = list(csv.DictReader(io.StringIO(self.succeed("flag", "--repeat", 3, "--format", "csv", ranks=2))))
        self.assertEqual(tuple(row["kind"] for row in rows), FLAGS)
        for row in rows:
            if row["kind"] not in ("redis", "none"):
                self.assertTrue(0 < float(row["stop_us"]) <= float(row["p95_us"]) <= float(row["max_us"]))


if __name__ == "__main__":
    unittest.main()
