"""
The call back (control 5): to a number of the carrier's own directory, or to one found in sources that are not the message.

It is made by a person; what they asked and heard is kept. It verifies this request and no other, of this agency and no
other, as the request was then.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tecum.agencies import operations as directory
from tecum.agencies import queries as agencies
from tecum.agencies.rules import NumberView, fresh
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.exigent.models import ExigentCall, ExigentRequest, ExigentSource
from tecum.exigent.operations import ending, following
from tecum.exigent.operations.rows import changed, keep_in, let_out, locked, turn
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.rules import calling
from tecum.exigent.rules.calling import Heard
from tecum.exigent.rules.reading import every_number
from tecum.exigent.states import WAITING, CallState, RequestState
from tecum.kernel import ids, numbers
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import Refused
from tecum.policy import queries as policy

SELF = Actor.system("exigent")
OLDEST = timedelta(hours=4)  # a call is written down while it is fresh


class CannotCall(Refused):
    """A number that may not be called for this, or a call of which too little is known."""


@transaction.atomic
def find_source(*, case: str, number: str, where: str, by: Actor, now: datetime) -> RequestView:
    """
    Write down a public source that a number of the agency was found in, by whoever found it; never the message itself.

    :raises NotANumber: for a number that is none
    :raises CannotCall: without a source that others can look at, or once the request was decided
    """
    row = locked(case, by=by, now=now)
    _person(by)
    if row.state not in {*WAITING, RequestState.APPROVED}:
        raise CannotCall(f"This request is {row.state.lower()}.")
    known, said = numbers.read(number), " ".join(where.split())
    if len(said) < 8 or _is_message(said):
        raise CannotCall(
            "Name the public source, so that another can look: a directory, an official site. The message is none."
        )
    made = ExigentSource(id=ids.unguessable(), request=row, found_at=now, found_by=by.ref)
    key = sealed.key_of(row.matter)
    made.said = sealed.close(key, f"exigent source {made.pk}", {"number": known, "where": said[:300]})
    made.print = sealed.fingerprint(known, purpose="target")
    if row.sources.filter(print=made.print, found_by=by.ref).exists():
        raise CannotCall(
            "You wrote a source of this number down already: the second comes from another person."
        )
    made.save(force_insert=True)
    audit.record("exigent.source_found", by=by, at=now, matter=row.matter, request=row.pk, source=made.pk)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def call_back(
    *,
    case: str,
    outcome: CallState,
    heard: Heard,
    called_at: datetime,
    by: Actor,
    now: datetime,
    entry: str = "",
    number: str = "",
    nobody: str = "",
) -> RequestView:
    """
    Write down a call back and what it came to. `entry` is a number's entry in the directory; `number` one that was found in sources.

    What verifies: somebody of the agency answered at that number, gave a badge, a supervisor and the emergency in their
    own words, and met a challenge. A certificate's designation is asked for too (R-176). `nobody` says who was tried
    where no second person could find the number (decisions, part E). An agency that knows nothing of what was acted on ends
    all of it that runs, in this act, and whoever is on call is paged; a later good call and two people begin it anew.

    :raises CannotCall: for a number of another agency, a fresh or unconfirmed one without a second source, one that only
        the message gives, a call of which something is missing, or one that was not just made
    """
    row = locked(case, by=by, now=now)
    _person(by)
    if row.state not in {*WAITING, RequestState.APPROVED}:
        raise CannotCall(f"This request is {row.state.lower()}; there is nothing to verify.")
    if not now - OLDEST <= called_at <= now:
        raise CannotCall(
            "Write a call down while it is fresh: it was made in the last hours, and not in the future."
        )
    called = _called(row, entry=entry, number=number, nobody=nobody, by=by, now=now)
    certified = bool(reading.pathway_of(row, policy.at(now)).certifiers)
    lacks = calling.missing(heard, certified=certified) if outcome is CallState.VERIFIED else ()
    if lacks:
        raise CannotCall(f"Before this verifies anything, write down {_listed(lacks)}.")
    made = _written(row, called, heard, outcome, called_at=called_at, by=by, now=now)
    audit.record(
        "exigent.called_back", by=by, at=now, matter=row.matter, request=row.pk, call=made.pk, outcome=outcome.lower(),
        entry=made.entry or None, fresh=made.fresh, sources=len(called.sources),
    )  # fmt: skip
    _follow(row, outcome, heard, called, called_at=called_at, by=by, now=now)
    return reading.view(row, by=by, now=now)


def _follow(
    row: ExigentRequest,
    outcome: CallState,
    heard: Heard,
    called: "Called",
    *,
    called_at: datetime,
    by: Actor,
    now: datetime,
) -> None:
    """Let the ladder stop, and the request be verified, or no longer be."""
    if outcome is not CallState.UNREACHED:
        following.answered(
            row,
            spoke_with=heard.spoke_with or "somebody there",
            number=called.number,
            at=called_at,
            by=by,
            now=now,
        )
    if outcome is CallState.VERIFIED and row.state == RequestState.RECEIVED:
        turn(row, RequestState.VERIFIED, by=by, now=now)
    elif outcome in {CallState.DENIED, CallState.DOUBTFUL}:
        _not_stood_by(row, outcome, by=by, now=now)
    if outcome is CallState.VERIFIED:
        let_out(row, heard.spoke_with, by=by, now=now)
        following.calm(row, by=by, now=now)
    if row.state in WAITING:
        changed(row, now=now)


def _not_stood_by(row: ExigentRequest, outcome: CallState, *, by: Actor, now: datetime) -> None:
    """Let earlier calls verify nothing more, nothing leave, and what the agency knows nothing of end."""
    row.calls.filter(state=CallState.VERIFIED, void_at=None).update(void_at=now)
    if row.state == RequestState.VERIFIED:
        turn(row, RequestState.RECEIVED, by=by, now=now)
    elif row.state == RequestState.APPROVED:
        keep_in(row, by=by, now=now)
        if outcome is CallState.DENIED:
            ending.denied(row, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Called:
    """The number that was called: an entry of the directory, or one that sources gave."""

    agency: str
    number: str
    entry: NumberView | None
    sources: tuple[str, ...]
    fresh: bool


def _called(row: ExigentRequest, *, entry: str, number: str, nobody: str, by: Actor, now: datetime) -> Called:
    """Return the number that was called. :raises CannotCall: with why it may not be"""
    agency = row.case.agency
    if not agency:
        raise CannotCall(
            "Say first which agency of the directory this is; one that is not there is entered first."
        )
    directory.stand(agency=agency)
    whose = agencies.agency(id=agency, by=SELF, now=now)
    sources = reading.sources_of(row, sealed.key_of(row.matter))
    if entry:
        known = next((each for each in whose.call_back_numbers if each.id == entry), None)
        fault = calling.entry_fault(whose, known, sources, caller=by.ref, now=now)
        if fault or known is None or known.confirmed_at is None:
            raise CannotCall(fault)
        mine = tuple(each.id for each in sources if each.number == known.number)
        is_fresh = fresh(confirmed_at=known.confirmed_at, now=now)
        return Called(agency, known.number, known, mine, fresh=is_fresh)
    if not number.strip():
        raise CannotCall(
            "Choose the number of the directory that you called, or one that was found in a source."
        )
    if any(each.confirmed_at is not None for each in whose.call_back_numbers):
        raise CannotCall("The directory has a number of this agency: call that one.")
    called = numbers.read(number)
    in_message = _numbers_in_message(row)
    fault = calling.source_fault(called, sources, in_message=in_message, caller=by.ref, nobody=nobody)
    if fault:
        raise CannotCall(fault)
    return Called(
        agency, called, None, tuple(each.id for each in sources if each.number == called), fresh=False
    )


def _numbers_in_message(row: ExigentRequest) -> frozenset[str]:
    said = reading.said_of(row)
    text = "\n".join((said.words, said.circumstances, said.phone, said.recipient, *said.signatures))
    return frozenset(every_number(text))


def _written(
    row: ExigentRequest,
    called: Called,
    heard: Heard,
    outcome: CallState,
    *,
    called_at: datetime,
    by: Actor,
    now: datetime,
) -> ExigentCall:
    made = ExigentCall(
        id=ids.unguessable(), request=row, ordinal=row.calls.count() + 1, state=outcome, agency=called.agency,
        entry=called.entry.id if called.entry else "", fresh=called.fresh, called_at=called_at, called_by=by.ref,
        recorded_at=now, noted=" ".join(called.sources[:10]),
    )  # fmt: skip
    said = {**heard.as_dict(), "number": called.number}
    made.said = sealed.close(sealed.key_of(row.matter), f"exigent call {made.pk}", said)
    made.save(force_insert=True)
    return made


def _is_message(said: str) -> bool:
    words = said.casefold()
    return any(
        each in words
        for each in ("the message", "the mail", "the request", "the form", "the fax", "letterhead")
    )


def _person(by: Actor) -> None:
    if by.kind is not ActorKind.PERSON:
        raise CannotCall("A person calls back; no process and no command line does.")


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
