"""T5: however many ask at once, exactly the guide's limit is granted (assurance control 4)."""

from datetime import date

import pytest
from django.db import IntegrityError

from tecum.lookup import operations as lookup
from tecum.lookup import queries
from tecum.lookup.models import Disclosure, QuotaHolder, QuotaSlot
from tecum.lookup.watching import over_the_limit
from tests import make
from tests.make import NOON, later
from tests.race import race
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
CASE = lookup.Purpose("MC-26-004417", attested=True)
LIMIT = 25


def one_number_each(officer, *, racer, now=NOON, spelling="{}"):
    number = f"49355501{racer:02d}"
    view = lookup.run(
        text=spelling.format(number), purpose=CASE, submission=f"{racer}", door="page", by=officer, now=now
    )
    return view.charged


@pytest.fixture
def officer(numbers):
    make.customer("C-1")
    make.consent("C-1")
    numbers({f"49355501{place:02d}": ("C-1", date(2020, 1, 1)) for place in range(100)})
    return make.acting(make.officer())


@pytest.mark.requirement("R-022")
def test_exactly_the_limit_is_granted_to_many_processes_at_once(officer):
    racers = size(fast=32, ci=40, proof=64)

    results = race(racers, lambda number: one_number_each(officer, racer=number))

    assert results.count(1) == LIMIT
    assert sum(result != 1 and result[0] == "QuotaSpent" for result in results) == racers - LIMIT
    assert QuotaSlot.objects.count() == LIMIT
    assert Disclosure.objects.count() == LIMIT


def test_whole_batches_are_granted_or_refused_whole(officer):
    def ten_numbers(racer):
        text = "\n".join(f"49355501{racer * 10 + place:02d}" for place in range(10))
        return lookup.run(
            text=text, purpose=CASE, submission=f"{racer}", door="page", by=officer, now=NOON
        ).charged

    results = race(8, ten_numbers)

    assert results.count(10) == 2
    assert QuotaSlot.objects.count() == 20


def test_one_number_in_thirty_spellings_at_once_costs_one_unit(officer):
    spellings = ["{}", "+1{}", "1-{}", "({})", " {} ", "1 {}"]

    results = race(12, lambda racer: one_number_each_same(officer, spellings[racer % len(spellings)], racer))

    assert sorted(results) == [0] * 11 + [1]
    assert QuotaSlot.objects.count() == 1


def one_number_each_same(officer, spelling, racer):
    text = spelling.format("4935550100")
    return lookup.run(
        text=text, purpose=CASE, submission=f"s{racer}", door="page", by=officer, now=NOON
    ).charged


def test_a_double_click_in_two_processes_is_charged_once(officer):
    def click(_racer):
        view = lookup.run(
            text="4935550100", purpose=CASE, submission="the-form", door="page", by=officer, now=NOON
        )
        return view.id

    results = race(6, click)

    assert len(set(results)) == 1
    assert QuotaSlot.objects.count() == 1


@pytest.mark.requirement("R-022")
def test_around_midnight_nobody_gets_more_than_the_limit_of_a_day(officer):
    before, after = later(hours=12.99), later(hours=13)  # midnight in Chicago is 05:00 UTC

    results = race(
        60, lambda number: one_number_each(officer, racer=number, now=before if number % 2 else after)
    )

    assert results.count(1) <= 2 * LIMIT
    assert QuotaSlot.objects.filter(free_at=later(hours=13)).count() <= LIMIT


@pytest.mark.sabotage("control 4")
def test_without_the_lock_the_database_still_refuses_the_26th(officer, monkeypatch):
    def unlocked(cls, person, *, now):
        cls.objects.get_or_create(person=person, defaults={"latest": now})
        return now

    monkeypatch.setattr(QuotaHolder, "lock", classmethod(unlocked))

    results = race(32, lambda number: one_number_each(officer, racer=number))

    assert results.count(1) <= LIMIT
    assert QuotaSlot.objects.count() == results.count(1)


@pytest.mark.sabotage("control 4")
@pytest.mark.broken_on_purpose("I7")
def test_counting_first_and_writing_afterwards_would_answer_the_26th_and_the_watcher_names_the_person(
    officer, monkeypatch
):
    def anywhere(cls, rows, *, holder, back):
        last = cls.objects.filter(holder=holder).count()
        for place, (_, _, number, spent_at, free_at, session) in enumerate(rows, last + 1):
            cls.objects.create(
                holder_id=holder,
                slot=place,
                number=number,
                spent_at=spent_at,
                free_at=free_at,
                session=session,
            )

    monkeypatch.setattr(QuotaSlot, "take", classmethod(anywhere))
    monkeypatch.setattr(queries, "units_of", lambda _by: [])  # each counted before the others wrote

    answered = [one_number_each(officer, racer=number) for number in range(LIMIT + 1)]

    assert sum(answered) == LIMIT + 1
    assert [each.about for each in over_the_limit(now=NOON)] == [officer.ref]


def test_the_database_itself_refuses_one_unit_twice(officer):
    QuotaHolder.lock(officer.ref, now=NOON)
    twice = [
        QuotaSlot(holder_id=officer.ref, slot=1, number="", spent_at=NOON, free_at=later(hours=13))
        for _ in range(2)
    ]

    with pytest.raises(IntegrityError):
        QuotaSlot.objects.bulk_create(twice)
