"""What an auditor finds in the trail, and what stays hidden from them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tecum.audit import operations as audit
from tecum.audit import queries
from tecum.audit.catalogue import Kind
from tecum.audit.models import TrailLeaf
from tecum.audit.queries import EVERY_MATTER, AllBut
from tecum.audit.rules import Payload, Question
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tests.trails import NOON, lift_guards

AUDITOR = Actor(
    ref="person:vantongeren", kind=ActorKind.PERSON, permissions=frozenset({"trail.search", "trail.verify"})
)
RUIZ = Actor(ref="person:ruiz", kind=ActorKind.PERSON)
CLOCK = Actor.system("jobs")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def happened():
    with transaction.atomic():
        audit.record("link.issued", by=AUDITOR, at=NOON, person="ruiz", expires=NOON + timedelta(hours=24))
        audit.record("keys.rotated", by=CLOCK, at=NOON + timedelta(hours=1), epochs=2)
        audit.record(
            "notice.sent", by=CLOCK, at=NOON + timedelta(hours=2), matter="open1", notice="n1", attempts=1
        )
        audit.record(
            "notice.sent", by=CLOCK, at=NOON + timedelta(hours=3), matter="sealed1", notice="n2", attempts=1
        )
    audit.note("access.refused", by=RUIZ, at=NOON + timedelta(hours=4), act="trail.search")


def asked(within=EVERY_MATTER, **question):
    return [entry.event for entry in queries.search(within=within, question=Question(**question)).entries]


def test_every_question_finds_its_entries_newest_first():
    assert asked() == ["access.refused", "notice.sent", "notice.sent", "keys.rotated", "link.issued"]
    assert asked(kind=Kind.ACCESS) == ["access.refused"]
    assert asked(processes=True) == ["notice.sent", "notice.sent", "keys.rotated"]
    assert asked(events=("link.issued", "keys.rotated")) == ["keys.rotated", "link.issued"]
    assert asked(events=("link.issued",), kind=Kind.ACCESS) == []
    assert asked(actors=("person:ruiz",)) == ["access.refused"]
    assert asked(about=("person:ruiz", "ruiz")) == ["access.refused", "link.issued"]
    assert asked(about=("n2",)) == ["notice.sent"]
    assert asked(matter="open1") == ["notice.sent"]
    assert asked(since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=2)) == ["keys.rotated"]


def test_a_receipt_finds_its_entry_and_nonsense_finds_nothing():
    receipt = audit.note("access.refused", by=RUIZ, at=NOON, act="lookup.run")

    assert asked(receipt=receipt.text) == asked(receipt=receipt.leaf) == ["access.refused"]
    assert asked(receipt=receipt.text.lower().replace("-", " ")) == ["access.refused"]
    assert asked(receipt="no receipt") == asked(receipt="0000-0000-0000") == []


def test_pages_follow_each_other_without_doubles():
    first = queries.search(within=EVERY_MATTER, question=Question(), limit=2)
    second = queries.search(within=EVERY_MATTER, question=Question(before=first.older), limit=2)
    third = queries.search(within=EVERY_MATTER, question=Question(before=second.older), limit=2)

    keys = [entry.key for page in (first, second, third) for entry in page.entries]
    assert (len(keys), keys, third.older, first.found) == (5, sorted(keys, reverse=True), None, 5)


@pytest.mark.parametrize("within", [AllBut(frozenset({"sealed1"})), {"open1"}, frozenset()])
def test_a_matter_that_is_sealed_to_the_reader_is_absent_from_lists_counts_timelines_and_receipts(within):
    (entry,) = queries.timeline(matter="sealed1", within=EVERY_MATTER)

    page = queries.search(within=within, question=Question())

    assert "sealed1" not in {each.matter for each in page.entries}
    assert page.found == len(page.entries) < 5
    assert queries.timeline(matter="sealed1", within=within) == ()
    assert queries.by_receipt(entry.receipt.text, within=within) == ()
    assert queries.proven(entry.receipt.text, within=within).entry is None


def test_the_search_itself_is_in_the_trail_with_what_was_asked_and_before_the_answer():
    page = audit.search(within=EVERY_MATTER, question=Question(about=("n1",)), by=AUDITOR, now=NOON)

    last = queries.search(within=EVERY_MATTER, question=Question()).entries[0]
    assert (last.event, last.by, last.data) == (
        "trail.searched",
        AUDITOR.ref,
        {"found": 1, "shown": 1, "about": ["n1"]},
    )
    assert "trail.searched" not in [entry.event for entry in page.entries]


def test_a_name_typed_as_a_reference_does_not_get_into_the_trail():
    page = audit.search(within=EVERY_MATTER, question=Question(about=("Barrowclough",)), by=AUDITOR, now=NOON)

    last = queries.search(within=EVERY_MATTER, question=Question()).entries[0]
    assert (page.found, last.event, last.data) == (0, "trail.searched", {"found": 0, "shown": 0})


def test_nobody_without_the_permission_searches_verifies_reads_or_exports(tmp_path):
    before = TrailLeaf.objects.count()

    for refused in (
        lambda: audit.search(within=EVERY_MATTER, question=Question(), by=RUIZ, now=NOON),
        lambda: audit.verify(by=RUIZ, now=NOON),
        lambda: audit.prove(receipt="0000-0000-0000", within=EVERY_MATTER, by=RUIZ, now=NOON),
        lambda: audit.export(path=tmp_path / "b", within=EVERY_MATTER, reason="audit", by=RUIZ, now=NOON),
    ):
        with pytest.raises(NotYours):
            refused()

    assert TrailLeaf.objects.count() == before


def test_words_are_those_of_the_catalogue_and_an_event_no_longer_in_it_keeps_its_name(monkeypatch):
    (entry,) = queries.search(within=EVERY_MATTER, question=Question(events=("keys.rotated",))).entries
    assert entry.words == "wrapped the keys of 2 epochs by a new sealing key"

    monkeypatch.setattr(queries, "EVENTS", {})
    assert entry.words == "keys.rotated"


def test_a_payload_is_destroyed_and_the_trail_stays_provable(outside):
    with transaction.atomic():
        audit.record(
            "keys.rotated", by=CLOCK, at=NOON, epochs=1, payload=Payload("demand-2026-09", b"ciphertext")
        )
    audit.seal(now=NOON)
    audit.publish_checkpoint(now=NOON)
    sealed = queries.search(within=EVERY_MATTER, question=Question(events=("keys.rotated",))).entries[0]
    assert (sealed.payload, queries.verify_now().sealed) == ("sealed", 1)

    with transaction.atomic():
        assert audit.destroy_payloads(epoch="demand-2026-09", by=CLOCK, now=NOON) == 1
    audit.seal(now=NOON)
    audit.publish_checkpoint(now=NOON)

    verdict = queries.verify_now()
    assert (verdict.code, verdict.sealed, verdict.destroyed) == (0, 0, 1)
    assert queries.by_receipt(sealed.receipt.text, within=EVERY_MATTER)[0].payload == "destroyed"
    with pytest.raises(audit.NotInsideAChange):
        audit.destroy_payloads(epoch="demand-2026-09", by=CLOCK, now=NOON)


@pytest.mark.parametrize("column", ["event", "actor", "matter", "subject"])
def test_a_column_changed_to_hide_an_entry_from_searches_is_found(outside, column):
    audit.seal(now=NOON)
    audit.publish_checkpoint(now=NOON)
    block = transaction.atomic()
    block._from_testcase = True

    with block:
        lift_guards()
        TrailLeaf.objects.filter(position=3).update(**{column: "other"})
        verdict = queries.verify_now()
        transaction.set_rollback(True)

    assert [(each.first, each.last, each.kind) for each in verdict.findings] == [(3, 3, 2)]


def test_checks_are_counted(outside):
    assert (queries.checks().made, queries.checks().last) == (0, None)
    audit.seal(now=NOON)
    audit.publish_checkpoint(now=NOON)

    audit.verify(by=AUDITOR, now=datetime(2026, 9, 9, tzinfo=UTC))

    assert (queries.checks().made, queries.checks().good, queries.checks().last.by) == (1, 1, AUDITOR.ref)
