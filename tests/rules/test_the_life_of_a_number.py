"""A number's life does not depend on the order in which one heard of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tecum.inventory.rules.timeline import (
    ENDS,
    LONG_AGO,
    NO_LONGER_LISTED,
    RESTATED,
    Fact,
    Holding,
    Kind,
    believed_at,
    continued,
    ended_by_snapshot,
    fold,
    midnight,
)

ZONE = ZoneInfo("America/New_York")
DAY0 = date(2026, 1, 1)
ORDINARY = [Kind.ACTIVATE, Kind.DISCONNECT, Kind.PORT_OUT, Kind.TRANSFER]


def day(n):
    return DAY0 + timedelta(days=n)


def at(n):
    return midnight(day(n), ZONE)


def said(kind, n, customer="A", *, seq=0, epoch=LONG_AGO):
    return Fact(at(n), kind, customer, "", epoch, seq)


def listed(n, customer, since):
    return Fact(at(n), Kind.SNAPSHOT, customer, "", at(n), 0, None if since is None else day(since))


facts = st.lists(
    st.builds(said, st.sampled_from(ORDINARY), st.integers(0, 12), st.sampled_from(["A", "B"])),
    max_size=8,
    unique=True,
)


def lived(found):
    """Tell day by day who had the number, by walking from day to day."""
    order = {Kind.DISCONNECT: 0, Kind.PORT_OUT: 0, Kind.ACTIVATE: 1, Kind.TRANSFER: 2}
    holder, days = None, []
    for n in range(14):
        for fact in sorted(
            (fact for fact in found if fact.at == at(n)), key=lambda fact: (order[fact.kind], fact.customer)
        ):
            if fact.kind not in ENDS:
                holder = fact.customer
            elif holder == fact.customer:
                holder = None
        days.append(holder)
    return days


@given(facts, st.randoms())
def test_the_same_facts_in_any_order_tell_the_same_life(found, chance):
    shuffled = list(found)
    chance.shuffle(shuffled)

    assert fold(shuffled, ZONE) == fold(found, ZONE)


@given(facts)
def test_a_life_agrees_with_walking_through_it_day_by_day(found):
    holding, past = fold(found, ZONE)

    told = []
    for n in range(14):
        held = believed_at(at(n), holding, past, ZONE)
        told.append(held.customer if held else None)

    assert told == lived(found)


@given(facts, st.integers(0, 12), st.one_of(st.none(), st.integers(0, 12)))
def test_after_a_snapshot_nothing_earlier_changes_who_has_the_number_now(found, as_of, since):
    since = None if since is None else min(since, as_of)
    snapshot = listed(as_of, "" if since is None else "C", since)
    earlier = [fact for fact in found if fact.at <= snapshot.at]

    holding, past = fold([*earlier, snapshot], ZONE)

    assert holding == (None if since is None else Holding("C", day(since)))
    for row, following in zip(past, past[1:], strict=False):
        assert row.until <= midnight(following.since, ZONE)


@given(
    st.builds(said, st.sampled_from(ORDINARY), st.just(9), st.sampled_from(["A", "B"])),
    st.one_of(st.none(), st.builds(Holding, st.sampled_from(["A", "B"]), st.integers(0, 8).map(day))),
)
def test_the_quick_way_for_one_fact_is_the_fold(fact, was):
    assert continued(fact, was, ZONE) == fold([fact], ZONE, start=was)


def test_a_correction_moves_the_beginning_and_ends_the_one_before():
    found = fold([said(Kind.ACTIVATE, 0, "A"), said(Kind.TRANSFER, 9, "B"), said(Kind.CORRECT, 5, "B")], ZONE)

    assert found.holding == Holding("B", day(5))
    assert [(row.customer, row.until) for row in found.past] == [("A", at(5))]


def test_of_two_corrections_for_one_instant_the_later_word_counts():
    first, second = said(Kind.CORRECT, 5, "B", seq=1), said(Kind.CORRECT, 5, "A", seq=2)

    assert fold([second, first], ZONE).holding == Holding("A", day(5))


def test_a_correction_undoes_an_end_recorded_by_mistake():
    found = fold([said(Kind.ACTIVATE, 0), said(Kind.DISCONNECT, 5), said(Kind.CORRECT, 5)], ZONE)

    assert found == (Holding("A", day(0)), [])


def test_a_correction_without_a_customer_says_that_nobody_had_it():
    found = fold([said(Kind.ACTIVATE, 3), said(Kind.CORRECT, 3, "")], ZONE)

    assert found == (None, [])


def test_a_correction_overrides_the_snapshot_before_it_and_not_the_one_after():
    correction = said(Kind.CORRECT, 2, "A", epoch=at(10))

    assert fold([listed(10, "A", 6), correction], ZONE).holding == Holding("A", day(2))
    assert fold([listed(10, "A", 6), correction, listed(20, "A", 6)], ZONE).holding == Holding("A", day(6))


def test_an_end_told_late_is_taken_instead_of_the_snapshots_guess():
    facts = [listed(1, "A", 0), listed(9, "", None), said(Kind.PORT_OUT, 4)]

    assert [(row.until, row.reason) for row in fold(facts, ZONE).past] == [(at(4), "port_out")]


def test_what_a_snapshot_ends_ended_when_the_next_began_or_when_it_was_missed():
    was = Holding("A", day(0))

    assert ended_by_snapshot(was, None, as_of=at(9), zone=ZONE)[2:] == (at(9), NO_LONGER_LISTED)
    assert ended_by_snapshot(was, Holding("B", day(4)), as_of=at(9), zone=ZONE).until == at(4)
    assert ended_by_snapshot(Holding("A", day(4)), was, as_of=at(9), zone=ZONE).reason == RESTATED


def test_a_day_begins_at_the_midnight_of_the_carriers_zone():
    assert midnight(date(2026, 7, 1), ZONE) == datetime(2026, 7, 1, 4, tzinfo=UTC)
    assert midnight(date(2026, 1, 1), ZONE) == datetime(2026, 1, 1, 5, tzinfo=UTC)
