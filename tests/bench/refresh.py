#!/usr/bin/env python3
"""refresh.py DOCUMENT...: run the commands of a document again, and put what they print in the place of what
they printed.

A command is a line `$ COMMAND` in a fenced block; what follows it there, up to the next one, is its output. It
is run at the top of the tree. Of studies the machine, the explanation of the columns and notes on outliers are left
out: the document has them once. A command that fails leaves its output as it was, and is told.
"""

import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PATIENCE = 900
EXPLANATIONS = re.compile(r"(seconds: median|-: fewer than 6|serial: the kernel|ideal: ranks or cores|memory: how much|"
                          r"far from the other times|start skew ).*\n")


def without_frame(text):
    """A study's table and findings."""
    if text.startswith("parbench ") and "\n\n" in text:
        text = text.split("\n\n", 1)[1]
    text = EXPLANATIONS.sub("", text)
    text = re.sub(r"jobs:\n(  parbench .*\n)+", "", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def output_of(command):
    print(f"$ {command}", file=sys.stderr, flush=True)
    done = subprocess.run(command, shell=True, cwd=TOP, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, encoding="utf-8", timeout=PATIENCE, check=False)
    if done.returncode != 0:
        print(f"refresh.py: exit code {done.returncode}: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return None
    return without_frame(done.stdout)


def refresh_block(block):
    """The lines of a fenced block, without its fences."""
    parts = re.split(r"(?m)^(?=\$ )", block)
    fresh = [parts[0]]
    for part in parts[1:]:
        command, _, before = part.partition("\n")
        output = output_of(command[2:])
        shown = before.strip("\n") if output is None else output
        fresh.append(command + "\n" + (shown + "\n" if shown else ""))
    return "".join(fresh)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for name in sys.argv[1:]:
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        fresh = re.sub(r"(?ms)^(```[a-z]*\n)(.*?)(^```)",
                       lambda found: found[1] + refresh_block(found[2]) + found[3] if "$ " in found[2] else found[0], text)
        path.write_text(fresh, encoding="utf-8")


if __name__ == "__main__":
    main()
