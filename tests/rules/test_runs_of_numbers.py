"""Runs of consecutive numbers are cut, joined and compared as if every number were held by itself."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tecum.inventory.rules.files import settle_overlaps
from tecum.inventory.rules.runs import (
    Edit,
    Holding,
    Run,
    Span,
    blocks,
    carve,
    differences,
    is_number,
    joined,
    without,
)

A, B = Holding("A", date(2020, 1, 1)), Holding("B", date(2021, 1, 1))
AGAIN = Holding("A", date(2022, 1, 1))
NUMBERS = range(40)
state = st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from([A, B, AGAIN]))
spans = st.lists(st.tuples(st.sampled_from(NUMBERS), st.integers(0, 6)), max_size=5).map(
    lambda found: joined(Span(s, s + length) for s, length in found)
)


def runs_of(held):
    """Join a dictionary of numbers to runs, the slow way."""
    runs = []
    for number in sorted(held):
        last = runs[-1] if runs else None
        if last and last.e == number - 1 and last.holding == held[number]:
            runs[-1] = last._replace(e=number)
        else:
            runs.append(Run(number, number, *held[number]))
    return runs


def numbers_of(runs):
    return {number: run.holding for run in runs for number in range(run.s, run.e + 1)}


@given(state, state)
def test_the_differences_lead_from_one_state_to_the_other_and_name_nothing_else(old, new):
    edits = list(differences(runs_of(old), runs_of(new)))

    told = {number: (edit.was, edit.now) for edit in edits for number in range(edit.s, edit.e + 1)}

    assert told == {
        number: (old.get(number), new.get(number)) for number in NUMBERS if old.get(number) != new.get(number)
    }
    assert edits == sorted(edits)


@given(state, state)
def test_carving_the_differences_in_gives_exactly_the_runs_of_the_other_state(old, new):
    before = runs_of(old)

    delete, insert = carve(before, list(differences(before, runs_of(new))))

    assert sorted([run for run in before if run.s not in set(delete)] + insert) == runs_of(new)


@given(state, state, spans)
def test_what_is_held_is_left_out_of_the_edits_and_nothing_else_is(old, new, held):
    kept = {number for span in held for number in range(span.s, span.e + 1)}

    edits = list(without(differences(runs_of(old), runs_of(new)), held))

    changed = {number for number in NUMBERS if old.get(number) != new.get(number)}
    assert {number for edit in edits for number in range(edit.s, edit.e + 1)} == changed - kept


@given(st.lists(st.tuples(st.sampled_from(NUMBERS), st.integers(0, 9), st.sampled_from([A, B])), max_size=8))
def test_numbers_that_lines_disagree_about_are_held_and_those_said_twice_are_taken_once(lines):
    runs = sorted(Run(s, s + length, *holding) for s, length, holding in lines)
    said = {}
    for run in runs:
        for number in range(run.s, run.e + 1):
            said.setdefault(number, []).append(run.holding)

    settled = settle_overlaps(runs)

    assert numbers_of(settled.runs) == {n: held[0] for n, held in said.items() if len(set(held)) == 1}
    assert {n for s, e in settled.held for n in range(s, e + 1)} == {
        n for n, held in said.items() if len(set(held)) > 1
    }
    assert {n for s, e in settled.repeated for n in range(s, e + 1)} == {
        n for n, held in said.items() if len(held) > 1 and len(set(held)) == 1
    }


def test_a_neighbour_that_was_not_asked_about_is_joined_too():
    delete, insert = carve([Run(1, 3, *A), Run(5, 9, *A)], [Edit(4, 4, None, A)])

    assert (delete, insert) == ([1, 5], [Run(1, 9, *A)])


def test_a_row_of_the_history_ends_with_its_thousands_block():
    assert list(blocks(2925550998, 2925552001)) == [
        Span(2925550998, 2925550999),
        Span(2925551000, 2925551999),
        Span(2925552000, 2925552001),
    ]


def test_only_numbers_of_the_plan_are_numbers():
    good = [2925550142, 2002000000, 9999999999]
    bad = [1925550142, 2921550142, 292555014, 29255501420, 0, -1, 2_920_550_142]

    assert [is_number(value) for value in good] == [True] * 3
    assert [is_number(value) for value in bad] == [False] * 7
