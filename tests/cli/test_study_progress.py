#!/usr/bin/env python3
"""How far a study is, and what is left of it when a signal ends it."""

import csv
import io
import json
import math
import os
import pty
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import common

WIPE = "\r\033[K"
# Two cases; with --rel that small all the time is used.
JOB = ("sleep", "--tasks", "8", "--cost", "5ms", "--rel", "0.0001%", "--max-time")
SWEEP = ("sweep", *JOB, "2s", "--vary", "chunk=1,2")
FOR_LONG = ("sweep", *JOB, "60s", "--vary", "chunk=1,2")
SAID = re.compile(r"(\d) of 2: chunk=(\d)[^\r\n]*? +(\d+) %, (warm-up|round \d+), (?:up to ([\d.]+) (m?s) left|nearly done)")

MEASURED = r"round (?:[2-9]|\d\d)"


def start(*arguments, ranks=None, stderr=subprocess.PIPE, stdout=subprocess.PIPE, **settings):
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    command = [common.PROGRAM, *map(str, arguments)]
    if ranks is not None:
        command = [common.MPIEXEC, "-n", str(ranks), "--oversubscribe", *command]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, text=True,
                            env=environment, **settings)


def terminate(process, number, ready):
    """Send a signal when `ready` says that measuring has begun."""
    deadline = time.monotonic() + common.PATIENCE
    while not ready() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)


def end_when_told(ready, *arguments, ranks=None, number=signal.SIGTERM, first=lambda pid: None, **settings):
    """Send a signal when a line of the progress matches `ready`, and call `first` just before it: stdout and stderr."""
    with tempfile.TemporaryFile("w+") as said:
        process = start(*arguments, "--progress", "always", ranks=ranks, stderr=said, **settings)

        def is_ready():
            if re.search(ready, os.pread(said.fileno(), 1 << 20, 0).decode()):
                first(process.pid)
                return True
            return False

        thread = threading.Thread(target=terminate, args=(process, number, is_ready))
        thread.start()
        stdout, _ = process.communicate(timeout=common.PATIENCE)
        thread.join()
        said.seek(0)
        return stdout, said.read()


def on_terminal(*arguments, ranks=None, end_with=None, stdout_too=False):
    """Run with stderr on a terminal: what was written there, stdout and the exit code."""
    master, slave = pty.openpty()
    process = start(*arguments, ranks=ranks, stderr=slave, stdout=slave if stdout_too else subprocess.PIPE)
    os.close(slave)
    shown = bytearray()
    if end_with is not None:
        begun = re.compile(MEASURED.encode() + rb"|%, [\d.]+ m?s left")
        thread = threading.Thread(target=terminate, args=(process, end_with, lambda: begun.search(shown)))
        thread.start()
    for piece in common.pieces_of_terminal(master):
        shown += piece
    stdout, _ = process.communicate(timeout=common.PATIENCE)
    if end_with is not None:
        thread.join()
    return shown.decode(), stdout, process.returncode


def lines_of_terminal(shown):
    """What stands on the terminal's lines in the end; the ^C that it shows itself is left out."""
    lines, line, column = [], "", 0
    for part in re.findall(r"\r|\n|\033\[K|[^\r\n\033]+", shown.replace("^C", "")):
        if part == "\r":
            column = 0
        elif part == "\n":
            lines.append(line)
            line = ""
        elif part == "\033[K":
            line = line[:column]
        else:
            line = line[:column].ljust(column) + part + line[column + len(part):]
            column += len(part)
    return [*lines, line]


class HowFar(common.CommandTest):
    def check_said(self, shown):
        """Every state of the line is right, and none takes anything back."""
        said = [(int(case), int(chunk), int(share), stage, float(left or 0) * (1 if unit == "s" else 1e-3))
                for case, chunk, share, stage, left, unit in SAID.findall(shown)]
        self.assertGreaterEqual(len(said), 1, repr(shown))
        self.assertEqual(len(said), shown.count("left") + shown.count("nearly done"), repr(shown))
        self.assertTrue(all(case == chunk for case, chunk, *_ in said), said)
        shares = [share for _, _, share, *_ in said]
        self.assertEqual(shares, sorted(shares))
        self.assertLess(shares[-1], 100)
        # Until the second round it is not known how long one takes.
        left = [left for *_, stage, left in said if stage not in ("warm-up", "round 1")]
        self.assertTrue(all(later <= earlier + 0.3 for earlier, later in zip(left, left[1:])), said)
        self.assertLessEqual(max(left, default=0), 4, said)

    def test_on_a_terminal(self):
        for ranks in (None, 1, 2):
            with self.subTest(ranks=ranks):
                began = time.monotonic()
                shown, stdout, code = on_terminal(*SWEEP, ranks=ranks)
                seconds = time.monotonic() - began
                self.assertEqual(code, 0, shown)
                self.check_said(shown)
                self.assertTrue(shown.endswith(WIPE), repr(shown[-80:]))
                self.assertNotIn("\n", shown)
                self.assertLessEqual(max(map(len, shown.split(WIPE))), 79)
                self.assertLessEqual(shown.count("left"), seconds + 1, "once a second")
                self.assertNotIn("left", stdout)
                self.assertNotIn("\033", stdout)

    def test_the_line_is_gone_before_results_are_printed(self):
        for ranks in (None, 2):
            with self.subTest(ranks=ranks):
                shown, _, code = on_terminal("measure", "isprime", 18446744073709551557, 18446744073709551533,
                                             "--rel", "0.0001%", "--max-time", "2s", ranks=ranks, stdout_too=True)
                self.assertEqual(code, 0, shown)
                self.assertRegex(shown, r"[12] of 2: isprime \d+ +\[")
                for piece in shown.split(WIPE):
                    self.assertFalse("%, round" in piece and "\n" in piece, repr(piece))
                self.assertEqual(len(re.findall(r"(?:\n|\033\[K)isprime +\d+ prime +ok ", shown)), 2, repr(shown))

    def test_in_lines_when_asked_for(self):
        for ranks in (None, 2, 32):
            with self.subTest(ranks=ranks):
                began = time.monotonic()
                done = common.run(*SWEEP, "--progress", "always", ranks=ranks)
                seconds = time.monotonic() - began
                self.assertEqual(done.returncode, 0, done.stderr)
                self.check_said(done.stderr)
                self.assertLessEqual(len(done.stderr.splitlines()), 1 + math.log2(max(seconds, 2) / 2), "ever more rarely")
                self.assertNotIn("left", done.stdout)

    def test_silent(self):
        self.succeed(*SWEEP, ranks=2)  # in a file, unless asked for
        shown, _, code = on_terminal(*SWEEP, "--progress", "never")
        self.assertEqual((code, shown), (0, ""))

    def test_scale_names_the_ranks(self):
        done = common.run("scale", *JOB, "2s", "--progress", "always", ranks=2)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"(?m)^([12]) of 2, (1 rank|2 ranks): sleep --tasks 8 .*: \d+ %, round \d+, up to ")

    def test_one_case_is_not_counted(self):
        done = common.run("measure", *JOB, "5s", "--progress", "always")
        self.assertRegex(done.stderr, r"(?m)^sleep --tasks 8 .*: \d+ %, round \d+, up to [\d.]+ m?s left$")

    def test_a_long_warm_up_is_watched(self):
        done = common.run("measure", "sleep", "--tasks", "60", "--cost", "50ms", "--max-time", "0.1s", "--schedule",
                          "dynamic", "--chunk", "1", "--progress", "always")
        self.assertEqual(done.returncode, 0, done.stderr)
        # After two of 3 s. (Of the first round is told what it must last.)
        share, left, unit = re.match(r"sleep .*: (\d+) %, warm-up, up to ([\d.]+) (m?s) left\n", done.stderr).groups()
        self.assertGreater(int(share), 0)
        self.assertGreater(float(left) * (1 if unit == "s" else 1e-3), 0.2, done.stderr)


class Interrupted(common.CommandTest):
    # A launcher that is interrupted gives the ranks a second, whatever keeps them from having it: hence `undisturbed`.

    def expect_samples(self, case, least=0.015):
        count = len(case["seconds"]["samples"])
        self.assertGreater(count, 0)
        self.assertEqual((case["check"], case["run"]["stopped"]), ("ok", "interrupted"))
        self.assertTrue(all(least < seconds for seconds in case["seconds"]["samples"]))
        self.assertEqual(count, len(case["serial"]["samples"]))
        return count

    def check_table(self, number, ranks):
        shown, stdout, code = on_terminal(*FOR_LONG, ranks=ranks, end_with=number)
        self.assertNotEqual(code, 0)
        if ranks is None:
            self.assertEqual(code, -number)
        self.assertRegex(stdout, r"(?m)^chunk=1 +ok +[\d.]+ .*\n^chunk=2 +ok +[\d.]+ ")
        self.assertIn("efficiency: speedup / ideal", stdout)
        end = shown[shown.rindex("left"):]
        self.assertTrue(end.startswith("left" + WIPE + "parbench: interrupted: "), repr(shown[-200:]))

    def test_the_table_ends_with_what_was_measured(self):
        for number in signal.SIGINT, signal.SIGTERM:
            with self.subTest(signal=number):
                self.check_table(number, None)
                self.undisturbed(lambda number=number: self.check_table(number, 2))

    def interrupt_on_terminal(self, *arguments, ranks):
        """Both streams on a terminal, where the launcher mixes them, on a machine that is busy: what the
        terminal's lines hold in the end."""
        loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * os.cpu_count())]
        try:
            shown, _, code = on_terminal(*arguments, ranks=ranks, end_with=signal.SIGINT, stdout_too=True)
        finally:
            for loop in loops:
                loop.kill()
                loop.wait()
        self.assertNotEqual(code, 0)
        lines = lines_of_terminal(shown)
        self.assertEqual([line for line in lines if "left" in line or "nearly done" in line], [], repr(shown[-2000:]))
        return lines

    def test_the_launcher_shows_a_clean_line_and_the_table(self):
        for command, heading, row in (("measure", "workload  answer ", "sleep "), ("scale", "sleep --tasks", "     1 ok"),
                                      ("sweep", "sleep   ", "chunk=2 ")):
            more = ("--vary", "chunk=1,2") if command == "sweep" else ()
            for ranks in (2, 8):
                def check(arguments=(command, *JOB, "60s", *more), ranks=ranks, heading=heading, row=row):
                    lines = self.interrupt_on_terminal(*arguments, ranks=ranks)
                    self.assertTrue(any(line.startswith(heading) for line in lines), lines)
                    self.assertTrue(any(line.startswith(row) for line in lines), lines)
                    ends = [i for i, line in enumerate(lines) if line.endswith("efficiency: speedup / ideal")]
                    self.assertEqual(len(ends), 1, lines)
                    self.assertTrue(any(line.startswith("parbench: interrupted: ") for line in lines[ends[0]:]), lines)

                with self.subTest(command=command, ranks=ranks):
                    self.undisturbed(check)

    def test_the_launcher_shows_a_clean_line_after_a_job(self):
        for ranks in (2, 8):
            with self.subTest(ranks=ranks):
                self.undisturbed(lambda ranks=ranks: self.assertEqual(
                    self.interrupt_on_terminal("sleep", "--tasks", "1e6", "--cost", "5ms", ranks=ranks), [""]))

    def test_a_second_signal_does_not_hasten_the_end(self):
        """Ranks other than 0 stay for two seconds, for a launcher to pass on what rank 0 writes."""
        began = []

        def interrupt_last_rank(launcher):
            rank = max(common.children_of(launcher))
            began.append(time.monotonic())
            os.kill(rank, signal.SIGINT)
            time.sleep(0.1)
            os.kill(rank, signal.SIGTERM)

        nothing = 0  # more for the launcher
        end_when_told(MEASURED, *FOR_LONG, ranks=2, number=nothing, first=interrupt_last_rank)
        self.assertGreater(time.monotonic() - began[0], 1.9)

    def test_rounds_are_whole(self):
        """The first case takes no time, so that a signal mostly comes when it is one round ahead."""
        stdout = self.end("sweep", *JOB, "60s", "--vary", "tasks=1,100", "--format", "json")
        first, second = json.loads(stdout)["cases"]
        self.assertEqual(self.expect_samples(first, 0.005), self.expect_samples(second, 0.5))

    def end(self, *arguments, ranks=None):
        """What stands on stdout when a study was ended after a round, or more."""
        stdout, stderr = end_when_told(MEASURED, *arguments, ranks=ranks)
        self.assertEqual(len([line for line in stderr.splitlines() if line.startswith("parbench: ")]), 1, stderr)
        self.assertNotIn("\033", stderr)
        return stdout

    def test_documents_are_whole(self):
        path = self.folder / "so-far.json"

        def check(ranks):
            for file in self.folder.iterdir():  # of a try that was killed
                file.unlink()
            stdout = self.end(*FOR_LONG, "--format", "json", "--json", path, ranks=ranks)
            self.assertTrue(stdout)
            cases = json.loads(stdout)["cases"]
            self.assertEqual([case["label"] for case in cases], ["chunk=1", "chunk=2"])
            for case in cases:
                self.expect_samples(case)
            self.assertEqual(json.loads(path.read_text())["cases"], cases)
            self.assertEqual([file.name for file in self.folder.iterdir()], [path.name])

        for ranks in (None, 2):
            with self.subTest(ranks=ranks):
                self.undisturbed(lambda ranks=ranks: check(ranks), tries=1 if ranks is None else 5)

    def test_without_room_the_old_file_stays(self):
        path = self.folder / "so-far.json"
        path.write_text("old")
        # A write beyond the limit of a file's size fails; the signal that comes with it is ignored, as Python does.
        end_when_told(MEASURED, *FOR_LONG, "--json", path, restore_signals=False,
                      first=lambda pid: resource.prlimit(pid, resource.RLIMIT_FSIZE, (512, 512)))
        self.assertEqual(path.read_text(), "old")
        self.assertEqual([file.name for file in self.folder.iterdir()], [path.name])

    def test_a_file_and_many_ranks(self):
        path = self.folder / "so-far.csv"

        def check():
            stdout = self.end("scale", *JOB, "60s", "--ranks", "1,32", "--format", "csv", "--output", path, ranks=32)
            self.assertEqual(stdout, "")
            rows = list(csv.DictReader(io.StringIO(path.read_text() if path.exists() else "")))
            self.assertEqual([row["ranks"] for row in rows], ["1", "32"])

        self.undisturbed(check)

    def test_cases_that_are_done_stand_once(self):
        """isprime's two cases are groups of their own: the first is on stdout when the signal comes."""
        process = start("measure", "isprime", 1000003, 1000000007, "--max-time", "20s", "--rel", "99%", "--progress",
                        "never", "--format", "csv")
        stdout, _ = process.communicate(timeout=common.PATIENCE)
        self.assertEqual(len(stdout.splitlines()), 3)
        stdout, _ = end_when_told(r"2 of 2: .*" + MEASURED, "measure", "isprime", 1000003, 18446744073709551557,
                                  "--max-time", "60s", "--rel", "0.0001%", "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(stdout)))
        self.assertEqual(len(rows), 2, stdout)
        self.assertIn("1000003", rows[0]["parameters"])
        self.assertIn("18446744073709551557", rows[1]["parameters"])
        self.assertGreater(float(rows[1]["speedup"]), 0)


if __name__ == "__main__":
    unittest.main()
