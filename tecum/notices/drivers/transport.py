"""Carries one notice over its channel: composes, signs, hands over. No transaction is open meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from tecum.documents.drivers.markdown import to_html
from tecum.guide.model.guide import Guide
from tecum.notices.drivers import letters, mime, pager, signing, smtp, webhook
from tecum.notices.models import Notice
from tecum.notices.rules import Attached, Outcome, domain_of
from tecum.notices.states import RINGING, AttemptEnd, NoticeChannel

Files = Sequence[tuple[Attached, bytes]]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine brings: its mail server, and the folder of its secrets (DKIM keys, hooks)."""

    server: str
    secrets: Path
    loopback: bool = False  # whether a request may go to this machine: tests alone


def carry(row: Notice, *, guide: Guide, machine: Machine, now: datetime, attached: Files = ()) -> Outcome:
    """Try to deliver a notice and return what came of it; a fault of this machine puts it off, never loses it."""
    try:
        if row.channel == NoticeChannel.WEBHOOK:
            return _hook(row, guide, machine, now)
        if row.channel in RINGING:
            return pager.ring(row, guide, secrets=machine.secrets, now=now, loopback=machine.loopback)
        raw = _signed(letter_of(row, guide, attached), row.sender, guide, machine)
        server = smtp.server(machine.server)
    except (signing.NoSigningKey, smtp.BadServerAddress, OSError) as fault:
        log.error("notice.machine_fault", fault=str(fault))
        return Outcome(AttemptEnd.DEFERRED, "", str(fault)[:200])
    return smtp.send(raw, envelope_from=return_path(row, guide), to=envelope_to(row, guide), by=server)


def letter_of(row: Notice, guide: Guide, attached: Files = ()) -> bytes:
    """Return the message without a signature, the same bytes at every attempt."""
    said = guide.say(guide.mail.footer).body if guide.mail.footer else ""
    footer = (letters.plain(said) if said else "", to_html(said) if said else "")
    return mime.compose(
        row, sender_name=guide.carrier.called, footer=footer, at=row.enqueued_at, attached=attached
    )


def return_path(row: Notice, guide: Guide) -> str:
    """Return the envelope's sender: none for an automatic answer (RFC 3834), else where bounces come back to."""
    if row.automatic:
        return ""
    return guide.mail.bounces.replace("{id}", row.pk) or row.sender


def envelope_to(row: Notice, guide: Guide) -> str:
    """Return the address that the next server is given."""
    if row.channel == NoticeChannel.FAX:
        return guide.mail.fax_gateway.replace("{number}", row.recipient)
    return row.recipient


def _signed(raw: bytes, sender: str, guide: Guide, machine: Machine) -> bytes:
    signer = guide.mail.signer(domain_of(sender))
    if signer is None:
        return raw
    path = signing.key_file(machine.secrets / "dkim", domain=signer.domain, selector=signer.selector)
    return signing.sign(raw, path=path, domain=signer.domain, selector=signer.selector)


def _hook(row: Notice, guide: Guide, machine: Machine, now: datetime) -> Outcome:
    hook = next((hook for hook in guide.mail.hooks if hook.id == row.recipient), None)
    if hook is None:
        return Outcome(AttemptEnd.REFUSED, "", "the guide no longer has this hook")
    secret = (machine.secrets / "hooks" / hook.id).read_bytes().strip()
    return webhook.send(webhook.body(row), id=row.pk, address=hook.address, secret=secret, now=now)
