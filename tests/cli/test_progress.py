#!/usr/bin/env python3
"""How far a long job is: on a terminal, be it the launcher's, and elsewhere only when asked for."""

import math
import os
import pty
import re
import signal
import subprocess
import time
import unittest

import common

LONG = ("sleep", "--tasks", "50", "--cost", "50ms", "--schedule", "dynamic", "--chunk", "1")  # 2.5 s on one rank
WIPE = "\r\033[K"


def on_terminal(*arguments, ranks=None, interrupt=False):
    """Run with stderr on a terminal of its own; what stood there in the end, stdout, and the process. It can be
    interrupted when it has said how long it will take."""
    master, slave = pty.openpty()
    command = [common.PROGRAM, *arguments]
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    if ranks is not None:
        command = [common.MPIEXEC, "-n", str(ranks), "--oversubscribe", *command]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave, text=True,
                               env=environment)
    os.close(slave)
    shown = b""
    for piece in common.pieces_of_terminal(master):
        shown += piece
        if interrupt and b"left" in shown:
            process.send_signal(signal.SIGINT)
            interrupt = False
    stdout = process.stdout.read()
    process.stdout.close()
    process.wait(timeout=common.PATIENCE)
    return shown.decode(), stdout, process


class Progress(common.CommandTest):
    def check_line(self, shown):
        self.assertRegex(shown, r"sleep --tasks 50 --cost 50ms +\[#+\.*\] +\d+ %, [\d.]+ m?s left")
        self.assertTrue(shown.rstrip("\r\n").endswith(WIPE), repr(shown[-80:]))
        self.assertLess(shown.count("left"), 40, "a few looks a second")

    def test_terminal_of_ones_own(self):
        shown, stdout, process = on_terminal(*LONG)
        self.assertEqual(process.returncode, 0)
        self.check_line(shown)
        self.assertNotIn("left", stdout)

    def test_terminal_of_the_launcher(self):
        shown, stdout, process = on_terminal(*LONG, "--tasks", "100", ranks=2)
        self.assertEqual(process.returncode, 0)
        self.assertIn("% ", shown.replace("%, ", "% "))
        self.assertRegex(shown, r"\d+ %, [\d.]+ m?s left")
        self.assertNotIn("left", stdout)

    def test_threads_tell_in_the_middle_of_a_chunk(self):
        samples = "5e8" if common.SANITIZED else "2e10"  # some seconds
        job = subprocess.Popen([common.PROGRAM, "pi", "--samples", samples, "--schedule", "static", "--threads", "2",
                                "--progress", "always"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        told = []
        for line in job.stderr:
            told += map(int, re.findall(r"^pi .* (\d+) %", line))
            if told and told[-1] >= 3:
                job.kill()
        job.stderr.close()
        job.wait()
        self.assertGreaterEqual(max(told, default=0), 3, "until its end")

    def test_all_threads_work_is_counted_once(self):
        def check():
            # Tasks that sleep take two threads 5 s, whatever else runs; the first line comes after 2 s.
            done = common.run("sleep", "--tasks", "250", "--cost", "40ms", "--schedule", "static", "--threads", "2",
                              "--progress", "always")
            first = done.stderr[done.stderr.index("sleep --tasks"):].splitlines()[0]
            self.assertAlmostEqual(int(re.search(r" (\d+) %", first)[1]), 40, delta=15, msg=done.stderr)

        self.undisturbed(check)

    def test_never(self):
        shown, _, process = on_terminal(*LONG, "--progress", "never")
        self.assertEqual((process.returncode, shown), (0, ""))

    def test_interrupted_it_leaves_a_clean_line(self):
        shown, stdout, process = on_terminal(*LONG, "--tasks", "200", interrupt=True)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertIn("left", shown)
        self.assertTrue(shown.rstrip("\r\n").endswith(WIPE), repr(shown[-80:]))
        self.assertEqual(stdout, "")

    def test_silent_in_a_file_unless_asked_for(self):
        self.succeed(*LONG)  # nothing on stderr
        began = time.monotonic()
        done = common.run(*LONG, "--tasks", "60", "--progress", "always")  # 3 s, of which the first line tells after 2
        seconds = time.monotonic() - began
        self.assertEqual(done.returncode, 0)
        lines = done.stderr.splitlines()
        self.assertIn(len(lines), range(1, 2 + int(math.log2(seconds / 2))), done.stderr)
        for line in lines:
            self.assertRegex(line, r"^sleep .*: [1-9]\d? %, [\d.]+ m?s left$")

    def test_many_ranks_speak_once(self):
        began = time.monotonic()
        done = common.run("sleep", "--tasks", "2560", "--cost", "40ms", "--progress", "always", ranks=32)
        seconds = time.monotonic() - began
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLessEqual(len(done.stderr.splitlines()), 1 + math.log2(seconds / 2), done.stderr)
        self.assertRegex(done.stderr, r"(?m)^sleep .*: \d+ %, [\d.]+ m?s left$")


if __name__ == "__main__":
    unittest.main()
