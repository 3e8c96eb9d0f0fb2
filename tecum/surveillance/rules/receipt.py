"""
The Receipt of Court Order Confirmation (Appendix A, R-165 to R-173) as values: what is printed, mailed and kept is this.

The six blanks hold the date and time of activation, or nothing (decision A9). The surveillance password is not among them:
where the guide's form prints it as a secret, it is told apart (R-167).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from tecum.guide.calculators.expiry import Ending, spoken
from tecum.guide.model.reporting import Form
from tecum.kernel import numbers
from tecum.surveillance.rules.order_facts import OrderSaid

STATES = {  # the form's three boxes, by the event that the order's words name
    "order": "from date of order",
    "implementation": "from implementation",
    "collection": "when agency begins collecting",
}
NOT_YET = "Not calculated yet: your order is being read"
NO_END = "Your order gives neither an end nor a length of time; it must be modified"


@dataclass(frozen=True, slots=True)
class ReceiptSaid:
    """What a receipt says: lines of text by the id of the form's field, the end, the cut and the why as sentences."""

    values: dict[str, list[str]] = field(default_factory=dict)
    expires: str = ""
    cut: str = ""
    why: str = ""

    def digest(self) -> str:
        """Return the SHA-256 of what it says, without the date it is issued on."""
        kept = {name: lines for name, lines in sorted(self.values.items()) if name != "date"}
        return sha256(
            json.dumps([kept, self.expires, self.cut, self.why], ensure_ascii=False).encode()
        ).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return asdict(self)

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "ReceiptSaid":
        """Return what `as_dict` wrote."""
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a receipt is made from. `activated` are the instants of activation by the id of the form's blank."""

    issued_at: datetime
    fax: str
    agency: str
    contact: str
    said: OrderSaid
    read: bool
    ending: Ending | None = None
    implemented_at: datetime | None = None
    activated: Mapping[str, datetime] = field(default_factory=dict)
    extended_until: datetime | None = None
    extended_cut: datetime | None = None


def written(facts: Facts) -> ReceiptSaid:
    """Return what a receipt says."""
    said, found = facts.said, facts.ending
    expires = _expires(facts)
    values = {
        "date": [f"{facts.issued_at:%-d %B %Y}"],
        "fax_number": [_grouped(facts.fax)],
        "agency_name": [facts.agency],
        "contact_name": [facts.contact],
        "billing_address": said.billing.splitlines(),
        "targets": [line for each in said.subjects for line in _target(each.number, each.imsi)],
        "expires_on": [expires],
        "duration": [_duration(said)],
        "duration_states": [STATES[said.start]] if said.start in STATES else [],
        "implemented_at": [_at(facts.implemented_at, facts)] if facts.implemented_at else [],
        **{blank: [_at(at, facts)] for blank, at in sorted(facts.activated.items())},
    }
    if "dispatch" in said.services:
        values |= {"warrant_case_id": [said.warrant_case], "surveillance_id": [said.surveillance_id]}
    cut = facts.extended_cut or (found.cut if found else None)
    return ReceiptSaid(
        values={name: [line for line in lines if line] for name, lines in values.items() if any(lines)},
        expires=expires,
        cut=spoken(cut.astimezone(_zone(facts))) if cut else "a date that is told by another receipt",
        why=_why(facts),
    )


def fitting(said: ReceiptSaid, form: Form) -> dict[str, list[str]]:
    """Return the values that a guide's form has a field for; a secret field never has one."""
    known = {each.id for each in form.fields if each.kind != "secret"}
    return {name: lines for name, lines in said.values.items() if name in known}


def labelled(said: ReceiptSaid, form: Form | None) -> list[str]:
    """Return the values with the labels of the form, section before label, as lines of a letter."""
    labels = {each.id: f"{each.section.removesuffix(': activated on')}, {each.label}" if each.section else each.label for each in form.fields} if form else {}  # fmt: skip
    return [
        f"{labels.get(name, name.replace('_', ' ').capitalize())}: {'; '.join(lines)}"
        for name, lines in said.values.items()
        if not form or name in labels
    ]


def _expires(facts: Facts) -> str:
    if facts.extended_until is not None:
        return spoken(facts.extended_until.astimezone(_zone(facts)))
    if facts.ending is None:
        return NO_END if facts.read else NOT_YET
    said = spoken(facts.ending.expires)
    return (
        f"{said}, if it begins at once: it is calculated again when it does"
        if facts.ending.provisional
        else said
    )


def _why(facts: Facts) -> str:
    if facts.ending is None:
        return ""
    if facts.extended_until is None:
        return facts.ending.because
    return f"Extended until {spoken(facts.extended_until.astimezone(_zone(facts)))}. Without the extension: {facts.ending.because}"


def _zone(facts: Facts) -> Any:
    return facts.ending.expires.tzinfo if facts.ending else facts.issued_at.tzinfo


def _at(at: datetime, facts: Facts) -> str:
    return spoken(at.astimezone(_zone(facts)))


def _duration(said: OrderSaid) -> str:
    parts = [said.duration, f"until {said.ends}" if said.ends else ""]
    return ", ".join(part for part in parts if part)


def _target(number: str, imsi: str) -> list[str]:
    return [numbers.grouped(number), *([f"IMSI {imsi}"] if imsi else [])]


def _grouped(number: str) -> str:
    try:
        return numbers.grouped(numbers.read(number)) if number else ""
    except numbers.NotANumber:
        return number
