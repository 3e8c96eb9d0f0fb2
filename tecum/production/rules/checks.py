"""Does everything that would leave lie inside the scope, and does the coverage account for all that was asked?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tecum.kernel.periods import Period
from tecum.production.rules.facts import Asked, BadInput, Coverage, Inputs, Outcome, Part
from tecum.records.rules.scope import Scope

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class TableRow:
    """What a row says of itself; `line` counts from 1 as people count in the file. `until` is the end of an interval."""

    line: int
    number: str
    since: datetime
    until: datetime | None = None


def inside(scope: Scope, product: str, row: TableRow) -> bool:
    """Tell whether a row may leave: grants of its product and number hold its instant, or together all of its interval."""
    periods = [grant.period for grant in scope.grants_for(product) if grant.number == row.number]
    if row.until is None or row.until == row.since:
        return any(row.since in period for period in periods)
    return row.since < row.until and not Period(row.since, row.until).minus(periods)


def outside(scope: Scope, part: Part, rows: Iterable[TableRow]) -> tuple[list[str], int]:
    """Return a sentence for each row that may not leave (twenty at most), and how many rows there are."""
    found: list[str] = []
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007  the number of rows is the answer
        if row.number != part.number or not inside(scope, part.product, row):
            found.append(f"{part.name}, line {row.line}: no grant of the scope allows this row.")
            if len(found) == MOST_NAMED:
                break
    return found, count


def allowed_document(scope: Scope, part: Part) -> bool:
    """Tell whether the period of a document lies inside grants of its product and number, taken together."""
    if part.period is None:
        return False
    grants = [grant.period for grant in scope.grants_for(part.product) if grant.number == part.number]
    return bool(grants) and not part.period.minus(grants)


def check(inputs: Inputs, scope: Scope) -> None:
    """
    Refuse inputs that contradict each other or the scope.

    :raises BadInput: with what is wrong
    """
    if scope.matter != inputs.case.matter:
        raise BadInput("The scope belongs to another matter.")
    if not inputs.asked:
        raise BadInput("Nothing was asked for, so there is nothing to answer.")
    names = [part.name.lower() for part in inputs.parts]
    if len(set(names)) != len(names):
        raise BadInput("Two files have the same name.")
    for part in inputs.parts:
        if not any(grant.number == part.number for grant in scope.grants_for(part.product)):
            raise BadInput(f"{part.name}: no grant of the scope allows this product of this number.")
        if not part.table and not allowed_document(scope, part):
            raise BadInput(f"{part.name}: its period is not inside the scope.")
    _covered(inputs, scope)


def _covered(inputs: Inputs, scope: Scope) -> None:
    for asked in inputs.asked:
        gaps = unaccounted(asked, inputs.coverage)
        if gaps:
            raise BadInput(
                f"The coverage says nothing of {asked.product} from {gaps[0].start:%Y-%m-%d %H:%M} until "
                f"{gaps[0].end:%Y-%m-%d %H:%M} UTC."
            )
    if twice(inputs.coverage):
        raise BadInput("The coverage says two things of the same time.")
    for each in inputs.coverage:
        if not _asked_for(each, inputs.asked):
            raise BadInput("The coverage speaks of something that was not asked for.")
        if each.outcome in (Outcome.PRODUCED, Outcome.NONE) and not _granted(each, scope):
            raise BadInput(f"The coverage says {each.outcome.value} of a time that the scope does not grant.")
    produced = {(each.product, each.number) for each in inputs.coverage if each.outcome is Outcome.PRODUCED}
    if missing := {(part.product, part.number) for part in inputs.parts} ^ produced:
        raise BadInput(f"Files and coverage differ about {sorted(missing)[0][0]}.")


def unaccounted(asked: Asked, coverage: Sequence[Coverage]) -> tuple[Period, ...]:
    """Return the parts of an interval that the coverage says nothing of."""
    return asked.period.minus(each.period for each in _same(asked, coverage))


def twice(coverage: Sequence[Coverage]) -> bool:
    """Tell whether two lines speak of the same instant."""
    ordered = sorted(coverage, key=lambda each: (each.product, each.number, each.period))
    return any(
        (one.product, one.number) == (two.product, two.number) and one.period.overlaps(two.period)
        for one, two in zip(ordered, ordered[1:], strict=False)
    )


def _asked_for(each: Coverage, asked: Sequence[Asked]) -> bool:
    spans = [one.period for one in asked if (one.product, one.number) == (each.product, each.number)]
    return not each.period.minus(spans)


def _granted(each: Coverage, scope: Scope) -> bool:
    spans = [grant.period for grant in scope.grants_for(each.product) if grant.number == each.number]
    return not each.period.minus(spans)


def _same(asked: Asked, coverage: Sequence[Coverage]) -> list[Coverage]:
    return [each for each in coverage if (each.product, each.number) == (asked.product, asked.number)]


def miscounted(inputs: Inputs, rows: Mapping[tuple[str, str, str], int]) -> str:
    """Say where the coverage counts other rows than the tables hold; `rows` is by `Part.twins`, each table once."""
    totals: Counter[tuple[str, str]] = Counter()
    for (product, number, _), count in rows.items():
        totals[product, number] += count
    for key in sorted(totals):
        said = sum(each.rows for each in inputs.coverage if (each.product, each.number) == key)
        if said != totals[key]:
            return f"The coverage says {said} rows of {key[0]}; the files hold {totals[key]}."
    return ""
