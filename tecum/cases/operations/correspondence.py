"""What comes and goes in a case. A reference alone joins nothing: a sender nobody vouches for waits for a person."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tecum.agencies import queries as agencies
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.cases.models import CaseEntry, LegalCase
from tecum.cases.operations.opening import locked
from tecum.cases.states import ENTRY_NEXT, TRUSTED, Direction, EntryState, Sender
from tecum.inbox import operations as inbox
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused

LONGEST = 20_000


class CannotSettle(Refused):
    """A piece of correspondence that does not wait for anybody."""


@transaction.atomic
def join_message(
    *,
    case: str,
    message: str,
    sender: Sender,
    said: Mapping[str, str],
    at: datetime,
    by: Actor,
    now: datetime,
    channel: str = "email",
) -> tuple[str, EntryState]:
    """
    Put a message received into the correspondence of a case; return its entry and whether it is joined or held.

    `sender` is what `rules.judged` found. From a stranger, an address that no mail system vouches for, or one that the
    agency's register of contacts does not name (R-074), it is held:
    the desk sees it beside the case, nothing follows from it, and it never changes who the case's contacts are.
    """
    row = locked(case, by=by, now=now, writing=False)
    before = CaseEntry.objects.filter(case=row, message=message).first()
    if before is not None:
        return before.pk, EntryState(before.state)
    known = agencies.honoured(agency=row.agency, desk=row.desk, way=said.get("from", ""))
    trusted = sender in TRUSTED and (known or sender is Sender.HAND)
    state = EntryState.JOINED if trusted else EntryState.HELD
    entry = _entry(row, Direction.IN, channel, said, at=at, by=by)
    entry.message, entry.sender, entry.state = message, sender, state
    entry.save(force_insert=True)
    inbox.belongs(message, matter=row.matter, by=by, now=now)
    audit.record(
        "case.message_joined", by=by, at=now, matter=row.matter, case=row.pk, entry=entry.pk, message=message,
        sender=sender.value,
    )  # fmt: skip
    return entry.pk, state


@transaction.atomic
def settle(*, entry: str, join: bool, by: Actor, now: datetime) -> EntryState:
    """Say that a held message does belong to its case, or does not. :raises CannotSettle: when it does not wait"""
    found = CaseEntry.objects.filter(pk=entry).first()
    if found is None:
        raise NotYours
    row = locked(found.case_id, by=by, now=now, writing=False)
    to = EntryState.JOINED if join else EntryState.REFUSED
    if to not in ENTRY_NEXT[EntryState(found.state)]:
        raise CannotSettle("Somebody has decided about this message already.")
    waiting = CaseEntry.objects.filter(pk=entry, state=EntryState.HELD)
    if not waiting.update(state=to, settled_at=now, settled_by=by.ref):
        raise CannotSettle("Somebody has decided about this message already.")
    audit.record(
        "case.message_settled", by=by, at=now, matter=row.matter, case=row.pk, entry=entry, finding=to.lower()
    )
    return to


@transaction.atomic
def note_sent(
    *, case: str, notice: str, said: Mapping[str, str], by: Actor, now: datetime, channel: str = "email"
) -> str:
    """Put a notice that was enqueued for a case into its correspondence, in the same transaction; return the entry."""
    row = locked(case, by=by, now=now, writing=False)
    entry = _entry(row, Direction.OUT, channel, said, at=now, by=by)
    entry.notice = notice
    entry.save(force_insert=True)
    audit.record(
        "case.message_sent",
        by=by,
        at=now,
        matter=row.matter,
        case=row.pk,
        entry=entry.pk,
        notice=notice or None,
    )
    return entry.pk


@transaction.atomic
def write_down(
    *,
    case: str,
    direction: Direction,
    channel: str,
    said: Mapping[str, str],
    at: datetime,
    by: Actor,
    now: datetime,
) -> str:
    """Write down a call, a letter or a visit that a person of the carrier had; return the entry."""
    row = locked(case, by=by, now=now, writing=False)
    entry = _entry(row, direction, channel, said, at=at, by=by)
    entry.sender = Sender.HAND if direction is Direction.IN else ""
    entry.save(force_insert=True)
    if direction is Direction.IN:
        audit.record(
            "case.message_joined", by=by, at=now, matter=row.matter, case=row.pk, entry=entry.pk,
            sender=Sender.HAND.value,
        )  # fmt: skip
    else:
        audit.record("case.message_sent", by=by, at=now, matter=row.matter, case=row.pk, entry=entry.pk)
    return entry.pk


def _entry(
    row: LegalCase, direction: Direction, channel: str, said: Mapping[str, str], *, at: datetime, by: Actor
) -> CaseEntry:
    entry = CaseEntry(id=ids.unguessable(), case=row, direction=direction, channel=channel, at=at, by=by.ref)
    kept = {name: str(value)[:LONGEST] for name, value in said.items()}
    entry.said = sealed.close(sealed.key_of(row.matter), f"entry {entry.pk}", kept)
    return entry
