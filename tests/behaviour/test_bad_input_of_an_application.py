"""
Bad input of an application: whatever mail programs make of one, the officer hears exactly what to send instead.

The class of every odd message: faults/test_the_mail_that_real_mail_is (no subject, two From lines, 40 MB, nests, charsets,
storms, auto-responders). A server that puts us off, dies after the message or takes it and sends it back:
test_sending_notices, test_what_comes_back.
"""

from pathlib import Path

import pikepdf
import pytest

from tecum.inbox.states import MessageClass
from tecum.models import Application, Notice
from tecum.vetting.states import Check
from tests import corpus
from tests.corpus import a_scan, a_zip, winmail
from tests.letters import PORTAL, RUIZ, arrived, letter, sort
from tests.stories.test_an_officer_applies_by_mail import BADGE, CHIEF, SUBJECT, application, filled, unmet

pytestmark = [pytest.mark.django_db(transaction=True)]
HEAD = (
    f"From: Detective Ruiz <{RUIZ}>\r\nTo: {PORTAL}\r\nCc: {CHIEF}\r\nSubject: {SUBJECT}\r\n"
    "Message-ID: <[a1b2c3]@police.marrow.example.gov>\r\nMIME-Version: 1.0\r\n"
).encode()


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"


def told() -> str:
    """Return what the officer heard: one answer, whatever came."""
    return Notice.objects.get(message="application_received", recipient=RUIZ).text


def locked() -> bytes:
    import io

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(filled())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="x", owner="x"))
    return out.getvalue()


def parts(
    *, kind: str = "mixed", files=(), text: bytes = b"Content-Type: text/plain\r\n\r\nMy application."
) -> bytes:
    """Return the body of a message with parts of every kind."""
    inside = [text, *(corpus._part(media, content, name) for name, media, content in files)]
    return (
        HEAD + f'Content-Type: multipart/{kind}; boundary="b1"\r\n\r\n'.encode()
        + b"".join(b"--b1\r\n" + each + b"\r\n" for each in inside) + b"--b1--\r\n"
    )  # fmt: skip


FORM = ("application.pdf", "application/pdf", filled())


def test_an_application_inside_a_winmail_dat_is_read_as_if_it_were_attached():
    arrived(
        parts(files=[("winmail.dat", "application/ms-tnef", winmail("application.pdf", FORM[2])), BADGE]),
        to=PORTAL,
    )

    assert unmet() == set()


def test_one_that_is_signed_in_the_open_is_read_and_the_signature_is_no_credential():
    signature = ("smime.p7s", "application/pkcs7-signature", b"0\x82" + b"\1" * 90)

    arrived(parts(kind="signed", files=[FORM, signature]), to=PORTAL)

    assert unmet() == {Check.CREDENTIALS}


def test_letters_of_a_set_that_nobody_knows_do_not_keep_it_from_being_read():
    arrived(
        parts(text=b"Content-Type: text/plain; charset=klingon-7\r\n\r\nbonjour \xe9", files=[FORM, BADGE]),
        to=PORTAL,
    )

    assert unmet() == set()


def test_a_message_id_in_brackets_is_answered_once_and_in_its_thread():
    raw = parts(files=[FORM, BADGE])

    arrived(raw, to=PORTAL)
    arrived(raw, to=PORTAL)

    answer = Notice.objects.get(message="application_received")
    assert Application.objects.count() == 1
    assert answer.in_reply_to == "<[a1b2c3]@police.marrow.example.gov>"


@pytest.mark.parametrize(
    ("files", "rules", "says"),
    [
        ([("application.pdf", "application/pdf", locked()), BADGE], {Check.FORM}, "locked by a password"),
        ([("application.pdf", "application/pdf", a_scan()), BADGE], {Check.FORM}, "printed, scanned or flattened"),
        ([("both.zip", "application/zip", a_zip("application.pdf", "badge.jpg"))], {Check.FORM, Check.CREDENTIALS}, "an archive"),
        ([("both.zip", "application/zip", a_zip("application.pdf")), BADGE], {Check.FORM}, "an archive"),
        ([("application.pdf", "application/pdf", filled(form_version="2019-1")), BADGE], set(), ""),
        ([BADGE], {Check.FORM, Check.CREDENTIALS}, "not attached"),
    ],
    ids=["locked", "scanned", "all in a ZIP", "the form in a ZIP", "an older form", "no form"],
)  # fmt: skip
@pytest.mark.requirement("R-052", "R-053")
def test_the_answer_says_what_to_send_instead(files, rules, says):
    arrived(parts(files=files), to=PORTAL)

    assert unmet() - {Check.SENDER, Check.SUPERVISOR} == rules
    assert says in told()


def test_one_without_a_subject_is_known_by_its_form_and_asked_for_the_subject():
    arrived(parts(files=[FORM, BADGE]).replace(f"Subject: {SUBJECT}\r\n".encode(), b""), to=PORTAL)

    assert unmet() == {Check.SUBJECT}
    assert f"The subject line should read “{SUBJECT}”." in told()


def test_one_that_was_forwarded_through_three_hands_is_asked_for_by_the_officer_himself():
    inner = application()
    for hand in range(3):
        inner = letter(f"Fw: {SUBJECT}", f"hand {hand}", to=PORTAL, headers=f"Cc: {CHIEF}\r\n", files=((f"m{hand}.eml", "message/rfc822", inner),))  # fmt: skip

    arrived(inner, to=PORTAL)

    assert Check.ALONE in unmet()
    assert "The message was forwarded; send your own application yourself." in told()


def test_with_two_senders_it_is_held_for_a_person_and_answers_nobody():
    message = arrived(
        parts(files=[FORM, BADGE]).replace(b"From: ", b"From: chief@other.example\r\nFrom: ", 1), to=PORTAL
    )

    assert (message.klass, message.reason) == (MessageClass.QUARANTINED, "two_from")
    assert not Notice.objects.exists() and not Application.objects.exists()
    assert sort() == 0
