"""Invented messages, as bytes, and the ways they come in."""

import io
from base64 import encodebytes
from datetime import datetime
from itertools import count

import pikepdf
from PIL import Image, ImageDraw

from tecum.config import clock as real_clock
from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.facts import Envelope
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor, ActorKind
from tecum.mailroom import sorting
from tests.conftest import NOON

BY = Actor.system("mail")
CLERK = Actor(
    ref="person:clerk", kind=ActorKind.PERSON, permissions=frozenset({"mail.read", "mail.classify"})
)
RUIZ = "ruiz@police.marrow.example.gov"
PORTAL, DEMANDS = "LEAportal@sinch.com", "LEArequests@sinch.com"
STATUS, ACTIVATION = "LEAstatus@sinch.com", "portal_support@inteliquent.com"
_next = count(1)


UNNAMED = "none"  # a message that came without a Message-ID


def letter(
    subject: str = "Subpoena", text: str = "Please see the attached.", *, sender: str = f"Detective Ruiz <{RUIZ}>",
    to: str = DEMANDS, files: tuple[tuple[str, str, bytes], ...] = (), headers: str = "", message_id: str = "",
) -> bytes:  # fmt: skip
    """Return a message with files (name, type, content)."""
    own = f"Message-ID: <{message_id or f'm{next(_next)}.1@police.marrow.example.gov'}>\r\n"
    head = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n{'' if message_id == UNNAMED else own}"
        f"Date: Tue, 08 Sep 2026 11:58:00 -0400\r\nMIME-Version: 1.0\r\n{headers}"
    ).encode()
    if not files:
        return head + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode() + b"\r\n"
    parts = [b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode() + b"\r\n"]
    for name, media_type, content in files:
        lead = f'Content-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n'
        parts.append(lead.encode() + encodebytes(content).replace(b"\n", b"\r\n"))
    body = b"".join(b"--=cut=\r\n" + part for part in parts)
    return head + b'Content-Type: multipart/mixed; boundary="=cut="\r\n\r\n' + body + b"--=cut=--\r\n"


def a_pdf(words: str = "Grand jury subpoena", *, password: str = "", active: bool = False) -> bytes:
    """Return a small PDF of one page that says something."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 14 Tf 72 700 Td ({words}) Tj ET".encode())
        if active:
            pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        made = io.BytesIO()
        locks = pikepdf.Encryption(user=password, owner=password) if password else False
        pdf.save(made, encryption=locks, deterministic_id=not password)
        return made.getvalue()


def paper_of(*lines: str) -> bytes:
    """Return a PDF of one page with these lines as its text layer."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        safe = [line.replace("\\", "").replace("(", "\\(").replace(")", "\\)") for line in lines]
        drawn = [f"BT /F1 12 Tf 72 {720 - 24 * row} Td ({line}) Tj ET" for row, line in enumerate(safe)]
        page.Contents = pdf.make_stream("\n".join(drawn).encode())
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
        return made.getvalue()


def a_form(**values: str) -> bytes:
    """Return a PDF with form fields that hold values."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        fields = [
            pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=name, V=value,
                    Rect=[72, 700 - 20 * row, 300, 715 - 20 * row],
                )
            )
            for row, (name, value) in enumerate(values.items())
        ]  # fmt: skip
        page.Annots = pikepdf.Array(fields)
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(fields))
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
        return made.getvalue()


def a_picture(kind: str = "JPEG") -> bytes:
    """Return a small photograph of an invented badge."""
    made = io.BytesIO()
    badge = Image.new("RGB", (480, 300), (226, 228, 222))
    pen = ImageDraw.Draw(badge)
    pen.rounded_rectangle((24, 24, 456, 276), 18, fill=(250, 249, 244), outline=(40, 60, 90), width=3)
    pen.rectangle((24, 44, 456, 92), fill=(40, 60, 90))
    pen.text((44, 54), "MARROW POLICE", fill="white", font_size=26)
    pen.ellipse((62, 118, 142, 198), fill=(196, 176, 150))  # a head and shoulders
    pen.pieslice((42, 190, 162, 310), 180, 360, fill=(70, 84, 104))
    for row, words in enumerate(("Marisol Ruiz", "Detective", "No. 4471", "Invented for a test")):
        pen.text((196, 112 + 36 * row), words, fill=(40, 44, 52), font_size=22 if row < 3 else 15)
    badge.save(made, kind)
    return made.getvalue()


def receive(
    raw: bytes, *, to: str = DEMANDS, sender: str | None = RUIZ, now: datetime = NOON, form: str = "mail"
) -> inbox.Received:
    """Hand a message in as the mail system does."""
    return inbox.receive(raw, envelope=Envelope(sender, (to,)), door="lmtp", by=BY, now=now, form=form)


def sort(now: datetime = NOON) -> int:
    """Read everything that waits."""
    return sorting.sort_all(clock=lambda: now)


def hand_on(now: datetime = NOON) -> int:
    """Hand on everything that is classified."""
    return worker.run_all(TABLE, lane="mail-route", clock=lambda: now)


def arrived(
    raw: bytes, *, to: str = DEMANDS, sender: str | None = RUIZ, now: datetime = NOON, form: str = "mail"
) -> queries.MessageView:
    """Hand a message in, read it, hand it on, and return what became of it."""
    here = receive(raw, to=to, sender=sender, now=now, form=form)
    sort(now)
    hand_on(now)
    return queries.message(here.id)


def now() -> datetime:
    """Return the real time, for tests with real servers."""
    return real_clock.now()
