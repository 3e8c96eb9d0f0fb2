"""Whoever is on call is paged, paged again, then the NOC, until a call-back is recorded; nothing else stops it."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tecum.deadlines import queries as deadlines
from tecum.jobs import following
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.models import Escalation, Notice, TrailLeaf
from tecum.oncall import operations as oncall
from tecum.oncall import queries
from tecum.oncall.rules.views import Caller
from tecum.oncall.states import EntryKind, EscalationState, ShiftKind
from tecum.secrecy import operations as secrecy
from tests import make
from tests.make import NOON, ROOT, later

pytestmark = [pytest.mark.django_db(transaction=True)]
SYSTEM = Actor.system("tests")
CALLER = Caller("Det. Maura Quill", "2925550142", "Marrow County Sheriff", "a kidnapping")


def minutes(count):
    return timedelta(minutes=count)


def administrator(name="Jonah Fairweather", *, on_call=True):
    who = make.acting(make.person(name, roles=["on_call_administrator"]))
    if on_call:
        oncall.add_shift(person=who.ref, period=Period(NOON, NOON + minutes(600)), by=ROOT, now=NOON)
    return who


def noc():
    return make.acting(make.person("Night Desk", roles=["noc_escalation"]))


def begun(about="call:1", **more):
    return oncall.begin(about=about, cause="voicemail", caller=CALLER, by=SYSTEM, now=NOON, **more)


def until(minute):
    """Let the lane look once a minute, as it does by itself."""
    for each in range(minute + 1):
        following.follow_all(lambda at=each: later(minutes=at), following.LADDER)


def paged(row):
    view = queries.escalation(id=row.id, by=SYSTEM, now=NOON)
    at = [(each.at - NOON, each.who) for each in view.entries if each.kind is EntryKind.PAGED]
    return [(int(after.total_seconds() // 60), who) for after, who in at]


def state(row):
    return queries.escalation(id=row.id, by=SYSTEM, now=NOON).state


def call_back(row, by, **more):
    said = {
        "spoke_with": "Det. Quill",
        "number": "292-555-0142",
        "at": later(minutes=4),
        "now": later(minutes=5),
    }
    return oncall.call_back(escalation=row.id, by=by, **(said | more))


@pytest.mark.requirement("R-085", "R-086", "R-087")
@pytest.mark.both_databases
def test_the_on_call_person_is_paged_then_paged_again_then_the_noc_again_and_again():
    on_call, centre = administrator(), noc()
    row = begun()

    until(41)

    steps = dict.fromkeys(paged(row))
    assert list(steps) == [
        (0, on_call.ref),
        (15, on_call.ref),
        *[(at, who) for at in (30, 35, 40) for who in ("desk:noc", centre.ref)],
    ]
    assert deadlines.is_armed("oncall.step", subject=row.id)


@pytest.mark.requirement("R-085")
@pytest.mark.both_databases
def test_a_recorded_call_back_stops_the_ladder():
    on_call = administrator()
    row = begun()
    until(3)

    done = call_back(row, on_call)
    until(60)

    assert done.state is EscalationState.ENDED
    assert done.took == minutes(4)
    assert len(paged(row)) == 1
    assert not deadlines.is_armed("oncall.step", subject=row.id)


@pytest.mark.both_databases
def test_taking_it_names_an_owner_and_stops_nothing():
    on_call = administrator()
    row = begun()
    until(1)

    oncall.acknowledge(escalation=row.id, by=on_call, now=later(minutes=2))
    until(16)

    assert state(row) is EscalationState.TAKEN
    assert [at for at, _ in paged(row)] == [0, 15]


def test_taking_it_after_the_next_step_fired_still_takes_it_and_both_pages_stay_in_the_record():
    on_call = administrator()
    row = begun()
    until(16)
    first = link_of(Notice.objects.order_by("enqueued_at").first())

    taken = oncall.acknowledge_by_link(token=first, by=Actor.stranger(), now=later(minutes=17))

    assert taken.owner == on_call.ref
    assert [at for at, _ in paged(row)] == [0, 15]


def link_of(notice):
    text = secrecy.read_bytes(
        bytes(notice.secret), matter=notice.matter, about=f"notice {notice.pk}"
    ).decode()
    return re.search(r"/on-call/pages/([\w-]+)/", text)[1]


@pytest.mark.both_databases
def test_the_link_of_a_page_works_once_and_a_look_at_it_uses_nothing_up(client):
    administrator()
    row = begun()
    until(0)
    token = link_of(Notice.objects.get())

    assert client.get(f"/on-call/pages/{token}/").status_code in (200, 410)  # the page's own clock is today's
    taken = oncall.acknowledge_by_link(token=token, by=Actor.stranger(), now=later(minutes=1))

    assert taken.state is EscalationState.TAKEN
    with pytest.raises(NotYours):
        oncall.acknowledge_by_link(token=token, by=Actor.stranger(), now=later(minutes=1))
    assert state(row) is EscalationState.TAKEN


def test_a_page_holds_no_caller_no_number_and_nothing_about_the_matter():
    administrator()
    begun(about="case:very-secret")
    until(0)
    notice = Notice.objects.get()

    said = secrecy.read_bytes(
        bytes(notice.secret), matter=notice.matter, about=f"notice {notice.pk}"
    ).decode()

    for word in ("Quill", "555", "Marrow", "kidnapping", "very-secret"):
        assert word not in said + notice.subject


def test_the_same_thing_a_second_time_is_the_same_escalation_and_is_in_its_record():
    administrator()
    first = begun()

    second = begun()

    assert second.id == first.id
    assert [each.kind for each in second.entries] == [EntryKind.BEGUN, EntryKind.AGAIN]


@pytest.mark.both_databases
def test_the_database_itself_refuses_a_second_open_one_and_an_end_without_a_call_back():
    row = begun()
    kept = Escalation.objects.get(pk=row.id)

    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.create(
            reference="ES-2", about=kept.about, matter=kept.matter, cause="x", plan=kept.plan, guide_version="x",
            received_at=NOON, begun_at=NOON, begun_by="x", next_at=NOON,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.filter(pk=row.id).update(state="ENDED", ended_at=NOON, next_at=None)


def test_in_a_gap_the_next_step_does_not_wait_and_the_noc_is_reached_at_once():
    centre = noc()
    row = begun()

    until(0)

    assert {who for _, who in paged(row)} == {"desk:noc", centre.ref}
    view = queries.escalation(id=row.id, by=SYSTEM, now=NOON)
    assert [each.step for each in view.entries if each.kind is EntryKind.NOBODY] == [1, 2]


def test_a_cover_is_paged_in_place_of_whom_it_covers():
    administrator()
    cover = administrator("Wren Castellane", on_call=False)
    oncall.add_shift(
        person=cover.ref, period=Period(NOON, NOON + minutes(60)), kind=ShiftKind.COVER, by=ROOT, now=NOON
    )
    row = begun()

    until(0)

    assert paged(row) == [(0, cover.ref)]


def test_a_person_on_two_shifts_at_once_is_paged_once():
    on_call = administrator()
    oncall.add_shift(person=on_call.ref, period=Period(NOON, NOON + minutes(60)), by=ROOT, now=NOON, place=2)
    row = begun()

    until(0)

    assert paged(row) == [(0, on_call.ref)]


def test_a_call_back_needs_a_name_a_number_and_a_minute_that_can_be():
    on_call = administrator()
    row = begun()

    for wrong in (
        {"spoke_with": " "},
        {"number": "12"},
        {"at": later(minutes=90)},
        {"at": later(minutes=-90)},
    ):
        with pytest.raises(oncall.CannotAnswer):
            call_back(row, on_call, **wrong)

    assert state(row) is EscalationState.CLIMBING


@pytest.mark.requirement("R-090")
def test_the_noc_takes_it_and_sees_how_it_climbs_and_can_neither_read_the_caller_nor_end_it():
    centre = noc()
    row = begun(about="case:very-secret")
    until(0)

    oncall.acknowledge(escalation=row.id, by=centre, now=later(minutes=1))
    seen = queries.escalation(id=row.id, by=centre, now=later(minutes=1))

    assert (seen.about, seen.matter, seen.owner) == ("", "", centre.ref)
    with pytest.raises(NotYours):
        oncall.read_caller(escalation=row.id, by=centre, now=later(minutes=1))
    with pytest.raises(NotYours):
        call_back(row, centre)
    with pytest.raises(NotYours):
        queries.escalation(about="case:very-secret", by=centre, now=later(minutes=1))


def test_who_called_is_read_by_whoever_answers_and_the_reading_is_remembered():
    on_call = administrator()
    row = begun()

    caller, called = oncall.read_caller(escalation=row.id, by=on_call, now=later(minutes=1))

    assert (caller, called) == (CALLER, None)
    assert TrailLeaf.objects.filter(event="oncall.caller_read", actor=on_call.ref).exists()


def test_a_step_that_fails_again_and_again_is_tried_every_twenty_seconds_for_as_long_as_it_takes(monkeypatch):
    administrator()
    row = begun()
    tried = []

    def broken(*_args, **_more):
        tried.append(1)
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("tecum.oncall.operations.paging.fire", broken)
        for second in range(0, 3600, 20):
            following.follow_all(lambda at=second: NOON + timedelta(seconds=at), following.LADDER)
    following.follow_all(lambda: later(minutes=61), following.LADDER)

    assert len(tried) > 150
    assert {at for at, _ in paged(row)} == {61}


def test_of_a_sealed_matter_only_its_list_reads_who_called_and_yet_the_call_back_can_be_recorded():
    on_call = administrator()
    row = begun(about="case:sealed")
    secrecy.seal_matter(row.matter)

    seen = queries.escalation(id=row.id, by=on_call, now=later(minutes=1))
    with pytest.raises(NotYours):
        oncall.read_caller(escalation=row.id, by=on_call, now=later(minutes=1))

    assert (seen.about, seen.matter, seen.open) == ("", "", True)
    assert call_back(row, on_call).state is EscalationState.ENDED
