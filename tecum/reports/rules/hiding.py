"""
Small counts are not told. Nor is what would give them away: where the sums that are told leave only one value for a hidden
count, a neighbour of it is hidden too, until no hidden count can be computed from the others.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

Cell = tuple[int, int]
Grid = Sequence[Sequence[int]]
Hidden = set[Cell]
Line = Sequence[Cell]


def hidden(grid: Grid, *, smallest: int, lines: Sequence[Line]) -> Hidden:
    """
    Return the cells of a grid that are not told.

    `lines` are the sums that a reader can form: lists of cells of which the last is the sum of the others.
    """
    found: Hidden = {
        (row, column)
        for row, cells in enumerate(grid)
        for column, value in enumerate(cells)
        if 0 < value < smallest
    }
    while (another := _beside(computed(lines, found), grid, lines, found)) is not None:
        found.add(another)
    return found


def computed(lines: Iterable[Line], found: Hidden) -> list[Cell]:
    """Return the hidden cells that a reader can compute who solves all the sums together."""
    names = sorted(found)
    place = {cell: at for at, cell in enumerate(names)}
    rows: list[list[Fraction]] = []
    for line in lines:
        row = [Fraction(0)] * len(names)
        for at, cell in enumerate(line):
            if cell in place:
                row[place[cell]] += 1 if at < len(line) - 1 else -1
        _reduce_by(row, rows)
        if any(row):
            _take(row, rows)
    alone = [row for row in rows if sum(map(bool, row)) == 1]
    return sorted(names[next(at for at, value in enumerate(row) if value)] for row in alone)


def _reduce_by(row: list[Fraction], rows: list[list[Fraction]]) -> None:
    for other in rows:
        lead = next(at for at, value in enumerate(other) if value)
        if row[lead]:
            factor = row[lead]
            row[:] = [mine - factor * theirs for mine, theirs in zip(row, other, strict=True)]


def _take(row: list[Fraction], rows: list[list[Fraction]]) -> None:
    """Add an equation, in reduced form: no other keeps its leading unknown."""
    lead = next(at for at, value in enumerate(row) if value)
    row[:] = [value / row[lead] for value in row]
    for other in rows:
        factor = other[lead]
        other[:] = [theirs - factor * mine for theirs, mine in zip(other, row, strict=True)]
    rows.append(row)


def _beside(cells: Sequence[Cell], grid: Grid, lines: Sequence[Line], found: Hidden) -> Cell | None:
    """Return a cell to hide beside the first of some: the smallest told one of a sum that it is in, rather than a zero."""
    for cell in cells:
        others = {one for line in lines if cell in line for one in line} - found
        if others:
            return min(others, key=lambda one: (grid[one[0]][one[1]] == 0, grid[one[0]][one[1]], one))
    return None
