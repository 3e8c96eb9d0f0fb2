"""A message comes in: its bytes are safe first, then it is read, then it is of exactly one class (I6, control 10)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tecum.audit.models import TrailLeaf
from tecum.deadlines import operations as deadlines
from tecum.documents import operations as documents
from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.drivers.reader import Reader
from tecum.inbox.models import InboundMessage
from tecum.inbox.states import MessageClass, State
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tecum.notices.models import Notice
from tecum.secrecy import operations as secrecy
from tests import letters
from tests.conftest import NOON
from tests.letters import ACTIVATION, DEMANDS, PORTAL, arrived, letter, receive, sort
from tests.make import ROOT

CLERK = Actor(
    ref="person:clerk", kind=ActorKind.PERSON, permissions=frozenset({"mail.read", "mail.classify"})
)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"
    return tmp_path


def events() -> list[str]:
    return list(TrailLeaf.objects.order_by("pk").values_list("event", flat=True))


def test_what_is_received_is_safe_and_queued_before_anybody_reads_it(places: Path):
    raw = letter("Subpoena 2026-114")

    here = receive(raw)

    message = queries.message(here.id)
    assert (message.state, message.klass) == (State.RECEIVED, None)
    assert documents.read(InboundMessage.objects.get(pk=here.id).raw) == raw
    assert queries.tally().queued == 1
    assert "mail.received" in events()


@pytest.mark.requirement("R-041")
def test_a_demand_ends_in_one_class_with_its_reason():
    message = arrived(
        letter("Subpoena 2026-114", files=(("subpoena.pdf", "application/pdf", letters.a_pdf()),))
    )

    assert (message.klass, message.reason, message.attachments) == (
        MessageClass.LEGAL_DEMAND,
        "demand_mailbox",
        1,
    )
    assert queries.tally().holds


def test_nothing_it_says_lies_in_the_database_in_clear(places: Path):
    here = receive(
        letter("CANARY-SUBJECT", "CANARY-TEXT", sender="CANARY-NAME <canary-address@police.example.gov>")
    )
    sort()

    row = InboundMessage.objects.filter(pk=here.id).values().get()
    said = repr(row).encode() + b"".join(path.read_bytes() for path in places.rglob("*") if path.is_file())
    assert b"canary" not in said.lower()
    assert queries.content(here.id).facts.subject == "CANARY-SUBJECT"


def test_a_mail_system_that_did_not_hear_our_answer_sends_again_and_doubles_nothing():
    raw = letter()

    first, second = receive(raw), receive(raw, now=NOON + timedelta(minutes=5))

    assert (first.fresh, second.fresh) == (True, False)
    assert first.id == second.id
    assert InboundMessage.objects.count() == 1
    assert queries.message(first.id).arrived_at == NOON


def test_the_same_message_in_another_wrapping_is_a_duplicate_of_the_first():
    raw = letter(message_id="one@police.example.gov")
    first = arrived(raw)
    second = arrived(b"Received: from relay.example by mx.example; Tue, 8 Sep 2026 12:00:00 -0400\r\n" + raw)

    assert second.klass is MessageClass.DUPLICATE
    assert second.duplicate_of == first.id


def test_the_same_demand_at_two_mailboxes_is_one_demand_and_one_duplicate():
    raw = letter(message_id="two@police.example.gov", text="grand jury subpoena")

    wrong, right = arrived(raw, to=PORTAL), arrived(raw, to=DEMANDS)

    assert (wrong.klass, wrong.belongs_to) == (MessageClass.MISDIRECTED, "requests")
    assert (right.klass, right.duplicate_of) == (MessageClass.DUPLICATE, wrong.id)


def test_a_second_letter_with_the_same_words_is_no_duplicate():
    arrived(letter("Any news?", "Any news on this?"))

    assert arrived(letter("Any news?", "Any news on this?")).klass is MessageClass.LEGAL_DEMAND


@pytest.mark.requirement("R-040", "R-069")
def test_a_misdirected_message_is_told_where_it_belongs_and_keeps_the_time_it_came():
    message = arrived(letter("Subpoena", "grand jury subpoena"), to=PORTAL)

    assert (message.klass, message.belongs_to, message.meant) == (
        MessageClass.MISDIRECTED, "requests", MessageClass.LEGAL_DEMAND,
    )  # fmt: skip
    assert message.arrived_at == NOON
    assert queries.tally().by_class[MessageClass.MISDIRECTED] == 1, "it is counted"
    answer = Notice.objects.get()
    assert answer.recipient == letters.RUIZ
    assert DEMANDS in answer.text


@pytest.mark.requirement("R-062")
def test_mail_to_the_address_that_only_sends_gets_the_answer_the_guide_words():
    arrived(letter("Re: Welcome", "Thank you"), to=ACTIVATION)

    assert PORTAL in Notice.objects.get().text


@pytest.mark.requirement("R-003")
def test_a_civil_party_at_the_portal_mailbox_hears_nothing_and_waits_for_a_person():
    message = arrived(
        letter("Request", "We represent the plaintiff.", sender="esq@lawfirm.example"),
        to=PORTAL,
        sender="esq@lawfirm.example",
    )

    assert (message.state, message.proposed) == (State.WAITING, MessageClass.CIVIL)
    assert message.due_at is not None
    assert message.due_at == datetime(
        2026, 9, 9, 22, tzinfo=UTC
    )  # the end of the next business day in Chicago
    assert Notice.objects.count() == 0
    assert queries.waiting(now=NOON) == (1, 0)
    assert queries.waiting(now=NOON + timedelta(days=2)) == (1, 1)

    inbox.reclassify(
        message=message.id, to=MessageClass.CIVIL, reason="A law firm for a private party", by=CLERK, now=NOON
    )
    letters.hand_on()

    confirmed = queries.message(message.id)
    assert (confirmed.state, confirmed.klass) == (State.ROUTED, MessageClass.CIVIL)
    assert Notice.objects.count() == 0


def test_civil_silence_is_refused_anywhere_else_than_at_the_portal_mailbox():
    message = arrived(letter("Civil subpoena", "We represent the plaintiff."))

    with pytest.raises(inbox.CannotReclassify, match="Only the portal mailbox"):
        inbox.reclassify(message=message.id, to=MessageClass.CIVIL, reason="civil", by=CLERK, now=NOON)


def test_a_person_decides_what_the_rules_could_not_and_the_reason_is_sealed_with_the_message():
    message = arrived(letter("hello", "good morning"), to=PORTAL)
    assert message.state is State.WAITING

    decided = inbox.reclassify(
        message=message.id, to=MessageClass.MISDIRECTED, belongs_to="requests", reason="She asks about a CANARY subpoena", by=CLERK, now=NOON,
    )  # fmt: skip
    letters.hand_on()

    assert (decided.klass, decided.meant, decided.arrived_at) == (
        MessageClass.MISDIRECTED,
        MessageClass.LEGAL_DEMAND,
        NOON,
    )
    opened = inbox.open_message(message=message.id, by=CLERK, now=NOON)
    assert [each.words for each in opened.decisions] == ["", "She asks about a CANARY subpoena"]
    assert "mail.reclassified" in events()
    assert queries.tally().holds


@pytest.mark.parametrize(
    ("to", "more", "sentence"),
    [
        (MessageClass.SUPPORT, {"reason": "  "}, "why"),
        (MessageClass.MISDIRECTED, {}, "Say which mailbox"),
        (MessageClass.MISDIRECTED, {"belongs_to": "activation"}, "none of the mailboxes"),
        (MessageClass.DUPLICATE, {}, "Name the reference"),
        (MessageClass.DUPLICATE, {"of": "ML-0000-0000"}, "Name the reference"),
        (MessageClass.LEGAL_DEMAND, {}, "already"),
    ],
)
def test_a_decision_that_would_be_none_is_refused_with_a_sentence(to, more, sentence):
    message = arrived(letter())

    with pytest.raises(inbox.CannotReclassify, match=sentence):
        inbox.reclassify(message=message.id, to=to, by=CLERK, now=NOON, **{"reason": "because", **more})

    assert queries.message(message.id).klass is MessageClass.LEGAL_DEMAND


def test_nobody_decides_about_a_message_that_nobody_read():
    here = receive(letter())

    with pytest.raises(inbox.CannotReclassify, match="not been read"):
        inbox.reclassify(message=here.id, to=MessageClass.SUPPORT, reason="because", by=CLERK, now=NOON)


def test_every_look_at_a_message_is_in_the_trail_before_it_is_shown():
    message = arrived(letter(files=(("badge.jpg", "image/jpeg", letters.a_picture()),)))
    before = len(events())

    inbox.list_messages(view="all", by=CLERK, now=NOON)
    opened = inbox.open_message(message=message.id, by=CLERK, now=NOON)
    (part,) = opened.content.facts.attachments
    kind, copy = inbox.take_part(message=message.id, part=part.number, original=False, by=CLERK, now=NOON)
    _, original = inbox.take_part(message=message.id, part=part.number, original=True, by=CLERK, now=NOON)
    _, whole = inbox.take_part(message=message.id, part="0", original=True, by=CLERK, now=NOON)

    assert events()[before:] == ["mail.listed", "mail.opened", *["mail.part_taken"] * 3]
    assert (kind, copy[:4], original[:2]) == ("image/png", b"\x89PNG", b"\xff\xd8")
    assert whole.startswith(b"From:")


def test_whoever_may_not_read_mail_sees_neither_the_list_nor_that_a_message_exists():
    message = arrived(letter())

    for act in (
        lambda: inbox.list_messages(by=Actor.stranger(), now=NOON),
        lambda: inbox.open_message(message=message.id, by=Actor.stranger(), now=NOON),
        lambda: inbox.open_message(message="nothing", by=CLERK, now=NOON),
        lambda: inbox.take_part(message=message.id, part="9", original=True, by=CLERK, now=NOON),
        lambda: inbox.reclassify(
            message=message.id, to=MessageClass.SUPPORT, reason="why", by=Actor.stranger(), now=NOON
        ),
    ):
        with pytest.raises(NotYours):
            act()


def test_a_message_whose_retention_is_over_is_listed_as_gone():
    message = arrived(letter())
    secrecy.destroy_epoch("mail-2026-09", by=ROOT, now=NOON)

    (line,) = inbox.list_messages(view="all", by=CLERK, now=NOON).lines
    opened = inbox.open_message(message=message.id, by=CLERK, now=NOON)

    assert line.gone
    assert opened.gone
    assert opened.content is None


def test_the_database_itself_keeps_every_message_in_one_class_or_queued():
    message = arrived(letter())

    for wrong in (
        {"klass": ""},
        {"state": "WAITING"},
        {"klass": "misdirected", "belongs_to": ""},
        {"klass": "duplicate"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            InboundMessage.objects.filter(pk=message.id).update(**wrong)


def test_two_readers_at_once_do_not_both_take_a_copy_for_the_first(monkeypatch):
    raw = letter(message_id="race@police.example.gov")
    first, second = receive(raw), receive(b"X-Way: other\r\n" + raw)
    one, two = deadlines.claim(now=NOON, lane="mail"), deadlines.claim(now=NOON, lane="mail")
    look = InboundMessage.objects.filter
    blind = [True]

    def without_the_first(*args, **more):  # the other reader commits between our look and our write
        rows = look(*args, **more)
        return rows.none() if "twin" in more and blind and blind.pop() else rows

    with Reader() as reader:
        inbox.judge(one, reader=reader, by=letters.BY, now=NOON)
        monkeypatch.setattr(InboundMessage.objects, "filter", without_the_first)
        inbox.judge(two, reader=reader, by=letters.BY, now=NOON)

    assert queries.message(first.id).klass is MessageClass.LEGAL_DEMAND
    assert queries.message(second.id).klass is MessageClass.DUPLICATE


def test_an_answer_of_our_own_coming_back_loops_nowhere():
    message = arrived(letter(sender=PORTAL), to=DEMANDS, sender=PORTAL)

    assert (message.klass, message.reason) == (MessageClass.AUTOMATIC, "own_address")
    assert Notice.objects.count() == 0


@pytest.mark.requirement("R-057")
def test_a_report_that_a_message_of_ours_did_not_arrive_reaches_the_outbox():
    arrived(letter("Re: Welcome", "Thank you"), to=ACTIVATION)
    notice = Notice.objects.get()
    report = (
        "From: MAILER-DAEMON@mx.example\r\nTo: LEAportal@sinch.com\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Message-ID: <r1@mx.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
        "--r\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
        "--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {letters.RUIZ}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--r\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {notice.message_id}\r\nSubject: x\r\n\r\n--r--\r\n"
    ).encode()

    message = arrived(report, to=PORTAL, sender="")

    assert (message.klass, message.reason, message.routed_to) == (
        MessageClass.AUTOMATIC,
        "delivery_report",
        "outbox",
    )
    assert Notice.objects.count() == 1, "a report is never answered"
