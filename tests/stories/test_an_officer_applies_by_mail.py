"""The wholesale portal's story of an application, from the bytes of a real message with the real form to the account."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from tecum.access.catalogue import PERMISSIONS
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.agencies.states import SUBDIVISIONS
from tecum.documents import printing
from tecum.inbox.states import MessageClass
from tecum.kernel.actors import Actor
from tecum.models import Application, Notice
from tecum.vetting import operations as vetting
from tecum.vetting import queries
from tecum.vetting.states import SIX, ApplicationState, Check
from tests import make
from tests.applications import TYPED, guide, token_in
from tests.conftest import NOON
from tests.letters import DEMANDS, PORTAL, RUIZ, a_picture, arrived, letter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
ADMIN = Actor.operator("admin", frozenset(PERMISSIONS))
CHIEF = "okafor@police.marrow.example.gov"
SUBJECT = "Application Attached for Law Portal Access"
FORM = printing.application_form(
    guide("wholesale-portal"), subdivisions={str(country): parts for country, parts in SUBDIVISIONS.items()}
)
BADGE = ("badge.jpg", "image/jpeg", a_picture())


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"


def filled(**values: str) -> bytes:
    """The published form, typed into as a PDF viewer does."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(FORM)))
    given = {**TYPED, "applicant_email": RUIZ, "supervisor_email": CHIEF, **values}
    typed = {n: "/on" if v == "yes" else v for n, v in given.items() if n != "form_version"}
    for page in writer.pages:
        writer.update_page_form_field_values(page, typed, auto_regenerate=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def application(
    *,
    subject: str = SUBJECT,
    sender: str = f"Detective Ruiz <{RUIZ}>",
    cc: str = CHIEF,
    form: bytes | None = None,
    badge: bool = True,
) -> bytes:
    files = (("application.pdf", "application/pdf", form or filled()), *([BADGE] if badge else []))
    return letter(
        subject,
        "Please find my application.",
        sender=sender,
        to=PORTAL,
        files=files,
        headers=f"Cc: {cc}\r\n" if cc else "",
    )


def unmet() -> set[Check]:
    row = Application.objects.get()
    view = vetting.open_application(application=row.pk, by=ADMIN, now=NOON)
    return {answer.check for answer in view.answers if not answer.met and answer.check in SIX}


@pytest.mark.requirement("R-046", "R-047", "R-056", "R-058", "R-061", "R-064", "R-065")
def test_from_the_message_to_the_password():
    make.agency("Marrow Police", domain="police.marrow.example.gov")

    message = arrived(application(), to=PORTAL)

    assert message.klass is MessageClass.APPLICATION
    assert message.routed_to == Application.objects.get().reference
    assert unmet() == set()
    answer = Notice.objects.get(message="application_received")
    assert (answer.recipient, answer.sender) == (RUIZ, PORTAL)
    assert "portal_support@inteliquent.com" in answer.text, (
        "the activation sender is announced beforehand (A6)"
    )

    (line,) = queries.queue(by=ADMIN, now=NOON)
    assert vetting.accept(application=line.id, by=ADMIN, now=NOON) is ApplicationState.ACCEPTED
    link = Notice.objects.get(message="activation_link")
    assert link.sender == "portal_support@inteliquent.com"
    token = token_in(link)
    accounts.use_link(token=token, password=make.PASSWORD, by=Actor.stranger(), now=NOON)

    assert people.person(id=people.id_of(RUIZ), by=ADMIN, now=NOON).has_password


@pytest.mark.requirement("R-048")
def test_another_subject_line_is_answered_and_said():
    arrived(application(subject="My application"), to=PORTAL)

    assert unmet() == {Check.SUBJECT}
    assert (
        f"The subject line should read “{SUBJECT}”."
        in Notice.objects.get(message="application_received").text
    )


@pytest.mark.requirement("R-050")
def test_a_colleagues_address_is_noticed():
    arrived(
        application(sender="Officer Bell <bell@police.marrow.example.gov>"),
        to=PORTAL,
        sender="bell@police.marrow.example.gov",
    )

    assert unmet() == {Check.SENDER}


@pytest.mark.requirement("R-051")
def test_a_supervisor_left_off_the_copy_line_is_noticed():
    arrived(application(cc=""), to=PORTAL)

    assert unmet() == {Check.SUPERVISOR}


@pytest.mark.requirement("R-052")
def test_an_empty_field_of_the_real_form_is_named():
    arrived(application(form=filled(applicant_badge="", attest_terms="")), to=PORTAL)

    assert unmet() == {Check.FORM}
    text = Notice.objects.get(message="application_received").text
    assert "your badge or ID number" in text
    assert "These declarations of the form are not ticked: terms." in text


@pytest.mark.requirement("R-053")
def test_credentials_that_were_forgotten_are_asked_for():
    arrived(application(badge=False), to=PORTAL)

    assert unmet() == {Check.CREDENTIALS}


@pytest.mark.requirement("R-049")
def test_two_forms_in_one_message_are_noticed():
    two = letter(
        SUBJECT, "Ours.", to=PORTAL, headers=f"Cc: {CHIEF}\r\n",
        files=(("a.pdf", "application/pdf", filled()), ("b.pdf", "application/pdf", filled(applicant_name="Bell")), BADGE),
    )  # fmt: skip

    arrived(two, to=PORTAL)

    assert unmet() == {Check.ALONE}


@pytest.mark.requirement("R-003")
def test_a_civil_lawyer_hears_nothing_at_all():
    text = "I represent the plaintiff in a civil action and request access to your portal for discovery."

    arrived(
        letter("Portal access", text, sender="Lex <lex@lawfirm.example>", to=PORTAL),
        to=PORTAL,
        sender="lex@lawfirm.example",
    )

    assert not Notice.objects.exists()
    assert not Application.objects.exists()


@pytest.mark.requirement("R-046", "R-069")
def test_an_application_sent_to_the_demands_address_is_passed_on_and_keeps_its_arrival():
    misdirected = letter(
        SUBJECT, "Please find my application.", to=DEMANDS, headers=f"Cc: {CHIEF}\r\n",
        files=(("application.pdf", "application/pdf", filled()), BADGE),
    )  # fmt: skip

    message = arrived(misdirected, to=DEMANDS)

    assert message.klass is MessageClass.MISDIRECTED
    assert Application.objects.get().received_at == message.arrived_at
    assert unmet() == set()
