"""A letter carries files of its own case: sealed until they leave, held against their hash, sized, and named in the trail."""

import email
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import transaction

from tecum.billing import operations as billing
from tecum.cases import operations as cases
from tecum.documents import operations as documents
from tecum.jobs import outbox
from tecum.kernel.actors import Actor
from tecum.models import Notice, TrailLeaf
from tecum.notices import attaching, rules
from tecum.notices import operations as notices
from tecum.secrecy import operations as secrecy
from tecum.vetting import messages as _declared  # noqa: F401
from tests import make
from tests.letters import a_pdf
from tests.mailpeers import Peer, serving
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
RUIZ = "ruiz@agency1.example.gov"
WORDS = {"reference": "AP-7Q2M-40VX", "window": "3-5 business days", "missing": "Nothing is missing."}


@pytest.fixture
def peer(settings):
    settings.TECUM_GUIDE = "example"
    with serving(Peer()) as server:
        settings.TECUM_SMTP = server.address
        yield server


@pytest.fixture
def matter(peer) -> str:
    with transaction.atomic():
        return secrecy.open_matter(kind="cases", by=SYSTEM, now=NOON)


def stored(content: bytes, matter: str):
    with transaction.atomic():
        return documents.store(
            content, matter=matter, purpose="letter", media_type="application/pdf", by=SYSTEM, now=NOON
        )


def enqueue(matter: str, file, *, to: str = RUIZ) -> str:
    with transaction.atomic():
        return notices.enqueue(
            "application_received", to=to, context=WORDS, matter=matter, attach={"paper.pdf": file}, by=SYSTEM, now=NOON
        ).id  # fmt: skip


def parts_of(raw: bytes) -> dict[str, bytes]:
    message = email.message_from_bytes(raw)
    return {
        part.get_filename() or part.get_content_type(): part.get_payload(decode=True)
        for part in message.walk()
        if not part.is_multipart()
    }


def test_the_file_arrives_as_it_was_stored_beside_both_forms_of_the_text(peer, matter):
    paper = a_pdf()

    notice = enqueue(matter, stored(paper, matter))
    assert outbox.send_all(lambda: NOON) == 1

    (mail,) = peer.arrived
    parts = parts_of(mail.raw)
    assert parts["paper.pdf"] == paper
    assert {"text/plain", "text/html"} < set(parts)
    leaf = TrailLeaf.objects.get(event="notice.attached")
    assert sha256(paper).hexdigest() in bytes(leaf.body).decode()
    assert paper not in str(Notice.objects.filter(pk=notice).values()).encode()


def test_a_file_of_another_case_never_goes(peer, matter):
    with transaction.atomic():
        other = secrecy.open_matter(kind="cases", by=SYSTEM, now=NOON)

    with pytest.raises(attaching.CannotAttach, match="its own case"):
        enqueue(matter, stored(b"of another", other))

    assert not Notice.objects.exists()


def test_what_is_too_large_is_refused_before_anything_is_stored(peer, matter, monkeypatch):
    monkeypatch.setattr(rules, "MOST_ATTACHED", 3)

    with pytest.raises(attaching.CannotAttach, match="too large"):
        enqueue(matter, stored(b"four", matter))


@pytest.mark.sabotage("control 13")
def test_a_file_that_was_changed_or_destroyed_meanwhile_keeps_the_letter_for_a_person(peer, matter):
    changed, gone = stored(b"one", matter), stored(b"two", matter)
    first, second = enqueue(matter, changed), enqueue(matter, gone)
    row = Notice.objects.get(pk=first)
    row.attached[0][2] = sha256(b"what was put there").hexdigest()
    row.save()
    with transaction.atomic():
        documents.remove(gone.id, now=NOON)

    outbox.send_all(lambda: NOON)

    assert peer.arrived == []
    assert set(Notice.objects.filter(pk__in=[first, second]).values_list("state", flat=True)) == {"FAILED"}


def test_sent_once_more_it_carries_the_same_file(peer, matter):
    root = make.acting(make.person(roles=["portal_administrator"]))
    notice = enqueue(matter, stored(b"the paper", matter))
    outbox.send_all(lambda: NOON)

    notices.send_again(notice=notice, by=root, now=NOON + timedelta(hours=1))
    outbox.send_all(lambda: NOON + timedelta(hours=1))

    assert [parts_of(mail.raw)["paper.pdf"] for mail in peer.arrived] == [b"the paper"] * 2


def test_an_invoice_goes_with_its_paper(peer):
    clerk = make.acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)
    made = make.legal_case(agency=make.agency().id, numbers=("2925550142",))
    cases.note_billable(case=made.id, kind="cdr", source="s-1", happened_at=NOON, by=SYSTEM, now=NOON)
    cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)
    view = billing.issue(case=made.id, by=clerk, now=NOON)

    billing.send(invoice=view.id, to="accounts@county.example.gov", by=clerk, now=NOON)
    outbox.send_all(lambda: NOON)

    (mail,) = peer.arrived
    assert parts_of(mail.raw)[f"{view.number}.pdf"].startswith(b"%PDF")
