"""The whole trail is checked by the jobs: when somebody asks, and every night; what is found, or silence, is told."""

from datetime import timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connections, transaction

from tecum.accounts import queries as people
from tecum.assurance import operations as assurance
from tecum.assurance import queries, rules
from tecum.assurance.models import TrailCheck
from tecum.assurance.states import CheckState
from tecum.audit import operations as audit
from tecum.audit.models import TrailLeaf
from tecum.jobs import lanes, worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import Notice
from tests import make
from tests.make import NOON, acting
from tests.trails import lift_guards

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
JOBS = Actor.system("jobs")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def auditor(outside):
    return acting(make.person("Saskia Vantongeren", roles=["auditor"]))


def signed() -> None:
    audit.seal(now=NOON)
    audit.publish_checkpoint(now=NOON)


def checked(at=NOON) -> bool:
    return assurance.check_one(clock=lambda: at, by=JOBS)


def told(message: str) -> set[str]:
    return set(Notice.objects.filter(message=message).values_list("recipient", flat=True))


def test_a_check_that_somebody_asks_for_is_made_by_the_jobs_and_is_an_entry_of_the_trail(auditor):
    signed()
    asked = assurance.ask_check(by=auditor, now=NOON)
    assert (asked.state, queries.under_way()) == (CheckState.WAITING, asked)

    made = [checked(), checked()]

    found = queries.check(asked.id, by=auditor, now=NOON)
    assert made == [True, False]
    assert (found.state, found.good, found.entries) == (CheckState.DONE, True, found.entries_then)
    assert TrailLeaf.objects.filter(event="trail.verified").count() == 1
    assert not Notice.objects.exists()


def test_only_one_check_is_under_way_whoever_asks(auditor):
    start, ids = Barrier(4), []

    def ask() -> None:
        start.wait()
        ids.append(assurance.ask_check(by=auditor, now=NOON).id)
        connections.close_all()

    threads = [Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(ids) == 4
    assert len(set(ids)) == TrailCheck.objects.count() == 1


def test_who_may_not_verify_asks_for_no_check_and_sees_none(auditor):
    analyst = acting(make.person(roles=["subpoena_analyst"]))
    asked = assurance.ask_check(by=auditor, now=NOON)

    with pytest.raises(NotYours):
        assurance.ask_check(by=analyst, now=NOON)
    with pytest.raises(NotYours):
        queries.check(asked.id, by=analyst, now=NOON)


def test_every_night_one_check_is_asked_for_however_often_the_jobs_look(auditor):
    signed()
    nights = []
    for hours in range(0, 72, 3):
        if assurance.ask_nightly(by=JOBS, now=NOON + hours * HOUR):
            nights.append(hours)
        checked(NOON + hours * HOUR)

    # Noon in New York; the hour of the guide's example lies in the small hours: at once, then each night.
    assert len(nights) == 4
    assert {TrailCheck.objects.filter(nightly=True).count()} == {4}


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-03-08T09:00+00:00", "2026-03-08T08:00+00:00"),  # the night without a third hour, Chicago
        ("2026-11-01T06:30+00:00", "2026-10-31T07:00+00:00"),
        ("2026-11-01T08:00+00:00", "2026-11-01T08:00+00:00"),
    ],
)
def test_the_night_is_the_carriers_and_never_lies_ahead(now, night):
    instant = type(NOON).fromisoformat

    assert rules.last_night(instant(now), hour=2, zone=ZoneInfo("America/Chicago")) == instant(night)


def test_a_check_whose_process_died_is_begun_again_and_a_living_one_is_left_alone(auditor):
    signed()
    asked = assurance.ask_check(by=auditor, now=NOON)
    TrailCheck.objects.update(state="RUNNING", began_at=NOON, beat_at=NOON)  # and then its process is killed

    assert not checked(NOON + MINUTE)
    assert checked(NOON + 6 * MINUTE)

    assert queries.check(asked.id, by=auditor, now=NOON).good


def test_how_far_it_is_is_seen_while_it_runs(auditor, monkeypatch):
    signed()
    asked = assurance.ask_check(by=auditor, now=NOON)
    seen = []
    monkeypatch.setattr("tecum.assurance.operations.checking.SIGN_EVERY", 0.0)

    monkeypatch.setattr(
        "tecum.audit.drivers.reading._check_pending", lambda checker: seen.append(queries.under_way())
    )
    checked()

    assert [(each.id, each.state, each.checked) for each in seen] == [
        (asked.id, CheckState.RUNNING, seen[0].entries_then)
    ]


def test_damage_is_told_to_all_who_may_verify(auditor):
    signed()
    signed()
    altered = TrailLeaf.objects.get(position=1)
    assurance.ask_check(by=auditor, now=NOON)
    block = transaction.atomic()
    block._from_testcase = True

    with block:
        lift_guards()
        TrailLeaf.objects.filter(pk=altered.pk).update(body=bytes(altered.body).replace(b'"v":1', b'"v":2'))
        checked()
        found = TrailCheck.objects.get().view()
        heard = told("trail_damaged")
        transaction.set_rollback(True)

    assert not found.good
    assert any("entry 1" in where for _, where, _ in found.findings)
    assert heard == set(people.addresses({auditor.ref}).values())


def due(at) -> None:
    worker.run_all(TABLE, lane="ordinary", clock=lambda: at)


def test_silence_is_told_when_no_check_was_good_for_too_long_and_again_each_day_until_one_is(auditor):
    signed()
    assurance.ask_nightly(by=JOBS, now=NOON)  # and then no job runs any more

    due(NOON + 35 * HOUR)
    assert not told("trail_unverified")
    due(NOON + 37 * HOUR)
    due(NOON + 38 * HOUR)
    due(NOON + 62 * HOUR)

    assert Notice.objects.filter(message="trail_unverified").count() == 2 * len(told("trail_unverified")) == 2
    assert queries.unverified_since(NOON + 62 * HOUR) == NOON
    checked(NOON + 63 * HOUR)
    due(NOON + 90 * HOUR)
    assert Notice.objects.filter(message="trail_unverified").count() == 2
    assert queries.unverified_since(NOON + 90 * HOUR) is None


def test_the_jobs_have_a_lane_for_it(auditor, outside):
    signed()

    lanes.all_lanes()["trail-check"].step(lambda: NOON)

    assert TrailCheck.objects.get().view().good


@pytest.mark.sabotage("control 9: one check, one verdict")
def test_the_database_itself_refuses_a_second_check_and_a_verdict_before_the_end(auditor):
    assurance.ask_check(by=auditor, now=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        TrailCheck.objects.create(asked_at=NOON, asked_by="person:x")
    with pytest.raises(IntegrityError), transaction.atomic():
        TrailCheck.objects.update(verdict="good")
