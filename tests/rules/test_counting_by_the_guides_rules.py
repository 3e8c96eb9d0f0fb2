"""What a report counts is the guide's to say; small counts are not told, nor what would give them away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tecum.guide.checking.check import check
from tecum.guide.loading import load
from tecum.guide.model.guide import NotInGuide
from tecum.kernel.periods import Period
from tecum.reports.rules import hiding, spans
from tecum.reports.rules.content import Content, Told
from tecum.reports.rules.lookups import Coverage, HitRate
from tecum.reports.rules.times import Turnaround
from tecum.reports.rules.transparency import Transparency

ROOT = Path(__file__).parents[2]
GUIDE = load(ROOT / "guides" / "example", date(2026, 9, 8))
ZONE = ZoneInfo("America/New_York")
SEPTEMBER = spans.parse("2026-09", ZONE)
DAY = timedelta(days=1)
FIRST = datetime(2026, 9, 2, 12, tzinfo=UTC)
_next = count(1)


def told(event, at=FIRST, *, matter="", asker="", **data):
    return Told(event, at, "person:p", asker, matter, data, "a" * 64)


def case(
    *, process="subpoena", outcome="", at=FIRST, closed=None, targets=1, kind="demand", more=(), agency=""
):
    """Return the entries of one case."""
    name = f"case-{next(_next)}"
    found = [
        told(
            "case.opened",
            at,
            matter=f"m-{name}",
            case=name,
            kind=kind,
            agency=agency or None,
            received=at.isoformat(),
        )
    ]
    found += [told("case.target_added", at, case=name, target=f"t{n}") for n in range(targets)]
    found.append(told("process.received", at, case=name, received="r", process=process))
    found += [told(event, at, matter=f"m-{name}", case=name, **data) for event, data in more]
    if outcome:
        found.append(told("case.closed", closed or at + DAY, case=name, outcome=outcome))
    return found  # fmt: skip


def rule(guide=GUIDE, **more):
    """Return a guide whose transparency report is counted otherwise."""
    (one,) = guide.reports
    plain = {"smallest": 0, "effective_from": None, **more}
    return replace(guide, reports=(replace(one, **plain),))


def counted(*cases, tally=Transparency, guide=None, period=SEPTEMBER) -> Content:
    made = tally(period, guide or rule())
    for entries in cases:
        for entry in entries:
            made.read(entry)
    return made.content()


def table(content: Content, title="By process type") -> dict[str, tuple[str, ...]]:
    found = next(one for one in content.tables if one.title == title)
    return {row[0]: row[1:] for row in found.rows}


def test_each_demand_stands_where_its_end_is_and_repetitions_do_not_count():
    repeated = case(more=[("case.joined", {"other": "x"})])

    rows = table(counted(case(outcome="produced", targets=3), case(outcome="no_records"), case(outcome="refused"), case(outcome="withdrawn"), case(), repeated))  # fmt: skip

    # demands, targets, some data, none, rejected, withdrawn, open
    assert rows["Together"] == ("5", "7", "1", "1", "1", "1", "1")


@pytest.mark.parametrize(
    ("more", "whole"),
    [
        ({}, "2"),
        ({"counted_by": "closed"}, "1"),
        ({"withdrawn": "left_out"}, "1"),
    ],
)
def test_the_guide_says_which_day_and_whether_a_withdrawn_demand_counts(more, whole):
    late = case(outcome="withdrawn", closed=FIRST + 60 * DAY)

    assert table(counted(case(outcome="produced"), late, guide=rule(**more)))["Together"][0] == whole


def test_one_may_be_a_target_instead_of_a_demand():
    rows = table(counted(case(outcome="produced", targets=4), guide=rule(counts="targets")))

    assert rows["Together"][:3] == ("1", "4", "4")


def test_an_extension_counts_only_where_the_guide_says_so_and_an_emergency_stands_by_itself():
    first = case(
        process="pen_trap_order", kind="order", more=[("order.begun", {"order": "o1", "kind": "order"})]
    )
    later = case(
        process="pen_trap_order", kind="order", more=[("order.begun", {"order": "o2", "kind": "extension"})]
    )
    danger = case(process="", kind="emergency")

    assert table(counted(first, later, danger))["Together"][0] == "2"
    assert (
        table(counted(first, later, danger, guide=rule(intercepts="with_extensions")))["Together"][0] == "3"
    )
    assert "Emergency" in table(counted(first, danger))
    assert table(counted(first, danger, guide=rule(emergencies="left_out")))["Together"][0] == "1"


def test_a_sealed_case_is_not_counted_until_its_seal_ends():
    sealed = case(outcome="produced", more=[("case.sealed", {"people": 2})])
    again = [told("case.unsealed", matter=sealed[0].matter, case=sealed[0].data["case"])]

    assert counted(sealed).tables == counted().tables
    assert table(counted(sealed, again))["Together"][0] == "1"
    assert table(counted(sealed, guide=rule(sealed="counted")))["Together"][0] == "1"


def test_what_is_told_in_bands_is_in_no_sum():
    many = [case(process="nsl") for _ in range(3)]

    rows = table(counted(*many, case(), guide=rule(bands={"nsl": 500})))

    assert rows["nsl"][0] == "0–499"
    assert rows["Together"][0] == "1"


def test_countries_may_part_the_rows():
    home = [told("agency.created", agency="a", country="CA", type="federal")]

    rows = table(counted(home, case(agency="a"), guide=rule(rows=("process type", "country"))), "By process type and country")  # fmt: skip

    assert any(name.endswith(", CA") for name in rows)


def test_reasons_of_rejection_are_told_once_for_each_demand():
    letter = [("process.deficient", {"received": "r", "codes": ["no_number", "no_interval"]})]

    rows = table(counted(case(outcome="refused", more=[*letter, *letter])), "Why demands were rejected")

    assert rows == {"no interval": ("1",), "no number": ("1",)}


def test_a_small_count_is_not_told_nor_what_would_give_it_away():
    cases = [case(outcome="produced") for _ in range(9)] + [case(outcome="refused")] + [case(process="nsl", outcome="produced") for _ in range(7)]  # fmt: skip

    rows = table(counted(*cases, guide=rule(smallest=5)))

    [named] = [row for name, row in rows.items() if name not in {"nsl", "Together"}]
    assert named[4] == "fewer than 5"  # rejected: one
    # Else 10 demands less 9 answered would be that one; and the row below less the other row.
    assert sum(cell in {"not told", "fewer than 5"} for cell in named) > 1
    assert rows["Together"][4] in {"not told", "fewer than 5"}


@given(
    some.integers(1, 5).flatmap(
        lambda width: some.lists(some.lists(some.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=5)
    ),
    some.integers(0, 6),
)  # fmt: skip
def test_whoever_solves_all_sums_together_learns_no_hidden_count(parts, smallest):
    """Every row and every column gets its sum; numpy is the reader: a count is learned if its unit row adds no rank."""
    grid = [[*row, sum(row)] for row in parts]
    grid.append([sum(column) for column in zip(*grid, strict=True)])
    width, height = len(grid[0]), len(grid)
    lines = [[(row, place) for place in range(width)] for row in range(height)]
    lines += [[(row, place) for row in range(height)] for place in range(width)]

    hidden = hiding.hidden(grid, smallest=smallest, lines=lines)

    assert {(r, c) for r in range(height) for c in range(width) if 0 < grid[r][c] < smallest} <= hidden
    names = sorted(hidden)
    sums = np.array([[(-1 if cell == line[-1] else 1) * (cell in line) for cell in names] for line in lines])
    for at, cell in enumerate(names):
        unit = np.eye(len(names))[at]
        ranks = [np.linalg.matrix_rank(each) for each in (sums, np.vstack([sums, unit]))]
        assert ranks[0] < ranks[1], f"{cell} can be computed"


def test_the_share_found_is_of_what_was_read_and_other_months_do_not_count():
    answered = {"lookup": "LK-1", "answer": "b" * 64, "charged": 1}

    made = counted(
        [told("lookup.answered", hits=3, non_results=1, malformed=2, asker="a", **answered)],
        [told("lookup.answered", FIRST + 40 * DAY, hits=9, non_results=0, malformed=0, **answered)],
        tally=HitRate,
    )

    assert made.lead == "Of 4 numbers that officers asked, 3 were found: 75.0 %."
    assert table(made, "By month")["2026-09"] == ("4", "3", "75.0 %", "1", "2")


def test_the_last_count_of_a_month_is_told_with_what_was_given_and_withdrawn():
    count_of = {"version": 1, "customers": 2, "consenting": 1}

    made = counted(
        [told("coverage.counted", FIRST, numbers=10, consented=4, **count_of)],
        [told("coverage.counted", FIRST + DAY, numbers=10, consented=5, **count_of)],
        [told("consent.given", customer="C-1"), told("consent.withdrawn", customer="C-2")],
        tally=Coverage,
    )

    assert table(made, "By month")["2026-09"] == ("2026-09-03", "10", "5", "50.0 %", "2", "1", "1", "1")


def test_answers_are_held_against_the_promised_day_that_stood_last():
    def clock(due):
        return ("case.clock_started", {"clock": "answer", "due": due.isoformat(), "rule": None})

    quick = case(outcome="produced", closed=FIRST + DAY, more=[clock(FIRST + 5 * DAY)])
    slow = case(
        outcome="no_records", closed=FIRST + 9 * DAY, more=[clock(FIRST + 20 * DAY), clock(FIRST + 5 * DAY)]
    )
    gone = case(outcome="withdrawn", closed=FIRST + DAY)

    made = counted(quick, slow, gone, tally=Turnaround)

    [row] = table(made, "Days from arrival to answer").values()
    assert row == ("2", "1.0", "9.0", "9.0", "2", "50.0 %")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", (2026, 1, 1), (2027, 1, 1)),
        ("2026-h2", (2026, 7, 1), (2027, 1, 1)),
        ("2026-Q1", (2026, 1, 1), (2026, 4, 1)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
    ],
)
def test_a_period_begins_and_ends_at_the_carriers_midnight(text, start, end):
    span = spans.parse(text, ZONE)

    assert span == Period(datetime(*start, tzinfo=ZONE), datetime(*end, tzinfo=ZONE))


@pytest.mark.parametrize("text", ["", "26", "2026-13", "2026-00", "2026-H3", "2026-Q0", "last year", "0001"])
def test_what_is_no_period_is_said(text):
    with pytest.raises(spans.BadPeriod):
        spans.parse(text, ZONE)


@pytest.mark.parametrize(("every", "name"), [("year", "2025"), ("half_year", "2026-H1"), ("quarter", "2026-Q2"), ("month", "2026-08")])  # fmt: skip
def test_the_last_period_that_is_over(every, name):
    assert spans.last_over(every, datetime(2026, 9, 8, tzinfo=UTC), ZONE) == name


def test_a_guide_without_counting_rules_is_told_so():
    with pytest.raises(NotInGuide, match="counting rules"):
        Transparency(SEPTEMBER, replace(GUIDE, reports=()))


def test_the_check_names_a_column_that_nobody_counts_and_sealed_cases_told_one_by_one():
    odd = rule(columns=("demands", "moons"), sealed="counted")

    found = {finding.code: finding.sentence for finding in check(odd)}

    assert "'moons' that cannot be counted" in found["column-uncounted"]
    assert "sealed" in found["sealed-told"]
