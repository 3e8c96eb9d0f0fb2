"""
An application made on the page, as the message that it would have been by mail: the same form, typed in, the same
credentials as a second file, the supervisor on Cc. So it goes the same way in: sealed, read by the guarded reader,
judged by the same six rules.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

import pikepdf

from tecum.agencies.states import SUBDIVISIONS
from tecum.documents import printing
from tecum.guide.model.guide import Guide

PLACES = {str(land): dict(parts) for land, parts in SUBDIVISIONS.items()}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it: what it is called and said to be is theirs, and is not believed."""

    name: str
    content: bytes


def message(
    values: Mapping[str, str], credentials: Upload, *, form: bytes, guide: Guide, sender: str, message_id: str, now: datetime
) -> bytes:  # fmt: skip
    """Return the message; `form` is the guide's form, still empty."""
    box = guide.mailbox("portal")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = box.address
    if values.get("supervisor_email"):
        mail["Cc"] = values["supervisor_email"]
    mail["Subject"] = box.subject_lines.get("application") or box.subject_line or "Application"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    mail.set_content("This application was made on the portal's page. The address was proved by a code.\n")
    mail.add_attachment(
        filled(form, values), maintype="application", subtype="pdf", filename="application.pdf"
    )
    mail.add_attachment(
        credentials.content, maintype="application", subtype="octet-stream", filename=_plain(credentials.name)
    )
    return mail.as_bytes()


def empty_form(guide: Guide) -> bytes:
    """
    Return the guide's form as the PDF that is published.

    :raises NoPrinter: where this machine lacks the libraries that print
    """
    return printing.application_form(guide, subdivisions=PLACES)


def filled(form: bytes, values: Mapping[str, str]) -> bytes:
    """Return the form with values typed in, as a program that shows PDFs leaves it."""
    with pikepdf.open(io.BytesIO(form)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            name = str(field.get("/T", ""))
            if name not in values or name == "form_version":
                continue
            if field.get("/FT") == pikepdf.Name.Btn:
                state = pikepdf.Name(_on_state(field)) if values[name] else pikepdf.Name.Off
                field.V = field.AS = state
            else:
                field.V = pikepdf.String(values[name])
        pdf.Root.AcroForm.NeedAppearances = True
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()


def _on_state(field: Any) -> str:
    look = field.get("/AP")
    shown = look.get("/N") if look is not None else None
    return next((str(name) for name in (shown or ()) if str(name) != "/Off"), "/on")


def _plain(name: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter in ".-_ " else "-" for letter in name).strip()
    return kept[-80:] or "credentials"
