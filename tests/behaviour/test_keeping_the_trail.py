"""What happens to an event between the act and the trail."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tecum.audit import operations as audit
from tecum.audit.models import TrailLeaf
from tecum.audit.rules import BadField, UnknownEvent
from tecum.kernel.actors import Actor, ActorKind
from tests.trails import happen

NOON = datetime(2026, 9, 8, 16, 0, tzinfo=UTC)
RUIZ = Actor(ref="person:ruiz", kind=ActorKind.PERSON, agency="agency1")
HASH = "ab" * 32

pytestmark = pytest.mark.django_db(transaction=True)


def open_a_log(**more):
    return audit.record("trail.opened", by=RUIZ, at=NOON, origin="example.net/trail", **more)


def search():
    return audit.note("trail.searched", by=RUIZ, at=NOON, found=3, shown=3)


@pytest.mark.both_databases
def test_a_change_that_is_undone_leaves_nothing_in_the_trail():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        open_a_log()
        raise ZeroDivisionError

    assert TrailLeaf.objects.count() == 0


@pytest.mark.both_databases
def test_a_change_cannot_be_recorded_without_a_transaction_to_roll_back_with():
    with pytest.raises(audit.NotInsideAChange):
        open_a_log()

    assert TrailLeaf.objects.count() == 0


@pytest.mark.both_databases
def test_an_access_is_stored_before_the_answer_is_shown():
    receipt = search()

    assert bytes(TrailLeaf.objects.get().leaf_hash).hex() == receipt.leaf
    assert len(receipt.text) == 14


@pytest.mark.both_databases
def test_an_access_cannot_be_noted_where_it_could_be_rolled_back():
    with pytest.raises(audit.InsideAChange), transaction.atomic():
        search()

    assert TrailLeaf.objects.count() == 0


@pytest.mark.both_databases
def test_the_sequencer_seals_what_is_committed_without_gaps_and_only_once():
    happen(600)

    sealed = [audit.seal(now=NOON), audit.seal(now=NOON)]

    assert sealed == [600, 0]
    assert list(TrailLeaf.objects.order_by("pk").values_list("position", flat=True)) == list(range(1, 601))


@pytest.mark.both_databases
def test_the_sequencer_refuses_to_work_inside_somebody_elses_transaction():
    with pytest.raises(audit.InsideAChange), transaction.atomic():
        audit.seal(now=NOON)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tecum_trailleaf SET body = leaf_hash",
        "UPDATE tecum_trailleaf SET actor = 'person:other'",
        "UPDATE tecum_trailleaf SET subject = 'other'",
        "UPDATE tecum_trailleaf SET position = position + 1",
        "UPDATE tecum_trailleaf SET position = NULL, log_id = NULL",
        "DELETE FROM tecum_trailleaf",
        "DELETE FROM tecum_traillog",
        "INSERT INTO tecum_trailleaf (body, leaf_hash, payload_epoch, event, actor, matter, at, log_id, position)"
        " SELECT body, body, '', event, actor, matter, at, log_id, position + 1 FROM tecum_trailleaf",
    ],
)
def test_the_database_itself_refuses_to_rewrite_the_trail(statement):
    search()
    audit.seal(now=NOON)
    before = list(TrailLeaf.objects.values())

    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)

    assert list(TrailLeaf.objects.values()) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "(292) 555-0142"},
        {"origin": "2925550142"},
        {"origin": "1-292-555-0142"},
        {"origin": "ruiz@example.net"},
        {"origin": "Detective Ruiz"},
        {"origin": "a", "earlier": "not a hash"},
        {"origin": "a", "earlier_size": True},
        {"origin": "a", "earlier_size": "12"},
        {"origin": None},
        {},
        {"origin": "a", "number": "x"},
    ],
)
def test_a_number_a_name_or_an_address_never_gets_into_the_trail(wrong):
    with pytest.raises(BadField) as refusal, transaction.atomic():
        audit.record("trail.opened", by=RUIZ, at=NOON, **wrong)

    assert not any(
        str(value) in str(refusal.value)
        for value in wrong.values()
        if isinstance(value, str) and len(value) > 1
    )
    assert TrailLeaf.objects.count() == 0


def test_an_event_outside_the_catalogue_is_refused_and_so_is_the_wrong_verb():
    with pytest.raises(UnknownEvent), transaction.atomic():
        audit.record("something.happened", by=RUIZ, at=NOON)
    with pytest.raises(UnknownEvent), transaction.atomic():
        audit.record("trail.searched", by=RUIZ, at=NOON, found=1, shown=1)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(BadField), transaction.atomic():
        audit.record("trail.opened", by=RUIZ, at=datetime(2026, 9, 8, 12, 0), origin="a")  # noqa: DTZ001


@pytest.mark.both_databases
def test_two_equal_events_have_different_leaves_so_that_a_hash_tests_no_guess():
    assert search().leaf != search().leaf


def test_a_damaged_leaf_stays_unsealed_and_the_others_do_not_wait_for_it():
    search()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tecum_trailleaf (body, leaf_hash, payload_epoch, event, actor, matter, at)"
            " SELECT body, body, '', event, actor, matter, at FROM tecum_trailleaf"
        )
    search()

    assert audit.seal(now=NOON + timedelta(seconds=1)) == 2
    assert TrailLeaf.objects.pending().count() == 1
