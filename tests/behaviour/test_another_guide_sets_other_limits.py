"""What a carrier sets is no constant: with other values in the guide the same acts end otherwise."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from tecum.access.rules import StepUpNeeded, require
from tecum.accounts import operations as accounts
from tecum.accounts.states import LockedStep
from tecum.customers import operations as customers
from tecum.guide.loading import load
from tecum.guide.problems import FaultyGuide
from tecum.inbox import rules as judging
from tecum.inbox.facts import Address, Facts
from tecum.inbox.states import MessageClass
from tecum.kernel.actors import Actor
from tecum.models import Customer, InboundMessage, MailedCode
from tecum.policy import queries as policy
from tecum.vetting import operations as vetting
from tests import make
from tests.letters import letter, receive
from tests.make import NOON
from tests.people import enrolled, sign_in

GUIDES = Path(__file__).resolve().parents[2] / "guides"
pytestmark = pytest.mark.django_db(transaction=True)
IDLE, ABSOLUTE = 'idle = "30 minutes"', 'absolute = "12 hours"'


def carrier(folder: Path, *changes: tuple[str, str]) -> Path:
    """Copy the wholesale carrier's guide with other values."""
    shutil.copytree(GUIDES / "wholesale-portal", folder / "mine")
    for was, is_now in changes:
        places = [file for file in (folder / "mine").glob("*.toml") if was in file.read_text()]
        assert len(places) == 1, was
        places[0].write_text(places[0].read_text().replace(was, is_now, 1))
    return folder / "mine"


@pytest.fixture
def other(settings, tmp_path):
    """Put a guide with other values in force."""

    def put(*changes: tuple[str, str]) -> None:
        settings.TECUM_GUIDE = str(carrier(tmp_path, *changes))

    return put


def later(**more: float):
    return NOON + timedelta(**more)


def visit(who) -> str:
    return accounts.open_visit(person=who.id, factor="totp", now=NOON)


def test_where_the_guide_says_ten_minutes_a_visit_is_over_after_ten(other):
    other((IDLE, 'idle = "10 minutes"'))
    who = make.officer()
    here = visit(who)

    assert accounts.arrive(visit=here, person=who.id, now=later(minutes=9)).ended is None
    assert accounts.arrive(visit=here, person=who.id, now=later(minutes=19)).ended == "idle"


def test_where_the_guide_says_two_hours_nobody_stays_longer_and_the_sweep_ends_it_too(other):
    other((ABSOLUTE, 'absolute = "2 hours"'))
    who, second = make.officer(), make.officer()
    here = visit(who)
    visit(second)
    for quarter in range(1, 8):
        assert accounts.arrive(visit=here, person=who.id, now=later(minutes=15 * quarter)).ended is None

    assert accounts.arrive(visit=here, person=who.id, now=later(hours=2)).ended == "too_long"
    assert accounts.end_run_out(now=later(hours=2)) == 1


def test_where_the_guide_says_one_minute_a_code_is_stale_after_one(other):
    other(('step_up = "5 minutes"', 'step_up = "1 minute"'))
    who = make.person(roles=["portal_administrator"])
    here = visit(who)

    def actor(seconds: int):
        return accounts.arrive(visit=here, person=who.id, now=later(seconds=seconds)).actor

    require(actor(59), "person.link", now=later(seconds=59))
    with pytest.raises(StepUpNeeded, match=r"in the last 1 min\."):
        require(actor(60), "person.link", now=later(seconds=60))


def test_where_the_guide_says_two_hours_a_link_is_good_for_two_and_the_pages_say_so(other):
    other(('link_life = "24 hours"', 'link_life = "2 hours"'))
    who = make.officer()
    clerk = make.person(roles=["portal_administrator"])

    issued = accounts.issue_link(person=who.id, by=make.acting(clerk), now=NOON)

    assert issued.expires_at == later(hours=2)
    with time_machine.travel(NOON, tick=False):
        page = sign_in(enrolled(clerk), at=NOON).get(f"/desk/people/{who.id}/link/")
    assert "It is good for 2 hours from now" in page.text


def test_a_lock_out_and_a_programs_token_last_as_long_as_the_guide_says(other):
    other(
        ('locked_for = "15 minutes"', 'locked_for = "1 hour"'),
        ('token_life = "1 hour"', 'token_life = "10 minutes"'),
    )
    who = make.officer()

    until = accounts.lock_out(login=who.email, step=LockedStep.PASSWORD, now=NOON)
    token = accounts.issue_token(by=make.acting(who), now=NOON)

    assert until == later(hours=1)
    assert token.expires_at == later(minutes=10)


def test_two_wrong_passwords_lock_where_the_guide_says_two(other):
    other(('locked_for = "15 minutes"', 'locked_for = "15 minutes"\ntries = 2\ntries_within = "1 hour"'))
    who = make.officer()

    def sign_in_with(password: str, minutes: int) -> str:
        with time_machine.travel(later(minutes=minutes), tick=False):
            return Client().post("/sign-in/", {"login": who.email, "password": password}).content.decode()

    first, second, third = (sign_in_with("a wrong password", minutes) for minutes in (0, 50, 55))

    assert "Too many wrong answers" not in first + second
    assert "Too many wrong answers" in third


def test_a_code_that_proves_an_address_lives_as_long_as_the_guide_says_and_takes_as_many_tries(other):
    other(("link_life", 'code_life = "5 minutes"\ncode_tries = 2\nlink_life'))

    code = vetting.ask_status(reference="AP-7Q2M-40VX", by=Actor.stranger(), now=NOON)

    row = MailedCode.objects.get(pk=code)
    assert row.good_until == later(minutes=5)
    for _ in range(3):
        with pytest.raises(vetting.CodeWrong, match="works for 5 minutes and 2 tries"):
            vetting.prove(code=code, typed="WRONG", by=Actor.stranger(), now=NOON)
    assert MailedCode.objects.get(pk=code).tries == 2


def test_the_words_that_tell_messages_apart_are_the_guides(other):
    other((
        "storm = 20",
        'storm = 20\nfree_mail = ["mail.example"]\nmachines = ["kopierer"]\nwords = { urgent = ["mayday"], support = ["hilfe"] }',
    ))  # fmt: skip
    guide = policy.at(NOON)
    ours = [each for each in guide.mailboxes if each.purpose == "portal"]

    assert judging.lane(b"Subject: MAYDAY", recent=0, urgent_box=False, mail=guide.mail) == "mail-urgent"
    assert judging.lane(b"Subject: exigent", recent=0, urgent_box=False, mail=guide.mail) == "mail"
    verdict = judging.classify(
        Facts(subject="Frage", text="Hilfe!", senders=(Address("ruiz@police.marrow.gov"),)),
        boxes=guide.mailboxes, delivered=[ours[0].id], known=judging.Known(return_path="ruiz@police.marrow.gov"), mail=guide.mail,
    )  # fmt: skip
    assert verdict.klass is MessageClass.SUPPORT


def test_a_customer_is_asked_again_when_the_guide_says(other):
    other(('remind_after = "30 days"', 'remind_after = "10 days"'))
    customer = make.customer()
    clerk = make.acting(make.person(roles=["portal_administrator"]))

    customers.note_campaign(customer=customer.id, step="asked", text="by mail", by=clerk, now=NOON)

    assert campaign_day(customer.id) == later(days=10).date()


def test_a_guide_without_a_reminder_makes_none(other):
    other(('remind_after = "30 days"\n', ""))
    customer = make.customer()
    clerk = make.acting(make.person(roles=["portal_administrator"]))

    customers.note_campaign(customer=customer.id, step="asked", text="by mail", by=clerk, now=NOON)

    assert campaign_day(customer.id) is None


def campaign_day(customer: str):
    return Customer.objects.get(pk=customer).remind_at


def test_three_messages_are_a_storm_where_the_guide_says_three(other):
    other(("storm = 20", "storm = 3"), ('storm_within = "10 minutes"', 'storm_within = "2 hours"'))

    for number in range(5):
        receive(letter(f"Subpoena {number}"), now=later(minutes=20 * number))

    lanes = list(InboundMessage.objects.order_by("arrived_at").values_list("lane", flat=True))
    assert lanes == ["mail", "mail", "mail", "mail-bulk", "mail-bulk"]


def test_a_word_of_the_guides_own_makes_a_message_urgent(other):
    other(("storm = 20", 'storm = 20\nurgent_words = ["silver alert"]'))
    mail = policy.at(NOON).mail

    assert (
        judging.lane(b"Subject: Silver Alert, Marrow County", recent=0, urgent_box=False, mail=mail)
        == "mail-urgent"
    )
    assert judging.lane(b"Subject: silver alerts shop", recent=0, urgent_box=False, mail=mail) == "mail"


def test_a_person_has_as_many_business_days_to_decide_as_the_guide_says(other):
    other(("decided_within = 1", "decided_within = 3"))

    by = judging.decide_by(NOON, "portal", policy.at(NOON))

    assert by - judging.decide_by(
        NOON, "portal", load(GUIDES / "wholesale-portal", NOON.date())
    ) >= timedelta(days=2)


@pytest.mark.parametrize(
    ("was", "is_now", "sentence"),
    [
        (IDLE, 'idle = "2 business hours"', "idle must be one length in minutes, hours, days or weeks"),
        (IDLE, 'idle = "0 minutes"', "more than none; found '0 minutes'"),
        (IDLE, 'idle = "13 hours"', "idle (13 hours) is longer than absolute (12 hours)."),
        (ABSOLUTE, 'absolute = "30 days"', "absolute (30 days) is longer than 7 days."),
        ('link_life = "24 hours"', 'link_life = "1-2 days"', "link_life must be one length"),
        ('within = "7 days"', 'within = "1 month"', "within must be one length"),
        ('storm_within = "10 minutes"', 'storm_within = "1 business day"', "storm_within must be one length"),
    ],
)
def test_a_length_that_cannot_be_kept_is_a_mistake_of_the_guide(tmp_path, was, is_now, sentence):
    folder = carrier(tmp_path, (was, is_now))

    with pytest.raises(FaultyGuide) as faulty:
        load(folder, NOON.date())

    assert any(sentence in problem.sentence for problem in faulty.value.problems)
