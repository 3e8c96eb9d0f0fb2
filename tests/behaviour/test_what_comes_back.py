"""A message that bounced is seen by staff, matched by an id that nobody can guess; a report about others changes nothing."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tecum.access.catalogue import PERMISSIONS
from tecum.jobs import outbox
from tecum.kernel.actors import Actor, ActorKind
from tecum.notices import operations as notices
from tecum.notices import queries
from tecum.notices.drivers import reports
from tecum.notices.states import AttemptEnd, NoticeState
from tecum.vetting import messages as _declared  # noqa: F401
from tests.conftest import NOON
from tests.mailpeers import Arrived, Peer, serving

BY = Actor.system("inbox")
ADMIN = Actor(ref="person:admin", kind=ActorKind.PERSON, permissions=frozenset(PERMISSIONS))
RUIZ = "ruiz@agency1.example.gov"


def report(about: Arrived, *, action: str = "failed", whole: bool = True) -> bytes:
    """What Postfix sends when a message that it had accepted cannot be delivered."""
    head = about.raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    returned = (
        b"Content-Type: message/rfc822\n\n" + head + b"\n\nText\n"
        if whole
        else b"Content-Type: text/rfc822-headers\n\n" + head + b"\n"
    )
    return (
        b"From: MAILER-DAEMON@mx.agency1.example.gov\nTo: portal@meadowlark.example\n"
        b"Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
        b"--B\nContent-Type: text/plain\n\nThis is the mail system.\n\n"
        b"--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.agency1.example.gov\n\n"
        b"Final-Recipient: rfc822; ruiz@agency1.example.gov\nAction: "
        + action.encode()
        + b"\nStatus: 5.2.2\n"
        b"Diagnostic-Code: smtp; 552 5.2.2 Mailbox full\n\n--B\n" + returned + b"\n--B--\n"
    )


@pytest.fixture
def sent(settings, transactional_db) -> Iterator[tuple[str, Arrived]]:
    """A notice that the next server accepted."""
    with serving(Peer()) as peer:
        settings.TECUM_SMTP = peer.address
        with transaction.atomic():
            words = {"reference": "AP-1", "window": "3-5 business days", "missing": "-"}
            notice = notices.enqueue("application_received", to=RUIZ, context=words, by=BY, now=NOON).id
        outbox.send_all(lambda: NOON)
        yield notice, peer.arrived[0]


@pytest.mark.requirement("R-057")
@pytest.mark.both_databases
@pytest.mark.parametrize("whole", [True, False], ids=["the whole message", "its headers only"])
def test_a_bounce_is_seen_by_staff_with_the_words_of_the_mail_system(sent, whole):
    notice, mail = sent
    read = reports.read(report(mail, whole=whole))
    assert read is not None

    assert notices.take_report(read, by=BY, now=NOON)

    view = queries.one(notice, by=ADMIN, now=NOON)
    assert view.state is NoticeState.BOUNCED
    assert (view.log[-1].end, view.log[-1].code) == (AttemptEnd.BOUNCED, "5.2.2")
    assert "Mailbox full" in view.log[-1].words
    assert queries.outbox(by=ADMIN, now=NOON).undelivered == 1


@pytest.mark.both_databases
def test_a_delay_is_noted_and_changes_nothing(sent):
    notice, mail = sent
    read = reports.read(report(mail, action="delayed"))
    assert read is not None

    assert notices.take_report(read, by=BY, now=NOON)

    view = queries.one(notice, by=ADMIN, now=NOON)
    assert view.state is NoticeState.SENT
    assert view.log[-1].end is AttemptEnd.DELAYED


@pytest.mark.both_databases
def test_a_report_that_returns_nothing_is_matched_by_the_mark_in_its_address(sent):
    notice, _mail = sent
    bare = reports.Report(AttemptEnd.BOUNCED, (), RUIZ, "5.1.1", "")

    assert not notices.take_report(bare, by=BY, now=NOON)
    assert notices.take_report(bare, mark=notice, by=BY, now=NOON)


@pytest.mark.both_databases
def test_a_report_about_somebody_elses_message_changes_nothing(sent):
    notice, _mail = sent
    forged = reports.Report(AttemptEnd.BOUNCED, ("<guess@meadowlark.example>",), RUIZ, "5.1.1", "")

    assert not notices.take_report(forged, mark="guess", by=BY, now=NOON)
    assert queries.one(notice, by=ADMIN, now=NOON).state is NoticeState.SENT


def test_a_letter_is_no_report():
    assert reports.read(b"From: a@b\nTo: c@d\nSubject: x\n\nHello\n") is None


@given(st.binary(max_size=2000))
def test_hostile_bytes_are_no_report_and_raise_nothing(noise):
    start = b"Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/delivery-status\n\n"

    reports.read(start + noise)
    reports.read(noise)
