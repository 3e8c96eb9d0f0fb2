"""The on-call desk, the link of a page on a telephone, the call-back, the NOC's desk and the roster, in a real browser."""

import re
from datetime import date, time, timedelta

import pytest

from tecum.jobs import following
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.models import Escalation, Notice, RosterShift
from tecum.oncall import operations as oncall
from tecum.oncall.rules.views import Caller
from tecum.oncall.states import ShiftKind
from tecum.secrecy import operations as secrecy
from tests import make
from tests.make import NOON, ROOT, later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
DAY = timedelta(days=1)
CALLER = Caller("Det. Maura Quill", "2925550142", "Marrow County Sheriff", "A child was taken an hour ago.")


@pytest.fixture(autouse=True)
def noon(freeze):
    freeze(NOON)


@pytest.fixture
def people():
    """A roster of two with a cover and a gap, and somebody at the NOC."""
    ann = make.person("Ann Fairweather", roles=["on_call_administrator"])
    bo = make.person("Bo Castellane", roles=["on_call_administrator"])
    oncall.enter_rotation(
        people=[ann.ref, bo.ref], first=date(2026, 9, 8), at=time(8), days=2, turns=5, by=ROOT, now=NOON
    )
    oncall.add_shift(
        person=bo.ref,
        period=Period(NOON + DAY, NOON + DAY + timedelta(hours=6)),
        kind=ShiftKind.COVER,
        by=ROOT,
        now=NOON,
    )
    return ann, bo, make.person("Night Desk", roles=["noc_escalation"])


@pytest.fixture
def waiting(people):
    """A voicemail that was left 16 minutes ago: two steps have fired."""
    row = oncall.begin(
        about="voicemail:night:1", cause="voicemail", caller=CALLER, by=Actor.system("telephony"),
        received_at=later(minutes=-16), now=later(minutes=-16),
    )  # fmt: skip
    for minute in (-16, -1):
        following.follow_all(lambda at=minute: later(minutes=at), following.LADDER)
    return row


def link():
    notice = Notice.objects.filter(message="oncall_page").latest("enqueued_at")
    text = secrecy.read_bytes(
        bytes(notice.secret), matter=notice.matter, about=f"notice {notice.pk}"
    ).decode()
    return re.search(r"/on-call/pages/[\w-]+/", text)[0]


def test_from_the_link_of_a_page_to_the_recorded_call_back(people, waiting, visitors):
    telephone = visitors()
    telephone.open()
    telephone.go(link())
    telephone.check("oncall-link")
    assert "Quill" not in telephone.page.content()
    telephone.page.get_by_role("button", name="I take it").click()
    telephone.page.get_by_text("You have it").wait_for()
    telephone.check("oncall-link-taken")

    ann = visitors()
    ann.sign_in(people[0]).go("/on-call/")
    ann.check("oncall-desk")
    ann.go(f"/on-call/{waiting.id}/")
    ann.check("oncall-escalation")
    ann.go("/on-call/")
    ann.page.get_by_role("link", name="Read who called, and call back").click()
    ann.page.get_by_text("A child was taken an hour ago.").wait_for()
    ann.check("oncall-call-back")
    ann.page.get_by_label("I spoke with").fill("Det. Quill")
    ann.page.get_by_role("button", name="I have called back").click()
    ann.page.get_by_text("The pages have stopped.").wait_for()
    ann.check("oncall-over")

    row = Escalation.objects.get()
    assert (row.state, row.owner, row.called_back_by) == ("ENDED", people[0].ref, people[0].ref)
    assert row.called_back_at == NOON


def test_a_call_back_that_cannot_be_is_refused_with_a_sentence_and_nothing_is_lost(people, waiting, visitors):
    ann = visitors()
    ann.sign_in(people[0]).go(f"/on-call/{waiting.id}/call-back/")
    ann.page.get_by_label("I spoke with").fill("Det. Quill")
    ann.page.get_by_label("At this number").fill("12")

    ann.page.get_by_role("button", name="I have called back").click()
    ann.page.get_by_role("heading", name="One thing to correct").wait_for()

    ann.check("oncall-call-back-refused")
    assert ann.page.get_by_label("I spoke with").input_value() == "Det. Quill"
    assert Escalation.objects.get().ended_at is None


@pytest.mark.requirement("R-089", "R-090")
def test_the_noc_sees_whom_to_call_and_how_it_climbs_and_nothing_else(people, waiting, visitors):
    night = visitors()
    night.sign_in(people[2]).go("/on-call/")
    night.page.get_by_role("heading", name="Whom to call").wait_for()
    night.check("oncall-noc")
    night.go(f"/on-call/{waiting.id}/")
    night.check("oncall-noc-escalation")
    assert not re.search("Quill|555-0142|5550142|Marrow|child", night.page.content())
    night.go(f"/on-call/{waiting.id}/call-back/", status=404)
    night.go("/on-call/roster/", status=404)

    night.go("/on-call/call/")
    night.page.get_by_label("Number to call back").fill("292 555 0147")
    night.page.get_by_text("A voicemail was left").click()
    night.check("oncall-call")
    night.page.get_by_role("button", name="Begin the escalation").click()
    night.page.get_by_text("The ladder climbs.").wait_for()

    assert Escalation.objects.filter(about__startswith="call:").count() == 1
    assert "0147" not in night.page.content()


def test_the_roster_shows_its_gaps_and_a_cover_is_entered(people, visitors):
    bo = visitors()
    bo.sign_in(people[1]).go("/on-call/roster/")
    bo.page.get_by_role("heading", name="Shifts").wait_for()
    bo.check("oncall-roster")
    bo.go("/on-call/roster/shift/")
    bo.page.get_by_label("Who", exact=True).select_option(label="Bo Castellane")
    bo.page.get_by_label("From").fill("2026-09-18T08:00")
    bo.page.get_by_label("Until").fill("2026-09-22T12:00")
    bo.check("oncall-shift")
    bo.page.get_by_role("button", name="Enter it").click()
    bo.page.get_by_text("The shift is entered.").wait_for()

    assert RosterShift.objects.latest("entered_at", "begins_at").person == people[1].ref
    bo.page.get_by_text("No gap").wait_for()
    bo.go("/on-call/roster/rotation/")
    bo.check("oncall-rotation")
    bo.go(f"/on-call/roster/people/{people[1].id}/")
    bo.page.get_by_label("Ways").fill("sms:12")
    bo.page.get_by_role("button", name="Keep it").click()
    bo.page.get_by_role("heading", name="One thing to correct").wait_for()
    bo.check("oncall-ways")
