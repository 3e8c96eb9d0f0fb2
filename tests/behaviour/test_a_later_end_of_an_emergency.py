"""A later end of an emergency: only as far as the guide's clock gives one, proposed with a reason, approved by another (C3)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tecum.approvals.operations import SamePerson
from tecum.assurance import invariants
from tecum.exigent import operations as exigent
from tecum.exigent import queries
from tecum.exigent.rules import cutting
from tecum.kernel.actors import Actor
from tecum.models import Authority, AuthorityTurn, SurveillanceAct, Tap
from tecum.surveillance import operations as surveillance
from tecum.surveillance.drivers.simulator import Mood
from tests import emergencies, make, people
from tests.emergencies import wireless  # noqa: F401
from tests.make import NOON
from tests.subscribers import billing  # noqa: F401
from tests.taps import carried, switch

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("wireless"),
]
MINUTES, HOUR = timedelta(minutes=20), timedelta(hours=1)
LATE, LATER = NOON + MINUTES, NOON + HOUR
WHY = "the switch rejected the first command; its log shows the second at twenty past"


def obeyed_late():
    """Return an emergency whose switch rejected the first command and obeyed the one twenty minutes later."""
    made = emergencies.tapped()
    switch().behave(Mood.REJECTS)
    carried(NOON)
    carried(LATE)
    assert Tap.objects.get().state == "ACTIVE"
    return made


def proposed(made, who=None, why=WHY, at=LATER) -> str:
    return exigent.propose_later(case=made.case, why=why, by=made.at(who or made.caller, at), now=at)


@pytest.mark.requirement("R-097")
def test_the_clock_counts_from_the_first_command_that_was_not_rejected_once_two_people_say_so():
    made = obeyed_late()
    (before,) = Authority.objects.all()
    found = queries.later(case=made.case, by=made.at(made.caller, LATER), now=LATER)
    assert (found.was, found.started_at, found.ends_at) == (before.ends_at, LATE, before.ends_at + MINUTES)
    assert found.rule == "emergency-order"

    act = proposed(made)
    with pytest.raises(SamePerson):
        surveillance.approve(act=act, by=made.at(made.caller, LATER), now=LATER)
    surveillance.approve(act=act, by=made.at(made.approver, LATER), now=LATER)
    exigent.turned(
        surveillance_id=made.seen(LATER).decided[0].surveillance, by=Actor.system("jobs"), now=LATER
    )

    assert Authority.objects.get().ends_at == before.ends_at + MINUTES
    assert Tap.objects.get().cut_at == before.ends_at + MINUTES
    order = next(each for each in made.seen(LATER).follow_ups if each.what == "order")
    assert order.due_at == before.ends_at + MINUTES
    assert AuthorityTurn.objects.filter(why="extended", second=made.approver.ref).count() == 1
    assert [each for each in invariants.broken(now=LATER) if each.invariant == "I2"] == []


def test_nothing_is_later_while_the_switch_obeyed_at_once():
    made = emergencies.tapped()
    carried(NOON)

    with pytest.raises(exigent.CannotProlong, match="no later end"):
        proposed(made)


def test_a_reason_is_written_down_and_a_second_later_end_is_none():
    made = obeyed_late()
    with pytest.raises(exigent.CannotProlong, match="Say why"):
        proposed(made, why="late")
    surveillance.approve(act=proposed(made), by=made.at(made.approver, LATER), now=LATER)

    with pytest.raises(exigent.CannotProlong, match="no later end"):
        proposed(made)


def test_what_ended_is_not_prolonged():
    made = obeyed_late()
    exigent.end_now(case=made.case, why="carrier_decided", by=made.at(made.caller, LATER), now=LATER)

    with pytest.raises(exigent.CannotProlong):
        proposed(made)


def test_without_two_people_the_watcher_finds_an_emergency_that_lasts_longer_than_its_clock():
    obeyed_late()
    (row,) = Authority.objects.all()
    longer = row.ends_at + MINUTES
    Authority.objects.update(ends_at=longer)
    Tap.objects.update(until_at=longer)

    assert "I2" in {each.invariant for each in invariants.broken(now=LATER)}


@pytest.mark.sabotage("control 1")
def test_without_the_clock_two_people_would_give_it_more_than_the_law(monkeypatch):
    made = obeyed_late()
    given = cutting.ends_at
    monkeypatch.setattr(cutting, "ends_at", lambda *args: given(*args) + 10 * HOUR)
    surveillance.approve(act=proposed(made), by=made.at(made.approver, LATER), now=LATER)
    monkeypatch.undo()

    assert "I2" in {each.invariant for each in invariants.broken(now=LATER)}


def test_the_page_offers_it_and_another_person_approves_it_there():
    made = obeyed_late()
    here, home = (reverse(f"exigent:{name}", args=[made.case]) for name in ("later", "request"))
    with time_machine.travel(LATER, tick=False):
        one, two = (
            people.sign_in(make.again_by_ref(who.ref), at=LATER) for who in (made.caller, made.approver)
        )
        assert here in one.get(home).text
        assert "emergency-order" in one.get(here).text

        one.post(here, {"why": WHY})
        (act,) = SurveillanceAct.objects.filter(state="PROPOSED")
        approve = reverse("exigent:approve_later", args=[made.case, act.pk])
        assert approve in two.get(home).text
        assert approve not in one.get(home).text
        assert WHY in two.get(approve).text
        two.post(approve, {})

    assert Authority.objects.get().ends_at == NOON + 48 * HOUR + MINUTES
