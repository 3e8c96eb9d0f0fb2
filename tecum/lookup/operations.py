"""Asking who serves a number: one function per verb, behind the page, the API and the command line alike."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts.operations import standing
from tecum.audit import operations as audit
from tecum.customers import operations as consents
from tecum.customers import queries as customers
from tecum.guide.model.guide import Guide
from tecum.inventory import queries as inventory
from tecum.inventory.queries import Answer
from tecum.kernel.actors import Actor
from tecum.kernel.ids import reference, unguessable
from tecum.kernel.refusals import Refused
from tecum.lookup import adapters, queries, rules
from tecum.lookup.models import SUBMITTED, Lookup, QuotaHolder, QuotaSlot
from tecum.lookup.rules import (
    DisclosureView,
    HitView,
    Judged,
    Line,
    LineView,
    LookupView,
    QuotaView,
    StaffLine,
)
from tecum.lookup.states import Cause, Outcome
from tecum.policy import queries as policy

TYPED_CHARACTERS = 200


class DoorClosed(Refused):
    """The guide does not open this door for look-ups (A17)."""


class NothingToLookUp(Refused):
    """A submission without a single number."""


class TooManyAtOnce(Refused):
    """More numbers in one submission than the guide allows (R-023)."""


class QuotaSpent(Refused):
    """More numbers than remain today (R-022)."""


class PurposeMissing(Refused):
    """A look-up without a case number or without the attestation (R-007)."""


class InventoryTooOld(Refused):
    """The guide refuses answers from an inventory of this age (W20)."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a number is asked: the agency's case, and the attestation that a Legal Demand would otherwise issue (R-007)."""

    case_number: str
    attested: bool
    says: str = ""


@transaction.atomic
def run(*, text: str, purpose: Purpose, submission: str, door: str, by: Actor, now: datetime) -> LookupView:
    """
    Answer an officer's numbers: which service provider to serve next, or that a Legal Demand is necessary.

    All or nothing (A1): a refusal charges nothing. The same `submission` of the same person is answered once,
    whatever is clicked twice. Quota, consent, disclosure records and trail are one transaction (controls 4, 14).

    :raises NotYours: without the permission, or when the person or agency is no longer in good standing
    :raises DoorClosed: when the guide does not open `door` (page, api)
    :raises Refused: with the reason, for a submission that cannot be answered; nothing is charged
    """
    require(by, "lookup.run", now=now)
    guide = policy.at(now)
    if not queries.door_is_open(door, now=now):
        raise DoorClosed("Look-ups are not open at this door. Sign in to the portal and use the page.")
    standing.stand(by=by, now=now)
    counted_at = QuotaHolder.lock(by.ref, now=now)
    before = SUBMITTED(by.ref, submission).first()
    if before is not None:
        return queries.view_of(Lookup.objects.get(pk=before.id))

    lines = _checked(text, purpose, guide)
    asked = rules.distinct(lines)
    charged, left = _spend(asked, guide=guide, by=by, now=counted_at)
    answer = _current(asked, now=now)
    lookup = Lookup(
        reference=reference("LK"),
        person=by.ref,
        agency=by.agency,
        submission=submission,
        case_number=purpose.case_number.strip(),
        purpose=purpose.says.strip(),
        attested=purpose.attested,
        asked_at=now,
        inventory_version=answer.version,
        inventory_as_of=answer.as_of,
        guide_version=guide.version,
        charged=charged,
        left=left.left,
        more_at=left.more_at,
    )
    return _kept(lookup, _answered(lines, answer, guide=guide, now=now), by=by, now=now)


def _checked(text: str, purpose: Purpose, guide: Guide) -> list[Line]:
    """Return the lines of a submission that may be answered."""
    if not purpose.case_number.strip():
        raise PurposeMissing(
            "Enter your agency's case number: every look-up belongs to a case. Nothing was charged."
        )
    if not purpose.attested:
        raise PurposeMissing(
            "Confirm that you would otherwise issue a Legal Demand for these numbers. Nothing was charged."
        )
    lines = rules.read_lines(text)
    asked = rules.distinct(lines)
    if not lines:
        raise NothingToLookUp("There is no number yet. Enter one number per line.")
    batch = guide.lookup.quota.batch
    if len(asked) > batch or len(lines) > rules.LINES_READ:
        raise TooManyAtOnce(
            f"You entered {len(asked)} different numbers on {len(lines)} lines; one submission holds at most {batch}. "
            "Nothing was looked up and nothing was charged. Take some out, or send them in several submissions."
        )
    if not asked:
        first = lines[0]
        raise NothingToLookUp(
            f"No line could be read as a number, so nothing was charged. Line 1: {first.problem}"
        )
    return lines


def _spend(asked: Sequence[str], *, guide: Guide, by: Actor, now: datetime) -> tuple[int, QuotaView]:
    """
    Take the units that this submission costs, all or none; return how many, and what is left (assurance control 4).

    The holder's row is locked, one row exists per unit, and a unit is taken only where it is free.

    :raises QuotaSpent: when fewer remain; nothing is taken
    """
    terms = guide.lookup.quota
    held = queries.units_of(by)
    spent = queries.spent(held, by=by, window=terms.window, now=now)
    known = {unit.number for unit in spent} if terms.unit == "distinct_numbers" else set()
    units = [number for number in asked if number not in known] if terms.unit != "submissions" else [""]
    before = queries.left_of(terms, [unit.free_at for unit in spent], by=by, now=now)
    if len(units) > before.left:
        raise QuotaSpent(_spent_sentence(len(units), before))
    zone = str(queries.portal_zone(now))
    free_at = rules.freed_at(terms.window, zone=zone, session_ends=by.session_ends_at, now=now)
    taken = {unit.slot for unit in spent}
    free = [slot for slot in range(1, before.limit + 1) if slot not in taken]
    rows = [
        (by.ref, slot, number, now, free_at, by.session) for slot, number in zip(free, units, strict=False)
    ]
    QuotaSlot.take(rows, holder=by.ref, back=[unit.slot for unit in held if unit.slot not in taken])
    after = [unit.free_at for unit in spent] + [free_at] * len(units)
    return len(units), queries.left_of(terms, after, by=by, now=now)


def _spent_sentence(wanted: int, view: QuotaView) -> str:
    more = ""
    if view.more_at is not None:
        local = view.more_at.astimezone(queries.portal_zone(view.more_at))
        more = f" More come {local:%a %-d %b %Y, %H:%M %Z (UTC%z)}."
    return (
        f"These lines need {wanted} of your look-ups and {view.left} of {view.limit} are left."
        f" Nothing was looked up and nothing was charged.{more}"
    )


def _current(asked: Sequence[str], *, now: datetime) -> Answer:
    """Look the numbers up in the inventory of this moment, unless the guide finds it too old."""
    state = inventory.state(now=now)
    if state.refuses:
        raise InventoryTooOld(
            "Our list of numbers is too old to answer from. Nothing was charged; our staff have been told. Try again later."
        )
    return inventory.look_up(asked)


def _answered(lines: Sequence[Line], answer: Answer, *, guide: Guide, now: datetime) -> list[Judged]:
    """Answer each line, a hit with the id of its disclosure record, resting on consents locked in this transaction."""
    asked = {number: row.customer for number, row in answer.rows.items()}
    found = consents.consents_for_reveal(asked, bases=adapters.bases(guide), now=now)
    granted = {number: consent.id for number, consent in found.items()}
    if not guide.lookup.consent.required:
        granted = dict.fromkeys(asked, f"not-required:{guide.version}") | granted
    cards = customers.cards({asked[number] for number in granted})
    shown = {customer: adapters.shown(card, guide) for customer, card in cards.items()}
    hits = {
        number: HitView(
            asked[number],
            shown[asked[number]],
            answer.rows[number].in_service_date,
            consent,
            disclosure=unguessable(),
        )
        for number, consent in granted.items()
    }
    return [_judged(line, answer, hits) for line in lines]


def _judged(line: Line, answer: Answer, hits: Mapping[str, HitView]) -> Judged:
    """Return one line with its outcome, and why it has no result, which stays behind (A2)."""
    hit, cause = None, None
    if line.number is None:
        outcome = Outcome.MALFORMED
    elif line.repeats is not None:
        outcome = Outcome.DUPLICATE
    elif line.number in hits:
        outcome, hit = Outcome.HIT, hits[line.number]
    else:
        outcome = Outcome.NON_RESULT
        cause = Cause.NO_CONSENT if line.number in answer.rows else Cause.NOT_IN_SERVICE
    view = LineView(
        line.place,
        line.typed[:TYPED_CHARACTERS],
        line.number or "",
        outcome,
        line.problem,
        line.offence,
        line.repeats,
        hit,
    )
    return view, cause


def _kept(lookup: Lookup, judged: Sequence[Judged], *, by: Actor, now: datetime) -> LookupView:
    """Record the answer in the trail, by its hash and its counts, and keep it with the receipt."""
    view = queries.assembled(lookup, [line for line, _ in judged])
    receipt = audit.record(
        "lookup.answered",
        by=by,
        at=now,
        matter=lookup.id,
        lookup=lookup.reference,
        inventory=lookup.inventory_version,
        guide=lookup.guide_version,
        charged=lookup.charged,
        hits=view.hits,
        non_results=view.non_results,
        malformed=view.malformed,
        answer=digest(view),
    )
    lookup.receipt = receipt.leaf
    lookup.keep(judged)
    return replace(view, receipt=receipt.leaf)


def digest(view: LookupView) -> str:
    """Return the SHA-256 (hex) of what was shown: the lines as JSON, keys sorted, no spaces, UTF-8."""
    shown = [
        [
            line.place,
            line.number,
            line.outcome,
            line.hit and {**line.hit.shown, "in_service": str(line.hit.in_service)},
        ]
        for line in view.lines
    ]
    text = json.dumps([view.id, shown], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def export(lookup_id: str, *, form: str, by: Actor, now: datetime) -> adapters.File:
    """
    Return one's own answers as a spreadsheet file, `xlsx` or `csv` (R-024); that it was taken is recorded first.

    :raises NotYours: if the look-up is unknown, or somebody else's, or the guide does not offer this form
    """
    view = queries.answer(lookup_id, by=by, now=now)
    guide = policy.at(now)
    file = adapters.export(view, form=form, guide=guide, zone=queries.portal_zone(now))
    audit.note("lookup.exported", by=by, at=now, matter=view.id, lookup=view.reference, form=form)
    return file


@transaction.atomic
def assist(*, text: str, purpose: Purpose, by: Actor, now: datetime) -> tuple[LookupView, list[StaffLine]]:
    """
    Look numbers up for a case of the carrier: staff see the customer and why an officer would have no result (A17).

    Never for a caller about a non-result. It costs no quota and discloses nothing to a third party; it is recorded.

    :raises NotYours: without the permission
    :raises DoorClosed: when the guide allows no look-ups by staff
    :raises PurposeMissing: without a case, a purpose, or the confirmation that nobody is told a non-result's cause
    """
    require(by, "lookup.assist", now=now)
    guide = policy.at(now)
    if not guide.lookup.assisted.allowed:
        raise DoorClosed("The carrier's guide allows no look-ups by staff.")
    if guide.lookup.assisted.needs_case and not (purpose.case_number.strip() and purpose.says.strip()):
        raise PurposeMissing("A look-up by staff needs a case and a purpose.")
    if not purpose.attested:
        raise PurposeMissing("Confirm that this is not for a caller about a number without result.")
    standing.stand(by=by, now=now)
    lines = _checked(text, purpose, guide)
    asked = rules.distinct(lines)
    answer = inventory.look_up(asked)
    customers_asked = {number: row.customer for number, row in answer.rows.items()}
    granted = consents.consents_for_reveal(customers_asked, bases=adapters.bases(guide), now=now)
    lookup = Lookup(
        reference=reference("LK"),
        person=by.ref,
        submission=unguessable(),
        by_staff=True,
        case_number=purpose.case_number.strip(),
        purpose=purpose.says.strip(),
        attested=True,
        asked_at=now,
        inventory_version=answer.version,
        inventory_as_of=answer.as_of,
        guide_version=guide.version,
        charged=0,
        left=0,
    )
    judged = [_judged(line, answer, {}) for line in lines]
    judged = [
        (replace(line, outcome=Outcome.HIT), None) if line.number in granted and cause else (line, cause)
        for line, cause in judged
    ]
    receipt = audit.record(
        "lookup.assisted",
        by=by,
        at=now,
        matter=lookup.id,
        lookup=lookup.reference,
        inventory=lookup.inventory_version,
        asked=len(asked),
    )
    lookup.receipt = receipt.leaf
    lookup.keep(judged, seen=customers_asked)
    view = queries.assembled(lookup, [line for line, _ in judged])
    causes = {line.number: cause for line, cause in judged if cause}
    return view, [_staff_line(line, causes.get(line.number), answer) for line, _ in judged]


def _staff_line(line: LineView, cause: Cause | None, answer: Answer) -> StaffLine:
    found = answer.rows.get(line.number)
    return StaffLine(
        place=line.place,
        typed=line.typed,
        number=line.number,
        problem=line.problem,
        customer=found.customer if found else "",
        in_service=found.in_service_date if found else None,
        cause=cause,
    )


def read_disclosures(
    *,
    by: Actor,
    now: datetime,
    customer: str = "",
    person: str = "",
    number: str = "",
    start: int = 0,
    most: int = 50,
    reveal: bool = True,
) -> tuple[list[DisclosureView], int]:
    """
    Return a page of the records of revealed answers and how many there are; that they were read is recorded first.

    `reveal` says whether the reader is shown whole numbers; a door that hides them says no.

    :raises NotYours: without the permission
    """
    rows = queries.disclosures(by=by, now=now, customer=customer, person=person, number=number)
    page = rows[start : start + most]
    audit.note("disclosure.read", by=by, at=now, rows=len(page), numbers="shown" if reveal else "hidden")
    return page, len(rows)
