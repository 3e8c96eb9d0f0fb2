"""What may be answered automatically (RFC 3834; assurance control 11), and how addresses and headers are read."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tecum.guide.model.mail import Retries
from tecum.guide.values import parse_span as span
from tecum.notices import rules
from tecum.notices.rules import Incoming
from tecum.notices.states import NoticeChannel
from tests.conftest import NOON

OWN = frozenset({"portal@meadowlark.example", "demands@meadowlark.example"})
LETTER = Incoming(
    sender="ruiz@agency1.example.gov",
    return_path="ruiz@agency1.example.gov",
    message_id="<a1@agency1.example.gov>",
    subject="Application for portal access",
)


def test_an_officers_letter_is_answered():
    assert rules.why_not(LETTER, own=OWN) == ""


@pytest.mark.parametrize(
    "automatic",
    [
        {"return_path": ""},
        {"return_path": "<>"},
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated; owner-email=x@y"},
        {"auto_submitted": "AUTO-NOTIFIED"},
        {"precedence": "bulk"},
        {"precedence": "List"},
        {"list_headers": True},
        {"suppress": "DR, OOF, AutoReply"},
        {"suppress": "All"},
        {"sender": "portal@meadowlark.example"},
        {"return_path": "DEMANDS@meadowlark.example"},
        {"return_path": "MAILER-DAEMON@agency1.example.gov"},
        {"return_path": "owner-detectives@agency1.example.gov"},
        {"return_path": "detectives-request@agency1.example.gov"},
        {"sender": "no-reply@agency1.example.gov"},
        {"sender": ""},
        {"sender": "ruiz@agency1.example.gov, other@agency1.example.gov"},
    ],
    ids=str,
)
def test_what_says_that_it_is_automatic_a_list_or_ours_is_never_answered(automatic):
    assert rules.why_not(replace(LETTER, **automatic), own=OWN) != ""


def test_auto_submitted_no_is_a_letter_of_a_person():
    assert rules.why_not(replace(LETTER, auto_submitted="no"), own=OWN) == ""


def test_the_answer_goes_to_the_envelope_where_the_from_line_is_not_proven():
    forged = replace(LETTER, return_path="forger@elsewhere.example")

    assert rules.reply_address(forged) == "forger@elsewhere.example"
    assert rules.reply_address(replace(forged, authenticated=True)) == "ruiz@agency1.example.gov"
    assert rules.reply_address(LETTER) == "ruiz@agency1.example.gov"


def test_a_conversation_is_called_after_its_first_message():
    answer = replace(LETTER, message_id="<c@x>", in_reply_to="<b@x>", references=("<a@x> <b@x>",))

    assert rules.conversation(answer) == "<a@x>"
    assert rules.conversation(LETTER) == "<a1@agency1.example.gov>"
    assert rules.conversation(replace(LETTER, message_id="no id at all")) == ""


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Your application",
        "RE: Fwd: your  application",
        "AW: Your application",
        "Automatic reply: Your application",
        "Re[2]: Your application",
    ],
)
def test_a_subject_is_the_same_with_every_mark_of_a_reply(subject):
    assert rules.bare_subject(subject) == "your application"


def test_only_ids_fit_for_a_header_are_taken_over():
    assert rules.message_ids("<a@b>\r\nBcc: <x@y> junk", "<[exchange]@x>", "<a@b>", "<né@x>") == (
        "<a@b>",
        "<x@y>",
        "<[exchange]@x>",
    )


def test_addresses_of_the_three_channels():
    assert rules.destination("ruiz@agency1.example.gov").channel is NoticeChannel.MAIL
    assert rules.destination("fax:(292) 555-0142") == rules.Destination(NoticeChannel.FAX, "2925550142")
    assert rules.destination("webhook:siem").address == "siem"


@pytest.mark.parametrize(
    "bad", ["", "ruiz", "a@b\r\nBcc: c@d", "a@b@c", "<a@b>", "a b@c", "fax:911", "webhook:", "a@b,c@d"]
)
def test_what_is_no_address_is_refused_with_a_sentence(bad):
    with pytest.raises(rules.NoAddress):
        rules.destination(bad)


@given(st.text())
def test_a_line_for_a_header_never_breaks_it(text):
    line = rules.one_line(text)

    assert "\n" not in line
    assert "\r" not in line
    assert len(line) <= 200


def test_pauses_grow_to_half_an_hour_and_after_two_days_a_person_has_it():
    silent = Retries()

    assert [rules.pause(silent, n).total_seconds() for n in (1, 2, 3)] == [30, 60, 120]
    assert rules.pause(silent, 60) == timedelta(minutes=30)
    assert not rules.gives_up(silent, enqueued_at=NOON, now=NOON + timedelta(hours=47))
    assert rules.gives_up(silent, enqueued_at=NOON, now=NOON + timedelta(hours=48))


def test_a_carrier_says_itself_how_often_and_how_long_a_notice_is_tried():
    ours = Retries(
        first=5, longest=span("10 minutes"), tried_for=span("4 hours"), page=3, page_for=span("1 minute")
    )

    assert [rules.pause(ours, n).total_seconds() for n in (1, 2, 60)] == [5, 10, 600]
    assert rules.pause(ours, 7, urgent=True) == timedelta(seconds=3)
    assert rules.gives_up(ours, enqueued_at=NOON, now=NOON + timedelta(hours=4))
    assert rules.gives_up(ours, enqueued_at=NOON, now=NOON + timedelta(minutes=1), urgent=True)
    assert Retries(longest=span("1 business day"), first=0).faults()
