"""What the default dispatch adds to the ideal time, as a function of the ranks P:

    T(P) - ideal(P) = a + b log2(P) + c P

a: the last task and rank 0's share; b: what goes along trees (the start, the sum of the results); c: what
grows with the number of nodes at one place, rank 0's messages above all. Fitted by least squares; none may
be negative (a fit that wants it is made without that term).
"""

import itertools
import math

TERMS = (("a", lambda ranks: 1.0), ("b", lambda ranks: math.log2(ranks)), ("c", lambda ranks: float(ranks)))


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


def messages_at_rank0(ranks, ranks_of_a_node, tasks_of_a_rank):
    """Answers of rank 0 to nodes: batches that halve what is left, from half of the tasks down to one a
    rank; the first is not asked for, and the last says that nothing is left."""
    return ranks / ranks_of_a_node * (math.log2(tasks_of_a_rank) + 2)
