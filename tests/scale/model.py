"""What the default dispatch adds to the ideal time, as a function of the ranks P:

    T(P) - ideal(P) = a + b log2(P) + d / P + queue(P)

a: the last task, and all else that does not depend on P. b: what goes along trees, the start and the sum of
the results. d: work that one rank leaves to all others, as rank 0 does. These are fitted by least squares;
none may be negative (a fit that wants it is made without that term). queue is computed, not fitted: what
nodes wait when more of them ask rank 0 than it can answer, from the seconds that an answer takes it.
"""

import itertools
import math

TERMS = (("a", lambda ranks: 1.0), ("b", lambda ranks: math.log2(ranks)), ("d", lambda ranks: 1.0 / ranks))


def solve(matrix, right):
    """Gaussian elimination with the largest pivot."""
    rows = [[*row, value] for row, value in zip(matrix, right)]
    for column in range(len(rows)):
        pivot = max(range(column, len(rows)), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(len(rows)):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [x - factor * y for x, y in zip(rows[row], rows[column])]
    return [row[-1] / row[i] for i, row in enumerate(rows)]


def least_squares(terms, points):
    basis = [[term(ranks) for _, term in terms] for ranks, _ in points]
    normal = [[sum(row[i] * row[j] for row in basis) for j in range(len(terms))] for i in range(len(terms))]
    right = [sum(row[i] * extra for row, (_, extra) in zip(basis, points)) for i in range(len(terms))]
    return solve(normal, right)


def fit(points):
    """[(ranks, extra seconds)] -> {"a": ..., "b": ..., "c": ...}, the best with no negative one."""
    best = None
    for count in range(1, len(TERMS) + 1):
        for terms in itertools.combinations(TERMS, count):
            values = least_squares(terms, points)
            if min(values) >= 0:
                found = {name: 0.0 for name, _ in TERMS} | {name: value for (name, _), value in zip(terms, values)}
                error = sum((extra - extra_seconds(found, ranks)) ** 2 for ranks, extra in points)
                if best is None or error < best[0]:
                    best = (error, found)
    return best[1]


def extra_seconds(found, ranks):
    return sum(found[name] * term(ranks) for name, term in TERMS)


def waves(tasks_of_a_rank):
    """The chunks that a node asks for, in tasks a rank: a quarter of all (half is dealt without asking), halves
    of that, and one a rank in the end; then comes the answer that nothing is left."""
    chunk = tasks_of_a_rank / 4
    while chunk > 1:
        yield chunk
        chunk /= 2
    yield 1
    yield 0


def queue_seconds(nodes, tasks_of_a_rank, task_seconds, answer_seconds):
    """All nodes ask at about the same time, wave after wave: rank 0 needs nodes * answer_seconds for one, and
    what that exceeds the time in which nodes work off the chunk is waited."""
    return sum(max(0.0, nodes * answer_seconds - chunk * task_seconds) for chunk in waves(tasks_of_a_rank))
