"""Checking a legal process, and the letters that follow: what to mend, where it belongs, why it is not acted on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.queries import CaseView
from tecum.cases.states import Direction
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.notices.drivers import letters
from tecum.notices.drivers.letters import Value
from tecum.notices.rules import is_address
from tecum.policy import queries as policy
from tecum.process import messages
from tecum.process.models import Received
from tecum.process.operations.promising import (
    answer_ends,
    answer_goes_on,
    answer_waits,
    promise_at_acceptance,
)
from tecum.process.operations.receiving import locked
from tecum.process.queries import ReceivedView, checklist, elsewhere, row_of, view
from tecum.process.rules.checklist import Finding, letter, missing
from tecum.process.states import RECEIVED_NEXT, ReceivedState

LONGEST_NOTE = 4_000
BY_POST = "post"  # the letter is printed from the case: some guides have no mailbox


class CannotSend(Refused):
    """A letter that says nothing, or that has no address to go to."""


class CannotDecide(Refused):
    """The process was decided already."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before it is sent: what the preview shows is what the post gets."""

    message: str
    to: str
    context: dict[str, Value]
    codes: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()


def deficiency(
    *,
    received: str,
    by: Actor,
    now: datetime,
    leave_out: Collection[int] = (),
    note: str = "",
    more: Sequence[Finding] = (),
    message: str = "",
) -> Draft:
    """
    Return the deficiency letter of a process: every finding that is not met, except those left out by their place.

    `more` are findings that its own capability made besides, which come last; `message` is that capability's own letter
    with the variables of this one.

    :raises CannotSend: when it would say nothing
    """
    looked = missing((*checklist(received=received, by=by, now=now), *more))
    chosen = [each for place, each in enumerate(looked) if place not in set(leave_out)]
    sentences, wordings = letter(chosen, note[:LONGEST_NOTE])
    if not sentences:
        raise CannotSend("Choose at least one finding, or write one: the agency must know what to mend.")
    home = _home(received, by=by, now=now)
    context: dict[str, Value] = {
        "case": home.reference, "findings": list(sentences),
        "wording": list(wordings) or ["No particular words are asked for; mend what is named above."],
    }  # fmt: skip
    return Draft(
        message or messages.PROCESS_DEFICIENT.name,
        home.contact.email,
        context,
        tuple(each.code for each in chosen),
    )


def redirection(*, received: str, by: Actor, now: datetime) -> Draft:
    """
    Return the letter that says whom a process belongs to and where to send it (R-158 to R-162).

    :raises CannotSend: when it belongs here
    """
    route = elsewhere(received=received, by=by, now=now)
    if route is None:
        raise CannotSend("By what was confirmed so far, this process belongs here.")
    home = _home(received, by=by, now=now)
    where = [f"{name}: {value}" for name, value in route.contact.items()] or ["The guide names no address."]
    context: dict[str, Value] = {"case": home.reference, "provider": route.provider_name, "where": where}
    return Draft(messages.PROCESS_ELSEWHERE.name, home.contact.email, context, copies=route.copy_to)


@transaction.atomic
def send_deficiency(
    *,
    received: str,
    by: Actor,
    now: datetime,
    leave_out: Collection[int] = (),
    note: str = "",
    to: str = "",
    more: Sequence[Finding] = (),
    message: str = "",
) -> ReceivedView:
    """
    Send the deficiency letter; the clock of the answer stands still where the guide says so, the arrival stays.

    :raises CannotSend: when it would say nothing, or has no address to go to
    :raises CannotDecide: when the process was decided otherwise
    """
    row = locked(received, by=by, now=now)
    draft = deficiency(
        received=received, by=by, now=now, leave_out=leave_out, note=note, more=more, message=message
    )
    home = files.case(case=row.case_id, by=by, now=now)
    turn(row, ReceivedState.DEFICIENT)
    _post(row, home, draft, to, by=by, now=now)
    answer_waits(case=home.id, by=by, now=now)
    audit.record(
        "process.deficient", by=by, at=now, matter=home.matter, received=row.pk, case=home.id,
        codes=sorted(set(draft.codes)) or ["note"],
    )  # fmt: skip
    return view(row)


@transaction.atomic
def send_elsewhere(*, received: str, by: Actor, now: datetime, to: str = "") -> ReceivedView:
    """
    Tell the agency that its process belongs to another company, and where to send it; the arrival stays on record.

    Where the guide wants a copy of it here (a partner's court order: R-162) the case stays open for that work; else it
    is closed, and opens again when this is taken back.
    """
    row = locked(received, by=by, now=now)
    draft = redirection(received=received, by=by, now=now)
    home = files.case(case=row.case_id, by=by, now=now)
    turn(row, ReceivedState.ELSEWHERE)
    _post(row, home, draft, to, by=by, now=now)
    audit.record("process.elsewhere", by=by, at=now, matter=home.matter, received=row.pk, case=home.id)
    answer_ends(case=home.id, how="elsewhere", by=by, now=now)
    if not draft.copies:
        cases.close(case=home.id, outcome="elsewhere", by=by, now=now)
    return view(row)


@transaction.atomic
def send_not_honoured(*, received: str, reason: str, by: Actor, now: datetime, to: str = "") -> ReceivedView:
    """Tell the agency that a process is not acted on, and why (R-107). :raises CannotSend: without a reason"""
    row = locked(received, by=by, now=now)
    if len(reason.strip()) < 3:
        raise CannotSend("Say why: the letter gives the reason.")
    home = files.case(case=row.case_id, by=by, now=now)
    turn(row, ReceivedState.NOT_HONOURED)
    context: dict[str, Value] = {"case": home.reference, "reason": reason.strip()[:LONGEST_NOTE]}
    _post(
        row, home, Draft(messages.PROCESS_NOT_HONOURED.name, home.contact.email, context), to, by=by, now=now
    )
    answer_ends(case=home.id, how="not_honoured", by=by, now=now)
    audit.record("process.not_honoured", by=by, at=now, matter=home.matter, received=row.pk, case=home.id)
    return view(row)


@transaction.atomic
def accept(
    *, received: str, by: Actor, now: datetime, despite: str = "", more: Sequence[Finding] = ()
) -> ReceivedView:
    """
    Find a process sound, so that work can begin; `despite` says why, where the checklist is not all met.

    `more` are findings that its own capability made besides.

    :raises CannotDecide: with something missing and no reason, or before a person confirmed what it says
    """
    row = locked(received, by=by, now=now)
    if row.confirmed_at is None:
        raise CannotDecide("Confirm first what the process says; nobody has read it yet.")
    looked = (*checklist(received=received, by=by, now=now), *more)
    unmet = [each for each in looked if not each.met]
    if any(each.hard for each in unmet):
        raise CannotDecide(f"This cannot be accepted: {next(e.sentence for e in unmet if e.hard)}")
    if unmet and len(despite.strip()) < 3:
        raise CannotDecide(
            "Not everything on the checklist is met. Write a letter, or say why it is accepted all the same."
        )
    turn(row, ReceivedState.SOUND)
    if despite.strip():
        cases.add_note(
            case=row.case_id, text=f"Accepted although not all is met: {despite.strip()}", by=by, now=now
        )
    answer_goes_on(case=row.case_id, by=by, now=now)
    promise_at_acceptance(row, by=by, now=now)
    audit.record(
        "process.accepted", by=by, at=now, matter=row.case.matter, received=row.pk, case=row.case_id,
        despite=[each.code for each in unmet] or None,
    )  # fmt: skip
    return view(row)


@transaction.atomic
def look_again(*, received: str, by: Actor, now: datetime) -> ReceivedView:
    """Take a decision about a process back: it is looked at anew, with the arrival it always had."""
    row = locked(received, by=by, now=now)
    was = ReceivedState(row.state)
    if was is ReceivedState.REPEATED:
        raise CannotDecide("This repeats another process; part the two first.")
    turn(row, ReceivedState.RECEIVED)
    if row.case.state == "CLOSED":
        cases.reopen(case=row.case_id, by=by, now=now)
    audit.record(
        "process.looked_again",
        by=by,
        at=now,
        matter=row.case.matter,
        received=row.pk,
        case=row.case_id,
        was=was.lower(),
    )
    return view(row)


def turn(row: Received, to: ReceivedState, **changes: object) -> None:
    """Change the state, only as the life allows and only from what was read. :raises CannotDecide: else"""
    was = ReceivedState(row.state)
    mine = Received.objects.filter(pk=row.pk, state=was)
    if to not in RECEIVED_NEXT[was] or not mine.update(state=to, **changes):
        raise CannotDecide(f"This process is already {was.lower().replace('_', ' ')}.")
    row.refresh_from_db()


def _post(row: Received, home: CaseView, draft: Draft, to: str, *, by: Actor, now: datetime) -> None:
    """
    Send a letter to the address of the case's contact, or to the one chosen, and keep it with the case; where the guide has no
    mailbox that could write, it is printed from the case and goes by hand.
    """
    address = to.strip() or (draft.to if policy.at(now).writes_mail else BY_POST)
    if address == BY_POST:
        written = letters.write(policy.at(now), draft.message, draft.context)
        cases.write_down(
            case=home.id, direction=Direction.OUT, channel="post", at=now, by=by, now=now,
            said={"subject": written.subject, "to": home.contact.address, "text": written.text},
        )  # fmt: skip
        Received.objects.filter(pk=row.pk).update(letter="", letter_at=now)
        row.refresh_from_db()
        return
    if not is_address(address) and not address.startswith("fax:"):
        raise CannotSend(
            "There is no address to send this to; write one, a fax number as fax:NPANXXXXXX, or post."
        )
    if to.strip():
        cases.refuse_outside_register(home, address.removeprefix("fax:"), by=by, now=now)
    sent = notices.enqueue(
        draft.message, to=address, context=draft.context, mailbox=policy.at(now).writes_from, matter=home.matter, by=by,
        now=now,
    )  # fmt: skip
    row.letter, row.letter_at = sent.id, now
    row.save(update_fields=["letter", "letter_at"])
    said = {"subject": draft.message.replace("_", " "), "to": address}
    cases.note_sent(
        case=home.id, notice=sent.id, said=said, channel="fax" if address.startswith("fax:") else "email", by=by,
        now=now,
    )  # fmt: skip


def _home(received: str, *, by: Actor, now: datetime) -> CaseView:
    return files.case(case=row_of(received, by=by, now=now).case_id, by=by, now=now)
