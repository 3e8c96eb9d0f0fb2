"""The status mailbox: a proven officer on the list withdraws or is told; a forger withdraws nothing and learns nothing."""

import itertools
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tecum.cases import queries as files
from tecum.cases.states import CaseState
from tecum.demands.rules.withdrawing import Asking
from tecum.demands.states import DemandState
from tecum.inbox import queries as inbox
from tecum.inbox.facts import Authentication
from tecum.inbox.states import State
from tecum.kernel.actors import Actor
from tecum.mailroom import routing
from tecum.models import Demand, InboundMessage, LegalCase, Matter, NeedToKnow, Notice
from tests import letters, make
from tests.conftest import NOON
from tests.letters import RUIZ, STATUS, arrived, letter
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
CLERK = Actor.system("mailroom")
NEVER = "LD-0000-0000"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"


@pytest.fixture
def vouch(monkeypatch):
    """Let the mail systems vouch for the domains named in the returned set, and for no other."""
    real, vouched = inbox.content, {"police.marrow.example.gov"}

    def content(message_id: str):
        found = real(message_id)
        domain = found.facts.sender.domain
        verdict = "aligned" if domain in vouched else "none"
        return replace(found, authentication=Authentication(verdict, domains=(domain,)))

    monkeypatch.setattr(inbox, "content", content)
    return vouched


@pytest.fixture
def case(vouch):
    """The case of a demand that a vetted officer mailed, on whose list the officer stands and a colleague does not."""
    home = make.agency(domain="police.marrow.example.gov")
    make.person(agency=home, email=RUIZ)
    make.person(agency=home, email="lt@police.marrow.example.gov")
    arrived(letter())
    (row,) = LegalCase.objects.all()
    return files.case(case=row.pk, by=CLERK, now=NOON)


def state():
    return DemandState(Demand.objects.get().state)


def written(subject, text, *, sender=RUIZ, envelope="", headers=""):
    return arrived(
        letter(subject, text, sender=sender, to=STATUS, headers=headers), to=STATUS, sender=envelope or sender
    )


def answers(message):
    return list(Notice.objects.filter(message=message).order_by("enqueued_at", "pk"))


@pytest.mark.requirement("R-043", "R-045")
def test_a_proven_officer_on_the_list_withdraws_by_mail_and_the_case_closes(case):
    message = written(f"Case {case.reference}", "Please withdraw the subpoena; the portal answered it.")

    assert (message.state, message.routed_to) == (State.ROUTED, "withdrawn")
    assert state() is DemandState.WITHDRAWN
    assert files.case(case=case.id, by=CLERK, now=NOON).state is CaseState.CLOSED
    (told,) = answers("demand_withdrawn")
    assert told.recipient == RUIZ and case.reference in told.text


def variants(reference, count):
    """Make forgeries that differ in sender, vouching, envelope, reference, words and headers; the same ones each time."""
    senders = [
        RUIZ, f"Detective Ruiz <{RUIZ}>", RUIZ.upper(), f'"{RUIZ}" <x@other.example.net>',
        f"{RUIZ}, x@other.example.net", f"x@other.example.net, {RUIZ}", f"Ruiz <{RUIZ}.example.net>",
        "ruiz@police-marrow.example.gov", "ruiz@police.marrow.examp1e.gov", "colleague@police.marrow.example.gov",
        "ruiz+x@police.marrow.example.gov", "ruiz@sub.police.marrow.example.gov", "x@other.example.net",
    ]  # fmt: skip
    named = [reference, reference.lower(), f"{reference} {NEVER}", NEVER, f"#{reference}", f"Re: {reference}"]
    asks = [
        "Please withdraw the subpoena.", "We withdraw our legal demand.", "Withdrawal of the subpoena requested.",
        "WITHDRAW", "Please cancel and withdraw this demand, it is no longer needed.", "I withdraw the subpoena, as agreed.",
    ]  # fmt: skip
    headers = [
        "", "Auto-Submitted: auto-replied\r\n", "Precedence: bulk\r\n", "Reply-To: ruiz@police.marrow.example.gov\r\n",
        "Sender: ruiz@police.marrow.example.gov\r\n", f"In-Reply-To: <{reference}@sinch.com>\r\n",
        "Authentication-Results: mx.sinch.com; dkim=pass header.d=police.marrow.example.gov\r\n",
        "DKIM-Signature: v=1; d=police.marrow.example.gov; s=a; b=AAAA\r\n",
    ]  # fmt: skip
    envelopes = ["", "x@other.example.net", RUIZ]
    every = list(itertools.product(senders, named, asks, headers, envelopes))
    return random.Random(43).sample(every, count)


@pytest.mark.requirement("R-043")
def test_of_a_thousand_forgeries_none_withdraws_and_none_is_told_whether_there_is_a_case(case, vouch):
    vouch.clear()
    vouch.update({"other.example.net", "police-marrow.example.gov", "police.marrow.examp1e.gov"})
    before = set(Notice.objects.values_list("pk", flat=True))

    for sender, reference, words, headers, envelope in variants(case.reference, size(ci=60, proof=1_000)):
        written(
            f"Case {reference}",
            words,
            sender=sender,
            envelope=envelope or "x@other.example.net",
            headers=headers,
        )

    assert state() is DemandState.RECEIVED
    assert files.case(case=case.id, by=CLERK, now=NOON).state is CaseState.OPEN
    said = {each.message for each in Notice.objects.exclude(pk__in=before)}
    assert said <= {"message_received", "misdirected", "contact_unknown"}
    assert not InboundMessage.objects.filter(routed_to="withdrawn").exists()


@pytest.mark.sabotage("control 8")
def test_without_the_proof_of_the_sender_the_first_forgery_would_withdraw(case, vouch, monkeypatch):
    vouch.clear()
    monkeypatch.setattr(
        "tecum.mailroom.stating.asking_of", lambda content: _believed(content, case.reference)
    )

    written(f"Case {case.reference}", "Please withdraw the subpoena.")

    assert state() is DemandState.WITHDRAWN


def _believed(content, reference):
    return Asking(content.facts.sender.address, True, False, frozenset({reference}))


def test_what_does_not_withdraw_is_received_in_the_same_words_whether_there_is_a_case_or_not(case, vouch):
    vouch.add("other.example.net")
    one = written(f"Case {case.reference}", "Please withdraw the subpoena.", sender="a@other.example.net")
    other = written(f"Case {NEVER}", "Please withdraw the subpoena.", sender="b@other.example.net")

    assert (one.state, other.state) == (State.RESTING, State.RESTING)
    first, second = sorted(answers("message_received"), key=lambda each: each.recipient)
    assert first.text.replace(one.reference, "") == second.text.replace(other.reference, "")
    assert state() is DemandState.RECEIVED


def test_what_rests_with_a_person_is_not_judged_again_when_the_world_has_changed(case, vouch):
    vouch.clear()
    message = written(f"Case {case.reference}", "Please withdraw the subpoena.")
    vouch.add("police.marrow.example.gov")
    later = NOON + timedelta(hours=2)

    routing.catch_up(lambda: later)
    letters.hand_on(later)

    assert inbox.message(message.id).state is State.RESTING
    assert state() is DemandState.RECEIVED


def test_an_officer_on_the_list_is_told_how_the_case_stands_and_no_target(case):
    message = written(f"Case {case.reference}", "What is the status of our subpoena?")

    assert message.routed_to == "told"
    (told,) = answers("case_stands")
    assert told.recipient == RUIZ and case.reference in told.text
    assert "waits for its review" in told.text
    assert "555" not in told.text


@pytest.mark.parametrize("message_id", ["", letters.UNNAMED])
def test_a_question_that_came_to_another_mailbox_has_one_answer_also_without_a_message_id(case, message_id):
    raw = letter(f"Case {case.reference}", "What is the status of our subpoena?", sender=RUIZ, to=letters.PORTAL, message_id=message_id)  # fmt: skip
    before = set(Notice.objects.values_list("pk", flat=True))

    message = arrived(raw, to=letters.PORTAL, sender=RUIZ)

    assert message.routed_to == "told"
    said = [each.message for each in Notice.objects.exclude(pk__in=before).exclude(state="NOT_SENT")]
    assert said == ["case_stands"]


def test_a_colleague_a_stranger_and_an_unproven_sender_hear_the_words_for_a_case_that_is_not_there(
    case, vouch
):
    vouch.add("other.example.net")
    askers = [
        (case.reference, "lt@police.marrow.example.gov"), (case.reference, "a@other.example.net"),
        (case.reference, "ruiz@unproven.example.net"), (NEVER, "b@other.example.net"),
    ]  # fmt: skip

    went = [written(f"Case {ref}", "What is the status?", sender=who).routed_to for ref, who in askers]

    assert went == ["not_told"] * 4
    assert answers("case_stands") == []
    said = {each.text.replace(case.reference, "").replace(NEVER, "") for each in answers("contact_unknown")}
    assert len(answers("contact_unknown")) == 4 and len(said) == 1


def test_of_a_sealed_case_nobody_is_told_by_mail_and_nothing_is_withdrawn_by_mail(case):
    Matter.objects.filter(pk=case.matter).update(sealed=True)
    assert NeedToKnow.objects.filter(matter=case.matter).exists()

    asked = written(f"Case {case.reference}", "What is the status of our subpoena?")
    ended = written(f"Case {case.reference}", "Please withdraw the subpoena.")

    assert (asked.routed_to, ended.state) == ("not_told", State.RESTING)
    assert state() is DemandState.RECEIVED
