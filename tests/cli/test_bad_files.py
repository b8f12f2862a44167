#!/usr/bin/env python3
"""Bad files: samples and points that cannot be read, places that cannot be written, and nothing that
is overwritten by a command that is refused."""

import os
import unittest

from refusal import HUGE, NOT_A_NUMBER, TOO_LARGE, RefusalTest

# Files of samples: name, content, what the line must say besides the name.
BAD_FILES = (
    ("fields.csv", "1,2\n3,4\n5\n", ("line 3", "1 field", "2")),
    ("more.csv", "1,2\n3,4,5\n", ("line 2", "3 fields", "2")),
    ("trailing.csv", "1,2\n3,4,\n", ("line 2", "3 fields", "2")),
    ("missing.csv", "1,2\n3,4\n,6\n", ("line 3", "field 1", "missing")),
    ("blanks.csv", "1,2\n3, \n", ("line 2", "field 2", "missing")),
    ("text.csv", "1,2\n3,4\n5,six\n", ("line 3", "field 2", "'six'", NOT_A_NUMBER)),
    ("heading.csv", "x,y\n1,2\n", ("line 1", "field 1", "'x'", "heading")),
    ("semicolons.csv", "1;2\n", ("line 1", "'1;2'", NOT_A_NUMBER)),
    ("words.csv", "1 2\n", ("line 1", "'1 2'", NOT_A_NUMBER)),
    ("quotes.csv", '1,"2"\n', ("line 1", "field 2", NOT_A_NUMBER)),
    ("hex.csv", "1,2\n3,0x10\n", ("line 2", "field 2", NOT_A_NUMBER)),
    ("nan.csv", "1,2\n3,nan\n", ("line 2", "field 2", "'nan'")),
    ("NaN.csv", "1,2\nNaN,3\n", ("line 2", "field 1", "'NaN'")),
    ("inf.csv", "1,2\n3,inf\n", ("line 2", "field 2", "'inf'")),
    ("infinity.csv", "1,2\n-Infinity,1\n", ("line 2", "field 1", "'-Infinity'")),
    ("overflow.csv", "1,2\n3,1e999\n", ("line 2", "field 2", TOO_LARGE)),
    ("empty.csv", "", ("empty",)),
    ("newlines.csv", "\n\n", ("empty",)),
    ("middle.csv", "1,2\n\n3,4\n", ("line 2", "empty")),
    ("first.csv", "\n1,2\n", ("line 1", "empty")),
    ("zero-byte.csv", b"1,2\n3,\x004\n", ("line 2", "binary")),
    ("binary.csv", bytes(range(256)) * 8, ("line 1", "binary")),
    ("image.csv", b"\x89PNG\r\n\x1a\n\x01\x02", ("line 1",)),
    ("long.csv", "1,2\n" + "7" * 100000 + "x,3\n", ("line 2", "field 1")),
)


def places(missing, folder, plain_file):
    """Files that are not there or cannot be: arguments, words of the message."""
    return (
        (("kde", "--widths", "1", "--at", missing), (missing, "No such file")),
        (("kde", "--widths", "1", "--at", folder), (folder, "directory")),
        (("kde", "--widths", "1", "--data", missing), (missing, "No such file")),
        (("kde", "--widths", "1", "--data", folder), (folder, "directory")),
        (("kde", "--widths", "1", "--data", plain_file + "/x"), (plain_file + "/x", "directory")),
        # places that cannot be written, found out before computing
        (("pi", "--samples", HUGE, "--output", missing + "/x"), ("--output", missing, "No such file")),
        (("pi", "--samples", HUGE, "--json", missing + "/x"), ("--json", missing, "No such file")),
        (("pi", "--samples", HUGE, "--output", folder), ("--output", folder, "directory")),
        (("pi", "--samples", HUGE, "--json", folder), ("--json", folder, "directory")),
        (("pi", "--samples", HUGE, "--json", folder + "/new/"), ("--json", "directory")),
        (("pi", "--samples", HUGE, "--output", plain_file + "/x"), ("--output", "directory")),
        (("pi", "--samples", HUGE, "--output", folder + "/" + "n" * 300), ("--output", "too long")),
        (("--output", missing + "/x"), ("--output", missing, "No such file")),
    )


class BadFiles(RefusalTest):
    def test_files_of_samples(self):
        table = [(("kde", "--data", self.write(name, content), "--widths", "1"), (name, *words))
                 for name, content, words in BAD_FILES]
        self.refuse_all(table)

    def test_files_of_points(self):
        table = [(("kde", "--normal", "10,2", "--at", self.write(name, content), "--widths", "1"),
                  (name, *words))
                 for name, content, words in BAD_FILES if name in ("text.csv", "empty.csv")]
        three = self.write("three.csv", "1,2,3\n")
        table.append((("kde", "--normal", "10,2", "--at", three, "--widths", "1"),
                      ("--at", "3 coordinates", "2")))
        self.refuse_all(table)

    def test_places(self):
        self.refuse_all(places(*self.paths()))


class NothingOverwritten(RefusalTest):
    def setUp(self):
        super().setUp()
        self.output = self.write("old.txt", "old output\n")
        self.json = self.write("old.json", "old json\n")
        self.data = self.write("bad.csv", "1,2\n3\n")

    def look(self):
        """Every file of the folder, with its content and its place on the disk."""
        return {path.name: (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns)
                for path in self.folder.iterdir()}

    def test_files_stay_as_they_were(self):
        files = ("--output", self.output, "--json", self.json)
        table = (
            (("pi", "--samples", "1e6x", *files), ("--samples",)),
            (("isprime", "7", "8x", *files), ("N",)),
            (("primes", "10", "5", *files), ("LO",)),
            (("kde", "--data", self.data, "--widths", "1", *files), ("line 2",)),
            (("kde", "--data", self.folder / "none", "--widths", "1", *files), ("No such file",)),
            (("kde", "--widths", "1", "--at", "1,2,3", *files), ("--at",)),
            (("pi", "--samples", HUGE, "--output", self.output, "--json", self.folder), ("--json",)),
            (("pi", "--samples", HUGE, "--json", self.json, "--output", self.folder), ("--output",)),
        )
        before = self.look()
        self.refuse_all(table)
        self.assertEqual(self.look(), before)
        self.refuse_all(table[3:4], ranks=3)
        self.assertEqual(self.look(), before)

    def test_a_list_has_a_file_of_its_own(self):
        before = sorted(os.listdir(self.folder))
        self.refuse_all([(("primes", 0, HUGE, "--write", "old.txt", option, "./old.txt"), ("--write", option, "same file"))
                         for option in ("--output", "--json")], folder=self.folder)
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        self.assertEqual(self.output.read_text(), "old output\n")

    def test_output_and_json_are_two_files(self):
        (self.folder / "link").symlink_to("old.txt")
        (self.folder / "dangling").symlink_to("new")
        names = (("old.txt", "old.txt"), ("old.txt", "./old.txt"), ("old.txt", "link"),
                 ("link", "old.txt"), ("new", "new"), ("new", str(self.folder / "new")),
                 ("new", "dangling"), ("dangling", "dangling"))
        before = sorted(os.listdir(self.folder))
        self.refuse_all([(("pi", "--samples", HUGE, "--output", output, "--json", json),
                          ("--output", "--json", "same file")) for output, json in names],
                        folder=self.folder)
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        self.assertEqual(self.output.read_text(), "old output\n")


if __name__ == "__main__":
    unittest.main()
