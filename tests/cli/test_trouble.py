#!/usr/bin/env python3
"""What can happen to a job from outside: too little memory, a rank that dies, an impatient user, a reader
that has seen enough. It ends soon, with few words."""

import json
import os
import signal
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from common import MPIEXEC, PATIENCE, PROGRAM, CommandTest, children_of, run, run_all

FOR_HOURS = ("pi", "--samples", "1e15")


class Memory(CommandTest):
    # name, what the line must say; each would need more than any machine has
    HOGS = (
        (("--normal", "1e12,1000", "--widths", "1"), "1000000000000 samples of 1000 dimensions"),
        (("--normal", "1e11,99", "--widths", "1"), "100000000000 samples of 99 dimensions"),
    )

    def test_too_much_is_foreseen(self):
        for ranks in (None, 3):
            for (_, words), done in zip(self.HOGS, run_all([("kde", *hog) for hog, _ in self.HOGS],
                                                           ranks=ranks)):
                with self.subTest(words=words, ranks=ranks):
                    own = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
                    self.assertEqual((done.returncode, len(own), done.stdout), (1, 1, ""), done)
                    self.assertIn("out of memory: " + words, own[0])


class Signals(CommandTest):
    def start(self, ranks, arguments=FOR_HOURS):
        """A job under mpiexec, with all its ranks at work."""
        environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        job = subprocess.Popen([MPIEXEC, "-n", str(ranks), "--oversubscribe", PROGRAM, *arguments],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=environment)
        self.addCleanup(job.communicate)
        self.addCleanup(job.kill)
        deadline = time.monotonic() + PATIENCE
        while len(children_of(job.pid)) < ranks and job.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)  # past MPI_Init
        return job

    def expect_end(self, job, ranks):
        output, _ = job.communicate(timeout=PATIENCE)
        self.assertNotEqual(job.returncode, 0)
        self.assertEqual(output, b"")
        deadline = time.monotonic() + PATIENCE
        while any(os.path.exists(f"/proc/{pid}") for pid in ranks) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual([pid for pid in ranks if os.path.exists(f"/proc/{pid}")], [])

    def test_a_rank_dies(self):
        for victim in (0, -1):
            with self.subTest(victim=victim):
                job = self.start(3)
                ranks = sorted(children_of(job.pid))
                os.kill(ranks[victim], signal.SIGKILL)
                self.expect_end(job, ranks)

    def test_interrupted(self):
        job = self.start(3)
        ranks = children_of(job.pid)
        job.send_signal(signal.SIGINT)
        self.expect_end(job, ranks)

    def test_interrupted_without_a_launcher(self):
        job = subprocess.Popen([PROGRAM, *FOR_HOURS], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(job.communicate)
        self.addCleanup(job.kill)
        time.sleep(1)
        job.send_signal(signal.SIGINT)
        output, _ = job.communicate(timeout=PATIENCE)
        self.assertEqual((job.returncode, output), (-signal.SIGINT, b""))


    def stop_for_a_while(self, dispatch, victim):
        """The result of a job, a rank of which is stopped for four seconds in the middle."""
        tasks = 12000
        job = self.start(3, ("sleep", "--tasks", str(tasks), "--cost", "1ms", "--dispatch", dispatch,
                             "--format", "json", "--progress", "always"))
        self.assertIn(b" left", job.stderr.readline())  # two of four seconds are over
        ranks = sorted(children_of(job.pid))
        self.assertEqual(len(ranks), 3, "this process stood still until they had ended")
        pid = ranks[victim]
        os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(4)
        finally:
            os.kill(pid, signal.SIGCONT)
        output, errors = job.communicate(timeout=PATIENCE)
        self.assertEqual(job.returncode, 0, (dispatch, victim, errors))
        self.assertNotIn(b"parbench: ", errors)
        (case,) = json.loads(output)["cases"]
        self.assertEqual(case["check"], "ok")
        self.assertEqual(case["answer"], {"tasks": tasks, "sum": str(tasks * (tasks - 1) // 2)})
        # It was in the middle of it, indeed.
        self.assertGreater(case["seconds"]["median"], 5)

    def test_a_rank_stops_for_a_while(self):
        jobs = [(dispatch, victim) for dispatch in ("node", "master", "rma", "scatter") for victim in (0, 2)]
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(lambda job: self.undisturbed(lambda: self.stop_for_a_while(*job)), jobs))


class Streams(CommandTest):
    def test_a_reader_that_has_seen_enough(self):
        job = subprocess.Popen([PROGRAM, "primes", "0", "1e8", "--print"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
        self.addCleanup(job.kill)
        self.assertEqual([job.stdout.readline() for _ in range(3)], [b"2\n", b"3\n", b"5\n"])
        job.stdout.close()
        self.assertNotEqual(job.wait(PATIENCE), 0)
        job.stderr.close()

    def test_no_stdout(self):
        done = subprocess.run(["sh", "-c", f'exec "{PROGRAM}" pi --samples 1000 >&-'], timeout=PATIENCE,
                              stderr=subprocess.PIPE, encoding="utf-8", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("stdout", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_help_of_commands(self):
        for topic in ("help", "list"):
            self.assertEqual(self.succeed("help", topic), run("help").stdout)


if __name__ == "__main__":
    unittest.main()
