#!/usr/bin/env python3
"""Where output could be lost or cut: the file that a stream goes to, wide tables, numbers that are none."""

import csv
import io
import os
import subprocess
import unittest

from common import PROGRAM, CommandTest


class Streams(CommandTest):
    def test_the_file_that_stdout_goes_to_is_not_replaced(self):
        log = self.folder / "log"
        link = self.folder / "link"
        link.symlink_to("log")
        for stream, target in (("stdout", "/dev/stdout"), ("stdout", log), ("stdout", link), ("stderr", "/dev/stderr")):
            for option in ("--json", "--output"):
                log.write_text("old\n")
                with open(log, "a", encoding="utf-8") as file:
                    where = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: file}
                    done = subprocess.run([PROGRAM, "pi", "--samples", "1e5", option, target], check=False, text=True, **where)
                self.assertEqual(done.returncode, 2)
                said = log.read_text() if stream == "stderr" else done.stderr
                self.assertIn(f"{option}: '{target}' is the file that {stream} goes to", said)
                self.assertTrue(log.read_text().startswith("old\n"))
                self.assertEqual(sorted(os.listdir(self.folder)), ["link", "log"])


class Densities(CommandTest):
    def densities(self, *arguments):
        (point,) = self.answer("kde", *arguments)["points"]
        return point["densities"]

    def test_all_coordinates_of_a_point_are_shown(self):
        at = [str(i / 7) for i in range(60)]
        text = self.succeed("kde", "--normal", "10,60", "--widths", "8", "--at", ",".join(at), "--format", "csv")
        (row,) = csv.DictReader(io.StringIO(text))
        self.assertEqual([float(value) for value in row["at"].split()], [float(value) for value in at])

    def test_a_density_too_large_for_a_number_is_not_called_0(self):
        path = self.write("one.csv", "0,0\n")
        arguments = ("--data", path, "--widths", "1e-200")
        self.assertEqual(self.densities(*arguments), [None])
        self.assertRegex(self.succeed("kde", *arguments), r"(?m)^ +0 +0 +1e-200 +1 +-$")

    def test_no_sample_is_a_density_of_0(self):
        self.assertEqual(self.densities("--normal", "100,2", "--widths", "1e-200"), [0])


if __name__ == "__main__":
    unittest.main()
