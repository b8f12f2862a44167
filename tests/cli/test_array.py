#!/usr/bin/env python3
"""The probe `array` as a user runs it."""

import struct
import unittest

from common import CommandTest, run, run_all

M0, M1, K0, K1 = 0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85
LOW = 0xFFFFFFFF


def uniforms(seed, count):
    """The random values in units of 2^-53, by Philox4x32-10 as its paper has it."""
    values = []
    for block in range((count + 1) // 2):
        words = [block & LOW, block >> 32, 0, 0]
        keys = [seed & LOW, seed >> 32]
        for _ in range(10):
            high, low = words[0] * M0, words[2] * M1
            words = [low >> 32 ^ words[1] ^ keys[0], low & LOW, high >> 32 ^ words[3] ^ keys[1], high & LOW]
            keys = [keys[0] + K0 & LOW, keys[1] + K1 & LOW]
        values += [value >> 11 for value in struct.unpack("<QQ", struct.pack("<IIII", *words))]
    return values[:count]


class Array(CommandTest):
    # rows, columns
    SHAPES = ((1, 1), (3, 1000), (101, 77), (1000, 513))
    COUNTS = (None, 1, 2, 3, 8)

    def case(self, rows, cols, *options, ranks=None):
        (case,) = self.cases("array", "--rows", rows, "--cols", cols, *options, ranks=ranks)
        facts = case["run"]
        self.assertEqual(case["items"], rows * cols)
        self.assertEqual(facts["bytes"], 8 * rows * cols)
        self.assertEqual([row["rank"] for row in facts["per_rank"]], list(range(ranks or 1)))
        for row in facts["per_rank"]:
            self.assertIn(row["rows"] - rows // (ranks or 1), (0, 1))
            self.assertEqual(row["values"], row["rows"] * cols)
            # By another rank, where there is one: what is looked at is that it sees the same memory.
            self.assertTrue(ranks in (None, 1) or row["counted_by"] != row["rank"])
        self.assertEqual(sum(row["rows"] for row in facts["per_rank"]), rows)
        self.assertEqual(sorted(row["counted_by"] for row in facts["per_rank"]), list(range(ranks or 1)))
        return case

    def test_ranks(self):
        for ranks in self.COUNTS:
            for rows, cols in self.SHAPES:
                with self.subTest(ranks=ranks, rows=rows, cols=cols):
                    self.assertEqual(self.case(rows, cols, ranks=ranks)["answer"],
                                     {"rows": rows, "cols": cols, "values": rows * cols})

    def test_random_values_are_those_of_the_seed(self):
        for seed in (1, 2**40 + 3):
            total = sum(uniforms(seed, 3001 * 3))
            for ranks in self.COUNTS:
                with self.subTest(seed=seed, ranks=ranks):
                    answer = self.case(3, 3001, "--fill", "random", "--seed", seed, ranks=ranks)["answer"]
                    self.assertEqual(answer["sum"], str(total))
                    self.assertAlmostEqual(answer["mean"], total / 2**53 / 9003)

    def test_more_ranks_than_cores_and_than_rows(self):
        self.case(20, 5000, ranks=32)
        self.case(20, 5000, "--fill", "random", ranks=32)

    def test_a_rank_numbered_as_the_default(self):
        # Rank 42 would write what stood there before.
        self.case(50, 10, ranks=45)

    def test_one_copy_in_memory(self):
        for ranks in (None, 2, 4):
            for fill in ("rank", "random"):
                with self.subTest(ranks=ranks, fill=fill):
                    facts = self.case(1000, 16000, "--fill", fill, ranks=ranks)["run"]
                    self.assertGreater(facts["copies"], 0.99)
                    self.assertLess(facts["copies"], 1.02)
                    self.assertAlmostEqual(facts["copies"], facts["bytes_per_node"] / 128e6)

    def test_text_has_a_line_a_rank(self):
        text = self.succeed("array", "--rows", 7, "--cols", 11, ranks=3)
        table = [line.split() for line in text.splitlines()]
        self.assertIn(["rank", "rows", "values", "counted_by"], table)
        for row in (["0", "3", "33", "2"], ["1", "2", "22", "0"], ["2", "2", "22", "1"]):
            self.assertIn(row, table)

    def refused(self, done, code, *words):
        own = [line for line in done.stderr.splitlines() if line.startswith("parbench: ")]
        self.assertEqual((done.returncode, done.stdout, len(own)), (code, "", 1), done)
        for word in words:
            self.assertIn(word, own[0])

    def test_too_large_for_the_memory(self):
        for ranks in (None, 3):
            for rows, cols in (("1e6", "1e9"), ("2^29", "2^29"), ("1", "2^59")):
                with self.subTest(ranks=ranks, rows=rows, cols=cols):
                    self.refused(run("array", "--rows", rows, "--cols", cols, ranks=ranks), 1,
                                 "--rows, --cols: ", "the array", "GiB are available", "give fewer")

    def test_more_than_any_memory(self):
        sizes = (("2^59", "2"), ("2^32", "2^32"), ("9223372036854775807", "9223372036854775807"))
        for done in run_all([("array", "--rows", rows, "--cols", cols) for rows, cols in sizes]):
            self.refused(done, 2, "--rows, --cols: ", "more than any memory holds", "2^59")

    def test_wrong_options(self):
        for options, words in ((("--rows", "0"), ("--rows", "from 1")), (("--cols", "x"), ("--cols", "'x'")),
                               (("--fill", "zero"), ("--fill", "rank", "random")),
                               (("--dispatch", "node"), ("--dispatch", "array"))):
            with self.subTest(options=options):
                self.refused(run("array", *options), 2, *words)


if __name__ == "__main__":
    unittest.main()
