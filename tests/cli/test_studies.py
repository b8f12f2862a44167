#!/usr/bin/env python3
"""measure, scale and sweep: the right cases, in rounds, with every sample kept, and what they say."""

import json
import math
import os
import re
import statistics
import subprocess
import sys
import unittest
from pathlib import Path

import common
import jsonschema

SCHEMA = json.loads((Path(__file__).parent / "result.schema.json").read_text())


def interval_of_median(samples):
    """Of 95 % or more, between two samples, by the binomial distribution."""
    count, below, rank = len(samples), 0, 0
    while below + math.comb(count, rank) <= 0.025 * 2**count:
        below += math.comb(count, rank)
        rank += 1
    return sorted(samples)[rank - 1], sorted(samples)[count - rank]


class Studies(common.CommandTest):
    def study(self, *arguments, **settings):
        """The JSON document of a study."""
        document = json.loads(self.succeed(*arguments, "--format", "json", **settings))
        jsonschema.validate(document, SCHEMA)
        for case in document["cases"]:
            self.assertEqual(case["check"], "ok", case)
        return document


class Measure(Studies):
    def test_repeats_until_the_interval_is_narrow(self):
        (case,) = self.study("measure", "sleep", "--tasks", 4, "--cost", "5ms", "--rel", "50%", "--max-time", "20s",
                             ranks=2)["cases"]
        samples = case["seconds"]["samples"]
        self.assertEqual(case["run"]["stopped"], "narrow")
        self.assertGreaterEqual(len(samples), 6, "fewer have no interval")
        low, high = case["seconds"]["ci95"]
        self.assertEqual((low, high), interval_of_median(samples))
        self.assertLessEqual(high - low, 2 * 0.5 * case["seconds"]["median"])
        for count in range(6, len(samples)):
            widths = [(high - low) / statistics.median(some) for some in (samples[:count], case["serial"]["samples"][:count])
                      for low, high in [interval_of_median(some)]]
            self.assertGreater(max(widths), 2 * 0.5, f"{count} would have sufficed")
        self.assertEqual(len(case["serial"]["samples"]), len(samples))
        self.assertAlmostEqual(case["speedup"], case["serial"]["median"] / case["seconds"]["median"])
        self.assertGreaterEqual(case["serial"]["min"], 0.02)  # the kernel alone sleeps through all tasks
        self.assertGreaterEqual(min(samples), 0.01)  # two ranks share them

    def test_stops_when_the_time_is_spent(self):
        (case,) = self.study("measure", "sleep", "--tasks", 4, "--cost", "20ms", "--rel", "0.0001%", "--max-time",
                             "0.6s", ranks=2)["cases"]
        self.assertEqual(case["run"]["stopped"], "time")
        # The last one began in time; the others ended in time, too.
        self.assertLess(sum(case["seconds"]["samples"][:-1]) + sum(case["serial"]["samples"][:-1]), 0.6)

    def test_every_number_is_a_case(self):
        cases = self.study("measure", "isprime", 1000003, 1000005, "--max-time", "0.1s")["cases"]
        self.assertEqual([case["answer"]["n"] for case in cases], ["1000003", "1000005"])

    def test_table(self):
        text = self.succeed("measure", "noop", "--tasks", "1e5", "--max-time", "0.2s")
        self.assertRegex(text, r"(?m)^workload +answer +check +seconds +95 % +serial s +speedup +ideal +efficiency$")
        self.assertRegex(text, r"(?m)^noop +100000 tasks +ok +[\d.e-]+ +(-[\d.]+/\+[\d.]+ %|-) ")

    def test_what_ended_the_repeats_is_told(self):
        sleep = ("sleep", "--tasks", 4, "--cost", "5ms", "--max-time")
        for command, expected in ((("measure", *sleep, "20s", "--rel", "50%"), r"sleep (\d+) until the intervals were narrow"),
                                  (("measure", *sleep, "0.5s", "--rel", "0.0001%"), r"sleep (\d+) until the time was spent"),
                                  (("scale", *sleep, "0.5s", "--rel", "0.0001%"), r"sleep (\d+) until the time was spent")):
            done = common.run(*command, "--json", self.folder / "r.json", ranks=2)
            (told,) = re.findall(r"(?m)^repeats: (.*)$", done.stdout)
            (repeats,) = re.fullmatch(expected, told).groups()
            for case in json.loads((self.folder / "r.json").read_text())["cases"]:
                self.assertEqual(len(case["seconds"]["samples"]), int(repeats))

    def test_complaints(self):
        for arguments, expected in (
                (("measure",), "measure: the workload is missing: for example"),
                (("measure", "nothing"), "unknown workload, probe or command 'nothing'"),
                (("measure", "doctor"), "doctor cannot be measured: accepted are workloads and the probes queue, counter"),
                (("measure", "primes", 0, 100, "--print"), "primes: a list is made by a job that is done once"),
                (("scale", "queue", "--tasks", 10, "--print"), "queue: a list is made by a job that is done once"),
                (("scale", "--weak", "queue", "--tasks", 10), "--weak: a job of queue cannot grow"),
                (("measure", "pi", "--rel", "5"), "--rel: '5' is no share: accepted are percentages"),
                (("measure", "pi", "--rel", "0%"), "--rel: '0%'"),
                (("measure", "pi", "--max-time", "soon"), "--max-time: 'soon' is not a time"),
                (("measure", "pi", "--vary", "chunk=1"), "unknown option '--vary'"),
                (("measure", "pi", "--weak"), "unknown option '--weak'"),
                (("pi", "--rel", "5%"), "unknown option '--rel'")):
            with self.subTest(arguments=arguments):
                done = common.run(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn(expected, done.stderr)


class Scale(Studies):
    def losses(self, *arguments, **settings):
        """What a scaled job lost, and the words on it."""
        (analysis,) = self.study("scale", *arguments, **settings)["analysis"]
        losses = analysis["losses"]
        self.assertAlmostEqual(losses["typical_efficiency"] + sum(losses["shares"].values()), 1)
        return losses, analysis["diagnosis"]

    def test_an_early_exit_is_not_the_same_work(self):
        losses, text = self.losses("isprime", 16000000005366153683, "--schedule", "static", "--max-time", "2s",
                                   "--ranks", "1,2", ranks=2)
        if losses["workers"] == 2:  # the second rank's part begins shortly before the factor
            self.assertLess(losses["items_over_alone"], 0.5)
            self.assertLess(losses["shares"]["other_work"], 0)
            self.assertIn("the find came sooner", text)
        self.assertNotIn("the same work", text)

    def test_what_the_cores_allow_is_measured_beside_it(self):
        for extra in ((), ("--weak",)):
            with self.subTest(extra=extra):
                document = self.study("scale", "pi", "--samples", "2e7", *extra, "--max-time", "1s", ranks=4)
                cases = document["cases"]
                cores = document["environment"]["cores"]
                most = max((case["ranks"] for case in cases if 1 < case["ranks"] <= cores), default=None)
                self.assertEqual([case["ranks"] for case in cases if "core_bound" in case], [most] if most else [])
                for case in cases:
                    if "core_bound" in case:
                        self.assertEqual(len(case["at_once"]["samples"]), len(case["seconds"]["samples"]))
                        allowed = most * case["serial"]["median"] / case["at_once"]["median"]
                        self.assertAlmostEqual(case["core_bound"], allowed)
                        self.assertTrue(0.1 * most < allowed < 10 * most, allowed)
                        (analysis,) = document["analysis"]
                        self.assertTrue(0.5 < analysis["losses"]["cost_at_once"] < 12)
                        self.assertIn(f"on all of them at once, gets {allowed:.2f} times what one gets by itself; the "
                                      f"speedup reaches {case['speedup'] / allowed:.2f} of that",
                                      analysis["diagnosis"])

    def test_handing_out_single_items(self):
        losses, text = self.losses("noop", "--tasks", "1e5", "--schedule", "dynamic", "--max-time", "2s", ranks=2)
        self.assertGreater(losses["cost_in_pool"], 2)
        self.assertGreater(losses["shares"]["handing_out"], 0.02)
        self.assertIn("handing out, in the pool: one worker already takes", text)
        self.assertNotIn("memory-bound", text)

    def test_neighbours_on_the_cores(self):
        loop = "import os, sys\nos.sched_setaffinity(0, {int(sys.argv[1])})\nwhile True: pass"
        neighbours = [subprocess.Popen([sys.executable, "-c", loop, str(cpu)]) for cpu in os.sched_getaffinity(0)]
        try:
            losses, text = self.losses("pi", "--samples", "1e8", "--max-time", "0.5s", "--ranks", "1,2", ranks=2)
        finally:
            for neighbour in neighbours:
                neighbour.kill()
                neighbour.wait()
        self.assertGreater(losses["shares"]["taken"], 0.15, text)
        self.assertLess(losses["shares"]["baseline"], -0.02, text)  # the kernel alone had them, too
        self.assertIn("others had the cores meanwhile", text)

    def test_work_that_needs_no_core(self):
        document = self.study("scale", "sleep", "--tasks", 64, "--cost", "1ms", "--max-time", "0.3s", ranks=8)
        self.assertEqual([case["ideal"] for case in document["cases"]], [1, 2, 4, 8])
        (analysis,) = document["analysis"]
        self.assertEqual(analysis["losses"]["workers"], 8)
        self.assertNotIn("oversubscribed", analysis)
        self.assertNotIn("oversubscribed", analysis["diagnosis"])
        self.assertNotIn("processor time", analysis["diagnosis"])
        cores = document["environment"]["cores"]
        burning = self.study("scale", "sleep", "--burn", "--tasks", 8, "--cost", "0.1ms", "--max-time", "0.1s", ranks=8)
        self.assertEqual([case["ideal"] for case in burning["cases"]], [min(ranks, cores) for ranks in (1, 2, 4, 8)])

    def test_a_serial_fraction_is_one(self):
        for case in self.study("scale", "noop", "--tasks", 1000, "--schedule", "dynamic", "--max-time", "0.1s",
                               ranks=2)["cases"]:
            self.assertTrue(0 <= case.get("karp_flatt", 0) <= 1)
            if case["speedup"] < 1:
                self.assertNotIn("karp_flatt", case)

    def test_uneven_starts_are_noted(self):
        for ranks in (1, 64):
            path = self.folder / "r.json"
            text = self.succeed("measure", "noop", "--tasks", 1, "--max-time", "1s", "--json", path, ranks=ranks)
            (case,) = json.loads(path.read_text())["cases"]
            uneven = case["run"]["start_skew_seconds"] > 0.05 * case["seconds"]["median"]
            self.assertEqual("% of the time apart" in text, uneven)
            self.assertEqual(uneven, ranks > 1)

    def test_powers_of_two_and_all(self):
        document = self.study("scale", "sleep", "--tasks", 60, "--cost", "1ms", "--max-time", "1s", ranks=5)
        cases = document["cases"]
        self.assertEqual([case["ranks"] for case in cases], [1, 2, 4, 5])
        self.assertEqual({case["answer"]["tasks"] for case in cases}, {60})
        baselines = [case["serial"]["samples"] for case in cases]
        self.assertTrue(all(samples == baselines[0] for samples in baselines), "one baseline for all")
        # Tasks that sleep do so at once, whatever the cores.
        self.assertGreater(min(baselines[0]) / min(cases[2]["seconds"]["samples"]), 1.5)
        (analysis,) = document["analysis"]
        self.assertEqual([fit["law"] for fit in analysis["fits"]], ["Amdahl", "the universal law"])

    def test_given_ranks(self):
        cases = self.study("scale", "noop", "--tasks", 1000, "--ranks", "1,3", "--max-time", "0.1s", ranks=4)["cases"]
        self.assertEqual([case["ranks"] for case in cases], [1, 3])

    def test_weak(self):
        cases = self.study("scale", "--weak", "sleep", "--tasks", 20, "--cost", "1ms", "--max-time", "0.3s",
                           ranks=4)["cases"]
        self.assertEqual([case["answer"]["tasks"] for case in cases], [20, 40, 80])
        self.assertEqual([case.get("enlarged") for case in cases], [None, 2, 4])
        self.assertEqual([case["params"]["tasks"] for case in cases], [20, 40, 80])
        for case in cases:
            scaled = case.get("enlarged", 1) * case["serial"]["median"] / case["seconds"]["median"]
            self.assertAlmostEqual(case["speedup"], scaled)

    def test_every_workload_that_can_grow_does(self):
        for arguments, size in ((("pi", "--samples", 1000), "samples"), (("primes", 100, 200), "count"),
                                (("fib", 10, "--tasks", 3), "tasks"), (("noop", "--tasks", 50), "tasks")):
            with self.subTest(arguments=arguments):
                first, second = self.study("scale", "--weak", *arguments, "--max-time", "0.05s", ranks=2)["cases"]
                self.assertEqual(second["items"], 2 * first["items"])
                self.assertGreater(second["answer"][size], first["answer"][size])

    def test_says_oversubscribed(self):
        text = self.succeed("scale", "pi", "--samples", "1e6", "--max-time", "0.2s", "--ranks", "1,64", ranks=64)
        self.assertIn("it is oversubscribed: 64 share", text)
        self.assertRegex(text, r"(?m)^ ranks check +seconds .*Karp-Flatt$")

    def test_complaints(self):
        for arguments, expected in (
                (("scale", "pi", "--ranks", "1,9"), "--ranks: '9' in '1,9': accepted are ascending numbers from 1 to 2"),
                (("scale", "pi", "--ranks", "2,1"), "--ranks: '1' in '2,1'"),
                (("scale", "pi", "--ranks", "0"), "--ranks: '0'"),
                (("scale", "pi", "--weak", "--ranks", "2"), "--ranks: with --weak the first one is 1"),
                (("scale", "--weak", "isprime", "7"), "--weak: a job of isprime cannot grow"),
                # Before the smaller one is done, which would take minutes.
                (("scale", "--weak", "factors", 2, "6e11"), "--weak: factors 2 6e11 cannot be made 2 times as large")):
            with self.subTest(arguments=arguments):
                done = common.run(*arguments, ranks=2)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                lines = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
                self.assertEqual(len(lines), 1, done.stderr)
                self.assertIn(expected, lines[0])


class Sweep(Studies):
    def test_all_combinations(self):
        cases = self.study("sweep", "sleep", "--tasks", 20, "--cost", "0.1ms", "--vary", "schedule=static,dynamic",
                           "--vary", "chunk=1,5,7", "--max-time", "0.05s", ranks=2)["cases"]
        settings = [(case["options"]["schedule"], case["options"]["chunk"]) for case in cases]
        self.assertEqual(settings, [(schedule, chunk) for schedule in ("static", "dynamic") for chunk in (1, 5, 7)])
        self.assertEqual(cases[1]["label"], "schedule=static chunk=5")
        self.assertEqual({len(case["seconds"]["samples"]) for case in cases},
                         {len(cases[0]["seconds"]["samples"])}, "measured in rounds")

    def test_parameters_and_ranks(self):
        cases = self.study("sweep", "noop", "--vary", "tasks=100,200", "--vary=ranks=1,3", "--max-time", "0.05s",
                           ranks=3)["cases"]
        self.assertEqual([(case["items"], case["ranks"]) for case in cases], [(100, 1), (100, 3), (200, 1), (200, 3)])
        same, other = cases[1]["serial"]["samples"], cases[2]["serial"]["samples"]
        self.assertEqual(cases[0]["serial"]["samples"], same, "the same job has one baseline")
        self.assertNotEqual(same, other)

    def test_several_numbers_and_threads(self):
        cases = self.study("sweep", "isprime", 1000003, 1000005, "--vary", "threads=1,2", "--max-time", "0.05s")["cases"]
        self.assertEqual([(case["answer"]["n"], case["options"]["threads"]) for case in cases],
                         [("1000003", 1), ("1000005", 1), ("1000003", 2), ("1000005", 2)])

    def test_files_and_table(self):
        path = self.folder / "sweep.json"
        text = self.succeed("sweep", "noop", "--vary", "chunk=1,1000", "--json", path, "--max-time", "0.05s")
        self.assertRegex(text, r"(?m)^chunk=1000 +ok +\d")
        self.assertEqual(len(json.loads(path.read_text())["cases"]), 2)
        lines = self.succeed("sweep", "noop", "--vary", "chunk=1,1000", "--format", "csv", "--max-time",
                             "0.05s").splitlines()
        self.assertEqual([line.split(",")[12] for line in lines], ["label", "chunk=1", "chunk=1000"])

    def test_complaints(self):
        for arguments, expected in (
                (("sweep", "pi"), "sweep: --vary is missing"),
                (("sweep", "pi", "--vary"), "--vary: the value is missing"),
                (("sweep", "pi", "--vary", "chunk"), "--vary: 'chunk' is no option with values"),
                (("sweep", "pi", "--vary", "=1"), "--vary: '=1'"),
                (("sweep", "pi", "--vary", "chunk=,"), "--vary: 'chunk=,' lists no values"),
                (("sweep", "pi", "--vary", "chink=1,2"), "unknown option '--chink'"),
                (("sweep", "pi", "--vary", "chunk=1,x"), "--chunk: 'x'"),
                (("sweep", "pi", "--vary", "ranks=0"), "ranks=0: accepted are counts"),
                (("sweep", "pi", "--vary", "ranks=2"), "ranks: 2 are more than were started"),
                (("sweep", "--vary", "chunk=1"), "the workload is missing"),
                (("sweep", "pi", "--vary", "dispatch=node,scatter", "--chunk", "5"), "--chunk: scatter")):
            with self.subTest(arguments=arguments):
                done = common.run(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn(expected, done.stderr)


class Probes(Studies):
    def test_a_shared_array_is_scaled_against_what_memory_allows(self):
        path = self.folder / "array.json"
        done = common.run("scale", "array", "--rows", 100, "--cols", 10000, "--max-time", "0.2s", "--json", path, ranks=2)
        document = json.loads(path.read_text())
        jsonschema.Draft7Validator(SCHEMA).validate(document)
        self.assertEqual([case["ranks"] for case in document["cases"]], [1, 2])
        for case in document["cases"]:
            self.assertEqual((case["check"], case["answer"]["values"]), ("ok", 1000000))
            self.assertAlmostEqual(case["speedup"], case["serial"]["median"] / case["seconds"]["median"])
            self.assertTrue(0.2 < case["memory_bound"] < 5, case["memory_bound"])
        self.assertEqual(len(document["analysis"]), 1)
        self.assertRegex(done.stdout, r"(?m)^ ranks .* memory +each$")
        self.assertIn("\nmemory: how much faster", done.stdout)

    def test_a_queue_is_swept(self):
        document = self.study("sweep", "queue", "--tasks", 200, "--vary", "payload=0,1KiB", "--max-time", "0.1s", ranks=3)
        self.assertEqual([case["params"]["payload"] for case in document["cases"]], [0, 1024])
        for case in document["cases"]:
            self.assertEqual(case["answer"], {"tasks": 200, "sum": "19900"})
            self.assertGreater(case["speedup"], 0)
            self.assertGreater(case["run"]["workers"], 1)

    def test_without_a_shared_job_there_is_no_speedup(self):
        path = self.folder / "counter.json"
        done = common.run("sweep", "counter", "--increments", 100, "--vary", "kind=atomic,window", "--max-time", "5s",
                          "--json", path, ranks=2)
        for case in json.loads(path.read_text())["cases"]:
            self.assertNotIn("speedup", case)
            self.assertNotIn("serial", case)
            self.assertGreater(len(case["seconds"]["samples"]), 1)
            each = r"\d[\d.]* (ns|us|ms)"
            self.assertRegex(done.stdout, rf"(?m)^{case['label']} +ok +\d.* - +- +- +- +{each}$")

    def test_scaling_that_compares_nothing_is_not_analysed(self):
        document = self.study("scale", "counter", "--increments", 100, "--kind", "atomic", "--max-time", "0.1s", ranks=2)
        self.assertNotIn("analysis", document)
        self.assertEqual([case["run"]["expected"] for case in document["cases"]], [100, 200])

    def test_what_an_item_takes(self):
        text = common.run("measure", "queue", "--tasks", 200, "--max-time", "0.1s", ranks=2).stdout
        self.assertRegex(text, r"(?m)^queue --tasks 200: \d[\d.]* (ns|us|ms) a job$")


if __name__ == "__main__":
    unittest.main()
