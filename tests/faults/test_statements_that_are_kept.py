"""Questions whose SQL is kept ask what a queryset asks; entries write what the constraints allow, and nothing else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tecum.kernel.locks import NotInTransaction, for_share
from tecum.kernel.prepared import Question
from tecum.lookup.models import HOLDER, LATEST, UNITS, QuotaHolder, QuotaSlot
from tests.make import NOON, later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

SLOTS = Question(
    lambda holders, until: (
        QuotaSlot.objects.filter(holder__in=holders, free_at__gt=until, slot__gte=2)
        .order_by("slot")
        .values_list("holder_id", "slot", "free_at")
    )
)


@pytest.fixture
def slots(db):
    for person in ("person:a", "person:b'); --", "person:%s"):
        HOLDER.write([(person, NOON)])
        UNITS.write([(person, slot, "", NOON, later(hours=slot), "") for slot in range(1, 5)])


def test_a_kept_question_answers_as_the_queryset_does_for_every_shape_of_its_arguments(slots):
    for holders in [("person:a",), ("person:%s", "person:b'); --"), ("nobody", "person:a", "person:%s")]:
        for hours in (0, 2.5, 9):
            rows = SLOTS.build(holders, later(hours=hours))

            assert [tuple(row) for row in SLOTS(holders, later(hours=hours))] == list(rows)


def test_an_argument_stays_an_argument_whatever_it_says(slots):
    found = SLOTS(("person:b'); --",), NOON).rows()

    assert {row.holder_id for row in found} == {"person:b'); --"}
    assert QuotaSlot.objects.count() == 12


def test_rows_are_named_and_instants_keep_their_zone(slots):
    row = SLOTS(("person:a",), NOON).first()

    assert (row.holder_id, row.slot, row.free_at) == ("person:a", 2, later(hours=2))
    assert row.free_at.utcoffset() == timedelta(0)


def test_the_constraint_speaks_for_an_entry_too_and_nothing_of_the_batch_stays(slots):
    batch = [("person:a", 9, "", NOON, later(hours=1), ""), ("person:a", 1, "", NOON, later(hours=1), "")]

    with pytest.raises(IntegrityError), transaction.atomic():
        UNITS.write(batch)

    assert not QuotaSlot.objects.filter(slot=9).exists()


def test_a_quota_counts_from_the_latest_instant_whichever_came_last(db):
    for at in (NOON, later(hours=2), later(hours=1)):
        assert QuotaHolder.lock("person:a", now=at) == max(at, LATEST("person:a").first().latest)

    assert LATEST("person:a").first().latest == later(hours=2)


def test_rows_are_not_held_outside_a_transaction(slots):
    with pytest.raises(NotInTransaction):
        for_share(LATEST("person:a"), ["person:a"])
