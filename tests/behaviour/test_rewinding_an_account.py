"""An account was in other hands: every answer it got is listed, whoever must be told is told, on time (feature 12)."""

from datetime import UTC, date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tecum.access.rules import StepUpNeeded
from tecum.accounts.operations import PersonSuspended
from tecum.breaches import operations as breaches
from tecum.breaches import queries
from tecum.breaches.operations import AlreadyGiven, Found, NotABreach, NotFinished, TooEarly
from tecum.breaches.states import Duty
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.refusals import NotYours
from tecum.lookup import operations as lookup
from tecum.models import BreachNotice, Notice, TrailLeaf
from tests import make
from tests.make import NOON, acting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LAST = NOON + 30 * DAY  # the breach is found here: Thursday 8 October 2026, noon in New York


@pytest.fixture
def officer():
    return make.officer("Ines Barrowclough")


@pytest.fixture
def counsel():
    return make.person("Ossian Reyes-Holt", roles=["counsel"])


@pytest.fixture
def asked(numbers, officer):
    """Two customers' numbers and a non-result on three days, and an answer that another officer got."""
    for customer in ("C-TERN", "C-PLOVER"):
        make.customer(customer, name=f"{customer} Voice =cmd, Inc.")
        make.consent(customer)
    numbers(
        {
            "2925550140": ("C-TERN", date(2022, 6, 1)),
            "2925550141": ("C-TERN", date(2022, 6, 1)),
            "3925550150": ("C-PLOVER", date(2023, 6, 1)),
        }
    )
    other = make.officer("Somebody Else")
    for number, who, at in (
        ("2925550140", officer, NOON),
        ("2925550141", officer, NOON + HOUR),
        ("4925550199", officer, NOON + HOUR * 2),
        ("3925550150", officer, NOON + HOUR * 3),
        ("3925550150", other, NOON + HOUR),
    ):
        lookup.run(
            text=number,
            purpose=lookup.Purpose("=MC-26", attested=True),
            submission=f"s-{at}-{who.id}",
            door="page",
            by=acting(who),
            now=at,
        )


def by(who, at=LAST):
    return acting(who, stepped_up_at=at)


def found(officer, **more):
    given = {
        "since": NOON,
        "until": NOON + 4 * HOUR,
        "found_at": LAST,
        "what": "A password was phished.",
        **more,
    }
    return Found(person=officer.id, **given)


def opened(officer, counsel, **more):
    return breaches.open_breach(found=found(officer, **more), by=by(counsel), now=LAST)


def tell(view, counsel, *receivers, at=LAST, **more):
    for one in view.notices:
        if one.receiver in receivers:
            breaches.give(notice=one.id, how="Facility, number 1", by=by(counsel, at), now=at, **more)


def clock(view, duty, rule):
    return next(one for one in view.clocks if (one.duty, one.rule) == (duty, rule))


def again(view, counsel):
    return queries.breach(id=view.id, by=by(counsel), now=LAST)


def rings():
    return Notice.objects.filter(message="breach_clock").count()


def test_every_answer_of_the_interval_is_listed_and_no_other(asked, officer, counsel):
    view = opened(officer, counsel)

    answers = breaches.read_answers(breach=view.id, by=by(counsel), now=LAST, reveal=True)

    assert [(one.number, one.customer) for one in answers] == [
        ("2925550140", "C-TERN"),
        ("2925550141", "C-TERN"),
        ("4925550199", ""),
        ("3925550150", "C-PLOVER"),
    ]
    assert TrailLeaf.objects.filter(event="breach.answers_read").count() == 1


def test_the_interval_is_half_open(asked, officer, counsel):
    view = opened(officer, counsel, since=NOON + HOUR, until=NOON + 2 * HOUR)

    answers = breaches.read_answers(breach=view.id, by=by(counsel), now=LAST, reveal=False)

    assert [one.number for one in answers] == ["2925550141"]


def test_opening_keeps_the_account_out_drafts_every_notice_and_sends_none(asked, officer, counsel):
    view = opened(officer, counsel)

    assert make.again(officer).suspended
    assert [one.customer or one.receiver.value for one in view.notices] == [
        "usss", "fbi", "fcc", "C-PLOVER", "C-TERN",
    ]  # fmt: skip
    usss, tern = view.notices[0], view.notices[4]
    assert "A password was phished." in usss.text
    assert "About 2 customers, in 4 answers" in usss.text
    assert "2 of your numbers" in tern.text
    assert not Notice.objects.filter(message__startswith="breach").exists()
    assert TrailLeaf.objects.filter(event="breach.opened").count() == 1


def test_agencies_by_seven_business_days_in_both_versions_customers_by_thirty_days_in_the_new_one(
    asked, officer, counsel
):
    view = opened(officer, counsel)

    # Monday 12 October 2026 is Columbus Day: the seventh business day after Thursday the 8th is Tuesday the 20th.
    for rule in ("2007", "fcc-23-111"):
        assert clock(view, Duty.AGENCIES_BY, rule).due_at.astimezone(UTC).date() == date(2026, 10, 20)
    by_new = clock(view, Duty.CUSTOMERS_BY, "fcc-23-111").due_at
    assert timedelta(days=30) <= by_new - LAST < timedelta(days=31)
    assert {(one.rule, one.duty) for one in view.clocks} == {
        ("2007", Duty.AGENCIES_BY),
        ("fcc-23-111", Duty.AGENCIES_BY),
        ("fcc-23-111", Duty.CUSTOMERS_BY),
    }


def test_each_versions_agencies_stop_its_own_clock(asked, officer, counsel):
    view = opened(officer, counsel)

    tell(view, counsel, "usss", "fbi")

    after = again(view, counsel)
    assert clock(after, Duty.AGENCIES_BY, "2007").met_at == LAST
    assert clock(after, Duty.AGENCIES_BY, "fcc-23-111").met_at is None
    wait = clock(after, Duty.CUSTOMERS_AFTER, "2007").due_at
    assert wait.astimezone(UTC).date() == date(2026, 10, 20)


def test_customers_are_told_after_the_agencies_and_after_the_wait(asked, officer, counsel):
    view = opened(officer, counsel)
    with pytest.raises(TooEarly, match="after the agencies"):
        tell(view, counsel, "customer")
    tell(view, counsel, "usss", "fbi", "fcc")
    wait = clock(again(view, counsel), Duty.CUSTOMERS_AFTER, "2007").due_at

    with pytest.raises(TooEarly, match="before"):
        tell(view, counsel, "customer", at=wait - timedelta(seconds=1))
    tell(view, counsel, "customer", at=wait)

    assert again(view, counsel).to_give == 0
    assert clock(again(view, counsel), Duty.CUSTOMERS_BY, "fcc-23-111").met_at == wait


def test_customers_are_told_at_once_where_the_agency_agrees_that_harm_is_near(asked, officer, counsel):
    view = opened(officer, counsel)
    tell(view, counsel, "usss", "fbi", "fcc")

    tell(view, counsel, "customer", urgent=True)

    assert again(view, counsel).to_give == 0


def test_an_agencys_direction_holds_the_customers_thirty_days_at_once(asked, officer, counsel):
    view = opened(officer, counsel)
    tell(view, counsel, "usss", "fbi", "fcc")
    until = LAST + 29 * DAY

    with pytest.raises(NotABreach):
        breaches.hold_customers(breach=view.id, until=LAST + 31 * DAY, why="FBI", by=by(counsel), now=LAST)
    with pytest.raises(NotABreach):
        breaches.hold_customers(breach=view.id, until=until, why=" ", by=by(counsel), now=LAST)
    breaches.hold_customers(breach=view.id, until=until, why="FBI, letter", by=by(counsel), now=LAST)

    with pytest.raises(TooEarly):
        tell(view, counsel, "customer", at=until - HOUR)
    tell(view, counsel, "customer", at=until)


def test_the_desk_is_reminded_two_business_days_ahead_and_at_the_end_and_then_is_left_alone(
    asked, officer, counsel
):
    view = opened(officer, counsel)
    due = clock(view, Duty.AGENCIES_BY, "2007").due_at

    worker.run_all(TABLE, lane="ordinary", clock=lambda: due - 5 * DAY)
    assert rings() == 0
    worker.run_all(TABLE, lane="ordinary", clock=lambda: due - DAY)
    assert rings() == 2  # both versions
    tell(view, counsel, "usss", "fbi")
    worker.run_all(TABLE, lane="ordinary", clock=lambda: due)

    assert rings() == 3  # the version that names the FCC still waits


def test_words_are_mended_until_the_notice_was_given(asked, officer, counsel):
    view = opened(officer, counsel)
    first = view.notices[0]

    mended = breaches.word(notice=first.id, subject="Breach", text="In short.", by=by(counsel), now=LAST)
    assert mended.text == "In short."
    tell(view, counsel, "usss")

    with pytest.raises(AlreadyGiven):
        breaches.word(notice=first.id, subject="Breach", text="No.", by=by(counsel), now=LAST)
    with pytest.raises(AlreadyGiven):
        tell(view, counsel, "usss")
    with pytest.raises(NotABreach):
        breaches.word(notice=view.notices[1].id, subject=" ", text="x", by=by(counsel), now=LAST)


def test_a_breach_is_closed_when_everybody_was_told(asked, officer, counsel):
    view = opened(officer, counsel)
    with pytest.raises(NotFinished):
        breaches.close(breach=view.id, why="done", by=by(counsel), now=LAST)
    tell(view, counsel, "usss", "fbi", "fcc")
    tell(view, counsel, "customer", urgent=True)

    after = breaches.close(breach=view.id, why="No harm found.", by=by(counsel), now=LAST)

    assert after.closed_at == LAST
    with pytest.raises(NotYours):
        breaches.close(breach=view.id, why="again", by=by(counsel), now=LAST)


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": NOON + 4 * HOUR},
        {"until": LAST + HOUR},
        {"found_at": LAST + HOUR},
        {"what": " "},
    ],
)
def test_what_cannot_be_a_breach_changes_nothing(asked, officer, counsel, wrong):
    with pytest.raises(NotABreach):
        opened(officer, counsel, **wrong)

    assert not make.again(officer).suspended
    assert queries.breaches(by=by(counsel), now=LAST) == []


def test_it_is_counsels_and_the_portal_administrators_with_a_fresh_second_factor(asked, officer, counsel):
    for role in ("subpoena_analyst", "auditor", "system_administrator"):
        with pytest.raises(NotYours):
            opened(officer, make.person(roles=[role]))
    with pytest.raises(StepUpNeeded):
        breaches.open_breach(found=found(officer), by=acting(counsel), now=LAST)
    late = make.person(roles=["counsel"])
    from_before = by(late)
    make.accounts.suspend_person(person=late.id, reason="left", by=make.ROOT, now=LAST)
    with pytest.raises(PersonSuspended):
        breaches.open_breach(found=found(officer), by=from_before, now=LAST)


def test_the_list_leaves_as_a_file_without_a_formula_and_that_is_recorded(asked, officer, counsel):
    view = opened(officer, counsel)

    file = breaches.export_answers(breach=view.id, form="csv", by=by(counsel), now=LAST)

    text = file.content.decode("utf-8-sig")
    assert file.name == f"{view.reference}.csv"
    assert text.count("2925550140") + text.count("(292) 555-0140") == 1
    assert ",'=MC-26," in text
    assert TrailLeaf.objects.filter(event="breach.exported").count() == 1
    with pytest.raises(NotYours):
        breaches.export_answers(breach=view.id, form="pdf", by=by(counsel), now=LAST)


def test_the_database_itself_keeps_one_notice_for_each_receiver(asked, officer, counsel):
    view = opened(officer, counsel)

    with pytest.raises(IntegrityError), transaction.atomic():
        BreachNotice.objects.create(
            breach_id=view.id, receiver="fbi", subject="x", text="x", drafted_at=LAST, drafted_by="x"
        )


def test_an_account_that_got_no_answer_needs_no_customer(officer, counsel):
    view = opened(officer, counsel)

    assert [one.receiver.value for one in view.notices] == ["usss", "fbi", "fcc"]


@pytest.mark.sabotage("control of the customers' wait")
def test_without_the_wait_a_customer_would_be_told_too_early(asked, officer, counsel, monkeypatch):
    view = opened(officer, counsel)
    tell(view, counsel, "usss", "fbi", "fcc")
    monkeypatch.setattr(breaches, "_not_too_early", lambda *_, **__: None)

    tell(view, counsel, "customer")  # the bad thing happens

    assert again(view, counsel).to_give == 0
