"""What the tests of bad input share: one line that names what is wrong, exit code 2, nothing on stdout.

The jobs of these tests would take hours: a command that computes before it looks at its input does not
end within their patience.
"""

from common import CommandTest, run_all

HUGE = "1e15"
NOT_A_NUMBER = "is not a number"
NOT_WHOLE = "is not a whole number"
TOO_LARGE = "is too large"
NOT_A_COST = "is not a cost"


class RefusalTest(CommandTest):
    def paths(self):
        """A file that is not there, a folder, a file."""
        return (str(self.folder / "missing"), str(self.folder), str(self.write("samples.csv", "1,2\n")))

    def expect_refusal(self, done, words, *, alone=True):
        lines = done.stderr.splitlines()
        own = [line for line in lines if line.startswith("parbench: ")]
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stdout, "", done)
        self.assertEqual(len(own), 1, done.stderr)
        if alone:
            self.assertEqual(len(lines), 1, done.stderr)
            self.assertTrue(done.stderr.endswith("\n"))
        self.assertFalse([c for c in own[0] if ord(c) < 32], own[0])
        for word in words:
            self.assertIn(word, own[0])

    def refuse_all(self, table, **settings):
        """table: (arguments, words that the one line must hold)."""
        for (arguments, words), done in zip(table, run_all([row[0] for row in table], **settings)):
            with self.subTest(arguments=[str(argument)[:80] for argument in arguments]):
                self.expect_refusal(done, words, alone="ranks" not in settings)
