#!/usr/bin/env python3
"""What a result says of where and how it was made."""

import json
import os
import platform
import shlex
import subprocess
import time
import unittest
from pathlib import Path

import jsonschema

from common import HERE, PROGRAM, CommandTest, run

SCHEMA = json.loads((HERE / "result.schema.json").read_text())
SMT = Path("/sys/devices/system/cpu/smt/active")
GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")


class Environment(CommandTest):
    def document(self, *arguments, **settings):
        text = self.succeed(*arguments, "--format", "json", **settings)
        jsonschema.Draft7Validator(SCHEMA).validate(json.loads(text))
        return json.loads(text)

    def environment(self, *arguments, **settings):
        return self.document(*arguments, **settings)["environment"]

    def test_machine(self):
        said = self.environment("noop", "--tasks", 10, ranks=2)
        self.assertEqual(said["kernel"], f"{platform.system()} {platform.release()}")
        memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if "MemTotal" in line)
        self.assertEqual(said["memory"], 1024 * int(memory.split()[1]))
        smt = {"0": "off", "1": "on"}[SMT.read_text().strip()] if SMT.exists() else None
        governor = GOVERNOR.read_text().strip() if GOVERNOR.exists() else None
        self.assertEqual((said["smt"], said["governor"]), (smt, governor))
        self.assertNotIn("mixed", said)

    def test_build(self):
        said = self.environment("noop", "--tasks", 10)
        version = self.succeed("--version")
        for key in ("compiler", "flags"):
            self.assertIn(f"  {key:<15}  {said[key]}\n", version)
        self.assertIn("-ffp-contract=off", said["flags"].split())
        self.assertRegex(said["compiler"], r"^\w+ [\d.]+$")
        self.assertNotIn("-W", said["flags"])

    def test_command_line(self):
        for name in ("plain.json", "it's a file.json", "$HOME;*.json", "\udcff.json"):
            with self.subTest(name):
                words = ["noop", "--tasks", "10", "--schedule=dynamic", "--json", str(self.folder / name)]
                self.succeed(*words)
                said = json.loads((self.folder / name).read_text())["environment"]["command"]
                read = subprocess.run(["bash", "-c", f"printf '%s\\0' {said}"], stdout=subprocess.PIPE,
                                      encoding="utf-8", errors="surrogateescape", check=True).stdout
                self.assertEqual(read.split("\0")[:-1], [PROGRAM, *words])

    def test_every_command_says_what_was_typed(self):
        for words in (("measure", "noop", "--tasks", "10", "--max-time", "0.05s"),
                      ("scale", "noop", "--tasks", "10", "--max-time", "0.05s"),
                      ("sweep", "noop", "--tasks", "10", "--vary", "chunk=1,2", "--max-time", "0.05s"),
                      ("counter", "--kind", "server", "--increments", "10")):
            with self.subTest(words[0]):
                said = self.environment(*words, ranks=2)["command"]
                self.assertEqual(shlex.split(said), [PROGRAM, *words, "--format", "json"])

    def test_no_password(self):
        secret = "correct-horse"
        document = json.dumps(self.document(
            "noop", "--tasks", 10, "--json", self.folder / f"{secret}.json", ranks=2,
            PARBENCH_REDIS_PASSWORD=secret, OMPI_MCA_sec_password="battery", OMPI_MCA_some_text=f"a {secret}",
            OMPI_MCA_url="tcp://me:staple@host"))
        for word in (secret, "battery", "staple"):
            self.assertNotIn(word, document)

    def test_slurm(self):
        said = self.environment("noop", "--tasks", 10)
        self.assertEqual({key for key in said if key.startswith("slurm")}, {"slurm_job"})
        said = self.environment("noop", "--tasks", 10, SLURM_JOB_ID="4711", SLURM_JOB_NAME="my job",
                                SLURM_JOB_NUM_NODES="3")
        self.assertEqual((said["slurm_job"], said["slurm_name"], said["slurm_nodes"]), ("4711", "my job", 3))

    def test_settings_of_mpi(self):
        for ranks in (None, 2):
            with self.subTest(ranks=ranks):
                # Beside these only what the machine's user has set, --oversubscribe, and our own where
                # ranks exceed cores: nothing of what mpirun tells its processes.
                said = self.environment("noop", "--tasks", 10, ranks=ranks, OMPI_MCA_osc="^ucx,rdma",
                                        OMPI_MCA_btl="self,vader")["mca"]
                others = {"rmaps_base_oversubscribe", "mpi_yield_when_idle",
                          *(name.removeprefix("OMPI_MCA_") for name in os.environ)}
                self.assertEqual({name: said[name] for name in said.keys() - others},
                                 {"osc": "^ucx,rdma", "btl": "self,vader"})

    def test_what_mpirun_was_told(self):
        said = self.environment("noop", "--tasks", 10, ranks=2)["mca"]
        self.assertEqual(said["rmaps_base_oversubscribe"], "1")  # --oversubscribe


class StartSkew(CommandTest):
    def test_every_job_has_one(self):
        (alone,) = self.cases("noop", "--tasks", 100)
        began = time.monotonic()
        (two,) = self.cases("noop", "--tasks", 100, ranks=2)
        seconds = time.monotonic() - began
        self.assertEqual(alone["run"]["start_skew_seconds"], 0)
        self.assertGreater(two["run"]["start_skew_seconds"], 0)
        self.assertLess(two["run"]["start_skew_seconds"], seconds)

    def test_below_the_tables(self):
        number = r"\d[\d.]* (?:n|u|m)?s"
        line = rf"(?m)^start skew {number}: from the first rank's start to the last one's, median$"
        several = rf"(?m)^start skew {number} to {number}: from"
        job = ("--tasks", 100, "--max-time", "0.05s")
        self.assertRegex(self.succeed("measure", "noop", *job, ranks=2), line)
        self.assertRegex(self.succeed("scale", "noop", *job, ranks=2), line)
        self.assertRegex(self.succeed("sweep", "noop", *job, "--vary", "chunk=1,2,3,4", ranks=2), several)
        self.assertNotIn("start skew", self.succeed("measure", "noop", *job))


if __name__ == "__main__":
    unittest.main()
