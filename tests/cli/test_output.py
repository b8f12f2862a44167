#!/usr/bin/env python3
"""Where results go and what they look like: text, CSV, JSON, files, devices, help."""

import copy
import csv
import io
import json
import os
import stat
import threading
import unittest

import jsonschema

from common import HERE, PATIENCE, SAMPLE, CommandTest, run

WORKLOADS = ("pi", "primes", "isprime", "factors", "kde", "fib", "sleep", "noop")
PROBES = ("queue", "counter", "flag", "array")

# One short job of every kind, and what its text must show.
JOBS = (
    (("pi", "--samples", 1000000), ("785428", "1000000", "3.141712")),
    (("primes", 100000000, 100100000, "--sum"), ("5411", "100000007", "100099981", "541369942707")),
    (("primes", 24, 29), ("count", "0", "none")),
    (("isprime", 1000003 * 1000033, 7, 1), ("1000003", "prime", "yes", "no", "factor", "none")),
    (("factors", 2, 100000), ("9592", "none: prime", "expected share", "0.166667", "of a composite", "49999")),
    (("factors", 2, 5, "--bins", 7), ("larger", "none: prime", "most")),
    (("kde", "--data", SAMPLE, "--widths", "0.1:1.2:0.1"), ("width", "count", "density", "2022", "0.16")),
    (("kde", "--normal", "5,9", "--widths", "1", "--at", "0,0,0,0,0,0,0,0,0"), ("width", "density")),
    (("fib", 20, "--tasks", 10), ("6765", "10")),
    (("fib", 10), ("55", "1")),
    (("sleep", "--tasks", 10, "--cost", "bimodal:10us"), ("10", "45", "total_cost_seconds")),
    (("noop", "--tasks", 1000), ("1000", "499500")),
    (("queue", "--tasks", 1000, "--payload", "1KiB"), ("1000", "499500", "per_second", "jobs/s")),
    (("array", "--rows", 11, "--cols", 1000), ("11000", "fill_gbps", "counted_by", "doubles/s")),
    (("array", "--rows", 3, "--cols", 5, "--fill", "random"), ("15", "sum", "mean", "remake_gbps")),
    (("queue", "--work", "primes", 100, 200, "--feeder"), ("21", "101", "199", "primes_sum", "3167")),
    (("counter", "--increments", 70), ("ns_per_increment", "file-lock", "win-lock", "70", "safe kinds lost nothing")),
    (("counter", "--kind", "window"), ("lost", "1000", "window", "unsafe: window lost 0 of 1000")),
    (("flag", "--repeat", 3), ("poll_ns", "stop_us", "p95_us", "ibcast", "wasted_rank_us", "never hear of it")),
    (("flag", "--kind", "none", "--repeat", 2), ("poll_ns", "never hear of it")),
)

SCHEMA = json.loads((HERE / "result.schema.json").read_text())


class OutputTest(CommandTest):
    def check_document(self, text):
        """The JSON document, held against the schema and against itself."""
        document = json.loads(text)
        jsonschema.Draft7Validator(SCHEMA).validate(document)
        for case in document["cases"]:
            self.assertEqual(case["ranks"], document["environment"]["ranks"])
            for seconds in (case["seconds"], *([case["serial"]] if "serial" in case else [])):
                samples = sorted(seconds["samples"])
                self.assertTrue(samples[0] <= seconds["median"] <= samples[-1])
                self.assertEqual((seconds["min"], seconds["max"]), (samples[0], samples[-1]))
            self.assertLessEqual(case["run"]["busy_mean"], case["run"]["busy_max"])
            self.assertLessEqual(case["run"].get("core_mean", 0), case["run"]["busy_mean"] * 1.000001)
        return document


class Formats(OutputTest):
    def test_schema_is_strict(self):
        # A schema that lets everything through would prove nothing.
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        good = json.loads(self.succeed("primes", 10, 20, "--format", "json"))
        validator = jsonschema.Draft7Validator(SCHEMA)
        self.assertTrue(validator.is_valid(good))
        case = ("cases", 0)
        for path, value in (
            (("schema",), 2),
            (("version",), 0.1),
            (("environment", "cores"), "2"),
            (("environment", "oversubscribed"), 0),
            (("more",), 1),
            ((*case, "more"), 1),
            ((*case, "workload"), "other"),
            ((*case, "items"), "10"),
            ((*case, "items"), 10.5),
            ((*case, "check"), "OK"),
            ((*case, "params", "lo"), 10),
            ((*case, "options", "seed"), "1"),
            ((*case, "answer", "count"), "4"),
            ((*case, "answer", "first"), 11),
            ((*case, "answer", "more"), 1),
            ((*case, "seconds", "ci95"), [1, 2]),  # after one run
            ((*case, "seconds", "ci95"), []),
            ((*case, "seconds", "samples"), []),
            ((*case, "speedup"), 2),  # without serial
        ):
            with self.subTest(path=path, value=value):
                bad = copy.deepcopy(good)
                inner = bad
                for key in path[:-1]:
                    inner = inner[key]
                inner[path[-1]] = value
                self.assertFalse(validator.is_valid(bad))

    def test_json(self):
        for job, _ in JOBS:
            with self.subTest(job=job):
                document = self.check_document(self.succeed(*job, "--format", "json"))
                self.assertEqual({case["workload"] for case in document["cases"]}, {job[0]})
                self.assertEqual(len(document["cases"]), len(job) - 1 if job[0] == "isprime" else 1)
                for case in document["cases"]:
                    self.assertEqual(case["check"], "ok")
                    self.assertIsNone(case["seconds"]["ci95"])
                    self.assertNotIn("serial", case)

    def test_json_says_what_was_asked(self):
        document = self.check_document(self.succeed(
            "kde", "--normal", "1e2,2", "--widths", "0.1:0.3:0.1", "--split", "widths", "--at", "1,2",
            "--seed", "9", "--flag", "none", "--format", "json", ranks=3,
            SLURM_JOB_ID="4711"))
        (case,) = document["cases"]
        self.assertEqual(document["environment"]["slurm_job"], "4711")
        self.assertEqual((document["environment"]["ranks"], case["ranks"]), (3, 3))
        self.assertEqual((case["options"]["seed"], case["options"]["flag"]), (9, "none"))
        self.assertGreater(case["run"]["setup_seconds"], 0)
        self.assertEqual(case["run"]["split"], "widths")
        self.assertEqual({key: case["params"][key] for key in ("normal", "at", "split", "widths", "data")},
                         {"normal": "1e2,2", "at": "1,2", "split": "widths", "widths": [0.1, 0.2, 0.3],
                          "data": None})

    def test_text(self):
        for job, words in JOBS:
            with self.subTest(job=job):
                text = self.succeed(*job)
                self.assertTrue(text.startswith(f"{job[0]} "), text)
                self.assertTrue(text.endswith("\n"))
                self.assertIn("ok: ", text)
                for word in words:
                    self.assertIn(word, text)
                for line in text.splitlines():
                    self.assertEqual(line, line.rstrip())

    def read_csv(self, text):
        rows = list(csv.DictReader(io.StringIO(text), strict=True))
        for row in rows:
            self.assertNotIn(None, row.values(), "fewer fields than headings")
            self.assertNotIn(None, row, "more fields than headings")
        return rows

    def test_csv_of_cases(self):
        rows = self.read_csv(self.succeed("isprime", 25, 7, "--format", "csv"))
        self.assertEqual([row["workload"] for row in rows], ["isprime", "isprime"])
        self.assertEqual([row["parameters"] for row in rows], ["n=25 precheck=on", "n=7 precheck=on"])
        self.assertEqual([row["answer"] for row in rows],
                         ["n=25 prime=no factor=5", "n=7 prime=yes"])
        self.assertEqual([(row["ranks"], row["check"]) for row in rows], [("1", "ok")] * 2)
        self.assertGreater(float(rows[0]["seconds"]), 0)
        self.assertEqual([row["speedup"] for row in rows], ["", ""])

    def test_csv_has_the_intervals(self):
        arguments = ("measure", "pi", "--samples", "1e5", "--max-time", "20s")
        text = self.succeed(*arguments, "--format", "csv", "--json", self.folder / "result.json")
        (row,) = self.read_csv(text)
        record = json.loads((self.folder / "result.json").read_text())["cases"][0]
        for prefix, seconds in (("", record["seconds"]), ("serial_", record["serial"])):
            self.assertEqual(int(row[prefix + "samples"]), len(seconds["samples"]))
            self.assertGreaterEqual(len(seconds["samples"]), 6)
            for column, bound in zip(("ci95_low", "ci95_high"), seconds["ci95"]):
                self.assertAlmostEqual(float(row[prefix + column]), bound, delta=1e-6 * bound)
        (row,) = self.read_csv(self.succeed("pi", "--samples", "100", "--format", "csv"))
        self.assertEqual([row[name] for name in ("samples", "ci95_low", "serial_samples", "serial_ci95_high")],
                         ["1", "", "", ""])

    def test_csv_of_a_list(self):
        rows = self.read_csv(self.succeed("kde", "--data", SAMPLE, "--widths", "0.1:1.2:0.1",
                                          "--at", "0:1:n2,0", "--format", "csv"))
        self.assertEqual(len(rows), 24)
        self.assertEqual({key: float(value) for key, value in rows[0].items()},
                         {"x1": 0, "x2": 0, "width": 0.1, "count": 16,
                          "density": 16 / (10000 * (0.1 * 0.1))})
        self.assertEqual([int(row["count"]) for row in rows[:12]],
                         [16, 61, 135, 247, 390, 547, 742, 939, 1194, 1445, 1728, 2022])
        self.assertEqual([row["width"] for row in rows[:3]], ["0.1", "0.2", "0.3"])
        self.assertEqual({row["x1"] for row in rows[12:]}, {"1"})

    def test_csv_of_many_dimensions(self):
        rows = self.read_csv(self.succeed("kde", "--normal", "5,9", "--widths", "1,99", "--format", "csv"))
        self.assertEqual([row["at"] for row in rows], [" ".join("0" * 9)] * 2)
        self.assertEqual([row["count"] for row in rows][1], "5")


class Files(OutputTest):
    JOB = ("pi", "--samples", 1000)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_output_instead_of_stdout(self):
        for form in ("text", "csv", "json"):
            with self.subTest(form):
                file = self.folder / f"result.{form}"
                self.assertEqual(self.succeed(*self.JOB, "--format", form, "--output", file), "")
                self.assertIn("pi", file.read_text())
        self.check_document((self.folder / "result.json").read_text())
        self.assertEqual(self.names(), ["result.csv", "result.json", "result.text"])

    def test_json_beside_the_normal_output(self):
        file = self.folder / "result.json"
        text = self.succeed(*self.JOB, "--json", file, ranks=3)
        self.assertIn("standard errors", text)
        document = self.check_document(file.read_text())
        self.assertEqual(document["cases"][0]["ranks"], 3)
        self.assertEqual(self.names(), ["result.json"])

    def test_both_files(self):
        output, file = self.folder / "o", self.folder / "j"
        self.assertEqual(self.succeed("isprime", 25, 7, "--output", output, "--json", file), "")
        self.assertEqual(output.read_text().count("ok: "), 2)
        self.assertEqual(len(self.check_document(file.read_text())["cases"]), 2)

    def test_files_are_replaced_whole(self):
        file = self.write("old.json", "x" * 100000)
        file.chmod(0o640)
        self.succeed(*self.JOB, "--json", file)
        self.check_document(file.read_text())
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o640)
        self.assertEqual(self.names(), ["old.json"])

    def test_names_in_the_folder_at_hand(self):
        self.succeed(*self.JOB, "--json", "-a b.json", "--output", "./o", folder=self.folder)
        self.assertEqual(self.names(), ["-a b.json", "o"])

    def test_through_links(self):
        (self.folder / "there").mkdir()
        real = self.write("there/real.json", "old")
        for name, target in (("relative", "there/real.json"), ("absolute", real),
                             ("twice", "relative"), ("new", "there/new.json")):
            link = self.folder / name
            link.symlink_to(target)
            with self.subTest(name):
                self.succeed(*self.JOB, "--json", link)
                self.assertTrue(link.is_symlink())
                self.check_document(link.read_text())
                link.resolve().write_text("old")
        self.assertEqual(sorted(os.listdir(self.folder / "there")), ["new.json", "real.json"])

    def make_device(self, name, numbers, real):
        """A device like `real`, but here: a faulty program run by root would replace the real one."""
        path = self.folder / name
        try:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(*numbers))
            path.open("wb").close()
        except OSError:
            if os.geteuid() == 0:
                self.skipTest("devices cannot be made here")
            return real
        return str(path)

    def test_a_device_stays_a_device(self):
        null = self.make_device("null", (1, 3), "/dev/null")
        self.assertEqual(self.succeed(*self.JOB, "--output", null), "")
        self.assertIn("standard errors", self.succeed(*self.JOB, "--json", null))
        self.assertTrue(stat.S_ISCHR(os.stat(null).st_mode))
        self.assertLessEqual(len(self.names()), 1)

    def test_a_full_device(self):
        full = self.make_device("full", (1, 7), "/dev/full")
        for option in ("--output", "--json"):
            for ranks in (None, 3):
                with self.subTest(option=option, ranks=ranks):
                    self.expect_failure(run(*self.JOB, option, full, ranks=ranks), full)
        self.assertTrue(stat.S_ISCHR(os.stat(full).st_mode))
        with open(full, "wb") as file:
            self.expect_failure(run(*self.JOB, stdout=file), "stdout")
            self.expect_failure(run("help", stdout=file), "stdout")
            self.expect_failure(run("isprime", 7, 25, "--format", "json", stdout=file), "stdout")

    def expect_failure(self, done, word):
        own = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
        self.assertEqual((done.returncode, len(own)), (1, 1), done.stderr)
        self.assertIn(word, own[0])
        self.assertIn("No space left", own[0])

    def test_a_pipe(self):
        # Written once and not replaced: its reader sees one whole document of both cases.
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        received = []
        reader = threading.Thread(target=lambda: received.append(pipe.read_text()), daemon=True)
        reader.start()
        self.succeed("isprime", 7, 25, "--json", pipe)
        reader.join(PATIENCE)
        self.assertEqual(len(self.check_document(received[0])["cases"]), 2)
        self.assertTrue(stat.S_ISFIFO(pipe.stat().st_mode))

    def test_stdout_by_name(self):
        text = self.succeed("isprime", 7, 25, "--format", "json", "--output", "/dev/stdout")
        self.assertEqual(len(self.check_document(text)["cases"]), 2)


class Suite(OutputTest):
    def test_suite(self):
        file = self.folder / "suite.json"
        text = self.succeed("--json", file, ranks=2)
        document = self.check_document(file.read_text())
        cases = document["cases"]
        self.assertEqual([case["workload"] for case in cases], ["pi", "primes", "isprime", "kde"])
        for case in cases:
            with self.subTest(case["workload"]):
                self.assertEqual((case["check"], case["ranks"]), ("ok", 2))
                self.assertEqual(len(case["seconds"]["samples"]), len(case["serial"]["samples"]))
                self.assertEqual(case["ideal"], min(2, document["environment"]["cores"]))
                speedup = case["serial"]["median"] / case["seconds"]["median"]
                self.assertAlmostEqual(case["speedup"], speedup)
                self.assertAlmostEqual(case["efficiency"], speedup / case["ideal"])
                self.assertAlmostEqual(case["items_per_second"] * case["seconds"]["median"],
                                       case["items"], delta=1e-6 * case["items"])
                low, high = case["seconds"]["ci95"] or (0, case["seconds"]["max"])
                self.assertTrue(low <= case["seconds"]["median"] <= high)
        self.assertEqual({(case["run"]["group"], len(case["seconds"]["samples"])) for case in cases},
                         {(0, len(cases[0]["seconds"]["samples"]))}, "measured in rounds")
        answers = {case["workload"]: case["answer"] for case in cases}
        self.assertEqual(answers["primes"]["count"], 189961812)  # below 4e9
        self.assertIs(answers["isprime"]["prime"], True)
        table = [line.split() for line in text.splitlines() if line.split()[:1] in
                 [[case["workload"]] for case in cases]]
        self.assertEqual([(row[0], "ok" in row) for row in table],
                         [(case["workload"], True) for case in cases])


class Information(OutputTest):
    COMMANDS = (
        (("help",), ("usage", *WORKLOADS, *PROBES, "--seed", "--format", "--output", "--json")),
        (("--help",), ("usage", *WORKLOADS)),
        (("-h",), ("usage", *WORKLOADS)),
        (("list",), WORKLOADS + PROBES),
        (("help", "queue"), ("--work primes LO HI", "--payload SIZE", "completion|input|sorted", "--seed")),
        (("--version",), ("parbench ", "compiler", "MPI", "hwloc", "jansson", "libprimesieve")),
        (("help", "pi"), ("pi", "--samples", "example", "--seed")),
        (("pi", "--help"), ("pi", "--samples", "example", "--seed")),
        (("primes", "1", "--help"), ("LO", "HI", "--kernel", "auto|sieve|mr|trial", "--sum")),
        (("help", "isprime"), ("N...",)),
        (("help", "kde"), ("--widths", "--data", "--normal", "--at", "--split")),
        (("help", "fib"), ("N", "--tasks")),
        (("help", "sleep"), ("--tasks", "--cost", "--burn", "bimodal:")),
        (("help", "noop"), ("--tasks",)),
    )

    def test_alone(self):
        for command, words in self.COMMANDS:
            with self.subTest(command):
                text = self.succeed(*command)
                for word in words:
                    self.assertIn(word, text)

    def test_help_has_two_spellings(self):
        for name in WORKLOADS + PROBES:
            self.assertEqual(self.succeed(name, "--help"), self.succeed("help", name))

    def test_help_shows_what_is_heeded(self):
        for option in ("--schedule", "--chunk", "--dispatch", "--flag"):
            self.assertIn(option, self.succeed("help", "sleep"))
            self.assertNotIn(option, self.succeed("help", "queue"))

    def test_printed_once_by_many_ranks(self):
        for command in (("help",), ("help", "kde"), ("pi", "--help"), ("list",), ("--version",)):
            with self.subTest(command):
                self.assertEqual(self.succeed(*command, ranks=4), self.succeed(*command))

    def test_no_mpi_is_needed(self):
        nonsense = {"OMPI_MCA_pml": "nonsense"}
        self.assertNotEqual(run("pi", "--samples", 10, **nonsense).returncode, 0,
                            "MPI starts in spite of the nonsense: this test proves nothing")
        for command, _ in self.COMMANDS:
            with self.subTest(command):
                self.assertEqual(self.succeed(*command, **nonsense), self.succeed(*command))
        refused = run("pi", "--samples", "x", **nonsense)
        self.assertEqual((refused.returncode, len(refused.stderr.splitlines())), (2, 1))

    def test_examples_of_the_help_work(self):
        # As typed, but for the sizes: those are for a cluster.
        for workload in WORKLOADS:
            text = self.succeed("help", workload)
            (example,) = [line for line in text.splitlines() if line.startswith("example: ")]
            words = example.split("parbench ")[1].replace("1e9", "1e5").split()
            with self.subTest(example):
                self.assertEqual(words[0], workload)
                self.cases(*words)


if __name__ == "__main__":
    unittest.main()
