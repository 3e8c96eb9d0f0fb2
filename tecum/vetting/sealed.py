"""What an application says, in and out of its seal."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from tecum.notices.rules import Incoming
from tecum.secrecy import operations as secrecy
from tecum.vetting.facts import FileFacts, FormValues, MailFacts
from tecum.vetting.models import Application


@dataclass(frozen=True, slots=True)
class Said:
    """The form and the message, opened."""

    form: FormValues
    mail: MailFacts
    incoming: Incoming


def close(row: Application, form: FormValues, mail: MailFacts, incoming: Incoming) -> None:
    """Put what was said under the seal of its matter."""
    row.form = _seal(row, "form", form.as_dict())
    row.mail = _seal(row, "mail", {"mail": asdict(mail), "incoming": asdict(incoming)})


def note(row: Application, text: str) -> bytes:
    """Return a person's note under the seal of its matter, nothing for none."""
    return _seal(row, "note", text) if text else b""


def opened(row: Application) -> Said:
    """
    Return what was said.

    :raises Destroyed: when its retention is over
    """
    known = _open(row, "mail", row.mail)
    return Said(
        FormValues(**_open(row, "form", row.form)), _mail(known["mail"]), _incoming(known["incoming"])
    )


def noted(row: Application) -> str:
    """Return what the person who decided wrote."""
    return str(_open(row, "note", row.note)) if row.note else ""


def fingerprint(address: str) -> str:
    """Return a mark that tells whether two applications came for one address, and nothing else."""
    return secrecy.fingerprint(address.lower().encode(), purpose="applicant") if address else ""


def _seal(row: Application, what: str, said: object) -> bytes:
    return secrecy.seal_bytes(
        json.dumps(said).encode(), matter=row.matter, about=f"application {row.pk} {what}"
    )


def _open(row: Application, what: str, sealed: "bytes | memoryview[int]") -> Any:
    text = secrecy.read_bytes(bytes(sealed), matter=row.matter, about=f"application {row.pk} {what}")
    return json.loads(text)


def _mail(given: dict[str, Any]) -> MailFacts:
    files = tuple(
        FileFacts(**{**file, "values": tuple((name, value) for name, value in file["values"])})
        for file in given["files"]
    )
    lists = {name: tuple(given[name]) for name in ("senders", "to", "cc")}
    return MailFacts(**{**given, **lists, "files": files})


def _incoming(given: dict[str, Any]) -> Incoming:
    return Incoming(**{**given, "references": tuple(given["references"])})
