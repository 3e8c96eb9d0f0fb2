"""Sealed means invisible in the post too: messages in and out, their counts, searches, parts and acts (control 8)."""

import pytest
import time_machine

from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.demands import operations as demands
from tecum.inbox import operations as inbox
from tecum.inbox import queries as received
from tecum.inbox.states import MessageClass
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.models import InboundMessage, LegalCase, Matter, Notice
from tecum.notices import operations as notices
from tecum.notices import queries as sent
from tecum.secrecy import queries as secrecy
from tests import letters, make, people
from tests.make import NOON, acting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
DESK = ["portal_administrator", "subpoena_analyst"]


@pytest.fixture(autouse=True)
def carrier(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"
    with time_machine.travel(NOON, tick=False):
        yield


def post(by: Actor) -> list[object]:
    """Return what a person finds out by every question about messages in and out."""
    box = sent.outbox(by=by, now=NOON)
    searches = ({}, {"find": letters.RUIZ}, {"find": "L-"})
    return [
        (box.waiting, box.undelivered, box.oldest),
        *[[each.id for each in sent.listed(by=by, now=NOON, **search)] for search in searches],
        *[inbox.list_messages(view=view, by=by, now=NOON).found for view in ("waiting", "all", "urgent", "unread")],
        (received.waiting(by=by, now=NOON), received.unread(by=by), received.count(by=by)),
    ]  # fmt: skip


def a_case_by_mail(by: Actor):
    """Let a demand come by mail, come again, be found deficient, and be asked after by a stranger; return its case."""
    paper = (("gj114.pdf", "application/pdf", letters.a_pdf("Subpoena GJ-114")),)
    same = {"files": paper, "message_id": "gj114@police.marrow.example.gov"}
    letters.arrived(letters.letter("Subpoena GJ-114", **same))
    letters.arrived(letters.letter("Subpoena GJ-114", headers="X-Again: yes\r\n", **same))
    case = files.case(case=LegalCase.objects.get().pk, by=SYSTEM, now=NOON)
    demands.take(case=case.id, by=by, now=NOON)
    demands.find_deficient(case=case.id, note="It is not signed.", by=by, now=NOON)
    return case


def asked_after(reference: str) -> None:
    for subject in (f"Re: {reference}", f"Status of {reference}", f"Please withdraw {reference}"):
        letters.arrived(
            letters.letter(subject, "Any news?", sender="x@elsewhere.example"), sender="x@elsewhere.example"
        )


def test_whoever_is_not_on_the_list_finds_in_the_post_what_there_was_before_and_the_list_finds_all():
    other, ruiz, vale = (acting(make.person(roles=DESK)) for _ in range(3))
    letters.arrived(letters.letter("A question", "Who answers?", to=letters.PORTAL), to=letters.PORTAL)
    before = post(other)

    case = a_case_by_mail(ruiz)
    cases.seal(case=case.id, people=[vale.ref], by=ruiz, now=NOON)
    asked_after(case.reference)

    assert post(other) == before
    assert (
        len(
            {
                Matter.objects.get(pk=row.matter).sealed
                for row in InboundMessage.objects.exclude(matter__in=[])
            }
        )
        == 2
    )
    assert post(vale)[1] != before[1] and received.count(by=vale) == InboundMessage.objects.count()


def test_an_act_or_a_look_at_a_sealed_letter_ends_as_for_one_that_is_not_there():
    other, ruiz, vale = (acting(make.person(roles=DESK)) for _ in range(3))
    case = a_case_by_mail(ruiz)
    message = InboundMessage.objects.exclude(klass="DUPLICATE").earliest("arrived_at").pk
    notice = Notice.objects.filter(matter=case.matter).first().pk
    cases.seal(case=case.id, people=[vale.ref], by=ruiz, now=NOON)

    def tried(message: str, notice: str) -> list[str]:
        acts = (
            lambda: inbox.open_message(message=message, by=other, now=NOON),
            lambda: inbox.take_part(message=message, part="0", original=True, by=other, now=NOON),
            lambda: inbox.reclassify(
                message=message, to=MessageClass.SUPPORT, reason="mine", by=other, now=NOON
            ),
            lambda: inbox.done_by_hand(message=message, reason="mine", by=other, now=NOON),
            lambda: received.message(message, by=other),
            lambda: sent.one(notice, by=other, now=NOON),
            lambda: notices.send_again(notice=notice, to="a@b.example", by=other, now=NOON),
        )
        said = []
        for act in acts:
            with pytest.raises(Refused) as refusal:
                act()
            said.append(f"{refusal.type.__name__} {refusal.value}")
        return said

    assert tried(message, notice) == tried("0" * 26, "0" * 26)
    assert inbox.open_message(message=message, by=vale, now=NOON).message.id == message


def test_the_pages_of_the_post_show_a_sealed_letter_to_its_list_alone():
    other, ruiz, vale = (make.person(roles=DESK) for _ in range(3))
    case = a_case_by_mail(acting(ruiz))
    message = InboundMessage.objects.earliest("arrived_at").pk
    cases.seal(case=case.id, people=[vale.ref], by=acting(ruiz), now=NOON)
    outsider, insider = (people.sign_in(who, at=NOON) for who in (other, vale))

    for address in (f"/desk/mailroom/{message}/", f"/desk/mailroom/{message}/decide/"):
        assert outsider.get(address).status_code == 404
    assert case.reference not in outsider.get("/desk/outbox/?show=all").text
    assert insider.get(f"/desk/mailroom/{message}/").status_code == 200


def test_a_letter_that_speaks_of_an_emergency_is_not_hidden_by_naming_a_sealed_case():
    other, ruiz, vale = (acting(make.person(roles=DESK)) for _ in range(3))
    case = a_case_by_mail(ruiz)
    cases.seal(case=case.id, people=[vale.ref], by=ruiz, now=NOON)
    urgent = f"EXIGENT: a child is in danger of death. {case.reference}"
    letters.arrived(letters.letter(urgent, "Exigent circumstances, imminent danger of death.", sender="x@elsewhere.example"), sender="x@elsewhere.example")  # fmt: skip

    row = InboundMessage.objects.filter(urgent=True).first()

    assert row is not None and received.message(row.pk, by=other).id == row.pk


@pytest.mark.sabotage("control 8")
def test_without_the_list_the_post_would_show_it(monkeypatch):
    other, ruiz, vale = (acting(make.person(roles=DESK)) for _ in range(3))
    before = post(other)
    case = a_case_by_mail(ruiz)
    cases.seal(case=case.id, people=[vale.ref], by=ruiz, now=NOON)

    monkeypatch.setattr(secrecy, "sealed_from", lambda _reader: Matter.objects.none())

    assert post(other) != before


def test_who_is_let_in_sees_its_letters_and_an_unsealed_case_shows_them_to_all():
    other, ruiz, vale = (acting(make.person(roles=DESK)) for _ in range(3))
    case = a_case_by_mail(ruiz)
    message = InboundMessage.objects.earliest("arrived_at").pk
    cases.seal(case=case.id, people=[vale.ref], by=ruiz, now=NOON)
    with pytest.raises(NotYours):
        received.message(message, by=other)

    proposed = cases.propose_unseal(case=case.id, by=ruiz, now=NOON)
    cases.approve_let_in(approval=proposed.id, by=vale, now=NOON)

    assert received.message(message, by=other).id == message
