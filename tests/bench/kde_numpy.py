"""The same counting in numpy, for bench_kde.c: one max-norm distance a sample, those within the
largest cube kept, and a histogram over evenly spaced half widths.

kde_numpy.py FILE SAMPLES POINTS WIDTHS LARGEST: FILE holds SAMPLES first coordinates, SAMPLES second
ones, then POINTS pairs, as doubles. Each line on stdin makes one pass over all points; its answer is
a line "SECONDS TOTAL", the time of the pass and all counts added up. The end of stdin ends it."""
import sys
import time

import numpy

name, samples, points, widths, largest = sys.argv[1:]
samples, points, widths, largest = int(samples), int(points), int(widths), float(largest)
data = numpy.fromfile(name)
x, y, at = data[:samples], data[samples:2 * samples], data[2 * samples:].reshape(points, 2)
print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    total = 0
    for px, py in at:
        distance = numpy.maximum(numpy.abs(x - px), numpy.abs(y - py))
        near = distance[distance <= largest]
        bins, _ = numpy.histogram(near, bins=widths, range=(0, largest))
        total += int(numpy.cumsum(bins).sum())
    print(f"{time.perf_counter() - start:.6f} {total}", flush=True)
