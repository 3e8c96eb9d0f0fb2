"""A notice is stored with its cause, sent after it, exactly as the guide words it, and never lost (control 11)."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from tecum.access.catalogue import PERMISSIONS
from tecum.audit import queries as trail
from tecum.guide.model.mail import Retries
from tecum.jobs import outbox
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tecum.notices import operations as notices
from tecum.notices import queries, rules
from tecum.notices.models import Notice
from tecum.notices.states import AttemptEnd, NoticeState
from tecum.secrecy import operations as secrecy
from tecum.vetting import messages as _declared  # noqa: F401
from tests.conftest import NOON
from tests.mailpeers import Peer, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
BY = Actor.system("vetting")
ADMIN = Actor(ref="person:admin", kind=ActorKind.PERSON, permissions=frozenset(PERMISSIONS))
RUIZ = "ruiz@agency1.example.gov"
WORDS = {"reference": "AP-7Q2M-40VX", "window": "3-5 business days", "missing": "Nothing is missing."}


@pytest.fixture
def peer(settings) -> Iterator[Peer]:
    with serving(Peer()) as server:
        settings.TECUM_SMTP = server.address
        yield server


def enqueue(message: str = "application_received", *, to: str = RUIZ, now=NOON, **context: object) -> str:
    with transaction.atomic():
        return notices.enqueue(message, to=to, context=context or WORDS, by=BY, now=now).id


def send(now=NOON) -> int:
    return outbox.send_all(lambda: now)


def test_a_notice_rolls_back_with_its_cause():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notices.enqueue("application_received", to=RUIZ, context=WORDS, by=BY, now=NOON)
        raise ZeroDivisionError

    assert Notice.objects.count() == 0
    assert [entry.event for entry in trail.since(NOON)] == []


def test_outside_a_cause_nothing_is_enqueued():
    with pytest.raises(notices.OutsideAnyChange):
        notices.enqueue("application_received", to=RUIZ, context=WORDS, by=BY, now=NOON)

    assert Notice.objects.count() == 0


@pytest.mark.requirement("R-056")
def test_an_applicant_hears_the_guides_own_words_as_text_and_as_html(peer):
    enqueue()

    assert send() == 1

    (mail,) = peer.arrived
    assert mail.to == [RUIZ]
    assert mail.parsed["From"] == "Meadowlark <portal@meadowlark.example>"
    assert mail.parsed["Subject"] == "Your application for portal access was received (AP-7Q2M-40VX)"
    assert "Its reference is AP-7Q2M-40VX." in mail.part("text/plain")
    assert "<strong>AP-7Q2M-40VX</strong>" in mail.part("text/html")
    assert mail.parsed["Auto-Submitted"] == "auto-generated"
    assert queries.one(queries.listed(by=ADMIN, now=NOON)[0].id, by=ADMIN, now=NOON).state is NoticeState.SENT
    assert [entry.event for entry in trail.since(NOON)] == ["notice.enqueued", "notice.sent"]


def test_a_strange_name_is_neither_markup_nor_a_link(peer):
    name = "Eve <script>alert(1)</script> [click](https://elsewhere.example) **loud**\r\nBcc: all@agency1.example.gov"
    enqueue("activation_welcome", applicant=name, code_word="heron", next_subject="second", user_guide="-")

    send()

    (mail,) = peer.arrived
    assert mail.parsed["Bcc"] is None
    assert "[click](https://elsewhere.example) **loud**" in mail.part("text/plain")
    html = mail.part("text/html")
    assert "<script>" not in html
    assert 'href="https://elsewhere.example"' not in html


def test_a_list_of_points_is_a_list_in_both_forms(peer):
    enqueue(
        "application_returned",
        reference="AP-1",
        deficiencies=["The badge is missing.", "Copy your supervisor."],
    )

    send()

    (mail,) = peer.arrived
    assert "- The badge is missing.\n- Copy your supervisor." in mail.part("text/plain")
    assert "<li>The badge is missing.</li><li>Copy your supervisor.</li>" in mail.part("text/html")


def test_a_text_with_a_variable_too_few_is_refused_at_once():
    with pytest.raises(ValueError, match="missing"), transaction.atomic():
        notices.enqueue("application_returned", to=RUIZ, context={"reference": "x"}, by=BY, now=NOON)


def test_a_server_that_puts_us_off_is_asked_again_later_and_the_log_says_so(peer):
    peer.answer = lambda _peer, _envelope: "451 4.7.1 Greylisted, come back later"
    notice = enqueue()

    send()
    assert send(NOON + timedelta(seconds=29)) == 0
    peer.answer = lambda _peer, _envelope: "250 OK"
    assert send(NOON + timedelta(seconds=30)) == 1

    view = queries.one(notice, by=ADMIN, now=NOON)
    assert view.state is NoticeState.SENT
    assert [(line.end, line.code) for line in view.log] == [
        (AttemptEnd.DEFERRED, "451"),
        (AttemptEnd.ACCEPTED, "250"),
    ]
    assert "Greylisted" in view.log[0].words
    assert peer.arrived[0].raw == peer.arrived[1].raw, "the same bytes at every attempt"


@pytest.mark.requirement("R-057")
def test_a_refusal_lies_for_staff_who_send_it_to_the_right_address(peer):
    peer.rcpt = "550 5.1.1 No such user"
    notice = enqueue()
    send()
    assert queries.one(notice, by=ADMIN, now=NOON).state is NoticeState.FAILED
    assert queries.outbox(by=ADMIN, now=NOON).undelivered == 1

    peer.rcpt = "250 OK"
    again = notices.send_again(notice=notice, to="ruiz@agency1.example.org", by=ADMIN, now=NOON)
    send()

    assert [mail.to for mail in peer.arrived] == [["ruiz@agency1.example.org"]]
    assert queries.one(again.id, by=ADMIN, now=NOON).again == notice
    assert queries.outbox(by=ADMIN, now=NOON).undelivered == 0


def test_a_server_that_does_not_answer_loses_nothing_and_after_two_days_a_person_has_it(settings):
    settings.TECUM_SMTP = "smtp://127.0.0.1:9"  # discard: nobody listens
    notice = enqueue()
    moment = NOON
    for _ in range(200):
        send(moment)
        assert queries.stuck(now=moment + Retries().longest.elapsed) == []
        if Notice.objects.get(pk=notice).state == "FAILED":
            break
        moment = Notice.objects.get(pk=notice).attempt_at

    assert moment - NOON >= Retries().tried_for.elapsed
    assert Notice.objects.get(pk=notice).attempts < 110


def test_a_server_that_dies_after_the_message_gets_it_again_under_the_same_id(peer):
    peer.answer = lambda peer, _envelope: "die" if len(peer.arrived) == 1 else "250 OK"
    enqueue()

    send()
    send(NOON + timedelta(seconds=30))

    first, second = peer.arrived
    assert first.id == second.id
    assert re.fullmatch(r"<[0-9a-z]{26}@meadowlark\.example>", first.id)


def test_a_sender_that_died_loses_its_lease_and_cannot_settle_late(peer):
    enqueue()
    dead = notices.claim(now=NOON)
    assert dead is not None

    assert notices.claim(now=NOON + rules.LEASE - timedelta(seconds=1)) is None
    heir = notices.claim(now=NOON + rules.LEASE)

    assert heir is not None
    outcome = rules.Outcome(AttemptEnd.REFUSED, "550")
    assert notices.settle(dead, outcome, by=BY, now=NOON + rules.LEASE) is None
    assert notices.settle(heir, rules.Outcome(AttemptEnd.ACCEPTED), by=BY, now=NOON) is NoticeState.SENT


@pytest.mark.sabotage("control 11")
def test_without_the_fence_a_late_sender_would_overwrite_what_came_of_it(monkeypatch):
    enqueue()
    dead = notices.claim(now=NOON)
    notices.claim(now=NOON + rules.LEASE)

    def unfenced(self, *, fence, **changes):
        return Notice.objects.filter(pk=self.pk).update(**changes) == 1

    monkeypatch.setattr(Notice, "turn", unfenced)

    assert dead is not None
    assert notices.settle(dead, rules.Outcome(AttemptEnd.ACCEPTED), by=BY, now=NOON) is NoticeState.SENT


def test_a_link_is_sealed_until_it_is_out_then_wiped_and_never_sent_again(peer):
    link = "https://portal.meadowlark.example/l/abc"
    words = {"user_name": RUIZ, "link": link, "expires": "tomorrow"}
    with transaction.atomic():
        matter = secrecy.open_matter(kind="mail", by=BY, now=NOON)
        notice = notices.enqueue("activation_link", to=RUIZ, context=words, matter=matter, by=BY, now=NOON).id
    row = Notice.objects.get(pk=notice)
    assert link not in row.text + row.html
    assert b"portal.meadowlark" not in bytes(row.secret)
    assert link not in queries.one(notice, by=ADMIN, now=NOON).text

    send()

    assert link in peer.arrived[0].part("text/plain")
    assert bytes(Notice.objects.get(pk=notice).secret) == b""
    with pytest.raises(notices.CannotSendAgain, match="new link"):
        notices.send_again(notice=notice, by=ADMIN, now=NOON)


def test_a_link_without_a_matter_that_seals_it_is_never_enqueued():
    words = {"user_name": RUIZ, "link": "https://x.example/l", "expires": "tomorrow"}

    with pytest.raises(notices.OutsideAnyMatter), transaction.atomic():
        notices.enqueue("activation_link", to=RUIZ, context=words, by=BY, now=NOON)


def test_what_is_on_its_way_is_not_sent_twice():
    notice = enqueue()

    with pytest.raises(notices.CannotSendAgain):
        notices.send_again(notice=notice, by=ADMIN, now=NOON)


def test_somebody_without_the_permission_sees_and_sends_nothing():
    stranger = Actor.stranger()
    notice = enqueue()

    with pytest.raises(NotYours):
        queries.listed(by=stranger, now=NOON)
    with pytest.raises(NotYours):
        queries.one(notice, by=stranger, now=NOON)
    with pytest.raises(NotYours):
        notices.send_again(notice=notice, by=stranger, now=NOON)


def test_a_notice_past_its_next_attempt_and_the_longest_pause_is_seen_by_the_watcher():
    notice = enqueue()

    assert queries.stuck(now=NOON + Retries().longest.elapsed) == []
    assert queries.stuck(now=NOON + Retries().longest.elapsed + timedelta(seconds=1)) == [notice]
