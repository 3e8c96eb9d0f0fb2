"""Where the guide owes a customer a notice: due by the clock once no gag and no seal forbids it, sent by a person, once."""

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from tecum.cases import operations as cases
from tecum.cases.operations import GateOpen
from tecum.config import clock
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.models import CustomerOwed
from tecum.demands.operations import customers
from tecum.demands.rules import owing
from tecum.demands.states import OwedState
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.refusals import NotYours
from tecum.models import Deadline, Demand, Notice
from tecum.recovery import operations as recovery
from tests import make, race
from tests.behaviour.test_working_on_a_demand import scoped
from tests.make import NOON
from tests.surface.test_every_address_is_open_to_whom_it_says import session_of

pytestmark = [pytest.mark.django_db(transaction=True)]
RULE = '[[customer_notices]]\nid = "records"\ntold = false\n'
MAIL = {"way": "mail", "name": "A. Customer", "to": "customer@example.com"}


@pytest.fixture
def guide(tmp_path, settings):
    """Return a function that lets the guide say whether and when a customer is told."""

    def say(*lines: str) -> None:
        folder = tmp_path / "guides" / "mine"
        shutil.copytree(settings.ROOT / "guides" / "example", folder)
        clocks = folder / "clocks.toml"
        text = clocks.read_text()
        assert RULE in text
        told = '[[customer_notices]]\nid = "records"\ntold = true\n' + "\n".join(lines) + "\n"
        clocks.write_text(text.replace(RULE, told))
        settings.TECUM_GUIDE = str(folder)

    return say


@pytest.fixture
def desk():
    return make.analyst(), make.analyst()


def owed(case):
    return CustomerOwed.objects.get(demand__case=case)


def silenced(case, until, *, by, now=NOON):
    demands.set_gag(case=case, gag=True, starts=date(2026, 9, 3), until=until, cited=True, by=by, now=now)


def left(case, *, now=NOON):
    """Let what the release of a production does to the notices happen."""
    with transaction.atomic():
        customers.produced(Demand.objects.select_related("case").get(case=case), now=now)


def rings(now):
    return worker.run_all(TABLE, lane="ordinary", clock=lambda: now)


def told(row, *, by, now=NOON, **more):
    fresh = replace(by, stepped_up_at=now)
    return demands.tell_customer(owed=row.pk, by=fresh, now=now, **{**MAIL, **more})


def test_a_guide_that_owes_nothing_leaves_nothing_to_be_told(desk, settings):
    settings.TECUM_GUIDE = "example"

    case = scoped(*desk)

    assert queries.owed(case=case, by=desk[0], now=NOON) == []


def test_told_before_production_the_release_waits_for_the_notice_and_the_time_after_it(desk, guide):
    guide('wait = "7 days"')
    case = scoped(*desk)
    with pytest.raises(GateOpen, match="notice to the customer"):
        cases.refuse_while_gated(case)
    with pytest.raises(NotYours):  # no paper stands for the notice
        demands.close_paper_gate(
            case=case, gate=owed(case).gate, given="-", evidence="-", by=desk[0], now=NOON
        )

    made = told(owed(case), by=desk[0])

    assert made.gates and made.wait_until is not None and made.wait_until >= NOON + timedelta(days=6)
    with pytest.raises(GateOpen):
        cases.refuse_while_gated(case)
    rings(made.wait_until)
    cases.refuse_while_gated(case)


@pytest.mark.both_databases
def test_a_gag_keeps_the_notice_back_and_its_end_makes_it_due_by_the_clock(desk, guide):
    guide('when = "after_gag"', 'told_after = "14 days"', 'exceptions = ["gag"]')
    case = scoped(*desk)
    silenced(case, date(2026, 9, 20), by=desk[0])
    row = owed(case)
    assert (row.state, row.why) == (OwedState.WAITING, "gag")
    assert row.due_at is not None and row.due_at.date() == date(2026, 10, 4)
    with pytest.raises(demands.CannotTell, match="gag"):
        told(row, by=desk[0])

    rings(row.due_at - timedelta(minutes=1))
    assert owed(case).state == OwedState.WAITING
    rings(row.due_at)

    assert owed(case).state == OwedState.DUE
    assert [each.case for each in queries.to_tell(by=desk[0], now=row.due_at)] == [case]
    told(owed(case), by=desk[0], now=row.due_at)
    (sent,) = Notice.objects.filter(message="customer_notice")
    assert sent.recipient == MAIL["to"] and "555" not in sent.text and "Vane" not in sent.text
    with pytest.raises(demands.CannotTell):
        told(owed(case), by=desk[1], now=row.due_at)


def test_a_gag_that_comes_after_it_was_due_takes_it_back_and_one_without_an_end_leaves_it_without_a_day(
    desk, guide
):
    guide('when = "after_gag"')
    case = scoped(*desk)
    assert owed(case).state == OwedState.DUE

    Demand.objects.filter(case=case).update(gag="ask", gag_from=date(2026, 9, 3))
    silenced(case, date(2026, 12, 1), by=desk[0])

    assert (owed(case).state, owed(case).why) == (OwedState.WAITING, "gag")
    assert Deadline.objects.filter(
        kind="demand.customer_due", subject=owed(case).armed, state="ARMED"
    ).exists()
    demands.set_gag(
        case=case, gag=False, starts=date(2026, 9, 3), until=None, cited=False, by=desk[0], now=NOON
    )
    assert owed(case).state == OwedState.DUE, "what is lifted forbids nothing"


@pytest.mark.parametrize("until", [date(2026, 12, 1), None], ids=["long before its end", "that had no end"])
def test_of_a_gag_that_is_lifted_the_days_are_counted_from_the_lifting(desk, guide, until):
    guide('when = "after_gag"', 'told_after = "14 days"', 'exceptions = ["gag"]')
    case = scoped(*desk)
    silenced(case, until, by=desk[0])
    lifted = NOON + timedelta(days=20)

    said = demands.set_gag(
        case=case, gag=False, starts=date(2026, 9, 3), until=None, cited=False, by=desk[0], now=lifted
    ).silence

    row = owed(case)
    assert (row.state, row.why) == (OwedState.WAITING, "day")
    assert row.due_at is not None and row.due_at.date() == (lifted + timedelta(days=14)).date()
    assert (said.state, said.until) == ("over", lifted.date())
    with pytest.raises(demands.CannotTell, match="day has not come"):
        told(row, by=desk[0], now=lifted)
    rings(row.due_at)
    assert owed(case).state == OwedState.DUE


def test_a_gag_written_down_by_mistake_and_taken_back_the_same_day_never_was(desk, guide):
    guide('when = "after_gag"', 'told_after = "14 days"', 'exceptions = ["gag"]')
    case = scoped(*desk)
    day = owed(case).due_at
    today = NOON.date()
    demands.set_gag(
        case=case, gag=True, starts=today, until=date(2026, 12, 1), cited=True, by=desk[0], now=NOON
    )

    said = demands.set_gag(case=case, gag=False, starts=today, until=None, cited=False, by=desk[0], now=NOON)

    assert said.silence.state == "none"
    assert owed(case).due_at == day


def test_a_gag_that_the_guide_names_as_an_exception_means_nobody_is_ever_told(desk, guide):
    guide('exceptions = ["gag", "emergency"]')
    case = scoped(*desk)

    silenced(case, date(2026, 12, 1), by=desk[0])

    assert (owed(case).state, owed(case).why) == (OwedState.SPARED, "guide")
    cases.refuse_while_gated(case)


def test_in_a_sealed_case_nobody_is_told_and_nobody_off_its_list_learns_that_somebody_would_be(desk, guide):
    guide('when = "after_gag"')
    case = scoped(*desk)
    made = owed(case)
    third = make.analyst()
    cases.seal(case=case, people=[desk[1].ref], by=desk[0], now=NOON)

    with pytest.raises(demands.CannotTell, match="sealed"):
        told(made, by=desk[0])
    with pytest.raises(NotYours):
        told(made, by=third)
    with pytest.raises(NotYours):
        demands.show_customer(owed=made.pk, by=third, now=NOON)
    assert queries.to_tell(by=third, now=NOON) == []
    assert not Notice.objects.filter(message="customer_notice").exists()


def test_after_production_means_once_records_have_left_and_a_withdrawal_before_means_never(desk, guide):
    guide('when = "after_production"')
    first, second = scoped(*desk), scoped(*desk, numbers=("2925550143",))
    assert {owed(each).why for each in (first, second)} == {"production"}

    left(first)
    demands.withdraw(case=second, how="telephone", by=desk[0], now=NOON)

    assert owed(first).state == OwedState.DUE
    assert (owed(second).state, owed(second).why) == (OwedState.SPARED, "ended")


def test_an_exception_of_the_guide_spares_it_with_a_reason_and_nothing_else_does(desk, guide):
    guide('exceptions = ["gag", "child_exploitation"]')
    case = scoped(*desk)
    spare = {"owed": owed(case).pk, "by": desk[0], "now": NOON}

    for exception in ("gag", "emergency", ""):
        with pytest.raises(demands.CannotTell, match="no such exception"):
            demands.spare_customer(exception=exception, reason="because", **spare)
    with pytest.raises(demands.CannotTell, match="Say why"):
        demands.spare_customer(exception="child_exploitation", reason=" ", **spare)
    demands.spare_customer(exception="child_exploitation", reason="The process says so.", **spare)

    assert (owed(case).state, owed(case).why) == (OwedState.SPARED, "exception")
    cases.refuse_while_gated(case)
    with transaction.atomic():
        customers.settle(Demand.objects.select_related("case").get(case=case), now=NOON)
    assert CustomerOwed.objects.count() == 1, "what a person found not owed does not come back"


@pytest.mark.both_databases
def test_two_people_who_tell_a_customer_at_once_tell_it_once(desk, guide):
    guide('when = "after_gag"')
    case = scoped(*desk)
    row = owed(case)

    ends = race.race(2, lambda place: told(row, by=desk[place]).way)

    assert sorted(each if isinstance(each, str) else each[0] for each in ends) == ["CannotTell", "mail"]
    assert Notice.objects.filter(message="customer_notice").count() == 1


@pytest.mark.sabotage("control 8")
def test_without_the_question_for_the_gag_the_target_would_be_told(desk, guide, monkeypatch):
    guide('when = "before_production"')
    case = scoped(*desk)
    silenced(case, date(2026, 12, 1), by=desk[0])
    with pytest.raises(demands.CannotTell, match="gag"):
        told(owed(case), by=desk[0])
    monkeypatch.setattr(owing, "_gagged", lambda found, today: False)

    told(owed(case), by=desk[0])

    assert Notice.objects.filter(message="customer_notice").exists(), "the target learns of it under the gag"


def test_the_page_names_the_customer_shows_the_letter_and_writes_down_that_it_was_posted(desk, guide):
    guide('when = "after_gag"', 'exceptions = ["emergency"]')
    case = scoped(*desk)
    who = make.person(roles=["subpoena_analyst"])
    with time_machine.travel(NOON, tick=False):
        browser = session_of(who)
        row = owed(case)
        there = reverse("response:owed", args=[case, row.pk])
        panel = browser.get(reverse("response:demand", args=[case])).content.decode()
        waiting = browser.get(reverse("response:waiting")).content.decode()
        file = browser.get(reverse("desk:case", args=[case])).content.decode()
        page = browser.get(there).content.decode()
        letter = browser.get(reverse("response:owed_letter", args=[case, row.pk]))
        empty = browser.post(there, {"way": "post", "name": "A. Customer"}).content.decode()
        given = {
            "way": "post",
            "name": "A. Customer",
            "address": "1 Elm St",
            "posted_on": f"{clock.now():%Y-%m-%d}",
        }
        answer = browser.post(there, given)

    assert "Customers to be told" in panel and there in panel and there in waiting
    assert "Customers to be told" in file and there in file
    assert "asks for records about your service" in page and "cannot be taken back" in page
    assert letter["Content-Type"] == "application/pdf" and letter.content.startswith(b"%PDF")
    assert "Write the postal address." in empty and answer.status_code == 302
    assert (owed(case).state, owed(case).way) == (OwedState.SENT, "post")
    assert not Notice.objects.filter(message="customer_notice").exists()


@pytest.mark.both_databases
@pytest.mark.sabotage("control 13")
def test_no_customer_is_told_in_a_recovery_because_a_gag_may_have_come_after_the_copy(
    desk, guide, monkeypatch
):
    guide('wait = "7 days"')
    row = owed(scoped(*desk))
    recovery.enter(
        copied_at=NOON, copy="a" * 64, origin="example.net/trail-2", known_outside=120, in_copy=100, by=make.ROOT, now=NOON
    )  # fmt: skip

    with pytest.raises(recovery.InRecovery, match="nothing leaves it"):
        told(row, by=desk[0])
    assert not Notice.objects.filter(recipient=MAIL["to"]).exists()

    monkeypatch.setattr(recovery, "refuse", lambda **_: None)
    told(row, by=desk[0])
    assert Notice.objects.filter(recipient=MAIL["to"]).exists()  # without the control it has left
