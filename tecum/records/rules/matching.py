"""
Whether the customer information of an order agrees with the billing system (R-113 to R-115). Pure.

Every field is scored and explained, nothing is passed over in silence, and what is doubtful is a person's to decide.
`says` is for staff and may hold what the bill says; `for_agency` names fields and never what we hold.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tecum.guide.model.subscribers import Matching
from tecum.kernel.numbers import grouped
from tecum.kernel.periods import Period
from tecum.records.rules import likeness
from tecum.records.rules.addresses import addresses


class Verdict(StrEnum):
    MATCHES = "MATCHES"
    NEEDS_PERSON = "NEEDS_PERSON"
    DOES_NOT_MATCH = "DOES_NOT_MATCH"


class Standing(StrEnum):
    AGREES = "AGREES"
    CLOSE = "CLOSE"
    DISAGREES = "DISAGREES"
    NOT_GIVEN = "NOT_GIVEN"  # the order does not say it
    NOT_HELD = "NOT_HELD"  # the billing system does not say it
    UNREADABLE = "UNREADABLE"


@dataclass(frozen=True, slots=True)
class Claim:
    """What an order says of its target; `number` is ten digits, the rest as written, empty where not known."""

    number: str
    name: str = ""
    address: str = ""
    imei: str = ""
    imsi: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """A handset or card that was on the line in a period."""

    imei: str
    imsi: str
    period: Period


@dataclass(frozen=True, slots=True)
class Held:
    """One subscriber of a number and the period in which the bill shows them."""

    account: str
    name: str
    address: str
    period: Period
    devices: tuple[Device, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """What became of one field."""

    field: str
    standing: Standing
    score: int | None
    says: str


@dataclass(frozen=True, slots=True)
class Match:
    """The judgement of an order's customer information. `score` is the lowest of the compared fields."""

    verdict: Verdict
    score: int | None
    account: str
    fields: tuple[FieldMatch, ...]
    says: tuple[str, ...]
    for_agency: tuple[str, ...]


LABELS = {"name": "subscriber's name", "address": "billing address", "imei": "IMEI", "imsi": "IMSI"}
Compare = Callable[[str, str], likeness.Likeness]


def judge(
    claim: Claim, held: Sequence[Held], *, period: Period, terms: Matching, known: Sequence[Period] = ()
) -> Match:
    """
    Hold an order against who had the number in the period that it names.

    `held`: everybody whom the bill shows with the number in that period; `known`: the part of the period for which
    there are lists at all (left out: all of it).
    """
    unknown = period.minus(known) if known else ()
    if not held:
        return _nobody(claim, unknown, covered=not known or unknown != (period,))
    found = [(_fields(claim, each, period, terms), each) for each in held]
    fields, best = max(found, key=lambda pair: _rank(pair[0], terms))
    verdict = _verdict(fields, terms)
    says = [each.says for each in fields if each.says]
    if len({each.account for each in held}) > 1 or len(held) > 1 and _several(held):
        verdict = Verdict.NEEDS_PERSON if verdict is Verdict.MATCHES else verdict
        says.insert(0, _changed_hands(claim.number, held))
    if unknown and verdict is not Verdict.NEEDS_PERSON:
        verdict = Verdict.NEEDS_PERSON
    says += [f"No subscriber list covers {_span(gap)}." for gap in unknown]
    if not _compared(fields):
        says.append("The order gives nothing that could be compared with the bill except the number.")
    scores = [each.score for each in fields if each.score is not None]
    return Match(verdict, min(scores, default=None), best.account, fields, tuple(says), _for_agency(fields))


def _several(held: Sequence[Held]) -> bool:
    return len({likeness.fold(each.name).text for each in held}) > 1


def _nobody(claim: Claim, unknown: Sequence[Period], *, covered: bool) -> Match:
    number = grouped(claim.number)
    if not covered or unknown:
        says = [f"No subscriber list covers {_span(gap)}." for gap in unknown]
        says.append(f"Whether {number} had a subscriber of ours then cannot be told from the lists.")
        return Match(Verdict.NEEDS_PERSON, None, "", (), tuple(says), ())
    text = f"The bill shows no subscriber of {number} in the time that the order names."
    tell = "The telephone number had no subscriber of ours in the time named."
    return Match(Verdict.DOES_NOT_MATCH, None, "", (), (text,), (tell,))


def _changed_hands(number: str, held: Sequence[Held]) -> str:
    spans = "; ".join(_span(each.period) for each in sorted(held, key=lambda each: each.period))
    return (
        f"{grouped(number)} had {len(held)} subscribers, or one under several names, in the time that the order names"
        f" ({spans}). A person must say whom it means (R-110)."
    )


def _fields(claim: Claim, held: Held, period: Period, terms: Matching) -> tuple[FieldMatch, ...]:
    def by_name(a: str, b: str) -> likeness.Likeness:
        return likeness.names(a, b, business=terms.business_words, nicknames=terms.nicknames)

    def by_address(a: str, b: str) -> likeness.Likeness:
        return addresses(a, b, abbreviations=terms.abbreviations)

    name = _text("name", claim.name, held.name, by_name, terms)
    address = _text("address", claim.address, held.address, by_address, terms)
    if _swapped(claim, held, name, address, by_name, by_address, terms):
        text = (
            "The order gives the name where the address belongs, or the other way round; read so, they agree."
        )
        name, address = (
            FieldMatch(each.field, Standing.CLOSE, terms.disagrees, text) for each in (name, address)
        )
        address = FieldMatch("address", address.standing, address.score, "")
    return (
        name,
        address,
        _device("imei", claim.imei, held, period),
        _device("imsi", claim.imsi, held, period),
    )


def _text(field: str, given: str, held: str, compare: Compare, terms: Matching) -> FieldMatch:
    label = LABELS[field]
    if not given.strip():
        return FieldMatch(field, Standing.NOT_GIVEN, None, f"The order does not give the {label}.")
    if not held.strip():
        return FieldMatch(field, Standing.NOT_HELD, None, f"The bill does not hold the {label}.")
    found = compare(given, held)
    why = f": {'; '.join(found.notes)}" if found.notes else ""
    both = f"“{_short(given)}” in the order, “{_short(held)}” on the bill"
    if found.score >= terms.agrees:
        return FieldMatch(field, Standing.AGREES, found.score, f"The {label} agrees ({both}){why}.")
    if found.score >= terms.disagrees:
        return FieldMatch(
            field, Standing.CLOSE, found.score, f"The {label} is close, not the same ({both}){why}."
        )
    return FieldMatch(field, Standing.DISAGREES, found.score, f"The {label} does not agree ({both}){why}.")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:79] + "…"


def _swapped(
    claim: Claim,
    held: Held,
    name: FieldMatch,
    address: FieldMatch,
    by_name: Compare,
    by_address: Compare,
    terms: Matching,
) -> bool:
    """Tell whether name and address stand in each other's place."""
    if Standing.DISAGREES not in (name.standing, address.standing):
        return False
    as_name = bool(claim.address and held.name) and by_name(claim.address, held.name).score >= terms.agrees
    as_address = (
        bool(claim.name and held.address) and by_address(claim.name, held.address).score >= terms.agrees
    )
    return as_name and (as_address or not claim.name) or as_address and not claim.address


def _device(field: str, given: str, held: Held, period: Period) -> FieldMatch:
    label = LABELS[field]
    if not given.strip():
        return FieldMatch(field, Standing.NOT_GIVEN, None, f"The order does not give the {label}.")
    wanted = _identity(field, given)
    if not wanted:
        return FieldMatch(
            field, Standing.UNREADABLE, None, f"The {label} of the order is none: “{_short(given)}”."
        )
    known = [(_identity(field, getattr(each, field)), each.period) for each in held.devices]
    known = [(identity, at) for identity, at in known if identity]
    if not known:
        return FieldMatch(field, Standing.NOT_HELD, None, f"The bill does not hold the {label}.")
    within = {identity for identity, at in known if at.overlaps(period)}
    warned = _check_digit(field, given)
    if wanted in within:
        others = len(within) - 1
        more = (
            f" {others} more {'was' if others == 1 else 'were'} on the line in that time." if others else ""
        )
        return FieldMatch(field, Standing.AGREES, 100, f"The {label} agrees.{warned}{more}")
    if wanted in {identity for identity, _ in known}:
        text = f"The {label} was on this line, but not in the time that the order names."
        return FieldMatch(field, Standing.CLOSE, 80, text)
    return FieldMatch(
        field, Standing.DISAGREES, 0, f"The {label} was never on this line by the bill.{warned}"
    )


def _identity(field: str, text: str) -> str:
    """Return what tells a device apart: 14 digits of an IMEI (the rest is a check digit or a version), all of an IMSI."""
    digits = re.sub(r"[\s./-]", "", text)
    if not re.fullmatch(r"[0-9]+", digits):
        return ""
    if field == "imei":
        return digits[:14] if 14 <= len(digits) <= 16 else ""
    return digits if len(digits) in (14, 15) else ""


def _check_digit(field: str, text: str) -> str:
    """Warn of an IMEI whose fifteenth digit is wrong (Luhn); 0 stands there in signalling and is no error."""
    digits = [int(x) for x in re.sub(r"\D", "", text)]
    if field != "imei" or len(digits) != 15 or digits[-1] == 0:
        return ""
    doubled = [sum(divmod(x * 2, 10)) if at % 2 else x for at, x in enumerate(digits[:14])]
    return (
        ""
        if (sum(doubled) + digits[-1]) % 10 == 0
        else " Its last digit is not the check digit of the others."
    )


def _compared(fields: Sequence[FieldMatch]) -> bool:
    return any(each.score is not None for each in fields)


def _rank(fields: Sequence[FieldMatch], terms: Matching) -> tuple[int, int]:
    order = [Verdict.DOES_NOT_MATCH, Verdict.NEEDS_PERSON, Verdict.MATCHES]
    return order.index(_verdict(fields, terms)), sum(each.score or 0 for each in fields)


def _verdict(fields: Sequence[FieldMatch], terms: Matching) -> Verdict:
    """Decide: one decisive disagreement is enough; every other doubt is a person's; agreement needs a comparison."""
    at = {each.field: each.standing for each in fields}
    if any(at.get(field) is Standing.DISAGREES for field in terms.decisive):
        return Verdict.DOES_NOT_MATCH
    doubtful = {Standing.CLOSE, Standing.DISAGREES, Standing.UNREADABLE}
    unheld = Standing.NOT_HELD in (at["name"], at["address"])  # a bill without devices is no doubt
    if unheld or doubtful.intersection(at.values()):
        return Verdict.NEEDS_PERSON
    return Verdict.MATCHES if at["name"] is Standing.AGREES else Verdict.NEEDS_PERSON


def _for_agency(fields: Sequence[FieldMatch]) -> tuple[str, ...]:
    """Say what must be modified, and never what the bill says instead (R-115)."""
    wrong = {Standing.DISAGREES, Standing.UNREADABLE}
    return tuple(
        f"The {LABELS[each.field]} in the order does not agree with our billing system."
        for each in fields
        if each.standing in wrong
    )


def _span(period: Period) -> str:
    return f"{period.start:%Y-%m-%d %H:%M} to {period.end:%Y-%m-%d %H:%M} UTC"
