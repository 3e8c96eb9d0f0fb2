"""What is found wrong with a surveillance pages whoever is on call, once for each finding, until it holds again (control 3)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tecum.assurance import operations as assurance
from tecum.assurance import queries, rules
from tecum.jobs import following, runner, watching, worker
from tecum.jobs.lanes import IN_RECOVERY, all_lanes
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.kernel.invariants import Broken
from tecum.kernel.periods import Period
from tecum.models import Escalation, EscalationEntry, Finding, Notice, TrailLeaf
from tecum.oncall import operations as oncall
from tecum.oncall.states import EntryKind
from tests import make, race
from tests.make import NOON, ROOT

pytestmark = [pytest.mark.django_db(transaction=True)]
MINUTE = timedelta(minutes=1)
SYSTEM = Actor.system("tests")
LATE = Broken("I1", "tap-1", NOON)


@pytest.fixture(autouse=True)
def places(settings, tmp_path, outside, monkeypatch):
    settings.TECUM_GUIDE, settings.DATA = "example", tmp_path
    monkeypatch.setattr("tecum.assurance.invariants.broken", lambda **_: ())


@pytest.fixture
def jonah():
    who = make.acting(make.person("Jonah Fairweather", roles=["on_call_administrator"]))
    oncall.add_shift(person=who.ref, period=Period(NOON - MINUTE, NOON + 600 * MINUTE), by=ROOT, now=NOON)
    return who


def look(*found, at=NOON):
    return assurance.look(by=SYSTEM, now=at, more=found)


def pages(at=NOON):
    worker.run_all(TABLE, lane=watching.PAGES, clock=lambda: at)
    following.follow_all(lambda: at, following.LADDER)


def paged():
    return list(EscalationEntry.objects.filter(kind=EntryKind.PAGED).order_by("at").values_list("who", "at"))


@pytest.mark.both_databases
@pytest.mark.sabotage("control 3")
def test_a_surveillance_on_after_its_end_pages_whoever_is_on_call_within_the_round(jonah, monkeypatch):
    look(LATE)
    pages()

    assert paged() == [(jonah.ref, NOON)]
    notice = Notice.objects.get(message="oncall_alarm")
    assert "look now" in notice.subject
    assert "tap-1" not in notice.subject
    assert Finding.objects.get().escalation == Escalation.objects.get().pk
    assert TrailLeaf.objects.filter(event="invariant.woke").count() == 1

    monkeypatch.setattr(rules, "WAKING", frozenset())
    look(LATE, Broken("I2", "tap-2"), at=NOON + MINUTE)
    pages(NOON + MINUTE)
    assert Escalation.objects.count() == 1  # without the control nobody is woken


def test_it_climbs_until_somebody_says_with_whom_it_was_settled_and_rings_once_for_one_finding(jonah):
    look(LATE)
    pages()
    look(LATE, at=NOON + 15 * MINUTE)
    pages(NOON + 15 * MINUTE)
    assert len(paged()) == 2

    row = Escalation.objects.get()
    oncall.call_back(
        escalation=row.pk, spoke_with="Ines at the switch", number="292-555-0142", at=NOON + 16 * MINUTE, by=jonah,
        now=NOON + 16 * MINUTE,
    )  # fmt: skip
    for minute in (17, 90, 300):
        look(LATE, at=NOON + minute * MINUTE)
        pages(NOON + minute * MINUTE)

    assert len(paged()) == 2
    assert Escalation.objects.count() == 1
    assert Finding.objects.get().told >= 3  # the mail goes on: it still does not hold


@pytest.mark.both_databases
def test_when_it_holds_again_nobody_is_paged_any_more_and_broken_anew_it_rings_anew(jonah):
    look(LATE)
    pages()
    look(at=NOON + 2 * MINUTE)
    pages(NOON + 2 * MINUTE)
    following.follow_all(lambda: NOON + 30 * MINUTE, following.LADDER)

    row = Escalation.objects.get()
    assert (row.state, row.called_back_at, row.ended_at) == ("ENDED", None, NOON + 2 * MINUTE)
    assert len(paged()) == 1
    assert TrailLeaf.objects.filter(event="oncall.stood_down").count() == 1

    look(LATE, at=NOON + 40 * MINUTE)
    pages(NOON + 40 * MINUTE)
    assert len(paged()) == 2


def test_a_thousand_missed_ends_are_one_alarm_that_lasts_until_the_last_of_them_is_over(jonah):
    many = [Broken("I1", f"tap-{number}", NOON) for number in range(20)]
    look(*many)
    pages()
    assert (Escalation.objects.count(), len(paged())) == (1, 1)

    look(many[0], at=NOON + MINUTE)
    pages(NOON + MINUTE)
    assert Escalation.objects.get().state == "CLIMBING"

    look(at=NOON + 2 * MINUTE)
    pages(NOON + 2 * MINUTE)
    assert Escalation.objects.get().state == "ENDED"


@pytest.mark.both_databases
@pytest.mark.sabotage("control 3")
def test_a_ladder_that_fails_leaves_the_finding_its_mail_and_an_alarm_and_is_tried_until_it_works(
    jonah, monkeypatch
):
    auditor = make.person("Saskia Vantongeren", roles=["auditor"])
    with monkeypatch.context() as broken:

        def falls(**_):
            raise RuntimeError("no ladder")

        broken.setattr(oncall, "begin", falls)
        look(LATE)
        pages()
        look(LATE, at=NOON + MINUTE)
        pages(NOON + MINUTE)

        assert {each.invariant for each in queries.open_findings()} == {"I1", "PAGED"}
        told = Notice.objects.filter(message="invariant_broken").values_list("recipient", flat=True)
        assert list(told) == [auditor.email] * 2
        assert paged() == []

    pages(NOON + 3 * MINUTE)
    look(LATE, at=NOON + 4 * MINUTE)

    assert [who for who, _ in paged()] == [jonah.ref]
    assert {each.invariant for each in queries.open_findings()} == {"I1"}


def test_what_can_wait_for_the_morning_wakes_nobody(jonah):
    look(Broken("I9", "notice-1"), Broken("JOBS", "retention"))
    pages()

    assert not Escalation.objects.exists()


def test_a_lane_that_ends_surveillances_and_does_not_live_wakes_somebody(jonah):
    look(Broken("JOBS", "terminate"))
    pages()

    assert [who for who, _ in paged()] == [jonah.ref]
    assert set(all_lanes()) >= rules.WAKING_LANES
    assert watching.PAGES in IN_RECOVERY


def test_the_watcher_climbs_the_ladder_and_pages_by_itself_while_the_jobs_are_down(jonah, tmp_path, settings):
    settings.TECUM_SMTP = f"folder:{tmp_path / 'outgoing'}"
    beats = tmp_path / "jobs"
    runner.beat(beats, runner.Beat("terminate", NOON - 20 * MINUTE, 0))

    watching.step(lambda: NOON, silent=lambda now: runner.silent_lanes(beats, {"terminate": MINUTE}, now=now))

    assert Notice.objects.get(message="oncall_alarm").state == "SENT"


@pytest.mark.sabotage("control 3")
def test_a_watcher_that_falls_silent_wakes_somebody_once_and_one_that_begins_again_lets_them_be(jonah):
    assurance.begin(by=ROOT, now=NOON)
    look(at=NOON)
    for minute in (4, 5, 6):
        pages(NOON + minute * MINUTE)
    assert (Escalation.objects.count(), len(paged())) == (1, 1)
    assert not EscalationEntry.objects.filter(kind=EntryKind.AGAIN).exists()

    look(at=NOON + 7 * MINUTE)
    pages(NOON + 8 * MINUTE)

    assert Escalation.objects.get().state == "ENDED"


def test_a_watcher_that_never_began_wakes_somebody(jonah):
    watching.expect(lambda: NOON)
    pages(NOON + 4 * MINUTE)

    assert [who for who, _ in paged()] == [jonah.ref]


def test_nothing_but_a_call_back_ends_an_emergency_neither_by_the_operation_nor_in_the_database(jonah):
    emergency = oncall.begin(about="call:1", cause="voicemail", by=SYSTEM, now=NOON)

    with pytest.raises(oncall.CannotAnswer, match="only a call-back"):
        oncall.stand_down(escalation=emergency.id, by=SYSTEM, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.update(state="ENDED", ended_at=NOON, next_at=None)


@pytest.mark.both_databases
def test_two_watchers_at_once_page_once(jonah):
    look(LATE)

    race.race(4, lambda _: worker.run_all(TABLE, lane=watching.PAGES, clock=lambda: NOON))
    following.follow_all(lambda: NOON, following.LADDER)

    assert (Escalation.objects.count(), len(paged())) == (1, 1)
